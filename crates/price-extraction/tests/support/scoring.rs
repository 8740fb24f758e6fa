//! Scores the crate against collections with known answers: each function takes the folder that holds them and gives
//! counts, a printable table and the list of misses.

use std::collections::HashMap;
use std::fs;
use std::io::Read;
use std::path::Path;
use std::str::FromStr;

use flate2::read::GzDecoder;
use price_extraction::{Amount, PriceHints, parse_price};
use serde_json::Value;

/// Counts and misses of one collection.
#[derive(Debug, Default)]
pub struct Score {
    /// The name of the collection.
    pub name: String,
    /// Figures in the order of the table.
    pub figures: Vec<(String, f64)>,
    /// One line for each miss.
    pub misses: Vec<String>,
}

impl Score {
    fn new(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    fn set(&mut self, name: &str, value: f64) {
        self.figures.push((name.to_owned(), value));
    }

    /// A figure by its name.
    pub fn get(&self, name: &str) -> f64 {
        self.figures.iter().find(|(known, _)| known == name).map_or(f64::NAN, |(_, value)| *value)
    }

    /// The figures as a table of two columns.
    pub fn table(&self) -> String {
        let rows = self.figures.iter().map(|(name, value)| {
            let value = if value.fract() == 0.0 { format!("{value:.0}") } else { format!("{value:.4}") };
            format!("{:<22} {name:<44} {value:>9}\n", self.name)
        });
        rows.collect()
    }
}

fn rows(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines().filter(|line| !line.trim().is_empty()).map(|line| serde_json::from_str(line).expect("a JSON row")).collect()
}

fn page(folder: &Path, row: &Value) -> Vec<u8> {
    let path = folder.join(text(row, "file"));
    let bytes = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut body = Vec::new();
    GzDecoder::new(&bytes[..]).read_to_end(&mut body).expect("a gzip file");
    body
}

fn text<'a>(row: &'a Value, key: &str) -> &'a str {
    row[key].as_str().unwrap_or("")
}

fn amounts(value: &Value) -> Vec<Amount> {
    strings(value).iter().filter_map(|text| Amount::from_str(text.trim()).ok()).collect()
}

fn strings(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(|item| item.as_str().map(|text| text.trim().to_owned())).collect()
}

/// Which ISO codes a sign may stand for.
fn token_table() -> HashMap<&'static str, Vec<&'static str>> {
    let lines = include_str!("../cases/currency_tokens.tsv").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once('\t')).map(|(sign, codes)| (sign, codes.split(' ').collect())).collect()
}

/// Scores `price_strings.jsonl`: texts with a price.
pub fn score_price_strings(data: &Path) -> Score {
    let mut score = Score::new("price_strings");
    let tokens = token_table();
    let mut counts: HashMap<&str, f64> = HashMap::new();
    for row in rows(&data.join("price_strings.jsonl")) {
        let hints = PriceHints {
            currency_text: row["currency_hint"].as_str().map(str::to_owned),
            decimal_separator: text(&row, "decimal_separator").chars().next(),
            ..PriceHints::default()
        };
        let read = parse_price(text(&row, "input"), &hints);
        let expected = row["amount"].as_str().and_then(|text| Amount::from_str(text).ok());
        let right = read.amount == expected && currency_fits(&row["currency"], read.currency.map(|c| c.to_string()), &tokens);
        let hard = row["xfail_in_price_parser"] == true || row["price_parser_ok"] != true;
        let group = if hard { "hard" } else { "library" };
        *counts.entry(if hard { "hard" } else { "library" }).or_default() += 1.0;
        if right {
            *counts.entry(if hard { "hard right" } else { "library right" }).or_default() += 1.0;
            continue;
        }
        let refused = read.amount.is_none() && expected.is_some();
        *counts.entry(if refused { "refused" } else { "wrong" }).or_default() += 1.0;
        if !refused && read.confidence.as_str() == "high" {
            *counts.entry("wrong with high confidence").or_default() += 1.0;
        }
        score.misses.push(format!(
            "{group} {:?} hint {:?}: expected {expected:?} {}, read {:?} {:?} {} ({:?})",
            text(&row, "input"), hints.currency_text, row["currency"], read.amount, read.currency, read.confidence, read.reason
        ));
    }
    for name in ["library", "library right", "hard", "hard right", "refused", "wrong", "wrong with high confidence"] {
        score.set(name, counts.get(name).copied().unwrap_or(0.0));
    }
    score
}

fn currency_fits(expected: &Value, read: Option<String>, tokens: &HashMap<&str, Vec<&str>>) -> bool {
    match (expected.as_str(), read) {
        (Some("*"), _) | (None, None) => true,
        (Some(sign), Some(code)) => sign.eq_ignore_ascii_case(&code) || tokens.get(sign).is_some_and(|codes| codes.contains(&code.as_str())),
        _ => false,
    }
}
