//! The snapshot: loaded from the workspace, kept in memory, refreshed when the change sequence moved on, and cached
//! beside the file so that the next start need not read every table.

mod load;
mod refresh;

use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use pricing_domain::Instant;
use pricing_rules::{GridQuery, GridResult, Snapshot, run_grid};

use crate::snapshots::load::load;
use crate::snapshots::refresh::refresh;
use crate::{OperationError, Workspace};

/// Grid results kept, so that scrolling does not search again.
const KEPT_RESULTS: usize = 8;
/// Up to so many changed products are read one by one.
const REFRESHED_PRODUCTS: usize = 20_000;
/// Below this many products reading the tables is as fast as the cache.
const CACHE_FROM_PRODUCTS: u64 = 20_000;

/// A snapshot with the hour it was made for: offers expire and promotions begin as time passes.
struct Held {
    snapshot: Arc<Snapshot>,
    hour: i64,
}

/// What is kept in memory.
pub(crate) struct SnapshotCache {
    file: PathBuf,
    held: Mutex<Option<Held>>,
    loading: tokio::sync::Mutex<()>,
    results: Mutex<Vec<(i64, GridQuery, Arc<GridResult>)>>,
}

impl SnapshotCache {
    pub(crate) fn beside(workspace: &Path) -> Self {
        let mut name = workspace.as_os_str().to_owned();
        name.push("-snapshot");
        Self {
            file: PathBuf::from(name),
            held: Mutex::new(None),
            loading: tokio::sync::Mutex::new(()),
            results: Mutex::new(Vec::new()),
        }
    }

    fn newest(&self, hour: i64) -> Option<Arc<Snapshot>> {
        let held = self.held.lock().expect("no panic while it is held");
        held.as_ref().filter(|held| held.hour == hour).map(|held| held.snapshot.clone())
    }

    fn held(&self, sequence: i64, hour: i64) -> Option<Arc<Snapshot>> {
        let held = self.held.lock().expect("no panic while it is held");
        held.as_ref()
            .filter(|held| held.snapshot.sequence == sequence && held.hour == hour)
            .map(|held| held.snapshot.clone())
    }
}

impl Workspace {
    /// The catalogue as it stands now.
    pub async fn snapshot(&self) -> Result<Arc<Snapshot>, OperationError> {
        let now = self.now();
        let hour = now.hours_since(Instant(0));
        let sequence = self.store.sequence().await?;
        if let Some(held) = self.snapshots.held(sequence, hour) {
            return Ok(held);
        }
        let _loading = self.snapshots.loading.lock().await;
        let sequence = self.store.sequence().await?;
        if let Some(held) = self.snapshots.held(sequence, hour) {
            return Ok(held);
        }
        let known = match self.refreshed(sequence, hour).await? {
            Some(snapshot) => Some(snapshot),
            None => self.read_cached(sequence, hour).await,
        };
        let snapshot = match known {
            Some(snapshot) => snapshot,
            None => {
                let snapshot = load(&self.store, sequence, now).await?;
                self.write_cached(&snapshot, hour).await?;
                snapshot
            }
        };
        *self.snapshots.held.lock().expect("no panic while it is held") =
            Some(Held { snapshot: snapshot.clone(), hour });
        Ok(snapshot)
    }

    /// The rows that answer a grid query, from the kept results where the catalogue has not changed.
    pub(crate) async fn grid(&self, query: GridQuery) -> Result<(Arc<Snapshot>, Arc<GridResult>), OperationError> {
        let snapshot = self.snapshot().await?;
        let sequence = snapshot.sequence;
        {
            let results = self.snapshots.results.lock().expect("no panic while it is held");
            if let Some((_, _, result)) = results.iter().find(|(at, kept, _)| *at == sequence && *kept == query) {
                return Ok((snapshot, result.clone()));
            }
        }
        let (searched, asked) = (snapshot.clone(), query.clone());
        let result = tokio::task::spawn_blocking(move || {
            run_grid(&searched, &asked, &std::sync::atomic::AtomicBool::new(false))
        })
        .await
        .map_err(|error| OperationError::fault(error.to_string()))?;
        let mut results = self.snapshots.results.lock().expect("no panic while it is held");
        results.retain(|(at, _, _)| *at == sequence);
        if results.len() >= KEPT_RESULTS {
            results.remove(0);
        }
        results.push((sequence, query, result.clone()));
        Ok((snapshot, result))
    }

    /// The snapshot in memory brought up to `sequence`, where only some products' prices, proposals and offers have
    /// changed since.
    async fn refreshed(&self, sequence: i64, hour: i64) -> Result<Option<Arc<Snapshot>>, OperationError> {
        let Some(held) = self.snapshots.newest(hour) else { return Ok(None) };
        match self.store.concerned_since(held.sequence).await? {
            Some(keys) if keys.len() <= REFRESHED_PRODUCTS => {
                refresh(&self.store, &held, sequence, &keys, self.now()).await
            }
            _ => Ok(None),
        }
    }

    async fn read_cached(&self, sequence: i64, hour: i64) -> Option<Arc<Snapshot>> {
        let file = self.snapshots.file.clone();
        let read = tokio::task::spawn_blocking(move || {
            let mut reader = BufReader::with_capacity(1 << 20, File::open(file).ok()?);
            let mut made_for = [0u8; 8];
            std::io::Read::read_exact(&mut reader, &mut made_for).ok()?;
            if i64::from_le_bytes(made_for) != hour {
                return None;
            }
            Snapshot::read_cache(&mut reader).ok()
        });
        let snapshot = read.await.ok()??;
        (snapshot.sequence == sequence).then(|| Arc::new(snapshot))
    }

    /// Written in the background; a half-written or stale cache is refused when it is read.
    async fn write_cached(&self, snapshot: &Arc<Snapshot>, hour: i64) -> Result<(), OperationError> {
        if self.store.product_count().await? < CACHE_FROM_PRODUCTS {
            return Ok(());
        }
        let (snapshot, file) = (snapshot.clone(), self.snapshots.file.clone());
        tokio::task::spawn_blocking(move || {
            let write = || -> Result<(), Box<dyn std::error::Error>> {
                let partial = file.with_extension("partial");
                let mut writer = BufWriter::with_capacity(1 << 20, File::create(&partial)?);
                writer.write_all(&hour.to_le_bytes())?;
                snapshot.write_cache(&mut writer)?;
                writer.into_inner()?.sync_data()?;
                std::fs::rename(partial, &file)?;
                Ok(())
            };
            if let Err(error) = write() {
                tracing::warn!(%error, "the snapshot could not be cached; the next start reads the tables");
            }
        });
        Ok(())
    }
}
