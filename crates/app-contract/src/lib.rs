//! The contract between the hosts and whoever calls them: every command, event, view type and error code.
//!
//! A command is declared once, in [`commands`]; its request type, its name, the handler's method and the router's arm
//! come from that one line, so that a command without a handler does not compile.

mod command;
mod commands;
mod errors;
mod events;
mod views;

pub use command::{Command, Tag};
pub use commands::*;
pub use errors::{CommandError, ErrorCode};
pub use events::{Event, EventEnvelope};
pub use views::*;
