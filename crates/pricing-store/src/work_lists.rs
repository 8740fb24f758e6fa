//! What has to be worked on: costs that changed, products without a price, promotions that start and end.

use pricing_domain::{CostType, Instant};
use sqlx::sqlite::{Sqlite, SqliteRow};
use sqlx::{AssertSqlSafe, QueryBuilder, Row};

use crate::{Store, StoreError};

/// Which work, with the times it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WorkQuery {
    /// A cost of the product began since then and by now, and differs from the one before.
    CostChanged {
        /// After.
        since: Instant,
        /// Up to.
        now: Instant,
    },
    /// The product has no price on the list.
    WithoutPrice,
    /// A promotion of the product starts in this time.
    PromotionStarts {
        /// After.
        after: Instant,
        /// Up to.
        until: Instant,
    },
    /// A promotion of the product ends in this time.
    PromotionEnds {
        /// After.
        after: Instant,
        /// Up to.
        until: Instant,
    },
}

/// A product with a price list: `p.product_key`, `p.list_key`.
impl WorkQuery {
    pub(crate) fn narrow(self, sql: &mut QueryBuilder<Sqlite>) {
        match self {
            Self::CostChanged { since, now } => {
                sql.push(
                    " AND EXISTS (SELECT 1 FROM cost c JOIN cost o ON o.product_key = c.product_key \
                     AND o.cost_type = c.cost_type AND o.supplier_key = c.supplier_key AND o.valid_from = \
                     (SELECT max(x.valid_from) FROM cost x WHERE x.product_key = c.product_key \
                     AND x.cost_type = c.cost_type AND x.supplier_key = c.supplier_key \
                     AND x.valid_from < c.valid_from) WHERE c.product_key = p.product_key \
                     AND (o.amount_micro <> c.amount_micro OR o.currency <> c.currency) AND c.valid_from > ",
                );
                sql.push_bind(since.0).push(" AND c.valid_from <= ").push_bind(now.0).push(")");
            }
            Self::WithoutPrice => {
                sql.push(" AND p.old_minor IS NULL");
            }
            Self::PromotionStarts { after, until } => promotion(sql, "valid_from", after, until),
            Self::PromotionEnds { after, until } => promotion(sql, "valid_to", after, until),
        }
    }
}

fn promotion(sql: &mut QueryBuilder<Sqlite>, column: &str, after: Instant, until: Instant) {
    sql.push(
        " AND EXISTS (SELECT 1 FROM promotion m WHERE m.product_key = p.product_key AND m.list_key = p.list_key AND m.",
    );
    sql.push(column)
        .push(" > ")
        .push_bind(after.0)
        .push(" AND m.")
        .push(column)
        .push(" <= ")
        .push_bind(until.0)
        .push(")");
}

/// A cost that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the columns of the table `cost`, now and before")]
pub struct ChangedCostRow {
    pub product_key: i64,
    pub cost_type: CostType,
    pub valid_from: Instant,
    pub before_micro: i64,
    pub before_currency: String,
    pub now_micro: i64,
    pub currency: String,
}

/// A promotion of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the columns of the table `promotion`")]
pub struct PromotionRow {
    pub product_key: i64,
    pub code: String,
    pub name: String,
    pub price_minor: Option<i64>,
    pub compare_at_minor: Option<i64>,
    pub valid_from: Instant,
    pub valid_to: Option<Instant>,
}

impl Store {
    /// Costs that began after `since` and up to `now` and differ from the one before, newest first.
    pub async fn changed_costs(&self, since: Instant, now: Instant) -> Result<Vec<ChangedCostRow>, StoreError> {
        let rows = sqlx::query(
            "SELECT c.product_key, c.cost_type, c.valid_from, o.amount_micro, c.amount_micro, c.currency, o.currency \
             FROM cost c JOIN cost o ON o.product_key = c.product_key AND o.cost_type = c.cost_type \
             AND o.supplier_key = c.supplier_key AND o.valid_from = (SELECT max(x.valid_from) FROM cost x WHERE x.product_key = c.product_key AND x.cost_type = c.cost_type \
             AND x.supplier_key = c.supplier_key AND x.valid_from < c.valid_from) \
             WHERE c.valid_from > ? AND c.valid_from <= ? \
             AND (o.amount_micro <> c.amount_micro OR o.currency <> c.currency) ORDER BY c.valid_from DESC, c.product_key",
        )
        .bind(since.0)
        .bind(now.0)
        .fetch_all(&self.readers)
        .await?;
        let changed = |row: &SqliteRow| {
            Ok(ChangedCostRow {
                product_key: row.try_get(0)?,
                cost_type: row
                    .try_get::<&str, _>(1)?
                    .parse()
                    .map_err(|_| StoreError::Unexpected("the type of a cost"))?,
                valid_from: Instant(row.try_get(2)?),
                before_micro: row.try_get(3)?,
                now_micro: row.try_get(4)?,
                currency: row.try_get(5)?,
                before_currency: row.try_get(6)?,
            })
        };
        rows.iter().map(changed).collect()
    }

    /// Promotions of a list that start (or end) within a time, soonest first.
    pub async fn promotions_between(&self, list_key: i64, work: WorkQuery) -> Result<Vec<PromotionRow>, StoreError> {
        let (column, after, until) = match work {
            WorkQuery::PromotionStarts { after, until } => ("valid_from", after, until),
            WorkQuery::PromotionEnds { after, until } => ("valid_to", after, until),
            WorkQuery::CostChanged { .. } | WorkQuery::WithoutPrice => return Ok(Vec::new()),
        };
        let sql = format!(
            "SELECT m.product_key, m.code, m.name, m.price_minor, b.compare_at_minor, m.valid_from, m.valid_to \
             FROM promotion m LEFT JOIN price_bound b ON b.product_key = m.product_key AND b.list_key = m.list_key \
             WHERE m.list_key = ? AND m.{column} > ? AND m.{column} <= ? ORDER BY m.{column}, m.product_key"
        );
        let rows =
            sqlx::query(AssertSqlSafe(sql)).bind(list_key).bind(after.0).bind(until.0).fetch_all(&self.readers).await?;
        let promotion = |row: &SqliteRow| {
            Ok(PromotionRow {
                product_key: row.try_get(0)?,
                code: row.try_get(1)?,
                name: row.try_get(2)?,
                price_minor: row.try_get(3)?,
                compare_at_minor: row.try_get(4)?,
                valid_from: Instant(row.try_get(5)?),
                valid_to: row.try_get::<Option<i64>, _>(6)?.map(Instant),
            })
        };
        rows.iter().map(promotion).collect()
    }
}
