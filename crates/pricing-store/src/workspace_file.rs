//! Opening, creating, migrating and backing up a workspace file.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use pricing_domain::Instant;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use tokio::sync::Mutex;

use crate::StoreError;

static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/workspace/sqlite");

/// Marks the file as ours in its header (`PRAGMA application_id`): “OPrX”.
const APPLICATION_ID: i32 = 0x4f50_7258;

/// The one connection that writes.
pub(crate) struct Writer {
    pub(crate) connection: SqliteConnection,
    /// An operation was dropped without commit; its transaction may still be open.
    pub(crate) open: bool,
}

impl Writer {
    /// Rolls back what a dropped operation left.
    pub(crate) async fn end_left_open(&mut self) {
        if self.open {
            // Without a transaction SQLite refuses, and that is as good.
            let _ = sqlx::query("ROLLBACK").execute(&mut self.connection).await;
            self.open = false;
        }
    }
}

/// An open workspace file. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    path: Arc<PathBuf>,
    pub(crate) readers: SqlitePool,
    pub(crate) writer: Arc<Mutex<Writer>>,
    /// Held shared for as long as the file is open; migrations take it alone.
    _lock: Arc<File>,
}

impl Store {
    /// Creates a workspace in a file that does not exist yet.
    pub async fn create(path: &Path) -> Result<Self, StoreError> {
        if path.exists() {
            return Err(StoreError::Exists(path.display().to_string()));
        }
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|source| file_error(folder, source))?;
        }
        let mut connection = options(path).create_if_missing(true).connect().await?;
        sqlx::query(sqlx::AssertSqlSafe(format!("PRAGMA application_id = {APPLICATION_ID}")))
            .execute(&mut connection)
            .await?;
        MIGRATIONS.run_direct(None, &mut connection, false).await?;
        connection.close().await?;
        Self::open(path, Instant(0)).await
    }

    /// Opens a workspace. An older schema is migrated after a backup was written beside the file; a newer one is
    /// refused.
    pub async fn open(path: &Path, now: Instant) -> Result<Self, StoreError> {
        if !path.is_file() {
            return Err(StoreError::NotAWorkspace(path.display().to_string()));
        }
        refuse_foreign_file(path).await?;
        let lock = lock_file(path)?;
        let mut connection = options(path).connect().await.map_err(|error| not_a_workspace(path, error))?;
        migrate_if_needed(path, &mut connection, &lock, now).await?;
        lock.lock_shared().map_err(|source| file_error(path, source))?;
        let readers = SqlitePoolOptions::new()
            .max_connections(4)
            .connect_with(options(path).read_only(true).row_buffer_size(512))
            .await?;
        let writer = Arc::new(Mutex::new(Writer { connection, open: false }));
        Ok(Self { path: Arc::new(path.to_owned()), readers, writer, _lock: Arc::new(lock) })
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Bytes of the file and its write-ahead log.
    pub fn size_bytes(&self) -> u64 {
        let size = |path: &Path| std::fs::metadata(path).map_or(0, |data| data.len());
        size(&self.path) + size(&beside(&self.path, "-wal"))
    }

    /// The newest change set; 0 in an empty workspace.
    pub async fn sequence(&self) -> Result<i64, StoreError> {
        let newest =
            sqlx::query_scalar("SELECT coalesce(max(key), 0) FROM change_set").fetch_one(&self.readers).await?;
        Ok(newest)
    }

    /// What is wrong with the file; empty when it is whole: every page and index, and every reference between tables.
    pub async fn check_integrity(&self) -> Result<Vec<String>, StoreError> {
        let mut found: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check(100)").fetch_all(&self.readers).await?;
        found.retain(|line| line != "ok");
        let lost: Vec<(String, Option<i64>, String, i64)> =
            sqlx::query_as("PRAGMA foreign_key_check").fetch_all(&self.readers).await?;
        found.extend(lost.into_iter().map(|(table, row, parent, _)| match row {
            Some(row) => format!("row {row} of {table} refers to a row of {parent} that is not there"),
            None => format!("a row of {table} refers to a row of {parent} that is not there"),
        }));
        Ok(found)
    }

    /// Writes a compact copy to a path that does not exist yet.
    pub async fn copy_to(&self, path: &Path) -> Result<(), StoreError> {
        if path.exists() {
            return Err(StoreError::Exists(path.display().to_string()));
        }
        let mut writer = self.writer.lock().await;
        writer.end_left_open().await;
        sqlx::query("VACUUM INTO ?").bind(path.display().to_string()).execute(&mut writer.connection).await?;
        Ok(())
    }

    /// A further connection, for staging outside the writer. Merges find every key they write by a join with what it
    /// refers to; looking each up once more took a third of an import.
    pub(crate) async fn staging_connection(&self) -> Result<SqliteConnection, StoreError> {
        // Its pages are read once, by whole tables: mapped ones would only stay in memory.
        Ok(options(&self.path).foreign_keys(false).pragma("mmap_size", "0").connect().await?)
    }

    /// Writes the log back into the file and closes it.
    pub async fn close(&self) {
        self.readers.close().await;
        let mut writer = self.writer.lock().await;
        writer.end_left_open().await;
        // Another process may be reading; then the log stays and nothing is lost.
        let _ = sqlx::query("PRAGMA optimize").execute(&mut writer.connection).await;
        let _ = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut writer.connection).await;
    }
}

/// Looks at a file without writing to it or beside it, since it may belong to another program.
async fn refuse_foreign_file(path: &Path) -> Result<(), StoreError> {
    let foreign = |error| not_a_workspace(path, error);
    let only_reading = SqliteConnectOptions::new().filename(path).read_only(true).disable_statement_logging();
    let mut connection = only_reading.connect().await.map_err(foreign)?;
    let application: i32 =
        sqlx::query_scalar("PRAGMA application_id").fetch_one(&mut connection).await.map_err(foreign)?;
    connection.close().await?;
    if application != APPLICATION_ID {
        return Err(StoreError::NotAWorkspace(path.display().to_string()));
    }
    Ok(())
}

async fn migrate_if_needed(
    path: &Path,
    connection: &mut SqliteConnection,
    lock: &File,
    now: Instant,
) -> Result<(), StoreError> {
    let (file, applied): (i64, i64) =
        sqlx::query_as("SELECT coalesce(max(version), 0), count(*) FROM _sqlx_migrations")
            .fetch_one(&mut *connection)
            .await
            .map_err(|error| not_a_workspace(path, error))?;
    let known = MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0);
    if file > known {
        return Err(StoreError::NewerFile { file, known });
    }
    // Branches that met later leave gaps: a file may have the newest migration and lack an earlier one.
    if file < known || applied < i64::try_from(MIGRATIONS.iter().count()).unwrap_or(i64::MAX) {
        if lock.try_lock().is_err() {
            return Err(StoreError::InUse);
        }
        let backup = beside(path, &format!(".schema-{file}.{}.backup", now.utc_date()));
        if !backup.exists() {
            sqlx::query("VACUUM INTO ?").bind(backup.display().to_string()).execute(&mut *connection).await?;
        }
        // A log beside the file would hold a table that is written anew a second time.
        sqlx::query("PRAGMA journal_mode = DELETE").execute(&mut *connection).await?;
        MIGRATIONS.run_direct(None, connection, false).await?;
        sqlx::query("PRAGMA journal_mode = WAL").execute(&mut *connection).await?;
        lock.unlock().map_err(|source| file_error(path, source))?;
    }
    Ok(())
}

fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(30))
        .pragma("cache_size", "-65536")
        .pragma("mmap_size", "268435456")
        .disable_statement_logging()
}

fn lock_file(path: &Path) -> Result<File, StoreError> {
    let lock = beside(path, "-lock");
    OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .read(true)
        .open(&lock)
        .map_err(|source| file_error(&lock, source))
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn file_error(path: &Path, source: std::io::Error) -> StoreError {
    StoreError::File { path: path.display().to_string(), source }
}

/// SQLite's “file is not a database” in words of ours; other errors stay.
fn not_a_workspace(path: &Path, error: sqlx::Error) -> StoreError {
    match &error {
        sqlx::Error::Database(database) if matches!(database.code().as_deref(), Some("26" | "1")) => {
            StoreError::NotAWorkspace(path.display().to_string())
        }
        _ => StoreError::Database(error),
    }
}
