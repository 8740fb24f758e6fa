//! What can go wrong between data and an estimate, each with what to do about it.

use thiserror::Error;

/// Why there is no estimate.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum ScienceError {
    /// The words of a formula or a condition do not fit the grammar.
    #[error("“{text}”: {reason}")]
    Formula {
        /// What was read.
        text: String,
        /// What is wrong and what would be right.
        reason: String,
    },
    /// A column that the table does not have.
    #[error("there is no column “{name}”; the columns are {known}")]
    UnknownColumn {
        /// The name asked for.
        name: String,
        /// The names there are.
        known: String,
    },
    /// The data cannot carry the question.
    #[error("not enough data: {0}")]
    NotEnough(String),
    /// The question and the method contradict each other.
    #[error("{0}")]
    Unsuitable(String),
    /// An iteration did not reach its tolerance, so that nothing is shown.
    #[error("{method} did not converge in {iterations} steps; use fewer terms or more data")]
    NotConverged {
        /// The method.
        method: &'static str,
        /// The steps tried.
        iterations: usize,
    },
    /// Whoever asked said to stop.
    #[error("stopped")]
    Stopped,
    /// The likelihood has no maximum: some observations are predicted perfectly.
    #[error("separated: {observations} observations with zero sales are predicted perfectly by “{term}”; leave it out")]
    Separated {
        /// The term that separates.
        term: String,
        /// How many observations it predicts.
        observations: usize,
    },
}

impl ScienceError {
    /// The same, with the rows that are missing because something in them cannot be used.
    pub(crate) fn with_left_out(self, rows: usize) -> ScienceError {
        match self {
            ScienceError::NotEnough(why) if rows > 0 => ScienceError::NotEnough(format!(
                "{why}; {rows} more were left out because something in them is missing, or a logarithm of 0 or less"
            )),
            other => other,
        }
    }
}

/// A result of this crate.
pub type Result<T> = std::result::Result<T, ScienceError>;
