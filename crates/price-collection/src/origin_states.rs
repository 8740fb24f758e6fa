//! An origin's memory as it is kept between starts.

use pricing_domain::Instant;
use serde::{Deserialize, Serialize};

/// What is kept of one origin. Times are by the wall clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OriginState {
    /// Scheme, host and port.
    pub origin: String,
    /// When the next request may be sent.
    pub free_at: Instant,
    /// The shop asked to be left alone until then (`Retry-After`), or a wait after a failure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paused_until: Option<Instant>,
    /// The day (since 1970, UTC) of `sent`.
    pub day: i64,
    /// Requests sent on that day.
    pub sent: u32,
    /// How often in a row the origin was left alone after blocks or silence.
    #[serde(default)]
    pub breaks: u32,
    /// Until when it is left alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_break_until: Option<Instant>,
    /// Doublings of the gap after refusals.
    #[serde(default)]
    pub slowness: u32,
    /// Good answers in a row.
    #[serde(default)]
    pub good: u32,
    /// How long the last answer took.
    #[serde(default)]
    pub latency_ms: u64,
    /// The cookie jar (JSON); none: it is empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cookies: Option<String>,
    /// robots.txt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub robots: Option<KeptRobots>,
}

/// A robots.txt as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptRobots {
    /// When it was asked for.
    pub read_at: Instant,
    /// Until when it is believed.
    pub until: Instant,
    /// Its text; none where there is none, and where it cannot be reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Why it cannot be reached: then nothing may be fetched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unreachable: Option<String>,
}

impl OriginState {
    /// Requests sent on the day of `now`.
    pub const fn sent_on(&self, now: Instant) -> u32 {
        if now.0.div_euclid(pricing_domain::MICROSECONDS_PER_DAY) == self.day { self.sent } else { 0 }
    }

    /// The gap that is kept now where `delay_ms` is set, with what robots.txt asks for, slow answers and refusals.
    pub fn gap_ms(&self, product_token: &str, delay_ms: u64) -> u64 {
        let text = self.robots.as_ref().and_then(|robots| robots.text.as_deref()).unwrap_or_default();
        let asked = crate::robots::Robots::parse(text.as_bytes()).crawl_delay(product_token).unwrap_or_default();
        let pace = crate::pace::Pace {
            slowness: self.slowness,
            good: self.good,
            latency: std::time::Duration::from_millis(self.latency_ms),
            refusals: 0,
        };
        let promised = std::time::Duration::from_millis(delay_ms).max(asked);
        let step = crate::pace::step(promised, crate::settings::CollectSettings::default().backoff_base);
        u64::try_from(pace.gap(promised, step).as_millis()).unwrap_or(u64::MAX)
    }

    /// What robots.txt means for a product token (`OmniPriceX`), in words; `None`: it was not asked for yet.
    pub fn robots_in_words(&self, product_token: &str) -> Option<String> {
        let robots = self.robots.as_ref()?;
        if let Some(reason) = &robots.unreachable {
            return Some(format!("{reason}: nothing may be fetched"));
        }
        let Some(text) = &robots.text else { return Some("no robots.txt: everything may be fetched".to_owned()) };
        let parsed = crate::robots::Robots::parse(text.as_bytes());
        let front = parsed.allowed(product_token, "/");
        let mut words = match (front.allowed, front.rule) {
            (true, _) => "robots.txt permits the front page".to_owned(),
            (false, Some(rule)) => format!("robots.txt forbids the front page: {rule}"),
            (false, None) => "robots.txt forbids the front page".to_owned(),
        };
        if let Some(delay) = parsed.crawl_delay(product_token) {
            words.push_str(&format!("; it asks for {} seconds between requests", delay.as_secs_f64()));
        }
        Some(words)
    }
}
