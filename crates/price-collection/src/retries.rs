//! How long to wait before a further attempt.

use std::time::{Duration, UNIX_EPOCH};

use pricing_domain::Instant;
use rand::Rng;

/// A shop cannot send us away for longer than this; further ahead is taken as this.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// Statuses that say of themselves that they pass.
pub(crate) const fn is_temporary(status: u16) -> bool {
    matches!(status, 429 | 500 | 502 | 503 | 504)
}

/// Reads `Retry-After`: seconds, or a date of HTTP (RFC 9110, 10.2.3). None when it is neither.
pub(crate) fn retry_after(value: &str, now: Instant) -> Option<Duration> {
    let value = value.trim();
    let wait = if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        value.parse().map_or(LONGEST_RETRY_AFTER, Duration::from_secs)
    } else {
        let date = httpdate::parse_http_date(value).ok()?;
        let now = UNIX_EPOCH + Duration::from_micros(u64::try_from(now.0).ok()?);
        date.duration_since(now).unwrap_or_default()
    };
    Some(wait.min(LONGEST_RETRY_AFTER))
}

/// Doubles with each attempt (from 0), and is spread from half to one and a half, so that many do not come at once.
pub(crate) fn backoff(base: Duration, attempt: u32, longest: Duration) -> Duration {
    let doubled = base.saturating_mul(1 << attempt.min(16)).min(longest);
    doubled.mul_f64(rand::rng().random_range(0.5..1.5))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use pricing_domain::Instant;

    use super::{backoff, retry_after};

    fn now() -> Instant {
        "1994-11-06T08:49:07Z".parse().expect("an instant")
    }

    #[test]
    fn retry_after_is_read_in_both_forms() {
        for (value, seconds) in [
            ("120", Some(120)),
            (" 0 ", Some(0)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(30)),
            ("Sunday, 06-Nov-94 08:49:37 GMT", Some(30)),
            ("Sun Nov  6 08:49:37 1994", Some(30)),
            ("Sun, 06 Nov 1994 08:00:00 GMT", Some(0)),
            ("99999999999999999999999", Some(604_800)),
            ("soon", None),
            ("-5", None),
            ("", None),
        ] {
            assert_eq!(retry_after(value, now()), seconds.map(Duration::from_secs), "{value}");
        }
    }

    #[test]
    fn waits_double_with_jitter_up_to_the_longest() {
        let base = Duration::from_millis(100);
        for attempt in 0..5 {
            let expected = base * 2u32.pow(attempt);
            let wait = backoff(base, attempt, Duration::from_secs(60));
            assert!(wait >= expected / 2 && wait <= expected * 3 / 2, "{attempt}: {wait:?}");
        }
        assert!(backoff(base, 60, Duration::from_secs(1)) <= Duration::from_millis(1_500));
    }
}
