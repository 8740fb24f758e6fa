//! What is wrong with a row of a file, said so that a person can mend it.

use serde::{Deserialize, Serialize};

/// One refused row or cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Line of the file, from 1; the header is line 1. 0 when the whole file is meant.
    pub line: u64,
    /// Name of the column, empty when the whole row is meant.
    pub column: String,
    /// What was found there, shortened to 80 characters.
    pub found: String,
    /// What is wrong and what would be right.
    pub reason: String,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.line, self.column.as_str()) {
            (0, "") => write!(f, "{}", self.reason),
            (0, column) => write!(f, "column {column}: {}", self.reason),
            (line, "") => write!(f, "line {line}: {}", self.reason),
            (line, column) => write!(f, "line {line}, {column}: {}", self.reason),
        }
    }
}
