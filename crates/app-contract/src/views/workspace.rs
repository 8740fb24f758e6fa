//! The workspace as a whole: what is open, today's figures, settings, changes.

use pricing_domain::{
    AuditId, BasisPoints, ChangeSetId, Currency, ExceptionReason, Instant, ListPart, Money, PriceListId,
    PriceListSettings, TaxMode,
};
use serde::{Deserialize, Serialize};

use super::collection::FailureGroup;
use super::jobs::JobView;
use super::margin_gaps::MarginGaps;

/// What is open, what runs, what waits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Status {
    /// The program's version.
    pub version: String,
    /// What is open; `None`: show the first-start page.
    pub workspace: Option<WorkspaceView>,
    /// Publishing and automation are blocked.
    pub publishing_stopped: bool,
    /// Jobs at work.
    pub jobs: Vec<JobView>,
    /// Exceptions that wait.
    pub pending_exceptions: u64,
    /// Changes that wait.
    pub pending_changes: u64,
    /// By which name this person acts.
    pub person: String,
    /// Workspaces opened before, newest first, as (name, handle to open it).
    pub recent: Vec<(String, pricing_domain::FileId)>,
}

/// An open workspace.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorkspaceView {
    /// The company's name.
    pub company: String,
    /// Where the file is, for people.
    pub location: String,
    /// It is the sample.
    pub sample: bool,
    /// Products.
    pub products: u64,
    /// Default first.
    pub price_lists: Vec<PriceListView>,
}

/// A price list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PriceListView {
    /// Its id.
    pub id: PriceListId,
    /// Short code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Currency.
    pub currency: Currency,
    /// With or without VAT.
    pub tax_mode: TaxMode,
    /// Shown first; files that name no list are for it.
    pub is_default: bool,
    /// Which prices of another list it holds.
    #[serde(default)]
    pub part: Option<ListPart>,
    /// What it is for.
    pub settings: PriceListSettings,
    /// VAT rates stated for its country, each with the class it is for, `*` for every other; told by `list_price_lists`.
    #[serde(default)]
    pub vat: Vec<(String, BasisPoints)>,
    /// Its country is not the default list's: only rates stated for it count; told by `list_price_lists`.
    #[serde(default)]
    pub is_abroad: bool,
}

/// The figures of a list and what needs a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TodayView {
    /// Products that are sold.
    pub products: u64,
    /// With a price on this list.
    pub priced: u64,
    /// With a cost that a margin can be computed with.
    pub with_cost: u64,
    /// The others, by what they lack.
    pub gaps: MarginGaps,
    /// With a usable offer.
    pub with_offers: u64,
    /// Net price below cost.
    pub below_cost: u64,
    /// Below the lowest offer by more than the tolerance.
    pub win: u64,
    /// Within the tolerance.
    pub tie: u64,
    /// Above it.
    pub loss: u64,
    /// The tolerance.
    pub tolerance_bp: i32,
    /// Margin of the net price over the volumes of 28 days.
    pub margin_bp: Option<i32>,
    /// Share of the products with a cost.
    pub margin_coverage_bp: i32,
    /// Of all amounts.
    pub currency: Currency,
    /// Price index by competitor, best covered first.
    pub indexes: Vec<CompetitorIndex>,
    /// What waits for a person, what moves most money first.
    pub needs: Vec<NeedGroup>,
    /// Ordinary changes that wait.
    pub pending_changes: u64,
    /// When this person said last that they had seen what moved.
    pub seen_at: Option<Instant>,
    /// Since when moves are told: since then, otherwise since the newest collection began; `None`: nothing was collected.
    pub since: Option<Instant>,
    /// What competitors did since, the most money at stake first.
    pub moves: Vec<CompetitorMove>,
    /// Products whose place among the offers became worse since.
    pub lost: PlaceChanges,
    /// And better.
    pub gained: PlaceChanges,
    /// Why the newest prices wait as a whole; empty: they do not.
    pub held_for: Vec<String>,
    /// Collection failures.
    pub failures: Vec<FailureGroup>,
    /// Promotions that end within seven days.
    pub promotions_ending: u64,
    /// Newest collection.
    pub collected_at: Option<Instant>,
    /// Newest pricing run.
    pub priced_at: Option<Instant>,
    /// From import to the first export; empty once done.
    pub checklist: Vec<ChecklistStep>,
}

/// The price index against one competitor: Σ(q × own) ÷ Σ(q × competitor) × 100.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CompetitorIndex {
    /// Who.
    pub competitor: String,
    /// In hundredths: 10,180 is 101.8.
    pub index_centi: i64,
    /// Share of sold, priced products compared.
    pub coverage_bp: i32,
    /// Products compared.
    pub products: u64,
}

/// What waits for a person for one reason.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NeedGroup {
    /// The reason.
    pub reason: ExceptionReason,
    /// How many.
    pub count: u64,
    /// What they move at most in 28 days: the distance of each from today's price to the one that guardrails allow, times
    /// its units, as the pricing run saw them. `None`: nothing is known of it.
    #[serde(default)]
    pub stake: Option<Money>,
}

/// How a competitor moved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CompetitorMove {
    /// Who.
    pub competitor: String,
    /// Prices that fell.
    pub lowered: u64,
    /// Prices that rose.
    pub raised: u64,
    /// Mean change of those that moved.
    pub average_bp: i32,
    /// Σ |change| × units of 28 days, in minor units of the list's currency.
    pub stake_minor: i64,
    /// Since when.
    pub since: Instant,
}

/// Products whose place among the offers that can be bought now is another one than it was: every offer at the price that
/// it had then, the ones first seen since left out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PlaceChanges {
    /// How many.
    pub count: u64,
    /// The most at stake first.
    pub rows: Vec<PlaceChange>,
}

/// A product whose place is another one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlaceChange {
    /// Article number.
    pub sku: String,
    /// The product.
    pub name: String,
    /// Its place then, from 1.
    pub before: u32,
    /// Its place now.
    pub now: u32,
    /// |own − lowest| × units of 28 days, in minor units.
    pub stake_minor: i64,
}

/// A step of the first minutes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChecklistStep {
    /// Which: `import_products`, `import_matches`, `collect`, `price`, `approve`, `export`.
    pub key: String,
    /// In words.
    pub title: String,
    /// Done.
    pub done: bool,
}

/// How politely pages are collected.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CollectionSettings {
    /// Least time between two requests to one site.
    pub delay_ms: u64,
    /// A page is due again after so many hours.
    pub interval_hours: u32,
    /// Seconds before a page is given up.
    pub timeout_seconds: u32,
    /// Further attempts after a temporary failure.
    pub retries: u32,
    /// Whether pictures are fetched while matches are reviewed: a further request to a shop for each.
    #[serde(default)]
    pub fetch_pictures: bool,
}

/// Settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SettingsView {
    /// The company's name.
    pub company: String,
    /// Where the file is.
    pub location: String,
    /// Its size.
    pub size_bytes: u64,
    /// Collection.
    pub collection: CollectionSettings,
    /// Where logs are, for people.
    pub log_folder: String,
    /// Products, prices, offers, sales rows, listings.
    pub counts: Vec<(String, u64)>,
}

/// What one operation changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChangeSetView {
    /// Its id.
    pub id: ChangeSetId,
    /// When.
    pub at: Instant,
    /// In words.
    pub summary: String,
    /// Rows.
    pub rows: u64,
    /// Taken back already.
    pub undone: bool,
    /// Can be taken back.
    pub undoable: bool,
}

/// What an undo did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UndoReport {
    /// Rows restored.
    pub restored: u64,
    /// Rows changed since, left as they are, in words.
    pub conflicts: Vec<String>,
}

/// A stretch of the audit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AuditPage {
    /// Entries in all.
    pub matching: u64,
    /// The entries, newest first.
    pub rows: Vec<AuditView>,
}

/// One entry of the audit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AuditView {
    /// Its id.
    pub id: AuditId,
    /// When.
    pub at: Instant,
    /// Who.
    pub actor: String,
    /// The operation.
    pub operation: String,
    /// In words.
    pub summary: String,
}

/// When the circuit breaker holds a batch. Shares and changes in basis points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CircuitBreakerSettings {
    /// Whether it looks at all.
    pub enabled: bool,
    /// More than this share of a list's products in one direction …
    pub share_bp: i32,
    /// … by more than this.
    pub change_bp: i32,
    /// The margin of the changed products falls by more than so many points.
    pub margin_drop_bp: i32,
    /// The margin of the changed products falls below this.
    #[serde(default)]
    pub least_margin_bp: i32,
    /// More than this share of a competitor's prices moved one way at once.
    pub competitor_share_bp: i32,
    /// More than this share of all competitor prices is too old to count.
    pub stale_share_bp: i32,
}
