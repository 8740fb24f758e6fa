//! For which products a competitor's own search was asked.

use std::collections::HashSet;

use pricing_domain::Instant;

use crate::operation::Operation;
use crate::{Store, StoreError};

impl Store {
    /// Article numbers that a competitor's search was asked for since a moment.
    pub async fn searched_skus(&self, competitor: i64, since: Instant) -> Result<HashSet<String>, StoreError> {
        let sql = "SELECT sku FROM product_search WHERE competitor_key = ? AND searched_at >= ?";
        let skus: Vec<String> = sqlx::query_scalar(sql).bind(competitor).bind(since.0).fetch_all(&self.readers).await?;
        Ok(skus.into_iter().collect())
    }
}

impl Operation {
    /// Notes for which products a competitor's search was asked.
    pub async fn record_searches(&mut self, competitor: i64, skus: &[String], at: Instant) -> Result<(), StoreError> {
        for sku in skus {
            let sql = "INSERT OR REPLACE INTO product_search (competitor_key, sku, searched_at) VALUES (?, ?, ?)";
            sqlx::query(sql).bind(competitor).bind(sku).bind(at.0).execute(self.connection()).await?;
        }
        self.rows += skus.len() as u64;
        Ok(())
    }
}
