//! What happens if: changes that are played out over weeks, with how sure the answer is.

pub mod change_form;
pub mod compared;
pub mod result;
pub mod scenario_form;
