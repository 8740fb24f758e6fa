//! Opening something for the first time.

pub mod import_card;
pub mod opening;
