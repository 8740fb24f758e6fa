//! Answers to questions in words, from the workspace and nothing else: tools that read, cards that propose, and a check
//! of every number against what the tools gave.
//!
//! There is no tool that commits. What a card proposes is done by the person with an ordinary command.

mod answers;
mod catalogue;
mod checker;
mod composer;
mod figures;
mod rows;
mod wording;

pub use answers::{Ask, answer, questions};
pub use checker::{Known, check_text, numbers_in};
pub use figures::{Exact, Figure};
