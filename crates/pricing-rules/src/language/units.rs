//! Which types go together, and what comes out.

use pricing_domain::decimal_text;

use super::arithmetic::MICRO;
use super::typed::Type;

/// Whether a plain number may stand beside it: `price - 0.01`.
pub(super) const fn takes_constants(ty: Type) -> bool {
    matches!(ty, Type::Money | Type::UnitMoney | Type::Number | Type::Content | Type::Ratio | Type::Constant)
}

/// What a plain number beside a percentage was meant to be: 20 and 0.2 are both 20 %.
pub(super) fn as_percent(micro: Option<i64>, words: &str) -> String {
    match micro {
        Some(micro) if micro.abs() < MICRO => format!("{} %", decimal_text(micro, 4, 0)),
        _ => format!("{words} %"),
    }
}

/// The type of a product; `None`: it means nothing.
pub(super) const fn product_type(one: Type, other: Type) -> Option<Type> {
    use Type::{Constant, Content, Money, Number, Percent, Ratio, UnitMoney};
    Some(match (one, other) {
        (Money, Constant | Number | Percent | Ratio) | (Constant | Number | Percent | Ratio, Money) => Money,
        (UnitMoney, Content) | (Content, UnitMoney) => Money,
        (UnitMoney, Constant | Number | Percent | Ratio) | (Constant | Number | Percent | Ratio, UnitMoney) => {
            UnitMoney
        }
        (Content, Constant | Number | Percent | Ratio) | (Constant | Number | Percent | Ratio, Content) => Content,
        (Constant, Constant) => Constant,
        (Number, Constant | Number | Percent | Ratio) | (Constant | Percent | Ratio, Number) => Number,
        (Percent, Constant | Percent) | (Constant, Percent) => Percent,
        (Ratio, Constant | Percent | Ratio) | (Constant | Percent, Ratio) => Ratio,
        _ => return None,
    })
}

/// The type of a quotient; `None`: it means nothing.
pub(super) const fn quotient_type(one: Type, other: Type) -> Option<Type> {
    use Type::{Constant, Content, Money, Number, Percent, Ratio, UnitMoney};
    Some(match (one, other) {
        (Money, Money) | (UnitMoney, UnitMoney) | (Content, Content) | (Number, Number) => Ratio,
        (Constant, Constant) => Constant,
        (Money, Content) => UnitMoney,
        (Money, UnitMoney) => Content,
        (Money | UnitMoney | Content | Number, Constant | Number | Percent | Ratio) => one,
        (Constant | Ratio, Number | Ratio | Percent) => Ratio,
        (Ratio | Percent, Constant) => one,
        (Percent, Percent | Number | Ratio) => Ratio,
        _ => return None,
    })
}
