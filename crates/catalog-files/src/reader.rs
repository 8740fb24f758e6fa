//! Opens a file and yields its rows in batches, with what was refused beside them.
//!
//! Delimited text is read twice: once to prove the decimal separator of each column, once for the rows. Memory holds
//! one batch, one line, and sixteen bytes for each row that may be in the file only once.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, DefaultHasher, Hash, Hasher};
use std::io::{self, Read, Seek, SeekFrom};

use pricing_domain::{BasisPoints, Currency, FileFormat, FileKind, Instant, Problem};

use crate::cells::Cells;
use crate::columns::{ColumnMap, Form};
use crate::decimals::{Evidence, NumberRule, Verdict};
use crate::own_rows::OwnRows;
use crate::problems::{Problems, file_problem, row_problem};
use crate::profiles::{Profile, fingerprint};
use crate::records::{NUMBER_MARK, Next, RawRow};
use crate::rows::{FileRow, Rows};

/// Room taken for a batch before its rows are known.
const LARGEST_FIRST_BATCH: usize = 16 * 1024;

/// What a person may declare about a file.
#[derive(Clone, Debug)]
pub struct ReadOptions {
    /// Between cells; `None`: found from the first line.
    pub delimiter: Option<u8>,
    /// Before decimals, dot or comma; `None`: proven by each column.
    pub decimal_separator: Option<char>,
    /// How many problems are kept; all are counted.
    pub problem_limit: usize,
    /// Which program wrote the file; `None`: found by its first line.
    pub format: Option<FileFormat>,
    /// Our column, their column, or `=value` for the whole file. Empty: found by the names.
    pub mapping: Vec<(String, String)>,
    /// Saved mappings, recognised by the file's first line.
    pub profiles: Vec<Profile>,
    /// Of every amount, where the file does not say.
    pub currency: Option<Currency>,
    /// Whether prices contain VAT, where the file does not say.
    pub prices_include_vat: Option<bool>,
    /// Of every product, where the file does not say.
    pub vat_rate: Option<BasisPoints>,
    /// When prices were seen, where the file does not say.
    pub observed_at: Option<Instant>,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self {
            delimiter: None,
            decimal_separator: None,
            problem_limit: 10_000,
            format: None,
            mapping: Vec::new(),
            profiles: Vec::new(),
            currency: None,
            prices_include_vat: None,
            vat_rate: None,
            observed_at: None,
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
    /// Those among them that this kind of file does not know: they are left out.
    pub ignored_columns: Vec<String>,
    /// Rows read so far, refused ones too, without the header.
    pub rows_read: u64,
    /// Rows refused so far.
    pub rows_refused: u64,
    /// Rows of the file that are no rows of ours, by a reason that follows on their number. They are not counted above.
    pub rows_left_out: Vec<(String, u64)>,
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
    columns.rules = match options.decimal_separator.or(saved.and_then(|profile| profile.decimal_separator)) {
        Some(separator) => vec![NumberRule::declared(separator); columns.specs.len()],
        None => prove_decimals(&mut rows, &columns)?,
    };
    let facts = Facts {
        kind: rows.kind,
        format: rows.format,
        fingerprint: print,
        encoding: rows.source().encoding_name(),
        delimiter: rows.source().delimiter(),
        decimal_separator: common_separator(&columns.rules),
        columns: columns.found.clone(),
        ignored_columns: columns.ignored.clone(),
        rows_read: 0,
        rows_refused: 0,
        rows_left_out: Vec::new(),
    };
    rows.rewind().map_err(|error| broken_off(&error))?;
    Ok(FileReader {
        kind: rows.kind,
        rows,
        columns,
        facts,
        options,
        row: RawRow::default(),
        seen: HashMap::default(),
        ended: false,
    })
}

pub(crate) fn broken_off(error: &io::Error) -> Problem {
    file_problem("", "", format!("Reading broke off ({error}). Check the file and import it again."))
}

/// Looks at every number of the file before any is read.
pub(crate) fn prove_decimals(rows: &mut OwnRows, columns: &ColumnMap) -> Result<Vec<NumberRule>, Problem> {
    let decimal_places: Vec<(usize, usize)> = (columns.specs.iter().zip(&columns.places).enumerate())
        .filter(|(_, (spec, _))| spec.form == Form::Decimal)
        .filter_map(|(index, (_, place))| place.map(|place| (index, place)))
        .collect();
    let mut evidence = vec![Evidence::default(); columns.specs.len()];
    let mut row = RawRow::default();
    loop {
        match rows.read(&mut row).map_err(|error| broken_off(&error))? {
            Next::End => break,
            Next::Refused(_) => continue,
            Next::Row => {}
        }
        for &(index, place) in &decimal_places {
            let cell = row.cell(place);
            if !cell.is_empty() && !cell.starts_with(NUMBER_MARK) {
                evidence[index].look_at(cell, row.line);
            }
        }
    }
    // A shop's program writes all its numbers alike: what one column proves settles those that fit both.
    let settled = (rows.format != FileFormat::Own && rows.format != FileFormat::Mapped)
        .then(|| agreed_separator(&evidence).or(rows.usual_decimal))
        .flatten();
    (evidence.iter().enumerate())
        .map(|(index, evidence)| match (evidence.verdict(), settled) {
            (Verdict::FitsBoth { .. }, Some(separator)) => Ok(NumberRule::declared(separator)),
            _ => decide(evidence, columns.name(index)),
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

fn common_separator(rules: &[NumberRule]) -> Option<char> {
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
    ended: bool,
}

impl FileReader {
    /// What is known about the file so far.
    pub fn facts(&self) -> &Facts {
        &self.facts
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
                    match self.read_row() {
                        Ok(row) => good.push(row),
                        Err(problem) => self.refuse(problem, problems),
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

    fn read_row<R: FileRow>(&mut self) -> Result<R, Problem> {
        let line = self.row.line;
        let cells = Cells { row: &self.row, map: &self.columns };
        let row = R::read(&cells).map_err(|refusal| refusal.into_problem(line, &self.columns))?;
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
