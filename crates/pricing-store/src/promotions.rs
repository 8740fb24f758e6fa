//! Promotions over time, and what was sold in and before them.

use pricing_domain::Instant;
use sqlx::Row;

use crate::{Store, StoreError};

/// A promotion of a product on a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromotionPeriodRow {
    /// Of which product.
    pub product_key: i64,
    /// What it is called.
    pub name: String,
    /// Its price.
    pub price_minor: Option<i64>,
    /// What a supplier pays a piece.
    pub funding_micro: Option<i64>,
    /// When it began.
    pub valid_from: Instant,
    /// When it ends.
    pub valid_to: Option<Instant>,
}

/// What was sold over some days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UnitsSold {
    /// Pieces in thousandths.
    pub units_milli: i64,
    /// Days of the list's sales that are known among them.
    pub days: u32,
}

impl Store {
    /// Promotions on a list that had begun by `to` and had not ended by `from`, the newest first.
    pub async fn promotion_periods(
        &self,
        list_key: i64,
        from: Instant,
        to: Instant,
        limit: u32,
    ) -> Result<Vec<PromotionPeriodRow>, StoreError> {
        let rows = sqlx::query(
            "SELECT product_key, name, price_minor, funding_micro, valid_from, valid_to FROM promotion \
             WHERE list_key = ? AND valid_from <= ? AND (valid_to IS NULL OR valid_to > ?) \
             ORDER BY valid_from DESC, product_key LIMIT ?",
        )
        .bind(list_key)
        .bind(to.0)
        .bind(from.0)
        .bind(limit)
        .fetch_all(&self.readers)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(PromotionPeriodRow {
                    product_key: row.try_get(0)?,
                    name: row.try_get(1)?,
                    price_minor: row.try_get(2)?,
                    funding_micro: row.try_get(3)?,
                    valid_from: Instant(row.try_get(4)?),
                    valid_to: row.try_get::<Option<i64>, _>(5)?.map(Instant),
                })
            })
            .collect()
    }

    /// Our regular price of a product on a list that was in force at a moment, or else the first that came into force from
    /// then until another one.
    pub async fn regular_price_within(
        &self,
        product_key: i64,
        list_key: i64,
        (from, until): (Instant, Instant),
    ) -> Result<Option<i64>, StoreError> {
        let sql = "SELECT amount_minor FROM price WHERE product_key = ?1 AND list_key = ?2 AND price_type = 'regular' \
                   AND min_quantity_milli = 0 AND amount_minor > 0 AND (valid_from <= ?3 AND (valid_to IS NULL OR \
                   valid_to > ?3) OR valid_from > ?3 AND valid_from < ?4) \
                   ORDER BY valid_from > ?3, abs(valid_from - ?3) LIMIT 1";
        let query = sqlx::query_scalar(sql).bind(product_key).bind(list_key).bind(from.0).bind(until.0);
        Ok(query.fetch_optional(&self.readers).await?)
    }

    /// What was sold of a product from a day to another one, on a list; 0: by sales that name none. Days of which sales
    /// are not known yet do not count, days without a sale of the product do.
    pub async fn units_sold(
        &self,
        product_key: i64,
        list_key: i64,
        (from_day, to_day): (i32, i32),
    ) -> Result<UnitsSold, StoreError> {
        let row = sqlx::query(
            "SELECT coalesce((SELECT sum(units_milli) FROM sales WHERE product_key = ?1 AND list_key = ?2 \
             AND day BETWEEN ?3 AND ?4), 0), (SELECT count(*) FROM sales_day WHERE list_key = ?2 AND segment_key = 0 \
             AND day BETWEEN ?3 AND ?4)",
        )
        .bind(product_key)
        .bind(list_key)
        .bind(from_day)
        .bind(to_day)
        .fetch_one(&self.readers)
        .await?;
        Ok(UnitsSold { units_milli: row.try_get(0)?, days: u32::try_from(row.try_get::<i64, _>(1)?).unwrap_or(0) })
    }
}
