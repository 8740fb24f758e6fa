//! Importing from addresses: when somebody asks, and when the time of a source has come.

use app_contract::{CommandError, ErrorCode, JobKind, JobResult, JobView};
use pricing_domain::ImportSourceId;
use pricing_operations::{OperationError, Workspace};

use crate::errors::crossing;
use crate::host::Host;

/// Why a source is imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SourceTurn {
    /// Somebody asked for it.
    Asked,
    /// Its time has come, unless another program takes it.
    Due,
}

impl Host {
    /// Starts fetching and importing a source.
    pub(crate) async fn import_source(
        &self,
        id: ImportSourceId,
        title: String,
        turn: SourceTurn,
    ) -> Result<JobView, CommandError> {
        let workspace = self.workspace().await?;
        let private = self.private_origins(&workspace).await?;
        self.start_job(JobKind::Import, title, "bytes", move |progress| async move {
            if turn == SourceTurn::Due && !workspace.take_import_source(id).await? {
                return Err(OperationError::cancelled());
            }
            Ok(JobResult::Import(workspace.run_import_source(id, &private, &progress).await?))
        })
    }

    /// Imports the first source whose time has come; the others wait for it. While another import is at work all wait.
    pub(crate) async fn take_import_sources(&self, workspace: &Workspace) -> Result<(), CommandError> {
        let due = workspace.due_import_sources().await.map_err(crossing)?;
        let Some((id, name)) = due.into_iter().next() else { return Ok(()) };
        match self.import_source(id, format!("Import {name}, as planned"), SourceTurn::Due).await {
            Err(error) if error.code == ErrorCode::Conflict => Ok(()),
            other => other.map(|_| ()),
        }
    }
}
