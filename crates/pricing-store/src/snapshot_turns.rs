//! What makes a snapshot older: changes, and prices, costs, locks and promotions that begin or end as time passes.

use std::collections::BTreeSet;

use pricing_domain::Instant;
use sqlx::AssertSqlSafe;

use crate::{Store, StoreError};

impl Store {
    /// The products of which a price, a cost, a lock or a promotion begins or ends after `from` and until `to`.
    ///
    /// Reads those tables whole, without an index that every import would have to keep.
    pub async fn turning_between(&self, from: Instant, to: Instant) -> Result<BTreeSet<i64>, StoreError> {
        let sql = "SELECT product_key FROM price WHERE valid_from > ?1 AND valid_from <= ?2 \
                   OR valid_to > ?1 AND valid_to <= ?2 \
                   UNION SELECT product_key FROM cost WHERE valid_from > ?1 AND valid_from <= ?2 \
                   UNION SELECT product_key FROM price_lock WHERE valid_from > ?1 AND valid_from <= ?2 \
                   OR valid_to > ?1 AND valid_to <= ?2 \
                   UNION SELECT product_key FROM promotion WHERE valid_from > ?1 AND valid_from <= ?2 \
                   OR valid_to > ?1 AND valid_to <= ?2";
        let keys: Vec<i64> = sqlx::query_scalar(sql).bind(from.0).bind(to.0).fetch_all(&self.readers).await?;
        Ok(keys.into_iter().collect())
    }

    /// When the next price, cost, lock or promotion begins or ends after `after`, of some products or of all.
    ///
    /// Of all it reads those tables whole, as [`Self::turning_between`] does.
    pub async fn next_turn(
        &self,
        after: Instant,
        products: Option<&BTreeSet<i64>>,
    ) -> Result<Option<Instant>, StoreError> {
        let of = if products.is_some() { "product_key IN (SELECT value FROM json_each(?2))" } else { "?2 = ''" };
        let both = |table: &str| {
            format!(
                "SELECT min(iif(valid_from > ?1, valid_from, iif(valid_to > ?1, valid_to, NULL))) AS at FROM {table} WHERE {of}"
            )
        };
        let sql = format!(
            "SELECT min(at) FROM ({} UNION ALL {} UNION ALL {} UNION ALL \
             SELECT min(iif(valid_from > ?1, valid_from, NULL)) FROM cost WHERE {of})",
            both("price"),
            both("price_lock"),
            both("promotion")
        );
        let keys = products.map(|keys| serde_json::to_string(keys).unwrap_or_default()).unwrap_or_default();
        let at: Option<i64> =
            sqlx::query_scalar(AssertSqlSafe(sql)).bind(after.0).bind(keys).fetch_one(&self.readers).await?;
        Ok(at.map(Instant))
    }

    /// The products of which a price of a competitor was last seen after `from` and until `to`.
    pub async fn last_seen_between(
        &self,
        competitor_key: i64,
        from: Instant,
        to: Instant,
    ) -> Result<Vec<i64>, StoreError> {
        Ok(sqlx::query_scalar(
            "SELECT DISTINCT l.product_key FROM listing l JOIN offer_span s ON s.listing_key = l.key \
             WHERE l.competitor_key = ? AND s.last_seen > ? AND s.last_seen <= ?",
        )
        .bind(competitor_key)
        .bind(from.0)
        .bind(to.0)
        .fetch_all(&self.readers)
        .await?)
    }

    /// The products concerned by the change sets after `sequence`; `None`: any may be.
    pub async fn concerned_since(&self, sequence: i64) -> Result<Option<BTreeSet<i64>>, StoreError> {
        let rows: Vec<Option<String>> = sqlx::query_scalar("SELECT products FROM change_set WHERE key > ?")
            .bind(sequence)
            .fetch_all(&self.readers)
            .await?;
        let mut keys = BTreeSet::new();
        for products in rows {
            let Some(products) = products else { return Ok(None) };
            keys.extend(products.split(',').filter_map(|key| key.parse::<i64>().ok()));
        }
        Ok(Some(keys))
    }
}
