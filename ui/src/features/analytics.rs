//! How we stand in the market: figures, pictures, the products behind them, reports.

pub mod day_by_day;
pub mod drawn;
pub mod filter_bar;
pub mod filter_query;
pub mod groups;
pub mod market_chart;
pub mod overview;
pub mod pivots;
pub mod planned;
pub mod positions;
pub mod promotions;
pub mod reports;
pub mod rows;
