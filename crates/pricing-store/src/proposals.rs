//! Batches and proposals: how they are read.

use std::cmp::Ordering;
use std::str::FromStr;

use pricing_domain::{
    BatchId, Currency, DeliveryState, ExceptionReason, Instant, PriceListId, ProductId, ProposalId, ProposalKind,
    ProposalStatus,
};
use sqlx::sqlite::{Sqlite, SqliteRow};
use sqlx::{AssertSqlSafe, QueryBuilder, Row};

use crate::audit::{count, uuid};
use crate::work_lists::WorkQuery;
use crate::{Store, StoreError};

/// Stands for “no reason” in the order of urgency.
pub(crate) const NO_REASON: i64 = 255;

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
    /// How many limits that only warn the proposed price crosses.
    pub warnings: u32,
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
    /// What became of it in its newest hand-over, with the words of the shop.
    pub delivery: Option<(DeliveryState, String)>,
    /// Who approved first, where two are needed.
    pub first_by: Option<String>,
    pub snoozed_until: Option<Instant>,
    pub comments: u64,
}

/// Which proposals that are snoozed at a time belong to a selection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SnoozeQuery {
    /// They do like any other.
    #[default]
    Any,
    /// They do not.
    Hidden(Instant),
    /// Only they do.
    Only(Instant),
}

/// In which order proposals are listed; equal ones as they were written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ProposalOrder {
    /// Exceptions by urgency, then the largest change first.
    #[default]
    Urgency,
    /// The largest change first.
    Change,
}

impl ProposalOrder {
    pub(crate) const fn sql(self) -> &'static str {
        match self {
            Self::Urgency => " ORDER BY p.reason, abs(coalesce(p.change_bp, 0)) DESC, p.key",
            Self::Change => " ORDER BY abs(coalesce(p.change_bp, 0)) DESC, p.key",
        }
    }
}

/// A person's own price with what follows from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the columns of the table `proposal`")]
pub struct HandPrice {
    pub new_minor: i64,
    pub change_bp: Option<i32>,
    pub margin_bp: Option<i32>,
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
    pub snoozed: SnoozeQuery,
    /// `true`: only those that a first person approved; `false`: only the others.
    pub first_approved: Option<bool>,
    pub work: Option<WorkQuery>,
    /// Only prices that cross a limit that only warns.
    pub warned: bool,
    /// By key.
    pub products: Option<Vec<i64>>,
    /// Only prices that rise ([`Ordering::Greater`]) or that fall.
    pub moved: Option<Ordering>,
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
    /// Why it waits as a whole; empty when it does not, or when a person let it go on.
    pub held_for: Vec<String>,
}

/// Proposals of a batch by status.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "named after the status they count")]
pub struct BatchCounts {
    pub pending_changes: u64,
    pub pending_exceptions: u64,
    pub approved: u64,
    pub publishing: u64,
    pub rejected: u64,
    pub exported: u64,
    /// Waiting exceptions by reason, most urgent first.
    pub reasons: Vec<(ExceptionReason, u64)>,
    /// Waiting ones that are snoozed; the counts above are without them.
    pub snoozed: u64,
    /// Waiting ones that a first person approved; they are among the counts above.
    pub first_approved: u64,
    /// Waiting ones whose price crosses a limit that only warns; they are among the counts above.
    pub warned: u64,
}

/// The key of the newest finished batch; only its proposals can be decided and handed over.
pub(crate) const NEWEST_BATCH: &str = "(SELECT max(key) FROM batch WHERE finished = 1)";

fn held_for(text: Option<&str>) -> Result<Vec<String>, StoreError> {
    text.map_or(Ok(Vec::new()), |text| serde_json::from_str(text).map_err(|_| StoreError::Unexpected("a batch")))
}

impl Store {
    /// The newest proposal of a product on a list in the newest batch, and where it stands.
    pub async fn newest_proposal_of(
        &self,
        product_key: i64,
        list_key: i64,
    ) -> Result<Option<(ProposalId, ProposalStatus)>, StoreError> {
        let sql = format!(
            "SELECT id, status FROM proposal WHERE product_key = ? AND list_key = ? AND batch_key = {NEWEST_BATCH} \
             ORDER BY key DESC LIMIT 1"
        );
        let row =
            sqlx::query(AssertSqlSafe(sql)).bind(product_key).bind(list_key).fetch_optional(&self.readers).await?;
        let Some(row) = row else { return Ok(None) };
        let status = ProposalStatus::from_str(row.try_get(1)?).map_err(|_| StoreError::Unexpected("a proposal"))?;
        Ok(Some((ProposalId(uuid(&row, 0)?), status)))
    }

    /// By which rules the newest batch was made.
    pub async fn rule_set_of_newest_batch(&self) -> Result<Option<i64>, StoreError> {
        let sql = format!("SELECT rule_set_key FROM batch WHERE key = {NEWEST_BATCH}");
        Ok(sqlx::query_scalar(AssertSqlSafe(sql)).fetch_optional(&self.readers).await?)
    }

    /// The newest finished batch.
    pub async fn newest_batch(&self) -> Result<Option<BatchRow>, StoreError> {
        let row = sqlx::query(
            "SELECT b.key, b.id, b.created_at, r.name || ', version ' || r.version, b.totals, \
             CASE WHEN b.released_at IS NULL THEN b.held_for END FROM batch b \
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
                held_for: held_for(row.try_get(5)?)?,
            })
        })
        .transpose()
    }

    /// The products whose new price on a list is approved and not handed over yet.
    pub async fn approved_products(&self, list_key: i64) -> Result<Vec<i64>, StoreError> {
        let sql = format!(
            "SELECT product_key FROM proposal WHERE batch_key = {NEWEST_BATCH} AND status = 'approved' AND list_key = ?"
        );
        Ok(sqlx::query_scalar(AssertSqlSafe(sql)).bind(list_key).fetch_all(&self.readers).await?)
    }

    /// Since when moves of competitors were not looked at by a run that could go on: the newest batch that nothing held,
    /// or that a person let go on; where there is none, the first.
    pub async fn moves_seen_until(&self) -> Result<Option<Instant>, StoreError> {
        let sql = "SELECT coalesce((SELECT created_at FROM batch WHERE finished = 1 AND (held_for IS NULL OR \
                   released_at IS NOT NULL) ORDER BY key DESC LIMIT 1), \
                   (SELECT min(created_at) FROM batch WHERE finished = 1))";
        let at: Option<i64> = sqlx::query_scalar(sql).fetch_one(&self.readers).await?;
        Ok(at.map(Instant))
    }

    /// Counts of the newest batch, on one list or on all. What is snoozed at `now` is counted apart.
    pub async fn batch_counts(&self, list: Option<i64>, now: Instant) -> Result<BatchCounts, StoreError> {
        // Grouped as the index stands, so that nothing is sorted.
        let sql = format!(
            "SELECT status, reason, count(*), sum(kind = 'exception') FROM proposal WHERE batch_key = {NEWEST_BATCH} \
             AND (?1 IS NULL OR list_key = ?1) GROUP BY status, reason"
        );
        let rows = sqlx::query(AssertSqlSafe(sql)).bind(list).fetch_all(&self.readers).await?;
        let mut counts = BatchCounts::default();
        for row in &rows {
            let (n, exceptions) = (count(row, 2)?, count(row, 3)?);
            match row.try_get::<&str, _>(0)? {
                "pending" => {
                    counts.pending_exceptions += exceptions;
                    counts.pending_changes += n - exceptions;
                    if let Some(reason) = reason(row.try_get(1)?).filter(|_| exceptions > 0) {
                        counts.reasons.push((reason, exceptions));
                    }
                }
                "approved" => counts.approved += n,
                "publishing" => counts.publishing += n,
                "rejected" => counts.rejected += n,
                "exported" => counts.exported += n,
                _ => {}
            }
        }
        self.take_snoozed_out(&mut counts, list, now).await?;
        let sql = format!(
            "SELECT count(*) FROM proposal WHERE batch_key = {NEWEST_BATCH} AND status = 'pending' \
             AND first_by IS NOT NULL AND (?1 IS NULL OR list_key = ?1)"
        );
        let first: i64 = match self.has_first_approvals().await? {
            true => sqlx::query_scalar(AssertSqlSafe(sql)).bind(list).fetch_one(&self.readers).await?,
            false => 0,
        };
        counts.first_approved = u64::try_from(first).unwrap_or(0);
        let sql = format!(
            "SELECT count(*) FROM proposal INDEXED BY proposal_warned WHERE batch_key = {NEWEST_BATCH} \
             AND status = 'pending' AND warnings > 0 AND (?1 IS NULL OR list_key = ?1)"
        );
        let warned: i64 = sqlx::query_scalar(AssertSqlSafe(sql)).bind(list).fetch_one(&self.readers).await?;
        counts.warned = u64::try_from(warned).unwrap_or(0);
        Ok(counts)
    }

    /// Whether anything of the newest batch was decided; cheap, for the index stands in the order of states.
    pub async fn has_decisions(&self) -> Result<bool, StoreError> {
        let sql = format!(
            "SELECT EXISTS (SELECT 1 FROM proposal WHERE batch_key = {NEWEST_BATCH} \
             AND status IN ('approved', 'rejected', 'exported'))"
        );
        Ok(sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&self.readers).await?)
    }

    /// Whether any proposal waits for a second person; cheap, because few do.
    async fn has_first_approvals(&self) -> Result<bool, StoreError> {
        Ok(sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM proposal INDEXED BY proposal_first WHERE first_by IS NOT NULL)",
        )
        .fetch_one(&self.readers)
        .await?)
    }

    async fn take_snoozed_out(
        &self,
        counts: &mut BatchCounts,
        list: Option<i64>,
        now: Instant,
    ) -> Result<(), StoreError> {
        // From the few that are snoozed to their proposals, not the other way round.
        let sql = format!(
            "SELECT p.kind, p.reason, count(*) FROM snooze s CROSS JOIN proposal p ON p.product_key = s.product_key \
             AND p.list_key = s.list_key WHERE s.until > ?2 AND +p.batch_key = {NEWEST_BATCH} AND p.status = 'pending' \
             AND (?1 IS NULL OR s.list_key = ?1) GROUP BY p.kind, p.reason"
        );
        let rows = sqlx::query(AssertSqlSafe(sql)).bind(list).bind(now.0).fetch_all(&self.readers).await?;
        for row in &rows {
            let n = count(row, 2)?;
            counts.snoozed += n;
            if row.try_get::<&str, _>(0)? == "exception" {
                counts.pending_exceptions = counts.pending_exceptions.saturating_sub(n);
                let snoozed = reason(row.try_get(1)?);
                if let Some((_, waiting)) = counts.reasons.iter_mut().find(|(one, _)| Some(*one) == snoozed) {
                    *waiting = waiting.saturating_sub(n);
                }
            } else {
                counts.pending_changes = counts.pending_changes.saturating_sub(n);
            }
        }
        counts.reasons.retain(|(_, waiting)| *waiting > 0);
        Ok(())
    }

    /// How many proposals of the newest batch there are by reason; `None`: ordinary changes.
    pub async fn count_proposals(
        &self,
        query: &ProposalQuery,
    ) -> Result<Vec<(Option<ExceptionReason>, u64)>, StoreError> {
        let mut counting = QueryBuilder::<Sqlite>::new("SELECT p.reason, count(*) FROM proposal p WHERE ");
        narrow(&mut counting, query);
        counting.push(" GROUP BY p.reason");
        let rows = counting.build().fetch_all(&self.readers).await?;
        rows.iter().map(|row| Ok((reason(row.try_get(0)?), count(row, 1)?))).collect()
    }

    /// What decided the largest changes and exceptions of the newest batch on a list.
    pub async fn largest_inputs(&self, list_key: i64, limit: u32) -> Result<Vec<(i64, Vec<u8>)>, StoreError> {
        let sql = format!(
            "SELECT b.rule_set_key, p.inputs FROM proposal p JOIN batch b ON b.key = p.batch_key WHERE p.key IN \
             (SELECT key FROM proposal WHERE batch_key = {NEWEST_BATCH} AND list_key = ?1 \
             ORDER BY abs(coalesce(change_bp, 0)) DESC, key LIMIT ?2)"
        );
        let rows = sqlx::query(AssertSqlSafe(sql)).bind(list_key).bind(limit).fetch_all(&self.readers).await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
    }

    /// How many proposals of the newest batch there are.
    pub async fn proposal_count(&self, query: &ProposalQuery) -> Result<u64, StoreError> {
        let mut counting = QueryBuilder::<Sqlite>::new("SELECT count(*) FROM proposal p WHERE ");
        narrow(&mut counting, query);
        let all: i64 = counting.build_query_scalar().fetch_one(&self.readers).await?;
        Ok(u64::try_from(all).unwrap_or(0))
    }

    /// A page of the newest batch.
    pub async fn list_proposals(
        &self,
        query: &ProposalQuery,
        order: ProposalOrder,
        offset: u64,
        limit: u32,
    ) -> Result<Vec<StoredProposal>, StoreError> {
        // The page is found by narrow rows first; only its own proposals are then read whole.
        let mut listing = QueryBuilder::<Sqlite>::new(SELECT_PROPOSAL);
        listing.push(" WHERE p.key IN (SELECT p.key FROM proposal p WHERE ");
        narrow(&mut listing, query);
        listing.push(order.sql()).push(" LIMIT ").push_bind(limit);
        listing.push(" OFFSET ").push_bind(i64::try_from(offset).unwrap_or(i64::MAX));
        listing.push(")").push(order.sql());
        listing.build().fetch_all(&self.readers).await?.iter().map(stored).collect()
    }

    /// One proposal.
    pub async fn find_proposal(&self, id: ProposalId) -> Result<Option<StoredProposal>, StoreError> {
        let sql = format!("{SELECT_PROPOSAL} WHERE p.id = ?");
        let row = sqlx::query(AssertSqlSafe(sql)).bind(id.0.as_bytes().to_vec()).fetch_optional(&self.readers).await?;
        row.as_ref().map(stored).transpose()
    }

    /// The proposal of the newest batch for a product on a list.
    pub async fn proposal_of(&self, product_key: i64, list_key: i64) -> Result<Option<StoredProposal>, StoreError> {
        // The plus keeps SQLite from walking the whole batch: a product has few proposals.
        let sql =
            format!("{SELECT_PROPOSAL} WHERE p.product_key = ? AND p.list_key = ? AND +p.batch_key = {NEWEST_BATCH}");
        let row =
            sqlx::query(AssertSqlSafe(sql)).bind(product_key).bind(list_key).fetch_optional(&self.readers).await?;
        row.as_ref().map(stored).transpose()
    }
}

pub(crate) const SELECT_PROPOSAL: &str = "SELECT p.key, p.id, o.id, o.sku, o.name, l.code, l.currency, b.rule_set_key, p.status, \
     p.product_key, p.list_key, p.kind, p.reason, p.old_minor, p.new_minor, p.change_bp, p.lawful_minor, \
     p.floor_minor, p.ceiling_minor, p.margin_bp, p.cost_micro, p.lowest_minor, p.rule, p.inputs, p.decided_by, \
     p.decision_reason, p.first_by, \
     (SELECT s.until FROM snooze s WHERE s.product_key = p.product_key AND s.list_key = p.list_key), \
     (SELECT count(*) FROM price_comment c WHERE c.product_key = p.product_key AND c.list_key = p.list_key), q.state, q.message, p.warnings \
     FROM proposal p JOIN product o ON o.key = p.product_key \
     JOIN price_list l ON l.key = p.list_key JOIN batch b ON b.key = p.batch_key \
     LEFT JOIN publication_price q ON q.proposal_key = p.key AND q.publication_key = \
     (SELECT max(x.publication_key) FROM publication_price x WHERE x.proposal_key = p.key)";

pub(crate) fn narrow(sql: &mut QueryBuilder<Sqlite>, query: &ProposalQuery) {
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
    let snoozed = "EXISTS (SELECT 1 FROM snooze s WHERE s.product_key = p.product_key AND s.list_key = p.list_key \
                   AND s.until > ";
    match query.snoozed {
        SnoozeQuery::Any => {}
        SnoozeQuery::Hidden(now) => {
            sql.push(" AND NOT (p.status = 'pending' AND ").push(snoozed).push_bind(now.0).push("))");
        }
        SnoozeQuery::Only(now) => {
            sql.push(" AND ").push(snoozed).push_bind(now.0).push(")");
        }
    }
    match query.first_approved {
        None => {}
        Some(true) => drop(sql.push(" AND p.first_by IS NOT NULL")),
        Some(false) => drop(sql.push(" AND p.first_by IS NULL")),
    }
    if query.warned {
        sql.push(" AND p.warnings > 0");
    }
    match query.moved {
        None => {}
        Some(Ordering::Greater) => drop(sql.push(" AND p.change_bp > 0")),
        Some(_) => drop(sql.push(" AND p.change_bp < 0")),
    }
    if let Some(products) = &query.products {
        let keys: Vec<String> = products.iter().map(ToString::to_string).collect();
        sql.push(" AND p.product_key IN (SELECT value FROM json_each(");
        sql.push_bind(format!("[{}]", keys.join(","))).push("))");
    }
    if let Some(work) = query.work {
        work.narrow(sql);
    }
    for word in query.search.split_whitespace() {
        sql.push(" AND (SELECT instr(lower(o.sku || ' ' || o.name), ").push_bind(word.to_lowercase());
        sql.push(") FROM product o WHERE o.key = p.product_key) > 0");
    }
}

fn reason(code: i64) -> Option<ExceptionReason> {
    u8::try_from(code).ok().and_then(ExceptionReason::from_index)
}

fn word<T: FromStr>(row: &SqliteRow, index: usize) -> Result<T, StoreError> {
    row.try_get::<&str, _>(index)?.parse().map_err(|_| StoreError::Unexpected("a proposal"))
}

pub(crate) fn stored(row: &SqliteRow) -> Result<StoredProposal, StoreError> {
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
            warnings: row.try_get(31)?,
            rule: row.try_get(22)?,
            inputs: row.try_get(23)?,
        },
        decided_by: row.try_get(24)?,
        decision_reason: row.try_get(25)?,
        first_by: row.try_get(26)?,
        snoozed_until: row.try_get::<Option<i64>, _>(27)?.map(Instant),
        comments: count(row, 28)?,
        delivery: match row.try_get::<Option<&str>, _>(29)? {
            None => None,
            Some(state) => {
                let state = state.parse().map_err(|_| StoreError::Unexpected("a hand-over"))?;
                Some((state, row.try_get::<Option<String>, _>(30)?.unwrap_or_default()))
            }
        },
    })
}
