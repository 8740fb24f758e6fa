//! The product grid: its question in the address, its columns, its filters, its export.

pub mod columns;
pub mod export_menu;
pub mod filter_bar;
pub mod grid_query;
pub mod product_grid;
pub mod role_suggestions;
pub mod search_box;

mod column_choice;
mod filter_menu;
pub mod filter_text;
mod role_menu;
