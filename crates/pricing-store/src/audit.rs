//! Reading the audit and the change sets.

use pricing_domain::{AuditId, ChangeSetId, Instant};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use uuid::Uuid;

use crate::{Store, StoreError};

/// Who did what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its id.
    pub id: AuditId,
    /// When.
    pub at: Instant,
    /// Who.
    pub actor: String,
    /// The operation's name.
    pub operation: String,
    /// In words.
    pub summary: String,
}

/// What one operation changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeSet {
    /// Its id.
    pub id: ChangeSetId,
    /// When.
    pub at: Instant,
    /// In words.
    pub summary: String,
    /// Rows.
    pub rows: u64,
    /// Was taken back.
    pub undone: bool,
    /// Can be taken back.
    pub undoable: bool,
}

pub(crate) fn uuid(row: &SqliteRow, index: usize) -> Result<Uuid, StoreError> {
    let bytes: &[u8] = row.try_get(index)?;
    Uuid::from_slice(bytes).map_err(|_| StoreError::Unexpected("an id"))
}

pub(crate) fn count(row: &SqliteRow, index: usize) -> Result<u64, StoreError> {
    Ok(u64::try_from(row.try_get::<i64, _>(index)?).unwrap_or(0))
}

impl Store {
    /// A page of the audit from `since` on, newest first, with the number of all entries.
    pub async fn list_audit(
        &self,
        since: Instant,
        offset: u64,
        limit: u32,
    ) -> Result<(u64, Vec<AuditEntry>), StoreError> {
        let all: i64 = sqlx::query_scalar("SELECT count(*) FROM audit WHERE at >= ?")
            .bind(since.0)
            .fetch_one(&self.readers)
            .await?;
        let rows = sqlx::query(
            "SELECT id, at, actor, operation, summary FROM audit WHERE at >= ? ORDER BY key DESC LIMIT ? OFFSET ?",
        )
        .bind(since.0)
        .bind(limit)
        .bind(i64::try_from(offset).unwrap_or(i64::MAX))
        .fetch_all(&self.readers)
        .await?;
        let entries = rows.iter().map(entry).collect::<Result<_, _>>()?;
        Ok((u64::try_from(all).unwrap_or(0), entries))
    }

    /// What was done to a product and to the prices proposed for it, newest first.
    pub async fn audit_of_product(&self, product_key: i64, limit: u32) -> Result<Vec<AuditEntry>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, at, actor, operation, summary FROM audit WHERE key IN (\
             SELECT audit_key FROM audit_change WHERE entity = 'product' AND entity_key = ?1 UNION \
             SELECT c.audit_key FROM proposal p JOIN audit_change c ON c.entity = 'proposal' AND c.entity_key = p.key \
             WHERE p.product_key = ?1) ORDER BY key DESC LIMIT ?2",
        )
        .bind(product_key)
        .bind(limit)
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(entry).collect()
    }

    /// What operations changed, newest first.
    pub async fn list_change_sets(&self, limit: u32) -> Result<Vec<ChangeSet>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, at, summary, row_count, undone_by IS NOT NULL, undoable FROM change_set \
             ORDER BY key DESC LIMIT ?",
        )
        .bind(limit)
        .fetch_all(&self.readers)
        .await?;
        rows.iter()
            .map(|row| {
                let undone: bool = row.try_get(4)?;
                Ok(ChangeSet {
                    id: ChangeSetId(uuid(row, 0)?),
                    at: Instant(row.try_get(1)?),
                    summary: row.try_get(2)?,
                    rows: count(row, 3)?,
                    undone,
                    undoable: row.try_get::<bool, _>(5)? && !undone,
                })
            })
            .collect()
    }
}

fn entry(row: &SqliteRow) -> Result<AuditEntry, StoreError> {
    Ok(AuditEntry {
        id: AuditId(uuid(row, 0)?),
        at: Instant(row.try_get(1)?),
        actor: row.try_get(2)?,
        operation: row.try_get(3)?,
        summary: row.try_get(4)?,
    })
}
