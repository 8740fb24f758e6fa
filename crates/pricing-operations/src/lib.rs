//! All that a person can do with a workspace: one function an operation, each in one transaction with its audit entry.
//!
//! The clock is passed in; nothing here knows a window, a terminal or a server.

mod charts;
mod collections;
mod decisions;
mod details;
mod error;
mod explanations;
mod exports;
mod grids;
mod imports;
mod pricing;
mod progress;
mod proposals;
mod rule_sets;
pub mod science;
mod settings;
mod snapshots;
mod staged_rows;
mod today;
mod undo;
mod workspace;

pub use charts::ChartRequest;
pub use pricing_science;

pub use error::{ErrorKind, OperationError};
pub use progress::Progress;
pub use workspace::{Clock, Workspace};
