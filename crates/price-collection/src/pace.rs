//! How much slower than asked for an origin is visited.

use std::time::Duration;

/// Most doublings of the further gap.
const SLOWEST: u32 = 6;
/// So many good answers in a row take one doubling back.
const GOOD_FOR_FASTER: u32 = 5;
/// A slow shop gets at most this much of a longer gap.
const LONGEST_LATENCY: Duration = Duration::from_secs(10);

/// The least further gap.
const LEAST_STEP: Duration = Duration::from_millis(50);

/// The further gap after refusals: as long as the promised one, and never longer than a wait before a further attempt.
pub(crate) fn step(promised: Duration, backoff_base: Duration) -> Duration {
    promised.max(LEAST_STEP).min(backoff_base)
}

/// What refusals and slow answers have made of an origin's pace.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pace {
    /// Doublings of the further gap; 0: none.
    pub(crate) slowness: u32,
    /// Good answers in a row.
    pub(crate) good: u32,
    /// Refusals in a row: a single one is rather about its page than about the pace.
    pub(crate) refusals: u32,
    /// How long the last answer took.
    pub(crate) latency: Duration,
}

impl Pace {
    /// The gap to keep now: as promised, as long as the last answer took where there is a gap at all, and longer after
    /// refusals in a row (by `step`, doubled with each), so that the shop is visited slower instead of harder.
    pub(crate) fn gap(&self, promised: Duration, step: Duration) -> Duration {
        let latency = if promised.is_zero() { Duration::ZERO } else { self.latency.min(LONGEST_LATENCY) };
        promised.max(latency) + step * ((1 << self.slowness.min(SLOWEST)) - 1)
    }

    /// Notes how long an answer took.
    pub(crate) fn answered(&mut self, latency: Duration) {
        self.latency = latency;
    }

    /// Notes a refusal or a block page.
    pub(crate) fn refused(&mut self) {
        self.refusals += 1;
        if self.refusals > 1 {
            self.slowness = (self.slowness + 1).min(SLOWEST);
        }
        self.good = 0;
    }

    /// Notes a page as it should be.
    pub(crate) fn welcomed(&mut self) {
        self.refusals = 0;
        self.good += 1;
        if self.good >= GOOD_FOR_FASTER {
            self.slowness = self.slowness.saturating_sub(1);
            self.good = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Pace;

    const STEP: Duration = Duration::from_millis(100);
    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn refusals_slow_down_and_good_answers_bring_the_pace_back() {
        let mut pace = Pace::default();
        pace.refused();
        assert_eq!(pace.gap(SECOND, STEP), SECOND, "one page that is refused is no pace that is too fast");
        pace.refused();
        assert_eq!(pace.gap(SECOND, STEP), Duration::from_millis(1_100));
        pace.refused();
        assert_eq!(pace.gap(SECOND, STEP), Duration::from_millis(1_300));
        (0..10).for_each(|_| pace.welcomed());
        assert_eq!(pace.gap(SECOND, STEP), SECOND);
        (0..100).for_each(|_| pace.refused());
        assert_eq!(pace.gap(SECOND, STEP), Duration::from_millis(7_300));
    }

    #[test]
    fn a_slow_shop_gets_a_longer_gap_where_one_is_kept() {
        let mut pace = Pace::default();
        pace.answered(Duration::from_secs(3));
        assert_eq!(pace.gap(SECOND, STEP), Duration::from_secs(3));
        assert_eq!(pace.gap(Duration::ZERO, STEP), Duration::ZERO);
        pace.answered(Duration::from_secs(60));
        assert_eq!(pace.gap(SECOND, STEP), Duration::from_secs(10));
    }
}
