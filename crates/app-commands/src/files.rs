//! Files by id: only dialogs, uploads and the command line turn a path into an id, so that no view names a path.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use app_contract::{CommandError, ErrorCode, FileRef};
use pricing_domain::FileId;

#[derive(Default)]
pub(crate) struct Files(Mutex<HashMap<FileId, PathBuf>>);

impl Files {
    /// An id for a path; the same path keeps its id.
    pub(crate) fn register(&self, path: PathBuf) -> FileRef {
        let mut files = self.0.lock().expect("no panic while it is held");
        let known = files.iter().find(|(_, kept)| **kept == path).map(|(id, _)| *id);
        let id = known.unwrap_or_else(|| FileId(uuid::Uuid::new_v4()));
        let reference = FileRef {
            id,
            name: path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned()),
            size_bytes: std::fs::metadata(&path).map_or(0, |data| data.len()),
        };
        files.insert(id, path);
        reference
    }

    pub(crate) fn register_existing(&self, path: PathBuf) -> Result<FileRef, CommandError> {
        if !path.is_file() {
            return Err(CommandError::new(ErrorCode::NotFound, format!("There is no file {}.", path.display())));
        }
        Ok(self.register(path))
    }

    pub(crate) fn find(&self, id: FileId) -> Option<PathBuf> {
        self.0.lock().expect("no panic while it is held").get(&id).cloned()
    }

    pub(crate) fn get(&self, id: FileId) -> Result<PathBuf, CommandError> {
        self.find(id).ok_or_else(|| CommandError::new(ErrorCode::NotFound, "Choose the file again; it is not known."))
    }
}

/// A name in `folder` that is not taken: `prices.csv`, `prices-2.csv`, …
pub(crate) fn free_name(folder: &Path, stem: &str, extension: &str) -> PathBuf {
    (1..)
        .map(|number| match number {
            1 => folder.join(format!("{stem}.{extension}")),
            number => folder.join(format!("{stem}-{number}.{extension}")),
        })
        .find(|path| !path.exists())
        .expect("some number is free")
}
