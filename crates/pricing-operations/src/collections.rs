//! Collecting competitor prices: due pages are fetched politely, what is read is recorded in short transactions, so
//! that stopping loses nothing.

use std::time::{Duration, Instant as Stopwatch};

use app_contract::{
    CollectionReport, CollectionRun, CollectionSettings, CollectionView, CompetitorCoverage, FailureGroup, FailurePage,
    FailureRow,
};
use price_collection::{AddressPolicy, CollectSettings, Observation, Target, collect};
use price_extraction::{Extraction, SiteHints};
use pricing_domain::{Condition, Confidence, Currency, ExtractionMethod, OfferKind, ReadState};
use pricing_store::{Durability, ReadOffer, Reading, ReadingCounts};
use tokio::sync::mpsc;

use crate::{OperationError, Progress, Workspace};

/// Readings recorded in one transaction, unless time is up first.
const READINGS_A_WRITE: usize = 200;
/// Longest time a reading waits for its transaction.
const WRITE_INTERVAL: Duration = Duration::from_secs(1);
/// Sold-out pages and the like are looked at again after as long as others; these wait longer.
const GONE_INTERVAL_HOURS: i64 = 24 * 7;

/// What is added up while a collection runs.
#[derive(Default)]
struct Tally {
    counts: ReadingCounts,
    states: Vec<(ReadState, u64)>,
}

impl Tally {
    fn note(&mut self, state: ReadState) {
        match self.states.iter_mut().find(|(known, _)| *known == state) {
            Some((_, count)) => *count += 1,
            None => self.states.push((state, 1)),
        }
    }

    fn add(&mut self, counts: ReadingCounts) {
        self.counts.prices += counts.prices;
        self.counts.moved += counts.moved;
        self.counts.failed += counts.failed;
    }

    const fn pages(&self) -> u64 {
        self.counts.prices + self.counts.failed
    }
}

impl Workspace {
    /// Collects the pages that are due, or all. Stopping keeps what was read.
    ///
    /// `private_origins`: origins on this machine or network that may be visited, such as the sample's shops.
    pub async fn collect(
        &self,
        all: bool,
        private_origins: &[String],
        progress: &Progress,
    ) -> Result<CollectionReport, OperationError> {
        let started = Stopwatch::now();
        let due = self.store.due_listings(self.now(), all).await?;
        let total = u64::try_from(due.len()).unwrap_or(u64::MAX);
        let settings = self.collection_settings().await?;
        let currency = self.store.price_lists().await?.first().map(|list| list.currency);
        let targets = due.into_iter().map(|listing| Target {
            key: listing.key,
            url: listing.url,
            hints: serde_json::from_str::<SiteHints>(&listing.hints).unwrap_or_default(),
            etag: listing.etag,
            last_modified: listing.last_modified,
        });
        let (sink, mut observations) = mpsc::channel(READINGS_A_WRITE);
        let clock = self.clock.clone();
        let running = tokio::spawn(collect(
            targets.collect(),
            self.fetch_settings(&settings, private_origins),
            move || clock(),
            progress.cancel.clone(),
            sink,
        ));
        let run = self.begin_run().await?;
        let mut tally = Tally::default();
        let mut waiting: Vec<Reading> = Vec::with_capacity(READINGS_A_WRITE);
        let mut write_at = tokio::time::Instant::now() + WRITE_INTERVAL;
        loop {
            let received = tokio::time::timeout_at(write_at, observations.recv()).await;
            let ended = matches!(received, Ok(None));
            if let Ok(Some(observation)) = received {
                tally.note(observation.state);
                waiting.push(self.reading(observation, &settings, currency));
            }
            if waiting.len() >= READINGS_A_WRITE || ended || tokio::time::Instant::now() >= write_at {
                tally.add(self.record(run, &waiting).await?);
                waiting.clear();
                write_at = tokio::time::Instant::now() + WRITE_INTERVAL;
                progress.at(tally.pages(), Some(total), "Reading pages");
            }
            if ended {
                break;
            }
        }
        let summary = running.await.map_err(|error| OperationError::fault(error.to_string()))?;
        self.finish_run(run, &tally, summary.cancelled).await?;
        tally.states.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        Ok(CollectionReport {
            pages: tally.pages(),
            prices: tally.counts.prices,
            moved: tally.counts.moved,
            states: tally.states,
            cancelled: summary.cancelled,
            elapsed_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        })
    }

    pub(crate) fn fetch_settings(&self, settings: &CollectionSettings, private_origins: &[String]) -> CollectSettings {
        CollectSettings {
            delay: Duration::from_millis(settings.delay_ms),
            timeout: Duration::from_secs(u64::from(settings.timeout_seconds)),
            retries: settings.retries,
            allow_private_addresses: match private_origins {
                [] => AddressPolicy::PublicOnly,
                origins => AddressPolicy::AlsoOrigins(origins.to_vec()),
            },
            origins: self.origins.clone(),
            ..CollectSettings::default()
        }
    }

    fn reading(&self, observed: Observation, settings: &CollectionSettings, currency: Option<Currency>) -> Reading {
        let hours = match observed.state {
            ReadState::Gone | ReadState::NotProduct => GONE_INTERVAL_HOURS,
            _ => i64::from(settings.interval_hours),
        };
        let extraction = observed.extraction;
        let offer = extraction.as_ref().and_then(|extraction| offer_of(observed.state, extraction, currency));
        let (state, reason) = match (observed.state, &offer) {
            (ReadState::Product, None) => {
                (ReadState::NoPrice, "The page names a price without a currency that can be told.".to_owned())
            }
            (state, _) => (state, observed.reason),
        };
        Reading {
            listing_key: observed.key,
            at: observed.started_at,
            due_at: observed.started_at.plus_hours(hours),
            state,
            reason,
            title: extraction.and_then(|extraction| extraction.title),
            offer,
            url: observed.url,
            sha256: observed.body_sha256.map(|digest| digest.to_vec()),
        }
    }

    async fn begin_run(&self) -> Result<i64, OperationError> {
        let mut op = self.begin("collect", Durability::Facts).await?;
        let run = op.begin_run().await?;
        op.commit("Began collecting", false).await?;
        Ok(run)
    }

    async fn record(&self, run: i64, readings: &[Reading]) -> Result<ReadingCounts, OperationError> {
        if readings.is_empty() {
            return Ok(ReadingCounts::default());
        }
        let mut op = self.begin("record_readings", Durability::Facts).await?;
        let counts = op.record_readings(readings).await?;
        op.update_run(run, counts, None, false).await?;
        op.commit(&format!("Recorded {} readings", readings.len()), false).await?;
        Ok(counts)
    }

    async fn finish_run(&self, run: i64, tally: &Tally, cancelled: bool) -> Result<(), OperationError> {
        let mut op = self.begin("collect", Durability::Facts).await?;
        op.update_run(run, ReadingCounts::default(), Some(self.now()), cancelled).await?;
        let words = if cancelled { "Stopped collecting" } else { "Collected" };
        let summary = format!("{words}: {} pages, {} prices", tally.pages(), tally.counts.prices);
        op.commit(&summary, false).await?;
        Ok(())
    }

    /// How collection stands.
    pub async fn collection(&self) -> Result<CollectionView, OperationError> {
        let now = self.now();
        let (listings, due) = self.store.listing_counts(now).await?;
        let settings = self.collection_settings().await?;
        let competitors = self.store.competitor_coverage(now).await?;
        let slowest = competitors.iter().map(|competitor| competitor.due).max().unwrap_or(0);
        let runs = self.store.collection_runs(20).await?;
        Ok(CollectionView {
            listings,
            due,
            estimate_seconds: slowest * settings.delay_ms.max(50) / 1000,
            runs: runs
                .into_iter()
                .map(|run| CollectionRun {
                    started_at: run.started_at,
                    finished_at: run.finished_at,
                    pages: run.pages,
                    prices: run.counts.prices,
                    moved: run.counts.moved,
                    failed: run.counts.failed,
                    cancelled: run.cancelled,
                })
                .collect(),
            competitors: competitors
                .into_iter()
                .map(|row| CompetitorCoverage {
                    id: row.id,
                    name: row.name,
                    origins: origins_of(&row.sample_urls),
                    listings: row.listings,
                    fresh: row.fresh,
                    due: row.due,
                    last_read: row.last_read,
                })
                .collect(),
            failures: self.failure_groups().await?,
        })
    }

    pub(crate) async fn failure_groups(&self) -> Result<Vec<FailureGroup>, OperationError> {
        let counts = self.store.failure_counts().await?;
        Ok(counts
            .into_iter()
            .map(|(state, count)| FailureGroup { state, advice: state.advice().to_owned(), count })
            .collect())
    }

    /// The listings whose newest reading ended in a state.
    pub async fn failures(&self, state: ReadState, offset: u64, limit: u32) -> Result<FailurePage, OperationError> {
        let (matching, rows) = self.store.list_failures(state, offset, limit.min(500)).await?;
        let rows = rows.into_iter().map(|row| FailureRow {
            listing: row.listing,
            product: row.product,
            sku: row.sku,
            name: row.name,
            competitor: row.competitor,
            url: row.url,
            reason: row.reason,
            at: row.at,
            last_price: row.last_price,
            last_seen: row.last_seen,
        });
        Ok(FailurePage { matching, offset, rows: rows.collect() })
    }
}

/// The offer of a page, where it has one that a price can be decided by. A page that names no currency is taken to be
/// in the default list's; two decimals too many for the currency are no price.
fn offer_of(state: ReadState, extraction: &Extraction, default: Option<Currency>) -> Option<ReadOffer> {
    if state != ReadState::Product {
        return None;
    }
    let currency = extraction.currency.or(default)?;
    let amount_minor = extraction.price?.to_minor(currency).filter(|amount| *amount > 0)?;
    let minor = |amount: Option<price_extraction::Amount>| amount.and_then(|amount| amount.to_minor(currency));
    let was_minor = minor(extraction.list_price).filter(|was| *was > amount_minor);
    Some(ReadOffer {
        amount_minor,
        currency,
        kind: if was_minor.is_some() { OfferKind::Promotion } else { OfferKind::Regular },
        availability: extraction.availability,
        condition: extraction.condition.unwrap_or(Condition::New),
        was_minor,
        shipping_minor: minor(extraction.shipping),
        promotion_text: extraction.promotion.clone(),
        confidence: if extraction.currency.is_none() { Confidence::Low } else { extraction.confidence },
        method: extraction.method.unwrap_or(ExtractionMethod::Visible),
        fragment: extraction.fragment.clone(),
    })
}

fn origins_of(urls: &[String]) -> Vec<String> {
    let mut origins: Vec<String> = urls
        .iter()
        .filter_map(|url| url::Url::parse(url).ok())
        .map(|url| url.origin().ascii_serialization())
        .filter(|origin| origin != "null")
        .collect();
    origins.dedup();
    origins
}
