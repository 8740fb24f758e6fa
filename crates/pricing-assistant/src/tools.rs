//! The tools of the assistant: what a model or another assistant can call. They are the advisor's own look-ups and
//! drafts. None of them commits: what a draft proposes is done by the person, with an ordinary command.

mod arguments;
pub(crate) mod drafting;
mod reading;
mod running;
mod specs;
mod words;

pub(crate) use reading::{ChartAsked, read};
pub(crate) use running::{Bounds, Gave, perform, run};
pub use specs::tools;
pub(crate) use specs::{Offered, compact_list, names, offered_tools};
