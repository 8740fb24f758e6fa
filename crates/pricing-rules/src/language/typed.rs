//! The tree after names and types were looked at: only what can be computed.

use super::names::{EnumField, FlagField, NumberField, TextField};
use super::problems::TextRange;
use super::program::passes;

/// What a value is. Two values are added or compared only when they are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    /// In the currency of the price list.
    Money,
    /// Money per kilogram, litre, piece …
    UnitMoney,
    /// A count, a length of time in days.
    Number,
    Percent,
    /// A quotient of two like things: goes with numbers and percentages.
    Ratio,
    /// A number as it was written: takes the type of what it meets.
    Constant,
    /// Net content.
    Content,
    Day,
    YesNo,
}

impl Type {
    /// With its article.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Money => "money",
            Self::UnitMoney => "money per unit",
            Self::Number | Self::Constant => "a plain number",
            Self::Percent => "a percentage",
            Self::Ratio => "a ratio",
            Self::Content => "a net content",
            Self::Day => "a day",
            Self::YesNo => "yes or no",
        }
    }
}

/// A part that can be computed.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Node {
    pub(super) value: Value,
    pub(super) ty: Type,
    pub(super) range: TextRange,
}

/// Between two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Minimum,
    Maximum,
    /// The first, or the second where the first is missing.
    First,
}

/// Between two numbers, giving yes or no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparison {
    /// The same with its sides exchanged.
    pub(super) const fn mirrored(self) -> Self {
        match self {
            Self::Equal | Self::NotEqual => self,
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
            Self::Greater => Self::Less,
            Self::GreaterOrEqual => Self::LessOrEqual,
        }
    }
}

/// One number from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    Absolute,
    /// With the VAT that the list's prices contain.
    WithVat,
    WithoutVat,
    /// To a multiple of so many millionths.
    RoundNearest(i64),
    RoundUp(i64),
    RoundDown(i64),
}

/// From a price or cost and a rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CostMath {
    /// (net price − cost) ÷ net price, of a price and a cost.
    Margin,
    /// (net price − cost) ÷ cost, of a price and a cost.
    Markup,
    /// The price at which a cost earns a margin of the net price.
    PriceForMargin,
    /// The price at which a cost earns a markup.
    PriceForMarkup,
}

/// Which figure of the usable offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum OfferFigure {
    Lowest,
    /// From below, from 1; missing where there are fewer.
    Nth(u32),
    Highest,
    Average,
    Median,
    Count,
    /// One more than the offers below today's price.
    Rank,
    /// The lowest of the first of these competitors that has a usable offer.
    Named(Vec<String>),
    /// Σ(weight × offer) ÷ Σ weight over the competitors that have a usable offer; weights in millionths.
    Weighted(Vec<(String, i64)>),
}

/// A test of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TextTest {
    OneOf(Vec<String>),
    /// In one of these categories or below.
    Within(Vec<String>),
    Contains(String),
    StartsWith(String),
    EndsWith(String),
}

/// What a part computes.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    /// In millionths.
    Number(i64),
    /// Never there.
    Missing,
    Logic(bool),
    Field(NumberField),
    Offer(OfferFigure),
    /// The price of the product in another list.
    PriceIn(String),
    /// The price of another product in this list.
    PriceOf(String),
    Arithmetic(Arithmetic, Box<Node>, Box<Node>),
    Change(Change, Box<Node>),
    CostMath(CostMath, Box<Node>, Box<Node>),
    If(Box<Node>, Box<Node>, Box<Node>),
    Compare(Comparison, Box<Node>, Box<Node>),
    Text(TextField, TextTest),
    /// A bit for each place that matches.
    Enum(EnumField, u64),
    Flag(FlagField),
    Has(Box<Node>),
    /// Whether a text or choice is there.
    HasText(TextField),
    HasEnum(EnumField),
    /// A test of a free attribute.
    Attribute(String, TextTest),
    HasAttribute(String),
    And(Box<Node>, Box<Node>),
    Or(Box<Node>, Box<Node>),
    Not(Box<Node>),
}

impl Node {
    /// The number, when it is one that was written or computed from such.
    pub(super) const fn constant(&self) -> Option<i64> {
        match self.value {
            Value::Number(micro) => Some(micro),
            _ => None,
        }
    }

    /// Whether a condition holds in a price list, whatever the product; `None`: that depends on the product.
    pub(super) fn holds_in(&self, list: &str) -> Option<bool> {
        match &self.value {
            Value::Logic(holds) => Some(*holds),
            Value::Text(TextField::PriceList, test) => Some(passes(test, list)),
            Value::Not(inner) => inner.holds_in(list).map(|holds| !holds),
            Value::And(one, other) => match (one.holds_in(list), other.holds_in(list)) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            },
            Value::Or(one, other) => match (one.holds_in(list), other.holds_in(list)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            },
            _ => None,
        }
    }

    /// Calls `each` for every part, the inner ones first.
    pub(super) fn visit(&self, each: &mut dyn FnMut(&Node)) {
        match &self.value {
            Value::Arithmetic(_, one, other)
            | Value::CostMath(_, one, other)
            | Value::Compare(_, one, other)
            | Value::And(one, other)
            | Value::Or(one, other) => {
                one.visit(each);
                other.visit(each);
            }
            Value::Change(_, inner) | Value::Has(inner) | Value::Not(inner) => inner.visit(each),
            Value::If(condition, then, otherwise) => {
                condition.visit(each);
                then.visit(each);
                otherwise.visit(each);
            }
            _ => {}
        }
        each(self);
    }
}
