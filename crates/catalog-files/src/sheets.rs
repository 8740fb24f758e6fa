//! Reads one sheet of an XLSX workbook into rows of text cells.
//!
//! Sizes are limited before anything is unpacked into memory: 2 GiB of XML, 256 MiB of shared strings, 512 MiB of cells.
//! Shared strings are also limited by their number, since each takes room and time even where it is empty.

use std::io::{self, BufRead, BufReader, Read, Seek, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, Reader, Xlsx};
use pricing_domain::Problem;
use quick_xml::events::Event;

use crate::problems::file_problem;
use crate::records::{NUMBER_MARK, RawRow};

const LARGEST_XML: u64 = 2 << 30;
const LARGEST_STRINGS: u64 = 256 << 20;
const LARGEST_TEXT: usize = 512 << 20;
const MOST_COLUMNS: u32 = 512;
const CELL_END: u8 = 0x1f;
/// The bytes of `<si/>`, the shortest of the shared strings.
const SHORTEST_STRING: u64 = 5;
/// Tags of shared strings: each plain one has four, so that six texts for each of a million rows find room.
const MOST_TAGS: u64 = 24_000_000;
/// So many tags of shared strings are taken whatever the sheets hold.
const ALWAYS_TAKEN_TAGS: u64 = 2_000_000;
/// A cell has as many tags as the plain text that it shows; a text whose letters differ in style has some more.
const TAGS_OF_STRINGS_PER_TAG_OF_SHEETS: u64 = 4;

/// The rows of one sheet, in memory.
pub(crate) struct SheetRows {
    name: String,
    text: String,
    /// The line of each row and where its text ends.
    rows: Vec<(u32, usize)>,
    next: usize,
    /// The row with the names of the columns; what stands above it is a title.
    first: usize,
}

/// Rows among which the names of the columns are looked for.
const HEADER_WITHIN: usize = 20;
/// So many known names make a row the one with the names of the columns.
const NAMES_ENOUGH: usize = 2;

impl SheetRows {
    /// Reads the sheet with this name, else the first one that has known names of columns among its first rows, else the
    /// first one that has cells.
    pub(crate) fn open<R: Read + Seek>(
        mut source: R,
        wanted: Option<&str>,
        is_known: impl Fn(&str) -> bool,
    ) -> Result<Self, Problem> {
        check_sizes(&mut source)?;
        // Where a cell says that it stands beyond any sheet, the sums of the library overflow.
        let read = AssertUnwindSafe(|| Self::read_workbook(source, wanted, is_known));
        catch_unwind(read).unwrap_or_else(|_| Err(unreadable(&"a cell stands beyond any sheet")))
    }

    fn read_workbook<R: Read + Seek>(
        mut source: R,
        wanted: Option<&str>,
        is_known: impl Fn(&str) -> bool,
    ) -> Result<Self, Problem> {
        source.rewind().map_err(|error| unreadable(&error))?;
        let mut workbook = Xlsx::new(source).map_err(|error| unreadable(&error))?;
        let names = workbook.sheet_names();
        if let Some(wanted) = wanted.filter(|wanted| !names.iter().any(|name| name == wanted)) {
            let reason = format!("The workbook has no such sheet. It has: {}.", names.join(", "));
            return Err(file_problem("", wanted, reason));
        }
        let mut fallback = None;
        for name in names.iter().filter(|name| wanted.is_none_or(|wanted| wanted == *name)) {
            let mut sheet = read_sheet(&mut workbook, name)?;
            if sheet.begin_at_header(&is_known) || wanted.is_some() {
                return Ok(sheet);
            }
            if !sheet.rows.is_empty() {
                fallback = fallback.or(Some(sheet));
            }
        }
        fallback.ok_or_else(|| file_problem("", "", "The workbook has no cells. Put the rows on its first sheet."))
    }

    /// Leaves out what stands above the names of the columns; `false` where no row among the first has known names.
    fn begin_at_header(&mut self, is_known: impl Fn(&str) -> bool) -> bool {
        let mut row = RawRow::default();
        for place in 0..self.rows.len().min(HEADER_WITHIN) {
            self.split(place, &mut row);
            if row.cells().filter(|name| !name.trim().is_empty() && is_known(name)).count() >= NAMES_ENOUGH {
                self.first = place;
                self.next = place;
                return true;
            }
        }
        false
    }

    fn split(&self, place: usize, row: &mut RawRow) {
        let (line, end) = self.rows[place];
        let start = place.checked_sub(1).map_or(0, |before| self.rows[before].1);
        row.split(u64::from(line), &self.text[start..end], CELL_END);
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn rewind(&mut self) {
        self.next = self.first;
    }

    /// Rows read and rows in all.
    pub(crate) fn position(&self) -> (u64, u64) {
        (self.next as u64, self.rows.len() as u64)
    }

    /// Fills `row` with the next row that is not blank; `false` at the end.
    pub(crate) fn read(&mut self, row: &mut RawRow) -> bool {
        while self.next < self.rows.len() {
            self.split(self.next, row);
            self.next += 1;
            if !row.is_blank() {
                return true;
            }
        }
        false
    }
}

fn unreadable(error: &dyn std::fmt::Display) -> Problem {
    file_problem("", "", format!("The workbook cannot be read ({error}). Save it anew as XLSX, or as CSV UTF-8."))
}

/// Unpacks every part once without keeping it, so that sizes that the file only claims are not believed.
fn check_sizes<R: Read + Seek>(source: &mut R) -> Result<(), Problem> {
    source.rewind().map_err(|error| unreadable(&error))?;
    let mut archive = zip::ZipArchive::new(source).map_err(|error| unreadable(&error))?;
    let mut left = LARGEST_XML;
    let (mut in_strings, mut elsewhere) = (Tags::default(), Tags::default());
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|error| unreadable(&error))?;
        // Names of parts are found whatever their case.
        let shared_strings = part.name().is_ok_and(|name| name.to_ascii_lowercase().ends_with("sharedstrings.xml"));
        let limit = if shared_strings { left.min(LARGEST_STRINGS) } else { left };
        let tags = if shared_strings { &mut in_strings } else { &mut elsewhere };
        let size = io::copy(&mut part.take(limit + 1), tags).map_err(|error| unreadable(&error))?;
        if size > limit {
            return Err(too_large());
        }
        if shared_strings {
            let part = archive.by_index(index).map_err(|error| unreadable(&error))?;
            check_claimed_strings(BufReader::new(part), size)?;
        }
        left -= size;
    }
    if in_strings.0 > MOST_TAGS {
        return Err(too_large());
    }
    if in_strings.0 > ALWAYS_TAKEN_TAGS.max(elsewhere.0.saturating_mul(TAGS_OF_STRINGS_PER_TAG_OF_SHEETS)) {
        return Err(unreadable(&"it holds far more texts than its sheets show"));
    }
    Ok(())
}

/// Counts the tags that are written to it.
#[derive(Default)]
struct Tags(u64);

impl Write for Tags {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += memchr::memchr_iter(b'<', bytes).count() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Room is made for as many shared strings as their part claims, so that it may claim no more than it has room for.
fn check_claimed_strings(part: impl BufRead, size: u64) -> Result<(), Problem> {
    let mut xml = quick_xml::Reader::from_reader(part);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer) {
            Ok(Event::Start(tag)) if tag.local_name().as_ref() == "sst" => {
                let mut claims = tag.attributes();
                let mut counts =
                    claims.with_checks(false).flatten().filter(|claim| claim.key.as_ref() == "uniqueCount");
                // What is no number makes no room.
                let is_too_many = counts.any(|claim| {
                    let digits = claim.value.trim();
                    digits.bytes().all(|byte| byte.is_ascii_digit())
                        && digits.parse::<u64>().map_or(!digits.is_empty(), |count| count > size / SHORTEST_STRING)
                });
                return if is_too_many { Err(unreadable(&"it claims more texts than it has")) } else { Ok(()) };
            }
            Ok(Event::Eof) | Err(_) => return Ok(()),
            Ok(_) => {}
        }
    }
}

fn too_large() -> Problem {
    file_problem("", "", "The workbook is too large when unpacked. Save the sheet as CSV UTF-8; that has no limit.")
}

fn read_sheet<R: Read + Seek>(workbook: &mut Xlsx<R>, name: &str) -> Result<SheetRows, Problem> {
    let mut sheet = SheetRows { name: name.to_owned(), text: String::new(), rows: Vec::new(), next: 0, first: 0 };
    // A chart sheet has no cells to read.
    let Ok(mut cells) = workbook.worksheet_cells_reader(name) else { return Ok(sheet) };
    let mut at: Option<(u32, u32)> = None;
    while let Some(cell) = cells.next_cell().map_err(|error| unreadable(&error))? {
        let (line, column) = cell.get_position();
        if matches!(cell.get_value(), DataRef::Empty) || column >= MOST_COLUMNS {
            continue;
        }
        let gap = match at {
            Some((row, last)) if row == line && column > last => column - last,
            Some((row, last)) if row > line || (row == line && column <= last) => {
                return Err(unreadable(&"its cells are not in order"));
            }
            _ => {
                sheet.begin_row(line + 1);
                column
            }
        };
        at = Some((line, column));
        sheet.push_cell(gap, cell.get_value());
        if sheet.text.len() > LARGEST_TEXT {
            return Err(too_large());
        }
    }
    Ok(sheet)
}

impl SheetRows {
    fn begin_row(&mut self, line: u32) {
        self.rows.push((line, self.text.len()));
    }

    fn push_cell(&mut self, gap: u32, value: &DataRef<'_>) {
        for _ in 0..gap {
            self.text.push(char::from(CELL_END));
        }
        push_value(&mut self.text, value);
        if let Some(row) = self.rows.last_mut() {
            row.1 = self.text.len();
        }
    }
}

fn push_value(text: &mut String, value: &DataRef<'_>) {
    match value {
        DataRef::Empty => {}
        DataRef::Int(number) => push_number(text, &number.to_string()),
        DataRef::Float(number) => push_number(text, &float_text(*number)),
        DataRef::String(words) => push_words(text, words),
        DataRef::SharedString(words) => push_words(text, words),
        DataRef::Bool(true) => text.push_str("true"),
        DataRef::Bool(false) => text.push_str("false"),
        DataRef::DateTime(moment) if moment.is_datetime() => push_words(text, &date_text(moment)),
        DataRef::DateTime(duration) => push_number(text, &float_text(duration.as_f64())),
        DataRef::DateTimeIso(words) | DataRef::DurationIso(words) => push_words(text, words),
        DataRef::Error(error) => push_words(text, &error.to_string()),
    }
}

fn push_number(text: &mut String, number: &str) {
    text.push(NUMBER_MARK);
    text.push_str(number);
}

fn push_words(text: &mut String, words: &str) {
    text.extend(words.chars().filter(|letter| !matches!(*letter, '\u{1f}' | NUMBER_MARK)));
}

/// A number as a spreadsheet shows it: 15 significant digits, never with an exponent.
fn float_text(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 {
        return format!("{number:.0}");
    }
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    format!("{rounded}")
}

fn date_text(moment: &calamine::ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, milli) = moment.to_ymd_hms_milli();
    if (hour, minute, second, milli) == (0, 0, 0, 0) {
        return format!("{year:04}-{month:02}-{day:02}");
    }
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}")
}

#[cfg(test)]
mod tests {
    use super::float_text;

    #[test]
    fn numbers_of_a_sheet_are_written_as_it_shows_them() {
        for (number, text) in
            [(4_006_381_333_931.0, "4006381333931"), (0.1 + 0.2, "0.3"), (12.5, "12.5"), (-0.0347, "-0.0347")]
        {
            assert_eq!(float_text(number), text);
        }
    }
}
