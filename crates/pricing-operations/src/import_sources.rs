//! Files that are imported from an address: kept with what is stated about them, fetched by hand or at their times. A time
//! that was missed is taken once, and a file that did not change is not fetched again.

use std::io::BufWriter;

use app_contract::{ImportOptions, ImportReport, ImportSource, ImportSourceView};
use price_collection::{AddressPolicy, CollectSettings, FetchedFile, FileError, FileRequest, fetch_file};
use pricing_domain::{FileFormat, FileKind, ImportSourceId, Instant};
use pricing_store::IdMaker;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::schedules::Timetable;
use crate::{ErrorKind, OperationError, Progress, Workspace};

/// The setting with the sources, as JSON.
const SETTING: &str = "import_sources";
const MOST_SOURCES: usize = 50;
const LONGEST_NAME: usize = 100;
/// Files are read as a stream, but have to stand on the disk.
const MOST_BYTES: u64 = 4_000_000_000;

/// A source as it is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Kept {
    id: ImportSourceId,
    source: ImportSource,
    next_at: Option<Instant>,
    #[serde(default)]
    last_at: Option<Instant>,
    #[serde(default)]
    last_words: String,
    #[serde(default)]
    last_failed: bool,
    /// The version that was imported, as its server calls it.
    #[serde(default)]
    etag: Option<String>,
    #[serde(default)]
    last_modified: Option<String>,
}

/// `ETag` and `Last-Modified` of a file.
type Version = (Option<String>, Option<String>);

impl Workspace {
    /// Every source with how it stands.
    pub async fn import_sources(&self) -> Result<Vec<ImportSourceView>, OperationError> {
        Ok(self.kept_sources().await?.1.into_iter().map(view).collect())
    }

    /// Keeps a source, or changes one. A changed address or statement has the file read anew.
    pub async fn save_import_source(
        &self,
        id: Option<ImportSourceId>,
        source: ImportSource,
    ) -> Result<Vec<ImportSourceView>, OperationError> {
        let source = checked(source)?;
        let next_at = next_time(&source, self.now())?;
        let words = format!("Kept the address of “{}”", source.name);
        self.change_sources(&words, |sources| {
            if sources.iter().any(|kept| Some(kept.id) != id && kept.source.name.eq_ignore_ascii_case(&source.name)) {
                return Err(OperationError::refused("Another source has this name. Give this one its own."));
            }
            match sources.iter().position(|kept| Some(kept.id) == id) {
                Some(place) => {
                    let kept = &mut sources[place];
                    if (&kept.source.url, &kept.source.options) != (&source.url, &source.options) {
                        (kept.etag, kept.last_modified) = (None, None);
                    }
                    kept.source = source;
                    kept.next_at = next_at;
                }
                None if id.is_some() => return Err(missing()),
                None if sources.len() >= MOST_SOURCES => {
                    return Err(OperationError::refused("There are 50 sources; remove one first."));
                }
                None => sources.push(Kept {
                    id: ImportSourceId(IdMaker::new(self.now()).next_id()),
                    source,
                    next_at,
                    last_at: None,
                    last_words: String::new(),
                    last_failed: false,
                    etag: None,
                    last_modified: None,
                }),
            }
            Ok(())
        })
        .await
    }

    /// Forgets a source; what was imported from it stays.
    pub async fn remove_import_source(&self, id: ImportSourceId) -> Result<Vec<ImportSourceView>, OperationError> {
        self.change_sources("Forgot an address to import from", |sources| {
            let before = sources.len();
            sources.retain(|kept| kept.id != id);
            if sources.len() == before { Err(missing()) } else { Ok(()) }
        })
        .await
    }

    /// Sources whose time has come, with their names.
    pub async fn due_import_sources(&self) -> Result<Vec<(ImportSourceId, String)>, OperationError> {
        let now = self.now();
        let is_due = |kept: &Kept| !kept.source.paused && kept.next_at.is_some_and(|next| next <= now);
        let (_, sources) = self.kept_sources().await?;
        Ok(sources.into_iter().filter(is_due).map(|kept| (kept.id, kept.source.name)).collect())
    }

    /// Takes the turn of a source whose time has come. `false`: another program took it.
    pub async fn take_import_source(&self, id: ImportSourceId) -> Result<bool, OperationError> {
        let now = self.now();
        let (text, mut sources) = self.kept_sources().await?;
        let Some(kept) = sources.iter_mut().find(|kept| kept.id == id) else { return Ok(false) };
        if kept.next_at.is_none_or(|next| next > now) {
            return Ok(false);
        }
        kept.next_at = next_time(&kept.source, now)?;
        self.keep_sources(text.as_deref(), &sources, "A file is imported at its time").await
    }

    /// Fetches a source's file and imports it; one that did not change is left alone. What became of it is kept with the
    /// source.
    ///
    /// `private_origins`: origins on this machine or network that may be visited.
    pub async fn run_import_source(
        &self,
        id: ImportSourceId,
        private_origins: &[String],
        progress: &Progress,
    ) -> Result<ImportReport, OperationError> {
        let (_, sources) = self.kept_sources().await?;
        let kept = sources.into_iter().find(|kept| kept.id == id).ok_or_else(missing)?;
        let outcome = Box::pin(self.fetch_and_import(&kept, private_origins, progress)).await;
        let (now, words, failed, version) = match &outcome {
            Ok((report, version)) => (self.now(), outcome_words(report, version.is_none()), false, version.clone()),
            Err(error) => (self.now(), error.message.clone(), true, None),
        };
        self.change_sources(&format!("Imported “{}” from its address", kept.source.name), |sources| {
            if let Some(kept) = sources.iter_mut().find(|kept| kept.id == id) {
                (kept.last_at, kept.last_words, kept.last_failed) = (Some(now), words, failed);
                if let Some((etag, last_modified)) = version {
                    (kept.etag, kept.last_modified) = (etag, last_modified);
                }
            }
            Ok(())
        })
        .await?;
        Ok(outcome?.0)
    }

    /// The report, and the version that was imported; `None`: it was the one that is known.
    async fn fetch_and_import(
        &self,
        kept: &Kept,
        private_origins: &[String],
        progress: &Progress,
    ) -> Result<(ImportReport, Option<Version>), OperationError> {
        let failed = |error: std::io::Error| OperationError::fault(format!("The file cannot be kept: {error}"));
        let folder = self.path().parent().map(std::path::Path::to_owned).unwrap_or_default();
        let file = tempfile::Builder::new().prefix(".source").tempfile_in(folder).map_err(failed)?;
        let mut out = BufWriter::new(file.as_file().try_clone().map_err(failed)?);
        let settings = CollectSettings::default();
        let addresses = match private_origins {
            [] => AddressPolicy::PublicOnly,
            origins => AddressPolicy::AlsoOrigins(origins.to_vec()),
        };
        let request = FileRequest {
            url: &kept.source.url,
            etag: kept.etag.as_deref(),
            last_modified: kept.last_modified.as_deref(),
            addresses,
            most_bytes: MOST_BYTES,
            user_agent: &settings.user_agent,
        };
        let mut told = |bytes: u64, all: Option<u64>| {
            progress.at(bytes, all, "Fetching the file");
            !progress.is_cancelled()
        };
        let fetched = fetch_file(&request, &mut out, &mut told).await.map_err(unfetched)?;
        drop(out);
        match fetched {
            FetchedFile::Unchanged => Ok((unchanged(&kept.source), None)),
            FetchedFile::File { name, etag, last_modified } => {
                let (report, _) = self.import_passing(file.path(), &name, &kept.source.options, progress).await?;
                Ok((report, Some((etag, last_modified))))
            }
        }
    }

    async fn kept_sources(&self) -> Result<(Option<String>, Vec<Kept>), OperationError> {
        let text = self.store.setting(SETTING).await?;
        let sources = text.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        Ok((text, sources))
    }

    async fn change_sources(
        &self,
        words: &str,
        change: impl FnOnce(&mut Vec<Kept>) -> Result<(), OperationError>,
    ) -> Result<Vec<ImportSourceView>, OperationError> {
        let (text, mut sources) = self.kept_sources().await?;
        change(&mut sources)?;
        if !self.keep_sources(text.as_deref(), &sources, words).await? {
            return Err(OperationError {
                kind: ErrorKind::Conflict,
                message: "Another program changed the sources. Try again.".into(),
            });
        }
        Ok(sources.into_iter().map(view).collect())
    }

    /// Keeps sources where they still stand as they were read. `false`: another program changed them.
    async fn keep_sources(&self, before: Option<&str>, sources: &[Kept], words: &str) -> Result<bool, OperationError> {
        let text = serde_json::to_string(sources).map_err(|error| OperationError::fault(error.to_string()))?;
        self.keep_setting("save_import_source", SETTING, before, &text, words).await
    }
}

fn missing() -> OperationError {
    OperationError::not_found("This source is not there any more.")
}

fn unfetched(error: FileError) -> OperationError {
    match error {
        FileError::Stopped => OperationError::cancelled(),
        error => OperationError::refused(format!("The file was not fetched: {error}.")),
    }
}

fn checked(source: ImportSource) -> Result<ImportSource, OperationError> {
    let (name, url) = (source.name.trim().to_owned(), source.url.trim().to_owned());
    if name.is_empty() || name.chars().count() > LONGEST_NAME {
        return Err(OperationError::refused("Give the source a name of at most 100 letters."));
    }
    let address = Url::parse(&url).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    let Some(address) = address else {
        return Err(OperationError::refused(format!(
            "“{url}” is no address of a file. Write it in full, like https://shop.example/export/products.csv."
        )));
    };
    if address.password().is_some() || !address.username().is_empty() {
        return Err(OperationError::refused(
            "An address with a user and password would be kept readable in the workspace. Use a download link of the \
             shop instead.",
        ));
    }
    Ok(ImportSource { name, url, pattern: source.pattern.trim().to_owned(), ..source })
}

/// `None`: only when somebody asks for it.
fn next_time(source: &ImportSource, now: Instant) -> Result<Option<Instant>, OperationError> {
    if source.pattern.trim().is_empty() {
        return Ok(None);
    }
    let next = Timetable::parse(&source.pattern, &source.time_zone)?.next(now);
    next.map(Some).ok_or_else(|| OperationError::refused(format!("The time “{}” never comes.", source.pattern)))
}

fn outcome_words(report: &ImportReport, unchanged: bool) -> String {
    if unchanged {
        return "The file has not changed since it was imported.".to_owned();
    }
    let ImportReport { rows, added, changed, refused, .. } = report;
    format!("{rows} rows read: {added} new, {changed} changed, {} unchanged, {refused} refused.", report.unchanged)
}

/// The report of a file that did not change.
fn unchanged(source: &ImportSource) -> ImportReport {
    let ImportOptions { kind, format, .. } = source.options;
    ImportReport {
        kind: kind.unwrap_or(FileKind::Products),
        format: format.unwrap_or(FileFormat::Own),
        file_name: source.name.clone(),
        encoding: "not changed since it was imported".to_owned(),
        delimiter: None,
        decimal_separator: None,
        ignored_columns: Vec::new(),
        rows: 0,
        left_out: Vec::new(),
        added: 0,
        changed: 0,
        unchanged: 0,
        refused: 0,
        problem_count: 0,
        problems: Vec::new(),
        note_count: 0,
        notes: Vec::new(),
        refused_file: None,
        ended: 0,
        change_set: None,
        elapsed_ms: 0,
    }
}

fn view(kept: Kept) -> ImportSourceView {
    let timetable = Timetable::parse(&kept.source.pattern, &kept.source.time_zone);
    let words = timetable.ok().filter(|_| !kept.source.pattern.is_empty()).map_or_else(String::new, |one| one.words());
    ImportSourceView {
        id: kept.id,
        words,
        next_at: kept.next_at.filter(|_| !kept.source.paused),
        last_at: kept.last_at,
        last_words: kept.last_words,
        last_failed: kept.last_failed,
        source: kept.source,
    }
}
