//! Where a price was read: the piece of the page, and the page itself for a time.

use std::str::FromStr;

use pricing_domain::{Availability, Confidence, Currency, ExtractionMethod, Instant, ListingId, Money, OfferFlags};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::{Store, StoreError};

/// A price with where it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as the columns they come from")]
pub struct EvidenceRow {
    pub price: Money,
    pub was_minor: Option<i64>,
    pub availability: Availability,
    pub flags: OfferFlags,
    pub method: ExtractionMethod,
    pub confidence: Confidence,
    pub first_seen: Instant,
    pub last_seen: Instant,
    pub times_seen: u32,
    pub url: Option<String>,
    pub read_at: Option<Instant>,
    pub fragment: Option<String>,
    pub sha256: Option<Vec<u8>>,
    pub page_bytes: Option<u64>,
    pub seller: Option<String>,
    pub pack: Option<String>,
}

fn word<T: FromStr>(row: &SqliteRow, index: usize) -> Result<T, StoreError> {
    T::from_str(row.try_get(index)?).map_err(|_| StoreError::Unexpected("a stored word"))
}

impl Store {
    /// The price of a listing at a time (`None`: the newest) with its evidence.
    pub async fn evidence_at(
        &self,
        listing: ListingId,
        at: Option<Instant>,
    ) -> Result<Option<EvidenceRow>, StoreError> {
        let row = sqlx::query(
            "SELECT s.amount_minor, s.currency, s.was_minor, s.availability, s.flags, s.method, s.confidence, \
             s.first_seen, s.last_seen, s.times_seen, e.url, e.at, e.fragment, e.sha256, length(e.page_zstd), x.name, e.pack \
             FROM listing l JOIN offer_span s ON s.listing_key = l.key LEFT JOIN evidence e ON e.key = s.evidence_key \
             LEFT JOIN seller x ON x.key = s.seller_key \
             WHERE l.id = ? AND s.first_seen <= ? ORDER BY s.first_seen DESC LIMIT 1",
        )
        .bind(listing.0.as_bytes().to_vec())
        .bind(at.map_or(i64::MAX, |at| at.0))
        .fetch_optional(&self.readers)
        .await?;
        row.map(|row| {
            let currency: Currency = word(&row, 1)?;
            Ok(EvidenceRow {
                price: Money::new(row.try_get(0)?, currency),
                was_minor: row.try_get(2)?,
                availability: word(&row, 3)?,
                flags: OfferFlags(row.try_get(4)?),
                method: word(&row, 5)?,
                confidence: word(&row, 6)?,
                first_seen: Instant(row.try_get(7)?),
                last_seen: Instant(row.try_get(8)?),
                times_seen: row.try_get(9)?,
                url: row.try_get(10)?,
                read_at: row.try_get::<Option<i64>, _>(11)?.map(Instant),
                fragment: row.try_get(12)?,
                sha256: row.try_get(13)?,
                page_bytes: row.try_get::<Option<i64>, _>(14)?.and_then(|bytes| u64::try_from(bytes).ok()),
                seller: row.try_get(15)?,
                pack: row.try_get(16)?,
            })
        })
        .transpose()
    }

    /// A kept page as it came, decompressed: of the price of a listing at a time, or of a reading in quarantine.
    pub async fn kept_page(&self, listing: ListingId, at: Option<Instant>) -> Result<Option<Vec<u8>>, StoreError> {
        let page: Option<Option<Vec<u8>>> = sqlx::query_scalar(
            "SELECT e.page_zstd FROM evidence e JOIN listing l ON l.key = e.listing_key \
             WHERE l.id = ? AND e.at <= ? ORDER BY e.at DESC, e.key DESC LIMIT 1",
        )
        .bind(listing.0.as_bytes().to_vec())
        .bind(at.map_or(i64::MAX, |at| at.0))
        .fetch_optional(&self.readers)
        .await?;
        page.flatten().map(|page| unpacked(&page)).transpose()
    }

    /// The newest kept pages of a competitor's listings: address and bytes.
    pub async fn kept_pages_of(&self, competitor_key: i64, limit: u32) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        let rows: Vec<(String, Vec<u8>)> = sqlx::query_as(
            "SELECT e.url, e.page_zstd FROM evidence e JOIN listing l ON l.key = e.listing_key \
             WHERE l.competitor_key = ? AND e.page_zstd IS NOT NULL ORDER BY e.at DESC LIMIT ?",
        )
        .bind(competitor_key)
        .bind(limit)
        .fetch_all(&self.readers)
        .await?;
        rows.into_iter().map(|(url, page)| Ok((url, unpacked(&page)?))).collect()
    }
}

pub(crate) fn unpacked(page: &[u8]) -> Result<Vec<u8>, StoreError> {
    zstd::decode_all(page).map_err(|_| StoreError::Unexpected("a kept page"))
}

/// Packs a page for keeping.
pub fn packed_page(page: &[u8]) -> Option<Vec<u8>> {
    zstd::encode_all(page, 1).ok()
}
