//! A back-test: forecasts of the test periods from the training periods alone, beside the naive forecasts, from one origin
//! or from several that roll on.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::Watch;
use super::classes::DemandClass;
use super::limits::Limits;
use super::panel::{ForecastRequest, KnownLeftOut, Pool, leave_out, nothing_left_out, pools};
use super::tuning::{CANDIDATES, Forecast, Tuned, WINDOWS, forecast, tune};
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

/// How the forecasts of one class of series did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClassReport {
    /// How the series sold until the origin.
    pub class: DemandClass,
    /// Series; one that changed its class counts in both.
    pub series: usize,
    /// Rows forecast.
    pub rows: usize,
    /// Units sold.
    pub sold: f64,
    /// Σ |sold − forecast| / Σ sold; NaN where nothing was sold.
    pub wmape: f64,
    /// Σ (forecast − sold) / Σ sold; NaN where nothing was sold.
    pub bias: f64,
    /// Share of what was sold within the 80 % interval. Of whole pieces it may be more: no interval ends between two.
    pub coverage_80: f64,
    /// Share of what was sold within the 95 % interval.
    pub coverage_95: f64,
    /// How wide the 80 % interval is on average, in units.
    pub width_80: f64,
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
    /// WMAPE of the forecast of the mean, which adds up to what is sold.
    pub mean_wmape: f64,
    /// Bias of the forecast of the mean.
    pub mean_bias: f64,
    /// WMAPE of the median forecast, which is lower and biased.
    pub median_wmape: f64,
    /// Bias of the median forecast.
    pub median_bias: f64,
    /// Share of what was sold within the 80 % interval.
    pub coverage_80: f64,
    /// Share of what was sold within the 95 % interval.
    pub coverage_95: f64,
    /// The classes of series that there are.
    pub classes: Vec<ClassReport>,
    /// WMAPE on the inner windows, where the settings were chosen.
    pub inner_wmape: f64,
    /// Bias there, all windows together: rare large sales make it the less certain of the two.
    pub inner_bias: f64,
    /// The settings chosen inside the training periods.
    pub settings: BTreeMap<String, f64>,
}

/// The back-test from one of several origins.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OriginReport {
    /// The last period that was known.
    pub origin: f64,
    /// The last period that was forecast.
    pub until: f64,
    /// How it did.
    pub report: BacktestReport,
}

/// A back-test from several origins.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RollingReport {
    /// From each origin, the oldest first.
    pub origins: Vec<OriginReport>,
    /// All rows together.
    pub total: BacktestReport,
}

/// Runs the back-test of the request.
pub fn backtest(table: &Table, request: &ForecastRequest) -> Result<BacktestReport> {
    Ok(rolling_backtest(table, request, 1, &nothing_left_out, &|_, _| true)?.total)
}

/// Runs it from `origins` origins, each a horizon after the one before; the last is the request's (Tashman 2000). Settings
/// are chosen once, before the first origin, so that the cost of a further origin is one fit; the intervals of an origin
/// rest on the errors of the inner windows and of the origins before it, all of which are known by then. What an origin
/// leaves out it does not learn from; every row after it is scored, and naive forecasts know what was sold as it was.
pub fn rolling_backtest(
    table: &Table,
    request: &ForecastRequest,
    origins: usize,
    left_out: KnownLeftOut,
    watch: Watch,
) -> Result<RollingReport> {
    let mut pools = pools(table, request)?;
    let horizon = request.test_until - request.train_until;
    if horizon.is_nan() || horizon < 1.0 || origins == 0 {
        return Err(ScienceError::Unsuitable("the test must end after the training periods".to_owned()));
    }
    let first = request.train_until - (origins - 1) as f64 * horizon;
    let steps = CANDIDATES + origins;
    leave_out(&mut pools, &left_out(first), first);
    let mut tuned = tune(&pools, first, horizon, &|done| watch(done, steps))?;
    let (mut all, mut reports, mut all_missed) = (Vec::new(), Vec::new(), 0);
    for number in 0..origins {
        let origin = first + number as f64 * horizon;
        let until = origin + horizon;
        if !watch(CANDIDATES + number, steps) {
            return Err(ScienceError::Stopped);
        }
        leave_out(&mut pools, &left_out(origin), origin);
        tuned.known.retain(|row| pools[row.pool].is_counted[row.place]);
        let window = forecast(&pools, &tuned.settings, origin, until);
        let limits = Limits::new(&tuned.known);
        let judged: Vec<Judged> =
            window.rows.iter().map(|row| Judged::of(row, &limits, &pools[row.pool], request, origin)).collect();
        let is_tested = |time: &&f64| **time > origin && **time <= until;
        let asked: usize = pools.iter().map(|pool| pool.time.iter().filter(is_tested).count()).sum();
        let missed = asked - judged.len();
        let report = report(&judged, missed, &tuned)?;
        reports.push(OriginReport { origin, until, report });
        all_missed += missed;
        all.extend(judged);
        tuned.known.extend(window.rows);
    }
    Ok(RollingReport { origins: reports, total: report(&all, all_missed, &tuned)? })
}

/// A row with what was sold and what each forecast had said.
struct Judged {
    actual: f64,
    point: f64,
    mean: f64,
    median: f64,
    naive: f64,
    seasonal: f64,
    within_80: bool,
    within_95: bool,
    width_80: f64,
    class: DemandClass,
    series: (usize, u32),
}

impl Judged {
    fn of(row: &Forecast, limits: &Limits, pool: &Pool, request: &ForecastRequest, origin: f64) -> Judged {
        let ends = |outside: f64| (limits.at(row, outside), limits.at(row, 1.0 - outside));
        let (between_80, between_95) = (ends(0.1), ends(0.025));
        let within = |(low, high): (f64, f64)| row.actual >= low && row.actual <= high;
        Judged {
            actual: row.actual,
            point: row.blended().exp(),
            mean: row.mean_fit.exp(),
            median: limits.at(row, 0.5),
            naive: last_sold(pool, row.place, origin),
            seasonal: year_before(pool, row.place, request.season_length, origin),
            within_80: within(between_80),
            within_95: within(between_95),
            width_80: between_80.1 - between_80.0,
            class: row.class,
            series: (row.pool, pool.series[row.place]),
        }
    }
}

fn report(rows: &[Judged], not_forecast: usize, tuned: &Tuned) -> Result<BacktestReport> {
    let sold: f64 = rows.iter().map(|row| row.actual).sum();
    if sold <= 0.0 {
        return Err(ScienceError::NotEnough("nothing was sold in the test periods".to_owned()));
    }
    let pairs =
        |of: &dyn Fn(&Judged) -> f64| -> Vec<(f64, f64)> { rows.iter().map(|row| (row.actual, of(row))).collect() };
    let (mean, median) = (pairs(&|row| row.mean), pairs(&|row| row.median));
    let point = pairs(&|row| row.point);
    let model = wmape(&point);
    let score = |name: &str, pairs: &[(f64, f64)]| ForecastScore {
        name: name.to_owned(),
        wmape: wmape(pairs),
        bias: bias(pairs),
        value_added: 1.0 - model / wmape(pairs),
    };
    Ok(BacktestReport {
        rows: rows.len(),
        not_forecast,
        scores: vec![
            score("model", &point),
            score("naive", &pairs(&|row| row.naive)),
            score("seasonal naive", &pairs(&|row| row.seasonal)),
        ],
        mean_wmape: wmape(&mean),
        mean_bias: bias(&mean),
        median_wmape: wmape(&median),
        median_bias: bias(&median),
        coverage_80: share(rows.iter().map(|row| row.within_80)),
        coverage_95: share(rows.iter().map(|row| row.within_95)),
        classes: DemandClass::ALL.into_iter().filter_map(|class| class_report(class, rows)).collect(),
        inner_wmape: tuned.inner_wmape,
        inner_bias: tuned.inner_bias,
        settings: settings(&tuned.settings),
    })
}

fn class_report(class: DemandClass, rows: &[Judged]) -> Option<ClassReport> {
    let of: Vec<&Judged> = rows.iter().filter(|row| row.class == class).collect();
    let pairs: Vec<(f64, f64)> = of.iter().map(|row| (row.actual, row.point)).collect();
    (!of.is_empty()).then(|| ClassReport {
        class,
        series: of.iter().map(|row| row.series).collect::<BTreeSet<_>>().len(),
        rows: of.len(),
        sold: pairs.iter().map(|(sold, _)| sold).sum(),
        wmape: wmape(&pairs),
        bias: bias(&pairs),
        coverage_80: share(of.iter().map(|row| row.within_80)),
        coverage_95: share(of.iter().map(|row| row.within_95)),
        width_80: of.iter().map(|row| row.width_80).sum::<f64>() / of.len() as f64,
    })
}

/// The share that holds; there is at least one.
fn share(all: impl ExactSizeIterator<Item = bool>) -> f64 {
    let count = all.len() as f64;
    all.filter(|holds| *holds).count() as f64 / count
}

pub(super) fn settings(chosen: &super::pooled::Settings) -> BTreeMap<String, f64> {
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
        ("recent_level", chosen.recent),
        ("tree_share", chosen.tree_share),
    ];
    named.into_iter().filter(|(_, value)| value.is_finite()).map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Periods before the first origin without which settings cannot be chosen: the inner windows and ten to learn from.
pub const fn periods_needed(horizon: usize) -> usize {
    const LEARNT: usize = 10;
    WINDOWS * horizon + LEARNT
}

fn wmape(pairs: &[(f64, f64)]) -> f64 {
    let sold: f64 = pairs.iter().map(|(sold, _)| sold).sum();
    pairs.iter().map(|(sold, forecast)| (sold - forecast).abs()).sum::<f64>() / sold
}

fn bias(pairs: &[(f64, f64)]) -> f64 {
    let sold: f64 = pairs.iter().map(|(sold, _)| sold).sum();
    pairs.iter().map(|(sold, forecast)| forecast - sold).sum::<f64>() / sold
}

/// What the series sold in the last period up to the origin.
fn last_sold(pool: &Pool, place: usize, origin: f64) -> f64 {
    let is_known = |other: &usize| pool.series[*other] == pool.series[place] && pool.time[*other] <= origin;
    (0..=place).rev().find(is_known).map_or(0.0, |other| pool.units[other])
}

/// What the series sold in the same period a year before; where that is missing, in the last one.
fn year_before(pool: &Pool, place: usize, season_length: f64, origin: f64) -> f64 {
    let wanted = pool.time[place] - season_length;
    let is_wanted = |other: &usize| pool.series[*other] == pool.series[place] && pool.time[*other] == wanted;
    let found = (0..place).rev().find(is_wanted).filter(|_| wanted <= origin);
    found.map_or_else(|| last_sold(pool, place, origin), |other| pool.units[other])
}

#[cfg(test)]
mod tests {
    use super::{bias, wmape};

    #[test]
    fn errors_are_weighed_by_what_was_sold() {
        let pairs = [(10.0, 8.0), (30.0, 36.0)];
        assert_eq!(wmape(&pairs), 0.2);
        assert_eq!(bias(&pairs), 0.1);
    }
}
