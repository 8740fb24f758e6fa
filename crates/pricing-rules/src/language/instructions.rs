//! What a compiled text consists of: steps over blocks of rows, each filling one register.

use super::names::{EnumField, FlagField, NumberField, TextField};
use super::problems::TextRange;
use super::typed::{Arithmetic, Change, Comparison, CostMath, TextTest, Type};

/// No, missing and yes, so that “and” is the smaller and “or” the larger of two.
pub(crate) const NO: u8 = 0;
pub(crate) const MISSING: u8 = 1;
pub(crate) const YES: u8 = 2;

/// Where a result lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Register {
    Number(usize),
    Logic(usize),
}

/// One step. Numbers name registers of their kind.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Instruction {
    Constant(i64),
    Field(NumberField),
    /// A column of the program's figures of offers.
    Offer(usize),
    /// The place of the list, when there is one in the same currency and tax mode.
    PriceIn(Option<usize>),
    /// The row of the product, when there is one.
    PriceOf(Option<u32>),
    Arithmetic(Arithmetic, usize, usize),
    Change(Change, usize),
    CostMath(CostMath, usize, usize),
    /// By a condition, one of two numbers.
    Choose(usize, usize, usize),
    Truth(bool),
    Compare(Comparison, usize, usize),
    /// A number with a constant.
    CompareWith(Comparison, usize, i64),
    /// No, missing or yes for each code of a dictionary.
    Codes(TextField, Vec<u8>),
    /// The same of the free attribute at a place.
    Attribute(usize, Vec<u8>),
    /// Missing for every product: a free attribute that none has.
    Nothing,
    /// No, missing or yes for each price list.
    Lists(Vec<u8>),
    /// On article numbers and names.
    Text(TextField, TextTest),
    Enum(EnumField, u64),
    HasEnum(EnumField),
    Flag(FlagField),
    Has(usize),
    And(usize, usize),
    Or(usize, usize),
    Not(usize),
}

/// A step with its register and the words it came from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Step {
    pub(crate) instruction: Instruction,
    pub(crate) target: usize,
    pub(crate) range: TextRange,
    pub(in crate::language) ty: Type,
}

impl Instruction {
    /// Whether it fills a register of numbers.
    pub(crate) const fn is_number(&self) -> bool {
        matches!(
            self,
            Self::Constant(_)
                | Self::Field(_)
                | Self::Offer(_)
                | Self::PriceIn(_)
                | Self::PriceOf(_)
                | Self::Arithmetic(..)
                | Self::Change(..)
                | Self::CostMath(..)
                | Self::Choose(..)
        )
    }
}
