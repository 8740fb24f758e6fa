//! What happens if: a scenario as a person states it, and what comes of it.

use pricing_domain::{Currency, GridFilter, RuleSet};
use serde::{Deserialize, Serialize};

use super::demand::ElasticityGrade;

/// A scenario. Percentages are plain numbers: 4 is 4 %.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ScenarioInput {
    /// Shown to people.
    pub name: String,
    /// Code of the price list; empty: the first one.
    pub price_list: String,
    /// Weeks to play out, 1 to 104.
    pub weeks: u32,
    /// What changes, in order.
    pub changes: Vec<ScenarioChange>,
    /// How own prices come about after the changes.
    pub prices: ScenarioPrices,
    /// How competitors answer own prices.
    pub reaction: ScenarioReaction,
    /// Stops where own prices have fallen by so many percent on average; `None`: plays on.
    pub stop_at_fall: Option<f64>,
    /// What is assumed where the data says nothing.
    pub assumptions: ScenarioAssumptions,
}

impl Default for ScenarioInput {
    fn default() -> Self {
        Self {
            name: String::new(),
            price_list: String::new(),
            weeks: 8,
            changes: Vec::new(),
            prices: ScenarioPrices::Rules,
            reaction: ScenarioReaction::None,
            stop_at_fall: Some(15.0),
            assumptions: ScenarioAssumptions::default(),
        }
    }
}

/// One change, on the products that all of its filters hold for (`only`; none: all products).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum ScenarioChange {
    /// Costs change by so many percent.
    Cost {
        /// How much.
        percent: f64,
        /// Which products.
        #[serde(default)]
        only: Vec<GridFilter>,
    },
    /// Competitors' prices change.
    Competitor {
        /// How much.
        percent: f64,
        /// Whose; `None`: everybody's.
        #[serde(default)]
        name: Option<String>,
        /// Which products.
        #[serde(default)]
        only: Vec<GridFilter>,
    },
    /// Own prices change before they are decided anew.
    Price {
        /// How much.
        percent: f64,
        /// Which products.
        #[serde(default)]
        only: Vec<GridFilter>,
    },
    /// VAT becomes this rate; prices on the shelf stay until rules change them.
    Vat {
        /// The new rate in percent.
        rate: f64,
        /// Which products.
        #[serde(default)]
        only: Vec<GridFilter>,
    },
    /// Demand changes for a reason outside of the model.
    Volume {
        /// How much.
        percent: f64,
        /// Which products.
        #[serde(default)]
        only: Vec<GridFilter>,
    },
    /// Other rules decide instead of those in force.
    Rules {
        /// The rules.
        rule_set: Box<RuleSet>,
    },
    /// The price index against a competitor is held: own prices of matched products are moved by one factor, not below
    /// cost and never for locked products and promotions.
    Index {
        /// 102: two percent above them.
        target: f64,
        /// Against whom.
        competitor: String,
    },
}

/// How own prices come about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScenarioPrices {
    /// The rules decide anew every week; what needs a person stays.
    #[default]
    Rules,
    /// They stay as the changes left them.
    Keep,
}

/// How competitors answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum ScenarioReaction {
    /// Not at all.
    #[default]
    None,
    /// They follow cuts, in the week after.
    FollowsDown {
        /// By this share of the relative change in percent.
        percent: f64,
    },
    /// They follow cuts and rises.
    FollowsBoth {
        /// By this share.
        percent: f64,
    },
    /// They never stay dearer.
    MatchesLowest,
}

/// What is assumed where the data says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ScenarioAssumptions {
    /// The elasticity of products without an estimate.
    pub elasticity: f64,
    /// Its standard error.
    pub elasticity_error: f64,
    /// How units follow the lowest competitor: percent for one percent.
    pub cross_elasticity: f64,
    /// How far that may be off either way.
    pub cross_elasticity_error: f64,
}

impl Default for ScenarioAssumptions {
    fn default() -> Self {
        Self { elasticity: -1.5, elasticity_error: 0.75, cross_elasticity: 0.5, cross_elasticity_error: 0.5 }
    }
}

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
    /// Products with price, VAT, cost and sales: the scenario is about these.
    pub products: u64,
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
    /// Own and competitors' prices fell in turn until the scenario stopped in its last week.
    pub price_war: bool,
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
    /// The products whose margin changes most.
    pub biggest: Vec<ScenarioProduct>,
    /// What moves the margin of the last week most if it is otherwise, widest first.
    pub sensitivity: Vec<ScenarioSensitivity>,
    /// What to know before it is believed.
    pub remarks: Vec<String>,
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
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
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

/// A category or brand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScenarioGroup {
    /// Its name; empty: products without one.
    pub name: String,
    /// Products.
    pub products: u64,
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
    /// Margin a week in minor units, today and at the end.
    pub margin: (i64, i64),
    /// What its elasticity rests on.
    pub grade: ElasticityGrade,
}

/// How far an assumption moves the margin of the last week.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScenarioSensitivity {
    /// What, in words.
    pub assumption: String,
    /// What the low side means.
    pub low_words: String,
    /// What the high side means.
    pub high_words: String,
    /// Margin in minor units on the low side.
    pub low: i64,
    /// Margin on the high side.
    pub high: i64,
}
