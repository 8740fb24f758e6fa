//! A forecast of periods that have not come yet, with prices and promotions as they are planned.
//!
//! Mean and median are two statements. The mean is the Poisson fit's, which estimates it without a way back from
//! logarithms (Santos Silva and Tenreyro 2006), so that it adds up over periods; the median is where half of the errors
//! at rolling origins lie below, and what sells with a skew sells less than its mean in most periods (Duan 1983).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Watch;
use super::backtest::settings;
use super::classes::DemandClass;
use super::limits::Limits;
use super::panel::{ForecastRequest, LeftOut, leave_out, pools};
use super::tuning::{CANDIDATES, forecast, tune};
use crate::error::{Result, ScienceError};
use crate::table::Table;

/// What is expected of a period.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct AheadPeriod {
    /// The row of the table.
    pub row: usize,
    /// The period.
    pub time: f64,
    /// Half of such periods sell less.
    pub median: f64,
    /// What such periods sell on average.
    pub mean: f64,
    /// The ends of the 80 % interval.
    pub between_80: (f64, f64),
    /// The ends of the 95 % interval.
    pub between_95: (f64, f64),
    /// How its series sold so far. What sells seldom has its median and its intervals in whole pieces.
    pub class: DemandClass,
}

/// A forecast ahead.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AheadReport {
    /// A period for each row of the table that lies ahead, in the order of pools, series and time.
    pub periods: Vec<AheadPeriod>,
    /// Errors of past forecasts that the intervals rest on.
    pub errors: usize,
    /// WMAPE of those forecasts.
    pub inner_wmape: f64,
    /// Their bias.
    pub inner_bias: f64,
    /// The settings chosen.
    pub settings: BTreeMap<String, f64>,
}

/// Forecasts the rows after `train_until`; their units are not looked at. Settings and intervals come from four windows
/// before, each as long as the forecast reaches. Nothing is learnt from the rows of the table that are left out.
pub fn forecast_ahead(
    table: &Table,
    request: &ForecastRequest,
    left_out: &[LeftOut],
    watch: Watch,
) -> Result<AheadReport> {
    let mut pools = pools(table, request)?;
    leave_out(&mut pools, left_out, request.train_until);
    let horizon = request.test_until - request.train_until;
    if horizon.is_nan() || horizon < 1.0 {
        return Err(ScienceError::Unsuitable("the forecast must end after the periods that are known".to_owned()));
    }
    let tuned = tune(&pools, request.train_until, horizon, &|done| watch(done, CANDIDATES))?;
    let limits = Limits::new(&tuned.known);
    let window = forecast(&pools, &tuned.settings, request.train_until, request.test_until);
    let periods: Vec<AheadPeriod> = window
        .rows
        .iter()
        .map(|row| {
            let between = |outside: f64| (limits.at(row, outside), limits.at(row, 1.0 - outside));
            AheadPeriod {
                row: pools[row.pool].rows[row.place],
                time: row.time,
                median: limits.at(row, 0.5),
                mean: row.mean_fit.exp(),
                between_80: between(0.1),
                between_95: between(0.025),
                class: row.class,
            }
        })
        .collect();
    if periods.is_empty() {
        return Err(ScienceError::NotEnough("no period lies ahead that could be forecast".to_owned()));
    }
    Ok(AheadReport {
        periods,
        errors: limits.count(),
        inner_wmape: tuned.inner_wmape,
        inner_bias: tuned.inner_bias,
        settings: settings(&tuned.settings),
    })
}
