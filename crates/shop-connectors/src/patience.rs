//! How long is waited for a shop that asks for patience, and how often something temporary is tried again.

use std::time::{Duration, SystemTime};

use rand::Rng;

/// How patient requests are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// Attempts in all.
    pub attempts: u32,
    /// The first pause; each further one is twice as long.
    pub first_pause: Duration,
    /// No pause is longer. A shop that asks for more is left alone.
    pub longest_pause: Duration,
    /// A request without an answer is given up after this.
    pub timeout: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            attempts: 6,
            first_pause: Duration::from_millis(500),
            longest_pause: Duration::from_secs(60),
            timeout: Duration::from_secs(60),
        }
    }
}

impl Patience {
    /// The pause before attempt `attempt` (from 1), spread by a half, so that many do not come at once.
    pub(crate) fn pause(&self, attempt: u32) -> Duration {
        let doubled = self.first_pause.saturating_mul(1 << attempt.saturating_sub(1).min(16));
        doubled.min(self.longest_pause).mul_f64(rand::rng().random_range(0.5..1.5))
    }
}

/// Statuses that say of themselves that they pass.
pub(crate) const fn is_temporary(status: u16) -> bool {
    matches!(status, 408 | 425 | 429 | 500 | 502 | 503 | 504)
}

/// Reads `Retry-After`: seconds, also with decimals, or a date of HTTP (RFC 9110, 10.2.3).
pub(crate) fn retry_after(value: &str, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    Some(httpdate::parse_http_date(value).ok()?.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::{Patience, retry_after};

    #[test]
    fn retry_after_is_read_in_its_forms() {
        let now = UNIX_EPOCH + Duration::from_secs(784_111_747);
        for (value, seconds) in [
            ("120", Some(120.0)),
            ("2.5", Some(2.5)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(30.0)),
            ("Sun, 06 Nov 1994 08:00:00 GMT", Some(0.0)),
            ("soon", None),
            ("-1", None),
        ] {
            assert_eq!(retry_after(value, now).map(|wait| wait.as_secs_f64()), seconds, "{value}");
        }
    }

    #[test]
    fn pauses_double_up_to_the_longest() {
        let patience = Patience { longest_pause: Duration::from_secs(4), ..Patience::default() };
        for (attempt, expected) in [(1, 0.5), (2, 1.0), (3, 2.0), (4, 4.0), (9, 4.0)] {
            let pause = patience.pause(attempt).as_secs_f64();
            assert!((expected / 2.0..=expected * 1.5).contains(&pause), "{attempt}: {pause}");
        }
    }
}
