//! The words of pricing as types: money, percentages, identifiers, products, price lists, offers, rules and proposals.
//!
//! Pure data with its invariants: no clock, no input or output, no floating-point money. Compiles to wasm.

mod alerts;
mod approvals;
mod attributes;
mod automations;
mod decimal;
mod demand;
mod exchange_rates;
mod files;
mod files_read;
mod grids;
mod gtin;
mod html_names;
mod html_text;
mod ids;
mod locks;
mod market;
mod matching;
mod money;
mod offers;
mod prices;
mod problems;
mod products;
mod proposals;
mod publishing;
mod roles;
mod rules;
mod text_enum;
mod time;

pub use alerts::{
    AlertCondition, AlertDirection, AlertKind, AlertPrice, AlertQuiet, AlertRule, AlertTurn, AlertWay, AlertWays,
    MailSecurity, MessageState,
};
pub use approvals::{ApprovalLine, ApprovalPolicy, FourEyes, PriceChangeCase};
pub use attributes::{MOST_ATTRIBUTES, attribute_name, names_colour, names_size};
pub use automations::{AutomationOutcome, AutomationPlan, AutomationTarget};
pub use decimal::{decimal_text, format_scaled, parse_scaled};
pub use demand::ElasticityGrade;
pub use exchange_rates::{Conversion, ExchangeRate, conversion};
pub use files::{DateOrder, FileFormat, FileKind, OutputFormat};
pub use files_read::unknown_keys;
pub use grids::{GridColumn, GridFilter, GridSort, UnknownFilter};
pub use gtin::{Gtin, GtinError};
pub use html_names::NAMED_REFERENCES;
pub use html_text::resolve_references;
pub use ids::{
    AlertId, AlertRuleId, AnswerId, AuditId, AutomationId, BatchId, ChangeSetId, CompetitorId, ConnectionId,
    ExperimentId, FileId, FoundPageId, ImportSourceId, JobId, ListingId, OfferId, PriceListId, ProductId, ProposalId,
    PublicationId, QuarantinedId, ReportPlanId, ScenarioId,
};
pub use locks::LockKind;
pub use market::{
    FOLLOWS_WITHIN_DAYS, IndexForm, MarketFilter, MarketGroup, MarketRows, Outcome, PictureFormat, Pivot, PivotMeasure,
    ReportFormat, ReportKind, ReportPeriod,
};
pub use matching::{MatchState, MatchVerdict};
pub use money::{BasisPoints, Currency, MicroAmount, Money, MoneyError, Ratio, Rounding, net_of_gross_micro};
pub use offers::{
    Availability, Condition, Confidence, ExtractionMethod, MatchType, OfferFlag, OfferFlags, OfferKind,
    PackCoefficient, QuarantineCause, QuarantineDecision, ReadState,
};
pub use prices::{ListPart, PriceCause, PriceListSettings, PriceState, PriceType, TaxMode};
pub use problems::Problem;
pub use products::{ContentUnit, CostType, Lifecycle, Role};
pub use proposals::{ExceptionReason, OfferUse, ProposalKind, ProposalStatus};
pub use publishing::{ConnectionKind, ConnectionTask, DeliveryState, OtherPrices, PublicationState};
pub use roles::{
    COMPARABLE_FROM, EARNING, LEAST_GROUP, MOST_BOUGHT, OFTEN_BOUGHT, RoleFacts, RoleSuggestion, suggest_roles,
};
pub use rules::{
    Adjustment, AgeSince, CategoryIndex, Ceiling, ChannelFee, CompetitorReference, CompetitorWeight, CoverBand,
    EndingBand, EndingDirection, FamilyLaw, FamilyOrder, FlatRule, FloorAmount, Guardrails, Hours, MarginFloor,
    MarkdownBase, MarkdownStep, OfferPolicy, PriceEnding, PriceFloor, Rule, RuleSet, RuleSetProblem, RuleSetState,
    RuleTest, Scope, ScopeTest, ScopedCeiling, SideBand, SoftGuardrail, SoftLimit, SpiralLimit, StepLimit, Strategy,
    TableBand, TableSide, TestGiven, TestMove, TestOffer, TwoWayTable, Validity, Weekday,
};
pub use time::{CivilDate, Instant, MICROSECONDS_PER_DAY, MICROSECONDS_PER_HOUR};
