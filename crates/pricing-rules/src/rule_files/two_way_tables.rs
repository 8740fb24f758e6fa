//! Tables in two dimensions as lines: what divides rows and columns, the columns, then row by row.
//!
//! ```text
//! price table comp.count by role
//!         | "kvi"       | other
//!   below | price       | price
//!   2     | comp.lowest | comp.average
//! ```

use pricing_domain::{SideBand, Strategy, TableSide, TwoWayTable};

use super::strategies::{BAR, split_outside_quotes};
use super::words::{Words, one_line};

/// What divides rows and columns, behind `price`.
pub(super) fn head(table: &TwoWayTable) -> String {
    format!("table {} by {}", one_line(&table.rows.of), one_line(&table.columns.of))
}

/// The columns and the rows; empty for any other strategy.
pub(super) fn lines(strategy: &Strategy) -> Vec<String> {
    let Strategy::TwoWayTable(table) = strategy else { return Vec::new() };
    let mut cells: Vec<Vec<String>> = vec![vec![String::new()]];
    cells[0].extend(table.columns.bands.iter().map(|band| one_line(&band.label())));
    for (row, prices) in table.rows.bands.iter().zip(&table.prices) {
        let mut line = vec![one_line(&row.label())];
        line.extend(prices.iter().map(|price| one_line(price)));
        cells.push(line);
    }
    let width = |column: usize| {
        let of = |line: &Vec<String>| line.get(column).map_or(0, |cell| cell.chars().count());
        cells.iter().map(of).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..cells[0].len()).map(width).collect();
    let padded = |line: &Vec<String>| {
        let cells = line.iter().zip(widths.iter().copied()).map(|(cell, width)| format!("{cell:width$}"));
        cells.collect::<Vec<_>>().join(&format!(" {BAR} ")).trim_end().to_owned()
    };
    cells.iter().map(padded).collect()
}

/// Whether a line begins a table whose columns and rows stand below it.
pub(super) fn begins_table(words: &str) -> bool {
    let mut words = Words::new(words);
    (words.take("price") || words.take("else") || words.take("otherwise")) && words.take("table")
}

/// Reads a table: what stands behind `table`, and the lines below with their numbers.
///
/// Errors: a line and what is wrong with it; without a line it is the first.
pub(super) fn read(head: &str, below: &[(usize, &str)]) -> Result<Strategy, (Option<usize>, String)> {
    let (rows, columns) = split_by(head).ok_or_else(|| {
        (None, "A table with lines below it says what its rows and columns are: table comp.count by brand".to_owned())
    })?;
    let Some(((line, first), others)) = below.split_first() else {
        return Err((None, "The columns and rows of a table stand below it".to_owned()));
    };
    let mut columns = TableSide { of: columns, bands: Vec::new() };
    let labels = split_outside_quotes(first, BAR);
    if labels.len() < 2 || !labels[0].trim().is_empty() {
        let message = "The first line of a table names its columns: | \"Sony\" | \"Bose\" | other";
        return Err((Some(*line), message.to_owned()));
    }
    for label in &labels[1..] {
        columns.bands.push(read_label(label).map_err(|message| (Some(*line), message))?);
    }
    let mut table = TwoWayTable { rows: TableSide { of: rows, bands: Vec::new() }, columns, prices: Vec::new() };
    for (line, text) in others {
        let cells = split_outside_quotes(text, BAR);
        if cells.len() != labels.len() {
            let message = format!(
                "This row has {} prices, and the table has {} columns: a label, then a price for each column, each behind {BAR}",
                cells.len() - 1,
                labels.len() - 1
            );
            return Err((Some(*line), message));
        }
        table.rows.bands.push(read_label(&cells[0]).map_err(|message| (Some(*line), message))?);
        table.prices.push(cells[1..].iter().map(|cell| cell.trim().to_owned()).collect());
    }
    Ok(Strategy::TwoWayTable(table))
}

/// `A by B` at the last “by” that stands by itself outside of quotes.
fn split_by(head: &str) -> Option<(String, String)> {
    const BY: &str = " by ";
    let mut inside = false;
    let mut found = None;
    for (place, letter) in head.char_indices() {
        inside ^= letter == '"';
        if !inside && head[place..].starts_with(BY) {
            found = Some(place);
        }
    }
    let (rows, columns) = (head[..found?].trim(), head[found? + BY.len()..].trim());
    (!rows.is_empty() && !columns.is_empty()).then(|| (rows.to_owned(), columns.to_owned()))
}

fn read_label(text: &str) -> Result<SideBand, String> {
    let text = text.trim();
    let is_word = |word: &str| word.chars().all(|letter| letter.is_alphabetic() || letter == '_') && !word.is_empty();
    Ok(match text {
        "" => return Err("A row or column of a table says what it is for: below, 2, \"Sony\", yes, other".to_owned()),
        "below" => SideBand::Below,
        "other" => SideBand::Other,
        "yes" => SideBand::Is(true),
        "no" => SideBand::Is(false),
        _ if text.starts_with('"') => {
            let mut words = Words::new(text);
            let texts = words.texts()?;
            words.end()?;
            SideBand::OneOf(texts)
        }
        // The words of a choice, such as roles, need no quotes.
        _ if text.split(',').all(|word| is_word(word.trim())) => {
            SideBand::OneOf(text.split(',').map(|word| word.trim().to_owned()).collect())
        }
        _ => SideBand::From(text.strip_prefix("from ").unwrap_or(text).trim().to_owned()),
    })
}
