//! Measures demand and optimisation on generated data: `cargo run --release -p pricing-science --example speed`.

mod ladders;

use std::time::Instant as Clock;

use ladders::Numbers;
use pricing_science::{
    BatchData, BetweenVariance, Change, Estimate, FitRequest, LadderEffort, LadderLimits, Reaction, Scenario,
    ScenarioProducts, ScenarioState, Table, Values, fit, fit_batch, optimise_ladder, play, shrink,
};

fn main() {
    measure_batch();
    measure_effects();
    measure_scenario();
    measure_ladders();
}

/// 1,000,000 products, prices as they are decided elsewhere: today and two weeks with competitors that answer.
fn measure_scenario() {
    const PRODUCTS: usize = 1_000_000;
    let mut numbers = Numbers(5);
    let mut column =
        |low: f64, high: f64| (0..PRODUCTS).map(|_| low + (high - low) * numbers.next()).collect::<Vec<f64>>();
    let price = column(500.0, 20_000.0);
    let products = ScenarioProducts {
        tax: vec![1.19; PRODUCTS],
        cost: price.iter().map(|price| price * 0.5).collect(),
        foreign_share: vec![0.0; PRODUCTS],
        competitor: price.iter().map(|price| price * 0.98).collect(),
        units: column(0.1, 20.0),
        elasticity: column(-4.0, -0.5),
        elasticity_error: column(0.1, 0.5),
        common_error: column(0.0, 0.3),
        source: (0..PRODUCTS).map(|row| row as u32 % 50).collect(),
        cross_elasticity: column(0.0, 1.0),
        seen: price.iter().map(|price| (price * 0.9, *price)).collect(),
        price,
    };
    let scenario = Scenario {
        changes: vec![(Change::Price(0.97), None)],
        reaction: Reaction::FollowsDown { share: 0.5 },
        weeks: 2,
        stop_at_fall: None,
    };
    let keep = &mut |state: &ScenarioState| state.price.clone();
    let milliseconds = best(3, || play(&products, &scenario, keep).expect("columns of one length"));
    println!("scenario, {PRODUCTS} products, today and two weeks, without pricing: {milliseconds:.0} ms");
}

/// 10,000 products × 104 weeks, five parameters, then shrinkage of the price coefficient.
fn measure_batch() {
    const PRODUCTS: usize = 10_000;
    const WEEKS: usize = 104;
    let mut numbers = Numbers(7);
    let mut column = || (0..PRODUCTS * WEEKS).map(|_| numbers.next() - 0.5).collect::<Vec<f64>>();
    let regressors = [column(), column(), column(), column()];
    let noise = column();
    let outcome: Vec<f64> =
        (0..PRODUCTS * WEEKS).map(|row| 2.0 - 2.5 * regressors[0][row] + regressors[1][row] + noise[row]).collect();
    let starts: Vec<usize> = (0..=PRODUCTS).map(|product| product * WEEKS).collect();
    let data = BatchData { starts: &starts, outcome: &outcome, regressors: &regressors };
    let mut fits = Vec::new();
    let milliseconds = best(7, || fits = fit_batch(&data).expect("columns of one length"));
    println!("least squares, {PRODUCTS} products × {WEEKS} weeks, 5 parameters with errors: {milliseconds:.1} ms");
    let estimate = |fit: &Option<pricing_science::BatchFit>| {
        fit.map(|fit| Estimate { value: fit.coefficients[1], variance: fit.standard_errors[1].powi(2) })
    };
    let estimates: Vec<Estimate> = fits.iter().filter_map(estimate).collect();
    let milliseconds = best(7, || shrink(&estimates, BetweenVariance::Reml).expect("converges"));
    println!("shrinkage over {} estimates by REML: {milliseconds:.1} ms", estimates.len());
}

/// 1,600,000 rows, three absorbed effects, clustered errors.
fn measure_effects() {
    const ROWS: usize = 1_600_000;
    let mut numbers = Numbers(11);
    let mut code = |count: f64| (0..ROWS).map(|_| (numbers.next() * count).floor()).collect::<Vec<f64>>();
    let (product, store, week) = (code(10_000.0), code(200.0), code(104.0));
    let mut value = || (0..ROWS).map(|_| numbers.next() - 0.5).collect::<Vec<f64>>();
    let (price, promotion, noise) = (value(), value(), value());
    let units = (0..ROWS)
        .map(|row| {
            product[row].sin() + store[row] / 200.0 + (week[row] / 8.0).cos() - 2.0 * price[row]
                + promotion[row]
                + noise[row]
        })
        .collect();
    let columns = [
        ("product", product),
        ("store", store),
        ("week", week),
        ("price", price),
        ("promotion", promotion),
        ("units", units),
    ];
    let columns = columns.into_iter().map(|(name, values)| (name.to_owned(), Values::Number(values))).collect();
    let table = Table::new(columns).expect("columns of one length");
    let request = FitRequest {
        formula: "units ~ price + promotion | product + store + week".to_owned(),
        clusters: vec!["product".to_owned()],
        ..FitRequest::default()
    };
    let mut found = None;
    let milliseconds = best(3, || found = fit(&table, &request).ok());
    let price = found.and_then(|found| found.find("price").cloned()).expect("a coefficient");
    println!(
        "three absorbed effects, {ROWS} rows, clustered errors: {milliseconds:.0} ms (price {:.4}, error {:.4})",
        price.estimate, price.standard_error
    );
}

/// The best of some rounds in milliseconds.
fn best<R>(rounds: u32, mut work: impl FnMut() -> R) -> f64 {
    let once = |work: &mut dyn FnMut() -> R| {
        let began = Clock::now();
        std::hint::black_box(work());
        began.elapsed().as_secs_f64() * 1e3
    };
    (0..rounds).map(|_| once(&mut work)).fold(f64::INFINITY, f64::min)
}

fn measure_ladders() {
    for items in [1_001, 10_010, 100_001] {
        let ladder = ladders::generated(items);
        for variant in ["A", "B", "C"] {
            let limits = LadderLimits::variant(variant).expect("a variant");
            let effort = LadderEffort::usual(items);
            let mut found = None;
            let milliseconds = best(3, || found = Some(optimise_ladder(&ladder, &limits, effort)));
            match found {
                Some(Ok(found)) => println!(
                    "ladder {items} {variant}: {milliseconds:.0} ms, gap {:.1e}, {}",
                    found.gap,
                    if found.is_optimal { "proven" } else { "within the gap" }
                ),
                Some(Err(error)) => println!("ladder {items} {variant}: {error}"),
                None => {}
            }
        }
    }
}
