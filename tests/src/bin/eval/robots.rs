//! robots.txt against what the reference library answers.

use std::collections::HashMap;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result};
use flate2::read::GzDecoder;
use price_collection::robots::Robots;
use serde_json::Value;

use crate::scoring::Score;

/// Scores the library's own cases and those on real files.
pub fn scores(data: &Path) -> Result<Vec<Score>> {
    Ok(vec![unit_cases(data)?, real_files(data)?])
}

fn unit_cases(data: &Path) -> Result<Score> {
    let text = std::fs::read_to_string(data.join("robots/unit.jsonl")).context("reading robots/unit.jsonl")?;
    let mut tally = Tally::default();
    for line in text.lines() {
        let case: Value = serde_json::from_str(line)?;
        let is_reference = text_of(&case, "id").starts_with("google");
        if is_reference || case["allowed"] == case["google_oracle"] {
            tally.add(&Robots::parse(text_of(&case, "robots_txt").as_bytes()), &case);
        }
    }
    Ok(tally.score("robots: the library's cases"))
}

fn real_files(data: &Path) -> Result<Score> {
    let mut files = HashMap::new();
    let packed = std::fs::File::open(data.join("robots/robots_real.tar.gz")).context("opening the real files")?;
    for entry in tar::Archive::new(GzDecoder::new(packed)).entries()? {
        let mut entry = entry?;
        let name = entry.path()?.to_string_lossy().into_owned();
        let mut body = Vec::new();
        entry.read_to_end(&mut body)?;
        files.insert(name, Robots::parse(&body));
    }
    let mut cases = String::new();
    let packed = std::fs::File::open(data.join("robots/real.jsonl.gz")).context("opening the real cases")?;
    GzDecoder::new(packed).read_to_string(&mut cases)?;
    let mut tally = Tally::default();
    for line in cases.lines() {
        let case: Value = serde_json::from_str(line)?;
        let file = files.get(text_of(&case, "robots_file")).context("a case names a file that is not there")?;
        tally.add(file, &case);
    }
    Ok(tally.score("robots: real files"))
}

#[derive(Default)]
struct Tally {
    cases: u32,
    right: u32,
    misses: Vec<String>,
}

impl Tally {
    fn add(&mut self, robots: &Robots, case: &Value) {
        let (agent, url) = (text_of(case, "user_agent"), text_of(case, "url"));
        let verdict = robots.allowed(agent, url);
        self.cases += 1;
        if Some(verdict.allowed) == case["allowed"].as_bool() {
            self.right += 1;
        } else {
            self.misses.push(format!("{agent} {url}: {verdict:?}"));
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
