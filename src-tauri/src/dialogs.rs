//! The system's own file dialogs, opened from here only: the window cannot name a path.
//!
//! In debug builds `OMNIPRICEX_TEST_PICK` stands in for a person: the file it names is picked, and files to be
//! written go beside it under their suggested names. Release builds do not read it.

use std::path::PathBuf;

use serde::Deserialize;
use tauri::{Manager, Runtime, WebviewWindow};
use tauri_plugin_dialog::{DialogExt, FileDialogBuilder, FilePath};
use tokio::sync::oneshot;

const WORKSPACE_EXTENSION: &str = "omnipricex";
const TABLES: &[&str] = &["csv", "tsv", "txt", "xlsx", "gz"];

/// What a file is picked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Purpose {
    /// Its rows are read.
    Import,
    /// It is opened as a workspace.
    OpenWorkspace,
    /// A new workspace is written to it.
    CreateWorkspace,
}

/// Asks for a file. `None`: the dialog was closed.
pub(crate) async fn pick<R: Runtime>(window: &WebviewWindow<R>, purpose: Purpose) -> Option<PathBuf> {
    let (title, name, extensions) = match purpose {
        Purpose::Import => ("Import a file", "Tables", TABLES),
        Purpose::OpenWorkspace => ("Open a workspace", "Workspaces", [WORKSPACE_EXTENSION].as_slice()),
        Purpose::CreateWorkspace => return save(window, &format!("workspace.{WORKSPACE_EXTENSION}")).await,
    };
    if let Some(stand_in) = stand_in() {
        return Some(stand_in);
    }
    let dialog = dialog(window, title).add_filter(name, extensions).add_filter("All files", &["*"]);
    let (answer, picked) = oneshot::channel();
    dialog.pick_file(move |path| drop(answer.send(path)));
    path(picked.await)
}

/// Asks where to write a file. `None`: the dialog was closed.
pub(crate) async fn save<R: Runtime>(window: &WebviewWindow<R>, name: &str) -> Option<PathBuf> {
    if let Some(stand_in) = stand_in() {
        return Some(stand_in.with_file_name(name));
    }
    let (answer, picked) = oneshot::channel();
    dialog(window, "Save").set_file_name(name).save_file(move |path| drop(answer.send(path)));
    path(picked.await)
}

fn dialog<R: Runtime>(window: &WebviewWindow<R>, title: &str) -> FileDialogBuilder<R> {
    window.app_handle().dialog().file().set_parent(window).set_title(title)
}

fn path(picked: Result<Option<FilePath>, oneshot::error::RecvError>) -> Option<PathBuf> {
    picked.ok().flatten().and_then(|path| path.into_path().ok())
}

fn stand_in() -> Option<PathBuf> {
    if cfg!(debug_assertions) { std::env::var_os("OMNIPRICEX_TEST_PICK").map(PathBuf::from) } else { None }
}
