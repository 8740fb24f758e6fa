//! Delimited text with new cells in the place of old ones.

use std::io::Write;

use super::price_edits::PriceEdits;
use super::{RewriteReport, RewriteScope, unwritable};
use crate::reader::broken_off;
use crate::records::{Next, RawRow};
use crate::row_source::Verbatim;
use crate::tables::WriteError;

pub(super) fn rewrite(
    mut text: Verbatim,
    edits: &PriceEdits<'_>,
    scope: RewriteScope,
    report: &mut RewriteReport,
    out: &mut dyn Write,
) -> Result<(), WriteError> {
    let mut row = RawRow::default();
    let mut header_lines = text.declaration_lines + 1;
    let mut group = Group::default();
    out.write_all(text.encoding.mark())?;
    loop {
        let next = text.records.read(&mut row).map_err(|error| broken_off(&error))?;
        let raw = text.records.raw().expect("it is kept");
        if raw.cut {
            return Err(unwritable("A line of the file is longer than 1 MiB. Shorten it, or export without the file."));
        }
        if scope == RewriteScope::Whole {
            write(&text, &raw.before, out)?;
        }
        match next {
            Next::End => break,
            _ if header_lines > 0 => {
                write(&text, &raw.row, out)?;
                header_lines -= 1;
                if header_lines == 0 {
                    text.records.expect_width(edits.width);
                }
            }
            Next::Refused(_) if scope == RewriteScope::Whole => write(&text, &raw.row, out)?,
            Next::Refused(_) => {}
            Next::Row => {
                let changes = edits.of_row(|place| row.cell(place), |_| true, report);
                let written =
                    if changes.is_empty() { raw.row.clone() } else { splice(&raw.row, text.delimiter, &changes) };
                if scope == RewriteScope::Whole {
                    write(&text, &written, out)?;
                    continue;
                }
                let name = edits.group.map(|place| row.cell(place).trim().to_owned());
                if group.ends_before(name.as_deref()) {
                    group.finish(&text, out)?;
                }
                group.add(name, &written, !changes.is_empty());
            }
        }
    }
    group.finish(&text, out)
}

fn write(text: &Verbatim, bytes: &[u8], out: &mut dyn Write) -> Result<(), WriteError> {
    let encoded = text.encoding.encode(bytes).ok_or_else(|| {
        unwritable("The file has letters that cannot be written back as they were. Save it as UTF-8 first.")
    })?;
    Ok(out.write_all(&encoded)?)
}

/// The rows of one product: they are written together, or not at all.
#[derive(Default)]
struct Group {
    name: Option<String>,
    rows: Vec<u8>,
    changed: bool,
}

impl Group {
    fn ends_before(&self, name: Option<&str>) -> bool {
        name.is_none_or(|name| name.is_empty() || self.name.as_deref() != Some(name))
    }

    fn add(&mut self, name: Option<String>, row: &[u8], changed: bool) {
        self.name = name;
        self.rows.extend_from_slice(row);
        self.changed |= changed;
    }

    fn finish(&mut self, text: &Verbatim, out: &mut dyn Write) -> Result<(), WriteError> {
        if self.changed {
            write(text, &self.rows, out)?;
        }
        *self = Self::default();
        Ok(())
    }
}

/// Puts new texts in the place of cells; a cell keeps its quotation marks.
fn splice(row: &[u8], delimiter: u8, changes: &[(usize, String)]) -> Vec<u8> {
    let spans = cell_spans(row, delimiter);
    let mut result = Vec::with_capacity(row.len() + 32);
    let mut at = 0;
    for (place, (start, end)) in spans.into_iter().enumerate() {
        let Some((_, text)) = changes.iter().find(|(edited, _)| *edited == place) else { continue };
        result.extend_from_slice(&row[at..start]);
        let quoted = row[start..end].starts_with(b"\"");
        let needs_marks = text.bytes().any(|byte| byte == delimiter || matches!(byte, b'"' | b'\n' | b'\r'));
        if quoted || needs_marks {
            result.push(b'"');
            result.extend_from_slice(text.replace('"', "\"\"").as_bytes());
            result.push(b'"');
        } else {
            result.extend_from_slice(text.as_bytes());
        }
        at = end;
    }
    result.extend_from_slice(&row[at..]);
    result
}

/// Where each cell begins and ends, marks included, line end excluded.
fn cell_spans(row: &[u8], delimiter: u8) -> Vec<(usize, usize)> {
    let content = row.iter().rposition(|byte| !matches!(byte, b'\n' | b'\r')).map_or(0, |last| last + 1);
    let mut spans = Vec::new();
    let mut start = 0;
    let mut in_marks = false;
    let mut begins = true;
    for (place, byte) in row[..content].iter().enumerate() {
        match byte {
            b'"' if begins => in_marks = true,
            b'"' if in_marks => in_marks = false,
            // A doubled mark: the text goes on.
            b'"' if place > start && row[place - 1] == b'"' && row[start] == b'"' => in_marks = true,
            byte if *byte == delimiter && !in_marks => {
                spans.push((start, place));
                start = place + 1;
                begins = true;
                continue;
            }
            _ => {}
        }
        begins = false;
    }
    spans.push((start, content));
    spans
}

#[cfg(test)]
mod tests {
    use super::{cell_spans, splice};

    #[test]
    fn cells_are_found_whatever_their_marks() {
        let cells = |row: &str| -> Vec<String> {
            let spans = cell_spans(row.as_bytes(), b',');
            spans.into_iter().map(|(start, end)| row[start..end].to_owned()).collect()
        };
        assert_eq!(cells("a,\"b,\"\"c\"\"\",,5\" d\r\n"), ["a", "\"b,\"\"c\"\"\"", "", "5\" d"]);
        assert_eq!(cells("\"x\ny\",z"), ["\"x\ny\"", "z"]);
        assert_eq!(cells("\"\",\"\"\"\",a\n"), ["\"\"", "\"\"\"\"", "a"]);
    }

    #[test]
    fn only_the_cells_named_change() {
        let row = b"1,\"9,00\",,\"a \"\"b\"\"\"\r\n";
        let changed = splice(row, b',', &[(1, "8,50".to_owned()), (2, "7,1".to_owned())]);
        assert_eq!(String::from_utf8_lossy(&changed), "1,\"8,50\",\"7,1\",\"a \"\"b\"\"\"\r\n");
    }
}
