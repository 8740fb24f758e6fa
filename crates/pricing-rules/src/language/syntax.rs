//! The tree of a text as it was written, before names and types are looked at.

use pricing_domain::CivilDate;

use super::problems::TextRange;

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Expression {
    pub(super) kind: Kind,
    pub(super) range: TextRange,
}

/// What a part is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Digits with an optional dot.
    Number(String),
    Day(CivilDate),
    Text(String),
    /// As written: `comp.lowest`.
    Name(String),
    Call {
        name: String,
        name_range: TextRange,
        arguments: Vec<Expression>,
    },
    /// `5 %`.
    Percent(Box<Expression>),
    Negate(Box<Expression>),
    Not(Box<Expression>),
    Binary {
        operator: Operator,
        left: Box<Expression>,
        right: Box<Expression>,
    },
    In {
        subject: Box<Expression>,
        options: Vec<Expression>,
        negated: bool,
    },
}

/// Between two parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Within,
    Contains,
    StartsWith,
    EndsWith,
    Add,
    Subtract,
    Multiply,
    Divide,
    Of,
}

/// How tightly things bind; larger is tighter.
pub(super) mod binding {
    pub(in super::super) const OR: u8 = 1;
    pub(in super::super) const AND: u8 = 2;
    pub(in super::super) const NOT: u8 = 3;
    pub(in super::super) const COMPARE: u8 = 4;
    pub(in super::super) const ADD: u8 = 5;
    pub(in super::super) const MULTIPLY: u8 = 6;
    pub(in super::super) const NEGATE: u8 = 7;
    pub(in super::super) const PERCENT: u8 = 8;
}

impl Operator {
    pub(super) const fn binding(self) -> u8 {
        match self {
            Self::Or => binding::OR,
            Self::And => binding::AND,
            Self::Add | Self::Subtract => binding::ADD,
            Self::Multiply | Self::Divide | Self::Of => binding::MULTIPLY,
            _ => binding::COMPARE,
        }
    }

    pub(super) const fn text(self) -> &'static str {
        match self {
            Self::Or => "or",
            Self::And => "and",
            Self::Equal => "=",
            Self::NotEqual => "<>",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Within => "within",
            Self::Contains => "contains",
            Self::StartsWith => "starts with",
            Self::EndsWith => "ends with",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Of => "of",
        }
    }

    /// The operator when its sides are exchanged; `None` when that is another question.
    pub(super) const fn mirrored(self) -> Option<Self> {
        Some(match self {
            Self::Equal | Self::NotEqual => self,
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
            Self::Greater => Self::Less,
            Self::GreaterOrEqual => Self::LessOrEqual,
            _ => return None,
        })
    }
}
