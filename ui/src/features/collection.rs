//! Reading competitor pages: now, how it went, and what fails.

pub mod collect_now;
pub mod coverage_table;
pub mod failure_list;
pub mod failures;
pub mod runs_table;
pub mod sites_table;
