//! Reading a file into the workspace: rows are read on a thread of their own, staged outside the writer, and merged
//! in one transaction that one undo takes back.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::time::Instant as Stopwatch;

use app_contract::{ImportChange, ImportFieldChange, ImportOptions, ImportPreview, ImportReport};
use catalog_files::{FIRST_LIST, Facts, FileReader, ReadOptions, Rows, Source};
use pricing_domain::{Currency, FileFormat, FileKind, Money, Problem, TaxMode, decimal_text};
use pricing_store::{ChangedRow, Comparison, FieldForm, IdMaker, NamedList, RefusedRow, StagedImport, StagedOffer};
use tokio::sync::mpsc;

use crate::exports::{in_background, write_file};
use crate::staged_rows::{StagingContext, attributes, staged_kind, staged_rows};
use crate::workspace::country_of;
use crate::{OperationError, Progress, Workspace};

/// Rows handed over at once.
const BATCH_ROWS: usize = 2_000;
/// Problems a report lists; all are counted.
const LISTED_PROBLEMS: usize = 1_000;
/// Rows that a preview names of each sort.
const PREVIEWED_ROWS: u32 = 500;

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

/// A file read to its end and staged.
struct StagedFile {
    staged: StagedImport,
    context: StagingContext,
    lists: Vec<NamedList>,
    /// Rows that could not be staged.
    problems: Vec<Problem>,
    end: ReadEnd,
}

/// Whether a file can be read again later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Afterwards {
    Stays,
    Gone,
}

/// Rows refused anywhere on the way, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RefusedLines {
    /// Where they begin.
    pub lines: BTreeSet<u64>,
    /// The sheet of a workbook that was asked for.
    pub sheet: Option<String>,
}

impl Workspace {
    /// Imports a file. Refused rows are reported with line, column and reason; the others go in. The same file again
    /// changes nothing. Cancelling before the merge leaves nothing behind.
    ///
    /// Cost: one pass over the file, and one transaction over its rows.
    pub async fn import(
        &self,
        path: &Path,
        name: &str,
        options: &ImportOptions,
        progress: &Progress,
    ) -> Result<(ImportReport, RefusedLines), OperationError> {
        self.import_file(path, name, (options, Afterwards::Stays), progress).await
    }

    /// Imports a file that will be gone afterwards.
    pub(crate) async fn import_passing(
        &self,
        path: &Path,
        name: &str,
        options: &ImportOptions,
        progress: &Progress,
    ) -> Result<(ImportReport, RefusedLines), OperationError> {
        self.import_file(path, name, (options, Afterwards::Gone), progress).await
    }

    async fn import_file(
        &self,
        path: &Path,
        name: &str,
        (options, afterwards): (&ImportOptions, Afterwards),
        progress: &Progress,
    ) -> Result<(ImportReport, RefusedLines), OperationError> {
        let started = Stopwatch::now();
        let file = self.stage_file(path, name, options, progress).await?;
        progress.at(1, None, "Writing");
        let StagedFile { staged, context, lists, problems, end } = file;
        if options.end_missing && end.facts.kind == FileKind::Products && end.facts.rows_read == 0 {
            staged.discard().await?;
            return Err(OperationError::refused(
                "The file has no products, so that nothing is ended. A file that lacks all products is taken for a slip: \
                 export it again, or import it without ending what it lacks.",
            ));
        }
        if afterwards == Afterwards::Stays {
            self.remember_import(path, options, &end.facts).await?;
        }
        let mut merged = staged.merge(&self.store, &lists, &context.vat_rates, &self.actor(), self.now()).await?;
        let counts = (merged.added, merged.changed, merged.summed);
        let mut report = report(name, &end, (problems, merged.refused.as_slice()), counts, options);
        report.note(base_notes(&merged.without_base));
        if options.end_missing && end.facts.kind == FileKind::Products {
            if report.report.refused > 0 {
                merged.abandon().await?;
                return Err(OperationError::refused(
                    "Products that the file lacks are ended only by a file without refused rows. Mend the rows, or \
                     import without ending anything.",
                ));
            }
            report.report.ended = merged.end_missing().await?;
        }
        let summary = format!("Imported {name}: {} new, {} changed", merged.added, merged.changed);
        report.report.change_set = if merged.operation.rows() == 0 {
            merged.abandon().await?;
            None
        } else {
            Some(merged.commit(&summary).await?.change_set)
        };
        if afterwards == Afterwards::Stays && end.facts.kind == FileKind::Products {
            self.count_refused(path, &end.facts, report.report.refused).await?;
        }
        Ok(report.finish(started, options))
    }

    /// Says what importing a file would do, and writes nothing.
    ///
    /// Cost: one pass over the file; for products without the writer, for other kinds as the import itself and one more
    /// pass over what differs.
    pub async fn preview_import(
        &self,
        path: &Path,
        name: &str,
        options: &ImportOptions,
        progress: &Progress,
    ) -> Result<(ImportPreview, RefusedLines), OperationError> {
        let started = Stopwatch::now();
        let file = self.stage_file(path, name, options, progress).await?;
        progress.at(1, None, "Comparing");
        let StagedFile { staged, context, lists, problems, end } = file;
        let (report, comparison) = if end.facts.kind == FileKind::Products {
            let comparison = staged.compare_products(self.now().0, PREVIEWED_ROWS).await?;
            let counts = (comparison.added, comparison.changed, 0);
            (report(name, &end, (problems, comparison.refused.as_slice()), counts, options), comparison)
        } else {
            let staged = staged.listing(PREVIEWED_ROWS);
            let mut merged = staged.merge(&self.store, &lists, &context.vat_rates, &self.actor(), self.now()).await?;
            let counts = (merged.added, merged.changed, merged.summed);
            let mut report = report(name, &end, (problems, merged.refused.as_slice()), counts, options);
            report.note(base_notes(&merged.without_base));
            let (new_rows, changes) = (std::mem::take(&mut merged.new_rows), std::mem::take(&mut merged.changes));
            merged.abandon().await?;
            (report, Comparison { new_rows, changes, ..Comparison::default() })
        };
        let currency = self.store.price_lists().await?.first().map(|list| list.currency);
        let (report, lines) = report.finish(started, options);
        let preview = ImportPreview {
            report,
            changes: comparison.changes.into_iter().map(|row| change(row, currency)).collect(),
            new_rows: comparison.new_rows.into_iter().map(|row| change(row, currency)).collect(),
            missing: comparison.missing,
            missing_skus: comparison.missing_skus,
        };
        Ok((preview, lines))
    }

    /// Reads a file of competitors' prices as its import would, and writes nothing: the preview's report and each offer.
    /// `None`: it has more rows than that.
    pub(crate) async fn look_at_offers(
        &self,
        path: &Path,
        name: &str,
        options: &ImportOptions,
        most: u32,
    ) -> Result<Option<(ImportReport, Vec<StagedOffer>)>, OperationError> {
        let started = Stopwatch::now();
        let file = self.stage_file(path, name, options, &Progress::silent()).await?;
        let StagedFile { staged, context, lists, problems, end } = file;
        if end.facts.rows_read > u64::from(most) {
            staged.discard().await?;
            return Ok(None);
        }
        let mut merged = staged.merge(&self.store, &lists, &context.vat_rates, &self.actor(), self.now()).await?;
        let offers = merged.staged_offers(most).await?;
        let counts = (merged.added, merged.changed, merged.summed);
        let report = report(name, &end, (problems, merged.refused.as_slice()), counts, options);
        merged.abandon().await?;
        Ok(Some((report.finish(started, options).0, offers)))
    }

    /// Copies refused rows as they stand in their file, with its first line, to be mended and imported alone.
    pub async fn copy_refused(
        &self,
        path: &Path,
        name: &str,
        lines: RefusedLines,
        to: &Path,
    ) -> Result<u64, OperationError> {
        let (path, name, to) = (path.to_owned(), name.to_owned(), to.to_owned());
        in_background(move || {
            let mut count = 0;
            write_file(&to, |out| {
                count =
                    catalog_files::copy_rows(&name, || open_source(&path), (&lines.lines, lines.sheet.as_deref()), out)
                        .map_err(|error| OperationError::refused(error.to_string()))?;
                Ok(())
            })?;
            Ok(count)
        })
        .await
    }

    async fn stage_file(
        &self,
        path: &Path,
        name: &str,
        options: &ImportOptions,
        progress: &Progress,
    ) -> Result<StagedFile, OperationError> {
        let read_options = self.read_options(options).await?;
        let (kind, file, label) = (options.kind, path.to_owned(), name.to_owned());
        let mut reader = in_background(move || open_file(kind, &file, &label, read_options)).await?;
        if reader.names_attributes() {
            reader.know_attributes(self.store.attribute_names().await?);
        }
        let kind = reader.facts().kind;
        // A shop that keeps net prices sells at prices with VAT: those are compared and end as wished.
        let first_tax_mode =
            (reader.facts().format == FileFormat::PrestaShop && options.vat_rate.is_some()).then_some(TaxMode::Gross);
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
            note_lists(&batch.rows, first_tax_mode, &mut context, &mut lists);
            stage_batch(&mut staged, batch.rows, &mut context, &mut problems).await?;
        }
        let end = reading.await.map_err(|error| OperationError::fault(error.to_string()))?;
        staged.see(&end.facts.skus_not_taken).await?;
        if progress.is_cancelled() {
            staged.discard().await?;
            return Err(OperationError::cancelled());
        }
        Ok(StagedFile { staged, context, lists, problems, end })
    }

    async fn staging_context(&self, file_name: &str) -> Result<StagingContext, OperationError> {
        let lists = self.store.price_lists().await?;
        let default = lists.first();
        Ok(StagingContext {
            now: self.now(),
            default_list: default.map_or_else(|| FIRST_LIST.to_owned(), |list| list.code.clone()),
            zones: lists.iter().map(|list| (list.code.clone(), crate::price_lists::clock_of(list))).collect(),
            default_tax_mode: default.map(|list| list.tax_mode),
            ids: IdMaker::new(self.now()),
            file_name: file_name.to_owned(),
            vat_rates: Vec::new(),
        })
    }
}

/// A report with all lines that were refused.
struct Reported {
    report: ImportReport,
    lines: BTreeSet<u64>,
}

impl Reported {
    /// Adds what is to be said of the file as a whole.
    fn note(&mut self, notes: Vec<Problem>) {
        self.report.note_count += notes.len() as u64;
        self.report.notes.splice(0..0, notes);
        self.report.notes.truncate(LISTED_PROBLEMS);
    }

    fn finish(mut self, started: Stopwatch, options: &ImportOptions) -> (ImportReport, RefusedLines) {
        self.report.elapsed_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        (self.report, RefusedLines { lines: self.lines, sheet: options.sheet.clone() })
    }
}

fn report(
    name: &str,
    end: &ReadEnd,
    (mut problems, refused): (Vec<Problem>, &[RefusedRow]),
    (added, changed, summed): (u64, u64, u64),
    options: &ImportOptions,
) -> Reported {
    problems.extend(refused.iter().map(|row| Problem {
        line: row.line,
        column: row.column.to_owned(),
        found: row.found.clone(),
        reason: row.reason.clone(),
    }));
    let refused_here = u64::try_from(problems.len()).unwrap_or(u64::MAX);
    let facts = &end.facts;
    let refused = facts.rows_refused + refused_here;
    problems.extend(end.problems.kept.iter().cloned());
    let lines = problems.iter().map(|problem| problem.line).filter(|line| *line > 0).collect();
    problems.sort_by_key(|problem| problem.line);
    problems.truncate(LISTED_PROBLEMS);
    let mut left_out = facts.rows_left_out.clone();
    if summed > 0 {
        left_out.push(("are of a product and day that another row has too, and were added to it".to_owned(), summed));
    }
    let mut file_notes = market_notes(facts);
    file_notes.extend(heading_note(facts));
    file_notes.extend(net_note(facts, options));
    let report = ImportReport {
        kind: facts.kind,
        format: facts.format,
        file_name: name.to_owned(),
        encoding: facts.encoding.clone(),
        delimiter: facts.delimiter,
        decimal_separator: facts.decimal_separator,
        ignored_columns: facts.ignored_columns.clone(),
        rows: facts.rows_read,
        left_out,
        added,
        changed,
        unchanged: facts.rows_read.saturating_sub(refused + added + changed + summed),
        refused,
        problem_count: end.problems.total + refused_here,
        problems,
        note_count: end.problems.noted + file_notes.len() as u64,
        notes: file_notes.into_iter().chain(end.problems.notes.iter().cloned()).take(LISTED_PROBLEMS).collect(),
        refused_file: None,
        ended: 0,
        change_set: None,
        elapsed_ms: 0,
    };
    Reported { report, lines }
}

/// A shop's file of products may have prices of markets beside those of the default list.
fn market_notes(facts: &Facts) -> Vec<Problem> {
    let is_market = |column: &&String| {
        let name = column.to_lowercase();
        name.starts_with("price / ") || name.starts_with("variant price / ")
    };
    let shopify = facts.format == FileFormat::Shopify && facts.kind == FileKind::Products;
    let columns = facts.ignored_columns.iter().filter(is_market).filter(|_| shopify);
    let note = |column: &String| Problem {
        line: 0,
        column: column.clone(),
        found: String::new(),
        reason: "Prices of a market stand on a list of its own: import the file once more as prices, and state the \
                 market's currency where it is another."
            .to_owned(),
    };
    columns.map(note).collect()
}

/// Which columns were taken by what the trade calls them, so that a person sees a heading that means something else.
fn heading_note(facts: &Facts) -> Option<Problem> {
    let tax = |includes_vat: Option<bool>| match includes_vat {
        Some(true) => " (with VAT)",
        Some(false) => " (without VAT)",
        None => "",
    };
    let taken = facts.by_heading.iter().map(|(own, theirs, vat)| format!("{own} = “{theirs}”{}", tax(*vat)));
    let taken = taken.collect::<Vec<_>>().join(", ");
    (!taken.is_empty()).then(|| Problem {
        line: 0,
        column: String::new(),
        found: String::new(),
        reason: format!(
            "Columns were taken by their headings: {taken}. Where one means something else, say which is which \
             (--map own=theirs)."
        ),
    })
}

/// Lists that have prices from a quantity on of products that have none for one item there.
fn base_notes(without_base: &[(String, u64)]) -> Vec<Problem> {
    let note = |(list, products): &(String, u64)| Problem {
        line: 0,
        column: "min_quantity".to_owned(),
        found: list.clone(),
        reason: format!(
            "Products that have a price from a quantity on and none for one item on the list “{list}”: {products}. Nothing \
             is proposed for them there. Import the list's prices for one item too (without min_quantity), or set them in \
             the product. Where its customers pay the default list's price for one item, give that."
        ),
    };
    without_base.iter().map(note).collect()
}

/// Net prices of a shop without a VAT rate can be compared with no competitor's.
fn net_note(facts: &Facts, options: &ImportOptions) -> Option<Problem> {
    let is_net = facts.format == FileFormat::PrestaShop && facts.kind == FileKind::Products;
    (is_net && options.vat_rate.is_none()).then(|| Problem {
        line: 0,
        column: "price".to_owned(),
        found: String::new(),
        reason:
            "These prices are without VAT and competitors' are with it. State the VAT rate of the products (--vat 19), \
                 so that they can be compared."
                .to_owned(),
    })
}

/// A row as it is shown.
fn change(row: ChangedRow, currency: Option<Currency>) -> ImportChange {
    let own = row.currency.as_deref().and_then(|code| Currency::new(code).ok());
    let currency = own.or(currency).unwrap_or(Currency::EUR);
    let about = row.about.into_iter().map(|part| format!("{}{}", part.before, shown(part.form, part.value, currency)));
    let fields = row.fields.into_iter().map(|field| ImportFieldChange {
        field: field.field.to_owned(),
        old: field.old.map(|old| shown(field.form, old, currency)),
        new: shown(field.form, field.new, currency),
    });
    ImportChange {
        line: row.line,
        sku: row.sku,
        about: about.collect::<Vec<_>>().join(" · "),
        fields: fields.collect(),
    }
}

/// A value as it is shown.
fn shown(form: FieldForm, text: String, currency: Currency) -> String {
    if form == FieldForm::Scaled {
        let parts = text.split_once(' ').and_then(|(whole, digits)| Some((whole.parse().ok()?, digits.parse().ok()?)));
        return parts.map_or(text, |(whole, digits)| decimal_text(whole, digits, 0));
    }
    match (form, text.parse::<i64>()) {
        (FieldForm::Minor, Ok(amount)) => Money::new(amount, currency).to_string(),
        (FieldForm::Micro, Ok(amount)) => decimal_text(amount, 6, 2),
        (FieldForm::Milli, Ok(amount)) => decimal_text(amount, 3, 0),
        (FieldForm::Rate, Ok(rate)) => decimal_text(rate, 2, 0),
        (FieldForm::Moment, Ok(moment)) => pricing_domain::Instant(moment - moment.rem_euclid(1_000_000)).to_string(),
        (FieldForm::Day, Ok(day)) => pricing_domain::Instant(0).plus_days(day).utc_date().to_string(),
        (FieldForm::Attributes, _) => {
            let stated = attributes(&text).into_iter().map(|(name, value)| format!("{name}: {value}"));
            stated.collect::<Vec<_>>().join("; ")
        }
        (FieldForm::YesOrNo, Ok(answer)) => if answer == 0 { "no" } else { "yes" }.to_owned(),
        _ => text,
    }
}

/// Notes the lists that a file brings with it, should they not be there yet: those that prices name, and the default
/// one, whose currency and tax mode the first product tells.
fn note_lists(rows: &Rows, first_tax_mode: Option<TaxMode>, context: &mut StagingContext, lists: &mut Vec<NamedList>) {
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
            let stated = if product.price_includes_vat == Some(false) { TaxMode::Net } else { TaxMode::Gross };
            let tax_mode = first_tax_mode.unwrap_or(stated);
            context.default_tax_mode = Some(tax_mode);
            lists.push(list(FIRST_LIST, "Default", product.currency, tax_mode));
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

/// Opens a file, unpacking gzip.
pub(crate) fn open_file(
    kind: Option<FileKind>,
    path: &Path,
    name: &str,
    options: ReadOptions,
) -> Result<FileReader, OperationError> {
    let failed = |error: std::io::Error| OperationError::refused(format!("{name} cannot be read: {error}"));
    let source = open_source(path).map_err(failed)?;
    Ok(catalog_files::open_detected(kind, name, source, options)?)
}

/// The bytes of a file, packed or not.
pub(crate) fn open_source(path: &Path) -> std::io::Result<Box<dyn Source + Send>> {
    Ok(Box::new(BufReader::with_capacity(1 << 18, File::open(path)?)))
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
