//! Instants in UTC microseconds and calendar days. Nothing here reads a clock.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A calendar day without a time zone.
pub type CivilDate = jiff::civil::Date;

/// Microseconds in an hour.
pub const MICROSECONDS_PER_HOUR: i64 = 3_600_000_000;
/// Microseconds in a day of 24 hours.
pub const MICROSECONDS_PER_DAY: i64 = 24 * MICROSECONDS_PER_HOUR;

/// A moment: microseconds since 1970-01-01T00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Instant(pub i64);

impl Instant {
    /// The moment `hours` later (earlier when negative).
    pub const fn plus_hours(self, hours: i64) -> Self {
        Self(self.0 + hours * MICROSECONDS_PER_HOUR)
    }

    /// The moment `days` of 24 hours later (earlier when negative).
    pub const fn plus_days(self, days: i64) -> Self {
        Self(self.0 + days * MICROSECONDS_PER_DAY)
    }

    /// Hours from `earlier` to this moment, rounded down.
    pub const fn hours_since(self, earlier: Self) -> i64 {
        (self.0 - earlier.0).div_euclid(MICROSECONDS_PER_HOUR)
    }

    /// The day in UTC.
    pub fn utc_date(self) -> CivilDate {
        jiff::Timestamp::from_microsecond(self.0)
            .map(|stamp| stamp.to_zoned(jiff::tz::TimeZone::UTC).date())
            .unwrap_or(CivilDate::ZERO)
    }

    /// Midnight UTC at the start of `date`.
    pub fn at_utc_midnight(date: CivilDate) -> Self {
        let stamp = date.to_zoned(jiff::tz::TimeZone::UTC).map(|zoned| zoned.timestamp().as_microsecond());
        Self(stamp.unwrap_or(0))
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_microsecond(self.0) {
            Ok(stamp) => stamp.fmt(f),
            Err(_) => write!(f, "{} µs", self.0),
        }
    }
}

impl FromStr for Instant {
    type Err = jiff::Error;

    /// Reads ISO 8601 with an offset (`2026-11-01T08:30:00Z`).
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse::<jiff::Timestamp>().map(|stamp| Self(stamp.as_microsecond()))
    }
}

#[cfg(test)]
mod tests {
    use super::Instant;

    #[test]
    fn instants_read_and_write_iso_8601() {
        let noon: Instant = "2026-11-01T12:00:00Z".parse().expect("an instant");
        assert_eq!(noon.to_string(), "2026-11-01T12:00:00Z");
        assert_eq!(noon.plus_hours(-13).utc_date().to_string(), "2026-10-31");
        assert_eq!(Instant::at_utc_midnight(noon.utc_date()).plus_hours(12), noon);
    }
}
