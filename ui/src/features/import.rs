//! Reading files into the workspace.

pub mod desk;
pub mod import_menu;
pub mod report_panel;
pub mod with_catalogue;

mod mapping;
mod preview;
mod problem_table;
mod report;
