//! One operation: one transaction, one audit entry, one change set.

use std::collections::BTreeSet;

use pricing_domain::{AuditId, ChangeSetId, Instant};
use sqlx::SqliteConnection;
use tokio::sync::OwnedMutexGuard;

use crate::ids::IdMaker;
use crate::imports::ListedRows;
use crate::merge::ImageLog;
use crate::workspace_file::Writer;
use crate::{Store, StoreError};

/// How soon a commit must be safe from a power cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// Before it is reported: decisions and publications.
    Full,
    /// At the next checkpoint: collected facts, which can be collected again.
    Facts,
}

/// An operation under way. Dropped without [`Operation::commit`], it leaves nothing behind.
pub struct Operation {
    writer: OwnedMutexGuard<Writer>,
    /// The connection that staged the rows, where it is not the writer's.
    staged: Option<SqliteConnection>,
    /// The change set's number, written into rows as `created_seq` and `changed_seq`.
    pub sequence: i64,
    /// The moment of the operation.
    pub at: Instant,
    pub(crate) audit_key: i64,
    change_set: ChangeSetId,
    pub(crate) rows: u64,
    pub(crate) images: ImageLog,
    /// What a preview shows of an import.
    pub(crate) listed: Option<ListedRows>,
    /// The products concerned; `None`: any.
    products: Option<BTreeSet<i64>>,
    /// Makes ids for new rows.
    pub ids: IdMaker,
}

/// What a committed operation left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommittedChange {
    /// To undo it.
    pub change_set: ChangeSetId,
    /// Its number.
    pub sequence: i64,
    /// Rows written.
    pub rows: u64,
}

impl Store {
    /// Begins an operation: takes the writer, writes the audit entry and the change set.
    pub async fn begin(
        &self,
        actor: &str,
        operation: &str,
        at: Instant,
        durability: Durability,
    ) -> Result<Operation, StoreError> {
        self.begin_on(None, actor, operation, at, durability).await
    }

    /// Begins an operation on the connection that staged its rows. Other operations of this process wait.
    pub(crate) async fn begin_on(
        &self,
        mut staged: Option<SqliteConnection>,
        actor: &str,
        operation: &str,
        at: Instant,
        durability: Durability,
    ) -> Result<Operation, StoreError> {
        let mut writer = self.writer.clone().lock_owned().await;
        writer.end_left_open().await;
        let synchronous = match durability {
            Durability::Full => "PRAGMA synchronous = FULL",
            Durability::Facts => "PRAGMA synchronous = NORMAL",
        };
        let Writer { connection, open } = &mut *writer;
        // Said before it is so: whatever interrupts this function, the next one cleans up.
        *open = staged.is_none();
        let connection = staged.as_mut().unwrap_or(connection);
        sqlx::query(synchronous).execute(&mut *connection).await?;
        sqlx::query("BEGIN IMMEDIATE").execute(&mut *connection).await?;
        let mut ids = IdMaker::new(at);
        let (audit, change_set) = (AuditId(ids.next_id()), ChangeSetId(ids.next_id()));
        let audit_key = sqlx::query("INSERT INTO audit (id, at, actor, operation, summary) VALUES (?, ?, ?, ?, '')")
            .bind(audit.0.as_bytes().to_vec())
            .bind(at.0)
            .bind(actor)
            .bind(operation)
            .execute(&mut *connection)
            .await?
            .last_insert_rowid();
        let sequence = sqlx::query(
            "INSERT INTO change_set (id, audit_key, at, summary, row_count, undoable) VALUES (?, ?, ?, '', 0, 0)",
        )
        .bind(change_set.0.as_bytes().to_vec())
        .bind(audit_key)
        .bind(at.0)
        .execute(&mut *connection)
        .await?
        .last_insert_rowid();
        Ok(Operation {
            writer,
            staged,
            sequence,
            at,
            audit_key,
            change_set,
            rows: 0,
            images: ImageLog::default(),
            listed: None,
            products: None,
            ids,
        })
    }
}

impl Operation {
    pub(crate) fn connection(&mut self) -> &mut SqliteConnection {
        self.staged.as_mut().unwrap_or(&mut self.writer.connection)
    }

    /// Says that this operation concerns only some products, and only their roles, prices, limits, proposals and
    /// offers. Called with nothing, it concerns none. Without a call it may concern all.
    pub fn concern_only(&mut self, products: impl IntoIterator<Item = i64>) {
        self.products.get_or_insert_default().extend(products);
    }

    /// Rows written so far.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Records the change of one field of one entity under this operation's audit entry.
    pub async fn record_change(
        &mut self,
        entity: &str,
        entity_key: i64,
        field: &str,
        old: Option<String>,
        new: Option<String>,
    ) -> Result<(), StoreError> {
        let audit_key = self.audit_key;
        sqlx::query(
            "INSERT OR REPLACE INTO audit_change (audit_key, entity, entity_key, field, old_value, new_value) \
             VALUES (?, ?, ?, ?, ?, ?)",
        )
        .bind(audit_key)
        .bind(entity)
        .bind(entity_key)
        .bind(field)
        .bind(old)
        .bind(new)
        .execute(self.connection())
        .await?;
        Ok(())
    }

    pub(crate) fn audit_key(&self) -> i64 {
        self.audit_key
    }

    /// Ends the operation and makes it durable. `undoable`: its rows can be taken back by `created_seq`,
    /// `changed_seq` and the images kept.
    pub async fn commit(mut self, summary: &str, undoable: bool) -> Result<CommittedChange, StoreError> {
        let images = std::mem::take(&mut self.images).finish()?;
        let (sequence, audit_key, rows) = (self.sequence, self.audit_key, self.rows);
        let products = self.products.take().map(|keys| {
            let keys: Vec<String> = keys.iter().map(i64::to_string).collect();
            keys.join(",")
        });
        sqlx::query(
            "UPDATE change_set SET summary = ?, row_count = ?, undoable = ?, images = ?, products = ? WHERE key = ?",
        )
        .bind(summary)
        .bind(i64::try_from(rows).unwrap_or(i64::MAX))
        .bind(undoable)
        .bind(images)
        .bind(products)
        .bind(sequence)
        .execute(self.connection())
        .await?;
        sqlx::query("UPDATE audit SET summary = ? WHERE key = ?")
            .bind(summary)
            .bind(audit_key)
            .execute(self.connection())
            .await?;
        sqlx::query("COMMIT").execute(self.connection()).await?;
        self.writer.open = false;
        Ok(CommittedChange { change_set: self.change_set, sequence, rows })
    }

    /// Ends the operation and leaves nothing behind, not even its audit entry.
    pub async fn abandon(mut self) -> Result<(), StoreError> {
        sqlx::query("ROLLBACK").execute(self.connection()).await?;
        self.writer.open = false;
        Ok(())
    }
}
