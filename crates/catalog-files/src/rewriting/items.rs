//! XML feeds with new texts in the place of old ones.

use std::io::Write;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::price_edits::PriceEdits;
use super::{RewriteReport, RewriteScope, unwritable};
use crate::bounded::BoundedReader;
use crate::encodings::{DecodedText, TextEncoding};
use crate::reader::{Source, broken_off};
use crate::tables::WriteError;
use crate::xml_rows::{is_item, reference_text, split_name};

type Bytes = Box<dyn Source + Send>;

/// An item is kept until it is known whether it changes.
const LARGEST_ITEM: usize = 8 << 20;

pub(super) fn rewrite(
    mut source: Bytes,
    edits: &PriceEdits<'_>,
    scope: RewriteScope,
    report: &mut RewriteReport,
    out: &mut dyn Write,
) -> Result<(), WriteError> {
    let encoding = TextEncoding::detect(&mut source).map_err(|error| broken_off(&error))?;
    match first_sign(&mut source)? {
        Some(b'<') => {}
        Some(b'{' | b'[') => {
            return Err(unwritable(
                "New prices are written into CSV and XML files, not into JSON. Export without a file to write into, or \
                 name the shop's CSV or XML file.",
            ));
        }
        _ => {
            return Err(unwritable(
                "New prices are written into CSV and XML files. Save the sheet as CSV and export into that.",
            ));
        }
    }
    let mut reader = Reader::from_reader(BoundedReader::new(encoding.decode(source)?).keep());
    let mut item = Item::default();
    let mut buffer = Vec::new();
    out.write_all(encoding.mark())?;
    loop {
        reader.get_mut().begin_piece();
        buffer.clear();
        let line = reader.get_ref().line();
        let event = reader.read_event_into(&mut buffer).map_err(|error| {
            unwritable(&format!("The XML is broken on line {line} ({error}). Export the feed from the shop again."))
        })?;
        let ended = matches!(event, Event::Eof);
        let step = item.take(&event);
        drop(event);
        let raw = take_raw(&mut reader);
        match step {
            Step::Outside => write(encoding, &raw, out)?,
            Step::Inside => item.push(&raw)?,
            Step::Done => {
                item.push(&raw)?;
                let written = item.finish(edits, report);
                if scope == RewriteScope::Whole || written.1 {
                    write(encoding, &written.0, out)?;
                }
            }
        }
        if ended && item.open {
            return Err(unwritable(&format!(
                "The feed ends within a product, on line {line}: a part of it is missing. Export it from the shop again."
            )));
        }
        if ended {
            return Ok(());
        }
    }
}

/// The first sign of the text, whatever its encoding.
fn first_sign(source: &mut Bytes) -> Result<Option<u8>, WriteError> {
    let mut head = [0; 64];
    let length = source.read(&mut head)?;
    let is_sign = |byte: &u8| !byte.is_ascii_whitespace() && !matches!(byte, 0 | 0xef | 0xbb | 0xbf | 0xff | 0xfe);
    Ok(head[..length].iter().copied().find(is_sign))
}

fn take_raw(reader: &mut Reader<BoundedReader<DecodedText<Bytes>>>) -> Vec<u8> {
    reader.get_mut().take_kept()
}

fn write(encoding: TextEncoding, bytes: &[u8], out: &mut dyn Write) -> Result<(), WriteError> {
    let encoded = encoding.encode(bytes).ok_or_else(|| {
        unwritable("The feed has letters that cannot be written back as they were. Save it as UTF-8 first.")
    })?;
    Ok(out.write_all(&encoded)?)
}

enum Step {
    Outside,
    Inside,
    Done,
}

/// A column's element within the item.
struct Element {
    name: String,
    prefixed: bool,
    text: String,
    /// Where its text stands within the item.
    start: usize,
    end: usize,
}

#[derive(Default)]
struct Item {
    open: bool,
    depth: usize,
    raw: Vec<u8>,
    elements: Vec<Element>,
}

impl Item {
    fn push(&mut self, raw: &[u8]) -> Result<(), WriteError> {
        self.raw.extend_from_slice(raw);
        if let Some(element) = self.elements.last_mut().filter(|element| element.end == usize::MAX) {
            element.start = element.start.min(self.raw.len());
        }
        if self.raw.len() > LARGEST_ITEM {
            return Err(unwritable("A single product of the feed is larger than 8 MiB. Check the file."));
        }
        Ok(())
    }

    fn take(&mut self, event: &Event<'_>) -> Step {
        match event {
            Event::Start(tag) if !self.open => {
                if !is_item(&split_name(tag).1) {
                    return Step::Outside;
                }
                self.open = true;
                self.depth = 0;
            }
            _ if !self.open => return Step::Outside,
            Event::Start(tag) => {
                self.depth += 1;
                if self.depth == 1 {
                    let (prefix, name) = split_name(tag);
                    let element = Element {
                        name,
                        prefixed: prefix == "g",
                        text: String::new(),
                        start: usize::MAX,
                        end: usize::MAX,
                    };
                    self.elements.push(element);
                }
            }
            Event::End(_) if self.depth == 0 => {
                self.open = false;
                return Step::Done;
            }
            Event::End(_) => {
                self.depth -= 1;
                let at = self.raw.len();
                if let Some(element) = self.elements.last_mut().filter(|_| self.depth == 0) {
                    element.end = at;
                }
            }
            Event::Text(text) if self.depth >= 1 => self.add_text(text),
            Event::CData(text) if self.depth >= 1 => self.add_text(text),
            Event::GeneralRef(name) if self.depth >= 1 => {
                let text = reference_text(name).unwrap_or_default();
                self.add_text(&text);
            }
            _ => {}
        }
        Step::Inside
    }

    fn add_text(&mut self, text: &str) {
        if let Some(element) = self.elements.last_mut() {
            element.text.push_str(text);
        }
    }

    /// The item's text with its edits, and whether there are any.
    fn finish(&mut self, edits: &PriceEdits<'_>, report: &mut RewriteReport) -> (Vec<u8>, bool) {
        let raw = std::mem::take(&mut self.raw);
        let elements = std::mem::take(&mut self.elements);
        let find = |place: usize| {
            let name = edits.names.get(place)?;
            let named = |element: &&Element| element.name == *name;
            elements.iter().filter(|element| element.prefixed).find(named).or_else(|| elements.iter().find(named))
        };
        let text = |place| find(place).map_or("", |element: &Element| element.text.trim());
        // An element that is not there, or has no room for a text, takes none.
        let changes =
            edits.of_row(text, |place| find(place).is_some_and(|element| element.start <= element.end), report);
        let mut spans: Vec<(usize, usize, &str)> = changes
            .iter()
            .filter_map(|(place, text)| find(*place).map(|element| (element.start, element.end, text.as_str())))
            .collect();
        spans.sort_unstable_by_key(|(start, _, _)| *start);
        let mut result = Vec::with_capacity(raw.len() + 16);
        let mut at = 0;
        for (start, end, text) in spans {
            result.extend_from_slice(&raw[at..start]);
            result.extend_from_slice(text.replace('&', "&amp;").replace('<', "&lt;").as_bytes());
            at = end;
        }
        result.extend_from_slice(&raw[at..]);
        (result, !changes.is_empty())
    }
}
