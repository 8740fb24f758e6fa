//! What a person does, one folder for each feature.

pub mod alerts;
pub mod analytics;
pub mod assistant;
pub mod automations;
pub mod collection;
pub mod competitors;
pub mod connections;
pub mod demand;
pub mod files;
pub mod frame;
pub mod import;
pub mod matches;
pub mod plans;
pub mod product;
pub mod products;
pub mod proposals;
pub mod rules;
pub mod scenarios;
pub mod settings;
pub mod start;
pub mod today;
pub mod work;
