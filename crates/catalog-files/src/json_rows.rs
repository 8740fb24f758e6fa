//! Rows from JSON: one object a line, or objects in an array. Values within values are columns with a dot
//! (`price.amount`); a list of objects in a record (`urls`) makes one row of each.

use std::collections::BTreeSet;
use std::io::{self, Write};

use pricing_domain::Problem;
use serde_json::{Map, Value};

use crate::encodings::TextEncoding;
use crate::json_objects::{Objects, Piece};
use crate::problems::{file_problem, row_problem};
use crate::reader::{Source, size_of};
use crate::records::{NUMBER_MARK, Next, RawRow};

type Bytes = Box<dyn Source + Send>;

const MOST_COLUMNS: usize = 1_024;
const DEEPEST: usize = 4;
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
        let done = self.objects.as_ref().map_or(0, |objects| objects.bytes_read());
        (done.min(self.size), self.size)
    }

    pub(crate) fn rewind(&mut self) -> io::Result<()> {
        let objects = self.objects.take().ok_or_else(|| io::Error::other("the file was lost while reading"))?;
        self.objects = Some(Objects::new(self.encoding.decode(objects.into_source())?));
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
            Piece::Object(text) | Piece::Broken(text) => text,
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
        if let (true, Piece::Object(text) | Piece::Broken(text) | Piece::Other(text)) = (lines.contains(&line), piece) {
            out.write_all(text.trim_ascii_end())?;
            out.write_all(b"\n")?;
            count += 1;
        }
    }
    Ok(count)
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
    fn a_broken_record_over_several_lines_costs_those_lines() {
        let rows = read(
            "[\n  {\n    \"a\": \"1\",\n    \"l\": [\n      {\n        \"a\": \"inner\"\n      }\n    \n  {\n    \"a\": \"2\"\n  },\n  {\n    \"a\": \"3\"\n  }\n]\n",
        );
        assert_eq!(rows, [row(1, "a"), Err(2), row(9, "2"), row(12, "3")]);
    }

    #[test]
    fn a_broken_record_costs_its_own_line() {
        let rows = read("{\"a\":\"1\"}\n{\"a\":\"2\n{\"a\":\"3\"}\nnothing\n{\"a\":\"4\"}");
        assert_eq!(rows, [row(1, "a"), row(1, "1"), Err(2), row(3, "3"), Err(4), row(5, "4")]);
        let swallowing = "{\"a\":\"1\"}\n{\"a\":\"2\",\"b\":\n{\"a\":\"3\"}\n{\"a\":\"4\",\"b\":[\"x\",\n{\"a\":\"5\"}\n{\"a\":\"6\"";
        let expected = [row(1, "a"), row(1, "1"), Err(2), row(3, "3"), Err(4), row(5, "5"), Err(6)];
        assert_eq!(read(swallowing), expected);
        let endless = format!("{{\"a\":\"1\"}}\n{{\"a\":\"{}", "[".repeat(3 << 20));
        assert_eq!(read(&endless)[2], Err(2));
    }
}
