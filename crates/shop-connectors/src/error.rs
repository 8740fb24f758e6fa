//! Why a shop did not do what was asked, in words for a person.

use std::error::Error;

/// What can be done about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShopErrorKind {
    /// The key is wrong or was revoked.
    NotRecognised,
    /// The key may not do this.
    NotPermitted,
    /// The address leads to something else.
    NotAShop,
    /// There is no way to it at the moment.
    Unreachable,
    /// It asks for patience, and longer than was waited.
    Busy,
    /// It understood and refused.
    Refused,
    /// Its answer is not of the documented shape.
    Unreadable,
    /// The caller asked to stop.
    Stopped,
}

/// A request that did not succeed. The message says what happened and what to do, and has neither keys nor addresses with
/// them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ShopError {
    /// What can be done about it.
    pub kind: ShopErrorKind,
    /// For people.
    pub message: String,
}

impl ShopError {
    pub(crate) fn new(kind: ShopErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }

    pub(crate) fn stopped() -> Self {
        Self::new(ShopErrorKind::Stopped, "Stopped.")
    }

    pub(crate) fn unreadable(what: &str) -> Self {
        Self::new(
            ShopErrorKind::Unreadable,
            format!("The shop's answer is not as documented ({what}). Check that the address is the shop's own."),
        )
    }

    /// Whether the same request may succeed later without anybody changing anything.
    pub const fn is_temporary(&self) -> bool {
        matches!(self.kind, ShopErrorKind::Unreachable | ShopErrorKind::Busy)
    }

    /// A failure of the network, by what lies at the bottom of it; never with the address, which may hold a key.
    pub(crate) fn of_network(error: reqwest::Error) -> Self {
        let error = error.without_url();
        let what = if error.is_timeout() {
            "it did not answer in time"
        } else if error.is_connect() {
            "there is no connection"
        } else {
            "the connection broke off"
        };
        let mut cause: &dyn Error = &error;
        while let Some(deeper) = cause.source() {
            cause = deeper;
        }
        Self::new(
            ShopErrorKind::Unreachable,
            format!("The shop cannot be reached: {what} ({cause}). Check the address and the network, then try again."),
        )
    }
}
