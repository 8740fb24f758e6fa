//! Why an operation did not succeed, by what a caller can do about it.

use pricing_domain::Problem;
use pricing_store::StoreError;

/// What a caller can do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// Mend the input.
    Refused,
    /// It is not there (any more).
    NotFound,
    /// Somebody else holds it.
    Conflict,
    /// The person stopped it.
    Cancelled,
    /// Nothing: a fault of the program or the machine.
    Fault,
}

/// An operation that did not succeed; the message says what happened and what to do.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct OperationError {
    /// What a caller can do about it.
    pub kind: ErrorKind,
    /// For people.
    pub message: String,
}

impl OperationError {
    /// An input that cannot be taken.
    pub fn refused(message: impl Into<String>) -> Self {
        Self { kind: ErrorKind::Refused, message: message.into() }
    }

    /// Something that is not there.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self { kind: ErrorKind::NotFound, message: message.into() }
    }

    /// A fault.
    pub fn fault(message: impl Into<String>) -> Self {
        Self { kind: ErrorKind::Fault, message: message.into() }
    }

    /// The person stopped it.
    pub fn cancelled() -> Self {
        Self { kind: ErrorKind::Cancelled, message: "Stopped. Nothing was changed.".into() }
    }
}

impl From<StoreError> for OperationError {
    fn from(error: StoreError) -> Self {
        let kind = match &error {
            StoreError::NewerFile { .. } | StoreError::NotAWorkspace(_) | StoreError::Exists(_) => ErrorKind::Refused,
            StoreError::InUse => ErrorKind::Conflict,
            StoreError::Cancelled => ErrorKind::Cancelled,
            _ => ErrorKind::Fault,
        };
        Self { kind, message: error.to_string() }
    }
}

impl From<Problem> for OperationError {
    fn from(problem: Problem) -> Self {
        Self::refused(problem.to_string())
    }
}
