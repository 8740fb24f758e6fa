//! What the columns of an unknown file look like: samples, what they hold, and which of our columns they may be.

use pricing_domain::{FileFormat, FileKind, Gtin, Problem};

use crate::cells::{NO, YES};
use crate::headings::Heading;
use crate::kinds::columns;
use crate::layouts::Header;
use crate::own_rows::open_rows;
use crate::profiles::fingerprint;
use crate::reader::{ReadOptions, Source};
use crate::records::{NUMBER_MARK, Next, RawRow};

/// Rows that are looked at.
const LOOKED_AT: usize = 200;
/// Samples that are kept.
const SAMPLES: usize = 5;

/// What the cells of a column hold, as far as the first rows show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnType {
    /// Nothing.
    Empty,
    /// Whole numbers.
    Whole,
    /// Numbers with decimals, or amounts.
    Decimal,
    /// Article codes with a right check digit.
    Gtin,
    /// Days or moments.
    Date,
    /// Yes or no.
    YesOrNo,
    /// Addresses.
    Address,
    /// Words.
    Text,
}

/// One column of an unknown file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnShape {
    /// The file's name for it.
    pub name: String,
    /// What it holds.
    pub column_type: ColumnType,
    /// A currency, `%` or a unit that its cells carry.
    pub unit: Option<String>,
    /// The first texts that differ.
    pub samples: Vec<String>,
    /// The column of ours that it seems to be.
    pub suggested: Option<&'static str>,
}

/// What is known about a file before it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileShape {
    /// Of its first line.
    pub fingerprint: String,
    /// The format and kind it is read as without a mapping; `None`: it needs one.
    pub detected: Option<(FileFormat, FileKind)>,
    /// For example `UTF-8`.
    pub encoding: String,
    /// Between cells.
    pub delimiter: Option<char>,
    /// Its columns in their order.
    pub columns: Vec<ColumnShape>,
}

/// Looks at the first rows of a file. `kind`: for which suggestions are made.
pub fn inspect(
    kind: FileKind,
    file_name: &str,
    source: Box<dyn Source + Send>,
    options: &ReadOptions,
) -> Result<FileShape, Problem> {
    let (mut rows, mut beginning) = open_rows(file_name, source, options.delimiter, options.sheet.as_deref())?;
    beginning.is_partial = options.partial.is_some();
    let mut cells: Vec<Vec<String>> = Vec::new();
    let mut row = RawRow::default();
    while cells.len() < LOOKED_AT {
        match rows.read(&mut row) {
            Ok(Next::Row) => cells.push(row.cells().map(|cell| cell.replace(NUMBER_MARK, "")).collect()),
            Ok(Next::Refused(_)) => {}
            Ok(Next::End) | Err(_) => break,
        }
    }
    let header = &beginning.header;
    let detected = crate::formats::find_layout(None, &beginning, options)
        .ok()
        .and_then(|layout| layout.column_map(header).is_ok().then_some((layout.format, layout.kind)));
    let mut shapes: Vec<ColumnShape> = header
        .names()
        .iter()
        .enumerate()
        .map(|(place, name)| shape(name, cells.iter().filter_map(|row| row.get(place)).map(|cell| cell.trim())))
        .collect();
    suggest(kind, header, &mut shapes);
    shapes.retain(|shape| !shape.name.is_empty());
    Ok(FileShape {
        fingerprint: fingerprint(header.names()),
        detected,
        encoding: rows.encoding_name(),
        delimiter: rows.delimiter(),
        columns: shapes,
    })
}

fn shape<'a>(name: &str, cells: impl Iterator<Item = &'a str>) -> ColumnShape {
    let filled: Vec<&str> = cells.filter(|cell| !cell.is_empty()).collect();
    let mut samples: Vec<String> = Vec::new();
    for cell in &filled {
        if samples.len() < SAMPLES && !samples.iter().any(|known| known == cell) {
            samples.push((*cell).chars().take(80).collect());
        }
    }
    let unit = filled
        .first()
        .and_then(|cell| unit_of(cell))
        .filter(|unit| filled.iter().all(|cell| unit_of(cell).as_ref() == Some(unit)));
    ColumnShape { name: name.to_owned(), column_type: type_of(&filled), unit, samples, suggested: None }
}

fn type_of(cells: &[&str]) -> ColumnType {
    let all = |test: fn(&str) -> bool| cells.iter().all(|cell| test(cell));
    match cells {
        [] => ColumnType::Empty,
        _ if all(is_gtin) => ColumnType::Gtin,
        _ if all(is_yes_or_no) && cells.len() > 1 => ColumnType::YesOrNo,
        _ if all(|cell| cell.bytes().all(|byte| byte.is_ascii_digit())) => ColumnType::Whole,
        _ if all(is_amount) => ColumnType::Decimal,
        _ if all(is_date) => ColumnType::Date,
        _ if all(|cell| cell.starts_with("http://") || cell.starts_with("https://")) => ColumnType::Address,
        _ => ColumnType::Text,
    }
}

fn is_gtin(cell: &str) -> bool {
    matches!(cell.len(), 8 | 12 | 13 | 14)
        && cell.bytes().all(|byte| byte.is_ascii_digit())
        && cell.parse::<u64>().is_ok_and(|number| Gtin::from_number(number).is_ok())
}

fn is_yes_or_no(cell: &str) -> bool {
    let lower = cell.to_lowercase();
    YES.iter().chain(NO).any(|word| *word == lower)
}

fn is_amount(cell: &str) -> bool {
    let digits = cell.bytes().filter(u8::is_ascii_digit).count();
    let letters = cell.chars().filter(|letter| letter.is_alphabetic()).count();
    let other = |letter: char| !letter.is_alphanumeric() && !" .,'’-+%€$£¥\u{a0}\u{202f}".contains(letter);
    digits > 0
        && letters <= 3
        && !cell.contains(other)
        && cell.find(|letter: char| letter.is_alphabetic()).is_none_or(|place| place == 0 || place + 4 >= cell.len())
}

fn is_date(cell: &str) -> bool {
    let parts: Vec<&str> = cell.split([' ', 'T']).next().unwrap_or_default().split(['-', '/', '.']).collect();
    parts.len() == 3
        && parts
            .iter()
            .all(|part| !part.is_empty() && part.len() <= 4 && part.bytes().all(|byte| byte.is_ascii_digit()))
}

fn unit_of(cell: &str) -> Option<String> {
    let sign = cell.chars().find(|letter| "€$£¥%".contains(*letter));
    if let Some(sign) = sign {
        return Some(sign.to_string());
    }
    let letters: String = cell.chars().filter(|letter| letter.is_alphabetic()).collect();
    let has_digits = cell.bytes().any(|byte| byte.is_ascii_digit());
    (has_digits && (1..=3).contains(&letters.chars().count()) && is_amount(cell)).then_some(letters)
}

fn suggest(kind: FileKind, header: &Header, shapes: &mut [ColumnShape]) {
    let meant: Vec<Option<Heading>> = header.names().iter().map(|name| Heading::of(kind, name)).collect();
    for spec in columns(kind) {
        let place = header.find(&[spec.name]).or_else(|| {
            let of_spec = meant.iter().enumerate().filter_map(|(place, heading)| Some((place, (*heading)?)));
            let of_spec = of_spec.filter(|(_, heading)| heading.own == spec.name);
            of_spec.min_by_key(|(_, heading)| heading.sureness).map(|(place, _)| place)
        });
        if let Some(place) = place.filter(|place| shapes[*place].suggested.is_none()) {
            shapes[place].suggested = Some(spec.name);
        }
    }
}
