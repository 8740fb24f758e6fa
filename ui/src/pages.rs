//! The screens.

pub mod analytics;
pub mod automation;
pub mod collection;
pub mod competitors;
pub mod connections;
pub mod first_start;
pub mod matches;
pub mod products;
pub mod proposals;
pub mod quarantine;
pub mod rules;
pub mod scenarios;
pub mod settings;
pub mod today;
pub mod work;
