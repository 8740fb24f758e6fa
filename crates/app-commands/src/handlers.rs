//! One thin handler for each command, by area.

mod analytics;
mod assistant;
mod catalog;
mod collection;
mod demand;
mod matching;
mod proposals;
mod publishing;
mod reading;
mod reporting;
mod rules;
mod scenarios;
mod workspace;

use std::path::{Path, PathBuf};

use app_contract::{ChartRequestLook, CommandError, ErrorCode, FileRef, MarketChartView, SettingsView, Status};
use pricing_domain::{MarketFilter, OutputFormat};
use pricing_operations::{ChartQuestion, OperationError, RefusedLines, Workspace};

use crate::errors::crossing;
use crate::files::free_name;
use crate::host::Host;

/// A file's name without its folder.
fn named(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

impl Host {
    async fn market_chart(
        &self,
        filter: MarketFilter,
        question: ChartQuestion,
        look: ChartRequestLook,
    ) -> Result<MarketChartView, CommandError> {
        self.workspace().await?.market_chart(&filter, question, look).await.map_err(crossing)
    }

    /// The refused rows of a file in a file of their own; `None` without any.
    async fn refused_file(
        &self,
        workspace: &Workspace,
        path: &Path,
        name: &str,
        lines: RefusedLines,
    ) -> Result<Option<FileRef>, OperationError> {
        if lines.lines.is_empty() {
            return Ok(None);
        }
        let plain = name.trim_end_matches(".gz").trim_end_matches(".zip");
        let (stem, extension) = plain.rsplit_once('.').unwrap_or((plain, "csv"));
        let stays = matches!(extension, "tsv" | "txt" | "json" | "jsonl" | "ndjson");
        let extension = if stays { extension } else { "csv" };
        let target = free_name(&self.upload_folder(), &format!("{stem}-refused"), extension);
        workspace.copy_refused(path, name, lines, &target).await?;
        Ok(Some(self.files().register(target)))
    }

    async fn status(&self) -> Result<Status, CommandError> {
        let mut status = Status {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            workspace: None,
            publishing_stopped: false,
            jobs: self.jobs().running(),
            pending_exceptions: 0,
            pending_changes: 0,
            person: self.person(),
            recent: self.recent(),
        };
        if let Some(workspace) = self.open_workspace_if_any().await {
            status.workspace = Some(workspace.describe().await.map_err(crossing)?);
            status.publishing_stopped = workspace.publishing_stopped().await.map_err(crossing)?;
            if let Some(batch) = workspace.batch(None).await.map_err(crossing)? {
                status.pending_exceptions = batch.pending_exceptions;
                status.pending_changes = batch.pending_changes;
            }
        }
        Ok(status)
    }

    async fn open_path(&self, path: PathBuf) -> Result<(), CommandError> {
        // The file that is open already is closed first: opening may have to migrate it alone.
        self.replace_workspace(None).await;
        let opened = Workspace::open(&path, &self.person(), self.clock()).await.map_err(crossing)?;
        self.remember(path);
        self.replace_workspace(Some(opened)).await;
        self.open_shops_soon();
        Ok(())
    }

    async fn settings_view(&self) -> Result<SettingsView, CommandError> {
        let logs = self.options().log_folder.display().to_string();
        self.workspace().await?.settings(&logs).await.map_err(crossing)
    }

    /// A new file among those to be fetched.
    fn written(
        &self,
        stem: &str,
        extension: &str,
        write: impl FnOnce(&Path) -> std::io::Result<()>,
    ) -> Result<FileRef, CommandError> {
        let path = free_name(&self.upload_folder(), stem, extension);
        write(&path).map_err(|error| CommandError::fault(format!("{} cannot be written: {error}", path.display())))?;
        Ok(self.files().register(path))
    }

    fn output(&self, stem: &str, format: OutputFormat) -> PathBuf {
        let day = self.now().utc_date();
        free_name(&self.upload_folder(), &format!("{stem}-{day}"), format.as_str())
    }

    /// Where a file with just this name is written: in a folder of its own, so that nothing stands there.
    fn output_called(&self, name: &str) -> Result<PathBuf, CommandError> {
        let name = Path::new(name).file_name().map(|name| name.to_string_lossy().into_owned());
        let name = name.filter(|name| !name.trim().is_empty());
        let name = name.ok_or_else(|| CommandError::new(ErrorCode::Refused, "The file needs a name.".to_owned()))?;
        let folder = self.upload_folder().join(uuid::Uuid::now_v7().to_string());
        std::fs::create_dir_all(&folder)
            .map_err(|error| CommandError::new(ErrorCode::Fault, format!("{}: {error}", folder.display())))?;
        Ok(folder.join(name))
    }

    fn remember(&self, path: PathBuf) {
        const MOST: usize = 5;
        let list = self.options().data_folder.join("recent.json");
        let mut paths = self.recent_paths();
        paths.retain(|kept| *kept != path);
        paths.insert(0, path);
        paths.truncate(MOST);
        // Forgetting what was open last is no reason to fail.
        if let Ok(text) = serde_json::to_string(&paths) {
            let _ = std::fs::write(list, text);
        }
    }

    fn recent_paths(&self) -> Vec<PathBuf> {
        let text = std::fs::read_to_string(self.options().data_folder.join("recent.json"));
        text.ok().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
    }

    fn recent(&self) -> Vec<(String, pricing_domain::FileId)> {
        let existing = self.recent_paths().into_iter().filter(|path| path.is_file());
        existing
            .map(|path| {
                let file = self.files().register(path);
                (file.name, file.id)
            })
            .collect()
    }
}
