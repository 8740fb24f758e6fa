//! A report as a workbook: a sheet with what is read first, then a sheet for each table, with real numbers.

use std::collections::HashSet;
use std::io::Write;

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Workbook, Worksheet};

use crate::ReportError;
use crate::content::{Align, Block, Cell, Report, Table};

/// Longest name of a sheet.
const LONGEST_NAME: usize = 31;
const ACCENT: Color = Color::RGB(0x000B_5CAD);

/// Writes the report as XLSX.
pub fn write_xlsx(report: &Report, out: &mut dyn Write) -> Result<(), ReportError> {
    let mut workbook = Workbook::new();
    let mut names = HashSet::new();
    summary(report, workbook.add_worksheet())?;
    names.insert("summary".to_owned());
    for block in &report.blocks {
        if let Block::Table(table) = block {
            let sheet = workbook.add_worksheet();
            sheet.set_name(sheet_name(&table.title, &mut names))?;
            write_table(table, sheet)?;
        }
    }
    out.write_all(&workbook.save_to_buffer()?)?;
    Ok(())
}

fn summary(report: &Report, sheet: &mut Worksheet) -> Result<(), ReportError> {
    sheet.set_name("Summary")?;
    sheet.set_column_width(0, 34)?;
    sheet.set_column_width(1, 22)?;
    sheet.set_column_width(2, 60)?;
    let title = Format::new().set_bold().set_font_size(16);
    let heading = Format::new().set_bold().set_font_color(ACCENT);
    let muted = Format::new().set_font_color(Color::Gray);
    sheet.write_with_format(0, 0, &report.title, &title)?;
    sheet.write(1, 0, &report.subtitle)?;
    sheet.write_with_format(2, 0, format!("{}, {}", report.company, report.made), &muted)?;
    let mut row = 4;
    for block in &report.blocks {
        match block {
            Block::Heading(text) => {
                row += 1;
                sheet.write_with_format(row, 0, text, &heading)?;
                row += 1;
            }
            Block::Paragraph(text) => {
                sheet.write(row, 0, text)?;
                row += 1;
            }
            Block::Figures(figures) => {
                for figure in figures {
                    sheet.write(row, 0, &figure.label)?;
                    sheet.write_with_format(row, 1, &figure.value, &Format::new().set_align(FormatAlign::Right))?;
                    sheet.write_with_format(row, 2, &figure.note, &muted)?;
                    row += 1;
                }
            }
            Block::Picture(picture) => {
                sheet.write(row, 0, &picture.title)?;
                row += 1;
            }
            Block::Table(_) => {}
        }
    }
    Ok(())
}

fn write_table(table: &Table, sheet: &mut Worksheet) -> Result<(), ReportError> {
    let header = Format::new().set_bold().set_border_bottom(FormatBorder::Thin).set_text_wrap();
    let right = header.clone().set_align(FormatAlign::Right);
    for (column, place) in table.columns.iter().zip(0u16..) {
        let format = if column.align == Align::Right { &right } else { &header };
        sheet.write_with_format(0, place, &column.name, format)?;
        sheet.set_column_width(place, f64::from(column.width.clamp(6, 60)) * 1.1)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    for (cells, row) in table.rows.iter().zip(1u32..) {
        for (cell, place) in cells.iter().zip(0u16..) {
            write_cell(sheet, row, place, cell)?;
        }
    }
    let last_row = u32::try_from(table.rows.len()).unwrap_or(u32::MAX - 4);
    match (u16::try_from(table.columns.len()), table.rows.is_empty()) {
        (Ok(columns), false) if columns > 0 => {
            sheet.autofilter(0, 0, last_row, columns - 1)?;
        }
        _ => {
            sheet.write(1, 0, &table.empty)?;
        }
    }
    if !table.note.is_empty() {
        sheet.write_with_format(last_row + 2, 0, &table.note, &Format::new().set_font_color(Color::Gray))?;
    }
    Ok(())
}

/// A spreadsheet holds every number as a floating-point one; nothing is computed with it here.
fn write_cell(sheet: &mut Worksheet, row: u32, column: u16, cell: &Cell) -> Result<(), ReportError> {
    match cell {
        Cell::Text(text) => {
            sheet.write_string(row, column, text)?;
        }
        Cell::Number { value, digits } => {
            let number = *value as f64 / 10f64.powi(i32::from(*digits));
            sheet.write_number_with_format(
                row,
                column,
                number,
                &Format::new().set_num_format(number_format(*digits)),
            )?;
        }
        Cell::Percent(value) => {
            let format = Format::new().set_num_format("0.0%");
            sheet.write_number_with_format(row, column, *value as f64 / 10_000.0, &format)?;
        }
        Cell::Change(value) => {
            let format = Format::new().set_num_format("+0.0%;-0.0%;0.0%");
            sheet.write_number_with_format(row, column, *value as f64 / 10_000.0, &format)?;
        }
        Cell::Missing => {}
    }
    Ok(())
}

fn number_format(digits: u8) -> String {
    match digits {
        0 => "#,##0".to_owned(),
        digits => format!("#,##0.{}", "0".repeat(usize::from(digits))),
    }
}

/// A name that a sheet may have, and that no other one has.
fn sheet_name(title: &str, taken: &mut HashSet<String>) -> String {
    let plain: String = title.chars().filter(|letter| !"[]:*?/\\'".contains(*letter)).collect();
    let plain = if plain.trim().is_empty() { "Table" } else { plain.trim() };
    (1..)
        .map(|number: u32| {
            let suffix = if number == 1 { String::new() } else { format!(" {number}") };
            let kept: String = plain.chars().take(LONGEST_NAME - suffix.len()).collect();
            format!("{}{suffix}", kept.trim_end())
        })
        .find(|name| taken.insert(name.to_lowercase()))
        .expect("some number is free")
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{number_format, sheet_name};

    #[test]
    fn names_of_sheets_are_short_plain_and_unique() {
        let mut taken = HashSet::new();
        let long = "Products [dearer] than the lowest offer: all of them";
        let first = sheet_name(long, &mut taken);
        let second = sheet_name(long, &mut taken);
        assert!(first.chars().count() <= 31 && second.chars().count() <= 31);
        assert_ne!(first, second);
        assert!(!first.contains(['[', ':']), "{first}");
        assert_eq!(number_format(2), "#,##0.00");
    }
}
