//! A report as a workbook: a sheet with what is read first, then a sheet for each table, with real numbers.

use std::collections::HashSet;
use std::io::Write;

use pricing_domain::{CivilDate, Instant};
use rust_xlsxwriter::{Color, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

use crate::ReportError;
use crate::content::{Align, Block, Cell, KeyFigure, Report, Table};

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
                    for (label, cell, place) in labelled(figure) {
                        sheet.write(row, 0, label)?;
                        write_cell(sheet, row, 1, &cell)?;
                        if place == 0 {
                            sheet.write_with_format(row, 2, &figure.note, &muted)?;
                        }
                        row += 1;
                    }
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

/// Each number of a figure with its own label, and its place among them.
fn labelled(figure: &KeyFigure) -> Vec<(String, Cell, usize)> {
    let unit = if figure.unit.is_empty() { String::new() } else { format!(", {}", figure.unit) };
    let labels: Vec<&str> = figure.label.split(" / ").collect();
    let parts = figure.parts.iter().enumerate();
    let label = |place: usize| match labels.get(place) {
        Some(label) if labels.len() == figure.parts.len() => (*label).to_owned(),
        _ => figure.label.clone(),
    };
    parts.map(|(place, cell)| (format!("{}{unit}", label(place)), cell.clone(), place)).collect()
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
        Cell::Date(day) => {
            let format = Format::new().set_num_format("yyyy-mm-dd");
            sheet.write_datetime_with_format(row, column, date(*day)?, &format)?;
        }
        Cell::Minute(at) => {
            let format = Format::new().set_num_format("yyyy-mm-dd hh:mm");
            sheet.write_datetime_with_format(row, column, minute(*at)?, &format)?;
        }
        Cell::Missing => {}
    }
    Ok(())
}

/// A day as a spreadsheet holds it.
fn date(day: CivilDate) -> Result<ExcelDateTime, XlsxError> {
    let part = |number: i8| u8::try_from(number).unwrap_or(1);
    ExcelDateTime::from_ymd(u16::try_from(day.year()).unwrap_or(1900), part(day.month()), part(day.day()))
}

fn minute(at: Instant) -> Result<ExcelDateTime, XlsxError> {
    let day = at.utc_date();
    let minutes = (at.0 - Instant::at_utc_midnight(day).0).div_euclid(60_000_000);
    let of_day = u16::try_from(minutes).unwrap_or(0);
    date(day)?.and_hms(of_day / 60, u8::try_from(of_day % 60).unwrap_or(0), 0.0)
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

    use super::{labelled, number_format, sheet_name};
    use crate::content::{Cell, KeyFigure, Tone};

    #[test]
    fn a_figure_of_three_numbers_is_three_rows_with_a_label_each() {
        let figure = KeyFigure {
            label: "Cheaper / level / dearer".into(),
            value: "1 / 0 / 2".into(),
            parts: [1, 0, 2].map(Cell::count).to_vec(),
            unit: String::new(),
            note: String::new(),
            tone: Tone::Neutral,
        };
        let rows = labelled(&figure);
        assert_eq!(rows.iter().map(|row| row.0.as_str()).collect::<Vec<_>>(), ["Cheaper", "level", "dearer"]);
        assert_eq!(rows[2].1, Cell::count(2));
    }

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
