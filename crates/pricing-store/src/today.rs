//! What moved, and what ends soon.

use pricing_domain::Instant;
use sqlx::Row;

use crate::audit::count;
use crate::{Store, StoreError};

/// How a competitor moved between its two newest prices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompetitorMoveRow {
    /// Who.
    pub competitor: String,
    /// Prices that fell.
    pub lowered: u64,
    /// Prices that rose.
    pub raised: u64,
    /// Mean change of those that moved, in basis points.
    pub average_bp: i32,
}

impl Store {
    /// Moves of competitors with a span that began after `since`, the largest first.
    pub async fn competitor_moves(&self, since: Instant) -> Result<Vec<CompetitorMoveRow>, StoreError> {
        let rows = sqlx::query(
            "SELECT c.name, sum(n.amount_minor < o.amount_minor), sum(n.amount_minor > o.amount_minor), \
             sum((n.amount_minor - o.amount_minor) * 10000 / o.amount_minor) / count(*) \
             FROM offer_span n JOIN listing l ON l.key = n.listing_key JOIN competitor c ON c.key = l.competitor_key \
             JOIN offer_span o ON o.listing_key = n.listing_key AND o.first_seen = (SELECT max(first_seen) \
             FROM offer_span x WHERE x.listing_key = n.listing_key AND x.first_seen < n.first_seen) \
             WHERE n.first_seen > ? AND n.amount_minor <> o.amount_minor AND n.currency = o.currency \
             AND o.amount_minor > 0 GROUP BY c.key ORDER BY count(*) DESC, c.name",
        )
        .bind(since.0)
        .fetch_all(&self.readers)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(CompetitorMoveRow {
                    competitor: row.try_get(0)?,
                    lowered: count(row, 1)?,
                    raised: count(row, 2)?,
                    average_bp: i32::try_from(row.try_get::<i64, _>(3)?).unwrap_or(0),
                })
            })
            .collect()
    }

    /// Promotions on a list that run now and end by `until`.
    pub async fn promotions_ending(&self, list_key: i64, now: Instant, until: Instant) -> Result<u64, StoreError> {
        let row = sqlx::query(
            "SELECT count(*) FROM promotion WHERE list_key = ? AND valid_from <= ? AND valid_to > ? AND valid_to <= ?",
        )
        .bind(list_key)
        .bind(now.0)
        .bind(now.0)
        .bind(until.0)
        .fetch_one(&self.readers)
        .await?;
        count(&row, 0)
    }

    /// Whether anything was ever handed to the shop.
    pub async fn has_publication(&self) -> Result<bool, StoreError> {
        Ok(sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM publication)").fetch_one(&self.readers).await?)
    }
}
