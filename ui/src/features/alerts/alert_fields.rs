//! What the form of an alert begins with, and the words of its choices.

use pricing_domain::{
    AlertCondition, AlertDirection, AlertKind, AlertPrice, AlertRule, AlertWays, MarketFilter, PriceListId,
};

use crate::formats::time_zone;

/// A new alert: the lowest offer moves by five percent.
pub fn new_rule(list: PriceListId) -> AlertRule {
    AlertRule {
        name: String::new(),
        condition: condition_of(AlertKind::ChangesBy),
        filter: MarketFilter::of_list(list),
        words: String::new(),
        tolerance_bp: 0,
        tell_end: false,
        ways: AlertWays { desktop: true, ..AlertWays::default() },
        quiet: None,
        digest_minute: None,
        time_zone: time_zone(),
        paused: false,
    }
}

/// What a kind begins with.
pub const fn condition_of(kind: AlertKind) -> AlertCondition {
    match kind {
        AlertKind::PriceCrosses => AlertCondition::PriceCrosses {
            whose: AlertPrice::Lowest,
            amount_minor: 10_000,
            direction: AlertDirection::Down,
        },
        AlertKind::ChangesBy => {
            AlertCondition::ChangesBy { whose: AlertPrice::Lowest, change_bp: 500, direction: AlertDirection::Either }
        }
        AlertKind::PositionLost => AlertCondition::PositionLost { place: 1 },
        AlertKind::OutOfStock => AlertCondition::OutOfStock,
        AlertKind::MapViolated => AlertCondition::MapViolated,
        AlertKind::IndexOutside => AlertCondition::IndexOutside { from_centi: 9_700, to_centi: 10_300 },
        AlertKind::CollectionFailing => AlertCondition::CollectionFailing { share_bp: 2_000 },
        AlertKind::MarginBelow => AlertCondition::MarginBelow { margin_bp: 1_000 },
    }
}

/// The kinds with their words.
pub fn kinds() -> Vec<(&'static str, &'static str)> {
    let words = |kind: AlertKind| match kind {
        AlertKind::PriceCrosses => "A price crosses an amount",
        AlertKind::ChangesBy => "A price changes by a share",
        AlertKind::PositionLost => "We lose our place",
        AlertKind::OutOfStock => "A competitor has sold out",
        AlertKind::MapViolated => "Somebody advertises below MAP",
        AlertKind::IndexOutside => "The price index leaves a band",
        AlertKind::CollectionFailing => "A competitor's pages give no price",
        AlertKind::MarginBelow => "Our margin falls below a share",
    };
    AlertKind::ALL.iter().map(|kind| (kind.as_str(), words(*kind))).collect()
}

/// Whose price, with words.
pub const WHOSE: [(&str, &str); 3] =
    [("lowest", "The lowest offer"), ("competitor", "Each competitor's price"), ("own", "Our price")];

/// Directions, with words.
pub const DIRECTIONS: [(&str, &str); 3] = [("down", "Falls"), ("up", "Rises"), ("either", "Falls or rises")];

/// “08:30” as minutes after midnight.
pub fn minute_of(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.get(..2)?.parse().ok()?);
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

/// Minutes after midnight as “08:30”.
pub fn time_of(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

#[cfg(test)]
mod tests {
    use pricing_domain::AlertKind;

    use super::{condition_of, kinds, minute_of, time_of};

    #[test]
    fn times_come_back_as_they_were_written() {
        for minute in [0, 7 * 60, 510, 1_439] {
            assert_eq!(minute_of(&time_of(minute)), Some(minute));
        }
        assert_eq!((minute_of("24:00"), minute_of("x"), minute_of("08:30:00")), (None, None, Some(510)));
    }

    #[test]
    fn every_kind_begins_as_itself_and_has_words() {
        for kind in AlertKind::ALL {
            assert_eq!(condition_of(*kind).kind(), *kind);
        }
        assert_eq!(kinds().len(), AlertKind::ALL.len());
    }
}
