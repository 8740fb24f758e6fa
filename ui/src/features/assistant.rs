//! The assistant: answers from the workspace with the source of every figure; it proposes and never acts.

pub mod desk;
pub mod panel;

mod answer;
mod asking;
mod blocks;
mod button;
mod card;
mod links;
mod model_part;
mod picture;
mod step;
mod who;
