//! Proposed prices, decisions on them, and the way to a price.

use pricing_domain::{
    BatchId, ChangeSetId, Currency, DeliveryState, ExceptionReason, Instant, MicroAmount, Money, OfferUse, PriceListId,
    ProductId, ProposalId, ProposalKind, ProposalStatus, PublicationId, PublicationState,
};
use serde::{Deserialize, Serialize};

use super::demand::DemandFact;
use super::jobs::FileRef;

/// Which proposals of the newest batch.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProposalFilter {
    /// On this list; `None`: on all.
    pub price_list: Option<PriceListId>,
    /// In this state; `None`: in any.
    pub status: Option<ProposalStatus>,
    /// Changes or exceptions; `None`: both.
    pub kind: Option<ProposalKind>,
    /// For this reason.
    pub reason: Option<ExceptionReason>,
    /// Words that must all occur in SKU or name.
    pub search: String,
    /// Those that are snoozed: left out, alone, or like any other.
    pub snoozed: SnoozeChoice,
    /// Only those that wait for a second person.
    pub second: bool,
    /// Only products on this list of work.
    pub work: Option<WorkKind>,
    /// Only prices that cross a limit that only warns.
    #[serde(default)]
    pub warned: bool,
}

/// What becomes of proposals that nobody wants to decide yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SnoozeChoice {
    /// They are left out while they wait.
    #[default]
    Hidden,
    /// Only they are shown.
    Only,
    /// They are like any other.
    Shown,
}

/// What has to be worked on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkKind {
    /// Products whose cost changed within seven days.
    CostChanges,
    /// Products without a price.
    WithoutPrice,
    /// Promotions that start within seven days.
    PromotionsStarting,
    /// Promotions that end within seven days.
    PromotionsEnding,
}

/// A stretch of proposals.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProposalPage {
    /// The batch they belong to; `None` before the first pricing.
    pub batch: Option<BatchView>,
    /// Proposals that match the filter.
    pub matching: u64,
    /// First row of this stretch.
    pub offset: u64,
    /// The rows, exceptions first by urgency, then the largest change first.
    pub rows: Vec<ProposalRow>,
}

/// A pricing run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BatchView {
    /// Its id.
    pub id: BatchId,
    /// When it ran.
    pub created_at: Instant,
    /// The rule set's name and version.
    pub rule_set: String,
    /// Waiting changes.
    pub pending_changes: u64,
    /// Waiting exceptions.
    pub pending_exceptions: u64,
    /// Approved, not handed over.
    pub approved: u64,
    /// On their way to a shop.
    pub publishing: u64,
    /// Turned down.
    pub rejected: u64,
    /// Handed over.
    pub exported: u64,
    /// Waiting exceptions by reason, most urgent first.
    pub reasons: Vec<ReasonCount>,
    /// The price list whose changes the effects are of. Volumes are known of the company and not of each list, so that
    /// effects of several lists would count what was sold more than once.
    pub effect_list: String,
    /// Revenue effect of all waiting and approved changes of that list at the volumes of 28 days.
    pub revenue_effect: Vec<Money>,
    /// Margin effect likewise, of products with a cost.
    pub margin_effect: Vec<Money>,
    /// Why the circuit breaker holds it, a sentence each; empty when it does not.
    pub held_for: Vec<String>,
    /// Waiting ones that are snoozed; not among the counts above.
    pub snoozed: u64,
    /// Waiting ones that a first person approved, among the counts above.
    pub first_approved: u64,
    /// Waiting ones whose price crosses a limit that only warns, among the counts above.
    #[serde(default)]
    pub warned: u64,
}

/// What an approval policy would do to the newest batch.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PolicyPreview {
    /// What makes the policy unusable; where there is any, the counts are zero.
    pub problems: Vec<String>,
    /// Changes that each line would approve, in the order of the lines.
    pub lines: Vec<u64>,
    /// Changes that would still wait for a person.
    pub left: u64,
    /// Exceptions, which always do.
    pub exceptions: u64,
}

/// What somebody said about a price.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CommentView {
    /// When.
    pub at: Instant,
    /// Who.
    pub actor: String,
    /// What.
    pub text: String,
}

/// A hand-over of prices to the shop.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PublicationView {
    /// Its id.
    pub id: PublicationId,
    /// Counted from the first one of the workspace; it stays, whatever is handed over later.
    #[serde(default)]
    pub number: u64,
    /// When.
    pub created_at: Instant,
    /// The file that was written; empty: none was.
    pub file_name: String,
    /// The shop or other receiver; `None`: a file.
    pub connection: Option<String>,
    /// Where it stands.
    pub state: PublicationState,
    /// When it is taken up by itself.
    pub due_at: Option<Instant>,
    /// Why it stands where it stands; empty where the state says it all.
    pub message: String,
    /// How many prices.
    pub prices: u64,
    /// Of those: that the shop has.
    pub there: u64,
    /// Of those: of which is not known yet whether the shop has them.
    pub waiting: u64,
    /// Whether it put previous prices back.
    pub is_restore: bool,
    /// When its own prices were taken back.
    pub restored_at: Option<Instant>,
}

/// What putting the previous prices of a hand-over back would do, or did.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RestorePreview {
    /// Prices that go back.
    pub restored: u64,
    /// Prices that were changed since: they stay.
    pub changed_since: u64,
    /// Products that had no price before: they keep theirs.
    pub without_previous: u64,
    /// Of those that go back: prices below today's floor.
    pub below_floor: u64,
    /// The first of them.
    pub below_floor_rows: Vec<RestoreRow>,
    /// Of those that go back: prices that are locked now.
    #[serde(default)]
    pub locked: u64,
    /// The first of them, by article number and list.
    #[serde(default)]
    pub locked_rows: Vec<String>,
}

/// A previous price below today's floor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RestoreRow {
    /// Article number.
    pub sku: String,
    /// The list's code.
    pub price_list: String,
    /// The previous price.
    pub previous: Money,
    /// The floor now.
    pub floor: Money,
}

/// Previous prices that were put back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RestoreReport {
    /// The file for the shop.
    pub file: FileRef,
    /// What was done.
    pub done: RestorePreview,
}

/// How many exceptions have a reason.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReasonCount {
    /// The reason.
    pub reason: ExceptionReason,
    /// How many.
    pub count: u64,
    /// What they move at most in 28 days; see `NeedGroup::stake`. `None` on all lists together.
    #[serde(default)]
    pub stake: Option<Money>,
}

/// A proposed price. Amounts in minor units of its currency.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProposalRow {
    /// Its id.
    pub id: ProposalId,
    /// The product.
    pub product: ProductId,
    /// Article number.
    pub sku: String,
    /// Name.
    pub name: String,
    /// The list's code.
    pub price_list: String,
    /// Its currency.
    pub currency: Currency,
    /// Change or exception.
    pub kind: ProposalKind,
    /// Where it stands.
    pub status: ProposalStatus,
    /// Today's price.
    pub old_minor: Option<i64>,
    /// The proposed one.
    pub new_minor: Option<i64>,
    /// New ÷ old − 1.
    pub change_bp: Option<i32>,
    /// Why a person is needed.
    pub reason: Option<ExceptionReason>,
    /// The price that the higher guardrail allows.
    pub lawful_minor: Option<i64>,
    /// The floor that held.
    pub floor_minor: Option<i64>,
    /// The ceiling that held.
    pub ceiling_minor: Option<i64>,
    /// Margin at the proposed price.
    pub margin_bp: Option<i32>,
    /// Cost.
    pub cost: Option<MicroAmount>,
    /// Lowest usable offer.
    pub lowest_minor: Option<i64>,
    /// How many limits that only warn the proposed price crosses.
    #[serde(default)]
    pub warnings: u32,
    /// The rule that decided.
    pub rule: String,
    /// One sentence.
    pub summary: String,
    /// Who decided and why.
    pub decision: Option<String>,
    /// What became of it in its newest hand-over, with the words of the shop.
    pub delivery: Option<(DeliveryState, String)>,
    /// Who approved first, where a second person must approve too.
    pub first_by: Option<String>,
    /// Nobody wants to decide it before.
    pub snoozed_until: Option<Instant>,
    /// What people said about this price; how many.
    pub comments: u64,
}

/// Which proposals a decision is about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProposalSelection {
    /// These.
    Ids(Vec<ProposalId>),
    /// All that match.
    Filter(ProposalFilter),
}

/// What a person decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProposalDecision {
    /// Take the proposed price; for exceptions the price that the higher guardrail allows.
    Approve,
    /// Leave the price as it is.
    Reject,
    /// Wait again.
    Reopen,
}

/// What a decision did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DecisionReport {
    /// Proposals decided.
    pub decided: u64,
    /// Proposals left as they were, because they have no price to approve or were handed over already.
    pub skipped: u64,
    /// Proposals that wait for a second person now.
    #[serde(default)]
    pub first: u64,
    /// Why some were left, in words; empty when none were.
    pub skipped_reason: String,
    /// To undo it.
    pub change_set: Option<ChangeSetId>,
}

/// The way to a price.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PriceWayView {
    /// Article number.
    pub sku: String,
    /// Name.
    pub name: String,
    /// The list's code.
    pub price_list: String,
    /// One sentence.
    pub summary: String,
    /// Step by step.
    pub lines: Vec<WayLineView>,
    /// Offers used and left out.
    pub offers: Vec<WayOfferView>,
    /// Offers that never reached the rules, because the settings of their competitor keep them out today.
    pub withheld: Vec<WithheldOfferView>,
    /// What would have to change for another price.
    pub what_would_change: Option<String>,
    /// How the product answers its price, which no rule knows of; `None`: nothing has been fitted since the workspace was
    /// opened.
    #[serde(default)]
    pub demand: Option<DemandFact>,
}

/// One step of the way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WayLineView {
    /// What kind of step: `input`, `rule_passed`, `rule`, `strategy`, `floor`, `ceiling`, `step`, `ending`, `family`, `verified`, `result`, …
    pub kind: String,
    /// Short.
    pub title: String,
    /// In words.
    pub detail: String,
    /// The amount after this step.
    pub amount: Option<Money>,
}

/// An offer that the settings of its competitor keep out of every price.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WithheldOfferView {
    /// Who.
    pub competitor: String,
    /// What they charge, like for like.
    pub price: Money,
    /// When it was seen last.
    pub last_seen: Instant,
    /// Why it is left out, in words.
    pub why: String,
}

/// An offer on the way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WayOfferView {
    /// Who.
    pub competitor: String,
    /// What they charge, like for like.
    pub price: Money,
    /// Shipping.
    pub shipping: Option<Money>,
    /// When it was seen last.
    pub last_seen: Instant,
    /// Used, or why not.
    pub usage: OfferUse,
}
