//! The command line's words.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use pricing_domain::{FileKind, OutputFormat, ReadState};

use crate::science::ScienceTask;

/// Decides selling prices from competitors' prices and your own rules.
#[derive(Parser)]
#[command(
    name = "omnipricex",
    version,
    after_help = "Examples:\n  omnipricex --workspace shop.omnipricex create \"My Shop\"\n  \
    omnipricex --workspace shop.omnipricex import products catalogue.csv\n  \
    omnipricex --workspace shop.omnipricex collect\n  \
    omnipricex --workspace shop.omnipricex price\n  \
    omnipricex --workspace shop.omnipricex approve --all\n  \
    omnipricex --workspace shop.omnipricex export new-prices.csv\n\n\
    Exit codes: 0 done, 1 refused or failed, 2 wrong words, 3 done but rows or pages were refused, 130 stopped."
)]
pub struct Arguments {
    /// The workspace file; without it the one used last.
    #[arg(long, short, global = true, value_name = "FILE", env = "OMNIPRICEX_WORKSPACE")]
    pub workspace: Option<PathBuf>,
    /// Answers as JSON on standard output, for scripts.
    #[arg(long, global = true)]
    pub json: bool,
    /// Also logs to the terminal.
    #[arg(long, global = true)]
    pub verbose: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: Task,
}

/// What can be done.
#[derive(Subcommand)]
pub enum Task {
    /// Creates an empty workspace in the file given with --workspace.
    Create {
        /// The company's name.
        company: String,
    },
    /// Shows what is open and what waits.
    Status,
    /// Reads a file into the workspace; refused rows are listed with line, column and reason.
    #[command(after_help = "Example:\n  omnipricex import matches matches.csv --json")]
    Import {
        /// What the rows are: products, prices, costs, price_history, promotions, locks, matches, observations, sales.
        kind: FileKind,
        /// CSV or XLSX with the project's columns; also gzipped.
        file: PathBuf,
        /// `.` or `,` where the file leaves both readings open.
        #[arg(long)]
        decimal: Option<char>,
    },
    /// Takes the newest import or decision back.
    Undo,
    /// Reads the competitor pages that are due. Ctrl+C stops and keeps what was read.
    Collect {
        /// Also pages that are not due yet.
        #[arg(long)]
        all: bool,
        /// Also visit this origin on your own machine or network (http://127.0.0.1:8080).
        #[arg(long, value_name = "ORIGIN")]
        allow_origin: Vec<String>,
    },
    /// Shows how collection stands, or the failures of one reason.
    Failures {
        /// blocked, gone, no_price, disallowed, unreachable, …
        state: Option<ReadState>,
    },
    /// Prices the catalogue on all price lists and makes proposals.
    Price,
    /// Shows the way to a price, step by step.
    Explain {
        /// Article number.
        sku: String,
        /// Code of the price list; without it the default one.
        #[arg(long)]
        list: Option<String>,
    },
    /// Lists proposals, exceptions first.
    Proposals(ProposalWords),
    /// Approves proposals.
    Approve(DecisionWords),
    /// Rejects proposals.
    Reject(DecisionWords),
    /// Writes the approved prices to a file; only changed prices.
    Export {
        /// Where to; the ending decides: .csv, .xlsx, .json.
        file: PathBuf,
    },
    /// Lists products.
    Products {
        /// Words that must all occur.
        #[arg(default_value = "")]
        search: String,
        /// How many.
        #[arg(long, default_value_t = 20)]
        limit: u32,
    },
    /// Shows the rules in force, or puts others in force.
    Rules {
        /// A JSON file with a rule set.
        #[arg(long, value_name = "FILE")]
        activate: Option<PathBuf>,
    },
    /// Blocks publishing and automation.
    Stop {
        /// Why, for the audit.
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Allows publishing and automation again.
    Resume,
    /// Serves the interface in a browser on this machine.
    Serve {
        /// 0: any free port.
        #[arg(long, default_value_t = 0)]
        port: u16,
        /// Opens the sample workspace.
        #[arg(long)]
        sample: bool,
        /// Where the built interface is; without it beside the program, or where `cargo xtask ui` puts it.
        #[arg(long, value_name = "FOLDER", env = "OMNIPRICEX_UI_DIST")]
        ui: Option<PathBuf>,
    },
    /// Runs the whole job on the sample: import, collect, price, approve, export.
    Demo {
        /// A folder for what it writes; without it a new one.
        #[arg(long)]
        folder: Option<PathBuf>,
    },
    /// Fits demand, tests forecasts and optimises prices from files; needs no workspace.
    Science {
        /// Which.
        #[command(subcommand)]
        task: ScienceTask,
    },
    /// Makes the sample workspace that ships with the application.
    #[command(hide = true)]
    Sample {
        /// Where to write it.
        out: PathBuf,
    },
}

/// Which proposals to list.
#[derive(Args)]
pub struct ProposalWords {
    /// Only those that need a person.
    #[arg(long)]
    pub exceptions: bool,
    /// Words that must all occur in SKU or name.
    #[arg(long, default_value = "")]
    pub search: String,
    /// How many.
    #[arg(long, default_value_t = 20)]
    pub limit: u32,
}

/// Which proposals to decide.
#[derive(Args)]
pub struct DecisionWords {
    /// Article numbers.
    #[arg(required_unless_present_any = ["all", "changes"])]
    pub skus: Vec<String>,
    /// All that wait, exceptions too.
    #[arg(long, conflicts_with_all = ["skus", "changes"])]
    pub all: bool,
    /// All ordinary changes that wait; exceptions stay.
    #[arg(long, conflicts_with = "skus")]
    pub changes: bool,
    /// Why, for the audit.
    #[arg(long, default_value = "")]
    pub reason: String,
}

/// The format a file name asks for.
pub fn format_of(file: &std::path::Path) -> anyhow::Result<OutputFormat> {
    let extension = file.extension().and_then(|extension| extension.to_str()).unwrap_or("");
    extension.parse().map_err(|_| anyhow::anyhow!("{}: end the name in .csv, .xlsx or .json", file.display()))
}
