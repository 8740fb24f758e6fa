//! Demand and optimisation alone, on generated data: the best of some rounds.

mod ladders;

use std::time::Instant as Stopwatch;

use anyhow::{Context, Result, ensure};
use pricing_science::{
    BatchData, BatchFit, BetweenVariance, Estimate, FitRequest, LadderEffort, LadderLimits, Table, Values, fit,
    fit_batch, optimise_ladder, shrink,
};

use crate::figures::{Figures, Unit};
use ladders::Numbers;

const WEEKS: usize = 104;
/// The true effect of the price in the generated data.
const EFFECT: f64 = -2.5;

/// Sizes; small ones only show that it works.
struct Sizes {
    products: usize,
    rows: usize,
    ladders: [(usize, f64); 3],
    rounds: u32,
}

const WHOLE: Sizes = Sizes {
    products: 10_000,
    rows: 1_600_000,
    ladders: [(1_001, 5_000.0), (10_010, 300.0), (100_001, 3_000.0)],
    rounds: 3,
};
const SMALL: Sizes =
    Sizes { products: 200, rows: 20_000, ladders: [(110, 5_000.0), (220, 300.0), (1_001, 3_000.0)], rounds: 1 };

/// All of it.
pub(super) fn alone(is_small: bool, figures: &mut Figures) -> Result<()> {
    let sizes = if is_small { SMALL } else { WHOLE };
    batch(&sizes, figures)?;
    effects(&sizes, figures)?;
    for (items, target) in sizes.ladders {
        for variant in ["A", "B", "C"] {
            ladder(items, variant, target, sizes.rounds, figures)?;
        }
    }
    Ok(())
}

/// Least squares for each product, then shrinkage of the coefficient of the price.
fn batch(sizes: &Sizes, figures: &mut Figures) -> Result<()> {
    let mut numbers = Numbers(7);
    let rows = sizes.products * WEEKS;
    let mut column = || (0..rows).map(|_| numbers.next() - 0.5).collect::<Vec<f64>>();
    let regressors = [column(), column(), column(), column()];
    let noise = column();
    let outcome: Vec<f64> =
        (0..rows).map(|row| 2.0 + EFFECT * regressors[0][row] + regressors[1][row] + noise[row]).collect();
    let starts: Vec<usize> = (0..=sizes.products).map(|product| product * WEEKS).collect();
    let data = BatchData { starts: &starts, outcome: &outcome, regressors: &regressors };
    let (milliseconds, fits) = best(sizes.rounds, || fit_batch(&data))?;
    let name = format!("Least squares with errors, {} products × {WEEKS} weeks, five parameters", sizes.products);
    figures.aim(name, milliseconds, Unit::Milliseconds, 20.0);
    let estimate = |fit: &Option<BatchFit>| {
        fit.map(|fit| Estimate { value: fit.coefficients[1], variance: fit.standard_errors[1].powi(2) })
    };
    let estimates: Vec<Estimate> = fits.iter().filter_map(estimate).collect();
    let (milliseconds, shrunk) = best(sizes.rounds, || shrink(&estimates, BetweenVariance::Reml))?;
    ensure!((shrunk.mean - EFFECT).abs() < 0.05, "the mean effect is {}", shrunk.mean);
    figures.aim(format!("Shrinkage of {} estimates, REML", estimates.len()), milliseconds, Unit::Milliseconds, 10.0);
    Ok(())
}

/// Three absorbed effects with clustered errors.
fn effects(sizes: &Sizes, figures: &mut Figures) -> Result<()> {
    let rows = sizes.rows;
    let mut numbers = Numbers(11);
    let mut code = |count: f64| (0..rows).map(|_| (numbers.next() * count).floor()).collect::<Vec<f64>>();
    let (product, store, week) = (code(rows as f64 / 160.0), code(200.0), code(104.0));
    let mut value = || (0..rows).map(|_| numbers.next() - 0.5).collect::<Vec<f64>>();
    let (price, promotion, noise) = (value(), value(), value());
    let units = (0..rows).map(|row| {
        let effects = product[row].sin() + store[row] / 200.0 + (week[row] / 8.0).cos();
        effects + EFFECT * price[row] + promotion[row] + noise[row]
    });
    let units = units.collect();
    let columns = [
        ("product", product),
        ("store", store),
        ("week", week),
        ("price", price),
        ("promotion", promotion),
        ("units", units),
    ];
    let columns = columns.into_iter().map(|(name, values)| (name.to_owned(), Values::Number(values))).collect();
    let table = Table::new(columns)?;
    let request = FitRequest {
        formula: "units ~ price + promotion | product + store + week".to_owned(),
        clusters: vec!["product".to_owned()],
        ..FitRequest::default()
    };
    let (milliseconds, found) = best(sizes.rounds, || fit(&table, &request))?;
    let price = found.find("price").context("a coefficient of the price")?;
    ensure!((price.estimate - EFFECT).abs() < 5.0 * price.standard_error, "the effect is {}", price.estimate);
    let name = format!("{rows} rows, three absorbed effects, clustered errors");
    figures.aim(name, milliseconds, Unit::Milliseconds, 1_000.0);
    Ok(())
}

fn ladder(items: usize, variant: &str, target: f64, rounds: u32, figures: &mut Figures) -> Result<()> {
    const WIDEST_GAP: f64 = 3e-6;
    let ladder = ladders::generated(items);
    let limits = LadderLimits::variant(variant)?;
    let (milliseconds, found) = best(rounds, || optimise_ladder(&ladder, &limits, LadderEffort::usual(items)))?;
    ensure!(found.gap <= WIDEST_GAP, "a gap of {:e} with {items} items, variant {variant}", found.gap);
    let proof = if found.is_optimal { "proven".to_owned() } else { format!("gap {:.0e}", found.gap) };
    figures.aim(
        format!("Price ladder, {items} items, variant {variant} ({proof})"),
        milliseconds,
        Unit::Milliseconds,
        target,
    );
    Ok(())
}

/// The milliseconds of the best of some rounds, and what the last one gave.
fn best<R, E: Into<anyhow::Error>>(rounds: u32, mut work: impl FnMut() -> Result<R, E>) -> Result<(f64, R)> {
    let mut once = || {
        let began = Stopwatch::now();
        let found = work().map_err(Into::into)?;
        Ok::<_, anyhow::Error>((began.elapsed().as_secs_f64() * 1e3, found))
    };
    let mut all = once()?;
    for _ in 1..rounds {
        let (milliseconds, found) = once()?;
        all = (all.0.min(milliseconds), found);
    }
    Ok(all)
}
