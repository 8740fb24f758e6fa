//! robots.txt against what the reference library answers.

use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result};
use app_commands::reading::{Questions, Reader};
use flate2::read::GzDecoder;
use serde_json::Value;

use crate::asking;
use crate::machine::processor_seconds;
use crate::scoring::Score;

/// Scores the library's own cases and those on real files.
pub fn scores(data: &Path) -> Result<Vec<Score>> {
    Ok(vec![unit_cases(data)?, real_files(data)?])
}

fn unit_cases(data: &Path) -> Result<Score> {
    let text = std::fs::read_to_string(data.join("robots/unit.jsonl")).context("reading robots/unit.jsonl")?;
    let reader = Reader::new(Questions::Robots, Vec::new());
    let mut tally = Tally::default();
    for line in text.lines() {
        let case: Value = serde_json::from_str(line)?;
        let is_reference = text_of(&case, "id").starts_with("google");
        if is_reference || case["allowed"] == case["google_oracle"] {
            tally.add(&reader, &case);
        }
    }
    Ok(tally.score("robots: the library's cases"))
}

fn real_files(data: &Path) -> Result<Score> {
    let folder = tempfile::tempdir().context("a folder for the real files")?;
    let packed = std::fs::File::open(data.join("robots/robots_real.tar.gz")).context("opening the real files")?;
    tar::Archive::new(GzDecoder::new(packed)).unpack(folder.path()).context("unpacking the real files")?;
    let mut cases = String::new();
    let packed = std::fs::File::open(data.join("robots/real.jsonl.gz")).context("opening the real cases")?;
    GzDecoder::new(packed).read_to_string(&mut cases)?;
    let reader = Reader::new(Questions::Robots, vec![folder.path().to_owned()]);
    let mut tally = Tally::default();
    let start = processor_seconds();
    for line in cases.lines() {
        tally.add(&reader, &serde_json::from_str(line)?);
    }
    let rate = f64::from(tally.cases) / (processor_seconds() - start);
    let mut score = tally.score("robots: real files");
    score.figures.push(("checks a CPU-second, each a line of JSON".to_owned(), rate.round()));
    Ok(score)
}

#[derive(Default)]
struct Tally {
    cases: u32,
    right: u32,
    misses: Vec<String>,
}

impl Tally {
    fn add(&mut self, reader: &Reader, case: &Value) {
        let allowed = asking::allowed(reader, case);
        self.cases += 1;
        if allowed.is_some() && allowed == case["allowed"].as_bool() {
            self.right += 1;
        } else {
            let (agent, url) = (text_of(case, "user_agent"), text_of(case, "url"));
            self.misses.push(format!("{agent} {url}: {allowed:?}"));
        }
    }

    fn score(self, name: &str) -> Score {
        let figures = vec![("cases".to_owned(), f64::from(self.cases)), ("right".to_owned(), f64::from(self.right))];
        Score { name: name.to_owned(), figures, misses: self.misses }
    }
}

fn text_of<'a>(case: &'a Value, key: &str) -> &'a str {
    case[key].as_str().unwrap_or_default()
}
