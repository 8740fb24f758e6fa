//! Forecasts of units for each product and store: level, trend, season, promotion and price, with intervals that were
//! measured on weeks the model had not seen, and a back-test beside the naive forecasts.
//!
//! Series of a pool (a product in all stores) share their coefficients; each series deviates from them as far as its own
//! data carries it (Hoerl and Kennard 1970; Laird and Ware 1982). Two fits are blended: one of the logarithm, which aims
//! at the median, and one by Poisson pseudo maximum likelihood, which aims at the mean; boosted trees may add what both
//! leave over. What sells seldom (Syntetos, Boylan and Croston 2005) is forecast by the second alone, in whole pieces of a
//! negative binomial law. How strongly coefficients are held back and how fast the past is forgotten are chosen by rolling origins
//! inside the training weeks (Tashman 2000); so are the intervals, from the errors there. Rows that are left out, by what is
//! known at an origin, are not learnt from and give no errors; what is forecast is scored as it was sold.

mod ahead;
mod backtest;
mod boosted;
mod classes;
mod counts;
mod levels;
mod limits;
mod panel;
mod pooled;
mod tuning;

pub use ahead::{AheadPeriod, AheadReport, forecast_ahead};
pub use backtest::{
    BacktestReport, ClassReport, ForecastScore, OriginReport, RollingReport, backtest, periods_needed, rolling_backtest,
};
pub use classes::DemandClass;
pub use panel::{ForecastRequest, KnownLeftOut, LeftOut, nothing_left_out};

/// Hears (steps done, steps in all) and says whether to go on; otherwise the work ends as stopped.
pub type Watch<'a> = &'a dyn Fn(usize, usize) -> bool;

#[cfg(test)]
mod tests;
