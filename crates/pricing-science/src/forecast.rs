//! Forecasts of units for each product and store: level, trend, season, promotion and price, with intervals that were
//! measured on weeks the model had not seen, and a back-test beside the naive forecasts.
//!
//! Series of a pool (a product in all stores) share their coefficients; each series deviates from them as far as its own
//! data carries it (Hoerl and Kennard 1970; Laird and Ware 1982). Two fits are blended: one of the logarithm, which aims
//! at the median, and one by Poisson pseudo maximum likelihood, which aims at the mean; boosted trees may add what both
//! leave over. How strongly coefficients are held back and how fast the past is forgotten are chosen by rolling origins inside the training weeks (Tashman 2000); so are the intervals, from the errors there (split
//! conformal, Vovk et al. 2005; Lei et al. 2018).

mod backtest;
mod boosted;
mod panel;
mod pooled;
mod tuning;

pub use backtest::{BacktestReport, ForecastScore, backtest};
pub use panel::ForecastRequest;
