//! Whole operations on real workspace files, with a clock that stands still until a test moves it.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

#[path = "workspace/approvals.rs"]
mod approvals;
#[path = "workspace/attributes.rs"]
mod attributes;
#[path = "workspace/automations.rs"]
mod automations;
#[path = "workspace/back_tests.rs"]
mod back_tests;
#[path = "workspace/batch_notes.rs"]
mod batch_notes;
#[path = "workspace/catalogue_edges.rs"]
mod catalogue_edges;
#[path = "workspace/collecting.rs"]
mod collecting;
#[path = "workspace/decisions.rs"]
mod decisions;
#[path = "workspace/exports.rs"]
mod exports;
#[path = "workspace/facts.rs"]
mod facts;
#[path = "workspace/families.rs"]
mod families;
#[path = "workspace/followed.rs"]
mod followed;
#[path = "workspace/forecasts.rs"]
mod forecasts;
#[path = "workspace/import_sources.rs"]
mod import_sources;
#[path = "workspace/kept_scenarios.rs"]
mod kept_scenarios;
#[path = "workspace/kind_previews.rs"]
mod kind_previews;
#[path = "workspace/laws.rs"]
mod laws;
#[path = "workspace/list_laws.rs"]
mod list_laws;
#[path = "workspace/list_parts.rs"]
mod list_parts;
#[path = "workspace/market.rs"]
mod market;
#[path = "workspace/market_alerts.rs"]
mod market_alerts;
#[path = "workspace/market_days.rs"]
mod market_days;
#[path = "workspace/market_facts.rs"]
mod market_facts;
#[path = "workspace/own_prices.rs"]
mod own_prices;
#[path = "workspace/pictures.rs"]
mod pictures;
#[path = "workspace/plans.rs"]
mod plans;
#[path = "workspace/previews.rs"]
mod previews;
#[path = "workspace/prior_prices.rs"]
mod prior_prices;
#[path = "workspace/products.rs"]
mod products;
#[path = "workspace/publishing.rs"]
mod publishing;
#[path = "workspace/quarantine.rs"]
mod quarantine;
#[path = "workspace/readings.rs"]
mod readings;
#[path = "workspace/restores.rs"]
mod restores;
#[path = "workspace/rivals.rs"]
mod rivals;
#[path = "workspace/roles.rs"]
mod roles;
#[path = "workspace/scenarios.rs"]
mod scenarios;
#[path = "workspace/schedules.rs"]
mod schedules;
#[path = "workspace/searches.rs"]
mod searches;
#[path = "workspace/server.rs"]
mod server;
#[path = "workspace/set_prices.rs"]
mod set_prices;
#[path = "workspace/shop_files.rs"]
mod shop_files;
#[path = "workspace/shop_words.rs"]
mod shop_words;
#[path = "workspace/support.rs"]
mod support;
#[path = "workspace/today.rs"]
mod today;
#[path = "workspace/undoing.rs"]
mod undoing;
#[path = "workspace/work_lists.rs"]
mod work_lists;
