//! Where an import is begun and followed, from whichever screen.

use app_contract::{CommandError, FileRef, ImportOptions, JobView, PreviewImport, StartImport};
use leptos::prelude::*;
use leptos::task::spawn_local;
use pricing_domain::{FileKind, JobId};

use crate::backend::{FilePurpose, backend};
use crate::components::toasts::Toasts;
use crate::freshness::Freshness;
use crate::session::Jobs;

/// How far an import has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// A person says what its columns are.
    Mapping,
    /// Nothing is written yet.
    Preview,
    /// It is being written, or was.
    Import,
}

/// An import that is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownImport {
    /// Its job.
    pub job: JobId,
    /// What is stated about the file.
    pub options: ImportOptions,
    /// The file, to read it again another way.
    pub file: FileRef,
    /// How far it has come.
    pub stage: Stage,
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

    /// Lets a person pick a file and looks at what importing it would do. `None`: its first line tells what it is.
    pub fn pick(&self, kind: Option<FileKind>) {
        let this = *self;
        spawn_local(async move {
            match backend().pick_file(FilePurpose::Import).await {
                Ok(Some(file)) => this.look(ImportOptions { kind, ..ImportOptions::default() }, file).await,
                Ok(None) => {}
                Err(error) => this.toasts.error(error.message),
            }
        });
    }

    /// Looks at what importing a file would do.
    pub fn look_at(&self, options: ImportOptions, file: FileRef) {
        spawn_local(self.look(options, file));
    }

    /// Looks again, with something else stated about the file.
    pub fn look_again(&self, change: impl FnOnce(&mut ImportOptions)) {
        let this = *self;
        if let Some(mut shown) = self.shown.get_untracked() {
            change(&mut shown.options);
            spawn_local(async move { this.look(shown.options, shown.file).await });
        }
    }

    /// Imports what was looked at.
    pub fn import_previewed(&self, end_missing: bool) {
        let this = *self;
        if let Some(shown) = self.shown.get_untracked() {
            let options = ImportOptions { end_missing, ..shown.options };
            spawn_local(async move { this.begin(options, shown.file).await });
        }
    }

    /// Lets a person say what the columns of the file are.
    pub fn map_columns(&self) {
        self.shown.update(|shown| {
            if let Some(shown) = shown {
                shown.stage = Stage::Mapping;
            }
        });
    }

    async fn look(self, options: ImportOptions, file: FileRef) {
        let answer = backend().run(PreviewImport { file: file.id, options: options.clone() }).await;
        self.show(answer, options, file, Stage::Preview);
    }

    /// Starts the import and shows it.
    pub async fn begin(self, options: ImportOptions, file: FileRef) {
        let answer = backend().run(StartImport { file: file.id, options: options.clone() }).await;
        self.show(answer, options, file, Stage::Import);
    }

    fn show(&self, answer: Result<JobView, CommandError>, options: ImportOptions, file: FileRef, stage: Stage) {
        match answer {
            Ok(job) => {
                self.shown.set(Some(ShownImport { job: job.id, options, file, stage }));
                self.jobs.heard(job);
                self.freshness.stale(&[app_contract::Tag::Jobs]);
            }
            Err(error) => self.toasts.error(error.message),
        }
    }
}
