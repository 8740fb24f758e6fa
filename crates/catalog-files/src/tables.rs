//! Writes tables as CSV, XLSX or JSON. Text that begins like a formula is made safe.

use std::borrow::Cow;
use std::fmt;
use std::io::{self, Write};

use pricing_domain::{OutputFormat, Problem};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use crate::guards::{guard, guard_string_cell};

const MOST_SHEET_ROWS: usize = 1_048_576;
const LONGEST_SHEET_TEXT: usize = 32_767;
const SHEET_DIGITS: usize = 15;

impl From<Problem> for WriteError {
    fn from(problem: Problem) -> Self {
        Self::Refused(problem)
    }
}

/// Why a file was not written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The place to write to failed.
    #[error("the file could not be written: {0}")]
    Io(#[from] io::Error),
    /// The file to be copied is not as it has to be.
    #[error("{0}")]
    Refused(Problem),
    /// The workbook could not be made.
    #[error("the workbook could not be written: {0}")]
    Workbook(#[from] XlsxError),
    /// More than a sheet can hold.
    #[error("a sheet holds at most 1,048,575 rows; export as CSV, or filter first")]
    TooManyRows,
    /// A text that a sheet's cell cannot hold.
    #[error("a text of column {0} is longer than the 32,767 characters of a sheet's cell; export as CSV")]
    TextTooLong(String),
}

/// One cell to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TableCell {
    /// Nothing.
    Empty,
    /// Words; made safe where they begin like a formula.
    Text(String),
    /// A plain decimal number with a dot (`-12.30`), written digit by digit.
    Number(String),
}

impl TableCell {
    /// Words, or nothing.
    pub fn text(words: Option<&str>) -> Self {
        words.filter(|words| !words.is_empty()).map_or(Self::Empty, |words| Self::Text(words.to_owned()))
    }

    /// A number, or nothing.
    pub fn number(number: Option<impl fmt::Display>) -> Self {
        number.map_or(Self::Empty, |number| Self::Number(number.to_string()))
    }
}

/// Writes a header and rows. A workbook is built in memory; the others are streamed.
pub fn write_table(
    header: &[&str],
    rows: impl IntoIterator<Item = Vec<TableCell>>,
    format: OutputFormat,
    out: &mut dyn Write,
) -> Result<(), WriteError> {
    match format {
        OutputFormat::Csv => write_csv(header, rows, out),
        OutputFormat::Xlsx => write_xlsx(header, rows, out),
        OutputFormat::Json => write_json(header, rows, out),
    }
}

fn write_csv(
    header: &[&str],
    rows: impl IntoIterator<Item = Vec<TableCell>>,
    out: &mut dyn Write,
) -> Result<(), WriteError> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).flexible(true).from_writer(out);
    writer.write_record(header).map_err(io::Error::other)?;
    for row in rows {
        for cell in &row {
            match cell {
                TableCell::Empty => writer.write_field(""),
                TableCell::Text(words) => writer.write_field(guard(words).as_bytes()),
                TableCell::Number(number) => writer.write_field(unambiguous(number).as_bytes()),
            }
            .map_err(io::Error::other)?;
        }
        writer.write_record(None::<&[u8]>).map_err(io::Error::other)?;
    }
    Ok(writer.flush()?)
}

/// `1.234` could be a thousand to whoever reads it: a fourth decimal makes it plain.
fn unambiguous(number: &str) -> Cow<'_, str> {
    match number.split_once('.') {
        Some((_, decimals)) if decimals.len() == 3 => Cow::Owned(format!("{number}0")),
        _ => Cow::Borrowed(number),
    }
}

fn write_xlsx(
    header: &[&str],
    rows: impl IntoIterator<Item = Vec<TableCell>>,
    out: &mut dyn Write,
) -> Result<(), WriteError> {
    let mut workbook = Workbook::new();
    // A fixed date: the same rows give the same bytes, and nothing here reads a clock.
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?));
    let sheet = workbook.add_worksheet();
    sheet.set_freeze_panes(1, 0)?;
    for (column, name) in (0..).zip(header) {
        sheet.write_string_with_format(0, column, *name, &Format::new().set_bold())?;
    }
    for (row, cells) in (1..).zip(rows) {
        if row as usize >= MOST_SHEET_ROWS {
            return Err(WriteError::TooManyRows);
        }
        for (column, cell) in (0..).zip(&cells) {
            let name = header.get(usize::from(column)).copied().unwrap_or_default();
            write_sheet_cell(sheet, row, column, cell, name)?;
        }
    }
    Ok(out.write_all(&workbook.save_to_buffer()?)?)
}

fn write_sheet_cell(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    cell: &TableCell,
    name: &str,
) -> Result<(), WriteError> {
    match cell {
        TableCell::Empty => {}
        TableCell::Text(words) if words.chars().count() >= LONGEST_SHEET_TEXT => {
            return Err(WriteError::TextTooLong(name.to_owned()));
        }
        TableCell::Text(words) => {
            sheet.write_string(row, column, guard_string_cell(words))?;
        }
        TableCell::Number(number) => match number.parse::<f64>() {
            Ok(value) if number.bytes().filter(u8::is_ascii_digit).count() <= SHEET_DIGITS => {
                sheet.write_number(row, column, value)?;
            }
            _ => {
                sheet.write_string(row, column, unambiguous(number))?;
            }
        },
    }
    Ok(())
}

fn write_json(
    header: &[&str],
    rows: impl IntoIterator<Item = Vec<TableCell>>,
    out: &mut dyn Write,
) -> Result<(), WriteError> {
    out.write_all(b"[")?;
    for (index, row) in rows.into_iter().enumerate() {
        out.write_all(if index == 0 { b"\n{" } else { b",\n{" })?;
        for (place, (name, cell)) in header.iter().zip(&row).enumerate() {
            if place > 0 {
                out.write_all(b",")?;
            }
            let value = match cell {
                TableCell::Empty => "null".to_owned(),
                TableCell::Number(number) if serde_json::from_str::<serde_json::Number>(number).is_ok() => {
                    number.clone()
                }
                TableCell::Text(words) | TableCell::Number(words) => json_text(words),
            };
            write!(out, "{}:{value}", json_text(name))?;
        }
        out.write_all(b"}")?;
    }
    Ok(out.write_all(b"\n]\n")?)
}

fn json_text(words: &str) -> String {
    serde_json::Value::from(words).to_string()
}

#[cfg(test)]
mod tests {
    use pricing_domain::OutputFormat;

    use super::{TableCell, write_table};

    #[test]
    fn formulas_are_guarded_and_numbers_are_not() {
        let row = vec![
            TableCell::Text("=HYPERLINK(1)".to_owned()),
            TableCell::Number("-12.30".to_owned()),
            TableCell::Empty,
            TableCell::Text("a, \"b\"".to_owned()),
        ];
        let write = |format| {
            let mut out = Vec::new();
            write_table(&["a", "b", "c", "d"], [row.clone()], format, &mut out).expect("memory");
            String::from_utf8(out).expect("text")
        };
        assert_eq!(write(OutputFormat::Csv), "a,b,c,d\r\n'=HYPERLINK(1),-12.30,,\"a, \"\"b\"\"\"\r\n");
        let json = "[\n{\"a\":\"=HYPERLINK(1)\",\"b\":-12.30,\"c\":null,\"d\":\"a, \\\"b\\\"\"}\n]\n";
        assert_eq!(write(OutputFormat::Json), json);
    }
}
