//! Handing files to a person, and the words of an undo.

use app_contract::{ExportReport, FileRef, UndoReport};
use leptos::task::spawn_local;

use crate::backend::{SavedFile, backend};
use crate::components::toasts::Toasts;
use crate::formats::counted;

/// Saves an export and tells where it went.
pub fn hand_over(report: ExportReport, toasts: Toasts) {
    save(report.file, counted(report.rows, "row", "rows"), toasts);
}

/// Saves a file that is no list of rows and tells where it went.
pub fn hand_over_file(file: FileRef, toasts: Toasts) {
    let name = file.name.clone();
    save(file, name, toasts);
}

fn save(file: FileRef, what: String, toasts: Toasts) {
    spawn_local(async move {
        match backend().save_file(&file).await {
            Ok(SavedFile::At(path)) => toasts.done(format!("{what} saved to {path}.")),
            Ok(SavedFile::Downloading) => toasts.done(format!("{what}: downloading {}.", file.name)),
            Ok(SavedFile::NotSaved) => toasts.done(format!("{what}: written, but not saved.")),
            Err(error) => toasts.error(error.message),
        }
    });
}

/// What an undo did.
pub fn undo_words(report: &UndoReport) -> String {
    let restored = format!("{} restored.", counted(report.restored, "row", "rows"));
    match report.conflicts.as_slice() {
        [] => restored,
        [only] => format!("{restored} Left as it is: {only}"),
        [first, rest @ ..] => {
            let others = counted(rest.len() as u64, "other", "others");
            format!("{restored} Changed since and left as they are: {first}, and {others}.")
        }
    }
}
