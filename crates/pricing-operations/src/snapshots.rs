//! The snapshot: loaded from the workspace, kept in memory, refreshed when the change sequence moved on, and cached
//! beside the file so that the next start need not read every table.

mod ids;
pub(crate) mod load;
mod moves;
pub(crate) mod prices;
mod refresh;

use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, Weak};

use pricing_domain::Instant;
use pricing_rules::{GridQuery, GridResult, Snapshot, run_grid};

pub(crate) use crate::snapshots::load::costs;
use crate::snapshots::load::load;
use crate::snapshots::refresh::refresh;
use crate::{OperationError, Workspace};

/// Grid results kept, so that scrolling does not search again.
const KEPT_RESULTS: usize = 8;
/// Up to so many changed products are read one by one, or a part of a large catalogue: one by one a product takes as
/// long as some of all of them, the fewer the longer the history is.
const REFRESHED_PRODUCTS: usize = 2_000;
const REFRESHED_PART: usize = 6;
/// Below this many products reading the tables is as fast as the cache.
const CACHE_FROM_PRODUCTS: usize = 20_000;
/// Which cost and which VAT rate of the tables a snapshot takes; a cache of another way to choose is not read.
const CACHED_CHOICES: i64 = 2;

/// A snapshot with the time it was made for: offers expire and promotions begin as time passes.
#[derive(Clone)]
struct Held {
    snapshot: Arc<Snapshot>,
    made_at: Instant,
    /// When the next price, cost, lock or promotion begins or ends.
    turns_at: Instant,
}

impl Held {
    /// Whether it shows the catalogue at a place of the change sequence and at a time; offers expire by the hour.
    fn is_of(&self, sequence: i64, now: Instant) -> bool {
        self.snapshot.sequence == sequence && hour(self.made_at) == hour(now) && now < self.turns_at
    }
}

/// Nothing begins or ends any more.
const NEVER: Instant = Instant(i64::MAX);

fn hour(at: Instant) -> i64 {
    at.hours_since(Instant(0))
}

/// The snapshot that was asked, the question and its answer.
type KeptResult = (Weak<Snapshot>, GridQuery, Arc<GridResult>);

/// What is kept in memory.
pub(crate) struct SnapshotCache {
    file: PathBuf,
    held: Mutex<Option<Held>>,
    loading: tokio::sync::Mutex<()>,
    /// The place of the change sequence at which the cached file stands; 0: not known.
    cached: Arc<AtomicI64>,
    results: Mutex<Vec<KeptResult>>,
    ids: ids::KeptIds,
}

impl SnapshotCache {
    pub(crate) fn beside(workspace: &Path) -> Self {
        let mut name = workspace.as_os_str().to_owned();
        name.push("-snapshot");
        Self {
            file: PathBuf::from(name),
            held: Mutex::new(None),
            loading: tokio::sync::Mutex::new(()),
            cached: Arc::default(),
            results: Mutex::new(Vec::new()),
            ids: ids::KeptIds::default(),
        }
    }

    fn newest(&self) -> Option<Held> {
        self.held.lock().expect("no panic while it is held").clone()
    }

    fn current(&self, sequence: i64, now: Instant) -> Option<Arc<Snapshot>> {
        self.newest().filter(|held| held.is_of(sequence, now)).map(|held| held.snapshot)
    }
}

impl Workspace {
    /// The catalogue as it stands now.
    pub async fn snapshot(&self) -> Result<Arc<Snapshot>, OperationError> {
        let now = self.now();
        let sequence = self.store.sequence().await?;
        if let Some(held) = self.snapshots.current(sequence, now) {
            return Ok(held);
        }
        let _loading = self.snapshots.loading.lock().await;
        let sequence = self.store.sequence().await?;
        if let Some(held) = self.snapshots.current(sequence, now) {
            return Ok(held);
        }
        let known = match self.snapshots.newest() {
            Some(held) => Some(held),
            None => self.read_cached().await,
        };
        let advanced = match known {
            Some(held) => self.advanced(&held, sequence, now).await?,
            None => None,
        };
        let held = match advanced {
            Some(held) => held,
            None => {
                let snapshot = load(&self.store, sequence, now).await?;
                let turns_at = self.store.next_turn(now, None).await?.unwrap_or(NEVER);
                let held = Held { snapshot, made_at: now, turns_at };
                self.snapshots.ids.forget();
                self.write_cached(held.clone());
                held
            }
        };
        let snapshot = held.snapshot.clone();
        *self.snapshots.held.lock().expect("no panic while it is held") = Some(held);
        Ok(snapshot)
    }

    /// The rows that answer a grid query, from the kept results where the catalogue has not changed.
    pub(crate) async fn grid(&self, query: GridQuery) -> Result<(Arc<Snapshot>, Arc<GridResult>), OperationError> {
        let snapshot = self.snapshot().await?;
        let of = Arc::downgrade(&snapshot);
        {
            let results = self.snapshots.results.lock().expect("no panic while it is held");
            if let Some((_, _, result)) = results.iter().find(|(at, kept, _)| at.ptr_eq(&of) && *kept == query) {
                return Ok((snapshot, result.clone()));
            }
        }
        let demand = if query.is_of_demand() { Some(self.demand(&snapshot).await?) } else { None };
        let (searched, asked) = (snapshot.clone(), query.clone());
        let result = tokio::task::spawn_blocking(move || {
            let demand = demand.map(|demand| demand.of_grid());
            run_grid(&searched, demand.as_ref(), &asked, &std::sync::atomic::AtomicBool::new(false))
        })
        .await
        .map_err(|error| OperationError::fault(error.to_string()))?;
        let mut results = self.snapshots.results.lock().expect("no panic while it is held");
        results.retain(|(at, _, _)| at.ptr_eq(&of));
        if results.len() >= KEPT_RESULTS {
            results.remove(0);
        }
        results.push((of, query, result.clone()));
        Ok((snapshot, result))
    }

    /// A snapshot brought up to a place of the change sequence and to a time. `None`: too much has changed, or the
    /// clock went back, and the tables are to be read.
    async fn advanced(&self, held: &Held, sequence: i64, now: Instant) -> Result<Option<Held>, OperationError> {
        if held.snapshot.sequence > sequence || held.made_at > now {
            return Ok(None);
        }
        let Some(mut keys) = self.store.concerned_since(held.snapshot.sequence).await? else { return Ok(None) };
        let mut snapshot = held.snapshot.clone();
        let turns_at = if held.turns_at <= now {
            keys.extend(self.store.turning_between(held.made_at, now).await?);
            self.store.next_turn(now, None).await?
        } else if keys.is_empty() {
            Some(held.turns_at)
        } else {
            self.store.next_turn(now, Some(&keys)).await?.into_iter().chain([held.turns_at]).min()
        };
        let made = |snapshot| Held { snapshot, made_at: now, turns_at: turns_at.unwrap_or(NEVER) };
        if hour(held.made_at) != hour(now) {
            keys.extend(self.expiring_between(held.made_at, now).await?);
            let later = tokio::task::spawn_blocking(move || snapshot.at(now)).await;
            snapshot = Arc::new(later.map_err(|error| OperationError::fault(error.to_string()))?);
        }
        if keys.len() > REFRESHED_PRODUCTS.max(snapshot.row_count() / REFRESHED_PART) {
            return Ok(None);
        }
        if keys.is_empty() && snapshot.sequence == sequence {
            return Ok(Some(made(snapshot)));
        }
        Ok(refresh(&self.store, &snapshot, sequence, keys, now).await?.map(made))
    }

    async fn read_cached(&self) -> Option<Held> {
        let file = self.snapshots.file.clone();
        let read = tokio::task::spawn_blocking(move || {
            let mut reader = BufReader::with_capacity(1 << 20, File::open(file).ok()?);
            let mut instant = || {
                let mut bytes = [0u8; 8];
                std::io::Read::read_exact(&mut reader, &mut bytes).ok()?;
                Some(Instant(i64::from_le_bytes(bytes)))
            };
            instant().filter(|choices| choices.0 == CACHED_CHOICES)?;
            let (made_at, turns_at) = (instant()?, instant()?);
            Some(Held { snapshot: Arc::new(Snapshot::read_cache(&mut reader).ok()?), made_at, turns_at })
        });
        let held = read.await.ok()??;
        self.snapshots.cached.store(held.snapshot.sequence, Ordering::Relaxed);
        Some(held)
    }

    /// Caches the snapshot that is held where the file is older, so that the next start need not catch up.
    pub(crate) async fn keep_snapshot(&self) {
        let Some(held) = self.snapshots.newest() else { return };
        if held.snapshot.sequence != self.snapshots.cached.load(Ordering::Relaxed)
            && let Some(writing) = self.write_cached(held)
        {
            // What went wrong is in the log; the next start reads the tables.
            let _ = writing.await;
        }
    }

    /// Written in the background; a half-written or stale cache is refused when it is read. `None`: the catalogue is
    /// small.
    fn write_cached(&self, held: Held) -> Option<tokio::task::JoinHandle<()>> {
        if held.snapshot.row_count() < CACHE_FROM_PRODUCTS {
            return None;
        }
        let (file, cached) = (self.snapshots.file.clone(), self.snapshots.cached.clone());
        Some(tokio::task::spawn_blocking(move || {
            let write = || -> Result<(), Box<dyn std::error::Error>> {
                let partial = file.with_extension("partial");
                let mut writer = BufWriter::with_capacity(1 << 20, File::create(&partial)?);
                writer.write_all(&CACHED_CHOICES.to_le_bytes())?;
                writer.write_all(&held.made_at.0.to_le_bytes())?;
                writer.write_all(&held.turns_at.0.to_le_bytes())?;
                held.snapshot.write_cache(&mut writer)?;
                writer.into_inner()?.sync_data()?;
                std::fs::rename(partial, &file)?;
                Ok(())
            };
            match write() {
                Ok(()) => cached.store(held.snapshot.sequence, Ordering::Relaxed),
                Err(error) => {
                    tracing::warn!(%error, "the snapshot could not be cached; the next start reads the tables");
                }
            }
        }))
    }
}
