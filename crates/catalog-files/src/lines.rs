//! Cuts a stream of UTF-8 bytes into lines, with their numbers and in bounded memory.

use std::io::{self, Read};

const CHUNK: usize = 256 * 1024;
/// A longer line is skipped and reported.
pub(crate) const LONGEST_LINE: usize = 1024 * 1024;

/// One line, copied out of the stream.
#[derive(Clone, Debug, Default)]
pub(crate) struct Line {
    /// From 1.
    pub(crate) number: u64,
    /// Without its end.
    pub(crate) bytes: Vec<u8>,
    /// Whether a line end follows; only the last line of a file may lack it.
    pub(crate) ended: bool,
    /// Whether it was cut at `LONGEST_LINE`.
    pub(crate) too_long: bool,
    /// Whether a CR stands before the end.
    carriage_return: bool,
    terminator: u8,
}

impl Line {
    /// Appends the line as it stands in the file, with its end.
    pub(crate) fn copy_to(&self, raw: &mut Vec<u8>) {
        raw.extend_from_slice(&self.bytes);
        if self.carriage_return {
            raw.push(b'\r');
        }
        if self.ended {
            raw.push(self.terminator);
        }
    }
}

/// Reads lines that end with LF, CR LF, or CR alone.
pub(crate) struct LineReader<R> {
    source: R,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    number: u64,
    terminator: u8,
}

impl<R: Read> LineReader<R> {
    /// The first chunk decides whether lines end with CR alone, in however small pieces the stream gives it.
    pub(crate) fn new(source: R) -> io::Result<Self> {
        let mut reader = Self { source, buffer: vec![0; CHUNK], start: 0, end: 0, number: 0, terminator: b'\n' };
        while reader.end < CHUNK {
            let before = reader.end;
            if reader.fill_after(before)? == 0 || memchr::memchr(b'\n', &reader.buffer[before..reader.end]).is_some() {
                break;
            }
        }
        let head = &reader.buffer[..reader.end];
        if memchr::memchr(b'\n', head).is_none() && memchr::memchr(b'\r', head).is_some() {
            reader.terminator = b'\r';
        }
        Ok(reader)
    }

    /// What ends a line: LF, also behind CR, or CR.
    pub(crate) const fn terminator(&self) -> u8 {
        self.terminator
    }

    /// The stream below.
    pub(crate) fn source(&self) -> &R {
        &self.source
    }

    /// The stream below, to be read anew.
    pub(crate) fn into_source(self) -> R {
        self.source
    }

    /// Copies the next line into `line`; `false` at the end.
    pub(crate) fn read(&mut self, line: &mut Line) -> io::Result<bool> {
        line.bytes.clear();
        line.too_long = false;
        line.number = self.number + 1;
        loop {
            let piece = &self.buffer[self.start..self.end];
            let found = memchr::memchr(self.terminator, piece);
            let taken = found.unwrap_or(piece.len());
            let room = LONGEST_LINE - line.bytes.len();
            line.too_long |= taken > room;
            line.bytes.extend_from_slice(&piece[..taken.min(room)]);
            self.start += taken;
            if found.is_some() {
                self.start += 1;
                return Ok(self.finish(line, true));
            }
            if self.fill()? == 0 {
                let any = !line.bytes.is_empty();
                return Ok(any && self.finish(line, false));
            }
        }
    }

    fn finish(&mut self, line: &mut Line, ended: bool) -> bool {
        self.number += 1;
        line.ended = ended;
        line.terminator = self.terminator;
        line.carriage_return = line.bytes.last() == Some(&b'\r');
        if line.carriage_return {
            line.bytes.pop();
        }
        true
    }

    fn fill(&mut self) -> io::Result<usize> {
        self.start = 0;
        self.fill_after(0)
    }

    /// Reads on behind what the buffer holds before `place`.
    fn fill_after(&mut self, place: usize) -> io::Result<usize> {
        self.end = place;
        loop {
            match self.source.read(&mut self.buffer[place..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
                Ok(read) => {
                    self.end = place + read;
                    return Ok(read);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::{LONGEST_LINE, Line, LineReader};

    fn lines(bytes: &[u8]) -> Vec<(u64, String, bool)> {
        let mut reader = LineReader::new(bytes).expect("memory");
        let mut line = Line::default();
        let mut all = Vec::new();
        while reader.read(&mut line).expect("memory") {
            all.push((line.number, String::from_utf8_lossy(&line.bytes).into_owned(), line.ended));
        }
        all
    }

    #[test]
    fn lines_end_with_lf_crlf_or_cr() {
        let expected = vec![(1, "a".to_owned(), true), (2, String::new(), true), (3, "b".to_owned(), false)];
        for text in ["a\n\nb", "a\r\n\r\nb", "a\r\rb"] {
            assert_eq!(lines(text.as_bytes()), expected, "{text:?}");
        }
    }

    #[test]
    fn how_lines_end_does_not_depend_on_the_pieces_of_the_stream() {
        let source = io::Read::chain(b"a\r".as_slice(), b"\nb\r\n".as_slice());
        let mut reader = LineReader::new(source).expect("memory");
        let mut line = Line::default();
        for expected in [b"a", b"b"] {
            assert!(reader.read(&mut line).expect("memory") && line.bytes == expected, "{line:?}");
        }
        assert!(!reader.read(&mut line).expect("memory"));
    }

    #[test]
    fn a_line_without_end_is_cut_and_the_next_one_read() {
        let mut bytes = vec![b'x'; LONGEST_LINE * 2];
        bytes.extend_from_slice(b"\nnext\n");
        let mut reader = LineReader::new(bytes.as_slice()).expect("memory");
        let mut line = Line::default();
        assert!(reader.read(&mut line).expect("memory") && line.too_long && line.bytes.len() == LONGEST_LINE);
        assert!(reader.read(&mut line).expect("memory") && !line.too_long && line.bytes == b"next" && line.number == 2);
    }
}
