//! One product: its prices, its competitors, the way to its price, what happened to it.

pub mod chart;
pub mod detail;
pub mod way_view;

mod audit_list;
mod chart_hover;
mod chart_table;
mod costs_and_prices;
mod evidence;
mod facts;
mod family;
mod figures;
mod offers;
mod price_locks;
mod price_way;
mod prior_prices;
