//! Lists of work.

pub mod tables;
