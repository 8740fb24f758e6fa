//! Reading a file into the workspace: rows are read on a thread of their own, staged outside the writer, and merged
//! in one transaction that one undo takes back.

use std::fs::File;
use std::io::{BufReader, Cursor, Read};
use std::path::Path;
use std::time::Instant as Stopwatch;

use app_contract::ImportReport;
use catalog_files::{Facts, FileReader, ReadOptions, Rows, Source};
use pricing_domain::{Currency, FileKind, Problem, TaxMode};
use pricing_store::{IdMaker, MergedImport, NamedList, StagedImport};
use tokio::sync::mpsc;

use crate::staged_rows::{StagingContext, staged_kind, staged_rows};
use crate::workspace::country_of;
use crate::{OperationError, Progress, Workspace};

/// Rows handed over at once.
const BATCH_ROWS: usize = 2_000;
/// Problems a report lists; all are counted.
const LISTED_PROBLEMS: usize = 1_000;

/// What the reading thread hands over.
struct Batch {
    rows: Rows,
    position: (u64, u64),
}

/// What it ends with.
struct ReadEnd {
    facts: Facts,
    problems: catalog_files::Problems,
}

impl Workspace {
    /// Imports a file. Refused rows are reported with line, column and reason; the others go in. The same file again
    /// changes nothing. Cancelling before the merge leaves nothing behind.
    ///
    /// Cost: one pass over the file, and one transaction over its rows.
    pub async fn import(
        &self,
        kind: FileKind,
        path: &Path,
        name: &str,
        decimal_separator: Option<char>,
        progress: &Progress,
    ) -> Result<ImportReport, OperationError> {
        let started = Stopwatch::now();
        let options = ReadOptions { decimal_separator, ..ReadOptions::default() };
        let (file, label) = (path.to_owned(), name.to_owned());
        let reader = tokio::task::spawn_blocking(move || open_file(kind, &file, &label, options))
            .await
            .map_err(|error| OperationError::fault(error.to_string()))??;
        let (sender, mut batches) = mpsc::channel::<Batch>(4);
        let reading = tokio::task::spawn_blocking(move || read_all(reader, &sender));
        let mut context = self.staging_context(name).await?;
        let mut staged = self.store.stage(staged_kind(kind)).await?;
        let mut problems: Vec<Problem> = Vec::new();
        let mut lists: Vec<NamedList> = Vec::new();
        while let Some(batch) = batches.recv().await {
            if progress.is_cancelled() {
                drop(batches);
                staged.discard().await?;
                return Err(OperationError::cancelled());
            }
            progress.at(batch.position.0, Some(batch.position.1), "Reading");
            note_lists(&batch.rows, &mut context, &mut lists);
            stage_batch(&mut staged, batch.rows, &mut context, &mut problems).await?;
        }
        let end = reading.await.map_err(|error| OperationError::fault(error.to_string()))?;
        if progress.is_cancelled() {
            staged.discard().await?;
            return Err(OperationError::cancelled());
        }
        progress.at(1, None, "Writing");
        let merged = staged.merge(&self.store, &lists, &context.vat_rates, &self.actor, self.now()).await?;
        self.finish_import(kind, name, merged, end, problems, started).await
    }

    async fn staging_context(&self, file_name: &str) -> Result<StagingContext, OperationError> {
        let lists = self.store.price_lists().await?;
        let default = lists.first();
        Ok(StagingContext {
            now: self.now(),
            default_list: default.map_or_else(|| DEFAULT_LIST.to_owned(), |list| list.code.clone()),
            default_tax_mode: default.map(|list| list.tax_mode),
            ids: IdMaker::new(self.now()),
            file_name: file_name.to_owned(),
            vat_rates: Vec::new(),
        })
    }

    async fn finish_import(
        &self,
        kind: FileKind,
        name: &str,
        merged: MergedImport,
        end: ReadEnd,
        mut problems: Vec<Problem>,
        started: Stopwatch,
    ) -> Result<ImportReport, OperationError> {
        problems.extend(merged.refused.iter().map(|row| Problem {
            line: row.line,
            column: row.column.to_owned(),
            found: row.found.clone(),
            reason: row.reason.clone(),
        }));
        let refused_here = u64::try_from(problems.len()).unwrap_or(u64::MAX);
        let rows = end.facts.rows_read;
        let refused = end.facts.rows_refused + refused_here;
        let (added, changed) = (merged.added, merged.changed);
        let summary = format!("Imported {name}: {added} new, {changed} changed");
        let change_set = if merged.operation.rows() == 0 {
            merged.operation.abandon().await?;
            None
        } else {
            Some(merged.commit(&summary).await?.change_set)
        };
        let problem_count = end.problems.total + refused_here;
        problems.extend(end.problems.kept);
        problems.sort_by_key(|problem| problem.line);
        problems.truncate(LISTED_PROBLEMS);
        Ok(ImportReport {
            kind,
            file_name: name.to_owned(),
            encoding: end.facts.encoding,
            delimiter: end.facts.delimiter,
            decimal_separator: end.facts.decimal_separator,
            ignored_columns: end.facts.ignored_columns,
            rows,
            added,
            changed,
            unchanged: rows.saturating_sub(refused + added + changed),
            refused,
            problem_count,
            problems,
            change_set,
            elapsed_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        })
    }
}

/// The code of the price list that a first import makes.
const DEFAULT_LIST: &str = "DEFAULT";

/// Notes the lists that a file brings with it, should they not be there yet: those that prices name, and the default
/// one, whose currency and tax mode the first product tells.
fn note_lists(rows: &Rows, context: &mut StagingContext, lists: &mut Vec<NamedList>) {
    let list = |code: &str, name: &str, currency: Currency, tax_mode: TaxMode| NamedList {
        code: code.to_owned(),
        name: name.to_owned(),
        currency,
        tax_mode,
        country: country_of(code),
    };
    match rows {
        Rows::Products(products) if context.default_tax_mode.is_none() => {
            let Some(product) = products.first() else { return };
            let tax_mode = if product.price_includes_vat == Some(false) { TaxMode::Net } else { TaxMode::Gross };
            context.default_tax_mode = Some(tax_mode);
            lists.push(list(DEFAULT_LIST, "Default", product.currency, tax_mode));
        }
        Rows::Prices(prices) => {
            for row in prices {
                if !lists.iter().any(|known| known.code == row.price_list) {
                    let tax_mode = context.default_tax_mode.unwrap_or(TaxMode::Gross);
                    lists.push(list(&row.price_list, &row.price_list, row.currency, tax_mode));
                }
            }
        }
        _ => {}
    }
}

async fn stage_batch(
    staged: &mut StagedImport,
    rows: Rows,
    context: &mut StagingContext,
    problems: &mut Vec<Problem>,
) -> Result<(), OperationError> {
    for row in staged_rows(rows, context, problems) {
        staged.push(row).await?;
    }
    Ok(())
}

/// Opens a file of a known kind, unpacking gzip.
pub(crate) fn open_file(
    kind: FileKind,
    path: &Path,
    name: &str,
    options: ReadOptions,
) -> Result<FileReader, OperationError> {
    let failed = |error: std::io::Error| OperationError::refused(format!("{name} cannot be read: {error}"));
    let mut file = File::open(path).map_err(failed)?;
    let mut magic = [0u8; 2];
    let zipped = file.read_exact(&mut magic).is_ok() && magic == [0x1f, 0x8b];
    std::io::Seek::rewind(&mut file).map_err(failed)?;
    let (source, name): (Box<dyn Source + Send>, &str) = if zipped {
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(failed)?;
        (Box::new(Cursor::new(catalog_files::decompress_gzip(&bytes)?)), name.strip_suffix(".gz").unwrap_or(name))
    } else {
        (Box::new(BufReader::with_capacity(1 << 18, file)), name)
    };
    Ok(catalog_files::open(kind, name, source, options)?)
}

/// Reads until the end, or until nobody listens any more.
fn read_all(mut reader: FileReader, sender: &mpsc::Sender<Batch>) -> ReadEnd {
    let mut problems = catalog_files::Problems::default();
    while let Some(rows) = reader.next_batch(BATCH_ROWS, &mut problems) {
        if sender.blocking_send(Batch { rows, position: reader.position() }).is_err() {
            break;
        }
    }
    ReadEnd { facts: reader.facts().clone(), problems }
}
