//! Scores reading, collecting and science against collections with known answers, and prints a table.
//!
//! The data is third-party and read from the folder that `SHARED_DATA` names.

mod over_http;
#[path = "../../../../crates/pricing-science/tests/support/reference.rs"]
#[allow(dead_code, reason = "the tests of science use the rest")]
mod reference;
mod robots;
mod science;
#[path = "../../../../crates/price-extraction/tests/support/scoring.rs"]
#[allow(dead_code, reason = "the tests of reading use the rest")]
mod scoring;

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};
use clap::{Parser, ValueEnum};

use scoring::Score;

/// Scores reading, collecting and science against the collections in SHARED_DATA.
#[derive(Parser)]
#[command(name = "eval")]
struct Arguments {
    /// Which collections; all when none is named.
    collections: Vec<Collection>,
    /// Also lists what was missed.
    #[arg(long)]
    misses: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Collection {
    /// Product pages of real shops, read from their files and collected over HTTP from this machine.
    Pages,
    /// Pages of one shop system whose database gives the truth.
    Woo,
    /// Offers in markup, confirmed by a second source.
    Structured,
    /// Block pages beside ordinary ones.
    Block,
    /// Texts with a price.
    Prices,
    /// robots.txt files with what the reference library answers.
    Robots,
    /// Regressions of public data with published or twice recomputed values.
    Science,
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let data = scoring::shared_data("eval").context("set SHARED_DATA to the folder of collections")?;
    let chosen = if arguments.collections.is_empty() { Collection::value_variants() } else { &arguments.collections };
    for collection in chosen {
        let started = Instant::now();
        for score in scores(*collection, &data).await? {
            print!("{}", score.table());
            if arguments.misses {
                score.misses.iter().for_each(|miss| println!("  {miss}"));
            }
        }
        println!("{:<67} {:>9.2} s\n", "in", started.elapsed().as_secs_f64());
    }
    Ok(())
}

async fn scores(collection: Collection, data: &Path) -> Result<Vec<Score>> {
    Ok(match collection {
        Collection::Pages => vec![scoring::score_pages(data), over_http::score(data).await?],
        Collection::Woo => vec![scoring::score_woo(data)],
        Collection::Structured => vec![scoring::score_structured(data)],
        Collection::Block => vec![scoring::score_block(data)],
        Collection::Prices => vec![scoring::score_price_strings(data)],
        Collection::Robots => robots::scores(data)?,
        Collection::Science => vec![science::score_fits(data)],
    })
}
