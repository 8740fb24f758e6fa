//! Rule sets as data: an ordered list of scope → strategy, the guardrails beside it, and the price endings.

use serde::{Deserialize, Serialize};

use crate::money::BasisPoints;
use crate::products::{CostType, Lifecycle, Role};

/// An ordered list of rules with its guardrails. The first rule whose scope holds decides.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RuleSet {
    /// Shown to people.
    pub name: String,
    /// In order; the first that matches decides.
    pub rules: Vec<Rule>,
    /// For products that no rule matches.
    #[serde(default = "keep")]
    pub otherwise: Strategy,
    /// Hold whatever the rules say.
    pub guardrails: Guardrails,
    /// By price band, in ascending order; empty: every minor unit is allowed.
    #[serde(default)]
    pub endings: Vec<EndingBand>,
    /// A change larger than this needs a person.
    #[serde(default)]
    pub approval_limit: Option<BasisPoints>,
}

fn keep() -> Strategy {
    Strategy::Keep
}

/// One line of the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    /// Shown to people and in the way to a price.
    pub name: String,
    /// Switched off: passed over.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// Which products it is for.
    #[serde(default)]
    pub scope: Scope,
    /// How the price is found.
    pub strategy: Strategy,
    /// What happens when an input of the strategy is missing; without one the next rule is asked.
    #[serde(default)]
    pub fallback: Option<Strategy>,
}

fn yes() -> bool {
    true
}

/// A filter over products: every test must hold. Empty: every product.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Scope(pub Vec<ScopeTest>);

/// One test of a scope.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScopeTest {
    /// One of these brands.
    Brand(Vec<String>),
    /// In this category or below it (`TV & Audio > Headphones`).
    Category(String),
    /// One of these roles.
    Role(Vec<Role>),
    /// Carries the key-value flag (or does not).
    KeyValue(bool),
    /// Is an own brand (or is not).
    OwnBrand(bool),
    /// Carries this tag.
    Tag(String),
    /// In one of these stages.
    Lifecycle(Vec<Lifecycle>),
    /// In one of these price lists, by code.
    PriceList(Vec<String>),
    /// From this supplier.
    Supplier(String),
    /// At least so many in stock.
    StockAtLeast(i64),
    /// At most so many in stock.
    StockAtMost(i64),
    /// At least so many usable offers.
    OffersAtLeast(u32),
    /// Has a cost (or has none).
    HasCost(bool),
}

/// How a price is found before guardrails and endings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strategy {
    /// The price stays.
    Keep,
    /// Position against competitors.
    Competitor {
        /// Which of their prices.
        reference: CompetitorReference,
        /// How far from it.
        #[serde(default)]
        adjust: Adjustment,
        /// Which offers count.
        #[serde(default)]
        offers: OfferPolicy,
    },
    /// Cost plus a margin of the net price.
    CostPlusMargin {
        /// Margin = (net price − cost) ÷ net price.
        margin: BasisPoints,
    },
    /// Cost plus a markup on it.
    CostPlusMarkup {
        /// Markup = (net price − cost) ÷ cost.
        markup: BasisPoints,
    },
    /// The supplier's recommended price, adjusted.
    RecommendedPrice {
        /// How far from it.
        #[serde(default)]
        adjust: Adjustment,
    },
}

/// Which competitor price a rule follows, over the usable offers after like-for-like conversion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CompetitorReference {
    /// The lowest.
    Lowest,
    /// The n-th from below, from 1; the highest when there are fewer.
    Nth(u32),
    /// The arithmetic mean.
    Average,
    /// The middle one; the mean of the two middle ones when even.
    Median,
    /// The first of these competitors that has a usable offer.
    Named(Vec<String>),
}

/// A distance from a reference price.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Adjustment {
    /// Exactly there.
    #[default]
    None,
    /// Relative: −100 is one percent below.
    Percent(BasisPoints),
    /// In minor units of the price list's currency: −1 is a cent below.
    AmountMinor(i64),
}

/// Which offers count for a rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct OfferPolicy {
    /// Compare with shipping added.
    pub with_shipping: bool,
    /// Leave out what cannot be bought.
    pub in_stock_only: bool,
    /// Leave out what was last seen longer ago.
    pub max_age_hours: u32,
    /// Leave out equivalents.
    pub exact_only: bool,
    /// Leave out offers further than this from the median of the others; `None` keeps all.
    pub outlier: Option<BasisPoints>,
    /// Only these competitors; empty: all.
    pub only: Vec<String>,
}

impl Default for OfferPolicy {
    fn default() -> Self {
        Self {
            with_shipping: false,
            in_stock_only: true,
            max_age_hours: 72,
            exact_only: false,
            outlier: Some(BasisPoints(5000)),
            only: Vec::new(),
        }
    }
}

/// What no rule can cross, in this order: law and locks, floor, ceiling, step.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Guardrails {
    /// Which cost a margin floor is about; where a product has no such cost, its latest one counts.
    #[serde(default)]
    pub cost_type: Option<CostType>,
    /// First match wins. A product's own `min_price` holds as well.
    #[serde(default)]
    pub floors: Vec<MarginFloor>,
    /// Beside a product's own `max_price`.
    #[serde(default)]
    pub ceiling: Option<Ceiling>,
    /// Largest change at once.
    #[serde(default)]
    pub step: StepLimit,
    /// Products without a cost: refuse a new price below today's.
    #[serde(default = "yes")]
    pub no_cut_without_cost: bool,
    /// Families that must keep their order.
    #[serde(default)]
    pub family_order: Option<FamilyOrder>,
}

/// The smallest margin of the net price.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MarginFloor {
    /// Which products it is for.
    #[serde(default)]
    pub scope: Scope,
    /// Margin = (net price − cost) ÷ net price.
    pub margin: BasisPoints,
}

/// The highest price.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ceiling {
    /// So much of the recommended price: 10,000 is all of it.
    OfRecommended(BasisPoints),
}

/// Largest change at once, by direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StepLimit {
    /// Upwards.
    #[serde(default)]
    pub up: Option<BasisPoints>,
    /// Downwards, as a positive number.
    #[serde(default)]
    pub down: Option<BasisPoints>,
}

/// The order a family keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FamilyOrder {
    /// More content never costs less: within a family, the price does not fall as net content grows.
    PriceRisesWithContent,
}

/// Endings allowed from a price upwards.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EndingBand {
    /// From this price in minor units on, up to the next band.
    pub from_minor: i64,
    /// Which prices are allowed.
    pub ending: PriceEnding,
}

/// A grid of allowed prices: `ending_minor` + k × `step_minor`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceEnding {
    /// Distance between two allowed prices: 100 for “.99 of every euro”.
    pub step_minor: i64,
    /// What is left after the step: 99 for “.99”. Below `step_minor`.
    pub ending_minor: i64,
}

/// Why a rule set cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("{place}: {reason}")]
pub struct RuleSetProblem {
    /// The rule or part, by name.
    pub place: String,
    /// What is wrong and what would be right.
    pub reason: String,
}

impl RuleSet {
    /// Everything that makes the rule set unusable. Empty: it can be used.
    pub fn problems(&self) -> Vec<RuleSetProblem> {
        let mut problems = Vec::new();
        let mut report = |place: &str, reason: &str| {
            problems.push(RuleSetProblem { place: place.to_owned(), reason: reason.to_owned() });
        };
        for rule in &self.rules {
            for strategy in std::iter::once(&rule.strategy).chain(&rule.fallback) {
                match strategy {
                    Strategy::CostPlusMargin { margin } if !(-10_000..10_000).contains(&margin.0) => {
                        report(&rule.name, "a margin of the net price is below 100 %");
                    }
                    Strategy::CostPlusMarkup { markup } if markup.0 <= -10_000 => {
                        report(&rule.name, "a markup is above −100 %");
                    }
                    Strategy::Competitor { reference: CompetitorReference::Nth(0), .. } => {
                        report(&rule.name, "positions count from 1");
                    }
                    Strategy::Competitor { reference: CompetitorReference::Named(names), .. } if names.is_empty() => {
                        report(&rule.name, "name at least one competitor");
                    }
                    _ => {}
                }
            }
        }
        for floor in &self.guardrails.floors {
            if floor.margin.0 >= 10_000 {
                report("floor", "a margin of the net price is below 100 %");
            }
        }
        for limit in [self.guardrails.step.up, self.guardrails.step.down].into_iter().flatten() {
            if limit.0 <= 0 {
                report("step", "a largest step is above zero");
            }
        }
        for band in &self.endings {
            let PriceEnding { step_minor, ending_minor } = band.ending;
            if step_minor <= 0 || !(0..step_minor).contains(&ending_minor) {
                report("endings", "an ending lies between 0 and its step");
            }
        }
        if self.endings.windows(2).any(|pair| pair[0].from_minor >= pair[1].from_minor) {
            report("endings", "bands are in ascending order");
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::{BasisPoints, Guardrails, PriceEnding, Rule, RuleSet, Scope, Strategy};

    fn with(strategy: Strategy, ending: PriceEnding) -> RuleSet {
        RuleSet {
            name: "test".into(),
            rules: vec![Rule { name: "r".into(), enabled: true, scope: Scope::default(), strategy, fallback: None }],
            otherwise: Strategy::Keep,
            guardrails: Guardrails::default(),
            endings: vec![super::EndingBand { from_minor: 0, ending }],
            approval_limit: None,
        }
    }

    #[test]
    fn an_impossible_rule_set_names_the_place() {
        let good = with(Strategy::Keep, PriceEnding { step_minor: 100, ending_minor: 99 });
        assert_eq!(good.problems(), vec![]);
        let margin = Strategy::CostPlusMargin { margin: BasisPoints(10_000) };
        let bad = with(margin, PriceEnding { step_minor: 100, ending_minor: 100 });
        let places: Vec<String> = bad.problems().into_iter().map(|problem| problem.place).collect();
        assert_eq!(places, ["r", "endings"]);
    }

    #[test]
    fn a_rule_set_survives_its_text() {
        let set = with(Strategy::Keep, PriceEnding { step_minor: 10, ending_minor: 9 });
        let text = serde_json::to_string(&set).expect("serialises");
        assert_eq!(serde_json::from_str::<RuleSet>(&text).expect("parses"), set);
    }
}
