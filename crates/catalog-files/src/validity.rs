//! When a price begins and ends, as a file says it: in the list's local time, or as a moment.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use pricing_domain::Instant;
use serde::{Deserialize, Serialize};

use crate::cells::iso_date;

/// A beginning or an end. An end is the first moment that no longer counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValidityTime {
    /// By the clock of the price list's time zone.
    Local(DateTime),
    /// The file gave an offset or `Z`.
    Moment(Instant),
}

impl ValidityTime {
    /// The moment, with local times read in `zone`.
    pub fn at(self, zone: &TimeZone) -> Instant {
        match self {
            Self::Moment(instant) => instant,
            Self::Local(local) => {
                let stamp = zone.to_ambiguous_timestamp(local).compatible();
                Instant(stamp.map_or(i64::MAX, |stamp| stamp.as_microsecond()))
            }
        }
    }

    /// As it is read again, always with its time of day.
    pub(crate) fn text(self) -> String {
        match self {
            Self::Moment(instant) => instant.to_string(),
            Self::Local(local) => local.to_string(),
        }
    }

    /// A date alone begins at midnight.
    pub(crate) fn parse_start(text: &str) -> Option<Self> {
        Self::parse(text)
    }

    /// A date alone counts to its end: the midnight after it.
    pub(crate) fn parse_end(text: &str) -> Option<Self> {
        match iso_date(text) {
            Some(date) => Some(Self::Local(date.tomorrow().ok()?.to_datetime(jiff::civil::Time::midnight()))),
            None => Self::parse(text),
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let date = iso_date(text.get(..10)?)?;
        if text.len() == 10 {
            return Some(Self::Local(date.to_datetime(jiff::civil::Time::midnight())));
        }
        // WooCommerce writes hours without a leading zero: `2026-11-01 9:30:00`.
        let padded = has_short_hour(text).then(|| format!("{}0{}", &text[..11], &text[11..]));
        let text = padded.as_deref().unwrap_or(text);
        if let Ok(stamp) = text.parse::<jiff::Timestamp>() {
            return Some(Self::Moment(Instant(stamp.as_microsecond())));
        }
        text.parse::<DateTime>().ok().map(Self::Local)
    }

    /// Whether it is earlier; `true` where a local time and a moment lie too close to tell without a time zone.
    pub(crate) fn is_before(self, later: Self) -> bool {
        const WIDEST_OFFSET_HOURS: i64 = 26;
        let slack = match (self, later) {
            (Self::Local(_), Self::Local(_)) | (Self::Moment(_), Self::Moment(_)) => 0,
            _ => WIDEST_OFFSET_HOURS,
        };
        self.at(&TimeZone::UTC) < later.at(&TimeZone::UTC).plus_hours(slack)
    }
}

fn has_short_hour(text: &str) -> bool {
    matches!(text.as_bytes(), [_, _, _, _, _, _, _, _, _, _, b' ' | b'T', b'0'..=b'9', b':', ..])
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::ValidityTime;

    fn utc(time: Option<ValidityTime>) -> String {
        time.expect("a time").at(&TimeZone::UTC).to_string()
    }

    #[test]
    fn dates_cover_their_whole_day() {
        assert_eq!(utc(ValidityTime::parse_start("2026-11-30")), "2026-11-30T00:00:00Z");
        assert_eq!(utc(ValidityTime::parse_end("2026-11-30")), "2026-12-01T00:00:00Z");
        assert_eq!(utc(ValidityTime::parse_end("2026-11-30T18:00")), "2026-11-30T18:00:00Z");
        assert_eq!(utc(ValidityTime::parse_start("2026-11-30T18:00:00+02:00")), "2026-11-30T16:00:00Z");
        assert_eq!(utc(ValidityTime::parse_start("2026-11-30 9:05:00")), "2026-11-30T09:05:00Z");
        assert_eq!(utc(ValidityTime::parse_end("2026-11-30 0:00:00")), "2026-11-30T00:00:00Z");
        assert_eq!(ValidityTime::parse_start("30.11.2026"), None);
        assert_eq!(ValidityTime::parse_start("2026-11-30 later"), None);
    }

    #[test]
    fn local_times_follow_the_zone_of_the_list() {
        let zone = TimeZone::fixed(jiff::tz::offset(1));
        let start = ValidityTime::parse_start("2026-11-30").expect("a time");
        assert_eq!(start.at(&zone).to_string(), "2026-11-29T23:00:00Z");
    }
}
