//! The list of what was refused: all counted, the first ones kept.

use pricing_domain::Problem;
use serde::{Deserialize, Serialize};

const FOUND_CHARACTERS: usize = 80;

/// What was refused while a file was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problems {
    /// How many there are.
    pub total: u64,
    /// The first of them, in the order of the file, up to the limit of the read options.
    pub kept: Vec<Problem>,
    /// Cells that were read otherwise than they stand, or left out, in rows that went in; up to the same limit.
    #[serde(default)]
    pub notes: Vec<Problem>,
    /// How many of those there are.
    #[serde(default)]
    pub noted: u64,
}

impl Problems {
    /// Counts a problem and keeps it while fewer than `limit` are kept.
    pub fn add(&mut self, problem: Problem, limit: usize) {
        self.total += 1;
        if self.kept.len() < limit {
            self.kept.push(problem);
        }
    }

    /// Counts a note and keeps it while fewer than `limit` are kept.
    pub fn note(&mut self, note: Problem, limit: usize) {
        self.noted += 1;
        if self.notes.len() < limit {
            self.notes.push(note);
        }
    }
}

/// A problem of one row, or of one cell when `column` is given.
pub(crate) fn row_problem(line: u64, column: &str, found: &str, reason: impl Into<String>) -> Problem {
    Problem { line, column: column.to_owned(), found: shorten(found), reason: reason.into() }
}

/// A problem of the whole file.
pub(crate) fn file_problem(column: &str, found: &str, reason: impl Into<String>) -> Problem {
    row_problem(0, column, found, reason)
}

pub(crate) fn shorten(found: &str) -> String {
    if found.chars().nth(FOUND_CHARACTERS).is_none() {
        return found.to_owned();
    }
    let mut short: String = found.chars().take(FOUND_CHARACTERS - 1).collect();
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::{Problems, row_problem};

    #[test]
    fn all_problems_are_counted_and_the_first_ones_kept() {
        let mut problems = Problems::default();
        for line in 2..12 {
            problems.add(row_problem(line, "price", &"9".repeat(200), "too long"), 3);
        }
        assert_eq!((problems.total, problems.kept.len()), (10, 3));
        assert_eq!(problems.kept[2].line, 4);
        assert_eq!(problems.kept[0].found.chars().count(), 80);
    }
}
