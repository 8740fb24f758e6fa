//! The data of a picture as a table, and that as CSV.

/// A column of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChartColumn {
    /// What it holds.
    pub name: String,
    /// Unit of its numbers; empty for words.
    pub unit: String,
}

/// A cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChartCell {
    /// Words.
    Text(String),
    /// value ÷ 10^digits.
    Number {
        /// Before the point is set.
        value: i64,
        /// Decimals.
        digits: u8,
    },
    /// Not known.
    Missing,
}

/// The data of a picture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChartTable {
    /// From left to right.
    pub columns: Vec<ChartColumn>,
    /// A cell for each column.
    pub rows: Vec<Vec<ChartCell>>,
}

impl ChartTable {
    /// Columns from (name, unit) pairs.
    pub(super) fn of(columns: &[(&str, &str)]) -> Self {
        let column = |(name, unit): &(&str, &str)| ChartColumn { name: (*name).into(), unit: (*unit).into() };
        Self { columns: columns.iter().map(column).collect(), rows: Vec::new() }
    }

    /// The table as CSV with a decimal dot; the unit stands in the header. Words that a spreadsheet would run as a formula
    /// begin with an apostrophe.
    pub fn to_csv(&self) -> String {
        let header = self.columns.iter().map(|column| match column.unit.as_str() {
            "" => quoted(&column.name),
            unit => quoted(&format!("{} ({unit})", column.name)),
        });
        let mut text = header.collect::<Vec<_>>().join(",");
        text.push_str("\r\n");
        for row in &self.rows {
            text.push_str(&row.iter().map(cell_text).collect::<Vec<_>>().join(","));
            text.push_str("\r\n");
        }
        text
    }
}

impl ChartCell {
    /// Words.
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A number with decimals, or that there is none.
    pub(super) fn number(value: Option<i64>, digits: u8) -> Self {
        value.map_or(Self::Missing, |value| Self::Number { value, digits })
    }

    /// A count.
    pub(super) fn count(value: u64) -> Self {
        Self::Number { value: i64::try_from(value).unwrap_or(i64::MAX), digits: 0 }
    }
}

fn cell_text(cell: &ChartCell) -> String {
    match cell {
        ChartCell::Text(text) => quoted(text),
        ChartCell::Number { value, digits } => pricing_domain::format_scaled(*value, *digits),
        ChartCell::Missing => String::new(),
    }
}

fn quoted(text: &str) -> String {
    let risky = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let safe = if risky { format!("'{text}") } else { text.to_owned() };
    if safe.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", safe.replace('"', "\"\"")) } else { safe }
}

#[cfg(test)]
mod tests {
    use super::{ChartCell, ChartTable};

    #[test]
    fn a_table_becomes_csv_with_units_and_without_formulas() {
        let mut table = ChartTable::of(&[("Brand", ""), ("Index", "points")]);
        table.rows.push(vec![ChartCell::text("=A, \"B\""), ChartCell::number(Some(11_892), 2)]);
        table.rows.push(vec![ChartCell::text("C"), ChartCell::number(None, 2)]);
        assert_eq!(table.to_csv(), "Brand,Index (points)\r\n\"'=A, \"\"B\"\"\",118.92\r\nC,\r\n");
    }
}
