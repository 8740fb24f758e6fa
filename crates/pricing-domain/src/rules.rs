//! Rule sets as data: an ordered list of scope and condition → strategy, in groups where wanted, the guardrails beside
//! it, the price endings, and the tests that a change must pass.
//!
//! What was written by an earlier version is read: every later field has a default.

mod families;
mod groups;
mod guardrails;
mod problems;
mod strategies;
mod tests_of_rules;
mod two_way_tables;
mod validity;

use serde::{Deserialize, Serialize};

use crate::money::BasisPoints;
use crate::products::{Lifecycle, Role};
use crate::text_enum::text_enum;

pub use families::{FamilyLaw, FamilyOrder};
pub use groups::FlatRule;
pub use guardrails::{
    Ceiling, ChannelFee, EndingBand, EndingDirection, FloorAmount, Guardrails, MarginFloor, PriceEnding, PriceFloor,
    ScopedCeiling, SoftGuardrail, SoftLimit, SpiralLimit, StepLimit,
};
pub use problems::RuleSetProblem;
pub use strategies::{
    Adjustment, AgeSince, CategoryIndex, CompetitorReference, CompetitorWeight, CoverBand, MarkdownBase, MarkdownStep,
    OfferPolicy, Strategy, TableBand,
};
pub use tests_of_rules::{RuleTest, TestGiven, TestMove, TestOffer};
pub use two_way_tables::{SideBand, TableSide, TwoWayTable};
pub use validity::{Hours, Validity, Weekday};

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
    /// What must come out for given inputs; they run whenever the rule set is saved.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tests: Vec<RuleTest>,
}

text_enum! {
    /// Where a version of the rules stands.
    RuleSetState {
        /// Kept, not in force.
        Draft = "draft",
        /// Comes into force by itself when its time is there.
        Scheduled = "scheduled",
        /// In force.
        Active = "active",
        /// Was in force.
        Archived = "archived",
    }
}

fn keep() -> Strategy {
    Strategy::Keep
}

/// One line of the list: a rule, or a group of rules.
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
    /// An expression that must hold beside the scope: `role = KVI and stock > 20`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    /// When it is in force.
    #[serde(default, skip_serializing_if = "Validity::is_always")]
    pub valid: Validity,
    /// Which offers condition and formula look at; without it the ordinary ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offers: Option<OfferPolicy>,
    /// How the price is found. A group has no strategy of its own.
    #[serde(default = "keep")]
    pub strategy: Strategy,
    /// What happens when an input of the strategy is missing; without one the next rule is asked. For a group: its
    /// “else”, when none of its rules gives a price.
    #[serde(default)]
    pub fallback: Option<Strategy>,
    /// The rules of a group, asked in order where the group's own scope, condition and validity hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<Rule>,
    /// Who answers for it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub owner: String,
    /// Why it is there.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl Default for Rule {
    fn default() -> Self {
        Self {
            name: String::new(),
            enabled: true,
            scope: Scope::default(),
            condition: None,
            valid: Validity::default(),
            offers: None,
            strategy: Strategy::Keep,
            fallback: None,
            rules: Vec::new(),
            owner: String::new(),
            note: String::new(),
        }
    }
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
    /// Has one of these texts as this free attribute.
    Attribute {
        /// The attribute's name.
        name: String,
        /// The texts.
        texts: Vec<String>,
    },
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

#[cfg(test)]
mod tests {
    use super::{BasisPoints, FamilyLaw, FamilyOrder, Guardrails, PriceEnding, Rule, RuleSet, Strategy};

    fn with(strategy: Strategy, ending: PriceEnding) -> RuleSet {
        RuleSet {
            name: "test".into(),
            rules: vec![Rule { name: "r".into(), strategy, ..Rule::default() }],
            otherwise: Strategy::Keep,
            guardrails: Guardrails::default(),
            endings: vec![super::EndingBand::nearest(0, ending)],
            approval_limit: None,
            tests: Vec::new(),
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
    fn a_rule_set_of_an_earlier_version_is_read() {
        let text = r#"{"name":"old","rules":[{"name":"r","strategy":"keep"}],"guardrails":{}}"#;
        let set: RuleSet = serde_json::from_str(text).expect("parses");
        assert_eq!(set.rules[0], Rule { name: "r".into(), ..Rule::default() });
        assert!(set.tests.is_empty() && set.guardrails.ceilings.is_empty());
    }

    #[test]
    fn the_single_order_of_earlier_rule_sets_is_a_law_for_every_family() {
        let read = |text: &str| serde_json::from_str::<Guardrails>(text).expect("parses").families;
        let order = FamilyOrder::PriceRisesWithContent;
        assert_eq!(read(r#"{"family_order":"price_rises_with_content"}"#), [FamilyLaw::everywhere(order)]);
        assert_eq!(read(r#"{"family_order":null}"#), []);
        let tags = FamilyOrder::RisesThroughTags { tags: vec!["good".into(), "best".into()], by: BasisPoints(500) };
        let laws = Guardrails { families: vec![FamilyLaw::everywhere(tags)], ..Guardrails::default() };
        assert_eq!(read(&serde_json::to_string(&laws).expect("serialises")), laws.families);
    }

    #[test]
    fn a_rule_set_survives_its_text() {
        let set = with(Strategy::Keep, PriceEnding { step_minor: 10, ending_minor: 9 });
        let text = serde_json::to_string(&set).expect("serialises");
        assert_eq!(serde_json::from_str::<RuleSet>(&text).expect("parses"), set);
    }
}
