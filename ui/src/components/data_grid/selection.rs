//! Which rows are marked, by their place in the present order.

use std::collections::BTreeSet;

/// Marked rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    all: bool,
    rows: BTreeSet<u64>,
    anchor: Option<u64>,
}

impl Selection {
    /// Whether a row is marked.
    pub fn contains(&self, row: u64) -> bool {
        self.all || self.rows.contains(&row)
    }

    /// How many rows are marked.
    pub fn len(&self, rows: u64) -> u64 {
        if self.all { rows } else { self.rows.len() as u64 }
    }

    /// Whether every row is marked, also those not read yet.
    pub fn is_all(&self) -> bool {
        self.all
    }

    /// The marked rows, one by one; empty when all are.
    pub fn rows(&self) -> impl Iterator<Item = u64> + '_ {
        self.rows.iter().copied()
    }

    /// Marks every row.
    pub fn mark_all(&mut self) {
        *self = Self { all: true, ..Self::default() };
    }

    /// Takes every mark away.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Marks only this row.
    pub fn only(&mut self, row: u64) {
        *self = Self { rows: BTreeSet::from([row]), anchor: Some(row), all: false };
    }

    /// Marks a row, or takes its mark away; of `rows` in all.
    pub fn toggle(&mut self, row: u64, rows: u64) {
        if self.all {
            self.all = false;
            self.rows = (0..rows).collect();
        }
        if !self.rows.remove(&row) {
            self.rows.insert(row);
        }
        self.anchor = Some(row);
    }

    /// Marks the rows from the last one touched to this one.
    pub fn extend(&mut self, row: u64) {
        let anchor = self.anchor.unwrap_or(row);
        self.all = false;
        self.rows = (anchor.min(row)..=anchor.max(row)).collect();
        self.anchor = Some(anchor);
    }
}

#[cfg(test)]
mod tests {
    use super::Selection;

    #[test]
    fn shift_marks_the_rows_between_in_both_directions() {
        let mut selection = Selection::default();
        selection.only(5);
        selection.extend(8);
        assert_eq!(selection.rows().collect::<Vec<_>>(), [5, 6, 7, 8]);
        selection.extend(3);
        assert_eq!(selection.rows().collect::<Vec<_>>(), [3, 4, 5]);
    }

    #[test]
    fn one_row_taken_out_of_all_leaves_the_others() {
        let mut selection = Selection::default();
        selection.mark_all();
        assert_eq!(selection.len(4), 4);
        selection.toggle(2, 4);
        assert_eq!(selection.rows().collect::<Vec<_>>(), [0, 1, 3]);
        assert!(!selection.is_all());
    }
}
