//! Competitors: how they are collected, which of their readings count, recipes for their sites, and what waits in
//! quarantine.

pub mod competitor_panel;
pub mod competitor_table;
pub mod quarantine;

mod policy_form;
mod recipe_editor;
mod schedule_form;
mod settings_form;
