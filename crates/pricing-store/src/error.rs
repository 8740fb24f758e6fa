//! What can go wrong with a workspace file.

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite refused a statement.
    #[error("the workspace file could not be read or written: {0}")]
    Database(#[from] sqlx::Error),
    /// SQLite refused to read the tables of the snapshot.
    #[error("the workspace file could not be read: {0}")]
    Reading(#[from] rusqlite::Error),
    /// Written by a newer program.
    #[error(
        "this workspace was last used by a newer version of the program (schema {file}, this program knows {known}); \
         update the program, or restore the backup beside the file"
    )]
    NewerFile {
        /// Schema of the file.
        file: i64,
        /// Newest schema of this program.
        known: i64,
    },
    /// Not a workspace.
    #[error("“{0}” is not a workspace file")]
    NotAWorkspace(String),
    /// The file exists already.
    #[error("“{0}” exists already; choose another name")]
    Exists(String),
    /// Another process has it open while it must be alone.
    #[error("the workspace must be migrated, but another window or command has it open; close that first")]
    InUse,
    /// A migration failed; the backup beside the file is untouched.
    #[error("the workspace could not be brought up to date: {0}; the backup beside it is untouched")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The file system refused.
    #[error("{path}: {source}")]
    File {
        /// Which file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// Something stored does not have the expected shape.
    #[error("the workspace holds something unexpected in {0}")]
    Unexpected(&'static str),
    /// The caller asked to stop.
    #[error("cancelled")]
    Cancelled,
}
