//! Collecting competitor prices: due pages are fetched politely, what is read is judged and recorded in short
//! transactions, so that stopping loses nothing.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant as Stopwatch};

use app_contract::{CollectionReport, CollectionSettings, KEPT_PAGES_DAYS};
use price_collection::{
    AddressPolicy, CollectSettings, Observation, OriginState, Shortcut, SiteRules, Target, collect,
};
use price_extraction::{Extraction, Recipe, SiteHints};
use pricing_domain::{Condition, Confidence, Currency, ExtractionMethod, Instant, OfferKind, ReadState};
use pricing_store::{CachePolicyText, CollectionScope, DueListing, Durability, ReadOffer, Reading, ReadingCounts};
use tokio::sync::mpsc;

use crate::competitor_settings::site_rules;
use crate::listed_changes::ListedChanges;
use crate::trust::{Judge, Unjudged};
use crate::{OperationError, Progress, Workspace};

/// Readings recorded in one transaction, unless time is up first.
const READINGS_A_WRITE: usize = 200;
/// Longest time a reading waits for its transaction.
const WRITE_INTERVAL: Duration = Duration::from_secs(1);
/// After a crash something of the last moments may not have been kept; hosts wait so much longer.
const UNSAVED: Duration = Duration::from_secs(2);
/// Sold-out pages and the like are looked at again after as long as others; these wait longer.
const GONE_INTERVAL_HOURS: i64 = 24 * 7;
/// The version of the reader: what an older one read is read anew, also where the page has not changed.
pub(crate) const READER: &str = env!("CARGO_PKG_VERSION");

/// What is added up while a collection runs.
#[derive(Default)]
struct Tally {
    counts: ReadingCounts,
    states: Vec<(ReadState, u64)>,
    postponed: Vec<(String, u64)>,
}

impl Tally {
    fn note(&mut self, observed: &Observation) {
        if observed.postponed {
            count(&mut self.postponed, |known| *known == observed.reason, || observed.reason.clone());
        } else {
            count(&mut self.states, |known| *known == observed.state, || observed.state);
        }
    }

    fn add(&mut self, counts: ReadingCounts) {
        self.counts.prices += counts.prices;
        self.counts.moved += counts.moved;
        self.counts.failed += counts.failed;
        self.counts.quarantined += counts.quarantined;
    }

    const fn pages(&self) -> u64 {
        self.counts.prices + self.counts.failed
    }

    fn report(mut self, cancelled: bool, started: Stopwatch) -> CollectionReport {
        self.states.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        self.postponed.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        CollectionReport {
            pages: self.pages(),
            prices: self.counts.prices,
            moved: self.counts.moved,
            quarantined: self.counts.quarantined,
            postponed: self.postponed.iter().map(|(_, count)| count).sum(),
            postponed_reasons: self.postponed,
            states: self.states,
            cancelled,
            elapsed_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        }
    }
}

fn count<T>(counts: &mut Vec<(T, u64)>, is: impl Fn(&T) -> bool, new: impl FnOnce() -> T) {
    match counts.iter_mut().find(|(known, _)| is(known)) {
        Some((_, count)) => *count += 1,
        None => counts.push((new(), 1)),
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
        let scope = CollectionScope { all, ..CollectionScope::default() };
        self.collect_scope(&scope, private_origins, progress).await
    }

    /// Collects the pages of a scope that no other run has taken.
    pub async fn collect_scope(
        &self,
        scope: &CollectionScope,
        private_origins: &[String],
        progress: &Progress,
    ) -> Result<CollectionReport, OperationError> {
        let started = Stopwatch::now();
        let turn = self.collecting.start(self, scope).await?;
        let run = turn.run;
        let leased = self.store.leased_listings(run).await?;
        let total = u64::try_from(leased.len()).unwrap_or(u64::MAX);
        let listed = self.listed_changes(&leased, private_origins, progress).await?;
        let (spared, asked) = listed.spare(leased, self.now());
        let targets = self.targets(asked).await?;
        let settings = self.collection_settings().await?;
        self.restore_origins().await?;
        let mut judge = Judge::of(self).await?;
        let currency = self.store.price_lists().await?.first().map(|list| list.currency);
        let (sink, mut observations) = mpsc::channel(READINGS_A_WRITE);
        let clock = self.clock.clone();
        let fetch = self.fetch_settings(&settings, private_origins).await?;
        let running = tokio::spawn(collect(targets, fetch, move || clock(), progress.cancel.clone(), sink));
        let mut tally = Tally::default();
        let mut waiting: Vec<Unjudged> = Vec::with_capacity(READINGS_A_WRITE);
        let mut write_at = tokio::time::Instant::now() + WRITE_INTERVAL;
        for observation in spared {
            tally.note(&observation);
            waiting.push(self.unjudged(observation, &listed, &settings, currency));
        }
        loop {
            let received = tokio::time::timeout_at(write_at, observations.recv()).await;
            let ended = matches!(received, Ok(None));
            if let Ok(Some(observation)) = received {
                tally.note(&observation);
                if !observation.postponed {
                    waiting.push(self.unjudged(observation, &listed, &settings, currency));
                }
            }
            if waiting.len() >= READINGS_A_WRITE || ended || tokio::time::Instant::now() >= write_at {
                let judged = judge.judge(&self.store, std::mem::take(&mut waiting), self.now()).await?;
                tally.add(self.record(run, &judged).await?);
                write_at = tokio::time::Instant::now() + WRITE_INTERVAL;
                progress.at(tally.pages(), Some(total), "Reading pages");
            }
            if ended {
                break;
            }
        }
        let summary = running.await.map_err(|error| OperationError::fault(error.to_string()))?;
        let rest = match tally.postponed.is_empty() || summary.cancelled {
            true => Vec::new(),
            false => self.times_to_go_on(scope, tally.counts.prices > 0).await?,
        };
        self.finish_run(run, &tally, &rest, summary.cancelled).await?;
        drop(turn);
        Ok(tally.report(summary.cancelled, started))
    }

    /// The pages to visit, each with the recipe for its site and the rules of its competitor.
    async fn targets(&self, listings: Vec<DueListing>) -> Result<Vec<Target>, OperationError> {
        let now = self.now();
        let settings = self.settings_by_competitor().await?;
        let rules: HashMap<i64, Arc<SiteRules>> =
            settings.iter().map(|(key, settings)| (*key, Arc::new(site_rules(settings, now)))).collect();
        let recipes = self.recipes_by_competitor().await?;
        let usual = Arc::default();
        Ok(listings
            .into_iter()
            .map(|listing| {
                let recipes = recipes.get(&listing.competitor_key).map_or(&[][..], Vec::as_slice);
                let cache = listing.cache.filter(|(reader, _)| reader == READER);
                let mut hints = hints(recipes, &listing.url)
                    .unwrap_or_else(|| serde_json::from_str(&listing.hints).unwrap_or_default());
                let rules = Arc::clone(rules.get(&listing.competitor_key).unwrap_or(&usual));
                if rules.shortcut != Shortcut::None && hints.currency.is_none() {
                    // The shorter way names no currency: it is taken once the page has told it.
                    hints.currency = listing.currency.as_deref().and_then(|code| Currency::new(code).ok());
                }
                Target {
                    key: listing.key,
                    hints,
                    url: listing.url,
                    rules,
                    cache_policy: cache.map(|(_, policy)| policy),
                }
            })
            .collect())
    }

    pub(crate) async fn fetch_settings(
        &self,
        settings: &CollectionSettings,
        private_origins: &[String],
    ) -> Result<CollectSettings, OperationError> {
        Ok(CollectSettings {
            delay: Duration::from_millis(settings.delay_ms),
            timeout: Duration::from_secs(u64::from(settings.timeout_seconds)),
            retries: settings.retries,
            allow_private_addresses: match private_origins {
                [] => AddressPolicy::PublicOnly,
                origins => AddressPolicy::AlsoOrigins(origins.to_vec()),
            },
            proxies: self.proxy_servers().await?,
            origins: self.origins.clone(),
            ..CollectSettings::default()
        })
    }

    /// Brings back what is remembered of hosts; what this program knows already stays.
    pub(crate) async fn restore_origins(&self) -> Result<(), OperationError> {
        let states = self.store.origin_states().await?;
        let states = states.iter().filter_map(|(_, state)| serde_json::from_str::<OriginState>(state).ok());
        self.origins.restore(states.collect(), self.now(), UNSAVED);
        Ok(())
    }

    fn unjudged(
        &self,
        observed: Observation,
        listed: &ListedChanges,
        settings: &CollectionSettings,
        currency: Option<Currency>,
    ) -> Unjudged {
        let hours = match observed.state {
            ReadState::Gone | ReadState::NotProduct => GONE_INTERVAL_HOURS,
            _ => i64::from(settings.interval_hours),
        };
        let extraction = observed.extraction;
        let offer = extraction.as_ref().and_then(|extraction| offer_of(observed.state, extraction, currency));
        let (state, reason) = match (observed.state, &offer) {
            (ReadState::Product, None) if !observed.unchanged => {
                (ReadState::NoPrice, extraction.as_ref().map(|read| why_no_offer(read, currency)).unwrap_or_default())
            }
            (state, _) => (state, observed.reason),
        };
        // Only a page that was read well need not be read again.
        let cacheable = observed.unchanged || offer.is_some();
        let reading = Reading {
            listing_key: observed.key,
            at: observed.started_at,
            due_at: observed.started_at.plus_hours(hours),
            state,
            reason,
            title: extraction.and_then(|extraction| extraction.title),
            offer,
            url: observed.url,
            sha256: observed.body_sha256.map(|digest| digest.to_vec()),
            page_zstd: None,
            quarantine: None,
            unchanged: observed.unchanged,
            listed_change: listed.of(observed.key),
            cache_policy: observed
                .cache_policy
                .filter(|_| cacheable)
                .map(|policy| CachePolicyText { reader: READER.to_owned(), policy }),
        };
        Unjudged { reading, page: observed.body }
    }

    async fn record(&self, run: i64, readings: &[Reading]) -> Result<ReadingCounts, OperationError> {
        if readings.is_empty() {
            return Ok(ReadingCounts::default());
        }
        let mut op = self.begin("record_readings", Durability::Facts).await?;
        let counts = op.record_readings(readings).await?;
        op.update_run(run, counts, None, false).await?;
        op.keep_origins(&self.changed_origins()).await?;
        op.commit(&format!("Recorded {} readings", readings.len()), false).await?;
        Ok(counts)
    }

    /// What changed of hosts since it was kept last.
    fn changed_origins(&self) -> Vec<(String, String)> {
        let states = self.origins.states(self.now()).into_iter();
        states.filter_map(|state| Some((state.origin.clone(), serde_json::to_string(&state).ok()?))).collect()
    }

    async fn finish_run(
        &self,
        run: i64,
        tally: &Tally,
        rest: &[(i64, Instant)],
        cancelled: bool,
    ) -> Result<(), OperationError> {
        let mut op = self.begin("collect", Durability::Facts).await?;
        op.update_run(run, ReadingCounts::default(), Some(self.now()), cancelled).await?;
        op.give_back_leases(run).await?;
        op.keep_origins(&self.changed_origins()).await?;
        for (competitor, at) in rest {
            op.go_on_with_turn(*competitor, *at).await?;
        }
        op.drop_old_pages(KEPT_PAGES_DAYS, self.now()).await?;
        let words = if cancelled { "Stopped collecting" } else { "Collected" };
        let summary = format!("{words}: {} pages, {} prices", tally.pages(), tally.counts.prices);
        op.commit(&summary, false).await?;
        Ok(())
    }
}

/// What the recipe for an address's site tells.
pub(crate) fn hints(recipes: &[Recipe], url: &str) -> Option<SiteHints> {
    let url = url::Url::parse(url).ok()?;
    let host = url.host_str()?;
    recipes.iter().find(|recipe| recipe.is_for(host)).map(Recipe::hints)
}

/// Why a product page that was read gives no offer.
fn why_no_offer(extraction: &Extraction, default: Option<Currency>) -> String {
    match (extraction.price, extraction.currency.or(default)) {
        (None, _) => "The page names no price.".to_owned(),
        (_, None) => "The page names a price without a currency that can be told.".to_owned(),
        (Some(price), _) if !price.is_positive() => {
            "The page shows 0 as the price, which is none to follow.".to_owned()
        }
        (Some(price), Some(currency)) => {
            format!("The page names {price} {currency}, which has more decimals than the currency, or is too large.")
        }
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
        kind: match was_minor {
            _ if extraction.is_for_members => OfferKind::Member,
            Some(_) => OfferKind::Promotion,
            None => OfferKind::Regular,
        },
        availability: extraction.availability,
        condition: extraction.condition.unwrap_or(Condition::New),
        was_minor,
        shipping_minor: minor(extraction.shipping),
        promotion_text: extraction.promotion.clone(),
        seller: extraction.seller.clone(),
        pack: extraction.pack.as_ref().map(ToString::to_string),
        confidence: match (extraction.confidence, extraction.currency) {
            (Confidence::High, None) => Confidence::Medium,
            (confidence, _) => confidence,
        },
        method: extraction.method.unwrap_or(ExtractionMethod::Visible),
        fragment: extraction.fragment.clone(),
        flags: pricing_domain::OfferFlags::default(),
    })
}
