//! What runs by itself.

pub mod digest;
pub mod list;
pub mod plan_form;
pub mod turns;
