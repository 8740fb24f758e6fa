//! What comes of a scenario: sums with intervals, groups, products, and what it rests on.

mod plain;

use pricing_domain::Currency;
use serde::{Deserialize, Serialize};

pub use plain::{ScenarioFigure, WholeFigure};

use super::demand::ElasticityGrade;

/// What comes of a scenario. Amounts are net and for one week, in minor units; intervals hold 95 %.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScenarioView {
    /// Its name.
    pub name: String,
    /// The code of the price list.
    pub price_list: String,
    /// Of all amounts.
    pub currency: Currency,
    /// How long it took, in milliseconds.
    pub elapsed_ms: u64,
    /// Products with a price and sales: the scenario is about these.
    pub products: u64,
    /// How many of them revenue and margin count. `None`: an earlier version played only products that both count.
    #[serde(default)]
    pub coverage: Option<ScenarioCoverage>,
    /// Products left out, with the reason.
    pub left_out: Vec<(String, u64)>,
    /// What the answer rests on: products and revenue in percent by grade, the best first.
    pub grades: Vec<ScenarioGrade>,
    /// A week without the scenario.
    pub today: ScenarioTotals,
    /// The last week played.
    pub after: ScenarioTotals,
    /// Every week played.
    pub weeks: Vec<ScenarioTotals>,
    /// As many weeks as were played, as today.
    pub period_today: ScenarioTotals,
    /// All weeks played, together.
    pub period: ScenarioTotals,
    /// What the best prices reach, where they were asked for.
    pub optimum: Option<ScenarioOptimum>,
    /// How competitors answered in the past, where that was asked for.
    pub learnt: Vec<LearntReaction>,
    /// Which competitors followed which others in the past, where that is asked for and was found.
    #[serde(default)]
    pub following: Vec<LearntFollowing>,
    /// What the changes do beside the rules as they are, which change prices too. `None`: nothing is changed, or the rules
    /// do not decide.
    #[serde(default)]
    pub effect: Option<ScenarioEffect>,
    /// Own and competitors' prices fell in turn.
    pub price_war: bool,
    /// The scenario stopped that in its last week.
    #[serde(default)]
    pub price_war_stopped: bool,
    /// Own prices above today's at the end.
    pub raised: u64,
    /// Below.
    pub lowered: u64,
    /// As today.
    pub unchanged: u64,
    /// Products that need a person in the last week; their prices stay.
    pub exceptions: u64,
    /// The price index by competitor, today and at the end, in hundredths.
    pub indexes: Vec<(String, i64, i64)>,
    /// By category, the largest change of margin first.
    pub categories: Vec<ScenarioGroup>,
    /// By brand.
    pub brands: Vec<ScenarioGroup>,
    /// By where our price stands today among competitors' usable prices, from the cheapest.
    #[serde(default)]
    pub positions: Vec<ScenarioGroup>,
    /// The products whose margin changes most.
    pub biggest: Vec<ScenarioProduct>,
    /// What moves the margin of the last week most if it is otherwise, widest first.
    pub sensitivity: Vec<ScenarioSensitivity>,
    /// What to know before it is believed.
    pub remarks: Vec<String>,
}

/// How many products the sums count.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScenarioCoverage {
    /// Products with a VAT rate, or on a list of net prices: revenue counts these.
    pub revenue_products: u64,
    /// Those of them with a cost: margin counts these.
    pub margin_products: u64,
    /// Percent of the units that margin counts.
    pub margin_units_percent: f64,
}

/// What the changes of a scenario do beside the rules as they are.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScenarioEffect {
    /// The last week with the rules as they are and nothing changed.
    pub unchanged: ScenarioTotals,
    /// What the changes add to it, with what is unsure about that difference.
    pub added: ScenarioTotals,
}

/// What a part of the answer rests on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScenarioGrade {
    /// The grade.
    pub grade: ElasticityGrade,
    /// Products.
    pub products: u64,
    /// Their share of today's revenue in percent.
    pub revenue_percent: f64,
}

/// An expected value with its interval.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Expected<T> {
    /// The expected value.
    pub value: T,
    /// The lower end.
    pub low: T,
    /// The upper end.
    pub high: T,
}

/// A week in sums.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScenarioTotals {
    /// Units sold.
    pub units: Expected<f64>,
    /// Revenue in minor units.
    pub revenue: Expected<i64>,
    /// Margin in minor units.
    pub margin: Expected<i64>,
    /// Mean change of own prices against today, in percent.
    pub price_change: f64,
    /// Percent of the units sold at prices that were never charged before.
    pub extrapolated: f64,
}

/// A category, a brand or a position among competitors.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScenarioGroup {
    /// Its name; empty: products without one.
    pub name: String,
    /// Products.
    pub products: u64,
    /// For a position: the products that stand there in the last week. `None`: products do not move between groups.
    #[serde(default)]
    pub products_after: Option<u64>,
    /// Today.
    pub today: ScenarioTotals,
    /// The last week played.
    pub after: ScenarioTotals,
}

/// A product that matters.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScenarioProduct {
    /// Article number.
    pub sku: String,
    /// Name.
    pub name: String,
    /// Today's price in minor units, as it stands on the shelf.
    pub old_minor: i64,
    /// The price at the end.
    pub new_minor: i64,
    /// Units a week, today and at the end.
    pub units: (f64, f64),
    /// Revenue a week in minor units, today and at the end.
    #[serde(default)]
    pub revenue: (i64, i64),
    /// Margin a week in minor units, today and at the end.
    pub margin: (i64, i64),
    /// What its elasticity rests on.
    pub grade: ElasticityGrade,
    /// Its new price lies outside what was ever charged.
    #[serde(default)]
    pub extrapolated: bool,
}

/// How far an assumption moves what the scenario is told by, in the last week.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScenarioSensitivity {
    /// What, in words.
    pub assumption: String,
    /// What the low side means.
    pub low_words: String,
    /// What the high side means.
    pub high_words: String,
    /// Minor units on the low side.
    pub low: i64,
    /// On the high side.
    pub high: i64,
}

/// What the best prices reach in the first week, as the engine has judged them, and what is proven about them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScenarioOptimum {
    /// What the objective gives at the prices before, in minor units of the currency.
    pub before: i64,
    /// At the prices chosen.
    pub value: i64,
    /// No allowed prices can give more.
    pub bound: i64,
    /// Whether they are proven to be the best.
    pub proven: bool,
    /// Products whose price was chosen.
    pub products: u64,
    /// Products whose price may not move: locked, on promotion, or without an allowed price beside today's.
    pub fixed: u64,
    /// Prices that change.
    pub changes: u64,
    /// Prices that guardrails moved after the choice.
    pub moved_by_guardrails: u64,
    /// Products at the highest price that they may choose because no best price lies inside: their elasticity is not below -1.
    #[serde(default)]
    pub at_bound: u64,
    /// Products there for which that cannot be ruled out: the 95 % interval of their elasticity reaches -1.
    #[serde(default)]
    pub perhaps_at_bound: u64,
    /// Products without a cost whose prices may only rise: guardrails let none fall without one.
    #[serde(default)]
    pub without_cuts: u64,
    /// What choosing prices of families again with what they do to each other added, in minor units.
    #[serde(default)]
    pub families_gain: i64,
    /// In so many steps that gained.
    #[serde(default)]
    pub families_steps: u64,
    /// Whether more steps might have gained more.
    #[serde(default)]
    pub families_cut: bool,
    /// Families whose prices were not all searched, because that would take too long; the bound counts what they may hold.
    #[serde(default)]
    pub families_open: u64,
    /// Percent of the gain that stand on prices that were never charged.
    pub extrapolated_gain: f64,
    /// Units of the stock to be cleared, and of them sold by the date at today's and at the chosen prices.
    pub cleared: Option<(f64, f64, f64)>,
    /// Every limit, with what it costs.
    pub limits: Vec<ScenarioLimit>,
}

impl ScenarioOptimum {
    /// How much more any allowed prices could give at most: in minor units, and in percent of the bound.
    pub fn left_at_most(&self) -> (i64, f64) {
        let left = (self.bound - self.value).max(0);
        (left, 100.0 * left as f64 / (self.bound.unsigned_abs() as f64).max(1.0))
    }
}

impl ScenarioOptimum {
    /// Where choosing prices of families ended before all was tried, for people.
    pub fn cut_short(&self) -> Vec<String> {
        let steps = "Choosing prices of families again ended because of its number of steps; more might gain more.";
        let open = match self.families_open {
            1 => "The prices of 1 family were not all searched, which would take too long".to_owned(),
            families => format!("The prices of {families} families were not all searched, which would take too long"),
        };
        let open = format!("{open}: the bound counts what they could bring at most.");
        let steps = self.families_cut.then(|| steps.to_owned());
        steps.into_iter().chain((self.families_open > 0).then_some(open)).collect()
    }
}

/// A limit of the best prices.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScenarioLimit {
    /// What is limited, in words.
    pub name: String,
    /// The limit: percent, products or index points as the name says.
    pub bound: f64,
    /// What the chosen prices come to.
    pub used: f64,
    /// Whether it keeps the objective from being better.
    pub binds: bool,
    /// It does not hold once guardrails, endings and families have moved prices and taken sales from each other.
    #[serde(default)]
    pub broken: bool,
    /// What one more percent, product or index point of room would bring a week, in minor units.
    pub worth: i64,
}

/// How a competitor answered our changes of price.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LearntReaction {
    /// Who.
    pub competitor: String,
    /// Whether this is about our cuts or our rises.
    pub cuts: bool,
    /// Our changes on products that they have too.
    pub moves: u64,
    /// How often they moved the same way within two weeks.
    pub followed: u64,
    /// How often that would have come by chance, in percent.
    pub by_chance: f64,
    /// By how much of our change they move on average beyond chance, in percent.
    pub share: f64,
    /// The usual delay in days; `None`: they never followed.
    pub days: Option<f64>,
    /// Whether there were enough changes to be played.
    pub enough: bool,
}

/// How a competitor followed another one's changes of price.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LearntFollowing {
    /// Who moved first.
    pub leader: String,
    /// Who followed.
    pub follower: String,
    /// Whether this is about cuts or rises.
    pub cuts: bool,
    /// The leader's changes on products that both have.
    pub moves: u64,
    /// How often the other moved the same way within two weeks.
    pub followed: u64,
    /// How often that would have come by chance, in percent.
    pub by_chance: f64,
    /// By how much of the leader's change it moves on average beyond chance, in percent.
    pub share: f64,
    /// The usual delay in days.
    pub days: f64,
}
