//! Rows as text that a spreadsheet takes.

use super::column::Column;

/// A table with tabs between cells and a header line. Tabs and line ends inside cells become blanks, and words that a
/// spreadsheet would run get an apostrophe.
pub fn as_table<R>(columns: &[Column<R>], rows: &[R]) -> String {
    let clean = |text: &str| text.replace(['\t', '\n', '\r'], " ");
    let mut table = columns.iter().map(|column| clean(&column.title)).collect::<Vec<_>>().join("\t");
    for row in rows {
        table.push('\n');
        let cell = |column: &Column<R>| {
            let text = clean(&(column.cell)(row).text);
            let runs = !column.numeric && text.trim_start().starts_with(['=', '+', '-', '@']);
            if runs { format!("'{text}") } else { text }
        };
        let cells: Vec<String> = columns.iter().map(cell).collect();
        table.push_str(&cells.join("\t"));
    }
    table
}

#[cfg(test)]
mod tests {
    use super::super::cell::Cell;
    use super::super::column::Column;
    use super::as_table;

    #[test]
    fn a_copied_table_keeps_its_shape() {
        let columns = [
            Column::new("sku", "SKU", 10, |row: &(&str, i64)| Cell::text(row.0)),
            Column::new("n", "Pieces", 10, |row: &(&str, i64)| Cell::text(row.1.to_string())),
        ];
        assert_eq!(as_table(&columns, &[("A\t1", 5), ("B\n", 6)]), "SKU\tPieces\nA 1\t5\nB \t6");
        let [sku, n] = columns;
        let columns = [sku, Column { numeric: true, ..n }];
        assert_eq!(as_table(&columns, &[("=1+1", -5)]), "SKU\tPieces\n'=1+1\t-5");
    }
}
