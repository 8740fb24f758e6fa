//! Answers to questions in words, from the workspace and nothing else: tools that read, cards that propose, and a check
//! of every number against what the tools gave.
//!
//! There is no tool that commits. What a card proposes is done by the person with an ordinary command.

mod answers;
mod attached;
mod catalogue;
mod checker;
mod composer;
mod figures;
mod models;
mod outside;
mod plain_text;
mod rows;
mod said;
mod steps;
mod tools;
mod turn;
mod veil;
mod wording;

pub use answers::{Ask, answer, questions};
pub use attached::AttachedFile;
pub use checker::{Known, check_text, numbers_in};
pub use figures::{Exact, Figure};
pub use models::{Endpoint, ModelError, endpoint, find_local_servers, test_connection};
pub use outside::{OutsideCall, OutsideTurn, call_tool};
pub use steps::repeat_step;
pub use tools::tools;
pub use turn::{ModelAsk, answer_with_model, what_leaves};
