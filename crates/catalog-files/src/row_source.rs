//! Finds out what a file is (delimited text or a workbook) and gives its rows either way.

use std::io::{self, Read, Seek};

use pricing_domain::{FileKind, Problem};

use crate::encodings::{DecodedText, TextEncoding};
use crate::formats::TELLING_NAMES;
use crate::json_rows::JsonRows;
use crate::kinds::columns;
use crate::layouts::plain;
use crate::lines::{Line, LineReader};
use crate::problems::file_problem;
use crate::reader::{Source, size_of};
use crate::records::{Next, RawRow, RecordReader};
use crate::sheets::SheetRows;
use crate::vocabulary::is_known_word;
use crate::xml_rows::XmlRows;

type Bytes = Box<dyn Source + Send>;
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The rows of a file of either sort.
pub(crate) enum RowSource {
    Delimited(Box<Delimited>),
    Sheet(SheetRows),
    Xml(Box<XmlRows>),
    Json(Box<JsonRows>),
}

/// Delimited text and how it is read.
pub(crate) struct Delimited {
    /// `None` only while it is rebuilt.
    records: Option<RecordReader<DecodedText<Bytes>>>,
    encoding: TextEncoding,
    delimiter: u8,
    /// Lines before the header that only declare the delimiter.
    declaration_lines: u64,
    size: u64,
    /// Cells of the header, once it is known.
    width: Option<usize>,
}

impl RowSource {
    /// Errors: neither text nor XLSX, or not readable.
    pub(crate) fn open(
        file_name: &str,
        mut source: Bytes,
        delimiter: Option<u8>,
        sheet: Option<&str>,
    ) -> Result<Self, Problem> {
        let mut head = [0; 4096];
        let length = read_head(&mut source, &mut head).map_err(|error| unreadable(&error))?;
        match sort_of(file_name, &head[..length])? {
            Sort::Workbook => Ok(Self::Sheet(SheetRows::open(source, sheet, is_known)?)),
            Sort::Xml => XmlRows::open(source).map(|rows| Self::Xml(Box::new(rows))),
            Sort::Json => JsonRows::open(source).map(|rows| Self::Json(Box::new(rows))),
            Sort::Text => Delimited::open(source, delimiter)
                .map(|text| Self::Delimited(Box::new(text)))
                .map_err(|error| unreadable(&error)),
        }
    }

    pub(crate) fn read(&mut self, row: &mut RawRow) -> io::Result<Next> {
        match self {
            Self::Delimited(text) => text.records().read(row),
            Self::Sheet(sheet) => Ok(if sheet.read(row) { Next::Row } else { Next::End }),
            Self::Xml(items) => Ok(items.read(row)),
            Self::Json(records) => records.read(row),
        }
    }

    /// Goes back to the header.
    pub(crate) fn rewind(&mut self) -> io::Result<()> {
        match self {
            Self::Delimited(text) => text.rewind(),
            Self::Sheet(sheet) => {
                sheet.rewind();
                Ok(())
            }
            Self::Xml(items) => items.rewind(),
            Self::Json(records) => records.rewind(),
        }
    }

    /// From now on rows must have so many cells. Rows of a workbook may end early: it stores no empty cells.
    pub(crate) fn expect_width(&mut self, width: usize) {
        if let Self::Delimited(text) = self {
            text.width = Some(width);
            text.records().expect_width(width);
        }
    }

    pub(crate) fn encoding_name(&self) -> String {
        match self {
            Self::Delimited(text) => text.encoding.name().to_owned(),
            Self::Sheet(sheet) => format!("XLSX, sheet “{}”", sheet.name()),
            Self::Xml(items) => items.encoding_name(),
            Self::Json(records) => records.encoding_name(),
        }
    }

    pub(crate) fn delimiter(&self) -> Option<char> {
        match self {
            Self::Delimited(text) => Some(char::from(text.delimiter)),
            Self::Sheet(_) | Self::Xml(_) | Self::Json(_) => None,
        }
    }

    pub(crate) fn position(&self) -> (u64, u64) {
        match self {
            Self::Delimited(text) => {
                let done = text.records.as_ref().map_or(0, |records| records.source().bytes_read());
                (done.min(text.size), text.size)
            }
            Self::Sheet(sheet) => sheet.position(),
            Self::Xml(items) => items.position(),
            Self::Json(records) => records.position(),
        }
    }
}

impl Delimited {
    fn open(mut source: Bytes, declared: Option<u8>) -> io::Result<Self> {
        let size = size_of(&mut source)?;
        let encoding = TextEncoding::detect(&mut source)?;
        let mut lines = LineReader::new(encoding.decode(source)?)?;
        let (in_file, header, declaration_lines) = first_lines(&mut lines)?;
        let delimiter = declared.or(in_file).unwrap_or_else(|| best_delimiter(&header));
        let source = lines.into_source().into_source();
        let mut text = Self {
            records: Some(RecordReader::new(encoding.decode(source)?, delimiter)?),
            encoding,
            delimiter,
            declaration_lines,
            size,
            width: None,
        };
        text.skip_declaration()?;
        Ok(text)
    }

    fn records(&mut self) -> &mut RecordReader<DecodedText<Bytes>> {
        self.records.as_mut().expect("only rewind takes it, and puts it back")
    }

    fn rewind(&mut self) -> io::Result<()> {
        let records = self.records.take().ok_or_else(|| io::Error::other("the file was lost while reading"))?;
        let source = records.into_source().into_source();
        self.records = Some(RecordReader::new(self.encoding.decode(source)?, self.delimiter)?);
        self.skip_declaration()?;
        if let Some(width) = self.width {
            self.records().expect_width(width);
        }
        Ok(())
    }

    fn skip_declaration(&mut self) -> io::Result<()> {
        for _ in 0..self.declaration_lines {
            self.records().read(&mut RawRow::default())?;
        }
        Ok(())
    }
}

/// The delimiter that a line `sep=;` declares, the header, and how many lines the declaration takes.
fn first_lines<R: Read>(lines: &mut LineReader<R>) -> io::Result<(Option<u8>, String, u64)> {
    let mut line = Line::default();
    let (mut declared, mut declarations) = (None, 0);
    while lines.read(&mut line)? {
        let text = String::from_utf8_lossy(&line.bytes);
        match text.trim_end_matches(['\r', '"', ' ']).trim_start_matches('"').strip_prefix("sep=") {
            Some(sign) if declarations == 0 => {
                declarations = 1;
                // Cells are split at one byte: by a sign of several, as by none, nothing is told, and the header tells.
                declared = sign.bytes().next().filter(u8::is_ascii);
            }
            _ if text.trim().is_empty() => {}
            _ => return Ok((declared, text.into_owned(), declarations)),
        }
    }
    Ok((declared, String::new(), declarations))
}

/// Names looked at to find the delimiter; no file of ours or of a shop has as many.
const MOST_NAMES: usize = 1_024;

/// The delimiter that shows the most known columns, then the most columns.
fn best_delimiter(header: &str) -> u8 {
    let score = |delimiter: u8| {
        let names = || header.split(char::from(delimiter)).take(MOST_NAMES);
        (names().filter(|name| is_known(name)).count(), names().count())
    };
    DELIMITERS.into_iter().rev().max_by_key(|delimiter| score(*delimiter)).unwrap_or(b',')
}

fn is_known(name: &str) -> bool {
    let name = plain(name);
    TELLING_NAMES.contains(&name.as_str())
        || is_known_word(&name)
        || FileKind::ALL.iter().any(|kind| columns(*kind).iter().any(|spec| plain(spec.name) == name))
}

/// Delimited text with every byte at hand, from its very first line.
pub(crate) struct Verbatim {
    pub(crate) records: RecordReader<DecodedText<Bytes>>,
    pub(crate) encoding: TextEncoding,
    pub(crate) delimiter: u8,
    /// Lines before the header that only declare the delimiter.
    pub(crate) declaration_lines: u64,
}

impl Verbatim {
    /// `None`: the file is not delimited text.
    pub(crate) fn open(file_name: &str, source: Bytes, delimiter: Option<u8>) -> Result<Option<Self>, Problem> {
        let RowSource::Delimited(text) = RowSource::open(file_name, source, delimiter, None)? else { return Ok(None) };
        let Delimited { records, encoding, delimiter, declaration_lines, .. } = *text;
        let source = records.expect("only rewind takes it, and puts it back").into_source().into_source();
        let decoded = encoding.decode(source).map_err(|error| unreadable(&error))?;
        let mut records = RecordReader::new(decoded, delimiter).map_err(|error| unreadable(&error))?;
        records.keep_raw();
        Ok(Some(Self { records, encoding, delimiter, declaration_lines }))
    }
}

enum Sort {
    Text,
    Workbook,
    Xml,
    Json,
}

fn sort_of(file_name: &str, head: &[u8]) -> Result<Sort, Problem> {
    const OLD_OFFICE: &[u8] = b"\xd0\xcf\x11\xe0";
    let refuse = |reason: &str| Err(file_problem("", file_name, reason));
    match head {
        [] => refuse("The file is empty. Export it again."),
        _ if head.starts_with(b"PK\x03\x04") => Ok(Sort::Workbook),
        _ if head.starts_with(OLD_OFFICE) => {
            refuse("This is an old or protected workbook. Save it as XLSX without a password, or as CSV UTF-8.")
        }
        _ if head.starts_with(b"\x1f\x8b") => refuse("The file is packed twice. Unpack it first."),
        _ if head.starts_with(b"%PDF") => refuse("This is a PDF, not a table. Export the rows as CSV or XLSX."),
        _ if begins_with(head, "<") => Ok(Sort::Xml),
        _ if begins_with(head, "{") || begins_with(head, "[{") || begins_with(head, "[\n") => Ok(Sort::Json),
        _ if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") => Ok(Sort::Text),
        _ if head.contains(&0) => {
            refuse("The file is neither text nor XLSX. Save it as CSV UTF-8, or UTF-16 with a byte order mark.")
        }
        _ => Ok(Sort::Text),
    }
}

/// Whether the text begins so, after a byte order mark and blanks; UTF-16 has a zero beside each letter.
fn begins_with(head: &[u8], start: &str) -> bool {
    let letters = head
        .iter()
        .copied()
        .filter(|byte| !matches!(byte, 0 | 0xef | 0xbb | 0xbf | 0xff | 0xfe | b' ' | b'\t' | b'\r'));
    let mut letters = letters.skip_while(|byte| *byte == b'\n');
    start.bytes().all(|wanted| letters.next() == Some(wanted))
}

fn read_head(source: &mut Bytes, head: &mut [u8]) -> io::Result<usize> {
    source.rewind()?;
    let mut length = 0;
    while length < head.len() {
        match source.read(&mut head[length..])? {
            0 => break,
            read => length += read,
        }
    }
    source.rewind()?;
    Ok(length)
}

fn unreadable(error: &io::Error) -> Problem {
    file_problem("", "", format!("The file cannot be read ({error}). Check that it is there and not in use."))
}
