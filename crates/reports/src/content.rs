//! What a report says.

use pricing_domain::{CivilDate, Instant};

use crate::logo::Logo;

/// A report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// “Weekly pricing report”.
    pub title: String,
    /// What it is about: the period, the price list.
    pub subtitle: String,
    /// Whose report it is.
    pub company: String,
    /// When it was made, in words.
    pub made: String,
    /// Stands on the first page of a PDF.
    pub logo: Option<Logo>,
    /// A typeface for letters that the shipped one lacks, see [`crate::needs_typeface`]; without it they are printed as
    /// “?”, and the foot of each page says so.
    pub typeface: Option<Vec<u8>>,
    /// From top to bottom.
    pub blocks: Vec<Block>,
}

/// A part of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// Begins a section.
    Heading(String),
    /// Plain text.
    Paragraph(String),
    /// Figures side by side.
    Figures(Vec<KeyFigure>),
    /// A table.
    Table(Table),
    /// A chart.
    Picture(Picture),
}

/// A figure that is read first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyFigure {
    /// What it is.
    pub label: String,
    /// The figure with its unit.
    pub value: String,
    /// The same as numbers, for a workbook: one, or one for each part of the label between slashes.
    pub parts: Vec<Cell>,
    /// What the numbers are in, such as a currency; or empty.
    pub unit: String,
    /// What stands beside it: coverage, the change.
    pub note: String,
    /// Whether the note is good news.
    pub tone: Tone,
}

/// How a note is coloured; a sign or a word says the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Neither.
    #[default]
    Neutral,
    /// Good.
    Good,
    /// Bad.
    Bad,
}

/// A chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// The finding.
    pub title: String,
    /// As SVG.
    pub svg: String,
    /// A text alternative.
    pub description: String,
}

/// A table. Its header is repeated on every page, and it is a sheet of the workbook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// What it shows; also the name of the sheet.
    pub title: String,
    /// From left to right.
    pub columns: Vec<Column>,
    /// A cell for each column.
    pub rows: Vec<Vec<Cell>>,
    /// What stands below: how many rows were left out, a definition.
    pub note: String,
    /// What is said instead of an empty table.
    pub empty: String,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its header with the unit.
    pub name: String,
    /// Its share of the width, beside the others'.
    pub width: u16,
    /// On which side.
    pub align: Align,
    /// Whether a cell is never cut or broken: numbers and dates. Words are set in lines.
    pub whole: bool,
}

/// On which side a column is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

impl Column {
    /// A column of words.
    pub fn words(name: &str, width: u16) -> Self {
        Self { name: name.to_owned(), width, align: Align::Left, whole: false }
    }

    /// A column of dates or times.
    pub fn dates(name: &str, width: u16) -> Self {
        Self { name: name.to_owned(), width, align: Align::Left, whole: true }
    }

    /// A column of numbers.
    pub fn numbers(name: &str, width: u16) -> Self {
        Self { name: name.to_owned(), width, align: Align::Right, whole: true }
    }
}

/// A cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Words.
    Text(String),
    /// value ÷ 10^digits.
    Number {
        /// Before the point is set.
        value: i64,
        /// Decimals.
        digits: u8,
    },
    /// Basis points, shown as a percentage with one decimal.
    Percent(i64),
    /// A change in basis points, shown with its sign.
    Change(i64),
    /// A day.
    Date(CivilDate),
    /// A minute, in UTC.
    Minute(Instant),
    /// Not known.
    Missing,
}

impl Cell {
    /// Words.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A count.
    pub fn count(count: u64) -> Self {
        Self::Number { value: i64::try_from(count).unwrap_or(i64::MAX), digits: 0 }
    }

    /// A number with decimals, where it is known.
    pub fn number(value: Option<i64>, digits: u8) -> Self {
        value.map_or(Self::Missing, |value| Self::Number { value, digits })
    }

    /// A percentage from basis points, where it is known.
    pub fn percent(basis_points: Option<i32>) -> Self {
        basis_points.map_or(Self::Missing, |value| Self::Percent(i64::from(value)))
    }

    /// A day, where it is known.
    pub fn date(day: Option<CivilDate>) -> Self {
        day.map_or(Self::Missing, Self::Date)
    }

    /// A change from basis points, where it is known.
    pub fn change(basis_points: Option<i32>) -> Self {
        basis_points.map_or(Self::Missing, |value| Self::Change(i64::from(value)))
    }
}

/// As it is printed.
impl std::fmt::Display for Cell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = match self {
            Self::Text(text) => text.clone(),
            Self::Number { value, digits } => grouped(*value, *digits),
            Self::Percent(value) => format!("{} %", grouped(tenths(*value), 1)),
            Self::Change(value) => {
                let sign = if *value > 0 { "+" } else { "" };
                format!("{sign}{} %", grouped(tenths(*value), 1))
            }
            Self::Date(day) => day.to_string(),
            Self::Minute(at) => minute(*at),
            Self::Missing => "–".to_owned(),
        };
        f.write_str(&text)
    }
}

/// “2026-11-25 22:51”.
fn minute(at: Instant) -> String {
    at.to_string().replace('T', " ").chars().take("2026-11-25 22:51".len()).collect()
}

/// Basis points as tenths of a percent, to the nearest.
const fn tenths(basis_points: i64) -> i64 {
    let half = if basis_points < 0 { -5 } else { 5 };
    (basis_points + half) / 10
}

/// A number with a decimal dot and groups of three digits.
pub(crate) fn grouped(value: i64, digits: u8) -> String {
    let plain = pricing_domain::format_scaled(value, digits);
    let (sign, plain) = plain.strip_prefix('-').map_or(("", plain.as_str()), |rest| ("\u{2212}", rest));
    let (whole, rest) =
        plain.split_once('.').map_or((plain, String::new()), |(whole, rest)| (whole, format!(".{rest}")));
    let mut text = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    format!("{sign}{text}{rest}")
}

#[cfg(test)]
mod tests {
    use super::Cell;

    #[test]
    fn cells_are_printed_with_groups_signs_and_units() {
        assert_eq!(Cell::number(Some(-1_234_567), 2).to_string(), "−12,345.67");
        assert_eq!(Cell::percent(Some(1_255)).to_string(), "12.6 %");
        assert_eq!(
            (Cell::change(Some(45)).to_string(), Cell::change(Some(-45)).to_string()),
            ("+0.5 %".into(), "−0.5 %".into())
        );
        assert_eq!(Cell::number(None, 0).to_string(), "–");
        let at = "2026-11-25T22:51:30Z".parse().expect("an instant");
        assert_eq!(Cell::Minute(at).to_string(), "2026-11-25 22:51");
        assert_eq!(Cell::date(Some("2026-03-10".parse().expect("a day"))).to_string(), "2026-03-10");
    }
}
