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
    pub(crate) robots: tokio::sync::Mutex<Option<CachedRobots>>,
}

#[derive(Debug, Default)]
struct Gate {
    free_at: Option<Instant>,
}

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
