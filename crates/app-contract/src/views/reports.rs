//! Reports that are written by themselves, and those that were kept.

use pricing_domain::{Instant, MarketFilter, PriceListId, ReportFormat, ReportKind, ReportPeriod, ReportPlanId};
use serde::{Deserialize, Serialize};

/// A report that is written by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportPlan {
    /// Its name, which its files bear.
    pub name: String,
    /// Which report.
    pub report: ReportKind,
    /// What it is about. Its days are those of the period, unless it has a first or last day of its own.
    pub filter: MarketFilter,
    /// Which days it is about.
    #[serde(default)]
    pub period: ReportPeriod,
    /// How it is written.
    pub format: ReportFormat,
    /// A cron pattern: minute, hour, day, month, weekday.
    pub pattern: String,
    /// “Europe/Berlin”.
    pub time_zone: String,
    /// Addresses that it is mailed to.
    #[serde(default)]
    pub email: Vec<String>,
    /// So many of them are kept.
    pub keep: u32,
    /// Whether the weekly report has the assistant's pinned answers, with their sources.
    #[serde(default)]
    pub pinned_answers: bool,
    /// Rests.
    #[serde(default)]
    pub paused: bool,
}

/// A planned report with how it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportPlanView {
    /// Its id.
    pub id: ReportPlanId,
    /// As a person made it.
    pub plan: ReportPlan,
    /// When, in words.
    pub words: String,
    /// Its next time; `None`: it rests.
    pub next_at: Option<Instant>,
    /// When it was written last.
    pub last_at: Option<Instant>,
    /// What went wrong then, or empty.
    pub last_error: String,
}

/// A report that was kept, in the folder beside the workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptReportView {
    /// Its file's name.
    pub name: String,
    /// When it was written.
    pub at: Instant,
    /// How.
    pub format: ReportFormat,
    /// Its size.
    pub bytes: u64,
}

/// What reports look like and in which markets advertised prices are limited.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportSettings {
    /// The logo on the first page of a PDF as a data address, `data:image/png;base64,…`; empty: none.
    pub logo: String,
    /// Price lists in whose markets the lowest advertised price (MAP) of a product limits what may be advertised.
    pub map_lists: Vec<PriceListId>,
}
