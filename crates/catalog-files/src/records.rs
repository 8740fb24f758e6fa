//! Rows of text cells with their line numbers: what every file looks like before its columns mean anything.

use std::io::{self, Read};

use pricing_domain::Problem;

use crate::lines::{Line, LineReader};
use crate::problems::row_problem;
use crate::quoted::{QuotedSplitter, Split, is_well_formed};

/// Marks a cell that a program wrote as a number (a dot before the decimals, whatever the file's other cells use).
pub(crate) const NUMBER_MARK: char = '\u{2}';
/// Marks a cell that a format knows and cannot read: it is reported, and nothing is stated.
pub(crate) const UNREAD: char = '\u{3}';
/// Marks a cell that states by how much a price with VAT is reduced, a dot before the decimals.
pub(crate) const LESS: char = '\u{4}';
const LONGEST_QUOTED_BYTES: usize = 64 * 1024;
const MOST_QUOTED_LINES: usize = 200;

/// One row. Its buffers are used again for the next one.
#[derive(Debug, Default)]
pub(crate) struct RawRow {
    /// The line it begins on, from 1.
    pub(crate) line: u64,
    text: String,
    cells: Vec<(u32, u32)>,
}

impl RawRow {
    /// The cell at a place, untrimmed; empty when the row is shorter.
    pub(crate) fn cell(&self, place: usize) -> &str {
        self.cells.get(place).map_or("", |&(start, end)| &self.text[start as usize..end as usize])
    }

    pub(crate) fn cells(&self) -> impl Iterator<Item = &str> {
        self.cells.iter().map(|&(start, end)| &self.text[start as usize..end as usize])
    }

    pub(crate) fn len(&self) -> usize {
        self.cells.len()
    }

    pub(crate) fn is_blank(&self) -> bool {
        self.cells().all(|cell| cell.trim().is_empty())
    }

    /// Takes a line without quotation marks.
    pub(crate) fn split(&mut self, line: u64, text: &str, delimiter: u8) {
        self.line = line;
        self.text.clear();
        self.text.push_str(text);
        self.cells.clear();
        let mut start = 0;
        for end in memchr::memchr_iter(delimiter, text.as_bytes()) {
            self.cells.push((start, end as u32));
            start = end as u32 + 1;
        }
        self.cells.push((start, text.len() as u32));
    }

    /// Empties the row for cells that are pushed one by one.
    pub(crate) fn begin(&mut self, line: u64) {
        self.line = line;
        self.text.clear();
        self.cells.clear();
    }

    /// Adds a cell at the end.
    pub(crate) fn push(&mut self, cell: &str) {
        let start = self.text.len() as u32;
        self.text.push_str(cell);
        self.cells.push((start, self.text.len() as u32));
    }

    fn take_joined(&mut self, line: u64, text: &str, ends: &[usize]) {
        self.line = line;
        self.text.clear();
        self.text.push_str(text);
        self.cells.clear();
        let mut start = 0;
        for &end in ends {
            self.cells.push((start, end as u32));
            start = end as u32;
        }
    }
}

/// What reading on gave.
#[derive(Debug)]
pub(crate) enum Next {
    /// The row was filled.
    Row,
    /// A line that is not a row; reading can go on.
    Refused(Problem),
    /// There is no more.
    End,
}

/// Reads delimited text. A quotation mark that is opened and never closed costs its own line only.
pub(crate) struct RecordReader<R> {
    lines: LineReader<R>,
    /// Lines read ahead for a quoted text that turned out not to end, last one first.
    pending: Vec<Line>,
    current: Line,
    delimiter: u8,
    /// Cells of the header, once it is known.
    width: Option<usize>,
    quoted: QuotedSplitter,
    raw: Option<RawText>,
}

/// What the newest reading took, as it stands in the file.
#[derive(Debug, Default)]
pub(crate) struct RawText {
    /// Blank lines before the row.
    pub(crate) before: Vec<u8>,
    /// The row with its end.
    pub(crate) row: Vec<u8>,
    /// Whether something of it was too long to be kept.
    pub(crate) cut: bool,
}

impl<R: Read> RecordReader<R> {
    pub(crate) fn new(source: R, delimiter: u8) -> io::Result<Self> {
        let lines = LineReader::new(source)?;
        Ok(Self {
            quoted: QuotedSplitter::new(delimiter, lines.terminator()),
            lines,
            pending: Vec::new(),
            current: Line::default(),
            delimiter,
            width: None,
            raw: None,
        })
    }

    /// From now on the text of each row is kept as it stands in the file.
    pub(crate) fn keep_raw(&mut self) {
        self.raw = Some(RawText::default());
    }

    /// The text of the newest row.
    pub(crate) fn raw(&self) -> Option<&RawText> {
        self.raw.as_ref()
    }

    /// The stream below.
    pub(crate) fn source(&self) -> &R {
        self.lines.source()
    }

    /// The stream below, to be read anew.
    pub(crate) fn into_source(self) -> R {
        self.lines.into_source()
    }

    /// From now on rows must have so many cells; more are allowed while they are empty.
    pub(crate) fn expect_width(&mut self, width: usize) {
        self.width = Some(width);
    }

    /// Reads the next row that is not blank.
    pub(crate) fn read(&mut self, row: &mut RawRow) -> io::Result<Next> {
        if let Some(raw) = &mut self.raw {
            raw.before.clear();
            raw.row.clear();
            raw.cut = false;
        }
        loop {
            if !self.take_line()? {
                if let Some(raw) = &mut self.raw {
                    raw.before.append(&mut raw.row);
                }
                return Ok(Next::End);
            }
            if let Some(raw) = &mut self.raw {
                // What was there so far was blank.
                raw.before.append(&mut raw.row);
                raw.cut |= self.current.too_long;
                self.current.copy_to(&mut raw.row);
            }
            let line = self.current.number;
            if self.current.too_long {
                let reason = "The line is longer than 1 MiB. Check that the file is text with line ends.";
                return Ok(Next::Refused(row_problem(line, "", &self.shown(), reason)));
            }
            if let Some(problem) = self.split_current(row)? {
                return Ok(Next::Refused(problem));
            }
            if !row.is_blank() {
                return Ok(self.check_width(row).map_or(Next::Row, Next::Refused));
            }
        }
    }

    fn take_line(&mut self) -> io::Result<bool> {
        match self.pending.pop() {
            Some(line) => {
                self.current = line;
                Ok(true)
            }
            None => self.lines.read(&mut self.current),
        }
    }

    fn split_current(&mut self, row: &mut RawRow) -> io::Result<Option<Problem>> {
        if memchr::memchr(b'"', &self.current.bytes).is_some() {
            return self.split_quoted(row);
        }
        match std::str::from_utf8(&self.current.bytes) {
            Ok(text) => row.split(self.current.number, text, self.delimiter),
            Err(_) => return Ok(Some(self.not_utf_8())),
        }
        Ok(None)
    }

    fn split_quoted(&mut self, row: &mut RawRow) -> io::Result<Option<Problem>> {
        let first = std::mem::take(&mut self.current);
        let mut ahead: Vec<Line> = Vec::new();
        self.quoted.begin();
        let mut complete = self.quoted.feed(&first.bytes);
        while complete == Split::Open && ahead.len() < MOST_QUOTED_LINES && self.quoted.fed() < LONGEST_QUOTED_BYTES {
            if !self.take_line()? {
                break;
            }
            complete = self.quoted.feed(&self.current.bytes);
            ahead.push(std::mem::take(&mut self.current));
        }
        let problem = match complete {
            Split::Complete if !ahead.is_empty() && !is_well_formed(&joined(&first, &ahead), self.delimiter) => {
                Some(unclosed(&first))
            }
            Split::Complete => self.take_quoted(row, first.number, !ahead.is_empty()),
            Split::Open => Some(unclosed(&first)),
            Split::TooManyCells => Some(row_problem(first.number, "", "", "The row has more than 1,024 cells.")),
        };
        if problem.is_some() {
            self.pending.extend(ahead.into_iter().rev());
        } else if let Some(raw) = &mut self.raw {
            ahead.iter().for_each(|line| line.copy_to(&mut raw.row));
        }
        self.current = first;
        Ok(problem)
    }

    /// A row over several lines counts only when it has exactly the cells of the header; else the mark is a slip.
    fn take_quoted(&mut self, row: &mut RawRow, line: u64, several_lines: bool) -> Option<Problem> {
        // Halves of a letter in two cells would make a whole one between them.
        let whole = |text: &&str| self.quoted.ends().iter().all(|end| text.is_char_boundary(*end));
        let Some(text) = std::str::from_utf8(self.quoted.text()).ok().filter(whole) else {
            return Some(row_problem(line, "", &String::from_utf8_lossy(self.quoted.text()), NOT_UTF_8));
        };
        row.take_joined(line, text, self.quoted.ends());
        let fits = self.width.is_none_or(|width| row.len() == width);
        if several_lines && !fits {
            return Some(row_problem(line, "", text.lines().next().unwrap_or_default(), UNCLOSED));
        }
        None
    }

    fn check_width(&self, row: &RawRow) -> Option<Problem> {
        let width = self.width?;
        if row.len() < width {
            let reason = format!(
                "The row has {} cells, the first line has {width}. Add what is missing, empty cells too.",
                row.len()
            );
            return Some(row_problem(row.line, "", &self.shown(), reason));
        }
        if row.cells().skip(width).all(|cell| cell.trim().is_empty()) {
            return None;
        }
        let reason = format!(
            "The row has {} cells, the first line has {width}. Put a text that holds the delimiter in quotation marks.",
            row.len()
        );
        Some(row_problem(row.line, "", &self.shown(), reason))
    }

    fn not_utf_8(&self) -> Problem {
        row_problem(self.current.number, "", &self.shown(), NOT_UTF_8)
    }

    fn shown(&self) -> String {
        String::from_utf8_lossy(&self.current.bytes[..self.current.bytes.len().min(400)]).into_owned()
    }
}

const NOT_UTF_8: &str = "The row has bytes that are not UTF-8, unlike the rest of the file. Save the file as UTF-8.";
const UNCLOSED: &str =
    "A quotation mark is opened and never closed. Close it, or double it where it belongs to the text.";

fn unclosed(line: &Line) -> Problem {
    row_problem(line.number, "", &String::from_utf8_lossy(&line.bytes), UNCLOSED)
}

fn joined(first: &Line, ahead: &[Line]) -> Vec<u8> {
    let lines: Vec<&[u8]> = std::iter::once(first).chain(ahead).map(|line| line.bytes.as_slice()).collect();
    lines.join(&b'\n')
}

#[cfg(test)]
mod tests {
    use super::{Next, RawRow, RecordReader};

    fn rows(text: &str, width: usize) -> Vec<Result<(u64, Vec<String>), u64>> {
        let mut reader = RecordReader::new(text.as_bytes(), b',').expect("memory");
        reader.expect_width(width);
        let mut row = RawRow::default();
        let mut all = Vec::new();
        loop {
            match reader.read(&mut row).expect("memory") {
                Next::Row => all.push(Ok((row.line, row.cells().map(str::to_owned).collect()))),
                Next::Refused(problem) => all.push(Err(problem.line)),
                Next::End => return all,
            }
        }
    }

    fn row(line: u64, cells: &[&str]) -> Result<(u64, Vec<String>), u64> {
        Ok((line, cells.iter().map(|cell| (*cell).to_owned()).collect()))
    }

    #[test]
    fn quoted_cells_may_hold_delimiters_marks_and_line_ends() {
        let text = "a,b\n\"x, \"\"y\"\"\",2\n\n\"two\nlines\",3\n5\" pipe,4\n";
        let expected =
            [row(1, &["a", "b"]), row(2, &["x, \"y\"", "2"]), row(4, &["two\nlines", "3"]), row(6, &["5\" pipe", "4"])];
        assert_eq!(rows(text, 2), expected);
    }

    #[test]
    fn a_line_feed_behind_the_first_chunk_of_lines_that_end_with_cr_belongs_to_its_cell() {
        let head = "a,b\r".repeat(80_000);
        let text = format!("{head}\"x\ny\",\"1\r2\"\r\"z\",3\r");
        let found = rows(&text, 2);
        assert_eq!(found[80_000..], [row(80_001, &["x\ny", "1\n2"]), row(80_003, &["z", "3"])]);
    }

    #[test]
    fn a_mark_that_is_never_closed_costs_one_line() {
        assert_eq!(rows("a,\"b\nc,d\ne,f\n", 2), [Err(1), row(2, &["c", "d"]), row(3, &["e", "f"])]);
        assert_eq!(rows("a,\"b\nc,\"d\"\ne,f\n", 2), [Err(1), row(2, &["c", "d"]), row(3, &["e", "f"])]);
    }

    #[test]
    fn rows_with_too_few_or_too_many_cells_are_refused() {
        assert_eq!(
            rows("a,b\nc\nd,e,f\ng,h,,\n", 2),
            [row(1, &["a", "b"]), Err(2), Err(3), row(4, &["g", "h", "", ""])]
        );
    }
}
