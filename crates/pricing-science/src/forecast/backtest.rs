//! A back-test: forecasts of the test periods from the training periods alone, beside the naive forecasts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::panel::{ForecastRequest, Pool, pools};
use super::tuning::{Forecast, forecast, tune};
use crate::error::{Result, ScienceError};
use crate::table::Table;

/// How a forecast did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ForecastScore {
    /// `model`, `naive`, `seasonal naive`.
    pub name: String,
    /// Σ |sold − forecast| / Σ sold
    pub wmape: f64,
    /// Σ (forecast − sold) / Σ sold
    pub bias: f64,
    /// 1 − WMAPE of the model / WMAPE of this forecast: what the model adds to it.
    pub value_added: f64,
}

/// A back-test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BacktestReport {
    /// Rows forecast.
    pub rows: usize,
    /// Rows that could not be forecast: a product without history.
    pub not_forecast: usize,
    /// The scores, the model's first. Its point forecast lies between median and mean.
    pub scores: Vec<ForecastScore>,
    /// WMAPE of the median forecast, which is lower and biased.
    pub median_wmape: f64,
    /// Bias of the median forecast.
    pub median_bias: f64,
    /// Share of what was sold within the 80 % interval.
    pub coverage_80: f64,
    /// Share of what was sold within the 95 % interval.
    pub coverage_95: f64,
    /// WMAPE on the inner windows, where the settings were chosen.
    pub inner_wmape: f64,
    /// Bias there, all windows together: rare large sales make it the less certain of the two.
    pub inner_bias: f64,
    /// The settings chosen inside the training periods.
    pub settings: BTreeMap<String, f64>,
}

/// Runs the back-test of the request.
pub fn backtest(table: &Table, request: &ForecastRequest) -> Result<BacktestReport> {
    let pools = pools(table, request)?;
    let horizon = request.test_until - request.train_until;
    if horizon.is_nan() || horizon < 1.0 {
        return Err(ScienceError::Unsuitable("the test must end after the training periods".to_owned()));
    }
    let tuned = tune(&pools, request.train_until, horizon)?;
    let window = forecast(&pools, &tuned.settings, request.train_until, request.test_until);
    let sold: f64 = window.rows.iter().map(|row| row.actual).sum();
    if sold <= 0.0 {
        return Err(ScienceError::NotEnough("nothing was sold in the test periods".to_owned()));
    }
    let point: Vec<(f64, f64)> = window.rows.iter().map(|row| (row.actual, row.blended().exp())).collect();
    let limit = |share: f64| quantile(&tuned.errors, corrected(share, tuned.events));
    let middle = limit(0.5);
    let at = |row: &Forecast, error: f64| (row.blended() + error * row.spread).exp();
    let median: Vec<(f64, f64)> = window.rows.iter().map(|row| (row.actual, at(row, middle))).collect();
    let covered = |low: f64, high: f64| {
        let (low, high) = (limit(low), limit(high));
        let within = window.rows.iter().filter(|row| row.actual >= at(row, low) && row.actual <= at(row, high));
        within.count() as f64 / window.rows.len() as f64
    };
    let naive: Vec<(f64, f64)> = window
        .rows
        .iter()
        .map(|row| (row.actual, last_sold(&pools[row.pool], row.place, request.train_until)))
        .collect();
    let seasonal: Vec<(f64, f64)> =
        window.rows.iter().map(|row| (row.actual, year_before(&pools[row.pool], row.place, request))).collect();
    let model = wmape(&point);
    let score = |name: &str, pairs: &[(f64, f64)]| ForecastScore {
        name: name.to_owned(),
        wmape: wmape(pairs),
        bias: bias(pairs),
        value_added: 1.0 - model / wmape(pairs),
    };
    let is_tested = |time: &&f64| **time > request.train_until && **time <= request.test_until;
    let asked: usize = pools.iter().map(|pool| pool.time.iter().filter(is_tested).count()).sum();
    Ok(BacktestReport {
        rows: window.rows.len(),
        not_forecast: asked - window.rows.len(),
        scores: vec![score("model", &point), score("naive", &naive), score("seasonal naive", &seasonal)],
        median_wmape: wmape(&median),
        median_bias: bias(&median),
        coverage_80: covered(0.1, 0.9),
        coverage_95: covered(0.025, 0.975),
        inner_wmape: tuned.inner_wmape,
        inner_bias: tuned.inner_bias,
        settings: settings(&tuned.settings),
    })
}

fn settings(chosen: &super::pooled::Settings) -> BTreeMap<String, f64> {
    let named = [
        ("penalty_own", chosen.own),
        ("penalty_other_prices", chosen.others),
        ("penalty_shape", chosen.shape),
        ("penalty_period_before", chosen.before),
        ("penalty_season", chosen.season),
        ("penalty_trend", chosen.trend),
        ("penalty_level_deviation", chosen.level),
        ("penalty_slope_deviation", chosen.slopes),
        ("half_life", chosen.half_life),
        ("tree_share", chosen.tree_share),
    ];
    named.into_iter().filter(|(_, value)| value.is_finite()).map(|(name, value)| (name.to_owned(), value)).collect()
}

fn wmape(pairs: &[(f64, f64)]) -> f64 {
    let sold: f64 = pairs.iter().map(|(sold, _)| sold).sum();
    pairs.iter().map(|(sold, forecast)| (sold - forecast).abs()).sum::<f64>() / sold
}

fn bias(pairs: &[(f64, f64)]) -> f64 {
    let sold: f64 = pairs.iter().map(|(sold, _)| sold).sum();
    pairs.iter().map(|(sold, forecast)| forecast - sold).sum::<f64>() / sold
}

/// The share at which a limit of a split conformal interval is taken: further out than asked by one part in their
/// number. Errors of a product in one period go together, for a promotion is in every store, so that these count and not
/// the rows.
fn corrected(share: f64, events: usize) -> f64 {
    let wider = 1.0 + 1.0 / events.max(1) as f64;
    let outside = 0.5 + (share - 0.5).abs();
    let outside = if outside > 0.5 { (outside * wider).min(1.0) } else { outside };
    if share < 0.5 { 1.0 - outside } else { outside }
}

/// The value that a share of the sorted errors lies below.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let place = (share * (sorted.len() as f64 + 1.0) - 1.0).clamp(0.0, sorted.len() as f64 - 1.0);
    let (below, part) = (place.floor() as usize, place.fract());
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] * (1.0 - part) + sorted[above] * part
}

/// What the series sold in the last period up to the origin.
fn last_sold(pool: &Pool, place: usize, origin: f64) -> f64 {
    let is_known = |other: &usize| pool.series[*other] == pool.series[place] && pool.time[*other] <= origin;
    (0..=place).rev().find(is_known).map_or(0.0, |other| pool.units[other])
}

/// What the series sold in the same period a year before; where that is missing, in the last one.
fn year_before(pool: &Pool, place: usize, request: &ForecastRequest) -> f64 {
    let wanted = pool.time[place] - request.season_length;
    let is_wanted = |other: &usize| pool.series[*other] == pool.series[place] && pool.time[*other] == wanted;
    let found = (0..place).rev().find(is_wanted).filter(|_| wanted <= request.train_until);
    found.map_or_else(|| last_sold(pool, place, request.train_until), |other| pool.units[other])
}

#[cfg(test)]
mod tests {
    use super::{bias, corrected, quantile, wmape};

    #[test]
    fn errors_are_weighed_by_what_was_sold() {
        let pairs = [(10.0, 8.0), (30.0, 36.0)];
        assert_eq!(wmape(&pairs), 0.2);
        assert_eq!(bias(&pairs), 0.1);
    }

    #[test]
    fn the_fewer_events_the_wider_an_interval_and_its_middle_stays() {
        assert!((corrected(0.9, 50) - 0.918).abs() < 1e-12 && (corrected(0.1, 50) - 0.082).abs() < 1e-12);
        assert_eq!((corrected(0.5, 3), corrected(0.975, 10)), (0.5, 1.0));
    }

    #[test]
    fn quantiles_lie_between_neighbours() {
        let sorted: Vec<f64> = (1..=9).map(f64::from).collect();
        assert_eq!(quantile(&sorted, 0.5), 5.0);
        assert_eq!(quantile(&sorted, 0.1), 1.0);
        assert_eq!(quantile(&sorted, 0.85), 8.5);
    }
}
