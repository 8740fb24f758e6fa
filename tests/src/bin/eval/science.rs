//! Science against known values: coefficients and standard errors, ladders with a proven optimum, a back-test,
//! and the honest grades of a real catalogue.

use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result};
use app_contract::FitDemand;
use journeys::Router;
use pricing_domain::FileKind;
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
    let began = std::time::Instant::now();
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
    score.figures.push(("median forecast: WMAPE".to_owned(), report.median_wmape));
    score.figures.push(("median forecast: bias".to_owned(), report.median_bias));
    score.figures.push(("inside the training weeks: WMAPE".to_owned(), report.inner_wmape));
    score.figures.push(("inside the training weeks: bias".to_owned(), report.inner_bias));
    score.figures.push(("80 % interval covers, percent".to_owned(), 100.0 * report.coverage_80));
    score.figures.push(("95 % interval covers, percent".to_owned(), 100.0 * report.coverage_95));
    score.figures.push(("seconds".to_owned(), began.elapsed().as_secs_f64()));
    Ok(score)
}

/// A real catalogue with a year of sales, imported and graded as a person would.
pub async fn score_grades(data: &Path) -> Result<Score> {
    let folder = data.join("catalog");
    let router = Router::start()?;
    router.create_workspace("A real catalogue").await?;
    let products = std::fs::read_to_string(folder.join("products.csv")).context("reading products.csv")?;
    let mut sales = String::new();
    let packed = std::fs::File::open(folder.join("sales.csv.gz")).context("opening sales.csv.gz")?;
    flate2::read::MultiGzDecoder::new(packed).read_to_string(&mut sales).context("unpacking sales.csv.gz")?;
    router.import(FileKind::Products, &products).await?;
    router.import(FileKind::Sales, &sales).await?;
    let report =
        router.host.call(FitDemand { grade: None, category: None, search: String::new(), offset: 0, limit: 0 }).await?;
    let mut score = Score { name: "science: grades of a real catalogue".to_owned(), ..Score::default() };
    score.figures.push(("products".to_owned(), report.products as f64));
    score.figures.push(("rows of sales".to_owned(), report.sales_rows as f64));
    for (grade, count) in &report.grades {
        score.figures.push((grade.title().to_owned(), *count as f64));
    }
    for found in &report.categories {
        let name = found.category.as_deref().unwrap_or("the whole catalogue");
        score.figures.push((format!("{name}: mean elasticity"), found.elasticity));
    }
    score.figures.push(("milliseconds for reading and fitting".to_owned(), report.elapsed_ms as f64));
    Ok(score)
}
