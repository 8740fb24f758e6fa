//! The screens.

pub mod collection;
pub mod first_start;
pub mod matches;
pub mod products;
pub mod proposals;
pub mod rules;
pub mod settings;
pub mod today;
