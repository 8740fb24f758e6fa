//! The screens of the interface as a person uses them. Each says what it shows and does what a person can do.

mod collection;
mod competitors;
mod connections;
mod first_start;
mod frame;
mod insights;
mod matches;
mod products;
mod proposals;
mod rules;
mod settings;
mod today;

pub use collection::CollectionPage;
pub use competitors::CompetitorsPage;
pub use connections::ConnectionsPage;
pub use first_start::FirstStart;
pub use frame::Frame;
pub use insights::{AnalyticsPage, Assistant, ScenariosPage};
pub use matches::MatchesPage;
pub use products::ProductsPage;
pub use proposals::ProposalsPage;
pub use rules::RulesPage;
pub use settings::SettingsPage;
pub use today::TodayPage;
