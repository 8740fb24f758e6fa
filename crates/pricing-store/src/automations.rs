//! What runs by itself, and its turns.

use pricing_domain::{AutomationId, Instant};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::audit::uuid;
use crate::operation::Operation;
use crate::{Store, StoreError};

/// Something that runs by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the columns of the table `automation`")]
pub struct AutomationRow {
    pub key: i64,
    pub id: AutomationId,
    pub name: String,
    pub pattern: String,
    pub time_zone: String,
    pub paused: bool,
    pub next_at: Option<Instant>,
    pub last_at: Option<Instant>,
    pub settings: String,
}

/// A turn.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the columns of the table `automation_run`")]
pub struct AutomationRunRow {
    pub key: i64,
    pub name: String,
    pub started_at: Instant,
    pub finished_at: Option<Instant>,
    pub report: Option<String>,
}

const RUN: &str = "SELECT r.key, a.name, r.started_at, r.finished_at, r.report FROM automation_run r \
                   JOIN automation a ON a.key = r.automation_key";

fn automation(row: &SqliteRow) -> Result<AutomationRow, StoreError> {
    Ok(AutomationRow {
        key: row.try_get(0)?,
        id: AutomationId(uuid(row, 1)?),
        name: row.try_get(2)?,
        pattern: row.try_get(3)?,
        time_zone: row.try_get(4)?,
        paused: row.try_get(5)?,
        next_at: row.try_get::<Option<i64>, _>(6)?.map(Instant),
        last_at: row.try_get::<Option<i64>, _>(7)?.map(Instant),
        settings: row.try_get(8)?,
    })
}

fn run(row: &SqliteRow) -> Result<AutomationRunRow, StoreError> {
    Ok(AutomationRunRow {
        key: row.try_get(0)?,
        name: row.try_get(1)?,
        started_at: Instant(row.try_get(2)?),
        finished_at: row.try_get::<Option<i64>, _>(3)?.map(Instant),
        report: row.try_get(4)?,
    })
}

impl Store {
    /// All of them, by name.
    pub async fn automations(&self) -> Result<Vec<AutomationRow>, StoreError> {
        let rows = sqlx::query(
            "SELECT key, id, name, pattern, time_zone, paused, next_at, last_at, settings FROM automation \
             ORDER BY name, key",
        )
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(automation).collect()
    }

    /// The newest turns, newest first.
    pub async fn automation_runs(&self, limit: u32) -> Result<Vec<AutomationRunRow>, StoreError> {
        let sql = format!("{RUN} ORDER BY r.started_at DESC, r.key DESC LIMIT ?");
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(limit).fetch_all(&self.readers).await?;
        rows.iter().map(run).collect()
    }

    /// The turns that began in a time, oldest first.
    pub async fn automation_runs_between(
        &self,
        from: Instant,
        to: Instant,
    ) -> Result<Vec<AutomationRunRow>, StoreError> {
        let sql = format!("{RUN} WHERE r.started_at >= ? AND r.started_at < ? ORDER BY r.started_at, r.key");
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(from.0).bind(to.0).fetch_all(&self.readers).await?;
        rows.iter().map(run).collect()
    }
}

impl Operation {
    /// Writes something that runs by itself, new or in the place of the one with its id.
    pub async fn write_automation(&mut self, row: &AutomationRow) -> Result<(), StoreError> {
        self.concern_only([]);
        let id = row.id.0.as_bytes().to_vec();
        sqlx::query(
            "INSERT INTO automation (id, name, pattern, time_zone, paused, next_at, settings) VALUES (?, ?, ?, ?, ?, ?, ?) \
             ON CONFLICT (id) DO UPDATE SET name = excluded.name, pattern = excluded.pattern, \
             time_zone = excluded.time_zone, paused = excluded.paused, next_at = excluded.next_at, \
             settings = excluded.settings",
        )
        .bind(&id)
        .bind(&row.name)
        .bind(&row.pattern)
        .bind(&row.time_zone)
        .bind(row.paused)
        .bind(row.next_at.map(|at| at.0))
        .bind(&row.settings)
        .execute(self.connection())
        .await?;
        let key: i64 = sqlx::query_scalar("SELECT key FROM automation WHERE id = ?")
            .bind(&id)
            .fetch_one(self.connection())
            .await?;
        self.rows += 1;
        let new =
            format!("{} {}{} {}", row.pattern, row.time_zone, if row.paused { " paused" } else { "" }, row.settings);
        self.record_change("automation", key, "plan", None, Some(new)).await
    }

    /// Removes it with its turns. Gives whether it was there.
    pub async fn remove_automation(&mut self, id: AutomationId) -> Result<bool, StoreError> {
        self.concern_only([]);
        let bytes = id.0.as_bytes().to_vec();
        let removed = sqlx::query("DELETE FROM automation WHERE id = ?")
            .bind(bytes)
            .execute(self.connection())
            .await?
            .rows_affected();
        self.rows += removed;
        Ok(removed == 1)
    }

    /// Begins a turn and says when the next one is. `None`: another program took this turn already.
    pub async fn take_automation_turn(
        &mut self,
        row: &AutomationRow,
        next_at: Option<Instant>,
    ) -> Result<Option<i64>, StoreError> {
        self.concern_only([]);
        let at = self.at.0;
        let taken = sqlx::query("UPDATE automation SET last_at = ?, next_at = ? WHERE key = ? AND next_at IS ?")
            .bind(at)
            .bind(next_at.map(|at| at.0))
            .bind(row.key)
            .bind(row.next_at.map(|at| at.0))
            .execute(self.connection())
            .await?
            .rows_affected();
        if taken == 0 {
            return Ok(None);
        }
        self.rows += 1;
        let run = sqlx::query("INSERT INTO automation_run (automation_key, started_at) VALUES (?, ?)")
            .bind(row.key)
            .bind(at)
            .execute(self.connection())
            .await?
            .last_insert_rowid();
        Ok(Some(run))
    }

    /// Keeps what a turn did.
    pub async fn end_automation_run(&mut self, run: i64, report: &str) -> Result<(), StoreError> {
        self.concern_only([]);
        let at = self.at.0;
        sqlx::query("UPDATE automation_run SET finished_at = ?, report = ? WHERE key = ?")
            .bind(at)
            .bind(report)
            .bind(run)
            .execute(self.connection())
            .await?;
        self.rows += 1;
        Ok(())
    }
}
