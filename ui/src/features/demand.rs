//! What the sales say about demand, and how forecasts from them would have done.

pub mod backtest;
pub mod category;
pub mod elasticity_panel;
pub mod forecast;
pub mod report;
