//! Science on files, without a workspace: reads tables and instances, gunzips what is gzipped.

mod stated;

use std::fs::File;
use std::io::Read;
use std::path::Path;

use flate2::read::MultiGzDecoder;
use pricing_science::{
    Answer, CrossLimits, Ladder, LadderEffort, LadderLimits, LadderSolution, Problem, ScienceError, Table,
    optimise_ladder, solve,
};
use serde::Serialize;

pub use stated::{StatedAnswer, StatedAnswers};

use crate::error::OperationError;

impl From<ScienceError> for OperationError {
    fn from(error: ScienceError) -> Self {
        match error {
            ScienceError::Stopped => Self::cancelled(),
            error => Self::refused(error.to_string()),
        }
    }
}

/// The bytes of a file, unpacked where it is gzipped.
pub fn read_bytes(path: &Path) -> Result<Vec<u8>, OperationError> {
    const GZIP: [u8; 2] = [0x1f, 0x8b];
    let unreadable = |error: std::io::Error| OperationError::refused(format!("{}: {error}", path.display()));
    let mut bytes = Vec::new();
    File::open(path).and_then(|mut file| file.read_to_end(&mut bytes)).map_err(unreadable)?;
    if !bytes.starts_with(&GZIP) {
        return Ok(bytes);
    }
    let mut text = Vec::new();
    MultiGzDecoder::new(&bytes[..]).read_to_end(&mut text).map_err(unreadable)?;
    Ok(text)
}

/// A CSV file as a table.
pub fn read_table(path: &Path) -> Result<Table, OperationError> {
    Table::from_csv(&read_bytes(path)?).map_err(|error| OperationError::refused(format!("{}: {error}", path.display())))
}

/// The price chosen for an item.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChosenPrice {
    /// The item's name in the file.
    pub item: String,
    /// Its option, counted from 0.
    pub option: u32,
    /// The price.
    pub price: f64,
}

/// What a file asks to optimise, answered.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Optimised {
    /// Prices on ladders.
    Ladder {
        /// What is proven.
        #[serde(flatten)]
        solution: LadderSolution,
        /// The price of each item.
        prices: Vec<ChosenPrice>,
        /// Milliseconds for solving, reading left out.
        solve_ms: u64,
    },
    /// Products with cross effects: without limits, without the limit on changes, with every limit of the file.
    Combinations {
        /// Without limits.
        unconstrained: Answer,
        /// With orders and basket.
        with_orders_and_basket: Answer,
        /// With every limit.
        with_every_limit: Answer,
    },
    /// The answer to one problem.
    One(Answer),
    /// The answers to a list of problems.
    Many(Vec<Answer>),
    /// The answers to a collection of named problems, beside what it states of them.
    Stated(StatedAnswers),
}

/// Optimises what the file states: a CSV file is a price ladder, JSON one problem, a list of them or a collection of named
/// ones, plain numbers are products with cross effects.
pub fn optimise_file(
    path: &Path,
    limits: &LadderLimits,
    most_nodes: Option<usize>,
) -> Result<Optimised, OperationError> {
    let bytes = read_bytes(path)?;
    let begin = bytes.trim_ascii_start();
    let unreadable = |reason: String| OperationError::refused(format!("{}: {reason}", path.display()));
    if begin.starts_with(b"{") {
        let file: serde_json::Map<String, serde_json::Value> =
            serde_json::from_slice(&bytes).map_err(|error| unreadable(error.to_string()))?;
        if !file.contains_key("kind") {
            return Ok(Optimised::Stated(stated::answers(&file)?));
        }
        let problem = serde_json::from_value(file.into()).map_err(|error| unreadable(error.to_string()))?;
        return Ok(Optimised::One(solve(&problem)?));
    }
    if begin.starts_with(b"[") {
        let problems: Vec<Problem> = serde_json::from_slice(&bytes).map_err(|error| unreadable(error.to_string()))?;
        return Ok(Optimised::Many(problems.iter().map(solve).collect::<Result<_, _>>()?));
    }
    if begin.first().is_some_and(|first| first.is_ascii_digit() || *first == b'-') {
        let text = String::from_utf8(bytes).map_err(|error| unreadable(error.to_string()))?;
        return combinations(&Problem::from_plain_text(&text)?);
    }
    let ladder = Ladder::from_table(&Table::from_csv(&bytes).map_err(|error| unreadable(error.to_string()))?)?;
    let effort = most_nodes.map_or(LadderEffort::usual(ladder.items.len()), |most_nodes| LadderEffort { most_nodes });
    let began = std::time::Instant::now();
    let solution = optimise_ladder(&ladder, limits, effort)?;
    let solve_ms = began.elapsed().as_millis() as u64;
    let price = |item: usize| ChosenPrice {
        item: ladder.items[item].name.clone(),
        option: solution.choice[item],
        price: ladder.chosen(item, &solution.choice).price,
    };
    let prices = (0..ladder.items.len()).map(price).collect();
    Ok(Optimised::Ladder { solution, prices, solve_ms })
}

fn combinations(problem: &Problem) -> Result<Optimised, OperationError> {
    let Problem::CrossEffects { products, limits } = problem else { return Ok(Optimised::One(solve(problem)?)) };
    let with = |limits: CrossLimits| solve(&Problem::CrossEffects { products: products.clone(), limits });
    Ok(Optimised::Combinations {
        unconstrained: with(CrossLimits::default())?,
        with_orders_and_basket: with(CrossLimits { most_changes: None, ..limits.clone() })?,
        with_every_limit: with(limits.clone())?,
    })
}
