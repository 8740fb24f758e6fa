//! Exact arithmetic on millionths, where [`NONE`] is “missing” and stays missing. Products and quotients are rounded
//! once to the nearest millionth, halves away from zero; what does not fit is missing.

use pricing_domain::{Ratio, Rounding};

use super::typed::{Arithmetic, Change, Comparison, CostMath};
use crate::columns::NONE;

/// Millionths in one.
pub(crate) const MICRO: i64 = 1_000_000;

/// Beyond this a value does not count: far above every amount, and sums of two stay within an `i64`.
const LARGEST: i64 = i64::MAX / 4;

/// The value, unless it is too large to count.
pub(crate) const fn bounded(value: i64) -> i64 {
    if value >= -LARGEST && value <= LARGEST { value } else { NONE }
}

/// `above` ÷ `below`, to the nearest; missing when it does not fit or `below` is zero.
pub(super) fn quotient(above: i128, below: i128) -> i64 {
    if below == 0 {
        return NONE;
    }
    let (above, below) = if below < 0 { (-above, -below) } else { (above, below) };
    match (i64::try_from(above), i64::try_from(below)) {
        (Ok(above), Ok(below)) if above.unsigned_abs() <= LARGEST as u64 && below <= LARGEST => {
            bounded(nearest(above, below))
        }
        _ => bounded(Ratio { numerator: above, denominator: below }.round(Rounding::Nearest)),
    }
}

const fn nearest(above: i64, below: i64) -> i64 {
    let half = below / 2;
    if above >= 0 { (above + half) / below } else { (above - half) / below }
}

/// One step between two values, neither of which is missing.
fn known(operator: Arithmetic, one: i64, other: i64) -> i64 {
    match operator {
        Arithmetic::Add => bounded(one.saturating_add(other)),
        Arithmetic::Subtract => bounded(one.saturating_sub(other)),
        Arithmetic::Multiply => match one.checked_mul(other) {
            Some(product) => quotient(i128::from(product), i128::from(MICRO)),
            None => quotient(i128::from(one) * i128::from(other), i128::from(MICRO)),
        },
        Arithmetic::Divide => quotient(i128::from(one) * i128::from(MICRO), i128::from(other)),
        Arithmetic::Minimum => one.min(other),
        Arithmetic::Maximum => one.max(other),
        Arithmetic::First => one,
    }
}

/// One step between two values.
#[inline]
pub(super) fn apply(operator: Arithmetic, one: i64, other: i64) -> i64 {
    if operator == Arithmetic::First {
        return if one == NONE { other } else { one };
    }
    if one == NONE || other == NONE { NONE } else { known(operator, one, other) }
}

/// Whether a comparison holds between two values that are there.
#[inline]
pub(super) const fn compares(comparison: Comparison, one: i64, other: i64) -> bool {
    match comparison {
        Comparison::Equal => one == other,
        Comparison::NotEqual => one != other,
        Comparison::Less => one < other,
        Comparison::LessOrEqual => one <= other,
        Comparison::Greater => one > other,
        Comparison::GreaterOrEqual => one >= other,
    }
}

/// One value changed. `vat_micro` is the VAT that the list's prices contain.
#[inline]
pub(super) fn changed(change: Change, value: i64, vat_micro: i64) -> i64 {
    if value == NONE {
        return NONE;
    }
    let multiple = |step: i64, count: i64| bounded(count.saturating_mul(step));
    match change {
        Change::Absolute => value.abs(),
        Change::WithVat if vat_micro == NONE => NONE,
        Change::WithoutVat if vat_micro == NONE => NONE,
        Change::WithVat => quotient(i128::from(value) * i128::from(MICRO + vat_micro), i128::from(MICRO)),
        Change::WithoutVat => quotient(i128::from(value) * i128::from(MICRO), i128::from(MICRO + vat_micro)),
        Change::RoundNearest(step) => multiple(step, nearest(value, step)),
        Change::RoundUp(step) => multiple(step, value.div_euclid(step) + i64::from(value.rem_euclid(step) > 0)),
        Change::RoundDown(step) => multiple(step, value.div_euclid(step)),
    }
}

/// From two values and the VAT that the list's prices contain, rounded once.
///
/// Net price = gross ÷ (1 + VAT); margin = (net − cost) ÷ net; markup = (net − cost) ÷ cost.
#[inline]
pub(super) fn cost_math(math: CostMath, one: i64, other: i64, vat_micro: i64) -> i64 {
    if one == NONE || other == NONE || vat_micro == NONE {
        return NONE;
    }
    let (one, other, unit) = (i128::from(one), i128::from(other), i128::from(MICRO));
    let with_vat = unit + i128::from(vat_micro);
    match math {
        CostMath::Margin if one <= 0 => NONE,
        CostMath::Margin => quotient((one * unit - other * with_vat) * unit, one * unit),
        CostMath::Markup if other <= 0 => NONE,
        CostMath::Markup => quotient((one * unit - other * with_vat) * unit, other * with_vat),
        CostMath::PriceForMargin if other >= unit => NONE,
        CostMath::PriceForMargin => quotient(one * with_vat, unit - other),
        CostMath::PriceForMarkup => quotient_of_product(one, unit + other, with_vat),
    }
}

/// cost × (1 + markup) × (1 + VAT) with both rates in millionths.
fn quotient_of_product(cost: i128, rate: i128, with_vat: i128) -> i64 {
    let unit = i128::from(MICRO);
    match cost.checked_mul(rate).and_then(|product| product.checked_mul(with_vat)) {
        Some(product) => quotient(product, unit * unit),
        None => NONE,
    }
}

#[cfg(test)]
mod tests {
    use super::{Arithmetic, Change, CostMath, MICRO, apply, changed, cost_math};
    use crate::columns::NONE;

    #[test]
    fn products_and_quotients_round_once_to_the_nearest_millionth() {
        assert_eq!(apply(Arithmetic::Multiply, 49_990_000, 1_350_000), 67_486_500);
        assert_eq!(apply(Arithmetic::Multiply, 1, 500_000), 1, "half a millionth is rounded away from zero");
        assert_eq!(apply(Arithmetic::Multiply, -1, 500_000), -1);
        assert_eq!(apply(Arithmetic::Divide, 10 * MICRO, 3 * MICRO), 3_333_333);
        assert_eq!(apply(Arithmetic::Divide, 20 * MICRO, -3 * MICRO), -6_666_667);
        assert_eq!(apply(Arithmetic::Multiply, 3_000_000_000_000_000, 2 * MICRO), 6_000_000_000_000_000, "wide");
    }

    #[test]
    fn what_is_missing_or_does_not_fit_stays_missing() {
        assert_eq!(apply(Arithmetic::Add, NONE, 1), NONE);
        assert_eq!(apply(Arithmetic::Minimum, NONE, 1), NONE);
        assert_eq!(apply(Arithmetic::Divide, 1, 0), NONE);
        assert_eq!(apply(Arithmetic::Multiply, i64::MAX / 4, i64::MAX / 4), NONE);
        assert_eq!(apply(Arithmetic::First, NONE, 7), 7);
    }

    #[test]
    fn margin_and_price_for_margin_are_each_others_inverse() {
        let vat = 190_000;
        let price = cost_math(CostMath::PriceForMargin, 50 * MICRO, 200_000, vat);
        assert_eq!(price, 74_375_000, "50 ÷ 0.8 × 1.19");
        assert_eq!(cost_math(CostMath::Margin, price, 50 * MICRO, vat), 200_000);
        let price = cost_math(CostMath::PriceForMarkup, 50 * MICRO, 350_000, vat);
        assert_eq!((price, cost_math(CostMath::Markup, price, 50 * MICRO, vat)), (80_325_000, 350_000));
        assert_eq!(cost_math(CostMath::PriceForMargin, MICRO, MICRO, vat), NONE, "a margin of 100 % has no price");
        assert_eq!(changed(Change::WithoutVat, 119 * MICRO, vat), 100 * MICRO);
    }

    #[test]
    fn rounding_to_a_step_goes_where_it_says() {
        assert_eq!(changed(Change::RoundNearest(50_000), 1_025_000, 0), 1_050_000);
        assert_eq!(changed(Change::RoundUp(MICRO), 1_000_001, 0), 2 * MICRO);
        assert_eq!(changed(Change::RoundDown(MICRO), -1, 0), -MICRO);
    }
}
