//! Batches and proposals: written once by a pricing run, decided by people.

use pricing_domain::{ExceptionReason, FourEyes, ProposalId, ProposalKind, ProposalStatus};
use sqlx::sqlite::Sqlite;
use sqlx::{AssertSqlSafe, QueryBuilder};

use crate::StoreError;
use crate::operation::Operation;
use crate::proposals::{HandPrice, NEWEST_BATCH, NO_REASON, ProposalDraft, ProposalTarget, narrow};
use crate::staging::{BulkInsert, Value};
use crate::standing_approvals::KeptDecision;

/// What became of a selection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Decided {
    /// Proposals with the new status.
    pub decided: u64,
    /// Proposals that wait for a second person now.
    pub first: u64,
    /// Proposals left as they were.
    pub left: u64,
    /// Proposals that the same person approved first, and another one must.
    pub own: u64,
}

/// Ids bound in one statement, well below SQLite's limit of parameters.
const IDS_A_STATEMENT: usize = 5_000;

impl Operation {
    /// Begins a batch; what waited in the newest one is superseded, approvals too: see [`Operation::standing_approvals`].
    pub async fn begin_batch(&mut self, rule_set_key: i64) -> Result<i64, StoreError> {
        let (id, at, sequence) = (self.ids.next_id(), self.at.0, self.sequence);
        let waiting = format!("batch_key = {NEWEST_BATCH} AND status IN ('pending', 'approved')");
        let products = format!("SELECT DISTINCT product_key FROM proposal WHERE {waiting}");
        let products: Vec<i64> = sqlx::query_scalar(AssertSqlSafe(products)).fetch_all(self.connection()).await?;
        self.concern_only(products);
        let supersede = format!("UPDATE proposal SET status = 'superseded', changed_seq = ? WHERE {waiting}");
        sqlx::query(AssertSqlSafe(supersede)).bind(sequence).execute(self.connection()).await?;
        Ok(sqlx::query("INSERT INTO batch (id, rule_set_key, created_at) VALUES (?, ?, ?)")
            .bind(id.as_bytes().to_vec())
            .bind(rule_set_key)
            .bind(at)
            .execute(self.connection())
            .await?
            .last_insert_rowid())
    }

    /// Writes proposals of a batch in large statements, each with the decision that it takes over.
    pub async fn write_proposals(
        &mut self,
        batch: i64,
        drafts: impl IntoIterator<Item = (ProposalDraft, Option<KeptDecision>)>,
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
                "decided_by",
                "decided_at",
                "decision_reason",
                "first_by",
                "warnings",
            ],
        );
        for (draft, decision) in drafts {
            let id = self.ids.next_id();
            let row = [
                Value::Blob(id.as_bytes().to_vec()),
                batch.into(),
                draft.product_key.into(),
                draft.list_key.into(),
                draft.kind.as_str().into(),
                decision.as_ref().map_or("pending", |decision| decision.status.as_str()).into(),
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
                decision.as_ref().and_then(|decision| decision.decided_by.clone()).into(),
                decision.as_ref().and_then(|decision| decision.decided_at.map(|at| at.0)).into(),
                decision.as_ref().and_then(|decision| decision.reason.clone()).into(),
                decision.and_then(|decision| decision.first_by).into(),
                i64::from(draft.warnings).into(),
            ];
            self.rows += 1;
            self.concern_only([draft.product_key]);
            insert.push(self.connection(), row).await?;
        }
        insert.flush(self.connection()).await
    }

    /// Adds a proposal that no run made to the newest batch, rejected as if today's price were to stay. Where there is no
    /// batch yet, one by these rules is made for it. Gives its key.
    pub async fn add_proposal(&mut self, rule_set_key: i64, draft: ProposalDraft) -> Result<i64, StoreError> {
        let newest = "SELECT max(key) FROM batch WHERE finished = 1";
        let newest: Option<i64> = sqlx::query_scalar(newest).fetch_one(self.connection()).await?;
        let batch = match newest {
            Some(batch) => batch,
            None => {
                let batch = self.begin_batch(rule_set_key).await?;
                self.finish_batch(batch, "[]", &[]).await?;
                batch
            }
        };
        let (product, list) = (draft.product_key, draft.list_key);
        let status = ProposalStatus::Rejected;
        let kept = KeptDecision { status, decided_by: None, decided_at: None, reason: None, first_by: None };
        self.write_proposals(batch, [(draft, Some(kept))]).await?;
        let added = "SELECT max(key) FROM proposal WHERE batch_key = ? AND product_key = ? AND list_key = ?";
        Ok(sqlx::query_scalar(added).bind(batch).bind(product).bind(list).fetch_one(self.connection()).await?)
    }

    /// Ends a batch; only now is it the newest. `held_for`: why it waits as a whole, empty when it does not.
    pub async fn finish_batch(&mut self, batch: i64, totals: &str, held_for: &[String]) -> Result<(), StoreError> {
        let held_for = (!held_for.is_empty()).then(|| serde_json::to_string(held_for).unwrap_or_default());
        sqlx::query("UPDATE batch SET finished = 1, totals = ?, held_for = ? WHERE key = ?")
            .bind(totals)
            .bind(held_for)
            .bind(batch)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// Lets the newest batch go on that waits as a whole. `false`: it does not wait.
    pub async fn release_batch(&mut self, actor: &str, reason: &str) -> Result<bool, StoreError> {
        let at = self.at.0;
        let sql = format!(
            "UPDATE batch SET released_by = ?, released_at = ?, release_reason = ? \
             WHERE key = {NEWEST_BATCH} AND held_for IS NOT NULL AND released_at IS NULL"
        );
        let released = sqlx::query(AssertSqlSafe(sql)).bind(actor).bind(at).bind(reason).execute(self.connection());
        let released = released.await?.rows_affected();
        self.concern_only([]);
        self.rows += released;
        Ok(released > 0)
    }

    /// Gives proposals another status and records each change. Those of an older batch, handed over or superseded
    /// stay, and so do, when approving, those without a price to approve. Where `eyes` wants two persons, a first
    /// approval leaves them waiting, and the same person's second one changes nothing.
    pub async fn decide_proposals(
        &mut self,
        target: &ProposalTarget,
        status: ProposalStatus,
        reason: &str,
        actor: &str,
        eyes: FourEyes,
    ) -> Result<Decided, StoreError> {
        self.begin_decided().await?;
        match target {
            ProposalTarget::Query(query) => self.select_decided(status, |sql| narrow(sql, query)).await?,
            ProposalTarget::Ids(ids) => {
                for ids in ids.chunks(IDS_A_STATEMENT) {
                    self.select_decided(status, |sql| among(sql, ids)).await?;
                }
            }
        }
        if status == ProposalStatus::Approved {
            self.tell_first_approvals(actor, eyes).await?;
        }
        self.record_decisions(status).await?;
        // CROSS: from the few that are decided to their proposals, not through all proposals.
        let products: Vec<i64> = sqlx::query_scalar(
            "SELECT DISTINCT p.product_key FROM temp.decided d CROSS JOIN proposal p ON p.key = d.key \
             WHERE d.open IN (1, 2)",
        )
        .fetch_all(self.connection())
        .await?;
        self.concern_only(products);
        let (sequence, at) = (self.sequence, self.at.0);
        let decided = sqlx::query(
            "UPDATE proposal SET status = ?1, decided_by = iif(?1 = 'approved' AND first_by IS NOT NULL, \
             first_by || ' and ' || ?2, ?2), decided_at = ?3, decision_reason = ?4, changed_seq = ?5, \
             first_by = iif(?1 = 'approved', first_by, NULL) \
             WHERE key IN (SELECT key FROM temp.decided WHERE open = 1)",
        )
        .bind(status.as_str())
        .bind(actor)
        .bind(at)
        .bind(reason)
        .bind(sequence)
        .execute(self.connection())
        .await?
        .rows_affected();
        let first = sqlx::query(
            "UPDATE proposal SET status = 'pending', decided_by = ?1, decided_at = ?2, decision_reason = ?3, \
             changed_seq = ?4, first_by = ?1 WHERE key IN (SELECT key FROM temp.decided WHERE open = 2)",
        )
        .bind(actor)
        .bind(at)
        .bind(reason)
        .bind(sequence)
        .execute(self.connection())
        .await?
        .rows_affected();
        self.rows += decided + first;
        let count = |state: i64| format!("SELECT count(*) FROM temp.decided WHERE open = {state}");
        let left: i64 = sqlx::query_scalar(AssertSqlSafe(count(0))).fetch_one(self.connection()).await?;
        let own: i64 = sqlx::query_scalar(AssertSqlSafe(count(3))).fetch_one(self.connection()).await?;
        let number = |count: i64| u64::try_from(count).unwrap_or(0);
        Ok(Decided { decided, first, left: number(left), own: number(own) })
    }

    /// Marks what a second person must approve too (2), and what this person approved first already (3).
    async fn tell_first_approvals(&mut self, actor: &str, eyes: FourEyes) -> Result<(), StoreError> {
        let needs_two = match eyes {
            FourEyes::Off => return Ok(()),
            FourEyes::Exceptions => "(p.kind = 'exception' OR p.first_by IS NOT NULL)",
            FourEyes::All => "1",
        };
        let sql = format!(
            "UPDATE temp.decided SET open = (SELECT iif(p.first_by IS NULL, 2, iif(lower(p.first_by) = lower(?), 3, 1)) \
             FROM proposal p WHERE p.key = decided.key) \
             WHERE open = 1 AND EXISTS (SELECT 1 FROM proposal p WHERE p.key = decided.key AND {needs_two})"
        );
        sqlx::query(AssertSqlSafe(sql)).bind(actor).execute(self.connection()).await?;
        Ok(())
    }

    /// Approves one proposal of the newest batch at another price; where `eyes` wants two persons, a second one must
    /// approve it too. `false`: it was handed over or superseded.
    pub async fn price_by_hand(
        &mut self,
        (key, draft): (i64, &ProposalDraft),
        hand: &HandPrice,
        reason: &str,
        actor: &str,
        eyes: FourEyes,
    ) -> Result<bool, StoreError> {
        self.begin_decided().await?;
        let (open, status, first) = match eyes {
            FourEyes::Off => (1, ProposalStatus::Approved, None),
            FourEyes::Exceptions | FourEyes::All => (2, ProposalStatus::Pending, Some(actor)),
        };
        let sql = format!(
            "INSERT INTO temp.decided SELECT key, {open} FROM proposal WHERE key = ? \
             AND status IN ('pending', 'approved', 'rejected') AND batch_key = {NEWEST_BATCH}"
        );
        let open = sqlx::query(AssertSqlSafe(sql)).bind(key).execute(self.connection()).await?.rows_affected();
        if open == 0 {
            return Ok(false);
        }
        self.record_decisions(ProposalStatus::Approved).await?;
        let text = |value: Option<i64>| value.map(|value| value.to_string());
        for (field, old, new) in [
            ("new_minor", text(draft.new_minor), Some(hand.new_minor.to_string())),
            ("change_bp", text(draft.change_bp.map(i64::from)), text(hand.change_bp.map(i64::from))),
            ("margin_bp", text(draft.margin_bp.map(i64::from)), text(hand.margin_bp.map(i64::from))),
        ] {
            self.record_change("proposal", key, field, old, new).await?;
        }
        let (sequence, at) = (self.sequence, self.at.0);
        sqlx::query(
            "UPDATE proposal SET warnings = 0, new_minor = ?, change_bp = ?, margin_bp = ?, status = ?, first_by = ?, decided_by = ?, \
             decided_at = ?, decision_reason = ?, changed_seq = ? WHERE key = ?",
        )
        .bind(hand.new_minor)
        .bind(hand.change_bp)
        .bind(hand.margin_bp)
        .bind(status.as_str())
        .bind(first)
        .bind(actor)
        .bind(at)
        .bind(reason)
        .bind(sequence)
        .bind(key)
        .execute(self.connection())
        .await?;
        self.concern_only([draft.product_key]);
        self.rows += 1;
        Ok(true)
    }

    /// Gives approved prices that may not be handed over any more back to a person, as exceptions: the key of each
    /// proposal, and why.
    pub async fn leave_behind(&mut self, left: impl Iterator<Item = (i64, &str)>) -> Result<(), StoreError> {
        let left: Vec<(i64, &str)> = left.collect();
        if left.is_empty() {
            return Ok(());
        }
        self.begin_decided().await?;
        for (key, _) in &left {
            sqlx::query("INSERT INTO temp.decided SELECT key, 1 FROM proposal WHERE key = ? AND status = 'approved'")
                .bind(key)
                .execute(self.connection())
                .await?;
        }
        self.record_decisions(ProposalStatus::Pending).await?;
        let (sequence, at) = (self.sequence, self.at.0);
        for (key, reason) in left {
            let product: Option<i64> = sqlx::query_scalar(
                "UPDATE proposal SET kind = ?, reason = ?, status = 'pending', first_by = NULL, \
                 decided_by = 'Hand-over', decided_at = ?, decision_reason = ?, changed_seq = ? \
                 WHERE key = ? AND status = 'approved' RETURNING product_key",
            )
            .bind(ProposalKind::Exception.as_str())
            .bind(i64::from(ExceptionReason::LeftBehind as u8))
            .bind(at)
            .bind(format!("not handed over, because {reason}"))
            .bind(sequence)
            .bind(key)
            .fetch_optional(self.connection())
            .await?;
            self.concern_only(product);
            self.rows += u64::from(product.is_some());
        }
        Ok(())
    }

    async fn begin_decided(&mut self) -> Result<(), StoreError> {
        sqlx::query("DROP TABLE IF EXISTS temp.decided").execute(self.connection()).await?;
        sqlx::query("CREATE TEMP TABLE decided (key INTEGER PRIMARY KEY, open INTEGER NOT NULL)")
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// Notes the proposals that `choose` selects, and whether each can get the status.
    async fn select_decided(
        &mut self,
        status: ProposalStatus,
        choose: impl FnOnce(&mut QueryBuilder<Sqlite>),
    ) -> Result<(), StoreError> {
        let mut fill = QueryBuilder::<Sqlite>::new(
            "INSERT OR IGNORE INTO temp.decided SELECT p.key, p.status IN ('pending', 'approved', 'rejected') \
             AND p.batch_key = ",
        );
        fill.push(NEWEST_BATCH).push(" AND (p.status <> ").push_bind(status.as_str());
        // Reopening takes a first approval back.
        fill.push(" OR p.status = 'pending' AND p.first_by IS NOT NULL)");
        if status == ProposalStatus::Approved {
            fill.push(" AND coalesce(p.new_minor, p.lawful_minor) IS NOT NULL");
        }
        fill.push(" FROM proposal p WHERE ");
        choose(&mut fill);
        fill.build().persistent(false).execute(self.connection()).await?;
        Ok(())
    }

    /// Keeps the state before: the status of every proposal, and who decided where somebody had.
    async fn record_decisions(&mut self, status: ProposalStatus) -> Result<(), StoreError> {
        let audit_key = self.audit_key();
        // 1: decided; 2: approved by a first person, so that it goes on waiting.
        let becomes = format!("iif(d.open = 2, 'pending', '{}')", status.as_str());
        for (field, condition, new) in [
            ("status", "1", becomes.as_str()),
            ("first_by", "p.first_by IS NOT NULL", "NULL"),
            ("decided_by", "p.decided_by IS NOT NULL", "NULL"),
            ("decided_at", "p.decided_at IS NOT NULL", "NULL"),
            ("decision_reason", "p.decision_reason IS NOT NULL", "NULL"),
        ] {
            let sql = format!(
                "INSERT INTO audit_change (audit_key, entity, entity_key, field, old_value, new_value) \
                 SELECT ?, 'proposal', p.key, '{field}', cast(p.{field} AS TEXT), {new} \
                 FROM temp.decided d CROSS JOIN proposal p ON p.key = d.key WHERE d.open IN (1, 2) AND {condition}"
            );
            sqlx::query(AssertSqlSafe(sql)).bind(audit_key).execute(self.connection()).await?;
        }
        Ok(())
    }
}

fn among(sql: &mut QueryBuilder<Sqlite>, ids: &[ProposalId]) {
    sql.push("p.id IN (");
    let mut list = sql.separated(", ");
    for id in ids {
        list.push_bind(id.0.as_bytes().to_vec());
    }
    sql.push(")");
}
