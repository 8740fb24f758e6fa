//! Errors as they cross the contract: a code where a view acts on it, and a message that says what to do.

use serde::{Deserialize, Serialize};

/// What a view can act on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The input is not acceptable; the message says what would be.
    Refused,
    /// It does not exist (any more).
    NotFound,
    /// This host or person may not do it.
    NotPermitted,
    /// Somebody changed it meanwhile, or another job is at it.
    Conflict,
    /// Needs a network that is not there.
    Offline,
    /// No workspace is open.
    NoWorkspace,
    /// The person cancelled it.
    Cancelled,
    /// A fault of the program or the machine.
    Fault,
}

/// A command that did not succeed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CommandError {
    /// What a view can act on.
    pub code: ErrorCode,
    /// What happened, why, and what to do.
    pub message: String,
}

impl CommandError {
    /// An error with its code.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// A fault of the program or the machine.
    pub fn fault(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::Fault, message)
    }

    /// A payload that is not of the command's shape.
    pub fn bad_request(command: &str, error: &serde_json::Error) -> Self {
        Self::new(ErrorCode::Refused, format!("{command}: the request is not of the expected shape: {error}"))
    }

    /// A name that no command has.
    pub fn unknown_command(name: &str) -> Self {
        Self::new(ErrorCode::NotFound, format!("there is no command “{name}”"))
    }
}

impl std::fmt::Display for CommandError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for CommandError {}
