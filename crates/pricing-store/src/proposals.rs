//! Batches and proposals: written once by a pricing run, decided by people.

use std::str::FromStr;

use pricing_domain::{
    BatchId, Currency, ExceptionReason, Instant, PriceListId, ProductId, ProposalId, ProposalKind, ProposalStatus,
};
use sqlx::sqlite::{Sqlite, SqliteRow};
use sqlx::{AssertSqlSafe, QueryBuilder, Row};

use crate::audit::{count, uuid};
use crate::operation::Operation;
use crate::staging::{BulkInsert, Value};
use crate::{Store, StoreError};

/// Stands for “no reason” in the order of urgency.
const NO_REASON: i64 = 255;

/// A proposal as the engine made it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the columns of the table `proposal`")]
pub struct ProposalDraft {
    pub product_key: i64,
    pub list_key: i64,
    pub kind: ProposalKind,
    pub reason: Option<ExceptionReason>,
    pub old_minor: Option<i64>,
    pub new_minor: Option<i64>,
    pub change_bp: Option<i32>,
    pub lawful_minor: Option<i64>,
    pub floor_minor: Option<i64>,
    pub ceiling_minor: Option<i64>,
    pub margin_bp: Option<i32>,
    pub cost_micro: Option<i64>,
    pub lowest_minor: Option<i64>,
    /// Place in the rule set; 65,535: none of its rules.
    pub rule: u16,
    /// Everything that decided the price.
    pub inputs: Vec<u8>,
}

/// A stored proposal with the names people know it by.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the columns of the table `proposal`")]
pub struct StoredProposal {
    pub key: i64,
    pub id: ProposalId,
    pub product: ProductId,
    pub sku: String,
    pub name: String,
    pub price_list: String,
    pub currency: Currency,
    pub rule_set_key: i64,
    pub status: ProposalStatus,
    pub draft: ProposalDraft,
    pub decided_by: Option<String>,
    pub decision_reason: Option<String>,
}

/// Which proposals of the newest batch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "each narrows the selection; `None` or empty: not narrowed")]
pub struct ProposalQuery {
    pub price_list: Option<PriceListId>,
    pub status: Option<ProposalStatus>,
    pub kind: Option<ProposalKind>,
    pub reason: Option<ExceptionReason>,
    pub search: String,
}

/// Which proposals a decision is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProposalTarget {
    /// These.
    Ids(Vec<ProposalId>),
    /// All of the newest batch that match.
    Query(ProposalQuery),
}

/// A pricing run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchRow {
    /// Inside.
    pub key: i64,
    /// At the contract.
    pub id: BatchId,
    /// When it ran.
    pub created_at: Instant,
    /// The rule set's name and version.
    pub rule_set: String,
    /// What the run counted, as JSON.
    pub totals: String,
}

/// Proposals of a batch by status.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "named after the status they count")]
pub struct BatchCounts {
    pub pending_changes: u64,
    pub pending_exceptions: u64,
    pub approved: u64,
    pub rejected: u64,
    pub exported: u64,
    /// Waiting exceptions by reason, most urgent first.
    pub reasons: Vec<(ExceptionReason, u64)>,
}

const NEWEST_BATCH: &str = "(SELECT max(key) FROM batch WHERE finished = 1)";

impl Store {
    /// The newest finished batch.
    pub async fn newest_batch(&self) -> Result<Option<BatchRow>, StoreError> {
        let row = sqlx::query(
            "SELECT b.key, b.id, b.created_at, r.name || ', version ' || r.version, b.totals FROM batch b \
             JOIN rule_set r ON r.key = b.rule_set_key WHERE b.finished = 1 ORDER BY b.key DESC LIMIT 1",
        )
        .fetch_optional(&self.readers)
        .await?;
        row.map(|row| {
            Ok(BatchRow {
                key: row.try_get(0)?,
                id: BatchId(uuid(&row, 1)?),
                created_at: Instant(row.try_get(2)?),
                rule_set: row.try_get(3)?,
                totals: row.try_get(4)?,
            })
        })
        .transpose()
    }

    /// Counts of the newest batch, on one list or on all.
    pub async fn batch_counts(&self, list: Option<i64>) -> Result<BatchCounts, StoreError> {
        let sql = format!(
            "SELECT status, kind, reason, count(*) FROM proposal WHERE batch_key = {NEWEST_BATCH} \
             AND (?1 IS NULL OR list_key = ?1) GROUP BY status, kind, reason ORDER BY reason"
        );
        let rows = sqlx::query(AssertSqlSafe(sql)).bind(list).fetch_all(&self.readers).await?;
        let mut counts = BatchCounts::default();
        for row in &rows {
            let n = count(row, 3)?;
            match (row.try_get::<&str, _>(0)?, row.try_get::<&str, _>(1)?) {
                ("pending", "exception") => {
                    counts.pending_exceptions += n;
                    if let Some(reason) = reason(row.try_get(2)?) {
                        counts.reasons.push((reason, n));
                    }
                }
                ("pending", _) => counts.pending_changes += n,
                ("approved", _) => counts.approved += n,
                ("rejected", _) => counts.rejected += n,
                ("exported", _) => counts.exported += n,
                _ => {}
            }
        }
        Ok(counts)
    }

    /// A page of the newest batch: exceptions by urgency, then the largest change first; with the number of all.
    pub async fn list_proposals(
        &self,
        query: &ProposalQuery,
        offset: u64,
        limit: u32,
    ) -> Result<(u64, Vec<StoredProposal>), StoreError> {
        let mut counting = QueryBuilder::<Sqlite>::new(
            "SELECT count(*) FROM proposal p JOIN product o ON o.key = p.product_key WHERE ",
        );
        narrow(&mut counting, query);
        let all: i64 = counting.build_query_scalar().fetch_one(&self.readers).await?;
        let mut listing = QueryBuilder::<Sqlite>::new(SELECT_PROPOSAL);
        listing.push(" WHERE ");
        narrow(&mut listing, query);
        listing.push(" ORDER BY p.reason, abs(coalesce(p.change_bp, 0)) DESC, o.sku, p.list_key LIMIT ");
        listing.push_bind(limit).push(" OFFSET ").push_bind(i64::try_from(offset).unwrap_or(i64::MAX));
        let rows = listing.build().fetch_all(&self.readers).await?;
        let proposals = rows.iter().map(stored).collect::<Result<_, _>>()?;
        Ok((u64::try_from(all).unwrap_or(0), proposals))
    }

    /// One proposal.
    pub async fn find_proposal(&self, id: ProposalId) -> Result<Option<StoredProposal>, StoreError> {
        let sql = format!("{SELECT_PROPOSAL} WHERE p.id = ?");
        let row = sqlx::query(AssertSqlSafe(sql)).bind(id.0.as_bytes().to_vec()).fetch_optional(&self.readers).await?;
        row.as_ref().map(stored).transpose()
    }

    /// The proposal of the newest batch for a product on a list that is not superseded.
    pub async fn proposal_of(&self, product_key: i64, list_key: i64) -> Result<Option<StoredProposal>, StoreError> {
        let sql =
            format!("{SELECT_PROPOSAL} WHERE p.product_key = ? AND p.list_key = ? AND p.batch_key = {NEWEST_BATCH}");
        let row =
            sqlx::query(AssertSqlSafe(sql)).bind(product_key).bind(list_key).fetch_optional(&self.readers).await?;
        row.as_ref().map(stored).transpose()
    }
}

const SELECT_PROPOSAL: &str = "SELECT p.key, p.id, o.id, o.sku, o.name, l.code, l.currency, b.rule_set_key, p.status, \
     p.product_key, p.list_key, p.kind, p.reason, p.old_minor, p.new_minor, p.change_bp, p.lawful_minor, \
     p.floor_minor, p.ceiling_minor, p.margin_bp, p.cost_micro, p.lowest_minor, p.rule, p.inputs, p.decided_by, \
     p.decision_reason FROM proposal p JOIN product o ON o.key = p.product_key \
     JOIN price_list l ON l.key = p.list_key JOIN batch b ON b.key = p.batch_key";

fn narrow(sql: &mut QueryBuilder<Sqlite>, query: &ProposalQuery) {
    sql.push("p.batch_key = ").push(NEWEST_BATCH);
    if let Some(list) = query.price_list {
        sql.push(" AND p.list_key = (SELECT key FROM price_list WHERE id = ").push_bind(list.0.as_bytes().to_vec());
        sql.push(")");
    }
    if let Some(status) = query.status {
        sql.push(" AND p.status = ").push_bind(status.as_str());
    }
    if let Some(kind) = query.kind {
        sql.push(" AND p.kind = ").push_bind(kind.as_str());
    }
    if let Some(reason) = query.reason {
        sql.push(" AND p.reason = ").push_bind(i64::from(reason as u8));
    }
    for word in query.search.split_whitespace() {
        sql.push(" AND instr(lower(o.sku || ' ' || o.name), ").push_bind(word.to_lowercase()).push(") > 0");
    }
}

fn reason(code: i64) -> Option<ExceptionReason> {
    u8::try_from(code).ok().and_then(ExceptionReason::from_index)
}

fn word<T: FromStr>(row: &SqliteRow, index: usize) -> Result<T, StoreError> {
    row.try_get::<&str, _>(index)?.parse().map_err(|_| StoreError::Unexpected("a proposal"))
}

fn stored(row: &SqliteRow) -> Result<StoredProposal, StoreError> {
    Ok(StoredProposal {
        key: row.try_get(0)?,
        id: ProposalId(uuid(row, 1)?),
        product: ProductId(uuid(row, 2)?),
        sku: row.try_get(3)?,
        name: row.try_get(4)?,
        price_list: row.try_get(5)?,
        currency: word(row, 6)?,
        rule_set_key: row.try_get(7)?,
        status: word(row, 8)?,
        draft: ProposalDraft {
            product_key: row.try_get(9)?,
            list_key: row.try_get(10)?,
            kind: word(row, 11)?,
            reason: reason(row.try_get(12)?),
            old_minor: row.try_get(13)?,
            new_minor: row.try_get(14)?,
            change_bp: row.try_get(15)?,
            lawful_minor: row.try_get(16)?,
            floor_minor: row.try_get(17)?,
            ceiling_minor: row.try_get(18)?,
            margin_bp: row.try_get(19)?,
            cost_micro: row.try_get(20)?,
            lowest_minor: row.try_get(21)?,
            rule: row.try_get(22)?,
            inputs: row.try_get(23)?,
        },
        decided_by: row.try_get(24)?,
        decision_reason: row.try_get(25)?,
    })
}

impl Operation {
    /// Begins a batch; what waited in earlier ones is superseded.
    pub async fn begin_batch(&mut self, rule_set_key: i64) -> Result<i64, StoreError> {
        let (id, at, sequence) = (self.ids.next_id(), self.at.0, self.sequence);
        sqlx::query(
            "UPDATE proposal SET status = 'superseded', changed_seq = ? WHERE status IN ('pending', 'approved')",
        )
        .bind(sequence)
        .execute(self.connection())
        .await?;
        Ok(sqlx::query("INSERT INTO batch (id, rule_set_key, created_at) VALUES (?, ?, ?)")
            .bind(id.as_bytes().to_vec())
            .bind(rule_set_key)
            .bind(at)
            .execute(self.connection())
            .await?
            .last_insert_rowid())
    }

    /// Writes proposals of a batch in large statements.
    pub async fn write_proposals(
        &mut self,
        batch: i64,
        drafts: impl IntoIterator<Item = ProposalDraft>,
    ) -> Result<(), StoreError> {
        let mut insert = BulkInsert::new(
            "INSERT",
            "proposal",
            &[
                "id",
                "batch_key",
                "product_key",
                "list_key",
                "kind",
                "status",
                "reason",
                "change_bp",
                "old_minor",
                "new_minor",
                "lawful_minor",
                "floor_minor",
                "ceiling_minor",
                "margin_bp",
                "cost_micro",
                "lowest_minor",
                "rule",
                "inputs",
                "changed_seq",
            ],
        );
        for draft in drafts {
            let id = self.ids.next_id();
            let row = [
                Value::Blob(id.as_bytes().to_vec()),
                batch.into(),
                draft.product_key.into(),
                draft.list_key.into(),
                draft.kind.as_str().into(),
                "pending".into(),
                draft.reason.map_or(NO_REASON, |reason| i64::from(reason as u8)).into(),
                draft.change_bp.map(i64::from).into(),
                draft.old_minor.into(),
                draft.new_minor.into(),
                draft.lawful_minor.into(),
                draft.floor_minor.into(),
                draft.ceiling_minor.into(),
                draft.margin_bp.map(i64::from).into(),
                draft.cost_micro.into(),
                draft.lowest_minor.into(),
                i64::from(draft.rule).into(),
                Value::Blob(draft.inputs),
                self.sequence.into(),
            ];
            self.rows += 1;
            insert.push(self.connection(), row).await?;
        }
        insert.flush(self.connection()).await
    }

    /// Ends a batch; only now is it the newest.
    pub async fn finish_batch(&mut self, batch: i64, totals: &str) -> Result<(), StoreError> {
        sqlx::query("UPDATE batch SET finished = 1, totals = ? WHERE key = ?")
            .bind(totals)
            .bind(batch)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// Gives proposals another status and records each change. Those handed over or superseded stay, and so do, when
    /// approving, those without a price to approve. Returns (decided, left).
    pub async fn decide_proposals(
        &mut self,
        target: &ProposalTarget,
        status: ProposalStatus,
        reason: &str,
        actor: &str,
    ) -> Result<(u64, u64), StoreError> {
        sqlx::query("DROP TABLE IF EXISTS temp.decided").execute(self.connection()).await?;
        let mut selection = QueryBuilder::<Sqlite>::new(
            "CREATE TEMP TABLE decided AS SELECT p.key, p.status AS old_status, \
                 p.status IN ('pending', 'approved', 'rejected') AND p.status <> ",
        );
        // Constants, since a table definition takes no parameters.
        selection.push(format!("'{}'", status.as_str()));
        if status == ProposalStatus::Approved {
            selection.push(" AND coalesce(p.new_minor, p.lawful_minor) IS NOT NULL");
        }
        selection.push(" AS open FROM proposal p WHERE 0");
        selection.build().execute(self.connection()).await?;
        let open = match status {
            ProposalStatus::Approved => " AND coalesce(p.new_minor, p.lawful_minor) IS NOT NULL",
            _ => "",
        };
        let mut fill = QueryBuilder::<Sqlite>::new(
            "INSERT INTO temp.decided SELECT p.key, p.status, p.status IN ('pending', 'approved', 'rejected') \
             AND p.status <> ",
        );
        fill.push_bind(status.as_str()).push(open);
        fill.push(" FROM proposal p JOIN product o ON o.key = p.product_key WHERE ");
        match target {
            ProposalTarget::Query(query) => narrow(&mut fill, query),
            ProposalTarget::Ids(ids) => {
                fill.push("p.id IN (");
                let mut list = fill.separated(", ");
                for id in ids {
                    list.push_bind(id.0.as_bytes().to_vec());
                }
                fill.push(")");
            }
        }
        fill.build().persistent(false).execute(self.connection()).await?;
        let left: i64 =
            sqlx::query_scalar("SELECT count(*) FROM temp.decided WHERE NOT open").fetch_one(self.connection()).await?;
        let (audit_key, sequence, at) = (self.audit_key(), self.sequence, self.at.0);
        sqlx::query(
            "INSERT INTO audit_change (audit_key, entity, entity_key, field, old_value, new_value) \
             SELECT ?, 'proposal', key, 'status', old_status, ? FROM temp.decided WHERE open",
        )
        .bind(audit_key)
        .bind(status.as_str())
        .execute(self.connection())
        .await?;
        let decided = sqlx::query(
            "UPDATE proposal SET status = ?, decided_by = ?, decided_at = ?, decision_reason = ?, changed_seq = ? \
             WHERE key IN (SELECT key FROM temp.decided WHERE open)",
        )
        .bind(status.as_str())
        .bind(actor)
        .bind(at)
        .bind(reason)
        .bind(sequence)
        .execute(self.connection())
        .await?
        .rows_affected();
        self.rows += decided;
        Ok((decided, u64::try_from(left).unwrap_or(0)))
    }
}
