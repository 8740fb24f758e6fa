//! What is remembered of each origin: whose turn it is, when the next request may go, and its robots.txt.
//!
//! An origin is scheme, host and port, so that shops on one loopback address are apart.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::MutexGuard;
use tokio::time::{Instant, sleep_until};
use url::Url;

use crate::robots_cache::CachedRobots;

/// The memory of all origins; clones share it.
#[derive(Clone, Debug, Default)]
pub struct Origins(Arc<Mutex<HashMap<String, Arc<Origin>>>>);

impl Origins {
    pub(crate) fn of(&self, url: &Url) -> Arc<Origin> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(known.entry(url.origin().ascii_serialization()).or_default())
    }
}

/// One origin.
#[derive(Debug, Default)]
pub(crate) struct Origin {
    gate: tokio::sync::Mutex<Gate>,
    paused_until: Mutex<Option<Instant>>,
    pace: Mutex<Pace>,
    pub(crate) robots: tokio::sync::Mutex<Option<CachedRobots>>,
}

#[derive(Debug, Default)]
struct Gate {
    free_at: Option<Instant>,
}

/// How much slower than asked for an origin is visited.
#[derive(Debug, Default)]
struct Pace {
    /// Doublings of the further gap; 0: none.
    slowness: u32,
    /// Good answers in a row.
    good: u32,
    /// How long the last answer took.
    latency: Duration,
}

/// Most doublings of the further gap.
const SLOWEST: u32 = 6;
/// So many good answers in a row take one doubling back.
const GOOD_FOR_FASTER: u32 = 5;
/// A slow shop gets at most this much of a longer gap.
const LONGEST_LATENCY: Duration = Duration::from_secs(10);

/// The shop asked for a longer pause than this collection can wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct AskedToWait {
    pub(crate) seconds: u64,
}

/// The right to send one request. The gap begins when it is given back, also by cancelling.
pub(crate) struct Turn<'a> {
    gate: MutexGuard<'a, Gate>,
    gap: Duration,
}

impl Turn<'_> {
    /// Keeps another gap than was promised when the turn began.
    pub(crate) fn set_gap(&mut self, gap: Duration) {
        self.gap = gap;
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.gate.free_at = Some(Instant::now() + self.gap);
    }
}

impl Origin {
    /// Waits until a request may be sent: nobody else's is under way, the gap is over, and so is the shop's pause.
    pub(crate) async fn turn(&self, gap: Duration, longest_wait: Duration) -> Result<Turn<'_>, AskedToWait> {
        let gate = self.gate.lock().await;
        if let Some(free_at) = gate.free_at {
            sleep_until(free_at).await;
        }
        while let Some(until) = self.pause() {
            let left = until.saturating_duration_since(Instant::now());
            if left > longest_wait {
                return Err(AskedToWait { seconds: left.as_secs() });
            }
            sleep_until(until).await;
        }
        Ok(Turn { gate, gap })
    }

    /// The gap to keep now: as promised, as long as the last answer took where there is a gap at all, and longer after
    /// refusals (by `step`, doubled with each), so that the shop is visited slower instead of harder.
    pub(crate) fn gap(&self, promised: Duration, step: Duration) -> Duration {
        let pace = self.pace();
        let latency = if promised.is_zero() { Duration::ZERO } else { pace.latency.min(LONGEST_LATENCY) };
        promised.max(latency) + step * ((1 << pace.slowness) - 1)
    }

    /// Notes that an answer came, and how long it took.
    pub(crate) fn answered(&self, latency: Duration) {
        self.pace().latency = latency;
    }

    /// Notes a refusal or a block page.
    pub(crate) fn refused(&self) {
        let mut pace = self.pace();
        pace.slowness = (pace.slowness + 1).min(SLOWEST);
        pace.good = 0;
    }

    /// Notes a page as it should be.
    pub(crate) fn welcomed(&self) {
        let mut pace = self.pace();
        pace.good += 1;
        if pace.good >= GOOD_FOR_FASTER {
            pace.slowness = pace.slowness.saturating_sub(1);
            pace.good = 0;
        }
    }

    fn pace(&self) -> std::sync::MutexGuard<'_, Pace> {
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends nothing to this origin for a while.
    pub(crate) fn pause_for(&self, wait: Duration) {
        let mut paused = self.paused_until.lock().unwrap_or_else(PoisonError::into_inner);
        let until = Instant::now() + wait;
        if paused.is_none_or(|before| before < until) {
            *paused = Some(until);
        }
    }

    fn pause(&self) -> Option<Instant> {
        let paused = self.paused_until.lock().unwrap_or_else(PoisonError::into_inner);
        paused.filter(|until| *until > Instant::now())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Origin;

    const STEP: Duration = Duration::from_millis(100);

    #[test]
    fn refusals_slow_down_and_good_answers_bring_the_pace_back() {
        let origin = Origin::default();
        let gap = || origin.gap(Duration::from_secs(1), STEP);
        assert_eq!(gap(), Duration::from_secs(1));
        origin.refused();
        assert_eq!(gap(), Duration::from_millis(1_100));
        origin.refused();
        assert_eq!(gap(), Duration::from_millis(1_300));
        (0..10).for_each(|_| origin.welcomed());
        assert_eq!(gap(), Duration::from_secs(1));
        (0..100).for_each(|_| origin.refused());
        assert_eq!(gap(), Duration::from_millis(7_300));
    }

    #[test]
    fn a_slow_shop_gets_a_longer_gap_where_one_is_kept() {
        let origin = Origin::default();
        origin.answered(Duration::from_secs(3));
        assert_eq!(origin.gap(Duration::from_secs(1), STEP), Duration::from_secs(3));
        assert_eq!(origin.gap(Duration::ZERO, STEP), Duration::ZERO);
        origin.answered(Duration::from_secs(60));
        assert_eq!(origin.gap(Duration::from_secs(1), STEP), Duration::from_secs(10));
    }
}
