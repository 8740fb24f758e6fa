//! When an alert is sent: at once, after the quiet hours, or with the others of a day; and when it is tried again.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use pricing_domain::{AlertQuiet, Instant};

const MINUTES_OF_A_DAY: u16 = 24 * 60;
const SECOND: i64 = 1_000_000;
/// Waits between attempts. After the last one it is given up.
const WAITS_MINUTES: [i64; 5] = [1, 5, 30, 120, 360];

/// What follows a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextAttempt {
    /// Another one.
    At(Instant),
    /// None: it is given up.
    Never,
}

/// When something that happened at `now` is sent, in the local time of `zone`.
///
/// With a digest: at the next time the local clock shows that minute. Without: at once. What would fall into the quiet
/// hours is sent when they end. A local time that a change of the clock skips is the first one after it.
pub fn send_at(now: Instant, zone: &TimeZone, quiet: Option<AlertQuiet>, digest_minute: Option<u16>) -> Instant {
    let wanted = digest_minute.map_or(now, |minute| next_minute(now, zone, minute));
    match quiet.filter(|quiet| is_quiet(wanted, zone, *quiet)) {
        Some(quiet) => next_minute(wanted, zone, quiet.to_minute),
        None => wanted,
    }
}

/// When a failed attempt, the `attempts`-th from 1, is followed by another one.
pub fn after_failure(now: Instant, attempts: u32) -> NextAttempt {
    let place = usize::try_from(attempts.max(1) - 1).unwrap_or(usize::MAX);
    WAITS_MINUTES.get(place).map_or(NextAttempt::Never, |wait| NextAttempt::At(Instant(now.0 + wait * 60 * SECOND)))
}

fn is_quiet(at: Instant, zone: &TimeZone, quiet: AlertQuiet) -> bool {
    let Some(minute) = minute_of_day(at, zone) else { return false };
    let (from, to) = (quiet.from_minute % MINUTES_OF_A_DAY, quiet.to_minute % MINUTES_OF_A_DAY);
    if from <= to { (from..to).contains(&minute) } else { minute >= from || minute < to }
}

fn minute_of_day(at: Instant, zone: &TimeZone) -> Option<u16> {
    let time = jiff::Timestamp::from_microsecond(at.0).ok()?.to_zoned(zone.clone()).time();
    u16::try_from(i32::from(time.hour()) * 60 + i32::from(time.minute())).ok()
}

/// The next moment, `now` included, at which the local clock shows a minute after midnight.
fn next_minute(now: Instant, zone: &TimeZone, minute: u16) -> Instant {
    let Ok(stamp) = jiff::Timestamp::from_microsecond(now.0) else { return now };
    let today = stamp.to_zoned(zone.clone()).date();
    let days = (0..=2).filter_map(|ahead| today.checked_add(jiff::Span::new().days(ahead)).ok());
    let moments = days.filter_map(|day| moment(day, zone, minute % MINUTES_OF_A_DAY));
    moments.into_iter().find(|at| *at >= now).unwrap_or(now)
}

fn moment(day: Date, zone: &TimeZone, minute: u16) -> Option<Instant> {
    let (hour, minute) = (i8::try_from(minute / 60).ok()?, i8::try_from(minute % 60).ok()?);
    let zoned = day.at(hour, minute, 0, 0).to_zoned(zone.clone()).ok()?;
    Some(Instant(zoned.timestamp().as_microsecond()))
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use pricing_domain::{AlertQuiet, Instant};
    use proptest::prelude::{prop_assert, proptest};

    use super::{NextAttempt, after_failure, is_quiet, send_at};

    fn at(text: &str) -> Instant {
        text.parse().expect("an instant")
    }

    fn berlin() -> TimeZone {
        TimeZone::get("Europe/Berlin").expect("a zone")
    }

    const NIGHT: AlertQuiet = AlertQuiet { from_minute: 22 * 60, to_minute: 7 * 60 };

    #[test]
    fn what_happens_is_sent_at_once_or_when_the_quiet_hours_end() {
        let cases = [
            // (happens, quiet, digest, sent); Berlin is one hour ahead of UTC in winter, two in summer.
            ("2026-11-20T10:00:00Z", None, None, "2026-11-20T10:00:00Z"),
            ("2026-11-20T10:00:00Z", Some(NIGHT), None, "2026-11-20T10:00:00Z"),
            ("2026-11-20T21:00:00Z", Some(NIGHT), None, "2026-11-21T06:00:00Z"),
            ("2026-11-21T05:59:59Z", Some(NIGHT), None, "2026-11-21T06:00:00Z"),
            ("2026-11-21T06:00:00Z", Some(NIGHT), None, "2026-11-21T06:00:00Z"),
            ("2026-07-20T20:30:00Z", Some(NIGHT), None, "2026-07-21T05:00:00Z"),
            // A digest at 08:30.
            ("2026-11-20T07:29:00Z", None, Some(510), "2026-11-20T07:30:00Z"),
            ("2026-11-20T07:31:00Z", None, Some(510), "2026-11-21T07:30:00Z"),
            ("2026-11-20T07:30:00Z", None, Some(510), "2026-11-20T07:30:00Z"),
            // A digest in the quiet hours waits for their end.
            ("2026-11-20T12:00:00Z", Some(NIGHT), Some(6 * 60), "2026-11-21T06:00:00Z"),
        ];
        for (now, quiet, digest, sent) in cases {
            assert_eq!(send_at(at(now), &berlin(), quiet, digest), at(sent), "{now} {quiet:?} {digest:?}");
        }
    }

    #[test]
    fn a_digest_keeps_its_local_hour_when_the_clock_changes() {
        // 25 October 2026: clocks go back at 03:00, 29 March forward at 02:00.
        let (zone, eight) = (berlin(), Some(8 * 60));
        assert_eq!(send_at(at("2026-10-24T12:00:00Z"), &zone, None, eight), at("2026-10-25T07:00:00Z"));
        assert_eq!(send_at(at("2026-10-23T12:00:00Z"), &zone, None, eight), at("2026-10-24T06:00:00Z"));
        let skipped = send_at(at("2026-03-28T12:00:00Z"), &zone, None, Some(150));
        assert_eq!(skipped, at("2026-03-29T01:30:00Z"), "02:30 does not exist; it is 03:30 then");
    }

    #[test]
    fn attempts_become_rarer_and_end() {
        let now = at("2026-11-20T10:00:00Z");
        assert_eq!(after_failure(now, 1), NextAttempt::At(at("2026-11-20T10:01:00Z")));
        assert_eq!(after_failure(now, 5), NextAttempt::At(at("2026-11-20T16:00:00Z")));
        assert_eq!(after_failure(now, 6), NextAttempt::Never);
    }

    proptest! {
        #[test]
        fn nothing_is_sent_in_quiet_hours_or_before_it_happened(
            minutes in 0i64..1_000_000,
            from_minute in 0u16..1_440,
            to_minute in 0u16..1_440,
            digest in proptest::option::of(0u16..1_440),
        ) {
            let now = Instant(at("2026-01-01T00:00:00Z").0 + minutes * 60_000_000);
            let quiet = AlertQuiet { from_minute, to_minute };
            let zone = berlin();
            let sent = send_at(now, &zone, Some(quiet), digest);
            prop_assert!(sent >= now);
            prop_assert!(sent.0 - now.0 <= 2 * 25 * 3_600_000_000i64);
            prop_assert!(!is_quiet(sent, &zone, quiet), "sent at {sent}");
        }
    }
}
