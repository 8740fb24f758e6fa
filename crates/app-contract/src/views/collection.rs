//! How collection stands.

use pricing_domain::{CompetitorId, Instant, ListingId, Money, ProductId, ReadState};
use serde::{Deserialize, Serialize};

/// Collection at a glance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CollectionView {
    /// Listings in all.
    pub listings: u64,
    /// Due now.
    pub due: u64,
    /// Seconds a polite collection of all due pages takes: the slowest site decides.
    pub estimate_seconds: u64,
    /// The newest runs, newest first.
    pub runs: Vec<CollectionRun>,
    /// By competitor.
    pub competitors: Vec<CompetitorCoverage>,
    /// Listings whose newest reading failed, most frequent first.
    pub failures: Vec<FailureGroup>,
}

/// One collection.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CollectionRun {
    /// When it began.
    pub started_at: Instant,
    /// When it ended; `None`: still running, or the program ended before it.
    pub finished_at: Option<Instant>,
    /// Pages read.
    pub pages: u64,
    /// Prices read.
    pub prices: u64,
    /// Prices that moved.
    pub moved: u64,
    /// Pages without a price.
    pub failed: u64,
    /// Stopped by a person.
    pub cancelled: bool,
}

/// A competitor's listings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CompetitorCoverage {
    /// Its id.
    pub id: CompetitorId,
    /// Name.
    pub name: String,
    /// Scheme, host and port of its pages; several where it has several.
    pub origins: Vec<String>,
    /// Listings.
    pub listings: u64,
    /// Listings whose newest reading gave a price.
    pub fresh: u64,
    /// Listings due now.
    pub due: u64,
    /// Newest reading.
    pub last_read: Option<Instant>,
}

/// Listings that fail for one reason.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FailureGroup {
    /// What the pages turned out to be.
    pub state: ReadState,
    /// What to do.
    pub advice: String,
    /// How many.
    pub count: u64,
}

/// A stretch of failures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FailurePage {
    /// In all.
    pub matching: u64,
    /// First row.
    pub offset: u64,
    /// The rows.
    pub rows: Vec<FailureRow>,
}

/// A listing whose newest reading failed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FailureRow {
    /// The listing.
    pub listing: ListingId,
    /// The product.
    pub product: ProductId,
    /// Article number.
    pub sku: String,
    /// Name.
    pub name: String,
    /// Who.
    pub competitor: String,
    /// Where.
    pub url: String,
    /// In words.
    pub reason: String,
    /// When.
    pub at: Instant,
    /// The last good price.
    pub last_price: Option<Money>,
    /// When that was seen.
    pub last_seen: Option<Instant>,
}
