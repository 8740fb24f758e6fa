//! Long work: how it stands and what came of it.

use crate::views::{
    AutomationTurnView, BackTestView, BacktestView, DeliveryReport, MarginGaps, MatchingReport, MoversView,
};
use pricing_domain::{ChangeSetId, ExceptionReason, FileFormat, FileId, FileKind, Instant, JobId, Problem, ReadState};
use serde::{Deserialize, Serialize};

use crate::CommandError;

/// A file that can be fetched from the host.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FileRef {
    /// Its handle; never a path.
    pub id: FileId,
    /// A name to save it under.
    pub name: String,
    /// Bytes.
    pub size_bytes: u64,
}

/// What kind of work a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobKind {
    /// Reading a file into the workspace.
    Import,
    /// Looking at what reading a file would do.
    Preview,
    /// Reading competitor pages.
    Collection,
    /// Pricing the catalogue.
    Pricing,
    /// Looking for our products on competitors' pages.
    Matching,
    /// Handing prices over to a shop, or looking at what that would do.
    Publishing,
    /// A turn of what runs by itself.
    Automation,
    /// Rules over the past.
    BackTest,
    /// Forecasts of past weeks.
    ForecastBackTest,
    /// Counting who moves first.
    Movers,
}

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// At work.
    Running,
    /// Asked to stop.
    Cancelling,
    /// Finished.
    Done,
    /// Stopped by a person.
    Cancelled,
    /// Ended with an error.
    Failed,
}

impl JobState {
    /// Whether it will not move any more.
    pub const fn ended(self) -> bool {
        matches!(self, Self::Done | Self::Cancelled | Self::Failed)
    }
}

/// A job.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JobView {
    /// Its id.
    pub id: JobId,
    /// What kind of work.
    pub kind: JobKind,
    /// In words: “Import products.csv”.
    pub title: String,
    /// Where it stands.
    pub state: JobState,
    /// Steps done.
    pub done: u64,
    /// Steps in all, once known.
    pub total: Option<u64>,
    /// What a step is: “rows”, “pages”, “products”, “bytes”.
    pub unit: String,
    /// What it is at now.
    pub message: String,
    /// When it began.
    pub started_at: Instant,
    /// When it ended.
    pub finished_at: Option<Instant>,
    /// What came of it.
    pub result: Option<JobResult>,
    /// Why it failed.
    pub error: Option<CommandError>,
}

/// What came of a job.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobResult {
    /// Of an import.
    Import(ImportReport),
    /// Of looking at what an import would do.
    Preview(ImportPreview),
    /// Of a collection.
    Collection(CollectionReport),
    /// Of a pricing run.
    Pricing(PricingReport),
    /// Of a search for matches.
    Matching(MatchingReport),
    /// Of a hand-over to a shop, or of a dry run.
    Delivery(DeliveryReport),
    /// Of a turn of what runs by itself.
    Automation(AutomationTurnView),
    /// Of rules over the past.
    BackTest(Box<BackTestView>),
    /// Of forecasts of past weeks.
    ForecastBackTest(Box<BacktestView>),
    /// Of counting who moves first.
    Movers(Box<MoversView>),
}

/// What an import read and changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImportReport {
    /// What the rows are.
    pub kind: FileKind,
    /// Which program wrote the file.
    pub format: FileFormat,
    /// The file's name.
    pub file_name: String,
    /// `UTF-8`, `windows-1252`, …
    pub encoding: String,
    /// Between cells; none in a workbook.
    pub delimiter: Option<char>,
    /// Between whole and fraction; none where no column has decimals.
    pub decimal_separator: Option<char>,
    /// Columns of the file that were not used.
    pub ignored_columns: Vec<String>,
    /// Rows of the file without its header.
    pub rows: u64,
    /// Rows that are no rows of ours, by a reason that follows on their number; not among `rows`.
    pub left_out: Vec<(String, u64)>,
    /// New.
    pub added: u64,
    /// Existed and changed.
    pub changed: u64,
    /// Existed and stayed.
    pub unchanged: u64,
    /// Refused, with a problem each.
    pub refused: u64,
    /// Problems in all, also those not listed.
    pub problem_count: u64,
    /// The first problems.
    pub problems: Vec<Problem>,
    /// Cells that were read otherwise than they stand, or left out, in rows that went in.
    #[serde(default)]
    pub note_count: u64,
    /// The first of those.
    #[serde(default)]
    pub notes: Vec<Problem>,
    /// The refused rows as they stand in the file, with the reason of each, to be mended and imported alone.
    pub refused_file: Option<FileRef>,
    /// Products that the file does not name and that were ended, where that was asked for.
    pub ended: u64,
    /// To undo it; none when nothing changed.
    pub change_set: Option<ChangeSetId>,
    /// Milliseconds.
    pub elapsed_ms: u64,
}

/// What an import would do; nothing was written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImportPreview {
    /// What was read, with the counts that the import would have.
    pub report: ImportReport,
    /// The first rows that would change something, field by field.
    pub changes: Vec<ImportChange>,
    /// The first rows that would be new: of products name and price, of what has a past beside what held before.
    pub new_rows: Vec<ImportChange>,
    /// Products in the workspace that a file of products does not name.
    pub missing: u64,
    /// The first of them.
    pub missing_skus: Vec<String>,
}

/// What one row of an import would make or change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImportChange {
    /// Line of the file.
    pub line: u64,
    /// Article number; of exchange rates the two currencies.
    pub sku: String,
    /// Which of the product's rows it is, in words, where it has several: the price list, the day, the location.
    pub about: String,
    /// What would change.
    pub fields: Vec<ImportFieldChange>,
}

/// One field that an import would change. Values are ready to be shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImportFieldChange {
    /// Our column.
    pub field: String,
    /// What is there; `None`: nothing.
    pub old: Option<String>,
    /// What the file says; empty: it is taken away.
    pub new: String,
}

/// What a collection read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CollectionReport {
    /// Pages asked for.
    pub pages: u64,
    /// Prices read.
    pub prices: u64,
    /// Prices that differ from the reading before.
    pub moved: u64,
    /// Prices that wait in quarantine; not among the prices.
    pub quarantined: u64,
    /// Pages left for a later collection: budget, quiet hours, a shop that blocks. Not among the pages.
    pub postponed: u64,
    /// Why, with how many, most frequent first.
    pub postponed_reasons: Vec<(String, u64)>,
    /// Pages by state, most frequent first.
    pub states: Vec<(ReadState, u64)>,
    /// Stopped by a person; what was read is kept.
    pub cancelled: bool,
    /// Milliseconds.
    pub elapsed_ms: u64,
}

/// What a pricing run found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PricingReport {
    /// Product prices looked at, on all lists.
    pub priced: u64,
    /// Proposed upwards.
    pub raised: u64,
    /// Proposed downwards.
    pub lowered: u64,
    /// Left as they are.
    pub unchanged: u64,
    /// Need a person, by reason, most urgent first.
    pub exceptions: Vec<(ExceptionReason, u64)>,
    /// Milliseconds of the evaluation alone.
    pub evaluate_ms: u64,
    /// Milliseconds in all, with the proposals written.
    pub elapsed_ms: u64,
    /// Why the circuit breaker holds the batch, a sentence each; empty when it does not.
    pub held_for: Vec<String>,
    /// Changes that the approval policy approved.
    #[serde(default)]
    pub approved: u64,
    /// Products that no margin protects.
    #[serde(flatten)]
    pub gaps: MarginGaps,
    /// Approvals of the run before that hold for this one: they were not handed over yet.
    #[serde(default)]
    pub carried: u64,
    /// Approvals of people that do not: they wait for a decision again.
    #[serde(default)]
    pub fallen: u64,
    /// The first of these with the reason, a sentence without its end each.
    #[serde(default)]
    pub fallen_words: Vec<String>,
}

/// A file that was written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExportReport {
    /// Where to fetch it.
    pub file: FileRef,
    /// Rows without the header.
    pub rows: u64,
}

/// A file of prices that were handed over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExportPricesReport {
    /// Where to fetch it.
    pub file: FileRef,
    /// Prices in it.
    pub rows: u64,
    /// Approved prices that may not leave any more and wait for a person again: which, and why.
    pub left: Vec<String>,
}

/// A shop's file with new prices.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExportIntoReport {
    /// Where to fetch it.
    pub file: FileRef,
    /// Which program it is for.
    pub format: FileFormat,
    /// Prices that changed.
    pub prices: u64,
    /// Sales that were written with their dates.
    pub sales: u64,
    /// Approved prices whose product the file does not have; they stay approved.
    pub not_in_file: u64,
    /// The first of them.
    pub not_in_file_skus: Vec<String>,
    /// Why prices of the file were left as they are.
    pub kept: Vec<String>,
    /// Approved prices that may not leave any more and wait for a person again: which, and why.
    pub left: Vec<String>,
}
