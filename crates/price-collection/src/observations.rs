//! What is asked for, and what came of it.

use std::collections::BTreeMap;

use price_extraction::{Extraction, SiteHints};
use pricing_domain::{Instant, ReadState};

/// A page to collect.
#[derive(Clone, Debug)]
pub struct Target {
    /// The caller's own number for it.
    pub key: i64,
    /// Its address.
    pub url: String,
    /// What is known of the site.
    pub hints: SiteHints,
    /// `ETag` of the last answer, to be asked for changes only.
    pub etag: Option<String>,
    /// `Last-Modified` of the last answer.
    pub last_modified: Option<String>,
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
    /// The page has not changed since the `ETag` or date of the target (304); there is no extraction.
    pub unchanged: bool,
    /// What happened, in words.
    pub reason: String,
    /// What was read; none where no page was.
    pub extraction: Option<Extraction>,
    /// SHA-256 of the body.
    pub body_sha256: Option<[u8; 32]>,
    /// The body as it came, decompressed.
    pub body: Option<Vec<u8>>,
    /// For the next visit's `etag`.
    pub etag: Option<String>,
    /// For the next visit's `last_modified`.
    pub last_modified: Option<String>,
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
    /// Reported, by state.
    pub by_state: BTreeMap<ReadState, usize>,
    /// Ended before every target was reported.
    pub cancelled: bool,
}

impl CollectSummary {
    pub(crate) fn count(&mut self, state: ReadState) {
        match state {
            ReadState::Product => self.read += 1,
            _ => self.refused += 1,
        }
        *self.by_state.entry(state).or_default() += 1;
    }
}
