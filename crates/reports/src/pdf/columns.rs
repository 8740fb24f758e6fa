//! The columns of a table on a page: wide enough that no number and no date is cut, words in lines.

use super::page::{LEFT, Pages, WIDTH};
use super::{BODY, SMALL};
use crate::content::{Cell, Column, Table};

/// Room beside the text of a cell.
const MARGIN: f32 = 6.0;
/// Words have at least so much room.
const LEAST_WORDS: f32 = 34.0;
/// So much a long word may ask for.
const MOST_FOR_A_WORD: f32 = 62.0;
/// Lines of a cell of words; an address has as many as it needs.
const MOST_LINES: usize = 3;
/// Sizes tried until everything fits.
const SIZES: [f32; 5] = [BODY, 8.0, 7.5, 7.0, 6.0];

/// Where the columns of a table are, and how large it is set.
pub(super) struct Measure {
    /// Left edge and width of each column.
    pub(super) places: Vec<(f32, f32)>,
    /// Of the text.
    pub(super) size: f32,
}

/// Finds the largest size at which numbers and dates fit whole; columns of words give room to them.
pub(super) fn measure(pages: &Pages, table: &Table) -> Measure {
    let tries = SIZES[..3].iter().map(|size| (*size, MOST_FOR_A_WORD)).chain(SIZES.map(|size| (size, LEAST_WORDS)));
    let mut measured = tries.map(|(size, word)| (size, needed(pages, table, size, word)));
    let fits = |(_, needed): &(f32, Vec<f32>)| needed.iter().sum::<f32>() <= WIDTH;
    let smallest = SIZES[SIZES.len() - 1];
    let (size, needed) = measured.find(fits).unwrap_or_else(|| (smallest, needed(pages, table, smallest, LEAST_WORDS)));
    let widths = shared(&table.columns, &needed);
    let mut left = LEFT;
    let places = widths.into_iter().map(|width| {
        left += width;
        (left - width, width)
    });
    Measure { places: places.collect(), size }
}

/// The least width of each column, with as much as `most_for_a_word` for a long word.
fn needed(pages: &Pages, table: &Table, size: f32, most_for_a_word: f32) -> Vec<f32> {
    let each = table.columns.iter().enumerate();
    each.map(|(place, column)| {
        if !column.whole {
            // Ordinary words stay whole; addresses may be broken.
            let cells = table.rows.iter().filter_map(|row| row.get(place)).map(Cell::to_string);
            let longest = cells.map(|text| longest_word(pages, &text, size)).fold(0.0, f32::max);
            return (longest + MARGIN).clamp(LEAST_WORDS, most_for_a_word);
        }
        let words = column.name.split_whitespace().map(|word| pages.width(word, SMALL));
        let cells = table.rows.iter().filter_map(|row| row.get(place));
        let cells = cells.map(|cell| pages.width(&cell.to_string(), size));
        words.chain(cells).fold(0.0, f32::max) + MARGIN
    })
    .collect()
}

fn longest_word(pages: &Pages, text: &str, size: f32) -> f32 {
    text.split_whitespace().map(|word| pages.width(word, size)).fold(0.0, f32::max)
}

/// The page's width shared out: by the columns' wishes, but none less than it needs.
fn shared(columns: &[Column], needed: &[f32]) -> Vec<f32> {
    let all: f32 = columns.iter().map(|column| f32::from(column.width)).sum::<f32>().max(1.0);
    let mut widths: Vec<f32> = columns
        .iter()
        .zip(needed)
        .map(|(column, needed)| (WIDTH * f32::from(column.width) / all).max(*needed))
        .collect();
    let over = widths.iter().sum::<f32>() - WIDTH;
    let spare: f32 = widths.iter().zip(needed).map(|(width, needed)| width - needed).sum();
    if over > 0.0 {
        // What is too much is taken from the columns that have more than they need.
        let part = if spare > 0.0 { (over / spare).min(1.0) } else { 0.0 };
        widths.iter_mut().zip(needed).for_each(|(width, needed)| *width -= (*width - needed) * part);
    }
    widths
}

/// The lines of each cell of a row.
pub(super) fn lines_of(
    pages: &Pages,
    row: &[Cell],
    columns: &[Column],
    places: &[(f32, f32)],
    size: f32,
) -> Vec<Vec<String>> {
    let each = row.iter().zip(columns).zip(places);
    each.map(|((cell, column), (_, width))| {
        let text = cell.to_string();
        if column.whole {
            return vec![text];
        }
        let room = width - MARGIN;
        let mut lines = pages.wrapped(&text, size, room);
        if lines.len() > MOST_LINES && !text.contains("://") {
            let rest = lines.split_off(MOST_LINES - 1).join(" ");
            lines.push(pages.fitted(&rest, size, room));
        }
        lines
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::{Pages, lines_of, measure};
    use crate::content::{Cell, Column, Table};
    use crate::pdf::page::WIDTH;

    #[test]
    fn no_number_and_no_date_is_cut_and_an_address_is_whole() {
        let pages = Pages::new(None).expect("pages");
        let day = Cell::date(Some("2026-03-10".parse().expect("a day")));
        let address = "https://shop.example/a/very/long/way/to/a/kettle/that/nobody/would/type?with=more&of=it";
        let numbers = (0..6).map(|_| Column::numbers("Price", 4)).collect::<Vec<_>>();
        let cells = (0..6).map(|_| Cell::number(Some(500_000_000), 2)).collect::<Vec<_>>();
        let table = Table {
            title: "A table".into(),
            columns: [
                vec![Column::words("Product", 60), Column::dates("From", 3)],
                numbers,
                vec![Column::words("Page", 9)],
            ]
            .concat(),
            rows: vec![[vec![Cell::text("Kettle"), day], cells, vec![Cell::text(address)]].concat()],
            note: String::new(),
            empty: String::new(),
        };
        let measure = measure(&pages, &table);
        assert!(measure.places.iter().map(|place| place.1).sum::<f32>() <= WIDTH + 0.5);
        let lines = lines_of(&pages, &table.rows[0], &table.columns, &measure.places, measure.size);
        for ((lines, column), (_, width)) in lines.iter().zip(&table.columns).zip(&measure.places) {
            for line in lines {
                assert!(!line.contains('…'), "{line}");
                assert!(!column.whole || pages.width(line, measure.size) <= *width, "{line} in {width}");
            }
        }
        assert_eq!(lines[8].concat(), address);
    }
}
