//! What whole journeys need: drivers for a browser and for the real window, and one set of pages for both.
//!
//! A journey works through [`App`] and the pages made from it; which host is behind them only shows where files are
//! handed over.

mod accessibility;
mod app;
mod drivers;
mod engine_page;
pub mod injection;
mod pages;
mod places;
mod processes;
mod router;
pub mod scripted_model;
pub mod walks;

pub use accessibility::check_accessibility;
pub use app::App;
pub use drivers::{Browser, Desktop, Start, in_browser, in_window, title_of_page};
pub use engine_page::engine_page;
pub use pages::{
    AnalyticsPage, Assistant, CollectionPage, CompetitorsPage, FirstStart, Frame, MatchesPage, ProductsPage,
    ProposalsPage, RulesPage, SettingsPage, TodayPage,
};
pub use router::Router;
