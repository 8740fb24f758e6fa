//! Rows from JSON: one object a line, or objects in an array. Values within values are columns with a dot
//! (`price.amount`); a list of objects in a record (`urls`) makes one row of each.

use std::collections::BTreeSet;
use std::io::{self, BufRead, Write};

use pricing_domain::Problem;
use serde_json::{Map, Value};

use crate::bounded::BoundedReader;
use crate::encodings::{DecodedText, TextEncoding};
use crate::problems::{file_problem, row_problem};
use crate::reader::{Source, size_of};
use crate::records::{NUMBER_MARK, Next, RawRow};

type Bytes = Box<dyn Source + Send>;

const MOST_COLUMNS: usize = 1_024;
const DEEPEST: usize = 4;
const LONGEST_RECORD: usize = 1 << 20;
const NOT_JSON: &str = "This is not JSON. Write one object in braces for each row.";

/// The rows of a JSON file.
pub(crate) struct JsonRows {
    /// `None` only while it is rebuilt.
    objects: Option<Objects>,
    encoding: TextEncoding,
    columns: Vec<String>,
    header_given: bool,
    /// Rows of the newest record that were not given yet, last one first.
    waiting: Vec<Cells>,
    line: u64,
    size: u64,
}

type Cells = Vec<(String, String)>;

impl JsonRows {
    /// Reads the file once to learn its columns.
    pub(crate) fn open(mut source: Bytes) -> Result<Self, Problem> {
        let failed = |error: io::Error| file_problem("", "", format!("The file cannot be read ({error})."));
        let size = size_of(&mut source).map_err(failed)?;
        let encoding = TextEncoding::detect(&mut source).map_err(failed)?;
        let objects = Objects::new(encoding.decode(source).map_err(failed)?);
        let mut rows = Self {
            objects: Some(objects),
            encoding,
            columns: Vec::new(),
            header_given: true,
            waiting: Vec::new(),
            line: 0,
            size,
        };
        while let Some(cells) = rows.next_cells().map_err(failed)? {
            for (name, _) in cells.unwrap_or_default() {
                if rows.columns.len() < MOST_COLUMNS && !rows.columns.contains(&name) {
                    rows.columns.push(name);
                }
            }
        }
        if rows.columns.is_empty() {
            return Err(file_problem("", "", NOT_JSON));
        }
        // Whether objects keep their order depends on who else uses the JSON library.
        rows.columns.sort_unstable();
        rows.rewind().map_err(failed)?;
        Ok(rows)
    }

    pub(crate) fn encoding_name(&self) -> String {
        format!("JSON, {}", self.encoding.name())
    }

    pub(crate) fn position(&self) -> (u64, u64) {
        let done = self.objects.as_ref().map_or(0, |objects| objects.reader.source().bytes_read());
        (done.min(self.size), self.size)
    }

    pub(crate) fn rewind(&mut self) -> io::Result<()> {
        let objects = self.objects.take().ok_or_else(|| io::Error::other("the file was lost while reading"))?;
        let source = objects.reader.into_source().into_source();
        self.objects = Some(Objects::new(self.encoding.decode(source)?));
        self.header_given = false;
        self.waiting.clear();
        Ok(())
    }

    /// The names of the columns first, then the records.
    pub(crate) fn read(&mut self, row: &mut RawRow) -> io::Result<Next> {
        if !self.header_given {
            self.header_given = true;
            row.begin(1);
            self.columns.iter().for_each(|name| row.push(name));
            return Ok(Next::Row);
        }
        match self.next_cells()? {
            None => Ok(Next::End),
            Some(Err(problem)) => Ok(Next::Refused(problem)),
            Some(Ok(cells)) => {
                row.begin(self.line);
                for column in &self.columns {
                    let cell = cells.iter().find(|(name, _)| name == column);
                    row.push(cell.map_or("", |(_, text)| text));
                }
                Ok(Next::Row)
            }
        }
    }

    fn next_cells(&mut self) -> io::Result<Option<Result<Cells, Problem>>> {
        if let Some(cells) = self.waiting.pop() {
            return Ok(Some(Ok(cells)));
        }
        let objects = self.objects.as_mut().ok_or_else(|| io::Error::other("the file was lost while reading"))?;
        let Some((line, text)) = objects.next()? else { return Ok(None) };
        self.line = line;
        let refused = |found: &str, reason: &str| Ok(Some(Err(row_problem(line, "", found, reason))));
        let text = match text {
            Piece::Object(text) => text,
            Piece::TooLong => return refused("", "The record is longer than 1 MiB. Split it."),
            Piece::Other(text) => return refused(&String::from_utf8_lossy(&text), NOT_JSON),
        };
        match serde_json::from_slice::<Map<String, Value>>(&text) {
            Ok(record) => {
                self.waiting = rows_of(&record);
                self.waiting.reverse();
                Ok(self.waiting.pop().map(Ok))
            }
            Err(error) => {
                let reason = format!("This is not JSON ({error}). Correct the record.");
                refused(&String::from_utf8_lossy(&text), &reason)
            }
        }
    }
}

/// A record as one row, or as one for each object of its list of objects.
fn rows_of(record: &Map<String, Value>) -> Vec<Cells> {
    let list = record.iter().find_map(|(name, value)| match value {
        Value::Array(values) if values.iter().any(Value::is_object) => Some((name, values)),
        _ => None,
    });
    let mut shared = Cells::new();
    for (name, value) in record.iter().filter(|(name, _)| list.is_none_or(|(listed, _)| *name != listed)) {
        flatten(name, value, 1, &mut shared);
    }
    let Some((name, values)) = list else { return vec![shared] };
    values
        .iter()
        .map(|value| {
            let mut cells = shared.clone();
            flatten(name, value, 1, &mut cells);
            cells
        })
        .collect()
}

fn flatten(name: &str, value: &Value, depth: usize, cells: &mut Cells) {
    match value {
        Value::Object(inner) if depth < DEEPEST => {
            inner.iter().for_each(|(part, value)| flatten(&format!("{name}.{part}"), value, depth + 1, cells));
        }
        value => cells.push((name.to_owned(), cell_text(value))),
    }
}

fn cell_text(value: &Value) -> String {
    match value {
        Value::Null | Value::Object(_) => String::new(),
        Value::Bool(answer) => answer.to_string(),
        Value::Number(number) => format!("{NUMBER_MARK}{number}"),
        Value::String(text) => text.replace(NUMBER_MARK, ""),
        Value::Array(values) => {
            values.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("|").replace(NUMBER_MARK, "")
        }
    }
}

/// Copies the records that begin on `lines`, those that are no JSON too, one after the other. Returns how many.
pub(crate) fn copy_records(mut source: Bytes, lines: &BTreeSet<u64>, out: &mut dyn Write) -> io::Result<u64> {
    let encoding = TextEncoding::detect(&mut source)?;
    let mut objects = Objects::new(encoding.decode(source)?);
    let mut count = 0;
    while let Some((line, piece)) = objects.next()? {
        if let (true, Piece::Object(text) | Piece::Other(text)) = (lines.contains(&line), piece) {
            out.write_all(text.trim_ascii_end())?;
            out.write_all(b"\n")?;
            count += 1;
        }
    }
    Ok(count)
}

enum Piece {
    Object(Vec<u8>),
    TooLong,
    /// Something outside of braces, up to the end of its line.
    Other(Vec<u8>),
}

/// Cuts a stream into its outermost objects.
struct Objects {
    reader: BoundedReader<DecodedText<Bytes>>,
}

impl Objects {
    fn new(source: DecodedText<Bytes>) -> Self {
        Self { reader: BoundedReader::new(source) }
    }

    fn peek(&mut self) -> io::Result<Option<u8>> {
        self.reader.begin_piece();
        Ok(self.reader.fill_buf()?.first().copied())
    }

    fn next(&mut self) -> io::Result<Option<(u64, Piece)>> {
        loop {
            let Some(byte) = self.peek()? else { return Ok(None) };
            match byte {
                b'{' => return Ok(Some((self.reader.line(), self.object()?))),
                b' ' | b'\t' | b'\r' | b'\n' | b',' | b'[' | b']' => self.reader.consume(1),
                _ => return Ok(Some((self.reader.line(), self.rest_of_line()?))),
            }
        }
    }

    fn rest_of_line(&mut self) -> io::Result<Piece> {
        let mut text = Vec::new();
        while let Some(byte) = self.peek()?.filter(|byte| *byte != b'\n') {
            if text.len() < 200 {
                text.push(byte);
            }
            self.reader.consume(1);
        }
        Ok(Piece::Other(text))
    }

    fn object(&mut self) -> io::Result<Piece> {
        let mut text = Vec::new();
        let (mut depth, mut in_text, mut escaped, mut too_long) = (0u32, false, false, false);
        loop {
            self.reader.begin_piece();
            let bytes = self.reader.fill_buf()?;
            if bytes.is_empty() {
                return Ok(if too_long { Piece::TooLong } else { Piece::Object(text) });
            }
            let mut taken = 0;
            for byte in bytes {
                taken += 1;
                match byte {
                    _ if escaped => escaped = false,
                    b'\\' if in_text => escaped = true,
                    b'"' => in_text = !in_text,
                    // A text has no line ends: the mark was never closed. The record ends here.
                    b'\n' if in_text => depth = 0,
                    b'{' if !in_text => depth += 1,
                    b'}' if !in_text => depth -= 1,
                    _ => {}
                }
                if depth == 0 {
                    break;
                }
            }
            too_long |= text.len() + taken > LONGEST_RECORD;
            if !too_long {
                text.extend_from_slice(&bytes[..taken]);
            }
            self.reader.consume(taken);
            if depth == 0 {
                return Ok(if too_long { Piece::TooLong } else { Piece::Object(text) });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::JsonRows;
    use crate::records::{NUMBER_MARK, Next, RawRow};

    fn read(text: &str) -> Vec<Result<(u64, String), u64>> {
        let mut rows = JsonRows::open(Box::new(Cursor::new(text.as_bytes().to_vec()))).expect("records");
        let mut row = RawRow::default();
        let mut all = Vec::new();
        loop {
            match rows.read(&mut row).expect("memory") {
                Next::Row => {
                    let cells: Vec<&str> = row.cells().collect();
                    all.push(Ok((row.line, cells.join(";").replace(NUMBER_MARK, "#"))));
                }
                Next::Refused(problem) => all.push(Err(problem.line)),
                Next::End => return all,
            }
        }
    }

    fn row(line: u64, text: &str) -> Result<(u64, String), u64> {
        Ok((line, text.to_owned()))
    }

    #[test]
    fn lines_and_arrays_give_the_same_rows() {
        let lines = "{\"sku\":\"1\",\"price\":{\"amount\":12.5}}\n{\"sku\":\"2\",\"tags\":[\"a\",\"b\"]}\n";
        let expected = |first, second| [row(1, "price.amount;sku;tags"), row(first, "#12.5;1;"), row(second, ";2;a|b")];
        assert_eq!(read(lines), expected(1, 2));
        let array =
            "[\n  {\n\"sku\": \"1\", \"price\": {\"amount\": 12.5}},\n {\"sku\": \"2\", \"tags\": [\"a\",\"b\"]} ]";
        assert_eq!(read(array), expected(2, 4));
    }

    #[test]
    fn a_list_of_objects_makes_a_row_of_each() {
        let rows = read("{\"code\":\"A\",\"urls\":[{\"site\":\"x\"},{\"site\":\"y\"}]}");
        assert_eq!(rows, [row(1, "code;urls.site"), row(1, "A;x"), row(1, "A;y")]);
    }

    #[test]
    fn a_broken_record_costs_its_own_line() {
        let rows = read("{\"a\":\"1\"}\n{\"a\":\"2\n{\"a\":\"3\"}\nnothing\n{\"a\":\"4\"}");
        assert_eq!(rows, [row(1, "a"), row(1, "1"), Err(2), row(3, "3"), Err(4), row(5, "4")]);
        let endless = format!("{{\"a\":\"1\"}}\n{{\"a\":\"{}", "[".repeat(3 << 20));
        assert_eq!(read(&endless)[2], Err(2));
    }
}
