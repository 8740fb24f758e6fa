//! The router: one thin handler for each command, jobs with progress, files by id, events. Knows no window, no
//! terminal and no server; every host runs this.

mod alerts;
mod assistant;
mod automations;
mod errors;
mod events;
mod files;
mod folders;
mod handlers;
mod host;
mod jobs;
mod publishing;
mod sample;
mod schedules;
mod sources;

pub use folders::default_folders;
pub use host::{Host, HostOptions, Keychain};
// Plain files need no workspace, and so no command: the command line calls these directly.
pub use pricing_operations::{
    PlainFiles, PlainReport, RuleLine, compare_rule_sets, lint_rules, price_files, read_rules, read_scenario, reading,
    rule_set_text, test_rules,
};
pub use sample::build_sample;

pub use pricing_operations::{pricing_science, science};
