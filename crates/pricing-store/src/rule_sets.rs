//! Versions of the rule set.

use std::str::FromStr;

use pricing_domain::{Instant, RuleSet, RuleSetState};
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Row};

use crate::operation::Operation;
use crate::{Store, StoreError};

/// A version of the rule set.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleSetVersion {
    /// Inside.
    pub key: i64,
    /// From 1.
    pub version: i64,
    /// The rules.
    pub rules: RuleSet,
    /// Where it stands.
    pub state: RuleSetState,
    /// When a scheduled one comes into force.
    pub in_force_from: Option<Instant>,
    /// When it was saved or put in force.
    pub created_at: Instant,
    /// By whom.
    pub created_by: String,
}

const COLUMNS: &str = "SELECT key, version, body, state, created_at, created_by, in_force_from FROM rule_set";

impl Store {
    /// The version in force; `None` in a workspace without rules.
    pub async fn active_rule_set(&self) -> Result<Option<RuleSetVersion>, StoreError> {
        let sql = format!("{COLUMNS} WHERE state = 'active'");
        let row = sqlx::query(AssertSqlSafe(sql)).fetch_optional(&self.readers).await?;
        row.as_ref().map(version).transpose()
    }

    /// Any version.
    pub async fn rule_set(&self, key: i64) -> Result<RuleSetVersion, StoreError> {
        let sql = format!("{COLUMNS} WHERE key = ?");
        version(&sqlx::query(AssertSqlSafe(sql)).bind(key).fetch_one(&self.readers).await?)
    }

    /// The scheduled version whose time has come; of several the one whose time came last.
    pub async fn due_rule_set(&self, now: Instant) -> Result<Option<RuleSetVersion>, StoreError> {
        let sql = format!(
            "{COLUMNS} WHERE state = 'scheduled' AND in_force_from <= ? ORDER BY in_force_from DESC, version DESC LIMIT 1"
        );
        let row = sqlx::query(AssertSqlSafe(sql)).bind(now.0).fetch_optional(&self.readers).await?;
        row.as_ref().map(version).transpose()
    }

    /// Every version, newest first.
    pub async fn rule_set_versions(&self) -> Result<Vec<RuleSetVersion>, StoreError> {
        let sql = format!("{COLUMNS} ORDER BY version DESC");
        let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(&self.readers).await?;
        rows.iter().map(version).collect()
    }
}

fn version(row: &SqliteRow) -> Result<RuleSetVersion, StoreError> {
    let rules = serde_json::from_str(row.try_get(2)?).map_err(|_| StoreError::Unexpected("a rule set"))?;
    Ok(RuleSetVersion {
        key: row.try_get(0)?,
        version: row.try_get(1)?,
        rules,
        state: RuleSetState::from_str(row.try_get(3)?).map_err(|_| StoreError::Unexpected("a rule set"))?,
        in_force_from: row.try_get::<Option<i64>, _>(6)?.map(Instant),
        created_at: Instant(row.try_get(4)?),
        created_by: row.try_get(5)?,
    })
}

impl Operation {
    /// Puts a rule set in force as a new version; the one before is archived.
    pub async fn activate_rule_set(&mut self, rules: &RuleSet, actor: &str) -> Result<(), StoreError> {
        self.archive_active().await?;
        self.save_rule_set(rules, RuleSetState::Active, None, actor).await?;
        Ok(())
    }

    /// Puts a scheduled version in force whose time has come; the one before, and those that it overtook, are archived.
    pub async fn activate_scheduled(&mut self, due: &RuleSetVersion) -> Result<(), StoreError> {
        self.archive_active().await?;
        sqlx::query("UPDATE rule_set SET state = 'archived' WHERE state = 'scheduled' AND in_force_from < ?")
            .bind(due.in_force_from.map(|from| from.0))
            .execute(self.connection())
            .await?;
        sqlx::query("UPDATE rule_set SET state = 'active' WHERE key = ?")
            .bind(due.key)
            .execute(self.connection())
            .await?;
        self.rows += 1;
        Ok(())
    }

    /// Keeps a rule set as a new version that is not in force. Gives its key.
    pub async fn save_rule_set(
        &mut self,
        rules: &RuleSet,
        state: RuleSetState,
        in_force_from: Option<Instant>,
        actor: &str,
    ) -> Result<i64, StoreError> {
        let body = serde_json::to_string(rules).map_err(|_| StoreError::Unexpected("a rule set"))?;
        let at = self.at.0;
        self.concern_only([]);
        let saved = sqlx::query(
            "INSERT INTO rule_set (version, name, state, body, created_at, created_by, in_force_from) \
             VALUES ((SELECT coalesce(max(version), 0) + 1 FROM rule_set), ?, ?, ?, ?, ?, ?)",
        )
        .bind(&rules.name)
        .bind(state.as_str())
        .bind(body)
        .bind(at)
        .bind(actor)
        .bind(in_force_from.map(|from| from.0))
        .execute(self.connection())
        .await?;
        self.rows += 1;
        Ok(saved.last_insert_rowid())
    }

    /// Removes a version that was never in force. `false`: it was, or there is none.
    pub async fn remove_rule_set(&mut self, version: i64) -> Result<bool, StoreError> {
        self.concern_only([]);
        let removed = sqlx::query("DELETE FROM rule_set WHERE version = ? AND state IN ('draft', 'scheduled')")
            .bind(version)
            .execute(self.connection())
            .await?;
        self.rows += removed.rows_affected();
        Ok(removed.rows_affected() == 1)
    }

    async fn archive_active(&mut self) -> Result<(), StoreError> {
        self.concern_only([]);
        sqlx::query("UPDATE rule_set SET state = 'archived' WHERE state = 'active'").execute(self.connection()).await?;
        Ok(())
    }
}
