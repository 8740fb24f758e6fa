//! What is asked for, and what came of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use price_extraction::{Extraction, SiteHints};
use pricing_domain::{Instant, ReadState};

use crate::rules::SiteRules;

/// A page to collect.
#[derive(Clone, Debug)]
pub struct Target {
    /// The caller's own number for it.
    pub key: i64,
    /// Its address.
    pub url: String,
    /// What is known of the site.
    pub hints: SiteHints,
    /// What holds for its site.
    pub rules: Arc<SiteRules>,
    /// The cache policy of the last answer, as its observation gave it: the page may be spared, or asked for changes.
    pub cache_policy: Option<String>,
}

impl Target {
    /// A page of which nothing is known.
    pub fn new(key: i64, url: impl Into<String>) -> Self {
        let (hints, rules) = (SiteHints::default(), Arc::default());
        Self { key, url: url.into(), hints, rules, cache_policy: None }
    }
}

/// What a visit brought: a reading or the reason why there is none.
#[derive(Clone, Debug)]
pub struct Observation {
    /// The target's number.
    pub key: i64,
    /// The address that answered, after redirects; the target's own when none did.
    pub url: String,
    /// When the deciding request was sent, or when it was decided not to send one.
    pub started_at: Instant,
    /// How long the answer took.
    pub elapsed_ms: u32,
    /// The answer's HTTP status.
    pub status: Option<u16>,
    /// What the page turned out to be. With `unchanged`, what it was before still holds.
    pub state: ReadState,
    /// The page is as it was when the target's cache policy was kept: the shop said so now (304), or it said then that
    /// the page would hold until later. There is no extraction.
    pub unchanged: bool,
    /// It was not asked for and stays due: the shop is left alone for now.
    pub postponed: bool,
    /// What happened, in words.
    pub reason: String,
    /// What was read; none where no page was.
    pub extraction: Option<Extraction>,
    /// SHA-256 of the body.
    pub body_sha256: Option<[u8; 32]>,
    /// The body as it came, decompressed.
    pub body: Option<Vec<u8>>,
    /// For the next visit's `cache_policy`; none: nothing may be kept.
    pub cache_policy: Option<String>,
    /// How many requests were sent for it, robots.txt not counted.
    pub attempts: u32,
}

/// The counts of a collection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CollectSummary {
    /// Targets given.
    pub requested: usize,
    /// Reported with a price, or unchanged since the last visit.
    pub read: usize,
    /// Reported without a price, each with its reason.
    pub refused: usize,
    /// Reported as left for a later collection; among those refused.
    pub postponed: usize,
    /// Reported, by state.
    pub by_state: BTreeMap<ReadState, usize>,
    /// Ended before every target was reported.
    pub cancelled: bool,
}

impl CollectSummary {
    pub(crate) fn count(&mut self, state: ReadState, postponed: bool) {
        self.postponed += usize::from(postponed);
        match state {
            ReadState::Product => self.read += 1,
            _ => self.refused += 1,
        }
        *self.by_state.entry(state).or_default() += 1;
    }
}
