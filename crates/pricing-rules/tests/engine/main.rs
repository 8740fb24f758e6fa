//! The engine as its callers see it: cases from files, laws over random catalogues, snapshots, grids and figures.

mod accidents;
mod attributes;
mod cases;
mod catalogue;
mod currencies;
mod expressions;
mod families;
mod figures;
mod followed;
mod followed_lists;
mod grids;
mod hard_bounds;
mod language;
mod laws;
mod net_lists;
mod previews;
mod quick_way;
mod random;
mod rule_files;
mod rule_tests;
mod snapshots;
mod tables;
