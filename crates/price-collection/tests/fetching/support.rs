//! Collects in tests: settings without waits, a wall clock, all observations in the order of their keys.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use price_collection::{AddressPolicy, CollectSettings, CollectSummary, Observation, Target, collect};
use pricing_domain::Instant;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// Settings for given origins on this machine: no delay, few and quick retries.
pub fn settings(origins: &[&str]) -> CollectSettings {
    CollectSettings {
        delay: Duration::ZERO,
        timeout: Duration::from_secs(5),
        retries: 1,
        backoff_base: Duration::from_millis(20),
        allow_private_addresses: AddressPolicy::AlsoOrigins(origins.iter().map(|&origin| origin.to_owned()).collect()),
        ..CollectSettings::default()
    }
}

pub fn target(key: i64, url: impl Into<String>) -> Target {
    Target::new(key, url)
}

/// The wall clock.
pub fn now() -> Instant {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
    Instant(i64::try_from(elapsed.as_micros()).expect("within i64"))
}

/// Collects everything.
pub async fn collected(targets: Vec<Target>, settings: CollectSettings) -> (Vec<Observation>, CollectSummary) {
    collected_at(targets, settings, now).await
}

/// Collects everything by another clock.
pub async fn collected_at(
    targets: Vec<Target>,
    settings: CollectSettings,
    clock: impl Fn() -> Instant + Send + Sync + Clone + 'static,
) -> (Vec<Observation>, CollectSummary) {
    let (sink, mut source) = mpsc::channel(16);
    let receiving = tokio::spawn(async move {
        let mut all = Vec::new();
        while let Some(observation) = source.recv().await {
            all.push(observation);
        }
        all
    });
    let summary = collect(targets, settings, clock, CancellationToken::new(), sink).await;
    let mut observations = receiving.await.expect("the receiver");
    observations.sort_by_key(|observation: &Observation| observation.key);
    (observations, summary)
}

/// The observation of a single target.
pub async fn collected_one(target: Target, settings: CollectSettings) -> Observation {
    collected(vec![target], settings).await.0.pop().expect("an observation")
}
