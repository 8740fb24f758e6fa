//! The screens.

pub mod analytics;
pub mod collection;
pub mod competitors;
pub mod demand;
pub mod experiments;
pub mod first_start;
pub mod forecasts;
pub mod matches;
pub mod plans;
pub mod products;
pub mod proposals;
pub mod quarantine;
pub mod rules;
pub mod scenarios;
pub mod settings;
pub mod today;
