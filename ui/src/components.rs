//! Parts that know no feature.

pub mod clipboard;
pub mod confirm;
pub mod criteria;
pub mod data_grid;
pub mod empty;
pub mod facts;
pub mod fields;
pub mod icon;
pub mod menu;
pub mod notice;
pub mod panel;
pub mod progress;
pub mod reading;
pub mod show;
pub mod side_panel;
pub mod skeleton;
pub mod table;
pub mod tabs;
pub mod toasts;
