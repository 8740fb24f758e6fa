//! The vertical axis: a range around the prices and a few round amounts on it.

use super::PriceHistoryChart;
use crate::scale::{amounts, round_step};

/// The range shown, in minor units, and its ticks from low to high.
pub(super) struct MoneyAxis {
    pub(super) low: i128,
    pub(super) high: i128,
    pub(super) ticks: Vec<MoneyTick>,
}

/// A round amount.
pub(super) struct MoneyTick {
    pub(super) amount_minor: i128,
    pub(super) text: String,
}

/// Chooses range and ticks for prices from `lowest` to `highest` on a plot that is `height` pixels high.
pub(super) fn choose(chart: &PriceHistoryChart, lowest: i64, highest: i64, height: i32) -> MoneyAxis {
    let (mut low, mut high) = padded(i128::from(lowest), i128::from(highest));
    let most = i128::from((height / 48).clamp(3, 6));
    let step = round_step(high - low, most);
    if amounts(low, high, step).count() < 2 {
        low = low.div_euclid(step) * step;
        high = (high.div_euclid(step) + 1) * step;
    }
    let digits = chart.currency.minor_digits();
    let major = 10i128.pow(u32::from(digits));
    let all_whole = amounts(low, high, step).all(|amount| amount % major == 0);
    let text = |amount: i128| match all_whole {
        true => chart.labels.decimal(amount / major, 0),
        false => chart.labels.decimal(amount, digits),
    };
    let ticks = amounts(low, high, step).map(|amount_minor| MoneyTick { amount_minor, text: text(amount_minor) });
    MoneyAxis { low, high, ticks: ticks.collect() }
}

/// An amount with the currency's decimals.
pub(super) fn amount_text(chart: &PriceHistoryChart, amount_minor: i64) -> String {
    chart.labels.decimal(i128::from(amount_minor), chart.currency.minor_digits())
}

/// Adds air above and below. A range of less than 3 % of the price is widened, so that a cent does not look like a
/// crash.
fn padded(lowest: i128, highest: i128) -> (i128, i128) {
    let least = (lowest.abs().max(highest.abs()) * 3 / 100).max(2);
    let missing = (least - (highest - lowest)).max(0);
    let pad = ((highest - lowest) * 8 / 100).max((missing + 1) / 2).max(1);
    let low = lowest - pad;
    (if lowest > 0 { low.max(0) } else { low }, highest + pad)
}

#[cfg(test)]
mod tests {
    use super::padded;

    #[test]
    fn a_single_price_gets_a_range_around_it() {
        assert_eq!(padded(2490, 2490), (2453, 2527));
        assert_eq!(padded(0, 0), (-1, 1));
        assert_eq!(padded(1, 1), (0, 2));
        assert_eq!(padded(1000, 2000), (920, 2080));
    }
}
