//! What rules would have done over the workspace's own history, beside what was charged.

use pricing_domain::{CivilDate, Currency, Money, ProductId};
use serde::{Deserialize, Serialize};

use super::market::MarketChartView;

/// A back-test of rules on one price list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BackTestView {
    /// The rules' name.
    pub rule_set: String,
    /// The list's name.
    pub price_list: String,
    /// The currency of its amounts.
    pub currency: Currency,
    /// Day by day.
    pub days: Vec<BackTestDay>,
    /// Over all days.
    pub totals: BackTestTotals,
    /// Products whose price would differ most on the last day, by what they turn over.
    pub differences: Vec<BackTestRow>,
    /// What the answer rests on and what is doubtful about it, a sentence each.
    pub remarks: Vec<String>,
    /// The index against the lowest offers: by the rules and as charged; where a picture was asked for and offers are known.
    pub chart: Option<MarketChartView>,
    /// Milliseconds.
    pub elapsed_ms: u64,
}

/// One day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BackTestDay {
    /// Which.
    pub day: CivilDate,
    /// Products with a price on that day.
    pub products: u64,
    /// Prices that the rules would have changed on it.
    pub rule_changes: u64,
    /// Prices that were changed.
    pub charged_changes: u64,
    /// Products that would have needed a person; their price stays as it is.
    pub exceptions: u64,
    /// Products whose price differs from what was charged.
    pub different: u64,
    /// Basket by the rules ÷ basket as charged × 100, in hundredths.
    pub level_hundredths: Option<i64>,
    /// Index against the lowest usable offers by the rules, in hundredths.
    pub rule_index_hundredths: Option<i64>,
    /// The same as charged.
    pub charged_index_hundredths: Option<i64>,
    /// Share of the products with a usable offer.
    pub coverage_bp: i32,
    /// Net revenue of the day by the rules, at fixed units.
    pub rule_revenue: Money,
    /// The same as charged.
    pub charged_revenue: Money,
    /// Net revenue less cost by the rules, over products with a cost.
    pub rule_margin: Money,
    /// The same as charged.
    pub charged_margin: Money,
}

/// Sums over all days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BackTestTotals {
    /// Changes by the rules.
    pub rule_changes: u64,
    /// Changes that were made.
    pub charged_changes: u64,
    /// Net revenue by the rules less as charged.
    pub revenue_difference: Money,
    /// Margin by the rules less as charged.
    pub margin_difference: Money,
}

/// A product on the last day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BackTestRow {
    /// The product.
    pub product: ProductId,
    /// Its article number.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// What was charged.
    pub charged_minor: i64,
    /// What the rules would have charged.
    pub rule_minor: i64,
    /// Rules ÷ charged − 1.
    pub change_bp: i32,
    /// On how many days the two differ.
    pub days_different: u32,
}
