//! Versions of the rule set.

use pricing_domain::{Instant, RuleSet};
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
    /// Whether it is in force.
    pub active: bool,
    /// When it was put in force.
    pub created_at: Instant,
    /// By whom.
    pub created_by: String,
}

const COLUMNS: &str = "SELECT key, version, body, state = 'active', created_at, created_by FROM rule_set";

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
        active: row.try_get(3)?,
        created_at: Instant(row.try_get(4)?),
        created_by: row.try_get(5)?,
    })
}

impl Operation {
    /// Puts a rule set in force as a new version; the one before is archived.
    pub async fn activate_rule_set(&mut self, rules: &RuleSet, actor: &str) -> Result<(), StoreError> {
        let body = serde_json::to_string(rules).map_err(|_| StoreError::Unexpected("a rule set"))?;
        let at = self.at.0;
        self.concern_only([]);
        sqlx::query("UPDATE rule_set SET state = 'archived' WHERE state = 'active'").execute(self.connection()).await?;
        sqlx::query(
            "INSERT INTO rule_set (version, name, state, body, created_at, created_by) \
             VALUES ((SELECT coalesce(max(version), 0) + 1 FROM rule_set), ?, 'active', ?, ?, ?)",
        )
        .bind(&rules.name)
        .bind(body)
        .bind(at)
        .bind(actor)
        .execute(self.connection())
        .await?;
        self.rows += 1;
        Ok(())
    }
}
