//! Instruments whose strength has a closed form: one instrument, one regressor, no further columns.

use crate::covariance::Convention;
use crate::fit::{FitReport, FitRequest, WeakInstruments, fit};
use crate::groups::fit_groups;
use crate::table::{Table, Values};

const ROWS: usize = 60;

fn wave(row: usize, speed: f64) -> f64 {
    (row as f64 * speed + 0.3).sin()
}

/// The price follows the cost by `share`, and what nobody sees moves price and units alike.
fn columns(share: f64) -> [Vec<f64>; 3] {
    let cost: Vec<f64> = (0..ROWS).map(|row| wave(row, 1.3)).collect();
    let unseen: Vec<f64> = (0..ROWS).map(|row| wave(row, 2.7)).collect();
    let price: Vec<f64> = (0..ROWS).map(|row| share * cost[row] + unseen[row] + 0.4 * wave(row, 4.1)).collect();
    let units: Vec<f64> = (0..ROWS).map(|row| 5.0 - 2.0 * price[row] + 1.5 * unseen[row]).collect();
    [units, price, cost]
}

fn fitted(share: f64, weak_instruments: WeakInstruments) -> FitReport {
    let request = FitRequest {
        formula: "units ~ 1 | price ~ cost".to_owned(),
        convention: Some(Convention::Classical),
        weak_instruments,
        ..FitRequest::default()
    };
    fit(&table(share), &request).expect("fitted")
}

fn table(share: f64) -> Table {
    let names = ["units", "price", "cost"];
    let columns = names.into_iter().zip(columns(share)).map(|(name, values)| (name.to_owned(), Values::Number(values)));
    Table::new(columns.collect()).expect("columns of one length")
}

/// Covariances of (cost, price), (cost, units), and the F of a single instrument: (n − 2) r² / (1 − r²).
fn by_hand(share: f64) -> (f64, f64) {
    let [units, price, cost] = columns(share);
    let mean = |values: &[f64]| values.iter().sum::<f64>() / ROWS as f64;
    let sum = |one: &[f64], other: &[f64]| {
        let (one_mean, other_mean) = (mean(one), mean(other));
        one.iter().zip(other).map(|(a, b)| (a - one_mean) * (b - other_mean)).sum::<f64>()
    };
    let r2 = sum(&cost, &price).powi(2) / (sum(&cost, &cost) * sum(&price, &price));
    (sum(&cost, &units) / sum(&cost, &price), (ROWS as f64 - 2.0) * r2 / (1.0 - r2))
}

#[test]
fn a_strong_instrument_gives_walds_estimate_and_its_f() {
    let report = fitted(1.0, WeakInstruments::Withhold);
    let (estimate, f) = by_hand(1.0);
    assert!(f > 10.0 && (report.first_stages[0].f - f).abs() < 1e-9 * f, "{f}");
    assert!((report.find("price").expect("estimated").estimate - estimate).abs() < 1e-9);
    assert_eq!((report.withheld, report.remarks.len()), (None, 0));
}

#[test]
fn by_a_weak_instrument_nothing_is_estimated_and_the_reason_names_f_and_threshold() {
    let report = fitted(0.2, WeakInstruments::Withhold);
    let (_, f) = by_hand(0.2);
    assert!(f < 10.0 && (report.first_stages[0].f - f).abs() < 1e-9, "{f}");
    assert!(report.coefficients.is_empty() && report.sums.is_empty() && report.covariance.is_empty());
    assert!(report.r_squared.is_nan() && report.residual_deviation.is_nan() && report.find("price").is_none());
    let reason = report.withheld.expect("withheld");
    assert!(reason.contains(&format!("price (first-stage F = {f:.2})")), "{reason}");
    assert!(reason.contains("below 10 (Staiger and Stock 1997)"), "{reason}");
}

#[test]
fn who_computes_published_figures_again_asks_for_the_weak_estimate_and_is_warned() {
    let report = fitted(0.2, WeakInstruments::Show);
    let (estimate, _) = by_hand(0.2);
    assert!((report.find("price").expect("shown").estimate - estimate).abs() < 1e-6 * estimate.abs());
    assert!(report.withheld.is_none() && report.remarks[0].ends_with("Do not use this estimate."));
}

#[test]
fn a_group_with_a_weak_instrument_is_a_problem_and_is_not_shrunk_with_the_others() {
    let request = FitRequest { formula: "units ~ 1 | price ~ cost".to_owned(), ..FitRequest::default() };
    let mut rows: [Vec<f64>; 3] = Default::default();
    let mut shop = Vec::new();
    for (number, share) in [1.0, 0.2, 1.5, 2.0].into_iter().enumerate() {
        for (all, own) in rows.iter_mut().zip(columns(share)) {
            all.extend(own);
        }
        shop.extend(std::iter::repeat_n(number.to_string(), ROWS));
    }
    let names = ["units", "price", "cost"];
    let numbers = names.into_iter().zip(rows).map(|(name, values)| (name.to_owned(), Values::Number(values)));
    let all = numbers.chain([("shop".to_owned(), Values::from_texts(&shop))]).collect();
    let shrunk = Some(("price", crate::shrinkage::BetweenVariance::Moments));
    let report = fit_groups(&Table::new(all).expect("valid"), &request, "shop", shrunk).expect("fitted");
    let problems: Vec<bool> = report.groups.iter().map(|group| group.problem.is_some()).collect();
    assert_eq!(problems, [false, true, false, false]);
    assert_eq!(report.shrinkage.expect("of three").shrunk.len(), 3);
    assert_eq!(report.groups[1].shrunk, None);
}

#[test]
fn rows_that_no_logarithm_can_use_are_told_where_too_few_are_left() {
    let table = Table::from_csv(b"units,price\n5,-3\n4,2\n6,0\n").expect("a table");
    let of = |formula: &str| {
        let request = FitRequest { formula: formula.to_owned(), ..FitRequest::default() };
        fit(&table, &request).expect_err("too few").to_string()
    };
    let refused = of("log(units) ~ log(price)");
    assert!(refused.contains("2 more were left out because something in them is missing"), "{refused}");
    assert!(of("log(0 * units) ~ price").contains("logarithms need numbers above 0"));
}
