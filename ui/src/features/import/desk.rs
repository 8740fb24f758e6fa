//! Where an import is begun and followed, from whichever screen.

use app_contract::{FileRef, ImportOptions, JobView, StartImport};
use leptos::prelude::*;
use leptos::task::spawn_local;
use pricing_domain::{FileKind, JobId};

use crate::backend::{FilePurpose, backend};
use crate::components::toasts::Toasts;
use crate::freshness::Freshness;
use crate::session::Jobs;

/// An import that is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownImport {
    /// Its job.
    pub job: JobId,
    /// What the rows are.
    pub kind: FileKind,
    /// The file, to read it again another way.
    pub file: FileRef,
}

/// Begins imports and remembers which one is shown.
#[derive(Clone, Copy)]
pub struct ImportDesk {
    shown: RwSignal<Option<ShownImport>>,
    jobs: Jobs,
    toasts: Toasts,
    freshness: Freshness,
}

impl ImportDesk {
    /// None shown.
    pub fn new() -> Self {
        Self {
            shown: RwSignal::new(None),
            jobs: expect_context(),
            toasts: expect_context(),
            freshness: expect_context(),
        }
    }

    /// The import that is shown.
    pub fn shown(&self) -> Option<ShownImport> {
        self.shown.get()
    }

    /// Its job.
    pub fn job(&self) -> Option<JobView> {
        self.shown.get().and_then(|shown| self.jobs.find(shown.job))
    }

    /// Shows none.
    pub fn close(&self) {
        self.shown.set(None);
    }

    /// Lets a person pick a file and reads it.
    pub fn pick(&self, kind: FileKind) {
        let this = *self;
        spawn_local(async move {
            match backend().pick_file(FilePurpose::Import).await {
                Ok(Some(file)) => this.begin(kind, file, None).await,
                Ok(None) => {}
                Err(error) => this.toasts.error(error.message),
            }
        });
    }

    /// Reads a file that was picked before, with a decimal separator that a person gave.
    pub fn read_again(&self, import: ShownImport, decimal_separator: char) {
        let this = *self;
        spawn_local(async move { this.begin(import.kind, import.file, Some(decimal_separator)).await });
    }

    /// Starts the import and shows it.
    pub async fn begin(self, kind: FileKind, file: FileRef, decimal_separator: Option<char>) {
        let options = ImportOptions { decimal_separator, ..ImportOptions::of_kind(kind) };
        let command = StartImport { file: file.id, options };
        match backend().run(command).await {
            Ok(job) => {
                self.shown.set(Some(ShownImport { job: job.id, kind, file }));
                self.jobs.heard(job);
                self.freshness.stale(&[app_contract::Tag::Jobs]);
            }
            Err(error) => self.toasts.error(error.message),
        }
    }
}
