//! What is remembered of each origin: whose turn it is, when the next request may go, its robots.txt, its pace, what
//! was spent of its daily budget, whether it is left alone, its cookies.
//!
//! An origin is scheme, host and port, so that shops on one loopback address are apart. Everything can be kept and
//! brought back ([`Origins::states`], [`Origins::restore`]), so that nothing about a host is forgotten at a restart.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use cookie_store::CookieStore;
use pricing_domain::{Instant as Moment, MICROSECONDS_PER_DAY};
use tokio::sync::MutexGuard;
use tokio::time::{Instant, sleep_until};
use url::Url;

use crate::origin_states::OriginState;
use crate::pace::Pace;
use crate::robots_cache::CachedRobots;

/// The memory of all origins; clones share it.
#[derive(Clone, Debug, Default)]
pub struct Origins(Arc<Mutex<HashMap<String, Arc<Origin>>>>);

impl Origins {
    pub(crate) fn of(&self, url: &Url) -> Arc<Origin> {
        self.named(&url.origin().ascii_serialization())
    }

    pub(crate) fn named(&self, origin: &str) -> Arc<Origin> {
        let mut known = lock(&self.0);
        match known.get(origin) {
            Some(origin) => Arc::clone(origin),
            None => Arc::clone(known.entry(origin.to_owned()).or_default()),
        }
    }

    /// What changed of the origins since the last call, as it can be kept.
    pub fn states(&self, now: Moment) -> Vec<OriginState> {
        let known: Vec<_> = lock(&self.0).iter().map(|(name, origin)| (name.clone(), Arc::clone(origin))).collect();
        let changed = known.into_iter().filter(|(_, origin)| origin.changed.swap(false, Ordering::AcqRel));
        changed.map(|(name, origin)| origin.state(name, now)).collect()
    }

    /// Brings back what was kept. Origins that are known already stay as they are.
    ///
    /// `unsaved`: for how long before a crash something may not have been kept; first requests wait so much longer.
    pub fn restore(&self, states: Vec<OriginState>, now: Moment, unsaved: Duration) {
        let mut known = lock(&self.0);
        for state in states {
            known.entry(state.origin.clone()).or_insert_with(|| Arc::new(Origin::of_state(state, now, unsaved)));
        }
    }

    /// What is remembered of some origins, for people.
    pub fn views(&self, origins: &[String], now: Moment) -> Vec<OriginState> {
        origins.iter().map(|name| self.named(name).state(name.clone(), now)).collect()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One origin.
#[derive(Debug, Default)]
pub(crate) struct Origin {
    gate: tokio::sync::Mutex<Gate>,
    paused_until: Mutex<Option<Instant>>,
    pub(crate) pace: Mutex<Pace>,
    pub(crate) breaks: Mutex<Breaks>,
    budget: Mutex<Budget>,
    pub(crate) cookies: Mutex<CookieStore>,
    pub(crate) robots: tokio::sync::Mutex<Option<CachedRobots>>,
    /// The place of the proxy it was fetched through last.
    proxy: AtomicUsize,
    changed: AtomicBool,
}

#[derive(Debug, Default)]
struct Gate {
    free_at: Option<Instant>,
}

/// Requests of a day.
#[derive(Clone, Copy, Debug, Default)]
struct Budget {
    /// Days since 1970, UTC.
    day: i64,
    sent: u32,
}

/// The circuit breaker: a shop that blocks or is silent again and again is left alone, longer each time.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Breaks {
    /// How often in a row.
    pub(crate) times: u32,
    pub(crate) until: Option<Moment>,
}

/// The first break; the following ones double.
const FIRST_BREAK_MINUTES: i64 = 10;
/// Most doublings: ten hours and a half.
const MOST_DOUBLINGS: u32 = 6;

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
        // A timer that is due already still waits for the next tick.
        if let Some(free_at) = gate.free_at.filter(|free_at| *free_at > Instant::now()) {
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

    /// Counts a request that is about to be sent.
    pub(crate) fn sending(&self, now: Moment) {
        let today = day_of(now);
        let mut budget = lock(&self.budget);
        if budget.day != today {
            *budget = Budget { day: today, sent: 0 };
        }
        budget.sent += 1;
        self.touch();
    }

    /// Requests sent today.
    pub(crate) fn sent_today(&self, now: Moment) -> u32 {
        let budget = *lock(&self.budget);
        if budget.day == day_of(now) { budget.sent } else { 0 }
    }

    /// The gap to keep now; see [`Pace::gap`].
    pub(crate) fn gap(&self, promised: Duration, step: Duration) -> Duration {
        lock(&self.pace).gap(promised, step)
    }

    /// Notes that an answer came, and how long it took.
    pub(crate) fn answered(&self, latency: Duration) {
        lock(&self.pace).answered(latency);
        self.touch();
    }

    /// Notes a refusal or a block page.
    pub(crate) fn refused(&self) {
        lock(&self.pace).refused();
        self.touch();
    }

    /// Notes a page as it should be: it also ends a series of breaks.
    pub(crate) fn welcomed(&self) {
        lock(&self.pace).welcomed();
        *lock(&self.breaks) = Breaks::default();
        self.touch();
    }

    /// Leaves the origin alone for a while, longer each time.
    pub(crate) fn break_off(&self, now: Moment) {
        let mut breaks = lock(&self.breaks);
        let minutes = FIRST_BREAK_MINUTES << breaks.times.min(MOST_DOUBLINGS);
        breaks.times += 1;
        breaks.until = Some(Moment(now.0 + minutes * 60_000_000));
        self.touch();
    }

    /// Until when the origin is left alone.
    pub(crate) fn on_break(&self, now: Moment) -> Option<Moment> {
        lock(&self.breaks).until.filter(|until| now < *until)
    }

    /// Whether the visits before ended in a break: then one bad visit is enough for the next.
    pub(crate) fn is_on_trial(&self) -> bool {
        lock(&self.breaks).times > 0
    }

    /// Sends nothing to this origin for a while.
    pub(crate) fn pause_for(&self, wait: Duration) {
        let mut paused = lock(&self.paused_until);
        let until = Instant::now() + wait;
        if paused.is_none_or(|before| before < until) {
            *paused = Some(until);
        }
        self.touch();
    }

    fn pause(&self) -> Option<Instant> {
        lock(&self.paused_until).filter(|until| *until > Instant::now())
    }

    pub(crate) fn proxy(&self) -> usize {
        self.proxy.load(Ordering::Relaxed)
    }

    pub(crate) fn keep_proxy(&self, place: usize) {
        self.proxy.store(place, Ordering::Relaxed);
    }

    /// Notes that something is to be kept.
    pub(crate) fn touch(&self) {
        self.changed.store(true, Ordering::Release);
    }

    fn state(&self, origin: String, now: Moment) -> OriginState {
        let ahead = |until: Instant| {
            let left = until.saturating_duration_since(Instant::now());
            Moment(now.0.saturating_add(i64::try_from(left.as_micros()).unwrap_or(i64::MAX)))
        };
        let (budget, breaks, pace) = (*lock(&self.budget), *lock(&self.breaks), lock(&self.pace).clone());
        // While a request is under way the gap has not begun: it is taken to end now.
        let free_at = self.gate.try_lock().ok().and_then(|gate| gate.free_at).map_or(now, ahead);
        let mut cookies = Vec::new();
        let kept = cookie_store::serde::json::save_incl_expired_and_nonpersistent(&lock(&self.cookies), &mut cookies);
        OriginState {
            origin,
            free_at,
            paused_until: self.pause().map(ahead),
            day: budget.day,
            sent: budget.sent,
            breaks: breaks.times,
            on_break_until: breaks.until,
            slowness: pace.slowness,
            good: pace.good,
            latency_ms: u64::try_from(pace.latency.as_millis()).unwrap_or(u64::MAX),
            cookies: kept.ok().and_then(|()| String::from_utf8(cookies).ok()).filter(|text| text.trim() != "[]"),
            robots: self.robots.try_lock().ok().and_then(|robots| robots.as_ref().map(CachedRobots::kept)),
        }
    }

    fn of_state(state: OriginState, now: Moment, unsaved: Duration) -> Self {
        let here = |moment: Moment| {
            let left = u64::try_from(moment.0.saturating_sub(now.0)).unwrap_or(0);
            Instant::now() + Duration::from_micros(left)
        };
        let unsaved = i64::try_from(unsaved.as_micros()).unwrap_or(i64::MAX);
        let cookies =
            state.cookies.as_deref().and_then(|text| cookie_store::serde::json::load_all(text.as_bytes()).ok());
        Self {
            gate: tokio::sync::Mutex::new(Gate {
                free_at: Some(here(Moment(state.free_at.0.saturating_add(unsaved)))),
            }),
            paused_until: Mutex::new(state.paused_until.map(here)),
            pace: Mutex::new(Pace {
                slowness: state.slowness,
                good: state.good,
                latency: Duration::from_millis(state.latency_ms),
                refusals: 0,
            }),
            breaks: Mutex::new(Breaks { times: state.breaks, until: state.on_break_until }),
            budget: Mutex::new(Budget { day: state.day, sent: state.sent }),
            cookies: Mutex::new(cookies.unwrap_or_default()),
            robots: tokio::sync::Mutex::new(state.robots.map(CachedRobots::of_kept)),
            proxy: AtomicUsize::new(0),
            changed: AtomicBool::new(false),
        }
    }
}

const fn day_of(now: Moment) -> i64 {
    now.0.div_euclid(MICROSECONDS_PER_DAY)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use pricing_domain::Instant as Moment;
    use url::Url;

    use super::Origins;

    const NOON: Moment = Moment(1_780_000_000_000_000);

    #[tokio::test]
    async fn what_is_kept_of_an_origin_comes_back() {
        let origins = Origins::default();
        let url = Url::parse("https://shop.example/a").expect("an address");
        let origin = origins.of(&url);
        origin.sending(NOON);
        origin.sending(NOON);
        origin.refused();
        origin.refused();
        origin.break_off(NOON);
        origin.pause_for(Duration::from_secs(3_600));
        super::lock(&origin.cookies).parse("basket=1; Path=/", &url).expect("a cookie");
        let states = origins.states(NOON);
        assert!(origins.states(NOON).is_empty(), "nothing changed since");
        let text = serde_json::to_string(&states).expect("JSON");

        let again = Origins::default();
        again.restore(serde_json::from_str(&text).expect("states"), NOON, Duration::ZERO);
        let origin = again.of(&url);
        assert_eq!(origin.sent_today(NOON), 2);
        assert_eq!(origin.sent_today(NOON.plus_days(1)), 0, "another day, another budget");
        assert_eq!(origin.on_break(NOON), Some(Moment(NOON.0 + 600_000_000)));
        assert!(origin.gap(Duration::from_secs(1), Duration::from_secs(1)) > Duration::from_secs(1));
        assert!(origin.turn(Duration::ZERO, Duration::from_secs(1)).await.is_err(), "the pause it asked for holds");
        assert!(super::lock(&origin.cookies).contains("shop.example", "/", "basket"));
    }

    #[test]
    fn breaks_grow_and_a_good_page_ends_them() {
        let origins = Origins::default();
        let origin = origins.named("https://shop.example");
        let minutes = |now| origin.on_break(now).map(|until| (until.0 - NOON.0) / 60_000_000);
        origin.break_off(NOON);
        assert_eq!(minutes(NOON), Some(10));
        origin.break_off(NOON);
        assert_eq!(minutes(NOON), Some(20));
        (0..20).for_each(|_| origin.break_off(NOON));
        assert_eq!(minutes(NOON), Some(640));
        assert!(origin.is_on_trial() && origin.on_break(NOON.plus_hours(11)).is_none());
        origin.welcomed();
        assert!(!origin.is_on_trial());
    }
}
