//! Where a price was read.

use app_contract::EvidenceView;
use pricing_domain::{Instant, ListingId, Money};

use crate::competitor_settings::parse;
use crate::{OperationError, Workspace};

impl Workspace {
    /// The price of a listing at a time (`None`: the newest), and where it was read.
    pub async fn evidence(&self, listing: ListingId, at: Option<Instant>) -> Result<EvidenceView, OperationError> {
        let row = self.store.evidence_at(listing, at).await?;
        let row = row.ok_or_else(|| OperationError::not_found("No price of this page was recorded then."))?;
        let days = match self.store.competitor_of(listing).await? {
            Some(settings) => parse(&settings).keep_pages_days,
            None => 0,
        };
        Ok(EvidenceView {
            was: row.was_minor.map(|amount| Money::new(amount, row.price.currency)),
            price: row.price,
            availability: row.availability,
            flags: row.flags.iter().collect(),
            method: row.method,
            confidence: row.confidence,
            first_seen: row.first_seen,
            last_seen: row.last_seen,
            times_seen: row.times_seen,
            url: row.url,
            fragment: row.fragment.unwrap_or_default(),
            sha256: row.sha256.map(|digest| digest.iter().map(|byte| format!("{byte:02x}")).collect()),
            page_kept_until: row.page_bytes.and(row.read_at).map(|at| at.plus_days(i64::from(days))),
            page_bytes: row.page_bytes,
            read_at: row.read_at,
            seller: row.seller,
            pack: row.pack,
        })
    }

    /// The kept page that a price was read from.
    pub async fn evidence_page(&self, listing: ListingId, at: Option<Instant>) -> Result<Vec<u8>, OperationError> {
        let page = self.store.kept_page(listing, at).await?;
        page.ok_or_else(|| {
            OperationError::not_found(
                "This page was not kept, or not for so long. How long pages are kept is set for each competitor.",
            )
        })
    }
}
