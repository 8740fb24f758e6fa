//! Science against known values: coefficients and standard errors, ladders with a proven optimum, a back-test.

use std::path::Path;

use anyhow::{Context, Result};
use pricing_science::{ForecastRequest, Ladder, LadderEffort, LadderLimits, backtest, optimise_ladder};
use serde_json::Value;

use crate::reference::{Comparison, compare_all, read_table};
use crate::scoring::Score;

/// Scores every known value: how many of each data set agree.
pub fn score_fits(data: &Path) -> Score {
    let comparisons = compare_all(data);
    let mut score = Score { name: "science: fits".to_owned(), ..Score::default() };
    let mut families: Vec<&str> = comparisons.iter().map(|comparison| family(&comparison.id)).collect();
    families.dedup();
    for name in families {
        let of: Vec<&Comparison> = comparisons.iter().filter(|comparison| family(&comparison.id) == name).collect();
        let agreeing = of.iter().filter(|comparison| comparison.agrees).count();
        score.figures.push((format!("{name}: agree of {}", of.len()), agreeing as f64));
    }
    let all = comparisons.iter().filter(|comparison| comparison.agrees).count();
    score.figures.push((format!("agree of {}", comparisons.len()), all as f64));
    let missed = comparisons.iter().filter(|comparison| !comparison.agrees);
    score.misses = missed.map(|c| format!("{} {}: {} instead of {}", c.id, c.what, c.computed, c.expected)).collect();
    score
}

fn family(id: &str) -> &str {
    id.split('.').next().unwrap_or(id)
}

/// Solves every ladder and compares with what another solver proved.
pub fn score_ladders(data: &Path) -> Result<Score> {
    let folder = data.join("science/optimisation");
    let proven = std::fs::read_to_string(folder.join("proven.jsonl")).context("reading proven.jsonl")?;
    let mut score = Score { name: "science: ladders".to_owned(), ..Score::default() };
    for line in proven.lines() {
        let known: Value = serde_json::from_str(line)?;
        let (size, variant) = (known["size"].as_str().unwrap_or(""), known["variant"].as_str().unwrap_or(""));
        let ladder = Ladder::from_table(&read_table(&folder.join(format!("mckp_{size}.csv.gz"))))?;
        let effort = LadderEffort::usual(ladder.items.len());
        let began = std::time::Instant::now();
        let found = optimise_ladder(&ladder, &LadderLimits::variant(variant)?, effort)?;
        let name = format!("{size} {variant}");
        score.figures.push((format!("{name}: milliseconds"), began.elapsed().as_secs_f64() * 1e3));
        score.figures.push((format!("{name}: gap in millionths"), found.gap * 1e6));
        let other = known["mip_obj"].as_f64().unwrap_or(f64::NAN);
        score.figures.push((format!("{name}: margin less the other solver's"), found.objective - other));
    }
    Ok(score)
}

/// Dominick's orange juice: learnt to week 147, forecast from 148 to 160 with prices known.
pub fn score_backtest(data: &Path) -> Result<Score> {
    let table = read_table(&data.join("science/bayesm_orangeJuice_yx.csv.gz"));
    let report = backtest(
        &table,
        &ForecastRequest {
            units: "exp(logmove)".to_owned(),
            price: "choose(price, brand)".to_owned(),
            promotions: vec!["deal".to_owned(), "feat".to_owned()],
            other_prices: (1..=11).map(|brand| format!("price{brand}")).collect(),
            unit: "store".to_owned(),
            pool: "brand".to_owned(),
            time: "week".to_owned(),
            season_length: 52.0,
            train_until: 147.0,
            test_until: 160.0,
        },
    )?;
    let mut score = Score { name: "science: forecast".to_owned(), ..Score::default() };
    score.figures.push(("rows".to_owned(), report.rows as f64));
    for found in &report.scores {
        score.figures.push((format!("{}: WMAPE", found.name), found.wmape));
        score.figures.push((format!("{}: bias", found.name), found.bias));
    }
    score.figures.push(("80 % interval covers".to_owned(), report.coverage_80));
    score.figures.push(("95 % interval covers".to_owned(), report.coverage_95));
    Ok(score)
}
