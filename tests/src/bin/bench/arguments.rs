//! What the benchmark is asked for.

use std::path::PathBuf;

use clap::Parser;

use crate::parts::{Part, Topic};

/// Measures import, pricing, grid and chart, and prints a table beside the targets.
///
/// A whole run also writes the tables to docs/measurements.md.
#[derive(Debug, Parser)]
pub(crate) struct Arguments {
    /// Sizes of the catalogue.
    #[arg(long, value_delimiter = ',', default_value = "10000,100000,1000000")]
    pub(crate) products: Vec<u32>,
    /// A small catalogue only, to see that the benchmark works.
    #[arg(long)]
    pub(crate) quick: bool,
    /// Only these topics; what they need is done without being shown.
    #[arg(long, value_delimiter = ',')]
    only: Vec<Topic>,
    /// Writes the tables that were measured to docs/measurements.md, in the place of those of the same things.
    #[arg(long)]
    write: bool,
    /// Products of the workspace with a long history: each has ten prices at five competitors over two years, so that a
    /// million of them are fifty million.
    #[arg(long, default_value_t = 20_000)]
    pub(crate) history_products: u32,
    /// Keeps the workspace with the long history in this file, to ask others the same questions.
    #[arg(long)]
    pub(crate) keep: Option<PathBuf>,
    /// One part, in this process; the benchmark starts itself so.
    #[arg(long, hide = true)]
    pub(crate) part: Option<Part>,
    /// Where the part's files are.
    #[arg(long, hide = true)]
    pub(crate) folder: Option<PathBuf>,
}

impl Arguments {
    /// Whether the document is written: where asked for, and where everything is measured at full size.
    pub(crate) fn writes(&self) -> bool {
        self.write || !self.quick && self.only.is_empty()
    }

    /// Whether a part's figures are shown.
    pub(crate) fn shows(&self, part: Part) -> bool {
        self.only.is_empty() || self.only.contains(&part.topic())
    }

    /// Whether a part is named: a long history takes long, so that a whole run leaves it out.
    pub(crate) fn names(&self, part: Part) -> bool {
        self.only.contains(&part.topic())
    }

    /// Whether a part must run: it is shown, or what is shown builds on it.
    pub(crate) fn needs(&self, part: Part) -> bool {
        self.shows(part) || part.prepares() && self.only.iter().any(|topic| *topic > part.topic())
    }
}
