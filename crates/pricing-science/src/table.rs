//! A table in memory: columns of numbers or of texts with their levels, all of the same length.

mod csv_text;

use std::collections::BTreeMap;

use crate::error::{Result, ScienceError};

/// A column's values.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Numbers; a missing one is NaN.
    Number(Vec<f64>),
    /// Texts as codes into the sorted levels.
    Text {
        /// The level of each row.
        codes: Vec<u32>,
        /// The levels in order.
        levels: Vec<String>,
    },
}

impl Values {
    /// The number of rows.
    pub fn len(&self) -> usize {
        match self {
            Values::Number(numbers) => numbers.len(),
            Values::Text { codes, .. } => codes.len(),
        }
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Texts as levels in byte order.
    pub fn from_texts<S: AsRef<str>>(texts: &[S]) -> Values {
        let mut known: BTreeMap<&str, u32> = texts.iter().map(|text| (text.as_ref(), 0)).collect();
        known.values_mut().zip(0..).for_each(|(code, place)| *code = place);
        let codes = texts.iter().map(|text| known[text.as_ref()]).collect();
        Values::Text { codes, levels: known.keys().map(|level| (*level).to_owned()).collect() }
    }

    /// The values as groups: a code for each row and the names of the groups. Numbers are ordered by value.
    pub fn groups(&self) -> (Vec<u32>, Vec<String>) {
        match self {
            Values::Text { codes, levels } => (codes.clone(), levels.clone()),
            Values::Number(numbers) => {
                if let Some(groups) = whole_number_groups(numbers) {
                    return groups;
                }
                let mut distinct = numbers.clone();
                distinct.sort_unstable_by(f64::total_cmp);
                distinct.dedup_by(|a, b| a.total_cmp(b).is_eq());
                let code = |number: &f64| distinct.partition_point(|known| known.total_cmp(number).is_lt()) as u32;
                (numbers.iter().map(code).collect(), distinct.iter().map(f64::to_string).collect())
            }
        }
    }

    fn keep(&self, rows: &[bool]) -> Values {
        fn kept<T: Copy>(values: &[T], rows: &[bool]) -> Vec<T> {
            values.iter().zip(rows).filter(|(_, keep)| **keep).map(|(value, _)| *value).collect()
        }
        match self {
            Values::Number(numbers) => Values::Number(kept(numbers, rows)),
            Values::Text { codes, levels } => {
                let codes = kept(codes, rows);
                let texts: Vec<&str> = codes.iter().map(|code| levels[*code as usize].as_str()).collect();
                Values::from_texts(&texts)
            }
        }
    }
}

/// Groups of whole numbers that lie close together, by counting instead of sorting.
fn whole_number_groups(numbers: &[f64]) -> Option<(Vec<u32>, Vec<String>)> {
    const WIDEST: f64 = 4e6;
    let (low, high) = numbers
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), number| (low.min(*number), high.max(*number)));
    let is_whole = numbers.iter().all(|number| number.fract() == 0.0);
    if !is_whole || high - low > WIDEST || !low.is_finite() {
        return None;
    }
    let place = |number: &f64| (number - low) as usize;
    let mut codes = vec![u32::MAX; (high - low) as usize + 1];
    numbers.iter().for_each(|number| codes[place(number)] = 0);
    let mut names = Vec::new();
    for (place, code) in codes.iter_mut().enumerate().filter(|(_, code)| **code == 0) {
        *code = names.len() as u32;
        names.push((low + place as f64).to_string());
    }
    Some((numbers.iter().map(|number| codes[place(number)]).collect(), names))
}

/// Named columns of one length.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    names: Vec<String>,
    columns: Vec<Values>,
    rows: usize,
}

impl Table {
    /// A table of these columns, which must all have the same number of rows.
    pub fn new(columns: Vec<(String, Values)>) -> Result<Table> {
        let rows = columns.first().map_or(0, |(_, values)| values.len());
        if let Some((name, _)) = columns.iter().find(|(_, values)| values.len() != rows) {
            return Err(ScienceError::Unsuitable(format!("column “{name}” is not as long as the others")));
        }
        let (names, columns) = columns.into_iter().unzip();
        Ok(Table { names, columns, rows })
    }

    /// The number of rows.
    pub fn row_count(&self) -> usize {
        self.rows
    }

    /// The columns' names.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The column of that name, if there is one.
    pub fn find(&self, name: &str) -> Option<&Values> {
        self.names.iter().position(|known| known == name).map(|place| &self.columns[place])
    }

    /// The column of that name.
    pub fn get(&self, name: &str) -> Result<&Values> {
        self.find(name)
            .ok_or_else(|| ScienceError::UnknownColumn { name: name.to_owned(), known: self.names.join(", ") })
    }

    /// Adds a column, or replaces the one of that name.
    pub fn set(&mut self, name: &str, values: Values) {
        match self.names.iter().position(|known| known == name) {
            Some(place) => self.columns[place] = values,
            None => {
                self.names.push(name.to_owned());
                self.columns.push(values);
            }
        }
    }

    /// The rows marked; levels that no row has any more are gone.
    pub fn keep(&self, rows: &[bool]) -> Table {
        let columns = self.columns.iter().map(|values| values.keep(rows)).collect();
        Table { names: self.names.clone(), columns, rows: rows.iter().filter(|keep| **keep).count() }
    }
}

#[cfg(test)]
mod tests {
    use super::{Table, Values};

    fn table() -> Table {
        Table::from_csv(b"brand,price\nb,1\na,\n\"b\",2.5\n").expect("valid")
    }

    #[test]
    fn an_empty_file_is_said_to_be_empty() {
        let refused = Table::from_csv(b"").expect_err("refused").to_string();
        assert_eq!(refused, "the file is empty; its first line has to name the columns");
        assert_eq!(Table::from_csv(b"price\n").expect("columns without rows").row_count(), 0);
    }

    #[test]
    fn a_column_is_numeric_only_when_every_filled_cell_is_a_number() {
        let table = table();
        assert!(matches!(table.get("brand").expect("valid"), Values::Text { levels, .. } if levels == &["a", "b"]));
        assert!(matches!(table.get("price").expect("valid"), Values::Number(n) if n[1].is_nan() && n[2] == 2.5));
        assert!(table.get("cost").expect_err("refused").to_string().contains("brand, price"));
    }

    #[test]
    fn whole_and_broken_numbers_are_grouped_by_value() {
        let (codes, names) = Values::Number(vec![40.0, -2.0, 40.0, 7.0]).groups();
        assert_eq!((codes, names.join(" ")), (vec![2, 0, 2, 1], "-2 7 40".to_owned()));
        let (codes, names) = Values::Number(vec![0.5, -2.0, 0.5]).groups();
        assert_eq!((codes, names.join(" ")), (vec![1, 0, 1], "-2 0.5".to_owned()));
    }

    #[test]
    fn levels_without_rows_are_gone_after_a_selection() {
        let kept = table().keep(&[true, false, true]);
        assert_eq!(kept.row_count(), 2);
        assert_eq!(kept.get("brand").expect("valid").groups(), (vec![0, 0], vec!["b".to_owned()]));
    }
}
