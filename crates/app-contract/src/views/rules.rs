//! Rule sets while they are edited: what they would do to the catalogue, and their versions.

use pricing_domain::{Currency, ExceptionReason, Instant, Money, ProductId, RuleSetProblem, RuleSetState};
use serde::{Deserialize, Serialize};

use super::proposals::ReasonCount;

/// What a rule set would do to a price list now. Nothing is written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RulePreview {
    /// What makes the rule set unusable. Where there is any, the figures are all zero.
    pub problems: Vec<RuleSetProblem>,
    /// Products looked at.
    pub products: u64,
    /// How long it took, in milliseconds.
    pub elapsed_ms: u64,
    /// The currency of all amounts.
    pub currency: Currency,
    /// What the edited rules would do.
    pub edited: RunFigures,
    /// What the rules in force would do today.
    pub in_force: RunFigures,
    /// By rule, in the order in which they are asked, those of groups one by one; the last one stands for products that no rule decides.
    pub rules: Vec<RuleShare>,
    /// Exceptions of the edited rules by reason, most urgent first.
    pub reasons: Vec<ReasonCount>,
    /// The price index by competitor, best covered first.
    pub indexes: Vec<IndexShift>,
    /// The largest changes by percent.
    pub moves: Vec<PreviewRow>,
    /// Products across the catalogue whose price would change.
    pub samples: Vec<PreviewRow>,
    /// What became of the rule set's own tests.
    pub tests: Vec<RuleTestOutcome>,
}

/// What became of a test of the rule set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RuleTestOutcome {
    /// Its name.
    pub name: String,
    /// Whether it gave what it should.
    pub passed: bool,
    /// What came out instead; empty when it passed.
    pub words: String,
}

/// Totals of a run over one price list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RunFigures {
    /// New prices above today's.
    pub raised: u64,
    /// New prices below today's.
    pub lowered: u64,
    /// Prices that stay.
    pub unchanged: u64,
    /// Products that need a person.
    pub exceptions: u64,
    /// Products whose proposed price crosses a limit that only warns; they are among the others.
    #[serde(default)]
    pub warned: u64,
    /// Revenue of 28 days at unchanged volumes, new less old, net of VAT. Exceptions are left out.
    pub revenue_effect: Option<Money>,
    /// Margin likewise, of products with a cost.
    pub margin_effect: Option<Money>,
}

/// What one rule would do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RuleShare {
    /// Products it decides.
    pub products: u64,
    /// New prices above today's.
    pub raised: u64,
    /// New prices below today's.
    pub lowered: u64,
    /// Products that need a person.
    pub exceptions: u64,
}

/// The price index against a competitor before and after, in hundredths (11,890 is 118.90).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IndexShift {
    /// Who.
    pub competitor: String,
    /// At today's prices.
    pub before_hundredths: i64,
    /// At the new prices.
    pub after_hundredths: i64,
    /// Compared products ÷ products with a price.
    pub coverage_bp: i32,
}

/// A product whose price would change. Amounts in minor units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PreviewRow {
    /// Its id.
    pub product: ProductId,
    /// Article number.
    pub sku: String,
    /// Name.
    pub name: String,
    /// Today's price.
    pub old_minor: i64,
    /// The price the rules arrive at; with an exception it waits for a person.
    pub new_minor: i64,
    /// New ÷ old − 1.
    pub change_bp: i32,
    /// Why a person is needed.
    pub reason: Option<ExceptionReason>,
    /// The place of the rule from 0; `None`: no rule matched.
    pub rule: Option<u32>,
}

/// Something about a rule set that its author may not have meant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RuleRemark {
    /// The place of the rule from 0, those of groups counted one by one; `None`: the whole set.
    pub rule: Option<u32>,
    /// What, and with how many products.
    pub text: String,
    /// Whether it is more often a mistake than meant: that earlier rules take some of a rule's products is ordinary.
    pub serious: bool,
}

/// A version of the rule set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RuleSetVersionView {
    /// From 1.
    pub version: i64,
    /// Shown to people.
    pub name: String,
    /// Where it stands.
    pub state: RuleSetState,
    /// When a scheduled one comes into force.
    pub in_force_from: Option<Instant>,
    /// When it was saved or put in force.
    pub created_at: Instant,
    /// By whom.
    pub created_by: String,
    /// How many rules it has.
    pub rules: u32,
}

/// The catalogue's own words for a field, with what was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldValues {
    /// Which field.
    pub field: String,
    /// Of a free attribute's text: the attribute.
    pub attribute: Option<String>,
    /// What was written.
    pub written: String,
    /// The words, those that begin so first.
    pub values: Vec<String>,
}
