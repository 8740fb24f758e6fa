//! What a product's reductions are announced against.

use pricing_domain::Instant;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::{Store, StoreError};

/// A promotion of a product that runs or is to come.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the columns of the table `promotion`")]
pub struct CampaignRow {
    pub list_key: i64,
    pub name: String,
    pub price_minor: Option<i64>,
    pub valid_from: Instant,
    pub valid_to: Option<Instant>,
}

/// Today's regular price of a product on a list, and the price shown struck through beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the columns of the tables `price` and `price_bound`")]
pub struct WasPriceRow {
    pub list_key: i64,
    pub was_minor: Option<i64>,
    pub price_minor: Option<i64>,
    pub price_from: Option<Instant>,
}

impl Store {
    /// The promotions of a product that run or are to come, soonest first.
    pub async fn campaigns_of(&self, product_key: i64, now: Instant) -> Result<Vec<CampaignRow>, StoreError> {
        let rows = sqlx::query(
            "SELECT list_key, name, price_minor, valid_from, valid_to FROM promotion WHERE product_key = ? \
             AND (valid_to IS NULL OR valid_to > ?) ORDER BY valid_from, list_key",
        )
        .bind(product_key)
        .bind(now.0)
        .fetch_all(&self.readers)
        .await?;
        let campaign = |row: &SqliteRow| {
            Ok(CampaignRow {
                list_key: row.try_get(0)?,
                name: row.try_get(1)?,
                price_minor: row.try_get(2)?,
                valid_from: Instant(row.try_get(3)?),
                valid_to: row.try_get::<Option<i64>, _>(4)?.map(Instant),
            })
        };
        rows.iter().map(campaign).collect()
    }

    /// On every list: the regular price in force since when, and the was-price.
    pub async fn was_prices(&self, product_key: i64, now: Instant) -> Result<Vec<WasPriceRow>, StoreError> {
        let rows = sqlx::query(
            "SELECT l.key, b.compare_at_minor, p.amount_minor, p.valid_from FROM price_list l \
             LEFT JOIN price_bound b ON b.product_key = ?1 AND b.list_key = l.key \
             LEFT JOIN price p ON p.product_key = ?1 AND p.list_key = l.key AND p.price_type = 'regular' \
             AND p.min_quantity_milli = 0 AND p.valid_from = (SELECT max(x.valid_from) FROM price x \
             WHERE x.product_key = ?1 AND x.list_key = l.key AND x.price_type = 'regular' \
             AND x.min_quantity_milli = 0 AND x.valid_from <= ?2 AND (x.valid_to IS NULL OR x.valid_to > ?2)) \
             ORDER BY l.is_default DESC, l.key",
        )
        .bind(product_key)
        .bind(now.0)
        .fetch_all(&self.readers)
        .await?;
        let was = |row: &SqliteRow| {
            Ok(WasPriceRow {
                list_key: row.try_get(0)?,
                was_minor: row.try_get(1)?,
                price_minor: row.try_get(2)?,
                price_from: row.try_get::<Option<i64>, _>(3)?.map(Instant),
            })
        };
        rows.iter().map(was).collect()
    }
}
