//! Copies chosen rows of a file to a file of their own, with the first line, so that they can be mended and read alone.

use std::collections::BTreeSet;
use std::io::Write;

use pricing_domain::OutputFormat;

use crate::json_rows::copy_records;
use crate::own_rows::open_rows;
use crate::packed::unpack;
use crate::reader::{Source, broken_off};
use crate::records::{NUMBER_MARK, Next, RawRow};
use crate::row_source::{RowSource, Verbatim};
use crate::tables::{TableCell, WriteError, write_table};

/// Copies the rows that begin on `lines`, byte by byte where the file is delimited text, JSON as one record a line, else
/// as CSV with the same columns. `sheet`: which one of a workbook was read. Returns how many were copied.
pub fn copy_rows(
    file_name: &str,
    mut open: impl FnMut() -> std::io::Result<Box<dyn Source + Send>>,
    (lines, sheet): (&BTreeSet<u64>, Option<&str>),
    out: &mut dyn Write,
) -> Result<u64, WriteError> {
    let (source, name) = unpack(open()?, file_name)?;
    if let Some(text) = Verbatim::open(&name, source, None)? {
        return copy_text(text, lines, out);
    }
    let (mut rows, beginning) = open_rows(file_name, open()?, None, sheet)?;
    if let RowSource::Json(_) = rows {
        let (source, _) = unpack(open()?, file_name)?;
        return Ok(copy_records(source, lines, out)?);
    }
    let mut row = RawRow::default();
    let mut chosen = Vec::new();
    loop {
        match rows.read(&mut row)? {
            Next::Row if lines.contains(&row.line) => chosen.push(row.cells().map(table_cell).collect::<Vec<_>>()),
            Next::Row | Next::Refused(_) => {}
            Next::End => break,
        }
    }
    let header: Vec<&str> = beginning.header.names().iter().map(String::as_str).collect();
    let count = chosen.len() as u64;
    write_table(&header, chosen, OutputFormat::Csv, out)?;
    Ok(count)
}

fn table_cell(text: &str) -> TableCell {
    match text.strip_prefix(NUMBER_MARK) {
        Some(number) => TableCell::Number(number.to_owned()),
        None => TableCell::text(Some(text)),
    }
}

fn copy_text(mut text: Verbatim, lines: &BTreeSet<u64>, out: &mut dyn Write) -> Result<u64, WriteError> {
    let mut row = RawRow::default();
    let mut header_lines = text.declaration_lines + 1;
    let mut count = 0;
    out.write_all(text.encoding.mark())?;
    loop {
        let line = match text.records.read(&mut row).map_err(|error| broken_off(&error))? {
            Next::Row => row.line,
            Next::Refused(problem) => problem.line,
            Next::End => return Ok(count),
        };
        let in_header = header_lines > 0;
        header_lines = header_lines.saturating_sub(1);
        if header_lines == 0 && in_header {
            // As in reading: rows have the width of the first line, up to its last name.
            let width = row.cells().collect::<Vec<_>>().iter().rposition(|name| !name.trim().is_empty());
            text.records.expect_width(width.map_or(0, |last| last + 1));
        }
        if !in_header && !lines.contains(&line) {
            continue;
        }
        let Some(raw) = text.records.raw() else { continue };
        out.write_all(&text.encoding.encode(&raw.row).unwrap_or_else(|| raw.row.clone()))?;
        if !raw.row.ends_with(b"\n") && !raw.row.ends_with(b"\r") {
            out.write_all(&text.encoding.encode(b"\n").unwrap_or_default())?;
        }
        count += u64::from(!in_header);
    }
}
