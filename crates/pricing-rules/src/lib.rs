//! The engine that decides prices: the snapshot of the catalogue, rule sets compiled against it, guardrails, endings,
//! families, and the way to each price in words.
//!
//! Pure: no clock, no input or output, no floating-point amount. The same snapshot, rule set and time give the same
//! cents on every platform and with any number of threads.

mod approvals;
mod columns;
mod engine;
mod figures;
mod followed_lists;
mod grid;
mod language;
mod lint;
mod list_order;
mod market;
mod offer_use;
mod parallel;
mod preview;
mod rule_files;
mod rule_tests;
mod snapshot;
mod usable_offers;
mod wide;

pub use approvals::{PolicyCase, approving_lines, rows_in_scope};
pub use columns::{CHUNK, Column, Dictionary, NONE, NarrowColumn, RowLists, TextColumn};
pub use engine::{
    Binding, CeilingKind, CompiledRules, Decision, Effect, FamilyNeighbour, FamilyStanding, FloorKind, LabelCapacity,
    LabelPlace, LaterInputs, ListInputs, MoveInputs, OfferInputs, Outcome, PassedOver, PassedReason, PriceInputs,
    PriceWay, PricingRun, RowWay, RuleCounts, RuleReach, RunCounts, SelfCheck, UNREACHABLE_FLOOR, Way, WayKind,
    WayLine, WayOffer, Ways, allowed_prices, binding_from_inputs, bounds_of, digest, family_standing, floors_of,
    inputs_of, price_all, price_from_inputs, problems_of, self_check, ways_to_all, windows_of,
};
pub use figures::{CompetitorIndex, ListFigures, list_figures};
pub use followed_lists::with_followed_lists;
pub use grid::{GridDemand, GridQuery, GridResult, gap_bp, margin_bp, run_grid};
pub use language::{
    Completion, CompletionKind, Expects, LanguageFix, LanguageProblem, TextField, TextRange, Typed, ValueWish, check,
    complete, format_expression, function_list, name_list, scope_text, value_completions, value_wish,
};
pub use lint::{Lint, LintKind, LintLimits, lint, lint_alone};
pub use list_order::{ListOrder, list_order};
pub use market::{AdvertisedOffer, GONE_AFTER_DAYS, MarketOffer, MarketRow, MarketView, category_is_within};
pub use preview::{Difference, IndexChange, Preview, PreviewQuestion, PreviewRow, RulePreview, preview, price_with};
pub use pricing_domain::{GridColumn, GridFilter, GridSort};
pub use rule_files::{RuleFileProblem, parse_rule_set, rule_set_text};
pub use rule_tests::{RuleTestResult, run_rule_tests};
pub use snapshot::{
    AttributeColumn, CacheError, Competitor, CostRecord, JointOutcome, ListColumns, ListFlags, ListRecord, ListValues,
    MoveColumns, Offer, OfferColumns, PriceMove, ProductColumns, ProductFlags, ProductRecord, RowChange, Snapshot,
    SnapshotBuilder, family_set,
};
pub use usable_offers::{UsableOffer, UsableOffers};
