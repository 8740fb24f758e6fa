//! Lists of work: costs that changed, products without a price, promotions that start and end.

use pricing_domain::{CostType, Currency, ExceptionReason, Instant, MicroAmount, Money, ProductId};
use serde::{Deserialize, Serialize};

use super::proposals::WorkKind;

/// A list of work on one price list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorkView {
    /// Which.
    pub kind: WorkKind,
    /// The currency of its amounts.
    pub currency: Currency,
    /// How long each list is.
    pub counts: WorkCounts,
    /// What waiting costs a day, over all rows of the list.
    pub waiting_day: Option<Money>,
    /// First row of this stretch.
    pub offset: u64,
    /// What is most worth doing first.
    pub rows: Vec<WorkRow>,
}

/// How long the lists are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkCounts {
    /// Products whose cost changed.
    pub cost_changes: u64,
    /// Products without a price.
    pub without_price: u64,
    /// Promotions that start.
    pub promotions_starting: u64,
    /// Promotions that end.
    pub promotions_ending: u64,
}

impl WorkCounts {
    /// The length of one list.
    pub const fn of(&self, kind: WorkKind) -> u64 {
        match kind {
            WorkKind::CostChanges => self.cost_changes,
            WorkKind::WithoutPrice => self.without_price,
            WorkKind::PromotionsStarting => self.promotions_starting,
            WorkKind::PromotionsEnding => self.promotions_ending,
        }
    }
}

/// A product to be worked on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorkRow {
    /// The product.
    pub product: ProductId,
    /// Its article number.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// Today's price in minor units.
    pub price_minor: Option<i64>,
    /// What the rules in force give now, where it differs; with an exception, what the higher guardrail allows.
    pub proposed_minor: Option<i64>,
    /// New ÷ old − 1.
    pub change_bp: Option<i32>,
    /// Why a person is needed for it.
    pub reason: Option<ExceptionReason>,
    /// What the list is about.
    pub task: WorkTask,
}

/// What is to be done about a product.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkTask {
    /// Its cost changed.
    Cost(CostWork),
    /// It has no price.
    Price(PriceWork),
    /// A promotion starts or ends.
    Promotion(PromotionWork),
}

/// A cost that changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CostWork {
    /// Which cost.
    pub cost_type: CostType,
    /// Since when.
    pub since: Instant,
    /// Before.
    pub before: MicroAmount,
    /// Now.
    pub now: MicroAmount,
    /// Now ÷ before − 1.
    pub change_bp: Option<i32>,
    /// Margin of today's price at the cost before.
    pub margin_before_bp: Option<i32>,
    /// Margin of today's price now.
    pub margin_bp: Option<i32>,
    /// What the change costs a day at the units of 28 days; negative: it saves.
    pub cost_day: Option<Money>,
    /// What keeping today's price instead of a higher proposed one costs a day, at the same units.
    pub waiting_day: Option<Money>,
}

/// A product without a price.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PriceWork {
    /// Its cost.
    pub cost: Option<MicroAmount>,
    /// The lowest usable offer.
    pub lowest_minor: Option<i64>,
    /// How many offers are usable.
    pub offers: u32,
}

/// A promotion that starts or ends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PromotionWork {
    /// Its name.
    pub name: String,
    /// When it starts.
    pub starts: Instant,
    /// When it ends.
    pub ends: Option<Instant>,
    /// Both by the list's clock, in words: “from 2026-11-28 until 2026-12-04”, with the last day.
    #[serde(default)]
    pub days: String,
    /// Its price.
    pub price_minor: Option<i64>,
    /// What its reduction may be announced against; empty where it ends.
    pub prior_words: String,
    /// Whether it is announced against another price than the prior price.
    pub wrong: bool,
}
