//! Who collects: one program at a time from a workspace, so that no shop sees two of them, and within it any number of
//! runs, of which none reads what another has taken.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};

use pricing_store::{CollectionScope, Durability};
use tokio::sync::Mutex;

use crate::{ErrorKind, OperationError, Workspace};

/// The lock of a workspace's collections. The system takes it back when a program ends, however it ends.
pub(crate) struct Collecting {
    file: PathBuf,
    held: Mutex<Weak<File>>,
}

/// A run under way.
pub(crate) struct Turn {
    /// Its key.
    pub(crate) run: i64,
    _lock: Arc<File>,
}

impl Collecting {
    pub(crate) fn beside(workspace: &Path) -> Self {
        let mut name = workspace.as_os_str().to_owned();
        name.push("-collecting");
        Self { file: PathBuf::from(name), held: Mutex::new(Weak::new()) }
    }

    /// Begins a run and takes its listings. Where no run of this program is under way, what programs left that ended in
    /// the middle is freed first: nobody else collects.
    pub(crate) async fn start(&self, workspace: &Workspace, scope: &CollectionScope) -> Result<Turn, OperationError> {
        let mut held = self.held.lock().await;
        let running = held.upgrade();
        let alone = running.is_none();
        let lock = match running {
            Some(lock) => lock,
            None => Arc::new(self.take()?),
        };
        let mut op = workspace.begin("collect", Durability::Facts).await?;
        if alone {
            op.free_left_leases().await?;
        }
        let run = op.begin_run().await?;
        op.take_leases(run, scope).await?;
        op.commit("Began collecting", false).await?;
        *held = Arc::downgrade(&lock);
        Ok(Turn { run, _lock: lock })
    }

    /// Whether another program collects from this workspace now.
    pub(crate) async fn is_elsewhere(&self) -> bool {
        self.held.lock().await.upgrade().is_none() && self.take().is_err()
    }

    fn take(&self) -> Result<File, OperationError> {
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&self.file);
        let file = file.map_err(|error| OperationError::fault(format!("{}: {error}", self.file.display())))?;
        file.try_lock().map_err(|_| OperationError {
            kind: ErrorKind::Conflict,
            message: "Another window or command collects from this workspace. Wait for it, or cancel it there.".into(),
        })?;
        Ok(file)
    }
}
