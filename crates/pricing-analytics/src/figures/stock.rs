//! How long the stock lasts.

use pricing_domain::Ratio;

/// Days of the reference period of units.
const REFERENCE_DAYS: i128 = 28;

/// Days of cover: stock ÷ (units of 28 days ÷ 28). `None` where nothing was sold; a stock below zero covers no day.
pub fn days_of_cover(stock: i64, units_28d_milli: i64) -> Option<Ratio> {
    (units_28d_milli > 0).then(|| Ratio {
        numerator: i128::from(stock.max(0)) * REFERENCE_DAYS * 1_000,
        denominator: i128::from(units_28d_milli),
    })
}
