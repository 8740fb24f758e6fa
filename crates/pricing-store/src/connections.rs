//! Shops and other receivers of prices. Keys are kept elsewhere; here is only where a shop is and what came of asking it.

use pricing_domain::{ConnectionId, ConnectionKind, ConnectionTask, Instant};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::audit::uuid;
use crate::operation::Operation;
use crate::{Store, StoreError};

/// A shop or another receiver.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the columns of the table `connection`")]
pub struct ConnectionRow {
    pub key: i64,
    pub id: ConnectionId,
    pub name: String,
    pub kind: ConnectionKind,
    pub address: String,
    /// Whose prices go there.
    pub list_key: Option<i64>,
    /// What it said of itself last, as JSON.
    pub facts: Option<String>,
}

/// What became of the newest of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the columns of the table `connection_run`")]
pub struct ConnectionRunRow {
    pub connection_key: i64,
    pub task: ConnectionTask,
    pub at: Instant,
    pub failed: bool,
    pub message: String,
}

const SELECT: &str = "SELECT key, id, name, kind, address, list_key, facts FROM connection";

impl Store {
    /// Every connection, by name.
    pub async fn connections(&self) -> Result<Vec<ConnectionRow>, StoreError> {
        let sql = format!("{SELECT} WHERE removed_at IS NULL ORDER BY name COLLATE NOCASE");
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(&self.readers).await?;
        rows.iter().map(connection).collect()
    }

    /// A connection by its key, also one that was removed.
    pub async fn connection_of_key(&self, key: i64) -> Result<Option<ConnectionRow>, StoreError> {
        let sql = format!("{SELECT} WHERE key = ?");
        let row = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(key).fetch_optional(&self.readers).await?;
        row.as_ref().map(connection).transpose()
    }

    /// The newest run of each task of every connection.
    pub async fn connection_runs(&self) -> Result<Vec<ConnectionRunRow>, StoreError> {
        let rows =
            sqlx::query("SELECT connection_key, task, at, failed, message FROM connection_run ORDER BY at DESC, task")
                .fetch_all(&self.readers)
                .await?;
        rows.iter()
            .map(|row| {
                Ok(ConnectionRunRow {
                    connection_key: row.try_get(0)?,
                    task: row.try_get::<&str, _>(1)?.parse().map_err(|_| StoreError::Unexpected("a connection"))?,
                    at: Instant(row.try_get(2)?),
                    failed: row.try_get(3)?,
                    message: row.try_get(4)?,
                })
            })
            .collect()
    }

    /// How many hand-overs to a connection have not ended.
    pub async fn open_hand_overs(&self, connection_key: i64) -> Result<i64, StoreError> {
        Ok(sqlx::query_scalar(
            "SELECT count(*) FROM publication WHERE connection_key = ? AND state IN ('scheduled', 'sending')",
        )
        .bind(connection_key)
        .fetch_one(&self.readers)
        .await?)
    }
}

impl Operation {
    /// Writes a connection: a new one where its key is 0. What it said of itself before is forgotten where it is
    /// somewhere else now.
    pub async fn write_connection(&mut self, row: &ConnectionRow) -> Result<(), StoreError> {
        let at = self.at.0;
        let query = if row.key == 0 {
            sqlx::query(
                "INSERT INTO connection (name, kind, address, list_key, facts, id, created_at) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )
            .bind(&row.name)
            .bind(row.kind.as_str())
            .bind(&row.address)
            .bind(row.list_key)
            .bind(&row.facts)
            .bind(row.id.0.as_bytes().to_vec())
            .bind(at)
        } else {
            sqlx::query(
                "UPDATE connection SET name = ?1, kind = ?2, address = ?3, list_key = ?4, facts = ?5 WHERE key = ?6",
            )
            .bind(&row.name)
            .bind(row.kind.as_str())
            .bind(&row.address)
            .bind(row.list_key)
            .bind(&row.facts)
            .bind(row.key)
        };
        query.execute(self.connection()).await?;
        self.rows += 1;
        self.concern_only([]);
        Ok(())
    }

    /// Removes a connection; hand-overs still name it.
    pub async fn remove_connection(&mut self, key: i64) -> Result<(), StoreError> {
        let at = self.at.0;
        sqlx::query("UPDATE connection SET removed_at = ? WHERE key = ?")
            .bind(at)
            .bind(key)
            .execute(self.connection())
            .await?;
        self.rows += 1;
        self.concern_only([]);
        Ok(())
    }

    /// Notes what a connection said of itself.
    pub async fn note_connection_facts(&mut self, key: i64, facts: &str) -> Result<(), StoreError> {
        sqlx::query("UPDATE connection SET facts = ? WHERE key = ?")
            .bind(facts)
            .bind(key)
            .execute(self.connection())
            .await?;
        self.concern_only([]);
        Ok(())
    }

    /// Notes what became of a task, in the place of the one before.
    pub async fn note_connection_run(
        &mut self,
        connection_key: i64,
        task: ConnectionTask,
        failed: bool,
        message: &str,
    ) -> Result<(), StoreError> {
        let at = self.at.0;
        sqlx::query(
            "INSERT OR REPLACE INTO connection_run (connection_key, task, at, failed, message) VALUES (?, ?, ?, ?, ?)",
        )
        .bind(connection_key)
        .bind(task.as_str())
        .bind(at)
        .bind(failed)
        .bind(message)
        .execute(self.connection())
        .await?;
        self.rows += 1;
        self.concern_only([]);
        Ok(())
    }
}

fn connection(row: &SqliteRow) -> Result<ConnectionRow, StoreError> {
    Ok(ConnectionRow {
        key: row.try_get(0)?,
        id: ConnectionId(uuid(row, 1)?),
        name: row.try_get(2)?,
        kind: row.try_get::<&str, _>(3)?.parse().map_err(|_| StoreError::Unexpected("a connection"))?,
        address: row.try_get(4)?,
        list_key: row.try_get(5)?,
        facts: row.try_get(6)?,
    })
}
