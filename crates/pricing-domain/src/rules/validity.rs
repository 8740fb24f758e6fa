//! When a rule is in force: days, weekdays and hours in the price list's time zone.

use serde::{Deserialize, Serialize};

use crate::text_enum::text_enum;
use crate::time::CivilDate;

text_enum! {
    /// A day of the week.
    Weekday {
        /// Monday.
        Monday = "monday",
        /// Tuesday.
        Tuesday = "tuesday",
        /// Wednesday.
        Wednesday = "wednesday",
        /// Thursday.
        Thursday = "thursday",
        /// Friday.
        Friday = "friday",
        /// Saturday.
        Saturday = "saturday",
        /// Sunday.
        Sunday = "sunday",
    }
}

/// When a rule is in force. Everything that is stated must hold; nothing stated: always.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Validity {
    /// From this day on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<CivilDate>,
    /// Up to and with this day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<CivilDate>,
    /// On these days of the week; empty: on all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub weekdays: Vec<Weekday>,
    /// Within these hours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hours: Option<Hours>,
}

/// Hours of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
    /// From this full hour, 0 to 23.
    pub from: u8,
    /// Up to this full hour, 1 to 24; below `from`: past midnight.
    pub to: u8,
}

impl Validity {
    /// Whether nothing is stated.
    pub fn is_always(&self) -> bool {
        *self == Self::default()
    }

    /// Whether it holds on a day, at an hour of it.
    pub fn holds(&self, day: CivilDate, weekday: Weekday, hour: u8) -> bool {
        let in_hours = |hours: Hours| {
            if hours.from < hours.to {
                (hours.from..hours.to).contains(&hour)
            } else {
                hour >= hours.from || hour < hours.to
            }
        };
        self.from.is_none_or(|from| day >= from)
            && self.to.is_none_or(|to| day <= to)
            && (self.weekdays.is_empty() || self.weekdays.contains(&weekday))
            && self.hours.is_none_or(in_hours)
    }
}

#[cfg(test)]
mod tests {
    use super::{Hours, Validity, Weekday};

    #[test]
    fn everything_that_is_stated_must_hold() {
        let day = |text: &str| text.parse().expect("a day");
        let weekend = Validity {
            from: Some(day("2026-11-27")),
            to: Some(day("2026-11-30")),
            weekdays: vec![Weekday::Friday, Weekday::Saturday],
            hours: Some(Hours { from: 22, to: 6 }),
        };
        assert!(
            weekend.holds(day("2026-11-27"), Weekday::Friday, 23)
                && weekend.holds(day("2026-11-28"), Weekday::Saturday, 5)
        );
        assert!(!weekend.holds(day("2026-11-27"), Weekday::Friday, 6));
        assert!(!weekend.holds(day("2026-11-30"), Weekday::Monday, 23));
        assert!(!weekend.holds(day("2026-12-04"), Weekday::Friday, 23));
        assert!(Validity::default().holds(day("1999-01-01"), Weekday::Friday, 0));
    }
}
