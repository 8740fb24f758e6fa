//! The day's figures, what needs a person, what moved, what failed.

pub mod checklist;
pub mod figures;
pub mod indexes;
pub mod moves;
pub mod needs;
pub mod places;
pub mod position_bar;
