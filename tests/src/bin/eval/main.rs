//! Scores reading, collecting and science against collections with known answers, and prints a table.
//!
//! The data is third-party and read from the folder that `SHARED_DATA` names.

mod asking;
mod assistant;
mod intervals;
#[path = "../../../../crates/product-matching/tests/support/labelled_set.rs"]
#[allow(dead_code, reason = "the tests of matching use the rest")]
mod labelled_set;
#[path = "../bench/machine.rs"]
#[allow(dead_code, reason = "the benchmark uses the rest")]
mod machine;
mod over_http;
#[path = "../../../../crates/pricing-science/tests/support/reference.rs"]
#[allow(dead_code, reason = "the tests of science use the rest")]
mod reference;
mod robots;
mod science;
#[path = "../../../../crates/price-extraction/tests/support/scoring.rs"]
#[allow(dead_code, reason = "the tests of reading use the rest")]
mod scoring;
#[path = "../../../../crates/price-extraction/tests/support/unseen.rs"]
#[allow(dead_code, reason = "the tests of reading use the rest")]
mod unseen;

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, bail};
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
    /// The project's own sets of pages that were written before the reader had seen them: the first run beside today.
    Unseen,
    /// Pages of one shop system whose database gives the truth.
    Woo,
    /// Offers in markup, confirmed by a second source.
    Structured,
    /// Block pages beside ordinary ones.
    Block,
    /// Texts with a price.
    Prices,
    /// Product numbers beside what only looks like them.
    Gtins,
    /// robots.txt files with what the reference library answers.
    Robots,
    /// Competitors' pages against products of ours, on the project's own labelled set.
    Matching,
    /// Questions in words over the sample workspace, without a model.
    Assistant,
    /// Regressions with published or twice recomputed values, ladders with a proven optimum, a forecast back-test.
    Science,
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let chosen = if arguments.collections.is_empty() { Collection::value_variants() } else { &arguments.collections };
    for collection in chosen {
        let started = Instant::now();
        let scores = match collection {
            Collection::Unseen => {
                print_unseen(arguments.misses);
                Vec::new()
            }
            Collection::Matching => vec![matching()],
            Collection::Assistant => assistant::scores().await?,
            collection => {
                let data = scoring::shared_data("eval").context("set SHARED_DATA to the folder of collections")?;
                scores(*collection, &data).await?
            }
        };
        let failed = if *collection == Collection::Assistant { assistant::failures(&scores) } else { Vec::new() };
        for score in scores {
            print!("{}", score.table());
            if arguments.misses {
                score.misses.iter().for_each(|miss| println!("  {miss}"));
            }
        }
        println!("{:<67} {:>9.2} s\n", "in", started.elapsed().as_secs_f64());
        if !failed.is_empty() {
            bail!("the assistant is below its bar:\n  {}", failed.join("\n  "));
        }
    }
    Ok(())
}

async fn scores(collection: Collection, data: &Path) -> Result<Vec<Score>> {
    Ok(match collection {
        Collection::Pages => vec![scoring::score_pages(data, &asking::page), over_http::score(data).await?],
        Collection::Woo => vec![scoring::score_woo(data, &asking::page)],
        Collection::Structured => vec![scoring::score_structured(data, &asking::page)],
        Collection::Block => vec![scoring::score_block(data, &asking::page)],
        Collection::Prices => vec![scoring::score_price_strings(data, &asking::price)],
        Collection::Gtins => vec![scoring::score_gtins(data)],
        Collection::Robots => robots::scores(data)?,
        Collection::Matching => vec![matching()],
        Collection::Unseen => Vec::new(),
        Collection::Assistant => assistant::scores().await?,
        Collection::Science => {
            let mut scores = vec![science::score_fits(data), science::score_ladders(data)?];
            scores.push(intervals::score_intervals());
            scores.push(science::score_backtest(data)?);
            scores.push(science::score_grades(data).await?);
            scores
        }
    })
}

/// Prints the sets of pages that the reader had not seen, each as a table of its own.
fn print_unseen(with_misses: bool) {
    for set in unseen::SETS {
        let score = unseen::score(set, &asking::page);
        println!("{}", score.printed());
        score.misses.iter().filter(|_| with_misses).for_each(|miss| println!("  {miss}"));
    }
}

fn matching() -> Score {
    let score = labelled_set::score();
    let figures = vec![
        ("pages".to_owned(), score.pages as f64),
        ("of products of ours".to_owned(), score.same as f64),
        ("accepted by itself".to_owned(), score.accepted as f64),
        ("precision there, percent".to_owned(), score.precision() * 100.0),
        ("recall there, percent".to_owned(), score.recall() * 100.0),
        ("offered among five, percent".to_owned(), score.offered as f64 / score.same.max(1) as f64 * 100.0),
    ];
    Score { name: "matching".to_owned(), figures, misses: [score.wrong, score.missed].concat() }
}
