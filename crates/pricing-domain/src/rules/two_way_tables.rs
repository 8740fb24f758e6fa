//! Decision tables in two dimensions: the row and the column that two values reach give the price.

use serde::{Deserialize, Serialize};

use super::problems::Report;
use crate::decimal::parse_scaled;

/// More bands on one side nobody reads, and each is a step of computation.
const MOST_BANDS: usize = 24;

/// A table: its sides and the price in each of its cells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TwoWayTable {
    /// From above to below.
    pub rows: TableSide,
    /// From left to right.
    pub columns: TableSide,
    /// By row, then by column: expressions that give money.
    pub prices: Vec<Vec<String>>,
}

/// One side of a table: a value, and what divides it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableSide {
    /// An expression (`comp.count`, `margin(price)`), or the name of a text (`brand`, `role`, `attribute.material`).
    pub of: String,
    /// In their order.
    pub bands: Vec<SideBand>,
}

/// What a row or column is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SideBand {
    /// Numbers below the band that comes next.
    Below,
    /// Numbers from this one on, up to the next band: the text of a constant (`3`, `20 %`).
    From(String),
    /// One of these texts.
    OneOf(Vec<String>),
    /// Yes or no.
    Is(bool),
    /// Any other text.
    Other,
}

impl TwoWayTable {
    /// The table as the text of a formula. Where a value is missing, or no row or column is for it, nothing comes out.
    pub fn formula(&self) -> String {
        let row = |row: usize| {
            let prices = self.prices.get(row).map_or(&[][..], Vec::as_slice);
            self.columns.choice(&|column| prices.get(column).cloned().unwrap_or_default())
        };
        self.rows.choice(&row)
    }

    /// The parts that a person wrote, each with its place in words; `true`: it is a condition.
    pub fn parts(&self) -> Vec<(String, String, bool)> {
        let side = |what: &'static str, side: &TableSide| {
            let value = side.needs_value().then(|| (format!("{what}s"), format!("has({})", side.of), true));
            let conditions = side.conditions().into_iter().filter_map(|(band, condition)| {
                Some((format!("{what} {}", side.bands[band].label()), condition?, true))
            });
            value.into_iter().chain(conditions).collect::<Vec<_>>()
        };
        let mut parts = side("row", &self.rows);
        parts.extend(side("column", &self.columns));
        for (row, prices) in self.rows.bands.iter().zip(&self.prices) {
            for (column, price) in self.columns.bands.iter().zip(prices) {
                parts.push((format!("row {}, column {}", row.label(), column.label()), price.clone(), false));
            }
        }
        parts
    }

    pub(super) fn check(&self, place: &str, report: &mut Report) {
        self.rows.check(place, "row", report);
        self.columns.check(place, "column", report);
        let is_full = self.prices.len() == self.rows.bands.len()
            && self.prices.iter().all(|prices| prices.len() == self.columns.bands.len());
        report.unless(is_full, place, "a table has a price in each of its cells");
    }
}

impl TableSide {
    /// The bands in the order in which they are asked, each with its condition; `None`: for all that is left. Of numbers
    /// the last one that is reached decides.
    pub fn conditions(&self) -> Vec<(usize, Option<String>)> {
        let of = &self.of;
        let condition = |band: &SideBand| match band {
            SideBand::Below | SideBand::Other => None,
            SideBand::From(from) => Some(format!("{} >= {from}", compared(of))),
            // A category holds what lies below it.
            SideBand::OneOf(texts) if of.trim().eq_ignore_ascii_case("category") => {
                let within = texts.iter().map(|text| format!("{of} within {}", quoted(text)));
                Some(within.collect::<Vec<_>>().join(" or "))
            }
            SideBand::OneOf(texts) => {
                let texts: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
                Some(format!("{of} in ({})", texts.join(", ")))
            }
            SideBand::Is(wanted) => Some(format!("{} = {}", compared(of), if *wanted { "yes" } else { "no" })),
        };
        let mut asked: Vec<(usize, Option<String>)> = self.bands.iter().map(condition).enumerate().collect();
        if self.is_of_numbers() {
            asked.reverse();
        }
        asked
    }

    /// Whether a product needs the value for any row or column to be for it: yes and no are never missing by themselves.
    pub fn needs_value(&self) -> bool {
        !self.bands.iter().any(|band| matches!(band, SideBand::Is(_)))
    }

    fn is_of_numbers(&self) -> bool {
        self.bands.iter().any(|band| matches!(band, SideBand::From(_) | SideBand::Below))
    }

    /// `if(has(of), if(first, …, if(second, …, rest)))`.
    fn choice(&self, price: &dyn Fn(usize) -> String) -> String {
        let mut chosen: Option<String> = None;
        for (band, condition) in self.conditions().into_iter().rev() {
            chosen = Some(match (condition, chosen) {
                (None, _) => price(band),
                (Some(condition), None) => format!("if({condition}, {})", price(band)),
                (Some(condition), Some(rest)) => format!("if({condition}, {}, {rest})", price(band)),
            });
        }
        let chosen = chosen.unwrap_or_default();
        if self.needs_value() { format!("if(has({}), {chosen})", self.of) } else { chosen }
    }

    fn check(&self, place: &str, what: &str, report: &mut Report) {
        let bands = &self.bands;
        let count = (1..=MOST_BANDS).contains(&bands.len());
        report.unless(count, place, &format!("a table has between 1 and {MOST_BANDS} {what}s"));
        let numbers = |band: &SideBand| matches!(band, SideBand::Below | SideBand::From(_));
        let answers = |band: &SideBand| matches!(band, SideBand::Is(_));
        let texts = |band: &SideBand| matches!(band, SideBand::OneOf(_) | SideBand::Other);
        let is_one_kind = bands.iter().all(numbers) || bands.iter().all(answers) || bands.iter().all(texts);
        report.unless(
            is_one_kind,
            place,
            &format!("the {what}s of a table are bands of numbers, texts, or yes and no"),
        );
        let first = bands.iter().skip(1).all(|band| *band != SideBand::Below);
        report.unless(first, place, &format!("“below” is the first {what} of a table"));
        let last = bands.iter().rev().skip(1).all(|band| *band != SideBand::Other);
        report.unless(last, place, &format!("“other” is the last {what} of a table"));
        let named = bands.iter().all(|band| !matches!(band, SideBand::OneOf(texts) if texts.is_empty()));
        report.unless(named, place, &format!("each {what} of a table names what it is for"));
        let values: Option<Vec<i64>> = bands.iter().filter_map(SideBand::constant).collect();
        let ascending = values.is_none_or(|values| values.is_sorted_by(|one, other| one < other));
        report.unless(ascending, place, &format!("the {what}s of a table are in ascending order"));
    }
}

impl SideBand {
    /// As it stands in the table.
    pub fn label(&self) -> String {
        match self {
            Self::Below => "below".into(),
            Self::From(from) => from.trim().to_owned(),
            Self::OneOf(texts) => texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", "),
            Self::Is(true) => "yes".into(),
            Self::Is(false) => "no".into(),
            Self::Other => "other".into(),
        }
    }

    /// The number that it begins with; the inner `None`: it is more than a number.
    fn constant(&self) -> Option<Option<i64>> {
        match self {
            Self::From(from) => Some(constant(from)),
            _ => None,
        }
    }
}

/// A lower end as a number, `3` or `20 %`; `None`: it is no plain one.
pub(super) fn constant(from: &str) -> Option<i64> {
    parse_scaled(from.trim().trim_end_matches('%').trim(), 6)
}

/// A value as it is compared: a name as it stands, anything else in brackets.
fn compared(of: &str) -> String {
    let is_name = of.trim().chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '.'));
    if is_name { of.trim().to_owned() } else { format!("({of})") }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::{SideBand, TableSide, TwoWayTable};
    use crate::rules::problems::Report;

    fn table() -> TwoWayTable {
        let from = |text: &str| SideBand::From(text.into());
        TwoWayTable {
            rows: TableSide { of: "comp.count".into(), bands: vec![SideBand::Below, from("2"), from("4")] },
            columns: TableSide {
                of: "brand".into(),
                bands: vec![SideBand::OneOf(vec!["A\"B".into()]), SideBand::Other],
            },
            prices: vec![vec!["1".into(), "2".into()], vec!["3".into(), "4".into()], vec!["5".into(), "6".into()]],
        }
    }

    #[test]
    fn a_table_is_one_choice_within_another() {
        let row = |one: &str, other: &str| format!("if(has(brand), if(brand in (\"A\"\"B\"), {one}, {other}))");
        let expected = format!(
            "if(has(comp.count), if(comp.count >= 4, {}, if(comp.count >= 2, {}, {})))",
            row("5", "6"),
            row("3", "4"),
            row("1", "2")
        );
        assert_eq!(table().formula(), expected);
    }

    #[test]
    fn what_makes_a_table_unusable_is_named() {
        let wrong = |change: &dyn Fn(&mut TwoWayTable)| {
            let (mut table, mut report) = (table(), Report::default());
            change(&mut table);
            table.check("r", &mut report);
            report.0.into_iter().map(|problem| problem.reason).collect::<Vec<_>>()
        };
        assert_eq!(wrong(&|_| ()), Vec::<String>::new());
        assert_eq!(wrong(&|table| drop(table.prices[1].pop())), ["a table has a price in each of its cells"]);
        assert_eq!(wrong(&|table| table.rows.bands.swap(1, 2)), ["the rows of a table are in ascending order"]);
        assert_eq!(wrong(&|table| table.columns.bands.swap(0, 1)), ["“other” is the last column of a table"]);
        assert_eq!(
            wrong(&|table| table.rows.bands[0] = SideBand::Other),
            ["the rows of a table are bands of numbers, texts, or yes and no", "“other” is the last row of a table"]
        );
    }
}
