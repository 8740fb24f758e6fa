//! Plans for markdowns, promotions and price tests, with what they rest on.

use pricing_domain::{CivilDate, Currency, ExperimentId, GridFilter, Instant};
use serde::{Deserialize, Serialize};

use super::demand::ElasticityGrade;
use super::scenario_answers::{Expected, ScenarioGrade, ScenarioTotals};

/// Stock that has to go by a date. Percentages are plain numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MarkdownInput {
    /// Code of the price list; empty: the first one.
    pub price_list: String,
    /// Which products; none: all that have a stock.
    pub only: Vec<GridFilter>,
    /// Until when, in weeks.
    pub weeks: u32,
    /// At most so many percent of the stock may be left.
    pub left_at_most: f64,
    /// What a unit left over brings, in percent of its cost.
    pub salvage: f64,
    /// What getting rid of a unit left over costs, in percent of its cost.
    pub waste: f64,
    /// No price falls below so many percent of today's; guardrails may be narrower.
    pub lowest: f64,
    /// How often a price changes at most; `None`: as often as there are weeks.
    pub changes_at_most: Option<u32>,
    /// Elasticity where the sales cannot say.
    pub elasticity: f64,
}

impl Default for MarkdownInput {
    fn default() -> Self {
        Self {
            price_list: String::new(),
            only: Vec::new(),
            weeks: 6,
            left_at_most: 5.0,
            salvage: 0.0,
            waste: 0.0,
            lowest: 50.0,
            changes_at_most: Some(3),
            elasticity: -1.5,
        }
    }
}

/// Price paths to a stock target. Amounts are net and in minor units, over all weeks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MarkdownView {
    /// The code of the price list.
    pub price_list: String,
    /// Of all amounts.
    pub currency: Currency,
    /// Weeks planned.
    pub weeks: u32,
    /// Products with a path.
    pub products: u64,
    /// Products without one, with the reason.
    pub left_out: Vec<(String, u64)>,
    /// Units in stock.
    pub stock: f64,
    /// Units left if prices stay.
    pub left_as_today: f64,
    /// Units left by the plan.
    pub left: f64,
    /// Revenue, what is left over and its waste, if prices stay.
    pub value_as_today: i64,
    /// The same by the plan.
    pub value: i64,
    /// Products whose target no allowed path reaches.
    pub missed: u64,
    /// Products whose target is already met at today's price.
    pub already: u64,
    /// The products with most stock left as today; at most 200.
    pub rows: Vec<MarkdownRow>,
    /// What to know before it is believed.
    pub remarks: Vec<String>,
}

/// The path of a product.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MarkdownRow {
    /// Article number.
    pub sku: String,
    /// Name.
    pub name: String,
    /// What its elasticity rests on.
    pub grade: ElasticityGrade,
    /// Today's price on the shelf, in minor units.
    pub price_minor: i64,
    /// Units in stock.
    pub stock: f64,
    /// Units sold a week at today's price.
    pub units: f64,
    /// The price of each week.
    pub prices: Vec<i64>,
    /// Units left at the end.
    pub left: f64,
    /// Units left if the price stays.
    pub left_as_today: f64,
    /// Revenue, what is left over and its waste.
    pub value: i64,
    /// The same if the price stays.
    pub value_as_today: i64,
    /// What reaching the target costs beside the path that brings most.
    pub target_costs: i64,
    /// Whether the target is reached.
    pub met: bool,
    /// Whether a price of the path was never charged.
    pub extrapolated: bool,
}

/// A promotion that is thought about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PromotionInput {
    /// Code of the price list; empty: the first one.
    pub price_list: String,
    /// Which products.
    pub only: Vec<GridFilter>,
    /// The reduction, a positive number.
    pub percent: f64,
    /// For how many weeks.
    pub weeks: u32,
    /// So many percent more are sold than the lower price alone brings.
    pub lift: f64,
    /// So many percent of the reduction are paid by the supplier.
    pub funding: f64,
    /// So many percent of the additional units are missing at the other products of the category.
    pub cannibalised: f64,
}

impl Default for PromotionInput {
    fn default() -> Self {
        Self {
            price_list: String::new(),
            only: Vec::new(),
            percent: 20.0,
            weeks: 2,
            lift: 0.0,
            funding: 0.0,
            cannibalised: 0.0,
        }
    }
}

/// What a promotion would bring. Amounts are net and in minor units, over its weeks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PromotionView {
    /// The code of the price list.
    pub price_list: String,
    /// Of all amounts.
    pub currency: Currency,
    /// Weeks.
    pub weeks: u32,
    /// Products whose price is reduced.
    pub reduced: u64,
    /// The weeks without it, over the whole catalogue.
    pub without: ScenarioTotals,
    /// The weeks with it.
    pub with: ScenarioTotals,
    /// What it changes in margin, with its interval.
    pub margin_change: Expected<i64>,
    /// Units more of the promoted products.
    pub more_units: f64,
    /// Units fewer of the others of their categories.
    pub lost_units: f64,
    /// What the others lose in margin.
    pub lost_margin: i64,
    /// What the supplier pays.
    pub funding: i64,
    /// The lift in percent from which it pays; `None`: no lift makes it pay.
    pub break_even_lift: Option<f64>,
    /// Products whose prior price our own history proves.
    pub proven: u64,
    /// Products whose prior price it does not prove.
    pub unproven: u64,
    /// Products whose reduced price is not below their prior price: it must not be announced as a reduction.
    pub not_reduced: u64,
    /// What the elasticities of the reduced products rest on: products and revenue in percent by grade, the best first.
    pub grades: Vec<ScenarioGrade>,
    /// The price each reduction may be announced against, the most sold first; at most 100.
    pub rows: Vec<PromotionRow>,
    /// What to know before it is believed.
    pub remarks: Vec<String>,
}

/// A product of a promotion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PromotionRow {
    /// Article number.
    pub sku: String,
    /// Name.
    pub name: String,
    /// Today's price in minor units.
    pub price_minor: i64,
    /// The reduced one.
    pub reduced_minor: i64,
    /// The lowest of the 30 days before.
    pub prior_minor: Option<i64>,
    /// What may be announced against it, in basis points.
    pub reduction_bp: Option<i32>,
    /// Whether our own price history covers all of those days.
    pub proven: bool,
    /// What its elasticity rests on.
    pub grade: ElasticityGrade,
    /// The elasticity by which it is played.
    pub elasticity: f64,
    /// The reduced price lies outside of all that were charged.
    pub extrapolated: bool,
}

/// A price test that is thought about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ExperimentInput {
    /// Shown to people; it also decides which products are chosen, so that a design is made again as it was.
    pub name: String,
    /// Code of the price list; empty: the first one.
    pub price_list: String,
    /// Which products may take part; none: all.
    pub only: Vec<GridFilter>,
    /// By how much the tested prices change, in percent.
    pub percent: f64,
    /// How long it runs; of two groups, as long before it is looked at.
    pub weeks: u32,
    /// All products at the new and at the old price in turns; `None`: two groups of products.
    pub switchback: Option<Switchback>,
    /// The change of units in percent that it has to find.
    pub effect: f64,
    /// The chance to find it, in percent.
    pub power: f64,
    /// The chance of finding what is not there, in percent.
    pub significance: f64,
    /// Products of each group; `None`: as many as are needed. Of a switchback, products in all; `None`: every one.
    pub products: Option<u32>,
}

/// How the prices of a test change back and forth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Switchback {
    /// Weeks of a period; of every two periods, one has the new price, which of them is chance.
    pub period: u32,
    /// Weeks at the beginning of each period that do not count, since the price before still works.
    pub carry_over: u32,
}

/// A period of a switchback.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExperimentPeriod {
    /// Its first week, from 1.
    pub first_week: u32,
    /// Its last week.
    pub last_week: u32,
    /// Whether it has the new price.
    pub new_price: bool,
}

impl Default for ExperimentInput {
    fn default() -> Self {
        Self {
            name: "Price test".to_owned(),
            price_list: String::new(),
            only: Vec::new(),
            percent: -10.0,
            weeks: 4,
            switchback: None,
            effect: 15.0,
            power: 80.0,
            significance: 5.0,
            products: None,
        }
    }
}

/// The design of a price test.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExperimentDesign {
    /// The code of the price list.
    pub price_list: String,
    /// Of all prices.
    pub currency: Currency,
    /// Products that could take part.
    pub eligible: u64,
    /// Products that cannot, with the reason.
    pub left_out: Vec<(String, u64)>,
    /// How far the units of a product move between two such periods without a test: standard deviation in percent. Of a
    /// switchback, how far the mean of all products does.
    pub deviation: f64,
    /// Products that each group needs; of a switchback, pairs of periods.
    pub needed: u64,
    /// The periods of a switchback.
    #[serde(default)]
    pub periods: Vec<ExperimentPeriod>,
    /// The smallest effect in percent that the groups chosen would find.
    pub detectable: Option<f64>,
    /// The same for other durations.
    pub durations: Vec<ExperimentDuration>,
    /// With the new price.
    pub treated: Vec<ExperimentProduct>,
    /// With the price of today.
    pub held: Vec<ExperimentProduct>,
    /// What the elasticities of both groups rest on before the test: products by grade, the best first.
    pub grades: Vec<(ElasticityGrade, u64)>,
    /// The plain answer.
    #[serde(default)]
    pub answer: String,
    /// What to know before it is begun.
    pub remarks: Vec<String>,
}

/// What a duration needs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExperimentDuration {
    /// Weeks; of a switchback, those of one period.
    pub weeks: u32,
    /// Standard deviation in percent.
    pub deviation: f64,
    /// Products of each group, or pairs of periods; `None`: no number is enough.
    pub needed: Option<u64>,
}

/// A product of a price test.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExperimentProduct {
    /// Article number.
    pub sku: String,
    /// Name.
    pub name: String,
    /// Units a week.
    pub units: f64,
    /// Today's price in minor units.
    pub price_minor: i64,
    /// The price in the test.
    pub test_minor: i64,
    /// What its elasticity rests on before the test.
    pub grade: ElasticityGrade,
    /// That elasticity, where there is one.
    pub elasticity: Option<f64>,
}

/// A price test that is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExperimentRow {
    /// Its id.
    pub id: ExperimentId,
    /// Its name.
    pub name: String,
    /// The first day of the new prices.
    pub starts: CivilDate,
    /// What was asked for.
    pub experiment: ExperimentInput,
    /// Products with the new price.
    pub treated: u64,
    /// Products with the old one.
    pub held: u64,
    /// When it was kept.
    pub kept_at: Instant,
    /// By whom.
    pub kept_by: String,
}

/// What a price test says so far.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExperimentReading {
    /// The test.
    pub row: ExperimentRow,
    /// Whole weeks since its start that were looked at.
    pub weeks: u32,
    /// Products with the new price that sold before or after.
    pub treated: u64,
    /// Products with the old price.
    pub held: u64,
    /// Change of units by the new price in percent, with its 95 % interval.
    pub effect: Expected<f64>,
    /// The probability of a larger one where there is none.
    pub p: f64,
    /// Mean change of the prices really charged, treated against held, in percent; `None`: the sales do not say.
    pub price_change: Option<f64>,
    /// The elasticity that it means, with its interval.
    pub elasticity: Option<Expected<f64>>,
    /// What the elasticities of the treated products rest on by the sales as a whole: products by grade, the best first.
    pub grades: Vec<(ElasticityGrade, u64)>,
    /// The mean of those elasticities, where there are any: what the sales had said without the test.
    pub expected_elasticity: Option<f64>,
    /// Units a week of both groups, before and after: treated, held. Of a switchback, at the old and at the new price, and 0.
    pub units: [(f64, f64); 2],
    /// The plain answer.
    pub answer: String,
    /// What to know before it is believed.
    pub remarks: Vec<String>,
}
