//! Opens a file and yields its rows in batches, with what was refused beside them.
//!
//! Delimited text is read twice: once to prove the decimal separator of each column, once for the rows. Memory holds
//! one batch, one line, and sixteen bytes for each row that may be in the file only once.

use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, DefaultHasher, Hash, Hasher};
use std::io::{self, Read, Seek, SeekFrom};

use pricing_domain::{BasisPoints, Currency, DateOrder, FileFormat, FileKind, Instant, Problem};

use crate::cells::{Cells, Refusal};
use crate::columns::{ColumnMap, Form};
use crate::currency_signs::split_currency;
use crate::dates::{DateEvidence, DateVerdict};
use crate::decimals::{Evidence, NumberRule, Verdict};
use crate::own_rows::OwnRows;
use crate::problems::{Problems, file_problem, row_problem};
use crate::profiles::{Profile, fingerprint};
use crate::records::{LESS, NUMBER_MARK, Next, RawRow, UNREAD};
use crate::row_attributes::AttributeNames;
use crate::rows::{FileRow, Rows};

/// Article numbers of rows not taken that are remembered.
pub(crate) const MOST_SKUS: usize = 1_000_000;

/// Room taken for a batch before its rows are known.
const LARGEST_FIRST_BATCH: usize = 16 * 1024;

/// What a person may declare about a file.
#[derive(Clone, Debug)]
pub struct ReadOptions {
    /// Between cells; `None`: found from the first line.
    pub delimiter: Option<u8>,
    /// Before decimals, dot or comma; `None`: proven by each column.
    pub decimal_separator: Option<char>,
    /// Which part of a date stands first; `None`: proven by each column.
    pub date_order: Option<DateOrder>,
    /// Which sheet of a workbook; `None`: the first that holds known columns.
    pub sheet: Option<String>,
    /// How many problems are kept; all are counted.
    pub problem_limit: usize,
    /// Which program wrote the file; `None`: found by its first line.
    pub format: Option<FileFormat>,
    /// Our column, their column, or `=value` for the whole file. Empty: found by the names.
    pub mapping: Vec<(String, String)>,
    /// Saved mappings, recognised by the file's first line.
    pub profiles: Vec<Profile>,
    /// Of every amount, where the file does not say and a person does.
    pub currency: Option<Currency>,
    /// Of amounts where neither says; not of a price list that is not known yet.
    pub usual_currency: Option<Currency>,
    /// The code of the list that prices belong to where a shop's file means its ordinary prices; `None`: [`crate::FIRST_LIST`].
    pub default_list: Option<String>,
    /// Price lists that are known: a code or name in lower case, and its currency.
    pub lists: Vec<(String, Currency)>,
    /// Whether prices contain VAT, where the file does not say.
    pub prices_include_vat: Option<bool>,
    /// Of every product, where the file does not say; where it names tax classes, of the ordinary one.
    pub vat_rate: Option<BasisPoints>,
    /// Of the products of a tax class, by what the file calls it.
    pub vat_classes: Vec<(String, BasisPoints)>,
    /// When prices were seen, where the file does not say.
    pub observed_at: Option<Instant>,
    /// Where products are known already, so that their rows may leave out name, currency and price: the currency of rows
    /// that name none. `None`: every row of a product must say them.
    pub partial: Option<Currency>,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self {
            delimiter: None,
            decimal_separator: None,
            date_order: None,
            sheet: None,
            problem_limit: 10_000,
            format: None,
            mapping: Vec::new(),
            profiles: Vec::new(),
            currency: None,
            usual_currency: None,
            default_list: None,
            lists: Vec::new(),
            prices_include_vat: None,
            vat_rate: None,
            vat_classes: Vec::new(),
            observed_at: None,
            partial: None,
        }
    }
}

/// What was found out about a file, to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// What the rows are.
    pub kind: FileKind,
    /// Which program wrote it.
    pub format: FileFormat,
    /// Of the first line, to recognise it next time.
    pub fingerprint: String,
    /// For example `UTF-8`, or the sheet of a workbook.
    pub encoding: String,
    /// Between cells; `None` in workbooks.
    pub delimiter: Option<char>,
    /// Before decimals; `None` where there are only whole numbers, or columns differ.
    pub decimal_separator: Option<char>,
    /// The columns of the file.
    pub columns: Vec<String>,
    /// Columns that were taken by what the trade calls them: ours, theirs, and whether theirs says with or without VAT.
    pub by_heading: Vec<(&'static str, String, Option<bool>)>,
    /// Those among them that this kind of file does not know: they are left out.
    pub ignored_columns: Vec<String>,
    /// Rows read so far, refused ones too, without the header.
    pub rows_read: u64,
    /// Rows refused so far.
    pub rows_refused: u64,
    /// Rows of the file that are no rows of ours, by a reason that follows on their number. They are not counted above.
    pub rows_left_out: Vec<(String, u64)>,
    /// Article numbers of rows that were left out or refused, as far as they could be read: the file has them, though
    /// their rows did not go in. Up to a million.
    pub skus_not_taken: Vec<String>,
}

/// A file that can be read from any place.
pub trait Source: Read + Seek {}

impl<T: Read + Seek> Source for T {}

/// Opens a file of a known kind, packed or not, in any of the known formats.
///
/// Errors: the whole file is refused; the problem says what to do. Cost: one pass over delimited text, or the whole
/// sheet of a workbook.
pub fn open(
    kind: FileKind,
    file_name: &str,
    source: Box<dyn Source + Send>,
    options: ReadOptions,
) -> Result<FileReader, Problem> {
    open_detected(Some(kind), file_name, source, options)
}

/// Opens a file whose kind may be told by its first line.
pub fn open_detected(
    kind: Option<FileKind>,
    file_name: &str,
    source: Box<dyn Source + Send>,
    options: ReadOptions,
) -> Result<FileReader, Problem> {
    if let Some(separator) = options.decimal_separator
        && !matches!(separator, '.' | ',')
    {
        return Err(file_problem("", &separator.to_string(), "The decimal separator is a dot or a comma."));
    }
    let (mut rows, mut columns) = OwnRows::open(kind, file_name, source, &options)?;
    let print = fingerprint(&columns.found);
    let saved =
        options.profiles.iter().find(|profile| profile.fingerprint == print && rows.format == FileFormat::Mapped);
    let separator = options.decimal_separator.or(saved.and_then(|profile| profile.decimal_separator));
    let order = options.date_order.or(saved.and_then(|profile| profile.date_order));
    prove_columns(&mut rows, &mut columns, separator, order)?;
    let facts = Facts {
        kind: rows.kind,
        format: rows.format,
        fingerprint: print,
        encoding: rows.source().encoding_name(),
        delimiter: rows.source().delimiter(),
        decimal_separator: common_separator(&columns.rules),
        columns: columns.found.clone(),
        by_heading: rows.by_heading().to_vec(),
        ignored_columns: columns.ignored.clone(),
        rows_read: 0,
        rows_refused: 0,
        rows_left_out: Vec::new(),
        skus_not_taken: Vec::new(),
    };
    rows.rewind().map_err(|error| broken_off(&error))?;
    let mut names = AttributeNames::default();
    names.know(columns.attributes.iter().map(|attribute| attribute.name.clone()));
    let names = RefCell::new(names);
    Ok(FileReader {
        kind: rows.kind,
        rows,
        columns,
        facts,
        options,
        row: RawRow::default(),
        seen: HashMap::default(),
        names,
        ended: false,
    })
}

pub(crate) fn broken_off(error: &io::Error) -> Problem {
    file_problem("", "", format!("Reading broke off ({error}). Check the file and import it again."))
}

/// Looks at every number and every date of the file before any is read, where it is not declared how they are written.
pub(crate) fn prove_columns(
    rows: &mut OwnRows,
    columns: &mut ColumnMap,
    separator: Option<char>,
    order: Option<DateOrder>,
) -> Result<(), Problem> {
    let places = |form: Form| -> Vec<(usize, usize)> {
        (columns.specs.iter().zip(&columns.places).enumerate())
            .filter(|(_, (spec, _))| spec.form == form)
            .filter_map(|(index, (_, place))| place.map(|place| (index, place)))
            .collect()
    };
    let decimals = if separator.is_none() { places(Form::Decimal) } else { Vec::new() };
    let days = if order.is_none() { places(Form::Date) } else { Vec::new() };
    let mut numbers = vec![Evidence::default(); columns.specs.len()];
    let mut dates = vec![DateEvidence::default(); columns.specs.len()];
    let mut row = RawRow::default();
    while rows.looks_ahead() || !(decimals.is_empty() && days.is_empty()) {
        match rows.read(&mut row).map_err(|error| broken_off(&error))? {
            Next::End => break,
            Next::Refused(_) => continue,
            Next::Row => {}
        }
        for &(index, place) in &decimals {
            let cell = row.cell(place);
            if !cell.is_empty() && !cell.starts_with([NUMBER_MARK, UNREAD, LESS]) {
                numbers[index].look_at(split_currency(cell).0, row.line);
            }
        }
        for &(index, place) in &days {
            dates[index].look_at(row.cell(place), row.line);
        }
    }
    columns.rules = match separator {
        Some(separator) => vec![NumberRule::declared(separator); columns.specs.len()],
        None => number_rules(rows, columns, &numbers)?,
    };
    columns.dates = match order {
        Some(order) => vec![Some(order); columns.specs.len()],
        None => date_orders(columns, &dates)?,
    };
    Ok(())
}

fn number_rules(rows: &OwnRows, columns: &ColumnMap, evidence: &[Evidence]) -> Result<Vec<NumberRule>, Problem> {
    // A shop's program writes all its numbers alike: what one column proves settles those that fit both.
    let settled = (rows.format != FileFormat::Own && rows.format != FileFormat::Mapped)
        .then(|| agreed_separator(evidence).or(rows.usual_decimal))
        .flatten();
    (evidence.iter().enumerate())
        .map(|(index, evidence)| match (evidence.verdict(), settled) {
            (Verdict::FitsBoth { .. }, Some(separator)) => Ok(NumberRule::declared(separator)),
            _ => decide(evidence, columns.name(index)),
        })
        .collect()
}

/// Nobody writes the dates of one file in two ways: what one column proves settles those that fit both.
fn date_orders(columns: &ColumnMap, evidence: &[DateEvidence]) -> Result<Vec<Option<DateOrder>>, Problem> {
    let verdicts: Vec<DateVerdict> = evidence.iter().map(DateEvidence::verdict).collect();
    let mut proven = verdicts.iter().filter_map(|verdict| match verdict {
        DateVerdict::Proven(order) => Some(*order),
        _ => None,
    });
    let first = proven.next();
    let settled = first.filter(|first| proven.all(|order| order == *first));
    let advice = "Say which stands first, the day or the month, and import the file again.";
    (verdicts.iter().enumerate())
        .map(|(index, verdict)| match verdict {
            DateVerdict::Plain => Ok(None),
            DateVerdict::Proven(order) => Ok(Some(*order)),
            DateVerdict::FitsBoth { .. } if settled.is_some() => Ok(settled),
            DateVerdict::FitsBoth { line } => Err(file_problem(
                columns.name(index),
                "",
                format!(
                    "Its dates, such as the one on line {line}, could begin with the day or with the month, and no other \
                     date of the file tells which. {advice}"
                ),
            )),
            DateVerdict::Contradiction { day_line, month_line } => Err(file_problem(
                columns.name(index),
                "",
                format!("Line {day_line} begins a date with the day, line {month_line} with the month. {advice}"),
            )),
        })
        .collect()
}

fn agreed_separator(evidence: &[Evidence]) -> Option<char> {
    let rules: Vec<NumberRule> = evidence
        .iter()
        .filter_map(|evidence| match evidence.verdict() {
            Verdict::Proven(rule) => Some(rule),
            _ => None,
        })
        .collect();
    common_separator(&rules)
}

fn decide(evidence: &Evidence, column: &str) -> Result<NumberRule, Problem> {
    let advice = "Declare the decimal separator (dot or comma) and import the file again.";
    match evidence.verdict() {
        Verdict::Proven(rule) => Ok(rule),
        Verdict::FitsBoth { line } => Err(file_problem(
            column,
            "",
            format!(
                "Its numbers, such as the one on line {line}, could have decimals or thousands separators, and no \
                 other number of the column tells which. {advice}"
            ),
        )),
        Verdict::Contradiction { dot_line, comma_line } => Err(file_problem(
            column,
            "",
            format!("Line {dot_line} has a dot before the decimals, line {comma_line} a comma. {advice}"),
        )),
    }
}

pub(crate) fn common_separator(rules: &[NumberRule]) -> Option<char> {
    let mut separators = rules.iter().filter_map(|rule| rule.decimal);
    let first = separators.next()?;
    separators.all(|separator| separator == first).then_some(first)
}

/// Reads the rows of one file.
pub struct FileReader {
    kind: FileKind,
    rows: OwnRows,
    columns: ColumnMap,
    facts: Facts,
    options: ReadOptions,
    row: RawRow,
    /// Hash of what may be there only once, and the line where it was first.
    seen: HashMap<u64, u64, BuildHasherDefault<AlreadyHashed>>,
    names: RefCell<AttributeNames>,
    ended: bool,
}

impl FileReader {
    /// What is known about the file so far.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// Whether the rows name free attributes themselves, so that there may be more of them than a catalogue has room for.
    pub fn names_attributes(&self) -> bool {
        self.columns.pairs.is_some()
    }

    /// Says which free attributes the catalogue has: they always go in, others as long as there is room.
    pub fn know_attributes(&mut self, names: impl IntoIterator<Item = String>) {
        self.names.get_mut().know(names);
    }

    /// Bytes done and bytes in all (rows where the file is a workbook).
    pub fn position(&self) -> (u64, u64) {
        self.rows.source().position()
    }

    /// Reads up to `max_rows` rows of the file and yields those that are right; `None` at the end.
    ///
    /// A batch can be empty when all its rows were refused.
    pub fn next_batch(&mut self, max_rows: usize, problems: &mut Problems) -> Option<Rows> {
        if self.ended {
            return None;
        }
        Some(match self.kind {
            FileKind::Products => Rows::Products(self.read_rows(max_rows, problems)?),
            FileKind::Prices => Rows::Prices(self.read_rows(max_rows, problems)?),
            FileKind::Costs => Rows::Costs(self.read_rows(max_rows, problems)?),
            FileKind::PriceHistory => Rows::PriceHistory(self.read_rows(max_rows, problems)?),
            FileKind::Promotions => Rows::Promotions(self.read_rows(max_rows, problems)?),
            FileKind::Locks => Rows::Locks(self.read_rows(max_rows, problems)?),
            FileKind::Matches => Rows::Matches(self.read_rows(max_rows, problems)?),
            FileKind::Observations => Rows::Observations(self.read_rows(max_rows, problems)?),
            FileKind::Sales => Rows::Sales(self.read_rows(max_rows, problems)?),
            FileKind::Stock => Rows::Stock(self.read_rows(max_rows, problems)?),
            FileKind::Rates => Rows::Rates(self.read_rows(max_rows, problems)?),
        })
    }

    fn read_rows<R: FileRow>(&mut self, max_rows: usize, problems: &mut Problems) -> Option<Vec<R>> {
        let mut good = Vec::with_capacity(max_rows.min(LARGEST_FIRST_BATCH));
        let max_rows = max_rows.max(1) as u64;
        let before = self.facts.rows_read;
        while self.facts.rows_read - before < max_rows {
            match self.rows.read(&mut self.row) {
                Ok(Next::Row) => {
                    self.facts.rows_read += 1;
                    let notes = RefCell::default();
                    match self.read_row(&notes) {
                        Ok(row) => {
                            good.push(row);
                            for note in notes.into_inner() {
                                let note = note.into_problem(self.row.line, &self.columns);
                                problems.note(note, self.options.problem_limit);
                            }
                        }
                        Err(problem) => {
                            self.remember_sku();
                            self.refuse(problem, problems);
                        }
                    }
                }
                Ok(Next::Refused(problem)) => {
                    self.facts.rows_read += 1;
                    self.refuse(problem, problems);
                }
                Ok(Next::End) => {
                    self.ended = true;
                    self.facts.rows_left_out =
                        self.rows.left_out().iter().map(|(reason, count)| ((*reason).to_owned(), *count)).collect();
                    self.facts.skus_not_taken.append(&mut self.rows.take_left_out_skus());
                    break;
                }
                Err(error) => {
                    self.ended = true;
                    problems.add(broken_off(&error), self.options.problem_limit);
                    break;
                }
            }
        }
        (self.facts.rows_read > before).then_some(good)
    }

    fn refuse(&mut self, problem: Problem, problems: &mut Problems) {
        self.facts.rows_refused += 1;
        problems.add(problem, self.options.problem_limit);
    }

    fn remember_sku(&mut self) {
        // The article number is the first column of every kind that names products.
        let sku = self.columns.places[0].map_or("", |place| self.row.cell(place).trim());
        if self.kind == FileKind::Products && !sku.is_empty() && self.facts.skus_not_taken.len() < MOST_SKUS {
            self.facts.skus_not_taken.push(crate::guards::restore(sku).trim().to_owned());
        }
    }

    fn read_row<R: FileRow>(&mut self, notes: &RefCell<Vec<Refusal>>) -> Result<R, Problem> {
        let line = self.row.line;
        let cells = Cells { row: &self.row, map: &self.columns, notes, names: &self.names };
        let row = R::read(&cells)
            .map_err(|refusal| self.rows.explain(refusal.into_problem(line, &self.columns), &self.row))?;
        if let Some(identity) = row.identity() {
            let mut hasher = DefaultHasher::new();
            identity.hash(&mut hasher);
            let first = *self.seen.entry(hasher.finish()).or_insert(line);
            if first != line {
                let reason = format!("{} is already on line {first}. Keep one of the two.", row.identity_words());
                let found = self.columns.places[0].map_or("", |place| self.row.cell(place).trim());
                return Err(row_problem(line, self.columns.name(0), found, reason));
            }
        }
        Ok(row)
    }
}

/// Passes a hash through.
#[derive(Default)]
struct AlreadyHashed(u64);

impl Hasher for AlreadyHashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

/// The size of a source, which is left at its start.
pub(crate) fn size_of(source: &mut (impl Seek + ?Sized)) -> io::Result<u64> {
    let size = source.seek(SeekFrom::End(0))?;
    source.rewind()?;
    Ok(size)
}
