//! What moved, and what ends soon.

use std::collections::HashMap;

use pricing_domain::{Instant, MICROSECONDS_PER_HOUR};
use sqlx::Row;

use crate::audit::count;
use crate::figures::StaleFigures;
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

/// A price of ours as it was, is or will be posted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PostedPrice {
    /// From when on.
    pub from: Instant,
    /// Until when; `None`: until another begins.
    pub to: Option<Instant>,
    /// How much; `None`: a promotion that states no price.
    pub amount_minor: Option<i64>,
    /// Whether it is a promotion's.
    pub is_promotion: bool,
}

/// A promotion that runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunningPromotionRow {
    /// Of which product.
    pub product_key: i64,
    /// Its price.
    pub price_minor: Option<i64>,
    /// What a supplier pays a piece.
    pub funding_micro: Option<i64>,
    /// When it began.
    pub valid_from: Instant,
    /// When it ends.
    pub valid_to: Option<Instant>,
    /// What it is called.
    pub name: String,
}

impl Store {
    /// Moves of competitors since the hour of `since`, the largest first: from the figures by hour where they are up to
    /// date, otherwise from the spans.
    pub async fn competitor_moves(&self, since: Instant) -> Result<Vec<CompetitorMoveRow>, StoreError> {
        let hour = since.0.div_euclid(MICROSECONDS_PER_HOUR);
        if self.stale_from(StaleFigures::Changes).await?.is_some() {
            return self.moves_in_spans(Instant(hour * MICROSECONDS_PER_HOUR)).await;
        }
        let names: HashMap<i64, String> =
            self.competitors().await?.into_iter().map(|competitor| (competitor.key, competitor.name)).collect();
        let mut moves: Vec<CompetitorMoveRow> = self
            .changes_since(hour)
            .await?
            .into_iter()
            .filter_map(|(key, changes)| {
                let count = i64::try_from(changes.lowered + changes.raised).ok().filter(|count| *count > 0)?;
                Some(CompetitorMoveRow {
                    competitor: names.get(&key)?.clone(),
                    lowered: changes.lowered,
                    raised: changes.raised,
                    average_bp: i32::try_from(changes.signed / count / 100_000).unwrap_or(0),
                })
            })
            .collect();
        moves.sort_by(|one, other| {
            let size = |row: &CompetitorMoveRow| row.lowered + row.raised;
            size(other).cmp(&size(one)).then_with(|| one.competitor.cmp(&other.competitor))
        });
        Ok(moves)
    }

    /// Moves of competitors since a moment, and not since its hour: as slow as they are many.
    pub async fn competitor_moves_exactly(&self, since: Instant) -> Result<Vec<CompetitorMoveRow>, StoreError> {
        self.moves_in_spans(since).await
    }

    /// The same from the spans that began since.
    async fn moves_in_spans(&self, since: Instant) -> Result<Vec<CompetitorMoveRow>, StoreError> {
        let rows = sqlx::query(
            "SELECT c.name, sum(n.amount_minor < o.amount_minor), sum(n.amount_minor > o.amount_minor), \
             sum((n.amount_minor - o.amount_minor) * 10000 / o.amount_minor) / count(*) \
             FROM offer_span n JOIN listing l ON l.key = n.listing_key JOIN competitor c ON c.key = l.competitor_key \
             JOIN offer_span o ON o.listing_key = n.listing_key AND o.first_seen = (SELECT max(first_seen) \
             FROM offer_span x WHERE x.listing_key = n.listing_key AND x.first_seen < n.first_seen) \
             WHERE n.first_seen >= ? AND n.amount_minor <> o.amount_minor AND n.currency = o.currency \
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

    /// Whether any page of a competitor is matched.
    pub async fn has_listings(&self) -> Result<bool, StoreError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM listing WHERE decision = 'accepted')";
        Ok(sqlx::query_scalar(sql).fetch_one(&self.readers).await?)
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

    /// Every promotion on a list that runs now, by product; of one product the one that began first comes first.
    pub async fn running_promotions(
        &self,
        list_key: i64,
        now: Instant,
    ) -> Result<Vec<RunningPromotionRow>, StoreError> {
        let rows = sqlx::query(
            "SELECT product_key, price_minor, funding_micro, valid_from, valid_to, name FROM promotion \
             WHERE list_key = ? AND valid_from <= ? AND (valid_to IS NULL OR valid_to > ?) \
             ORDER BY product_key, valid_from, key",
        )
        .bind(list_key)
        .bind(now.0)
        .bind(now.0)
        .fetch_all(&self.readers)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(RunningPromotionRow {
                    product_key: row.try_get(0)?,
                    price_minor: row.try_get(1)?,
                    funding_micro: row.try_get(2)?,
                    valid_from: Instant(row.try_get(3)?),
                    valid_to: row.try_get::<Option<i64>, _>(4)?.map(Instant),
                    name: row.try_get(5)?,
                })
            })
            .collect()
    }

    /// Every price of ours for one piece that a product had on a list since a moment, of any kind, promotions too, as
    /// (from, to, amount).
    pub async fn applied_prices(
        &self,
        product_key: i64,
        list_key: i64,
        since: Instant,
    ) -> Result<Vec<(Instant, Option<Instant>, i64)>, StoreError> {
        // A price ends where the next one of its kind begins, whatever end was stated for it.
        let rows: Vec<(i64, Option<i64>, i64)> = sqlx::query_as(
            "SELECT valid_from, ends, amount_minor FROM (SELECT valid_from, amount_minor, \
             nullif(min(coalesce(valid_to, 9223372036854775807), coalesce(lead(valid_from) OVER \
             (PARTITION BY price_type ORDER BY valid_from), 9223372036854775807)), 9223372036854775807) AS ends \
             FROM price WHERE product_key = ?1 AND list_key = ?2 \
             AND min_quantity_milli = 0 AND price_type <> 'member') WHERE ends IS NULL OR ends > ?3 \
             UNION ALL SELECT valid_from, valid_to, price_minor FROM promotion WHERE product_key = ?1 \
             AND list_key = ?2 AND price_minor IS NOT NULL AND (valid_to IS NULL OR valid_to > ?3)",
        )
        .bind(product_key)
        .bind(list_key)
        .bind(since.0)
        .fetch_all(&self.readers)
        .await?;
        Ok(rows.into_iter().map(|(from, to, amount)| (Instant(from), to.map(Instant), amount)).collect())
    }

    /// Every price for one piece that a product has on a list from a moment on, planned ones included.
    pub async fn posted_prices(
        &self,
        product_key: i64,
        list_key: i64,
        since: Instant,
    ) -> Result<Vec<PostedPrice>, StoreError> {
        let rows: Vec<(i64, Option<i64>, Option<i64>, bool)> = sqlx::query_as(
            "SELECT valid_from, valid_to, amount_minor, price_type = 'promotion' FROM price \
             WHERE product_key = ?1 AND list_key = ?2 AND min_quantity_milli = 0 AND price_type <> 'member' \
             AND (valid_to IS NULL OR valid_to > ?3) \
             UNION ALL SELECT valid_from, valid_to, price_minor, 1 FROM promotion \
             WHERE product_key = ?1 AND list_key = ?2 AND (valid_to IS NULL OR valid_to > ?3)",
        )
        .bind(product_key)
        .bind(list_key)
        .bind(since.0)
        .fetch_all(&self.readers)
        .await?;
        let posted = |(from, to, amount_minor, is_promotion): (i64, Option<i64>, Option<i64>, bool)| PostedPrice {
            from: Instant(from),
            to: to.map(Instant),
            amount_minor,
            is_promotion,
        };
        Ok(rows.into_iter().map(posted).collect())
    }

    /// Whether anything was ever handed to the shop.
    pub async fn has_publication(&self) -> Result<bool, StoreError> {
        Ok(sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM publication)").fetch_one(&self.readers).await?)
    }
}
