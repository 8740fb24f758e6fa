//! Splits lines with quotation marks into cells, and tells whether a text over several lines is quoted properly.

const MOST_CELLS: usize = 1024;

/// What a piece of quoted text has come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Split {
    Complete,
    /// Within quotation marks at the end of the line.
    Open,
    TooManyCells,
}

/// Splits lines with quotation marks.
pub(crate) struct QuotedSplitter {
    reader: csv_core::Reader,
    output: Vec<u8>,
    ends: Vec<usize>,
    written: usize,
    cells: usize,
    fed: usize,
    terminator: u8,
}

impl QuotedSplitter {
    /// `terminator` is what ends the lines that are fed: none of them holds it.
    pub(crate) fn new(delimiter: u8, terminator: u8) -> Self {
        let ends_with = csv_core::Terminator::Any(terminator);
        let reader = csv_core::ReaderBuilder::new().delimiter(delimiter).terminator(ends_with).build();
        Self { reader, output: Vec::new(), ends: vec![0; MOST_CELLS], written: 0, cells: 0, fed: 0, terminator }
    }

    /// The text of all cells, one after the other.
    pub(crate) fn text(&self) -> &[u8] {
        &self.output[..self.written]
    }

    /// Where each cell ends in that text.
    pub(crate) fn ends(&self) -> &[usize] {
        &self.ends[..self.cells]
    }

    /// Bytes taken since the beginning.
    pub(crate) fn fed(&self) -> usize {
        self.fed
    }

    pub(crate) fn begin(&mut self) {
        self.reader.reset();
        self.written = 0;
        self.cells = 0;
        self.fed = 0;
    }

    /// Takes the next line, without its end.
    pub(crate) fn feed(&mut self, line: &[u8]) -> Split {
        self.fed += line.len() + 1;
        self.output.resize((self.written + line.len() + 2).max(self.output.len()), 0);
        let mut result = Split::Open;
        let before = self.written;
        for piece in [line, &[self.terminator]] {
            if piece.is_empty() {
                continue;
            }
            let (outcome, _, written, cells) =
                self.reader.read_record(piece, &mut self.output[self.written..], &mut self.ends[self.cells..]);
            self.written += written;
            self.cells += cells;
            result = match outcome {
                csv_core::ReadRecordResult::Record => Split::Complete,
                csv_core::ReadRecordResult::OutputEndsFull => return Split::TooManyCells,
                _ => Split::Open,
            };
        }
        // Lines of one cell are kept apart as everywhere else.
        let fed = &mut self.output[before..self.written];
        fed.iter_mut().filter(|byte| **byte == self.terminator).for_each(|byte| *byte = b'\n');
        result
    }
}

/// Whether every quotation mark that closes a cell stands before a delimiter or the end of the record.
pub(crate) fn is_well_formed(record: &[u8], delimiter: u8) -> bool {
    let mut rest = record;
    loop {
        let after = match rest.strip_prefix(b"\"") {
            Some(inside) => after_closing_mark(inside),
            None => memchr::memchr(delimiter, rest).map(|end| &rest[end..]).or(Some(&[])),
        };
        match after.map(<[u8]>::split_first) {
            Some(Some((next, further))) if *next == delimiter => rest = further,
            Some(None) => return true,
            Some(Some(_)) | None => return false,
        }
    }
}

fn after_closing_mark(mut inside: &[u8]) -> Option<&[u8]> {
    loop {
        let after = &inside[memchr::memchr(b'"', inside)? + 1..];
        match after.strip_prefix(b"\"") {
            Some(further) => inside = further,
            None => return Some(after),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_well_formed;

    #[test]
    fn a_closing_mark_stands_before_a_delimiter_or_the_end() {
        for record in ["a,\"two\nlines\",b", "\"x\n\"\"y\"\"\"", "a\" b,\"c\nd\""] {
            assert!(is_well_formed(record.as_bytes(), b','), "{record:?}");
        }
        for record in ["a,\"b\nc,\"d\"", "\"open\n", "\"a\nb\" ,c"] {
            assert!(!is_well_formed(record.as_bytes(), b','), "{record:?}");
        }
    }
}
