//! Two years of the retailer's own prices and sales, ending the day before the demo begins.

mod posted;
mod sales;

pub(crate) use posted::{PostedPrice, day_at, posted_prices};
pub(crate) use sales::{Sale, sales, sales_on};

/// How many days the history covers.
pub(crate) const DAYS: i64 = 730;
