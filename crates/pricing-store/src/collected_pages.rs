//! Pages that collection has read for one product and that may offer another one too.

use pricing_domain::{Currency, Instant, Money};
use sqlx::Row;

use crate::evidence::unpacked;
use crate::operation::Operation;
use crate::{Store, StoreError};

/// A page of a competitor's listings as it was read last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CollectedPage {
    /// Its address.
    pub url: String,
    /// The title that was read.
    pub title: String,
    /// The newest price that was read.
    pub price: Option<Money>,
    /// When it was read.
    pub read_at: Instant,
    /// The newest reading whose page was kept.
    pub evidence_key: Option<i64>,
}

/// A product at a competitor's page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedProduct {
    /// The page.
    pub url: String,
    /// The product.
    pub product_key: i64,
    /// Whether the pair counts; otherwise somebody refused it.
    pub is_accepted: bool,
}

impl Store {
    /// A competitor's listings: which product stands at which page.
    pub async fn listed_products(&self, competitor: i64) -> Result<Vec<ListedProduct>, StoreError> {
        let rows: Vec<(String, i64, bool)> =
            sqlx::query_as("SELECT url, product_key, decision = 'accepted' FROM listing WHERE competitor_key = ?")
                .bind(competitor)
                .fetch_all(&self.readers)
                .await?;
        let listed = |(url, product_key, is_accepted)| ListedProduct { url, product_key, is_accepted };
        Ok(rows.into_iter().map(listed).collect())
    }

    /// Pages of a competitor's listings that were read as product pages and are not kept for matching yet.
    pub async fn collected_pages(&self, competitor: i64) -> Result<Vec<CollectedPage>, StoreError> {
        let rows = sqlx::query(
            "SELECT l.url, r.title, max(r.read_at), \
             (SELECT e.key FROM evidence e WHERE e.listing_key = l.key AND e.page_zstd IS NOT NULL \
              ORDER BY e.at DESC, e.key DESC LIMIT 1), \
             (SELECT s.amount_minor FROM offer_span s WHERE s.listing_key = l.key ORDER BY s.first_seen DESC LIMIT 1), \
             (SELECT s.currency FROM offer_span s WHERE s.listing_key = l.key ORDER BY s.first_seen DESC LIMIT 1) \
             FROM listing l JOIN listing_reading r ON r.listing_key = l.key \
             WHERE l.competitor_key = ?1 AND l.url LIKE 'http%' AND coalesce(r.title, '') <> '' \
             AND r.state IN ('product', 'sold_out', 'ambiguous') \
             AND NOT EXISTS (SELECT 1 FROM found_page p WHERE p.url = l.url) GROUP BY l.url ORDER BY l.url",
        )
        .bind(competitor)
        .fetch_all(&self.readers)
        .await?;
        rows.iter()
            .map(|row| {
                let currency = row.try_get::<Option<&str>, _>(5)?.and_then(|code| Currency::new(code).ok());
                let amount: Option<i64> = row.try_get(4)?;
                Ok(CollectedPage {
                    url: row.try_get(0)?,
                    title: row.try_get(1)?,
                    price: amount.zip(currency).map(|(amount, currency)| Money::new(amount, currency)),
                    read_at: Instant(row.try_get(2)?),
                    evidence_key: row.try_get(3)?,
                })
            })
            .collect()
    }

    /// A kept page as it came, decompressed; `None` where it is kept no longer.
    pub async fn page_of_evidence(&self, evidence_key: i64) -> Result<Option<Vec<u8>>, StoreError> {
        let page: Option<Option<Vec<u8>>> = sqlx::query_scalar("SELECT page_zstd FROM evidence WHERE key = ?")
            .bind(evidence_key)
            .fetch_optional(&self.readers)
            .await?;
        page.flatten().map(|page| unpacked(&page)).transpose()
    }
}

impl Operation {
    /// The key of a page that is kept for matching.
    pub async fn found_page_key(&mut self, url: &str) -> Result<Option<i64>, StoreError> {
        let key = sqlx::query_scalar("SELECT key FROM found_page WHERE url = ?").bind(url);
        Ok(key.fetch_optional(self.connection()).await?)
    }
}
