//! A report as PDF: A4, figures in boxes, tables whose header is repeated, charts as vectors, page numbers.

mod columns;
mod page;

use std::io::Write;

use krilla::Document;
use krilla::metadata::Metadata;

use crate::ReportError;
use crate::content::{Align, Block, KeyFigure, Picture, Report, Table, Tone};
use columns::{Measure, lines_of, measure};
use page::{BOTTOM, Ink, LEFT, Pages, RIGHT, STRONG_WIDENS, TOP, WIDTH};

const ROW: f32 = 15.0;
/// From one line of a row to the next one.
const LINE: f32 = 9.5;
const BODY: f32 = 8.5;
const SMALL: f32 = 7.5;
/// Figures side by side.
const FIGURES_A_ROW: usize = 4;
const BOX_HEIGHT: f32 = 54.0;
const BOX_GAP: f32 = 8.0;

/// Writes the report as PDF.
pub fn write_pdf(report: &Report, out: &mut dyn Write) -> Result<(), ReportError> {
    let other = report.typeface.clone().filter(|_| crate::needs_typeface(report));
    let mut pages = Pages::new(other)?;
    cover(&mut pages, report);
    if let Some(logo) = &report.logo {
        pages.logo(logo.drawable()?);
    }
    for block in &report.blocks {
        match block {
            Block::Heading(text) => heading(&mut pages, text),
            Block::Paragraph(text) => paragraph(&mut pages, text),
            Block::Figures(figures) => key_figures(&mut pages, figures),
            Block::Table(one) => table(&mut pages, one),
            Block::Picture(one) => picture(&mut pages, one)?,
        }
    }
    let mut document = Document::new();
    document.set_metadata(Metadata::new().title(report.title.clone()).authors(vec![report.company.clone()]));
    pages.draw(&mut document, report)?;
    let bytes = document.finish().map_err(|error| ReportError::Pdf(format!("{error:?}")))?;
    out.write_all(&bytes)?;
    Ok(())
}

fn cover(pages: &mut Pages, report: &Report) {
    pages.text(&report.company, LEFT, TOP + 6.0, 10.0, Ink::Accent);
    pages.strong(&report.title, LEFT, TOP + 32.0, 21.0);
    pages.text(&report.subtitle, LEFT, TOP + 50.0, 10.5, Ink::Muted);
    pages.line(TOP + 62.0, Ink::Accent);
    pages.y = TOP + 78.0;
}

fn heading(pages: &mut Pages, text: &str) {
    // Never the last line of a page.
    pages.need(90.0);
    if pages.y > TOP + 1.0 {
        pages.y += 14.0;
    }
    let y = pages.y + 10.0;
    pages.strong(text, LEFT, y, 13.0);
    pages.y = y + 12.0;
}

fn paragraph(pages: &mut Pages, text: &str) {
    for line in pages.wrapped(text, BODY + 0.5, WIDTH) {
        pages.need(13.0);
        let y = pages.y + 9.0;
        pages.text(&line, LEFT, y, BODY + 0.5, Ink::Text);
        pages.y += 13.0;
    }
    pages.y += 4.0;
}

fn key_figures(pages: &mut Pages, figures: &[KeyFigure]) {
    let width = (WIDTH - BOX_GAP * (FIGURES_A_ROW as f32 - 1.0)) / FIGURES_A_ROW as f32;
    for row in figures.chunks(FIGURES_A_ROW) {
        pages.need(BOX_HEIGHT + BOX_GAP);
        let top = pages.y;
        for (place, figure) in row.iter().enumerate() {
            let left = LEFT + place as f32 * (width + BOX_GAP);
            pages.fill(left, top, width, BOX_HEIGHT, Ink::Surface);
            let room = width - 16.0;
            let label = pages.fitted(&figure.label, SMALL, room);
            pages.text(&label, left + 8.0, top + 14.0, SMALL, Ink::Muted);
            // A long value is set smaller before it is cut.
            let value_room = room / STRONG_WIDENS;
            let fits = |size: &f32| pages.width(&figure.value, *size) <= value_room;
            let size = [15.0, 13.0, 11.5, 10.0].into_iter().find(fits).unwrap_or(10.0);
            let value = pages.fitted(&figure.value, size, value_room);
            pages.strong(&value, left + 8.0, top + 33.0, size);
            let ink = match figure.tone {
                Tone::Neutral => Ink::Muted,
                Tone::Good => Ink::Good,
                Tone::Bad => Ink::Bad,
            };
            let size = [SMALL, 7.0, 6.5, 6.0].into_iter().find(|size| pages.width(&figure.note, *size) <= room);
            let size = size.unwrap_or(6.0);
            let note = pages.fitted(&figure.note, size, room);
            pages.text(&note, left + 8.0, top + 46.0, size, ink);
        }
        pages.y = top + BOX_HEIGHT + BOX_GAP;
    }
    pages.y += 2.0;
}

fn table(pages: &mut Pages, table: &Table) {
    pages.need(ROW * 4.0);
    if !table.title.is_empty() {
        let y = pages.y + 10.0;
        pages.strong(&table.title, LEFT, y, 9.5);
        pages.y += 17.0;
    }
    if table.rows.is_empty() {
        return paragraph(pages, &table.empty);
    }
    let Measure { places, size } = measure(pages, table);
    header(pages, table, &places);
    for (number, row) in table.rows.iter().enumerate() {
        let lines = lines_of(pages, row, &table.columns, &places, size);
        let most = lines.iter().map(Vec::len).max().unwrap_or(1).max(1);
        let height = ROW + (most - 1) as f32 * LINE;
        if pages.y + height > BOTTOM {
            pages.next();
            header(pages, table, &places);
        }
        let top = pages.y;
        if number % 2 == 1 {
            pages.fill(LEFT, top, WIDTH, height, Ink::Stripe);
        }
        for ((lines, column), place) in lines.iter().zip(&table.columns).zip(&places) {
            for (line, text) in lines.iter().enumerate() {
                put(pages, text, *place, column.align, top + 10.5 + line as f32 * LINE, (Ink::Text, size));
            }
        }
        pages.y += height;
    }
    let y = pages.y;
    pages.line(y, Ink::Border);
    pages.y += 4.0;
    if !table.note.is_empty() {
        for line in pages.wrapped(&table.note, SMALL, WIDTH) {
            pages.need(11.0);
            let y = pages.y + 8.0;
            pages.text(&line, LEFT, y, SMALL, Ink::Muted);
            pages.y += 11.0;
        }
    }
    pages.y += 8.0;
}

/// Headers take two lines where one is too narrow.
fn header(pages: &mut Pages, table: &Table, places: &[(f32, f32)]) {
    let lines: Vec<Vec<String>> = table
        .columns
        .iter()
        .zip(places)
        .map(|(column, (_, width))| {
            let mut lines = pages.wrapped(&column.name, SMALL, width - 6.0);
            lines.truncate(2);
            lines
        })
        .collect();
    let height = if lines.iter().any(|lines| lines.len() > 1) { 2.0 } else { 1.0 };
    let top = pages.y;
    for ((lines, column), place) in lines.iter().zip(&table.columns).zip(places) {
        let first = top + 9.0 + (height - lines.len() as f32) * 9.0;
        for (line, text) in lines.iter().enumerate() {
            put(pages, text, *place, column.align, first + line as f32 * 9.0, (Ink::Muted, SMALL));
        }
    }
    pages.y = top + 4.0 + height * 9.0;
    let y = pages.y;
    pages.line(y, Ink::Border);
}

fn put(pages: &mut Pages, text: &str, (left, width): (f32, f32), align: Align, y: f32, (ink, size): (Ink, f32)) {
    let x = match align {
        Align::Left => left + 2.0,
        Align::Right => left + width - 4.0 - pages.width(text, size),
    };
    pages.text(text, x, y, size, ink);
}

fn picture(pages: &mut Pages, picture: &Picture) -> Result<(), ReportError> {
    let tree = crate::pictures::tree_of(&picture.svg)?;
    let scale = (WIDTH / tree.size().width()).min(1.0);
    let (width, height) = (tree.size().width() * scale, tree.size().height() * scale);
    let title = pages.wrapped(&picture.title, 9.5, WIDTH);
    pages.need(height + 16.0 + 13.0 * title.len() as f32);
    for line in title {
        let y = pages.y + 10.0;
        pages.strong(&line, LEFT, y, 9.5);
        pages.y += 13.0;
    }
    pages.y += 4.0;
    let top = pages.y;
    pages.picture(tree, LEFT.min(RIGHT - width), top, width, height);
    pages.y = top + height + 10.0;
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::content::Report;
    use crate::logo::Logo;

    #[test]
    fn a_logo_is_drawn_into_the_document() {
        let svg = r##"<svg xmlns="http://www.w3.org/2000/svg" width="40" height="10"><rect width="40" height="10" fill="#0a0"/></svg>"##;
        let written = |logo: Option<Logo>| {
            let text = |text: &str| text.to_owned();
            let report = Report {
                title: text("A report"),
                subtitle: text(""),
                company: text("A company"),
                made: text("today"),
                logo,
                typeface: None,
                blocks: Vec::new(),
            };
            let mut bytes = Vec::new();
            super::write_pdf(&report, &mut bytes).expect("a document");
            bytes
        };
        let png = crate::picture_png(svg, 1).expect("a picture");
        let has = |bytes: &[u8], words: &str| bytes.windows(words.len()).any(|part| part == words.as_bytes());
        let (plain, with_png) = (written(None), written(Some(Logo::read(png).expect("a logo"))));
        assert!(has(&with_png, "/Image") && !has(&plain, "/Subtype /Image") && with_png.len() > plain.len());
        assert!(written(Some(Logo::read(svg.into()).expect("a logo"))).len() > plain.len());
    }
}
