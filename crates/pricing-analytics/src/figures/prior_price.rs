//! The prior price of a reduction.

use pricing_domain::{Instant, Ratio};

/// A stretch with one of our own prices, of any kind: regular, promotion, error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AppliedPrice {
    /// Since when.
    pub from: Instant,
    /// Until when; `None`: still.
    pub to: Option<Instant>,
    /// In minor units.
    pub amount_minor: i64,
}

/// What a reduction is announced against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PriorPrice {
    /// The lowest price of the days before, in minor units; `None` where none is known.
    pub amount_minor: Option<i64>,
    /// Whether prices are known over all of those days without a gap; otherwise the amount is unproven.
    pub proven: bool,
}

/// The prior price of a reduction that starts at a moment: the lowest price applied in the `days` before it, promotions
/// and errors included. `prices` come in any order; prices that begin with the reduction or after it do not count.
///
/// Source: Directive 98/6/EC, article 6a, with at least 30 days.
pub fn prior_price(prices: &[AppliedPrice], starts: Instant, days: u32) -> PriorPrice {
    let since = starts.plus_days(-i64::from(days));
    let ends = |price: &AppliedPrice| price.to.unwrap_or(starts).min(starts);
    let mut applied: Vec<&AppliedPrice> =
        prices.iter().filter(|price| price.from < starts && ends(price) > since && ends(price) > price.from).collect();
    applied.sort_by_key(|price| price.from);
    let mut known_to = since;
    for price in &applied {
        if price.from > known_to {
            break;
        }
        known_to = known_to.max(ends(price));
    }
    PriorPrice { amount_minor: applied.iter().map(|price| price.amount_minor).min(), proven: known_to >= starts }
}

/// The reduction that may be announced: 1 − price ÷ prior price.
pub fn reduction(price_minor: i64, prior_minor: i64) -> Option<Ratio> {
    (prior_minor > 0).then(|| Ratio {
        numerator: i128::from(prior_minor) - i128::from(price_minor),
        denominator: i128::from(prior_minor),
    })
}

#[cfg(test)]
mod tests {
    use pricing_domain::{Instant, Ratio};

    use super::{AppliedPrice, prior_price, reduction};

    fn price(from: i64, to: Option<i64>, amount_minor: i64) -> AppliedPrice {
        let day = |day: i64| Instant(0).plus_days(day);
        AppliedPrice { from: day(from), to: to.map(day), amount_minor }
    }

    #[test]
    fn the_example_of_the_definition_gives_its_prior_price() {
        // Regular 100, 79 on three days, 75 two weeks later.
        let prices = [price(0, None, 10_000), price(83, Some(86), 7_900), price(100, Some(107), 7_500)];
        let prior = prior_price(&prices, Instant(0).plus_days(100), 30);
        assert_eq!((prior.amount_minor, prior.proven), (Some(7_900), true));
        assert_eq!(reduction(7_500, 7_900), Some(Ratio { numerator: 400, denominator: 7_900 }), "5.1 %");
    }

    #[test]
    fn a_gap_or_too_little_history_is_unproven() {
        let starts = Instant(0).plus_days(100);
        assert!(!prior_price(&[price(80, None, 10_000)], starts, 30).proven);
        assert!(!prior_price(&[price(60, Some(80), 9_000), price(81, None, 10_000)], starts, 30).proven);
        assert!(prior_price(&[price(60, Some(80), 9_000), price(80, None, 10_000)], starts, 30).proven);
        assert_eq!(prior_price(&[], starts, 30).amount_minor, None);
        assert_eq!(
            prior_price(&[price(0, Some(70), 5_000), price(70, None, 9_000)], starts, 30).amount_minor,
            Some(9_000)
        );
    }
}
