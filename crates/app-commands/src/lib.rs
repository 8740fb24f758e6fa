//! The router: one thin handler for each command, jobs with progress, files by id, events. Knows no window, no
//! terminal and no server; every host runs this.

mod errors;
mod events;
mod files;
mod folders;
mod handlers;
mod host;
mod jobs;
mod sample;

pub use folders::default_folders;
pub use host::{Host, HostOptions};
pub use sample::build_sample;

pub use pricing_operations::{pricing_science, science};
