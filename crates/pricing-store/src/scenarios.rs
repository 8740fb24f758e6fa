//! Scenarios that a person kept, with their answers and what decided them.

use pricing_domain::{Instant, ScenarioId};
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Row};

use crate::audit::uuid;
use crate::operation::Operation;
use crate::{Store, StoreError};

/// A kept scenario, without what decided its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScenarioRow {
    /// Its id.
    pub id: ScenarioId,
    /// Its name.
    pub name: String,
    /// The scenario as JSON.
    pub body: String,
    /// The answer as JSON.
    pub answer: String,
    /// Where the catalogue stood.
    pub sequence: i64,
    /// Which rules were in force.
    pub rule_set_key: i64,
    /// When it was kept.
    pub kept_at: Instant,
    /// By whom.
    pub kept_by: String,
    /// Whether what decided the answer was kept.
    pub has_basis: bool,
}

/// A scenario to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the columns of the table `scenario`")]
pub struct NewScenario {
    pub name: String,
    pub body: String,
    pub answer: String,
    pub sequence: i64,
    pub rule_set_key: i64,
    pub basis: Option<Vec<u8>>,
}

const COLUMNS: &str =
    "SELECT id, name, body, answer, sequence, rule_set_key, kept_at, kept_by, basis IS NOT NULL FROM scenario";

impl Store {
    /// Every kept scenario, newest first.
    pub async fn list_scenarios(&self) -> Result<Vec<ScenarioRow>, StoreError> {
        let sql = format!("{COLUMNS} ORDER BY kept_at DESC, key DESC");
        let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(&self.readers).await?;
        rows.iter().map(scenario).collect()
    }

    /// One kept scenario.
    pub async fn find_scenario(&self, id: ScenarioId) -> Result<Option<ScenarioRow>, StoreError> {
        let sql = format!("{COLUMNS} WHERE id = ?");
        let row = sqlx::query(AssertSqlSafe(sql)).bind(id.0.as_bytes().to_vec()).fetch_optional(&self.readers).await?;
        row.as_ref().map(scenario).transpose()
    }

    /// What decided the answer of a kept scenario; `None`: it was not kept.
    pub async fn scenario_basis(&self, id: ScenarioId) -> Result<Option<Vec<u8>>, StoreError> {
        let basis = sqlx::query_scalar("SELECT basis FROM scenario WHERE id = ?").bind(id.0.as_bytes().to_vec());
        Ok(basis.fetch_optional(&self.readers).await?.flatten())
    }

    /// Whether anything about products may have changed after a place of the change sequence.
    pub async fn products_changed_since(&self, sequence: i64) -> Result<bool, StoreError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM change_set WHERE key > ? AND (products IS NULL OR products <> ''))";
        Ok(sqlx::query_scalar(sql).bind(sequence).fetch_one(&self.readers).await?)
    }
}

fn scenario(row: &SqliteRow) -> Result<ScenarioRow, StoreError> {
    Ok(ScenarioRow {
        id: ScenarioId(uuid(row, 0)?),
        name: row.try_get(1)?,
        body: row.try_get(2)?,
        answer: row.try_get(3)?,
        sequence: row.try_get(4)?,
        rule_set_key: row.try_get(5)?,
        kept_at: Instant(row.try_get(6)?),
        kept_by: row.try_get(7)?,
        has_basis: row.try_get(8)?,
    })
}

impl Operation {
    /// Keeps a scenario; with `replaces` in place of that one, which keeps its id.
    pub async fn keep_scenario(
        &mut self,
        new: NewScenario,
        replaces: Option<ScenarioId>,
        actor: &str,
    ) -> Result<ScenarioId, StoreError> {
        self.concern_only([]);
        let id = replaces.unwrap_or_else(|| ScenarioId(self.ids.next_id()));
        let at = self.at.0;
        sqlx::query(
            "INSERT INTO scenario (id, name, body, answer, sequence, rule_set_key, kept_at, kept_by, basis) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (id) DO UPDATE SET name = ?2, body = ?3, \
             answer = ?4, sequence = ?5, rule_set_key = ?6, kept_at = ?7, kept_by = ?8, basis = ?9",
        )
        .bind(id.0.as_bytes().to_vec())
        .bind(new.name)
        .bind(new.body)
        .bind(new.answer)
        .bind(new.sequence)
        .bind(new.rule_set_key)
        .bind(at)
        .bind(actor)
        .bind(new.basis)
        .execute(self.connection())
        .await?;
        self.rows += 1;
        Ok(id)
    }

    /// Keeps a scenario a second time, with everything that belongs to it. `None`: there is no such scenario.
    pub async fn copy_scenario(
        &mut self,
        of: ScenarioId,
        name: &str,
        body: &str,
        actor: &str,
    ) -> Result<Option<ScenarioId>, StoreError> {
        self.concern_only([]);
        let id = ScenarioId(self.ids.next_id());
        let at = self.at.0;
        let copied = sqlx::query(
            "INSERT INTO scenario (id, name, body, answer, sequence, rule_set_key, kept_at, kept_by, basis) \
             SELECT ?, ?, ?, answer, sequence, rule_set_key, ?, ?, basis FROM scenario WHERE id = ?",
        )
        .bind(id.0.as_bytes().to_vec())
        .bind(name)
        .bind(body)
        .bind(at)
        .bind(actor)
        .bind(of.0.as_bytes().to_vec())
        .execute(self.connection())
        .await?
        .rows_affected();
        self.rows += copied;
        Ok((copied > 0).then_some(id))
    }

    /// Forgets a kept scenario. `false`: there is none.
    pub async fn remove_scenario(&mut self, id: ScenarioId) -> Result<bool, StoreError> {
        self.concern_only([]);
        let removed = sqlx::query("DELETE FROM scenario WHERE id = ?")
            .bind(id.0.as_bytes().to_vec())
            .execute(self.connection())
            .await?
            .rows_affected();
        self.rows += removed;
        Ok(removed > 0)
    }
}
