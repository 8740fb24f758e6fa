//! The screens.

pub mod collection;
pub mod first_start;
pub mod products;
pub mod proposals;
pub mod settings;
pub mod today;
