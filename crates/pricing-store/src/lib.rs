//! Every SQL statement of the product: the workspace file, its migrations, imports by staging and merging, collected
//! facts, proposals, the audit and undo.
//!
//! One workspace is one SQLite file in WAL mode. Readers use a pool; one writer connection takes `BEGIN IMMEDIATE`.
//! Several processes may share a file; migrations need it alone.

mod alerts;
mod approvals;
mod audit;
mod automations;
mod batches;
mod charts;
mod collected_pages;
mod collections;
mod competitors;
mod connections;
mod conversations;
mod deliveries;
mod error;
mod evidence;
mod experiments;
mod figures;
mod ids;
mod imports;
mod leases;
mod listing_histories;
mod listings;
mod matching;
#[cfg(feature = "measuring")]
pub mod measuring;
mod merge;
mod model_usage;
mod note_rows;
mod offer_codes;
mod offers;
mod operation;
mod pictures;
mod price_lists;
mod price_locks;
mod product_searches;
mod products;
mod promotions;
mod proposals;
mod publications;
mod quarantine;
mod reductions;
mod restores;
mod roles;
mod rule_sets;
mod scenarios;
mod settings;
mod snapshot_moves;
mod snapshot_rows;
mod snapshot_turns;
mod staging;
mod standing_approvals;
mod today;
mod undo;
mod work_lists;
mod workspace_file;

pub use alerts::{
    AlertDeliveryRow, AlertLook, AlertLookRow, AlertRow, AlertRuleRow, DeliveryEnd, DueDelivery, NewAlert,
};
pub use approvals::{CommentRow, WaitingChange};
pub use audit::{AuditEntry, ChangeSet};
pub use automations::{AutomationRow, AutomationRunRow};
pub use batches::Decided;
pub use charts::{HistorySpan, OwnSpan, ProductHistory};
pub use collected_pages::{CollectedPage, ListedProduct};
pub use collections::{CollectionRunRow, CompetitorCoverageRow, FailureRow};
pub use competitors::{CompetitorRow, ScheduleRow, SiteRecipeRow};
pub use connections::{ConnectionRow, ConnectionRunRow};
pub use conversations::ConversationTurn;
pub use deliveries::{DeliveryHead, DeliveryRow, IntendedPrice, Intent, PriceOrigin, Settled};
pub use error::StoreError;
pub use evidence::{EvidenceRow, packed_page};
pub use experiments::{ExperimentRecord, NewExperiment, TestedProduct};
pub use figures::{
    ChangeRow, MoveRow, OfferHistoryRow, OwnPriceHistoryRow, SalesDayRow, SegmentRow, StaleFigures, StandingCell,
    StandingDay, WeekSales,
};
pub use ids::IdMaker;
pub use imports::{
    ChangedRow, Comparison, FieldChange, FieldForm, FieldValue, MergeCounts, MergedImport, NamedList, RefusedRow,
    StagedImport, StagedKind, StagedOffer,
};
pub use leases::CollectionScope;
pub use listing_histories::ListingHistory;
pub use listings::DueListing;
pub use matching::{
    Candidate, FoundPage, MatchCounts, MatchQuery, MatchRow, MatchableProduct, PageFacts, StatedTraits,
};
pub use model_usage::ModelUsageRow;
pub use note_rows::{BatchSums, MoveCounts};
pub use offers::{CachePolicyText, ReadOffer, Reading, ReadingCounts};
pub use operation::{CommittedChange, Durability, Operation};
pub use pictures::{PairPictures, PictureRow};
pub use price_lists::{EVERY_CLASS, PriceListRow};
pub use price_locks::PriceLockRow;
pub use products::{CostRow, ListingOffer, OfferSpanRow, OwnPriceRow, ProductFields, ProductIdentity};
pub use promotions::{PromotionPeriodRow, UnitsSold};
pub use proposals::{
    BatchCounts, BatchRow, HandPrice, ProposalDraft, ProposalOrder, ProposalQuery, ProposalTarget, SnoozeQuery,
    StoredProposal,
};
pub use publications::{HandOver, OutdatedPrice, PriceStep, PublishedPrice};
pub use quarantine::QuarantineRow;
pub use reductions::{CampaignRow, WasPriceRow};
pub use restores::{HandedOverPrice, PublicationRow};
pub use rule_sets::RuleSetVersion;
pub use scenarios::{NewScenario, ScenarioRow};
pub use snapshot_moves::{MoveOwner, MoveRecord};
pub use snapshot_rows::{
    BoundRecord, CompetitorRecord, CostRecord, GtinRecord, OfferRecord, PriceRecord, ProductFilter, ProductRecord,
    SalesRecord, SnapshotReader, VatRecord,
};
pub use staging::Value;
pub use standing_approvals::{KeptDecision, StandingApproval};
pub use today::{CompetitorMoveRow, PostedPrice, RunningPromotionRow};
pub use undo::UndoOutcome;
pub use work_lists::{ChangedCostRow, PromotionRow, WorkQuery};
pub use workspace_file::Store;
