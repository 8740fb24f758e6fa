//! Change sets, their undo, and the audit.

use app_contract::{AuditPage, AuditView, ChangeSetView, UndoReport};
use pricing_domain::{ChangeSetId, CivilDate, Instant};
use pricing_store::AuditEntry;

use crate::{OperationError, Workspace};

impl Workspace {
    /// What operations changed, newest first.
    pub async fn change_sets(&self, limit: u32) -> Result<Vec<ChangeSetView>, OperationError> {
        let sets = self.store.list_change_sets(limit.min(500)).await?;
        Ok(sets
            .into_iter()
            .map(|set| ChangeSetView {
                id: set.id,
                at: set.at,
                summary: set.summary,
                rows: set.rows,
                undone: set.undone,
                undoable: set.undoable,
            })
            .collect())
    }

    /// Takes a change set back where its values still stand.
    pub async fn undo_change_set(&self, change_set: ChangeSetId) -> Result<UndoReport, OperationError> {
        let outcome = self.store.undo(change_set, &self.actor(), self.now()).await?.ok_or_else(|| {
            OperationError::refused("This change cannot be taken back: it was already, or it is not of that kind.")
        })?;
        Ok(UndoReport { restored: outcome.restored, conflicts: outcome.conflicts })
    }

    /// Who did what, newest first.
    pub async fn audit(&self, since: Option<CivilDate>, offset: u64, limit: u32) -> Result<AuditPage, OperationError> {
        let since = since.map_or(Instant(i64::MIN), Instant::at_utc_midnight);
        let (matching, entries) = self.store.list_audit(since, offset, limit.min(500)).await?;
        Ok(AuditPage { matching, rows: entries.into_iter().map(audit_view).collect() })
    }
}

pub(crate) fn audit_view(entry: AuditEntry) -> AuditView {
    AuditView { id: entry.id, at: entry.at, actor: entry.actor, operation: entry.operation, summary: entry.summary }
}
