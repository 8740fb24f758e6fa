//! What happens if: a scenario as a person states it, kept, and turned into prices or rules.

use pricing_domain::{Currency, GridFilter, Instant, RuleSet, ScenarioId};
use serde::{Deserialize, Serialize};

use super::scenario_answers::{ScenarioTotals, ScenarioView};

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
    /// What the best prices are best at, and within which limits; only where `prices` asks for them.
    pub objective: ScenarioObjective,
    /// How competitors answer own prices.
    pub reaction: ScenarioReaction,
    /// Stops a price war where own prices have fallen by so many percent on average; `None`: it is seen and played on.
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
            objective: ScenarioObjective::default(),
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
        /// So many percent of their prices, always the same ones; `None`: all.
        #[serde(default)]
        share: Option<f64>,
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
    /// A foreign currency becomes dearer; costs follow as far as they are paid in it.
    Currency {
        /// How much.
        percent: f64,
        /// So many percent of the cost are paid in it.
        share: f64,
        /// Which products.
        #[serde(default)]
        only: Vec<GridFilter>,
    },
    /// Prices are reduced for the first weeks and return afterwards; the rules leave them alone meanwhile.
    Promotion {
        /// The reduction, a positive number.
        percent: f64,
        /// For how many weeks.
        weeks: u32,
        /// So many percent more are sold than the lower price alone brings.
        #[serde(default)]
        lift: f64,
        /// So many percent of the reduction are paid by the supplier.
        #[serde(default)]
        funding: f64,
        /// So many percent of the additional units are missing at the other products of the category.
        #[serde(default)]
        cannibalised: f64,
        /// Which products.
        #[serde(default)]
        only: Vec<GridFilter>,
    },
    /// Stock changes; rules and clearing see it, and these products sell from it: over the weeks no more than there is,
    /// without deliveries. Where no stock is known nothing is limited.
    Stock {
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
    /// Guardrails of the rules become others; what is not stated stays.
    Guardrails {
        /// The least margin of every product, in place of the floors by margin.
        #[serde(default)]
        floor_margin: Option<f64>,
        /// The largest rise at once, in percent.
        #[serde(default)]
        step_up: Option<f64>,
        /// The largest cut at once, a positive number.
        #[serde(default)]
        step_down: Option<f64>,
    },
    /// The margins, markups and indexes that rules aim at change by so many points.
    Targets {
        /// How much; 2 makes a target margin of 25 % one of 27 %.
        points: f64,
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

impl ScenarioChange {
    /// Which products it is about: all of these hold; none: all products.
    pub fn only(&self) -> &[GridFilter] {
        match self {
            Self::Cost { only, .. }
            | Self::Competitor { only, .. }
            | Self::Price { only, .. }
            | Self::Vat { only, .. }
            | Self::Volume { only, .. }
            | Self::Currency { only, .. }
            | Self::Promotion { only, .. }
            | Self::Stock { only, .. } => only,
            Self::Rules { .. } | Self::Guardrails { .. } | Self::Targets { .. } | Self::Index { .. } => &[],
        }
    }
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
    /// They are chosen once, after the changes, to be best at the objective within guardrails and limits.
    Best,
}

/// What prices are best at, and what holds meanwhile. Shares are percent of what stands after the changes and before
/// the choice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ScenarioObjective {
    /// What a unit of margin counts.
    pub margin: f64,
    /// What a unit of revenue counts.
    pub revenue: f64,
    /// What a unit sold counts, in major units of the currency.
    pub units: f64,
    /// Stock to be sold by a date; what is left then is worth its salvage only.
    pub clear: Option<ScenarioClearance>,
    /// Largest change of a price, in percent; guardrails may be narrower.
    pub step: f64,
    /// At most so many percent of the prices change.
    pub changes_at_most: Option<f64>,
    /// The basket of today's units costs at most so much.
    pub basket_at_most: Option<f64>,
    /// The basket of each category costs at most so much.
    pub category_at_most: Option<f64>,
    /// Revenue is at least so much.
    pub revenue_at_least: Option<f64>,
    /// Margin is at least so much.
    pub margin_at_least: Option<f64>,
    /// Units are at least so much.
    pub units_at_least: Option<f64>,
    /// The price index against a competitor.
    pub index: Option<ScenarioIndexLimit>,
    /// Further limits of price indexes, of categories or against other competitors.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub indexes: Vec<ScenarioIndexLimit>,
    /// Within a family, more content never costs less.
    pub keep_families: bool,
}

impl Default for ScenarioObjective {
    fn default() -> Self {
        Self {
            margin: 1.0,
            revenue: 0.0,
            units: 0.0,
            clear: None,
            step: 10.0,
            changes_at_most: None,
            basket_at_most: None,
            category_at_most: None,
            revenue_at_least: None,
            margin_at_least: None,
            units_at_least: None,
            index: None,
            indexes: Vec::new(),
            keep_families: true,
        }
    }
}

/// Stock to be sold by a date.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScenarioClearance {
    /// Within so many weeks.
    pub weeks: u32,
    /// What a unit left over brings, in percent of its cost.
    #[serde(default)]
    pub salvage: f64,
    /// Which products.
    #[serde(default)]
    pub only: Vec<GridFilter>,
}

/// Where a price index has to lie.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScenarioIndexLimit {
    /// Against whom.
    pub competitor: String,
    /// From here, 102 for two percent above them.
    #[serde(default)]
    pub at_least: Option<f64>,
    /// To here.
    #[serde(default)]
    pub at_most: Option<f64>,
    /// Only of products of this category and of those below it; empty: of those without a category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
}

impl ScenarioIndexLimit {
    /// In words: the index of what against whom.
    pub fn title(&self) -> String {
        match self.category.as_deref() {
            None => format!("index against {}", self.competitor),
            Some("") => format!("index of products without a category against {}", self.competitor),
            Some(category) => format!("index of “{category}” against {}", self.competitor),
        }
    }
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
    /// Each as the history of so many days shows: how often, how far and how soon they followed our
    /// changes and each other's.
    Learnt {
        /// Days of history, 28 to 730.
        days: u32,
    },
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

/// A scenario kept in the workspace, as a list shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeptScenarioRow {
    /// Its id.
    pub id: ScenarioId,
    /// Its name.
    pub name: String,
    /// When it was kept.
    pub kept_at: Instant,
    /// By whom.
    pub kept_by: String,
    /// Whether the workspace has changed since.
    pub outdated: bool,
    /// Whether everything that decided its answer was kept with it.
    pub repeatable: bool,
    /// Why it cannot be played again to the same figures.
    pub not_repeatable: Option<String>,
    /// The code of the price list.
    pub price_list: String,
    /// Of all amounts.
    pub currency: Currency,
    /// How many weeks were played.
    pub weeks: u32,
    /// A week without the scenario.
    pub today: ScenarioTotals,
    /// The last week played.
    pub after: ScenarioTotals,
}

/// A kept scenario with its answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeptScenario {
    /// As the list shows it.
    pub row: KeptScenarioRow,
    /// The scenario.
    pub scenario: ScenarioInput,
    /// What came of it when it was kept.
    pub answer: ScenarioView,
}

/// A kept scenario played again on the inputs that were kept with it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RepeatedScenario {
    /// What comes of it.
    pub answer: ScenarioView,
    /// Whether every figure is the same as when it was kept.
    pub same: bool,
}

/// What became of a scenario that was turned into proposals.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScenarioProposals {
    /// Proposals that change a price.
    pub changes: u64,
    /// Proposals that need a person.
    pub exceptions: u64,
    /// Prices that guardrails or endings made different from the scenario's.
    pub moved: u64,
    /// Prices of the scenario that guardrails did not let come about.
    pub refused: u64,
    /// Proposals that waited before and are superseded.
    pub superseded: u64,
    /// Why the batch waits as a whole; empty when it does not.
    pub held_for: Vec<String>,
}

/// A draft of the rules that a scenario was turned into.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScenarioDraft {
    /// The number of the version.
    pub version: i64,
    /// The name of the rules.
    pub name: String,
    /// What was made of what, in words.
    pub remarks: Vec<String>,
}
