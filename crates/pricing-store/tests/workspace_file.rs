//! Opening, refusing, migrating and copying workspace files.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::path::{Path, PathBuf};

use pricing_domain::Instant;
use pricing_store::{Durability, Store, StoreError};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use tempfile::TempDir;

/// 2026-03-02T12:00Z.
const NOW: Instant = Instant(1_772_452_800_000_000);

async fn workspace() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shop.omnipricex");
    let store = Store::create(&path).await.unwrap();
    let mut op = store.begin("tester", "save_settings", NOW, Durability::Full).await.unwrap();
    op.write_setting("company", "Test shop").await.unwrap();
    op.commit("Named the company", false).await.unwrap();
    store.close().await;
    (folder, path)
}

async fn raw(path: &Path) -> SqliteConnection {
    SqliteConnectOptions::new().filename(path).connect().await.unwrap()
}

/// Runs statements on the file behind the store's back.
async fn tamper(path: &Path, statements: &'static str) {
    let mut connection = raw(path).await;
    sqlx::raw_sql(statements).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

fn names(folder: &TempDir) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_workspace_keeps_what_was_committed() {
    let (_folder, path) = workspace().await;
    let store = Store::open(&path, NOW).await.unwrap();
    assert_eq!(store.setting("company").await.unwrap().as_deref(), Some("Test shop"));
    assert_eq!(store.sequence().await.unwrap(), 1);
}

#[tokio::test]
async fn a_newer_file_is_refused_in_words_and_left_alone() {
    let (_folder, path) = workspace().await;
    tamper(
        &path,
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (9999, 'of the future', 1, x'00', 0)",
    )
    .await;
    let before = std::fs::read(&path).unwrap();
    let Err(error) = Store::open(&path, NOW).await else { panic!("it must not open") };
    assert!(matches!(error, StoreError::NewerFile { file: 9999, .. }));
    assert!(error.to_string().contains("last used by a newer version of the program (schema 9999"), "{error}");
    assert!(error.to_string().contains("update the program, or restore the backup beside the file"), "{error}");
    assert!(std::fs::read(&path).unwrap() == before);
}

#[tokio::test]
async fn files_of_other_programs_are_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("notes.txt");
    std::fs::write(&text, "These are notes, and long enough to be taken for the header of a database file.".repeat(9))
        .unwrap();
    let empty = folder.path().join("empty.db");
    std::fs::write(&empty, "").unwrap();
    let foreign = folder.path().join("photos.db");
    let mut connection =
        SqliteConnectOptions::new().filename(&foreign).create_if_missing(true).connect().await.unwrap();
    sqlx::raw_sql("CREATE TABLE photo (name TEXT)").execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    let before = names(&folder);
    for path in [&text, &empty, &foreign] {
        let contents = std::fs::read(path).unwrap();
        let Err(error) = Store::open(path, NOW).await else { panic!("{} must not open", path.display()) };
        assert!(matches!(error, StoreError::NotAWorkspace(_)), "{error}");
        assert!(error.to_string().ends_with("is not a workspace file"), "{error}");
        assert!(std::fs::read(path).unwrap() == contents, "{} was written to", path.display());
    }
    assert_eq!(names(&folder), before, "nothing is left beside them");
    assert!(matches!(Store::open(&folder.path().join("gone"), NOW).await, Err(StoreError::NotAWorkspace(_))));
}

#[tokio::test]
async fn creating_never_overwrites() {
    let (_folder, path) = workspace().await;
    assert!(matches!(Store::create(&path).await, Err(StoreError::Exists(_))));
    let store = Store::open(&path, NOW).await.unwrap();
    assert!(matches!(store.copy_to(&path).await, Err(StoreError::Exists(_))));
    assert_eq!(store.sequence().await.unwrap(), 1);
}

#[tokio::test]
async fn an_older_file_is_copied_before_it_is_migrated() {
    let (folder, path) = workspace().await;
    // As it was before its schema had a version: the first migration must run, and here it must fail.
    tamper(&path, "DELETE FROM _sqlx_migrations").await;
    let Err(error) = Store::open(&path, NOW).await else { panic!("tables that exist cannot be made again") };
    assert!(error.to_string().contains("the backup beside it is untouched"), "{error}");
    let backup = folder.path().join("shop.omnipricex.schema-0.2026-03-02.backup");
    assert!(backup.exists(), "{:?}", names(&folder));
    let mut copy = raw(&backup).await;
    let company: String =
        sqlx::query_scalar("SELECT value FROM setting WHERE name = 'company'").fetch_one(&mut copy).await.unwrap();
    assert_eq!(company, "Test shop");
}

#[tokio::test]
async fn an_older_file_that_another_window_holds_is_not_migrated() {
    let (folder, path) = workspace().await;
    let other = Store::open(&path, NOW).await.unwrap();
    tamper(&path, "DELETE FROM _sqlx_migrations").await;
    assert!(matches!(Store::open(&path, NOW).await, Err(StoreError::InUse)));
    assert!(names(&folder).iter().all(|name| !name.ends_with(".backup")));
    other.close().await;
}

#[tokio::test]
async fn an_operation_dropped_or_abandoned_leaves_nothing_and_the_next_one_works() {
    let (_folder, path) = workspace().await;
    let store = Store::open(&path, NOW).await.unwrap();
    let copy = path.with_extension("copy");
    for dropped in [true, false] {
        let mut op = store.begin("tester", "save_settings", NOW, Durability::Full).await.unwrap();
        op.write_setting("company", "Never").await.unwrap();
        if dropped {
            drop(op);
            store.copy_to(&copy).await.unwrap();
        } else {
            op.abandon().await.unwrap();
        }
        assert_eq!(store.setting("company").await.unwrap().as_deref(), Some("Test shop"));
        assert_eq!(store.list_audit(Instant(0), 0, 10).await.unwrap().0, 1);
    }
    let mut op = store.begin("tester", "save_settings", NOW, Durability::Facts).await.unwrap();
    op.write_setting("company", "Renamed").await.unwrap();
    let change = op.commit("Renamed the company", false).await.unwrap();
    assert_eq!((change.sequence, change.rows), (2, 1));
    assert_eq!(store.setting("company").await.unwrap().as_deref(), Some("Renamed"));
    let copied = Store::open(&copy, NOW).await.unwrap();
    assert_eq!(copied.setting("company").await.unwrap().as_deref(), Some("Test shop"));
}

#[tokio::test]
async fn what_was_not_committed_when_the_program_ended_is_not_there() {
    let (_folder, path) = workspace().await;
    {
        let store = Store::open(&path, NOW).await.unwrap();
        let mut op = store.begin("tester", "save_settings", NOW, Durability::Full).await.unwrap();
        op.write_setting("company", "Never").await.unwrap();
        std::mem::forget((op, store));
    }
    // The file as a crash leaves it: with its log, without a last word of the program that wrote it.
    let crashed = path.with_extension("crashed");
    for suffix in ["", "-wal"] {
        let from = format!("{}{suffix}", path.display());
        if Path::new(&from).exists() {
            std::fs::copy(from, format!("{}{suffix}", crashed.display())).unwrap();
        }
    }
    let store = Store::open(&crashed, NOW).await.unwrap();
    assert_eq!(store.setting("company").await.unwrap().as_deref(), Some("Test shop"));
    assert_eq!(store.sequence().await.unwrap(), 1);
}
