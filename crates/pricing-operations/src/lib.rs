//! All that a person can do with a workspace: one function an operation, each in one transaction with its audit entry.
//!
//! The clock is passed in; nothing here knows a window, a terminal or a server.

mod alerts;
mod approvals;
mod automations;
mod back_tests;
mod catalogue_pulls;
mod charts;
mod circuit_breaker;
mod collecting;
mod collection_views;
mod collections;
mod competitor_settings;
mod competitors;
mod connections;
mod conversations;
mod curves;
mod decisions;
mod demand;
mod details;
mod error;
mod evidence;
mod explanations;
mod exports;
mod exports_into;
mod forecast_backtests;
mod grids;
mod import_profiles;
mod import_sources;
mod imports;
mod listed_changes;
mod market;
mod matching;
mod messages;
mod models;
mod price_lists;
mod price_locks;
mod prices_by_hand;
mod pricing;
mod prior_prices;
mod private_sites;
mod progress;
mod proposals;
mod proxies;
mod publishing;
mod quarantine;
pub mod reading;
mod report_plans;
mod restores;
mod rule_previews;
mod rule_sets;
mod scenarios;
mod schedules;
pub mod science;
mod scripts;
mod secrets;
mod settings;
mod site_recipes;
mod snapshots;
mod staged_rows;
mod today;
mod trust;
mod undo;
mod work_lists;
mod workspace;

pub use alerts::SentAlerts;
pub use automations::{AutomationTurn, DueAutomation};
pub use back_tests::BackTestQuestion;
pub use charts::ChartRequest;
pub use pricing_science;
pub use pricing_store::{CollectionScope, ProposalOrder};

pub use error::{ErrorKind, OperationError};
pub use exports_into::{ExportInto, IntoReport};
pub use import_profiles::ImportedFile;
pub use imports::RefusedLines;
pub use market::ChartQuestion;
pub use pricing_rules::rule_set_text;
pub use progress::Progress;
pub use scenarios::{Sensitivity, read_scenario};
pub use schedules::DueTurn;
pub use scripts::{
    PlainFiles, PlainReport, RuleLine, compare_rule_sets, lint_rules, price_files, read_rules, test_rules,
};
pub use workspace::{Clock, Workspace};
