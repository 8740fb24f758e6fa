//! Rows from XML: each `item` or `entry` of a feed is a row, each kind of element within it a column. The European
//! Central Bank's rates are rows of day, currency and rate. Nothing is expanded but characters, so that nested
//! entities cost nothing.

use std::io;

use pricing_domain::Problem;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::bounded::BoundedReader;
use crate::encodings::{DecodedText, TextEncoding};
use crate::problems::{file_problem, row_problem};
use crate::reader::{Source, size_of};
use crate::records::{Next, RawRow};

type Bytes = Box<dyn Source + Send>;
type XmlReader = Reader<BoundedReader<DecodedText<Bytes>>>;

const MOST_COLUMNS: usize = 1_024;
const DEEPEST: usize = 64;
/// Elements that are one product each.
const ITEMS: [&str; 5] = ["item", "entry", "product", "offer", "shopitem"];
const RATE_COLUMNS: [&str; 3] = ["date", "currency", "rate"];

/// The rows of an XML file.
pub(crate) struct XmlRows {
    /// `None` only while it is rebuilt.
    reader: Option<XmlReader>,
    encoding: TextEncoding,
    columns: Vec<String>,
    item: ItemReader,
    header_given: bool,
    ended: bool,
    size: u64,
}

impl XmlRows {
    /// Reads the file once to learn its columns.
    pub(crate) fn open(mut source: Bytes) -> Result<Self, Problem> {
        let size = size_of(&mut source).map_err(|error| broken(0, &error))?;
        let encoding = TextEncoding::detect(&mut source).map_err(|error| broken(0, &error))?;
        let reader = xml_reader(encoding, source).map_err(|error| broken(0, &error))?;
        let mut rows = Self {
            reader: Some(reader),
            encoding,
            columns: Vec::new(),
            item: ItemReader::default(),
            header_given: false,
            ended: false,
            size,
        };
        rows.learn_columns();
        if rows.columns.is_empty() {
            let reason = "The XML has no products: neither `item` nor `entry` elements. Export the product feed again.";
            return Err(file_problem("", "", reason));
        }
        rows.rewind().map_err(|error| broken(0, &error))?;
        Ok(rows)
    }

    fn learn_columns(&mut self) {
        let Some(reader) = &mut self.reader else { return };
        while let Ok(Some(_)) = self.item.read(reader) {
            for (name, _) in &self.item.cells {
                if self.columns.len() < MOST_COLUMNS && !self.columns.contains(name) {
                    self.columns.push(name.clone());
                }
            }
        }
    }

    pub(crate) fn encoding_name(&self) -> String {
        format!("XML, {}", self.encoding.name())
    }

    pub(crate) fn position(&self) -> (u64, u64) {
        if self.ended {
            return (self.size, self.size);
        }
        let done = self.reader.as_ref().map_or(0, |reader| reader.get_ref().source().bytes_read());
        (done.min(self.size), self.size)
    }

    pub(crate) fn rewind(&mut self) -> io::Result<()> {
        let reader = self.reader.take().ok_or_else(|| io::Error::other("the file was lost while reading"))?;
        self.reader = Some(xml_reader(self.encoding, reader.into_inner().into_source().into_source())?);
        self.item = ItemReader::default();
        self.header_given = false;
        self.ended = false;
        Ok(())
    }

    /// The names of the columns first, then the items.
    pub(crate) fn read(&mut self, row: &mut RawRow) -> Next {
        if !self.header_given {
            self.header_given = true;
            row.begin(1);
            self.columns.iter().for_each(|name| row.push(name));
            return Next::Row;
        }
        let Some(reader) = self.reader.as_mut().filter(|_| !self.ended) else { return Next::End };
        match self.item.read(reader) {
            Ok(None) => {
                self.ended = true;
                Next::End
            }
            Err(problem) => {
                self.ended = true;
                Next::Refused(problem)
            }
            Ok(Some(line)) => {
                if let Some(entity) = &self.item.unknown_entity {
                    let reason = "The entity is not known here. Write the letter itself.";
                    return Next::Refused(row_problem(line, "", &format!("&{entity};"), reason));
                }
                row.begin(line);
                for column in &self.columns {
                    let cell = self.item.cells.iter().find(|(name, _)| name == column);
                    row.push(cell.map_or("", |(_, text)| text));
                }
                Next::Row
            }
        }
    }
}

fn xml_reader(encoding: TextEncoding, source: Bytes) -> io::Result<XmlReader> {
    let mut reader = Reader::from_reader(BoundedReader::new(encoding.decode(source)?));
    reader.config_mut().expand_empty_elements = false;
    Ok(reader)
}

fn broken(line: u64, error: &dyn std::fmt::Display) -> Problem {
    row_problem(line, "", "", format!("The XML is broken here ({error}); nothing after it was read. Export it again."))
}

/// Whether elements of this name are products.
pub(crate) fn is_item(name: &str) -> bool {
    ITEMS.iter().any(|item| item.eq_ignore_ascii_case(name))
}

/// The text that a reference within a text stands for; `None`: it is not defined here.
pub(crate) fn reference_text(name: &str) -> Option<String> {
    let code = name.strip_prefix('#').map(|code| match code.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => code.parse(),
    });
    match (code, name) {
        (Some(code), _) => char::from_u32(code.ok()?).map(String::from),
        (None, "amp") => Some("&".into()),
        (None, "lt") => Some("<".into()),
        (None, "gt") => Some(">".into()),
        (None, "quot") => Some("\"".into()),
        (None, "apos") => Some("'".into()),
        (None, "nbsp") => Some(" ".into()),
        _ => None,
    }
}

/// Collects one item after the other.
#[derive(Default)]
struct ItemReader {
    cells: Vec<(String, String)>,
    unknown_entity: Option<String>,
    buffer: Vec<u8>,
    /// The elements open within the item.
    path: Vec<String>,
    /// Whether the innermost column stands there with the prefix `g`, which outranks others of its name.
    prefixed: bool,
    text: String,
    link: String,
    depth: usize,
    day: String,
}

impl ItemReader {
    /// The next item's line; `None` at the end.
    fn read(&mut self, reader: &mut XmlReader) -> Result<Option<u64>, Problem> {
        self.cells.clear();
        self.unknown_entity = None;
        let mut line = None;
        loop {
            reader.get_mut().begin_piece();
            let at = reader.get_ref().line();
            let mut buffer = std::mem::take(&mut self.buffer);
            buffer.clear();
            let event = reader.read_event_into(&mut buffer).map_err(|error| broken(at, &error))?;
            let done = self.take(&event, at, &mut line)?;
            drop(event);
            self.buffer = buffer;
            match done {
                Step::On => {}
                Step::Item => return Ok(line),
                Step::End => return Ok(None),
            }
        }
    }

    fn take(&mut self, event: &Event<'_>, at: u64, line: &mut Option<u64>) -> Result<Step, Problem> {
        match event {
            Event::Start(tag) => {
                self.depth += 1;
                if self.depth > DEEPEST {
                    return Err(broken(at, &"its elements are nested too deeply"));
                }
                self.start(tag, at, line);
            }
            Event::Empty(tag) => {
                if self.rate(tag) {
                    *line = Some(at);
                    return Ok(Step::Item);
                }
                if line.is_some() {
                    self.begin_element(tag);
                    self.end_element();
                }
            }
            Event::Text(text) if line.is_some() => self.text.push_str(text),
            Event::CData(text) if line.is_some() => self.text.push_str(text),
            Event::GeneralRef(name) if line.is_some() => match reference_text(name) {
                Some(text) => self.text.push_str(&text),
                None => self.unknown_entity = Some((**name).to_owned()),
            },
            Event::End(_) => {
                self.depth = self.depth.saturating_sub(1);
                if line.is_some() && self.path.is_empty() {
                    return Ok(Step::Item);
                }
                if line.is_some() {
                    self.end_element();
                }
            }
            Event::Eof => return Ok(Step::End),
            _ => {}
        }
        Ok(Step::On)
    }

    fn start(&mut self, tag: &BytesStart<'_>, at: u64, line: &mut Option<u64>) {
        let (_, name) = split_name(tag);
        if line.is_some() {
            self.begin_element(tag);
        } else if is_item(&name) {
            *line = Some(at);
            self.path.clear();
        } else if name == "Cube"
            && let Some(day) = attribute(tag, "time")
        {
            self.day = day;
        }
    }

    /// The European Central Bank's rates: `<Cube currency="USD" rate="1.05"/>` within `<Cube time="…">`.
    fn rate(&mut self, tag: &BytesStart<'_>) -> bool {
        let (Some(currency), Some(rate)) = (attribute(tag, "currency"), attribute(tag, "rate")) else { return false };
        let cells = [self.day.clone(), currency, rate];
        self.cells = RATE_COLUMNS.iter().map(|name| (*name).to_owned()).zip(cells).collect();
        true
    }

    fn begin_element(&mut self, tag: &BytesStart<'_>) {
        let (prefix, name) = split_name(tag);
        if self.path.is_empty() {
            self.text.clear();
            self.prefixed = prefix == "g";
            self.link = attribute(tag, "href").unwrap_or_default();
        } else if !self.text.trim().is_empty() {
            self.text.push(':');
        }
        self.path.push(name);
    }

    fn end_element(&mut self) {
        let Some(name) = self.path.pop() else { return };
        if !self.path.is_empty() {
            return;
        }
        let text = if self.text.trim().is_empty() { self.link.trim() } else { self.text.trim() };
        match self.cells.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) if self.prefixed => text.clone_into(known),
            Some(_) => {}
            None => self.cells.push((name, text.to_owned())),
        }
    }
}

enum Step {
    On,
    Item,
    End,
}

/// Prefix and name of an element.
pub(crate) fn split_name(tag: &BytesStart<'_>) -> (String, String) {
    let name = tag.name();
    let name: &str = name.into_inner();
    match name.split_once(':') {
        Some((prefix, local)) => (prefix.to_owned(), local.to_owned()),
        None => (String::new(), name.to_owned()),
    }
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let attributes = tag.attributes().filter_map(Result::ok);
    let found = attributes.into_iter().find(|attribute| attribute.key.into_inner() == name)?;
    Some(found.value.to_string())
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::XmlRows;
    use crate::records::{Next, RawRow};

    fn read(text: &str) -> Vec<Result<Vec<String>, String>> {
        let mut rows = match XmlRows::open(Box::new(Cursor::new(text.as_bytes().to_vec()))) {
            Ok(rows) => rows,
            Err(problem) => return vec![Err(problem.reason)],
        };
        let mut row = RawRow::default();
        let mut all = Vec::new();
        loop {
            match rows.read(&mut row) {
                Next::Row => all.push(Ok(row.cells().map(str::to_owned).collect())),
                Next::Refused(problem) => all.push(Err(problem.to_string())),
                Next::End => return all,
            }
        }
    }

    #[test]
    fn entities_are_never_expanded() {
        let bomb = "<!DOCTYPE r [<!ENTITY a \"xxxxxxxxxx\"><!ENTITY b \"&a;&a;&a;\">]>\n<rss><channel><item>\
                    <id>1</id><title>&b;</title></item><item><id>A&amp;B &#228;</id></item></channel></rss>";
        let rows = read(bomb);
        assert!(rows[1].as_ref().expect_err("an entity").contains("&b;") || rows[1].is_err());
        assert_eq!(rows[2], Ok(vec!["A&B ä".to_owned(), String::new()]));
    }

    #[test]
    fn a_broken_end_keeps_what_came_before_and_says_where() {
        let rows = read("<feed>\n<entry><id>1</id></entry>\n<entry><id>2</wrong></entry></feed>");
        assert_eq!(rows.len(), 3, "{rows:?}");
        assert_eq!(rows[1], Ok(vec!["1".to_owned()]));
        assert!(rows[2].as_ref().expect_err("broken").contains("line 3"), "{rows:?}");
    }

    #[test]
    fn deep_and_endless_elements_are_refused() {
        let deep = format!("<rss><item>{}", "<a>".repeat(100_000));
        assert!(read(&deep)[0].is_err());
        let endless = format!("<rss><item><id>1</id></item><item><title {}", "x".repeat(9 << 20));
        let rows = read(&endless);
        assert!(rows.last().expect("a row").as_ref().expect_err("endless").contains("4 MiB"), "{:?}", rows.len());
    }
}
