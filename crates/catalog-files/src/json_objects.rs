//! Cuts a stream of JSON into its outermost objects. One that breaks off costs its own lines only: reading goes on with
//! the next line that can begin a record.

use std::io::{self, BufRead};

use crate::bounded::BoundedReader;
use crate::encodings::DecodedText;
use crate::reader::Source;

type Bytes = Box<dyn Source + Send>;

const LONGEST_RECORD: usize = 1 << 20;
/// Deeper than any record of a catalogue.
const DEEPEST_NESTING: usize = 64;
/// How much is kept of what stands outside of braces.
const LONGEST_OTHER: usize = 200;

/// What stands in the stream.
pub(crate) enum Piece {
    /// From the first brace to the last one.
    Object(Vec<u8>),
    /// One that breaks off, up to the next line that can begin a record.
    Broken(Vec<u8>),
    /// One longer than 1 MiB.
    TooLong,
    /// Something outside of braces, up to the end of its line.
    Other(Vec<u8>),
}

/// The outermost objects of a stream.
pub(crate) struct Objects {
    reader: BoundedReader<DecodedText<Bytes>>,
    /// Text that is read once more.
    again: Vec<u8>,
    /// How much of it was.
    done: usize,
    line: u64,
    /// Blanks before what stands first on the line.
    indent: usize,
    at_line_start: bool,
}

/// Why an object ends.
enum End {
    Whole,
    Broken,
    TooLong,
}

impl Objects {
    pub(crate) fn new(source: DecodedText<Bytes>) -> Self {
        Self { reader: BoundedReader::new(source), again: Vec::new(), done: 0, line: 1, indent: 0, at_line_start: true }
    }

    pub(crate) fn bytes_read(&self) -> u64 {
        self.reader.source().bytes_read()
    }

    pub(crate) fn into_source(self) -> Bytes {
        self.reader.into_source().into_source()
    }

    /// The next piece and the line on which it begins.
    pub(crate) fn next(&mut self) -> io::Result<Option<(u64, Piece)>> {
        loop {
            let Some(byte) = self.peek()? else { return Ok(None) };
            match byte {
                b'{' => return Ok(Some((self.line, self.object()?))),
                b' ' | b'\t' | b'\r' | b'\n' | b',' | b'[' | b']' => self.step(byte),
                _ => return Ok(Some((self.line, Piece::Other(self.rest_of_line(LONGEST_OTHER)?)))),
            }
        }
    }

    fn fill(&mut self) -> io::Result<&[u8]> {
        if self.done < self.again.len() {
            return Ok(&self.again[self.done..]);
        }
        self.reader.begin_piece();
        self.reader.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        if self.done < self.again.len() {
            self.done += amount;
            if self.done == self.again.len() {
                self.again.clear();
                self.done = 0;
            }
        } else {
            self.reader.consume(amount);
        }
    }

    /// Puts text back that was read last.
    fn unread(&mut self, text: &[u8]) {
        self.again.drain(..self.done);
        self.done = 0;
        self.again.splice(..0, text.iter().copied());
    }

    fn peek(&mut self) -> io::Result<Option<u8>> {
        Ok(self.fill()?.first().copied())
    }

    /// Passes one byte between records.
    fn step(&mut self, byte: u8) {
        match byte {
            b'\n' => {
                self.line += 1;
                self.indent = 0;
                self.at_line_start = true;
            }
            b' ' | b'\t' if self.at_line_start => self.indent += 1,
            _ => self.at_line_start = false,
        }
        self.consume(1);
    }

    /// Passes what is left of the line, without its end, and gives its beginning.
    fn rest_of_line(&mut self, most: usize) -> io::Result<Vec<u8>> {
        let mut text = Vec::new();
        while let Some(byte) = self.peek()?.filter(|byte| *byte != b'\n') {
            if text.len() < most {
                text.push(byte);
            }
            self.consume(1);
        }
        Ok(text)
    }

    fn object(&mut self) -> io::Result<Piece> {
        let mut text = Vec::new();
        let mut grammar = Grammar::default();
        let end = loop {
            let bytes = self.fill()?;
            if bytes.is_empty() {
                break End::Broken;
            }
            let mut taken = 0;
            let mut end = None;
            for byte in bytes {
                match grammar.accept(*byte) {
                    Step::On => taken += 1,
                    Step::Done => {
                        taken += 1;
                        end = Some(End::Whole);
                        break;
                    }
                    Step::Wrong => {
                        end = Some(End::Broken);
                        break;
                    }
                }
            }
            taken = taken.min(LONGEST_RECORD - text.len() + 1);
            text.extend_from_slice(&bytes[..taken]);
            self.consume(taken);
            if text.len() > LONGEST_RECORD {
                break End::TooLong;
            }
            if let Some(end) = end {
                break end;
            }
        };
        if matches!(end, End::Whole) {
            self.line += lines_in(&text);
            self.at_line_start = false;
            return Ok(Piece::Object(text));
        }
        // What follows on the first line is read once more: other records may begin there.
        let first_line = text.iter().position(|byte| *byte == b'\n').unwrap_or(text.len());
        self.unread(&text[first_line..]);
        text.truncate(first_line);
        self.skip_broken(&mut text)?;
        Ok(if matches!(end, End::TooLong) { Piece::TooLong } else { Piece::Broken(text) })
    }

    /// Passes the lines that belong to a broken record: up to one that begins with a brace no further in.
    fn skip_broken(&mut self, text: &mut Vec<u8>) -> io::Result<()> {
        let indent = self.indent;
        loop {
            let left = LONGEST_RECORD.saturating_sub(text.len());
            text.extend(self.rest_of_line(left)?);
            let mut blanks = Vec::new();
            while let Some(byte) = self.peek()?.filter(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b',')) {
                self.step(byte);
                blanks.push(byte);
            }
            match self.peek()? {
                None => return Ok(()),
                Some(b'{') if self.indent <= indent => return Ok(()),
                Some(_) if text.len() + blanks.len() <= LONGEST_RECORD => text.extend(blanks),
                Some(_) => {}
            }
        }
    }
}

fn lines_in(text: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', text).count() as u64
}

/// What may stand next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Expected {
    #[default]
    Object,
    NameOrEnd,
    Name,
    Colon,
    Value,
    ValueOrEnd,
    CommaOrEnd,
}

enum Step {
    On,
    /// The outermost object ends with this byte.
    Done,
    /// No JSON goes on with this byte.
    Wrong,
}

/// Follows one object byte by byte, to know at once where it stops being JSON. Words and numbers are not looked into.
#[derive(Default)]
struct Grammar {
    /// Open brackets, outermost first: whether it is an object.
    open: Vec<bool>,
    expected: Expected,
    in_text: bool,
    escaped: bool,
    in_word: bool,
}

impl Grammar {
    fn accept(&mut self, byte: u8) -> Step {
        if self.in_text {
            return self.within_text(byte);
        }
        if self.in_word && matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'+' | b'-' | b'.') {
            return Step::On;
        }
        self.in_word = false;
        match (byte, self.expected) {
            (b' ' | b'\t' | b'\r' | b'\n', _) => Step::On,
            (b'"', Expected::Name | Expected::NameOrEnd) => self.begin_text(Expected::Colon),
            (b'"', Expected::Value | Expected::ValueOrEnd) => self.begin_text(Expected::CommaOrEnd),
            (b':', Expected::Colon) => self.now(Expected::Value),
            (b',', Expected::CommaOrEnd) => {
                let in_object = self.open.last() == Some(&true);
                self.now(if in_object { Expected::Name } else { Expected::Value })
            }
            (b'{', Expected::Object | Expected::Value | Expected::ValueOrEnd) => self.open(true, Expected::NameOrEnd),
            (b'[', Expected::Value | Expected::ValueOrEnd) => self.open(false, Expected::ValueOrEnd),
            (b'}', Expected::NameOrEnd | Expected::CommaOrEnd) => self.close(true),
            (b']', Expected::ValueOrEnd | Expected::CommaOrEnd) => self.close(false),
            (b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'+' | b'-' | b'.', Expected::Value | Expected::ValueOrEnd) => {
                self.in_word = true;
                self.now(Expected::CommaOrEnd)
            }
            _ => Step::Wrong,
        }
    }

    fn within_text(&mut self, byte: u8) -> Step {
        match byte {
            // A text has no line ends: the mark was never closed.
            b'\n' => return Step::Wrong,
            _ if self.escaped => self.escaped = false,
            b'\\' => self.escaped = true,
            b'"' => self.in_text = false,
            _ => {}
        }
        Step::On
    }

    fn begin_text(&mut self, after: Expected) -> Step {
        self.in_text = true;
        self.now(after)
    }

    fn now(&mut self, expected: Expected) -> Step {
        self.expected = expected;
        Step::On
    }

    fn open(&mut self, is_object: bool, inside: Expected) -> Step {
        if self.open.len() == DEEPEST_NESTING {
            return Step::Wrong;
        }
        self.open.push(is_object);
        self.now(inside)
    }

    fn close(&mut self, is_object: bool) -> Step {
        if self.open.pop() != Some(is_object) {
            return Step::Wrong;
        }
        self.expected = Expected::CommaOrEnd;
        if self.open.is_empty() { Step::Done } else { Step::On }
    }
}
