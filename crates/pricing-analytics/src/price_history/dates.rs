//! Instants as the words of an axis or a sentence. Days are days in UTC.

use pricing_domain::{Instant, MICROSECONDS_PER_DAY, MICROSECONDS_PER_HOUR};

pub(crate) const MINUTE: i64 = MICROSECONDS_PER_HOUR / 60;

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Whether the instant has a calendar day with room for ticks around it.
pub(crate) fn in_calendar(at: Instant) -> bool {
    (1..=9998).contains(&at.utc_date().year())
}

/// “Nov”.
pub(crate) fn month(at: Instant) -> &'static str {
    MONTHS[usize::from(at.utc_date().month().unsigned_abs()) - 1]
}

/// “12 Nov”.
pub(crate) fn day(at: Instant) -> String {
    format!("{} {}", at.utc_date().day(), month(at))
}

/// “12 Nov 2026”.
pub(crate) fn full_day(at: Instant) -> String {
    format!("{} {}", day(at), at.utc_date().year())
}

/// “14:30”.
pub(crate) fn clock(at: Instant) -> String {
    let minutes = at.0.rem_euclid(MICROSECONDS_PER_DAY) / MINUTE;
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// The shortest words that tell `at` from `now`: the clock on the same day, the day in the same year, else all of it.
pub(crate) fn relative_to(at: Instant, now: Instant) -> String {
    let (date, today) = (at.utc_date(), now.utc_date());
    match (date == today, date.year() == today.year()) {
        (true, _) => clock(at),
        (_, true) => day(at),
        _ => full_day(at),
    }
}

#[cfg(test)]
mod tests {
    use pricing_domain::Instant;

    use super::{in_calendar, relative_to};

    #[test]
    fn a_day_is_named_as_shortly_as_the_present_allows() {
        let at = |text: &str| text.parse::<Instant>().expect("an instant");
        let now = at("2026-11-30T16:00:00Z");
        assert_eq!(relative_to(at("2026-11-30T09:05:00Z"), now), "09:05");
        assert_eq!(relative_to(at("2026-01-02T09:05:00Z"), now), "2 Jan");
        assert_eq!(relative_to(at("2025-12-31T23:59:59Z"), now), "31 Dec 2025");
        assert!(in_calendar(now) && !in_calendar(Instant(i64::MAX)) && !in_calendar(Instant(i64::MIN)));
    }
}
