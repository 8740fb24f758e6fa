//! What whole journeys need: drivers for a browser and for the real window, and one set of pages for both.
//!
//! A journey works through [`App`] and the pages made from it; which host is behind them only shows where files are
//! handed over. The main job is walked over [`MainJob`], which the host without screens does by its commands.

mod accessibility;
mod app;
mod drivers;
pub mod injection;
mod pages;
pub mod places;
mod processes;
mod receivers;
mod router;
pub mod scripted_model;
mod steps;
pub mod walks;

pub use accessibility::check_accessibility;
pub use app::App;
pub use drivers::{Browser, Desktop, Start, in_browser, in_window};
pub use pages::{
    AnalyticsPage, Assistant, CollectionPage, CompetitorsPage, ConnectionsPage, FirstStart, Frame, MatchesPage,
    ProductsPage, ProposalsPage, RulesPage, SettingsPage, TodayPage,
};
pub use receivers::{Encryption, MailReceiver, ReceivedCall, ReceivedMail, WebhookReceiver};
pub use router::Router;
pub use steps::MainJob;
