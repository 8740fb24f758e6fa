//! Errors of operations as they cross the contract.

use app_contract::{CommandError, ErrorCode};
use pricing_operations::{ErrorKind, OperationError};

/// The contract's error for one of an operation.
pub(crate) fn crossing(error: OperationError) -> CommandError {
    let code = match error.kind {
        ErrorKind::Refused => ErrorCode::Refused,
        ErrorKind::NotFound => ErrorCode::NotFound,
        ErrorKind::Conflict => ErrorCode::Conflict,
        ErrorKind::Cancelled => ErrorCode::Cancelled,
        ErrorKind::Fault => ErrorCode::Fault,
    };
    if code == ErrorCode::Fault {
        tracing::error!(message = %error.message, "an operation failed");
    }
    CommandError::new(code, error.message)
}
