//! How a model fails. What a server says in an error is not repeated: it may hold anything, the key included.

use std::time::Duration;

/// Why a model gave no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// No model is chosen.
    #[error("no model is chosen")]
    NoModel,
    /// The model has no name.
    #[error("the model has no name yet")]
    NoName,
    /// A key is needed.
    #[error("no key is kept for this address")]
    NoKey,
    /// The address cannot be used.
    #[error("the address cannot be used: {0}")]
    Address(&'static str),
    /// “Local only” is on.
    #[error("“local only” is on, and {0} is not on this machine")]
    NotLocal(String),
    /// The person has not agreed to what leaves the machine.
    #[error("what leaves this machine was not agreed to yet")]
    NotAgreed,
    /// The month's limit is reached.
    #[error("this month's limit is reached")]
    Limit,
    /// The key is wrong or may not do this.
    #[error("the server refused the key")]
    Refused,
    /// The model or the address is unknown there.
    #[error("the server does not know this model or address")]
    Unknown,
    /// The request was not accepted.
    #[error("the server did not accept the request (status {0})")]
    Rejected(u16),
    /// Too many requests.
    #[error("the server is busy")]
    Busy(Option<Duration>),
    /// A fault of the server.
    #[error("the server failed (status {0})")]
    Server(u16),
    /// No connection.
    #[error("the server cannot be reached")]
    Unreachable,
    /// Silence.
    #[error("the server was silent for too long")]
    Silent,
    /// The answer ended in its middle.
    #[error("the answer was cut off")]
    Cut,
    /// The answer does not follow the protocol.
    #[error("the answer does not follow the protocol")]
    Malformed,
    /// Nothing in the answer held, and no look-up gave anything.
    #[error("it said nothing that could be checked against this workspace")]
    NothingToCheck,
    /// The answer is longer than any answer.
    #[error("the answer is too long")]
    TooLong,
}

impl ModelError {
    /// Whether asking again may help.
    pub const fn is_temporary(&self) -> bool {
        matches!(self, Self::Busy(_) | Self::Server(_) | Self::Unreachable | Self::Cut)
    }

    /// By the status of an answer that is no success.
    pub(crate) const fn of_status(status: u16) -> Self {
        match status {
            401 | 403 => Self::Refused,
            404 => Self::Unknown,
            429 => Self::Busy(None),
            500..=599 => Self::Server(status),
            _ => Self::Rejected(status),
        }
    }

    /// Of a request that got no answer.
    pub(crate) fn of_request(error: &reqwest::Error) -> Self {
        if error.is_timeout() {
            Self::Silent
        } else if error.is_body() || error.is_decode() {
            Self::Cut
        } else if error.is_builder() {
            Self::Address("it is no address of an API")
        } else {
            Self::Unreachable
        }
    }
}
