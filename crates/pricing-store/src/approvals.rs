//! What approval policies look at, what is snoozed, and what people say about a price.

use pricing_domain::{Instant, ProposalId, ProposalStatus};
use sqlx::sqlite::{Sqlite, SqliteRow};
use sqlx::{AssertSqlSafe, QueryBuilder, Row};

use crate::audit::uuid;
use crate::operation::Operation;
use crate::proposals::{NEWEST_BATCH, ProposalTarget, narrow};
use crate::{Store, StoreError};

/// A change that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the columns of the table `proposal`")]
pub struct WaitingChange {
    pub id: ProposalId,
    pub product_key: i64,
    pub list_key: i64,
    pub old_minor: Option<i64>,
    pub new_minor: Option<i64>,
    pub margin_bp: Option<i32>,
}

/// What somebody said about a price.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the columns of the table `price_comment`")]
pub struct CommentRow {
    pub at: Instant,
    pub actor: String,
    pub body: String,
}

impl Store {
    /// Ordinary changes of the newest batch that wait, without those that are snoozed or that a first person approved.
    pub async fn waiting_changes(&self, now: Instant) -> Result<Vec<WaitingChange>, StoreError> {
        let sql = format!(
            "SELECT p.id, p.product_key, p.list_key, p.old_minor, p.new_minor, p.margin_bp FROM proposal p \
             WHERE p.batch_key = {NEWEST_BATCH} AND p.status = 'pending' AND p.kind = 'change' AND p.first_by IS NULL \
             AND NOT EXISTS (SELECT 1 FROM snooze s WHERE s.product_key = p.product_key AND s.list_key = p.list_key \
             AND s.until > ?) ORDER BY p.key"
        );
        let rows = sqlx::query(AssertSqlSafe(sql)).bind(now.0).fetch_all(&self.readers).await?;
        let change = |row: &SqliteRow| {
            Ok(WaitingChange {
                id: ProposalId(uuid(row, 0)?),
                product_key: row.try_get(1)?,
                list_key: row.try_get(2)?,
                old_minor: row.try_get(3)?,
                new_minor: row.try_get(4)?,
                margin_bp: row.try_get(5)?,
            })
        };
        rows.iter().map(change).collect()
    }

    /// Whether anything is snoozed at a time.
    pub async fn has_snoozed(&self, now: Instant) -> Result<bool, StoreError> {
        Ok(sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM snooze WHERE until > ?)")
            .bind(now.0)
            .fetch_one(&self.readers)
            .await?)
    }

    /// What was said about the price of a product on a list, oldest first.
    pub async fn price_comments(&self, product_key: i64, list_key: i64) -> Result<Vec<CommentRow>, StoreError> {
        let rows = sqlx::query(
            "SELECT at, actor, body FROM price_comment WHERE product_key = ? AND list_key = ? ORDER BY key",
        )
        .bind(product_key)
        .bind(list_key)
        .fetch_all(&self.readers)
        .await?;
        let comment = |row: &SqliteRow| {
            Ok(CommentRow { at: Instant(row.try_get(0)?), actor: row.try_get(1)?, body: row.try_get(2)? })
        };
        rows.iter().map(comment).collect()
    }
}

impl Operation {
    /// Keeps what somebody says about the price of a product on a list.
    pub async fn comment_price(
        &mut self,
        product_key: i64,
        list_key: i64,
        actor: &str,
        body: &str,
    ) -> Result<(), StoreError> {
        let at = self.at.0;
        sqlx::query("INSERT INTO price_comment (product_key, list_key, at, actor, body) VALUES (?, ?, ?, ?, ?)")
            .bind(product_key)
            .bind(list_key)
            .bind(at)
            .bind(actor)
            .bind(body)
            .execute(self.connection())
            .await?;
        self.concern_only([product_key]);
        self.rows += 1;
        self.record_change("product", product_key, "price_comment", None, Some(body.to_owned())).await
    }

    /// Lets the waiting proposals of a selection wait until a time; `None`: wakes them. Gives how many.
    pub async fn snooze_proposals(
        &mut self,
        target: &ProposalTarget,
        until: Option<Instant>,
        reason: &str,
        actor: &str,
    ) -> Result<u64, StoreError> {
        sqlx::query("DROP TABLE IF EXISTS temp.snoozed").execute(self.connection()).await?;
        sqlx::query(
            "CREATE TEMP TABLE snoozed (product_key INTEGER, list_key INTEGER, PRIMARY KEY (product_key, list_key))",
        )
        .execute(self.connection())
        .await?;
        let mut fill = QueryBuilder::<Sqlite>::new(
            "INSERT OR IGNORE INTO temp.snoozed SELECT p.product_key, p.list_key FROM proposal p WHERE p.status = ",
        );
        fill.push_bind(ProposalStatus::Pending.as_str()).push(" AND ");
        match target {
            ProposalTarget::Query(query) => narrow(&mut fill, query),
            ProposalTarget::Ids(ids) => {
                fill.push("p.batch_key = ").push(NEWEST_BATCH).push(" AND p.id IN (");
                let mut list = fill.separated(", ");
                for id in ids {
                    list.push_bind(id.0.as_bytes().to_vec());
                }
                fill.push(")");
            }
        }
        fill.build().persistent(false).execute(self.connection()).await?;
        let audit_key = self.audit_key();
        let new = until.map(|until| until.0.to_string());
        sqlx::query(
            "INSERT OR IGNORE INTO audit_change (audit_key, entity, entity_key, field, old_value, new_value) \
             SELECT ?, 'product', t.product_key, 'snoozed_until', cast(s.until AS TEXT), ? FROM temp.snoozed t \
             LEFT JOIN snooze s USING (product_key, list_key)",
        )
        .bind(audit_key)
        .bind(new)
        .execute(self.connection())
        .await?;
        let changed = match until {
            Some(until) => {
                let at = self.at.0;
                sqlx::query(
                    "INSERT INTO snooze (product_key, list_key, until, at, actor, reason) \
                     SELECT product_key, list_key, ?, ?, ?, ? FROM temp.snoozed WHERE true \
                     ON CONFLICT (product_key, list_key) DO UPDATE SET until = excluded.until, at = excluded.at, \
                     actor = excluded.actor, reason = excluded.reason",
                )
                .bind(until.0)
                .bind(at)
                .bind(actor)
                .bind(reason)
                .execute(self.connection())
                .await?
            }
            None => {
                sqlx::query("DELETE FROM snooze WHERE (product_key, list_key) IN (SELECT * FROM temp.snoozed)")
                    .execute(self.connection())
                    .await?
            }
        };
        let changed = changed.rows_affected();
        self.concern_only([]);
        self.rows += changed;
        Ok(changed)
    }
}
