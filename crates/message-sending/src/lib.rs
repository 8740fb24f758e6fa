//! The ways out: e-mail over SMTP with TLS, and webhooks signed as Standard Webhooks says.
//!
//! Passwords and signing secrets are handed in for each message and never stand in an error.

mod mail;
mod webhook;

pub use mail::{Attachment, Mail, MailServer, check_address, check_server, send_mail};
pub use webhook::{WebhookCall, call_webhook, check_webhook, new_webhook_secret, sign, signature};

/// Why a message was not handed over, in words for a person.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// It never will be: an address, the settings or the other side's decision have to change first.
    #[error("{0}")]
    Refused(String),
    /// It may be later.
    #[error("{0}")]
    NotNow(String),
}
