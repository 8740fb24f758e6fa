//! What commands answer with: values ready to be shown, amounts still exact.

mod catalogue;
mod collection;
mod demand;
mod imports;
mod jobs;
mod proposals;
mod rules;
mod scenarios;
mod workspace;

pub use catalogue::{
    ChartPalette, ChartPoint, ChartSeries, ChartValue, ChartView, CostView, FamilyMember, OfferView, OwnPriceView,
    ProductDetail, ProductPage, ProductRow,
};
pub use collection::{CollectionRun, CollectionView, CompetitorCoverage, FailureGroup, FailurePage, FailureRow};
pub use demand::{CategoryDemand, DemandPoint, DemandReport, ElasticityGrade, ElasticityRow, ElasticityView};
pub use imports::{ColumnType, FileColumnView, FileShapeView, ImportOptions, ImportProfileView};
pub use jobs::{
    CollectionReport, ExportIntoReport, ExportReport, FileRef, ImportChange, ImportFieldChange, ImportPreview,
    ImportReport, JobKind, JobResult, JobState, JobView, PricingReport,
};
pub use proposals::{
    BatchView, DecisionReport, PriceWayView, ProposalDecision, ProposalFilter, ProposalPage, ProposalRow,
    ProposalSelection, PublicationView, ReasonCount, RestorePreview, RestoreReport, RestoreRow, WayLineView,
    WayOfferView,
};
pub use rules::{
    IndexShift, PreviewRow, RulePreview, RuleRemark, RuleSetVersionView, RuleShare, RuleTestOutcome, RunFigures,
};
pub use scenarios::{
    Expected, ScenarioAssumptions, ScenarioChange, ScenarioGrade, ScenarioGroup, ScenarioInput, ScenarioPrices,
    ScenarioProduct, ScenarioReaction, ScenarioSensitivity, ScenarioTotals, ScenarioView,
};
pub use workspace::{
    AuditPage, AuditView, ChangeSetView, ChecklistStep, CircuitBreakerSettings, CollectionSettings, CompetitorIndex,
    CompetitorMove, NeedGroup, PriceListView, SettingsView, Status, TodayView, UndoReport, WorkspaceView,
};
