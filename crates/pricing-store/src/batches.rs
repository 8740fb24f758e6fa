//! Batches and proposals: written once by a pricing run, decided by people.

use pricing_domain::{ProposalId, ProposalStatus};
use sqlx::sqlite::Sqlite;
use sqlx::{AssertSqlSafe, QueryBuilder};

use crate::StoreError;
use crate::operation::Operation;
use crate::proposals::{HandPrice, NEWEST_BATCH, NO_REASON, ProposalDraft, ProposalTarget, StoredProposal, narrow};
use crate::staging::{BulkInsert, Value};

/// Ids bound in one statement, well below SQLite's limit of parameters.
const IDS_A_STATEMENT: usize = 5_000;

impl Operation {
    /// Begins a batch; what waited in the newest one is superseded.
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
            self.concern_only([draft.product_key]);
            insert.push(self.connection(), row).await?;
        }
        insert.flush(self.connection()).await
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
    /// stay, and so do, when approving, those without a price to approve. Returns (decided, left).
    pub async fn decide_proposals(
        &mut self,
        target: &ProposalTarget,
        status: ProposalStatus,
        reason: &str,
        actor: &str,
    ) -> Result<(u64, u64), StoreError> {
        self.begin_decided().await?;
        match target {
            ProposalTarget::Query(query) => self.select_decided(status, |sql| narrow(sql, query)).await?,
            ProposalTarget::Ids(ids) => {
                for ids in ids.chunks(IDS_A_STATEMENT) {
                    self.select_decided(status, |sql| among(sql, ids)).await?;
                }
            }
        }
        self.record_decisions(status).await?;
        let products: Vec<i64> = sqlx::query_scalar(
            "SELECT DISTINCT p.product_key FROM temp.decided d JOIN proposal p ON p.key = d.key WHERE d.open",
        )
        .fetch_all(self.connection())
        .await?;
        self.concern_only(products);
        let (sequence, at) = (self.sequence, self.at.0);
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
        let left: i64 =
            sqlx::query_scalar("SELECT count(*) FROM temp.decided WHERE NOT open").fetch_one(self.connection()).await?;
        Ok((decided, u64::try_from(left).unwrap_or(0)))
    }

    /// Approves one proposal of the newest batch at another price. `false`: it was handed over or superseded.
    pub async fn price_by_hand(
        &mut self,
        proposal: &StoredProposal,
        hand: &HandPrice,
        reason: &str,
        actor: &str,
    ) -> Result<bool, StoreError> {
        self.begin_decided().await?;
        let sql = format!(
            "INSERT INTO temp.decided SELECT key, 1 FROM proposal WHERE key = ? \
             AND status IN ('pending', 'approved', 'rejected') AND batch_key = {NEWEST_BATCH}"
        );
        let open = sqlx::query(AssertSqlSafe(sql)).bind(proposal.key).execute(self.connection()).await?.rows_affected();
        if open == 0 {
            return Ok(false);
        }
        self.record_decisions(ProposalStatus::Approved).await?;
        let text = |value: Option<i64>| value.map(|value| value.to_string());
        let draft = &proposal.draft;
        for (field, old, new) in [
            ("new_minor", text(draft.new_minor), Some(hand.new_minor.to_string())),
            ("change_bp", text(draft.change_bp.map(i64::from)), text(hand.change_bp.map(i64::from))),
            ("margin_bp", text(draft.margin_bp.map(i64::from)), text(hand.margin_bp.map(i64::from))),
        ] {
            self.record_change("proposal", proposal.key, field, old, new).await?;
        }
        let (sequence, at) = (self.sequence, self.at.0);
        sqlx::query(
            "UPDATE proposal SET new_minor = ?, change_bp = ?, margin_bp = ?, status = 'approved', decided_by = ?, \
             decided_at = ?, decision_reason = ?, changed_seq = ? WHERE key = ?",
        )
        .bind(hand.new_minor)
        .bind(hand.change_bp)
        .bind(hand.margin_bp)
        .bind(actor)
        .bind(at)
        .bind(reason)
        .bind(sequence)
        .bind(proposal.key)
        .execute(self.connection())
        .await?;
        self.concern_only([draft.product_key]);
        self.rows += 1;
        Ok(true)
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
        fill.push(NEWEST_BATCH).push(" AND p.status <> ").push_bind(status.as_str());
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
        for (field, condition, new) in [
            ("status", "1", Some(status.as_str())),
            ("decided_by", "p.decided_by IS NOT NULL", None),
            ("decided_at", "p.decided_at IS NOT NULL", None),
            ("decision_reason", "p.decision_reason IS NOT NULL", None),
        ] {
            let sql = format!(
                "INSERT INTO audit_change (audit_key, entity, entity_key, field, old_value, new_value) \
                 SELECT ?, 'proposal', p.key, '{field}', cast(p.{field} AS TEXT), ? \
                 FROM temp.decided d JOIN proposal p ON p.key = d.key WHERE d.open AND {condition}"
            );
            sqlx::query(AssertSqlSafe(sql)).bind(audit_key).bind(new).execute(self.connection()).await?;
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
