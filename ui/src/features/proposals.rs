//! Proposed prices: exceptions first, one decision for one or for many.

pub mod batch_header;
pub mod columns;
mod comments;
pub mod deciding;
pub mod decision_bar;
pub mod export_approved;
pub mod filter_query;
pub mod hand_overs;
pub mod hand_price;
pub mod held_banner;
pub mod list_choice;
pub mod proposal_grid;
pub mod proposal_panel;
pub mod publish_menu;
pub mod reason_tabs;
mod snooze_menu;
