//! What commands answer with: values ready to be shown, amounts still exact.

mod alerts;
mod assistant;
mod automations;
mod back_tests;
mod catalogue;
mod collection;
mod competitors;
mod connections;
mod demand;
mod forecasts;
mod import_sources;
mod imports;
mod jobs;
mod margin_gaps;
mod market;
mod matching;
mod models;
mod plans;
mod proposals;
mod quarantine;
mod reports;
mod roles;
mod rules;
mod scenario_answers;
mod scenario_names;
mod scenarios;
mod work;
mod workspace;

pub use alerts::{
    AlertContent, AlertDelivery, AlertItem, AlertNotice, AlertPage, AlertPreview, AlertRecord, AlertView, MailSettings,
    MessageSettings, SendOutcome,
};
pub use assistant::{
    AnswerBlock, AnswerChart, AnswerLink, AnswerOutcome, AnswerPicture, AnswerRow, AnswerTable, AssistantAnswer,
    AssistantContext, AssistantQuestion, AssistantTurn, CardAction, FigureSource, ProposalCard, RepeatedStep, StepCall,
    TextSpan, ToolStep,
};
pub use automations::{AutomationDigest, AutomationFigures, AutomationTurnView, AutomationView, AutomationsView};
pub use back_tests::{BackTestDay, BackTestRow, BackTestTotals, BackTestView};
pub use catalogue::{
    ChartPalette, ChartPoint, ChartSeries, ChartValue, ChartView, CostView, FamilyMember, OfferView, OwnPriceView,
    PriceLockView, PriorPriceView, ProductDetail, ProductPage, ProductRow, ReductionKind,
};
pub use collection::{CollectionRun, CollectionView, CompetitorCoverage, FailureGroup, FailurePage, FailureRow};
pub use competitors::{
    CollectionEstimate, CompetitorSettings, CompetitorView, EvidenceView, FlagUse, HeaderProfile, KEPT_PAGES_DAYS,
    QuietHours, ReadingPolicy, RecipePage, RecipeTest, RecipeView, SchedulePreview, ScheduleView, SiteView,
};
pub use connections::{
    ConnectionFacts, ConnectionInput, ConnectionRun, ConnectionView, DeliveryPage, DeliveryReport, DeliveryView,
    SecretText, StatedVat,
};
pub use demand::{
    CategoryDemand, CategoryElasticityView, DemandFact, DemandPoint, DemandReport, ElasticityGrade, ElasticityRow,
    ElasticityView, FamilyDemand,
};
pub use forecasts::{
    BacktestClass, BacktestFigures, BacktestOrigin, BacktestScore, BacktestView, ForecastPlan, ForecastView,
    ForecastWeek, PastWeek, PlannedPromotion, SellerClass,
};
pub use import_sources::{ImportSource, ImportSourceView};
pub use imports::{ColumnType, FileColumnView, FileShapeView, ImportOptions, ImportProfileView};
pub use jobs::{
    CollectionReport, ExportIntoReport, ExportPricesReport, ExportReport, FileRef, ImportChange, ImportFieldChange,
    ImportPreview, ImportReport, JobKind, JobResult, JobState, JobView, PricingReport,
};
pub use margin_gaps::{MarginGaps, MissingRate};
pub use market::{
    ChartMarkView, ChartRequestLook, CompetitorPosition, FollowerRow, GroupStanding, LeaderRow, MarketChartView,
    MarketOverview, MarketProductPage, MarketProductRow, MoversView, PivotRow, PivotView, PromotionStanding,
    PromotionsView, SalesDay, SalesFigures,
};
pub use matching::{
    MatchCountsView, MatchDecision, MatchFilter, MatchPage, MatchPictures, MatchRow, MatchSearch, MatchSelection,
    MatchSide, MatchTrait, MatchingReport, PictureView,
};
pub use models::{
    AssistantNews, AssistantTool, AssistantToolResult, Drafting, LocalModelServer, ModelKind, ModelProtocol,
    ModelSettings, ModelSettingsView, ModelTest, ModelUsage, ModelUse, SentData, ShareCosts, ToolCalling,
};
pub use plans::{
    ExperimentDesign, ExperimentDuration, ExperimentInput, ExperimentPeriod, ExperimentProduct, ExperimentReading,
    ExperimentRow, MarkdownInput, MarkdownRow, MarkdownView, PromotionInput, PromotionRow, PromotionView, Switchback,
};
pub use proposals::{
    BatchView, CommentView, DecisionReport, PolicyPreview, PriceWayView, ProposalDecision, ProposalFilter,
    ProposalPage, ProposalRow, ProposalSelection, PublicationView, ReasonCount, RestorePreview, RestoreReport,
    RestoreRow, SnoozeChoice, WayLineView, WayOfferView, WithheldOfferView, WorkKind,
};
pub use quarantine::{QuarantineFilter, QuarantinePage, QuarantinedView};
pub use reports::{KeptReportView, ReportPlan, ReportPlanView, ReportSettings};
pub use roles::{RoleCount, RoleReport, RoleSelection, RoleSuggestionRow, RoleSuggestions};
pub use rules::{
    FieldValues, IndexShift, PreviewRow, RulePreview, RuleRemark, RuleSetVersionView, RuleShare, RuleTestOutcome,
    RunFigures,
};
pub use scenario_answers::{
    Expected, LearntFollowing, LearntReaction, ScenarioCoverage, ScenarioEffect, ScenarioFigure, ScenarioGrade,
    ScenarioGroup, ScenarioLimit, ScenarioOptimum, ScenarioProduct, ScenarioSensitivity, ScenarioTotals, ScenarioView,
    WholeFigure,
};
pub use scenario_names::suggested_name;
pub use scenarios::{
    KeptScenario, KeptScenarioRow, RepeatedScenario, ScenarioAssumptions, ScenarioChange, ScenarioClearance,
    ScenarioDraft, ScenarioIndexLimit, ScenarioInput, ScenarioObjective, ScenarioPrices, ScenarioProposals,
    ScenarioReaction,
};
pub use work::{CostWork, PriceWork, PromotionWork, WorkCounts, WorkRow, WorkTask, WorkView};
pub use workspace::{
    AuditPage, AuditView, ChangeSetView, ChecklistStep, CircuitBreakerSettings, CollectionSettings, CompetitorIndex,
    CompetitorMove, NeedGroup, PlaceChange, PlaceChanges, PriceListView, SettingsView, Status, TodayView, UndoReport,
    WorkspaceView,
};
