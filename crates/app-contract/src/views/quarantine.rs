//! Readings that may be no price at all and wait for a person.

use pricing_domain::{
    Availability, CompetitorId, Confidence, ExtractionMethod, Instant, ListingId, Money, OfferFlag, OfferKind,
    ProductId, QuarantineCause, QuarantineDecision, QuarantinedId,
};
use serde::{Deserialize, Serialize};

/// Which readings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuarantineFilter {
    /// What was decided.
    pub decision: QuarantineDecision,
    /// Of which competitor; `None`: of all.
    pub competitor: Option<CompetitorId>,
}

/// A stretch of the quarantine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuarantinePage {
    /// In all.
    pub matching: u64,
    /// First row.
    pub offset: u64,
    /// The rows, newest first.
    pub rows: Vec<QuarantinedView>,
}

/// A reading that may be no price.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuarantinedView {
    /// To decide it by.
    pub id: QuarantinedId,
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
    /// Their title.
    pub title: Option<String>,
    /// Where it was read.
    pub url: String,
    /// What was read.
    pub price: Money,
    /// Shown struck through.
    pub was: Option<Money>,
    /// What kind of price.
    pub kind: OfferKind,
    /// Availability.
    pub availability: Availability,
    /// Why it waits.
    pub cause: QuarantineCause,
    /// Why it waits, in words.
    pub reason: String,
    /// What is unusual beside it.
    pub flags: Vec<OfferFlag>,
    /// The newest price of this listing that counted.
    pub last_price: Option<Money>,
    /// Seen first.
    pub first_seen: Instant,
    /// Seen last.
    pub last_seen: Instant,
    /// Readings.
    pub times_seen: u32,
    /// How it was found.
    pub method: ExtractionMethod,
    /// How sure the reading was.
    pub confidence: Confidence,
    /// The piece of the page.
    pub fragment: String,
    /// Whether the page is kept.
    pub has_page: bool,
    /// What was decided.
    pub decision: QuarantineDecision,
    /// Who decided, when and why, in words; empty while it waits.
    pub decided: String,
}
