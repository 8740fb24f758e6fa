//! Competitors' pages beside our products: found, compared, decided.

pub mod columns;
pub mod decision_bar;
pub mod filter_query;
pub mod match_panel;
pub mod search_form;
pub mod state_tabs;
