//! Forecasts of sales whose law is known, and back-tests against sums made by hand.

use super::{DemandClass, ForecastRequest, LeftOut, forecast_ahead, nothing_left_out, rolling_backtest};
use crate::distributions::normal_quantile;
use crate::error::ScienceError;
use crate::table::{Table, Values};

const PRODUCTS: usize = 8;
const KNOWN: usize = 104;
const DEVIATION: f64 = 0.5;

/// A product's week.
#[derive(Clone, Copy)]
struct Row {
    product: usize,
    week: usize,
    units: f64,
    price: f64,
    promotion: f64,
}

/// Noise with the quantiles of a normal distribution, spread evenly over every stretch of weeks.
fn noise(product: usize, week: usize) -> f64 {
    const GOLDEN: f64 = 0.618_033_988_749_894_9;
    let place = (product as f64 * 0.414_213_562 + week as f64 * GOLDEN + 0.05).fract();
    normal_quantile(place.clamp(0.001, 0.999))
}

/// Sells 150 · (price / 10)⁻², three times that in a promotion, times a log-normal noise.
fn sold(product: usize, week: usize) -> Row {
    let price = [10.0, 9.0, 8.0, 9.5, 8.5][(week / 2 + product) % 5];
    let promotion = if (week * 5 + product * 3).is_multiple_of(11) { 1.0 } else { 0.0 };
    let units = expected(price, promotion) * (DEVIATION * noise(product, week)).exp();
    Row { product, week, units, price, promotion }
}

/// The median.
fn expected(price: f64, promotion: f64) -> f64 {
    150.0 * (price / 10.0_f64).powf(-2.0) * 3.0_f64.powf(promotion)
}

fn table(rows: &[Row]) -> Table {
    let numbers = |of: &dyn Fn(&Row) -> f64| Values::Number(rows.iter().map(of).collect());
    let products: Vec<String> = rows.iter().map(|row| row.product.to_string()).collect();
    Table::new(vec![
        ("units".to_owned(), numbers(&|row| row.units)),
        ("price".to_owned(), numbers(&|row| row.price)),
        ("promotion".to_owned(), numbers(&|row| row.promotion)),
        ("week".to_owned(), numbers(&|row| row.week as f64)),
        ("product".to_owned(), Values::from_texts(&products)),
    ])
    .expect("columns of one length")
}

fn request(train_until: usize, test_until: usize) -> ForecastRequest {
    ForecastRequest {
        units: "units".into(),
        price: "price".into(),
        promotions: vec!["promotion".into()],
        other_prices: Vec::new(),
        unit: "product".into(),
        pool: "product".into(),
        time: "week".into(),
        season_length: 52.0,
        train_until: train_until as f64,
        test_until: test_until as f64,
    }
}

fn history() -> Vec<Row> {
    (0..PRODUCTS).flat_map(|product| (0..KNOWN).map(move |week| sold(product, week))).collect()
}

#[test]
fn mean_median_and_intervals_ahead_are_those_of_the_known_law() {
    let mut rows = history();
    let ahead = |week: usize| Row {
        product: 0,
        week: KNOWN + week,
        units: 0.0,
        price: if week < 4 { 10.0 } else { 8.0 },
        promotion: if week == 2 { 1.0 } else { 0.0 },
    };
    rows.extend((0..8).map(ahead));
    let report = forecast_ahead(&table(&rows), &request(KNOWN - 1, KNOWN + 7), &[], &|_, _| true).expect("enough");
    assert_eq!((report.periods.len(), report.errors), (8, 4 * 8 * PRODUCTS));
    let near = |found: f64, wanted: f64, share: f64| (found / wanted - 1.0).abs() < share;
    for (week, period) in report.periods.iter().enumerate() {
        let planned = ahead(week);
        let median = expected(planned.price, planned.promotion);
        assert!(near(period.median, median, 0.15), "week {week}: {} instead of {median}", period.median);
        // A log-normal law: the mean lies above the median by exp(σ²/2), the limits by exp(±z σ).
        assert!(near(period.mean / period.median, (DEVIATION * DEVIATION / 2.0).exp(), 0.06), "{period:?}");
        for (ends, z, share) in [(period.between_80, 1.2816, 0.12), (period.between_95, 1.96, 0.25)] {
            let wide = (z * DEVIATION).exp();
            assert!(near(ends.1 / period.median, wide, share), "{} instead of {wide}", ends.1 / period.median);
            assert!(near(period.median / ends.0, wide, share), "{} instead of {wide}", period.median / ends.0);
        }
    }
}

#[test]
fn what_lies_ahead_says_nothing_about_itself() {
    let with = |units: f64| {
        let mut rows = history();
        rows.extend((0..8).map(|week| Row { units, ..sold(0, KNOWN + week) }));
        forecast_ahead(&table(&rows), &request(KNOWN - 1, KNOWN + 7), &[], &|_, _| true).expect("enough")
    };
    assert_eq!(with(0.0), with(1_000_000.0));
}

#[test]
fn too_short_a_history_and_a_wish_to_stop_give_no_forecast() {
    let short: Vec<Row> = history().into_iter().filter(|row| row.week >= 70).collect();
    let refused =
        forecast_ahead(&table(&short), &request(KNOWN - 1, KNOWN + 7), &[], &|_, _| true).expect_err("too short");
    assert!(matches!(refused, ScienceError::NotEnough(_)), "{refused}");
    let stopped = forecast_ahead(&table(&history()), &request(KNOWN - 1, KNOWN + 7), &[], &|done, _| done < 3);
    assert_eq!(stopped.expect_err("stopped"), ScienceError::Stopped);
}

#[test]
fn a_rolling_back_test_scores_each_origin_and_all_as_sums_by_hand_do() {
    let rows = history();
    // The last origin is week 95; with windows of eight weeks the ones before are 87 and 79.
    let report =
        rolling_backtest(&table(&rows), &request(95, 103), 3, &nothing_left_out, &|_, _| true).expect("enough");
    let units = |product: usize, week: usize| sold(product, week).units;
    let (mut missed, mut total) = (0.0, 0.0);
    for (found, origin) in report.origins.iter().zip([79, 87, 95]) {
        assert_eq!((found.origin, found.until), (origin as f64, (origin + 8) as f64));
        assert_eq!(found.report.rows, 8 * PRODUCTS);
        let pairs = (0..PRODUCTS).flat_map(|product| (origin + 1..=origin + 8).map(move |week| (product, week)));
        let pairs: Vec<(usize, usize)> = pairs.collect();
        let all: f64 = pairs.iter().map(|(product, week)| units(*product, *week)).sum();
        let naive: f64 =
            pairs.iter().map(|(product, week)| (units(*product, *week) - units(*product, origin)).abs()).sum();
        let seasonal: f64 =
            pairs.iter().map(|(product, week)| (units(*product, *week) - units(*product, week - 52)).abs()).sum();
        let [model, by_naive, by_season] = &found.report.scores[..] else { panic!("three forecasts") };
        assert!((by_naive.wmape - naive / all).abs() < 1e-12 && (by_season.wmape - seasonal / all).abs() < 1e-12);
        assert!((by_naive.value_added - (1.0 - model.wmape * all / naive)).abs() < 1e-12);
        assert!(model.wmape < by_naive.wmape && model.wmape < by_season.wmape, "prices explain these sales");
        missed += model.wmape * all;
        total += all;
    }
    assert_eq!(report.total.rows, 3 * 8 * PRODUCTS);
    assert!((report.total.scores[0].wmape - missed / total).abs() < 1e-12);
    assert!((report.total.coverage_80 - 0.8).abs() < 0.08, "{}", report.total.coverage_80);
    // The errors come from 32 weeks only, so that these limits reach to the outermost of them.
    assert!(report.total.coverage_95 > 0.93, "{}", report.total.coverage_95);
    assert!(report.total.mean_bias.abs() < 0.06 && report.total.median_bias < report.total.mean_bias - 0.05);
}

#[test]
fn an_origin_does_not_know_what_comes_after_it() {
    let rows = history();
    let later: Vec<Row> =
        rows.iter().map(|row| Row { units: if row.week > 95 { 7.0 } else { row.units }, ..*row }).collect();
    let first = |rows: &[Row]| {
        let report =
            rolling_backtest(&table(rows), &request(95, 103), 2, &nothing_left_out, &|_, _| true).expect("enough");
        report.origins[0].clone()
    };
    assert_eq!(first(&rows), first(&later));
}

/// Whether nothing was in stock: for eight weeks of the first product, long before and in the tested weeks.
fn is_out(row: &Row) -> bool {
    row.product == 0 && ((60..68).contains(&row.week) || (98..100).contains(&row.week))
}

#[test]
fn weeks_that_are_left_out_are_not_learnt_from_and_are_scored_as_they_were_sold() {
    let lacking: Vec<Row> =
        history().into_iter().map(|row| if is_out(&row) { Row { units: 0.0, ..row } } else { row }).collect();
    let left = |row: usize| LeftOut { row, is_counted: false };
    let known_at = |origin: f64| -> Vec<LeftOut> {
        let known = (0..lacking.len()).filter(|row| is_out(&lacking[*row]) && lacking[*row].week as f64 <= origin);
        known.map(left).collect()
    };
    let test = |rows: &[Row], known: &dyn Fn(f64) -> Vec<LeftOut>| {
        rolling_backtest(&table(rows), &request(95, 103), 2, known, &|_, _| true).expect("enough")
    };
    let (plain, clean) = (test(&lacking, &nothing_left_out), test(&lacking, &known_at));
    assert_eq!(plain.total.rows, clean.total.rows);
    assert!(clean.total.inner_wmape < plain.total.inner_wmape, "empty weeks cannot be foretold");
    // The naive forecasts and what was sold are the same in both.
    assert_eq!(plain.total.scores[1].wmape, clean.total.scores[1].wmape);
    // What an origin says must not follow from what it learns later about the weeks it is tested on.
    let told_later = |origin: f64| -> Vec<LeftOut> {
        let later = (0..lacking.len()).filter(|row| lacking[*row].week > 95).map(left);
        known_at(origin).into_iter().chain(later).collect()
    };
    assert_eq!(test(&lacking, &told_later), clean);

    let mut rows = lacking.clone();
    rows.extend((0..8).map(|week| Row { units: 0.0, price: 10.0, promotion: 0.0, ..sold(0, KNOWN + week) }));
    let left_out: Vec<LeftOut> = (0..lacking.len()).filter(|row| is_out(&lacking[*row])).map(left).collect();
    let ahead = |left_out: &[LeftOut]| {
        let report = forecast_ahead(&table(&rows), &request(KNOWN - 1, KNOWN + 7), left_out, &|_, _| true);
        report.expect("enough").periods.iter().map(|period| period.mean).sum::<f64>() / 8.0
    };
    let law = expected(10.0, 0.0) * (DEVIATION * DEVIATION / 2.0).exp();
    assert!((ahead(&left_out) / law - 1.0).abs() < 0.08, "{} instead of {law}", ahead(&left_out));
    assert!(ahead(&[]) < 0.97 * ahead(&left_out), "{} {}", ahead(&[]), ahead(&left_out));
}

/// Pieces of a product that sells seldom, by a geometric law whose mean is 0.6 or 1.2: P(more than k) = (μ ÷ (1 + μ))^(k+1).
fn seldom_sold(product: usize, week: usize) -> Row {
    let mean = if product.is_multiple_of(2) { 0.6_f64 } else { 1.2 };
    const GOLDEN: f64 = 0.618_033_988_749_894_9;
    let place = (product as f64 * 0.414_213_562 + week as f64 * GOLDEN + 0.05).fract();
    let units = ((1.0 - place).ln() / (mean / (1.0 + mean)).ln()).floor();
    Row { product: 100 + product, week, units, price: 10.0, promotion: 0.0 }
}

#[test]
fn what_sells_seldom_gets_the_quantiles_of_its_law_and_its_class_is_told() {
    let mut rows: Vec<Row> =
        (0..40).flat_map(|product| (0..KNOWN).map(move |week| seldom_sold(product, week))).collect();
    // All of them are one pool, as products of a category are.
    let asked = ForecastRequest { pool: "1".into(), ..request(95, 103) };
    let report = rolling_backtest(&table(&rows), &asked, 2, &nothing_left_out, &|_, _| true).expect("enough").total;
    let seldom: Vec<_> = report.classes.iter().filter(|one| one.class.is_seldom()).collect();
    assert!(!seldom.is_empty() && report.classes.iter().map(|one| one.rows).sum::<usize>() == report.rows);
    assert!(report.mean_bias.abs() < 0.1, "{}", report.mean_bias);
    for one in seldom {
        // Of mean 0.6, 95 % of the weeks have at most two pieces and 86 % at most one: whole pieces cover more than 80 %.
        assert!((0.85..0.97).contains(&one.coverage_80), "{one:?}");
        assert!((0.93..0.995).contains(&one.coverage_95), "{one:?}");
        assert!((0.9..=3.1).contains(&one.width_80), "{one:?}");
        assert!(one.series >= 15 && one.bias.abs() < 0.15, "{one:?}");
    }

    let until = ForecastRequest { train_until: (KNOWN - 1) as f64, test_until: (KNOWN + 7) as f64, ..asked };
    rows.extend((0..8).map(|week| Row { units: 0.0, ..seldom_sold(0, KNOWN + week) }));
    let ahead = forecast_ahead(&table(&rows), &until, &[], &|_, _| true).expect("enough");
    for period in &ahead.periods {
        assert!(period.class.is_seldom() && (period.mean / 0.6 - 1.0).abs() < 0.25, "{period:?}");
        // (3/8)^k: 0.625 none, 0.859 at most one, 0.947 at most two, 0.98 at most three.
        assert_eq!((period.median, period.between_80.0, period.between_95.0), (0.0, 0.0, 0.0), "{period:?}");
        assert!((2.0..=3.0).contains(&period.between_80.1), "nine tenths lie below two pieces: {period:?}");
        assert!((3.0..=4.0).contains(&period.between_95.1), "{period:?}");
    }
    assert_ne!(DemandClass::Smooth, ahead.periods[0].class);
}

#[test]
fn a_level_that_grows_is_followed_where_earlier_windows_show_that_it_pays() {
    let grown = |row: Row| Row { units: row.units * 1.02_f64.powi(row.week.saturating_sub(30) as i32), ..row };
    let rows: Vec<Row> = history().into_iter().map(grown).collect();
    let of = |rows: &[Row]| {
        let found = rolling_backtest(&table(rows), &request(KNOWN - 9, KNOWN - 1), 1, &nothing_left_out, &|_, _| true);
        found.expect("enough").total
    };
    let report = of(&rows);
    assert!(report.settings.contains_key("recent_level"), "{:?}", report.settings);
    assert!(report.scores[0].bias > -0.35, "{:?}", report.scores[0]);
}

#[test]
fn rare_large_orders_count_in_the_mean_and_not_in_what_is_usual() {
    // Each product has one order of ten times its week in two years, in another week than the others.
    let is_large = |row: &Row| row.week == 40 + 5 * row.product;
    let mut rows = history();
    rows.iter_mut().filter(|row| is_large(row)).for_each(|row| row.units *= 10.0);
    let large: Vec<usize> = (0..rows.len()).filter(|row| is_large(&rows[*row])).collect();
    let known = rows.len();
    rows.extend((0..PRODUCTS).flat_map(|product| (KNOWN..KNOWN + 8).map(move |week| sold(product, week))));
    let of = |is_counted: bool| {
        let left_out: Vec<LeftOut> = large.iter().map(|row| LeftOut { row: *row, is_counted }).collect();
        let report = forecast_ahead(&table(&rows), &request(KNOWN - 1, KNOWN + 7), &left_out, &|_, _| true);
        let periods = report.expect("enough").periods;
        (periods.iter().map(|period| period.mean).sum::<f64>(), periods.iter().map(|period| period.median).sum::<f64>())
    };
    let (with, without) = (of(true), of(false));
    let all: f64 = rows[..known].iter().map(|row| row.units).sum();
    let orders: f64 = large.iter().map(|row| 0.9 * rows[*row].units).sum();
    let wanted = all / (all - orders);
    assert!((with.0 / without.0 - wanted).abs() < 0.1 * (wanted - 1.0), "{} instead of {wanted}", with.0 / without.0);
    assert!((with.1 / without.1 - 1.0).abs() < 0.02, "{} {}", with.1, without.1);
}

#[test]
fn a_price_beyond_all_that_a_series_was_charged_follows_a_line_and_no_curve() {
    // Half of the products were never charged less than four fifths; the others went down to a third, where demand bends.
    let bent = |row: Row| Row { units: row.units * (1.0 + 3.0 * (row.price / 10.0).ln().powi(2)), ..row };
    let deep = |row: Row| {
        if row.product.is_multiple_of(2) && row.week.is_multiple_of(9) {
            Row { price: 3.5, units: row.units * 6.0, ..row }
        } else {
            row
        }
    };
    let mut rows: Vec<Row> = history().into_iter().map(deep).map(bent).collect();
    let ahead = |price: f64| Row { product: 1, week: KNOWN, units: 0.0, price, promotion: 0.0 };
    rows.extend([ahead(8.0)]);
    let asked = ForecastRequest { pool: "1".into(), ..request(KNOWN - 1, KNOWN) };
    let at = |price: f64| {
        let mut rows = rows.clone();
        *rows.last_mut().expect("the row ahead") = ahead(price);
        let report = forecast_ahead(&table(&rows), &asked, &[], &|_, _| true).expect("enough");
        report.periods[0].mean.ln()
    };
    let (edge, near, far) = (at(8.0), at(4.0), at(2.0));
    // Halving the price twice gives the same step twice.
    assert!((near - edge) > 0.0 && ((far - near) - (near - edge)).abs() < 1e-3, "{edge} {near} {far}");
}
