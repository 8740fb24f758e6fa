//! The bounds of a price, in the order law and locks > floor > ceiling > step.
//!
//! **Floor**: the higher of the product's own lowest price and the margin floor of its cost. A product with a cost and
//! no margin floor of its own has its cost as floor: selling below cost takes a floor with a negative margin, which
//! says so. **Ceiling**: the lower of the own highest price and the share of the recommended price. **Step**: from
//! today's price.

use pricing_domain::{BasisPoints, Ceiling, Rounding, StepLimit};

use super::compile::{CompiledRules, ListContext};
use super::exact::{LARGEST_MINOR, round};
use super::marks::NO_FLOOR;
use super::view::RowInputs;
use crate::columns::NONE;

/// Where a floor comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FloorKind {
    /// There is none.
    None,
    /// The product's own lowest price.
    OwnMinimum,
    /// A margin floor of the rule set, by its place.
    Margin(u16),
    /// The cost itself.
    Cost,
}

/// Where a ceiling comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CeilingKind {
    /// There is none.
    None,
    /// The product's own highest price.
    OwnMaximum,
    /// A share of the recommended price.
    OfRecommended,
}

/// Floor and ceiling of a row, in minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bounds {
    /// At least one minor unit.
    pub(crate) floor: i64,
    pub(crate) floor_kind: FloorKind,
    /// [`LARGEST_MINOR`] where there is none.
    pub(crate) ceiling: i64,
    pub(crate) ceiling_kind: CeilingKind,
}

impl Bounds {
    pub(crate) fn new(rules: &CompiledRules, context: &ListContext, inputs: &RowInputs, floor: u16) -> Self {
        let (floor, floor_kind) = floor_of(rules, context, inputs, floor);
        let (ceiling, ceiling_kind) = ceiling_of(rules, inputs);
        Self { floor, floor_kind, ceiling, ceiling_kind }
    }

    /// The floor as an amount, or [`NONE`].
    pub(crate) fn floor_minor(&self) -> i64 {
        if self.floor_kind == FloorKind::None { NONE } else { self.floor }
    }

    /// The ceiling as an amount, or [`NONE`].
    pub(crate) fn ceiling_minor(&self) -> i64 {
        if self.ceiling_kind == CeilingKind::None { NONE } else { self.ceiling }
    }
}

/// The margin that the cost of a row must earn at least.
pub(crate) fn floor_margin(rules: &CompiledRules, floor: u16) -> BasisPoints {
    if floor == NO_FLOOR { BasisPoints(0) } else { rules.floors[usize::from(floor)].margin }
}

fn floor_of(rules: &CompiledRules, context: &ListContext, inputs: &RowInputs, floor: u16) -> (i64, FloorKind) {
    let mut found = (1, FloorKind::None);
    if inputs.cost_micro != NONE {
        let kind = if floor == NO_FLOOR { FloorKind::Cost } else { FloorKind::Margin(floor) };
        found = (lowest_with_margin(context, inputs, floor_margin(rules, floor)).max(1), kind);
    }
    if inputs.min != NONE && inputs.min >= found.0 {
        (inputs.min.min(LARGEST_MINOR), FloorKind::OwnMinimum)
    } else {
        found
    }
}

/// The lowest price whose net price earns `margin` on the cost: ⌈cost × (1 + VAT) ÷ (1 − margin)⌉.
pub(crate) fn lowest_with_margin(context: &ListContext, inputs: &RowInputs, margin: BasisPoints) -> i64 {
    let numerator = i128::from(inputs.cost_micro) * i128::from(BasisPoints::ONE + inputs.vat_bp);
    let denominator = context.micro_per_minor * i128::from(BasisPoints::ONE - i64::from(margin.0));
    round(numerator, denominator, Rounding::Up)
}

fn ceiling_of(rules: &CompiledRules, inputs: &RowInputs) -> (i64, CeilingKind) {
    let mut found = (LARGEST_MINOR, CeilingKind::None);
    if let (Some(Ceiling::OfRecommended(share)), true) = (rules.set.guardrails.ceiling, inputs.rrp != NONE) {
        let numerator = i128::from(inputs.rrp) * i128::from(share.0);
        found = (round(numerator, i128::from(BasisPoints::ONE), Rounding::Down), CeilingKind::OfRecommended);
    }
    if inputs.max != NONE && inputs.max <= found.0 { (inputs.max, CeilingKind::OwnMaximum) } else { found }
}

/// The lowest and highest price that the step from `price` allows.
pub(crate) fn step_window(step: StepLimit, price: i64) -> (i64, i64) {
    let one = i128::from(BasisPoints::ONE);
    let limit = |rate: i32, rounding| round(i128::from(price) * (one + i128::from(rate)), one, rounding);
    let low = step.down.map_or(1, |down| limit(down.0.saturating_neg(), Rounding::Up).max(1));
    let high = step.up.map_or(LARGEST_MINOR, |up| limit(up.0, Rounding::Down));
    (low, high)
}

/// Whether going from `price` to `other` changes more than `limit` of `price`. Exact.
pub(crate) fn exceeds(price: i64, other: i64, limit: BasisPoints) -> bool {
    let change = (i128::from(other) - i128::from(price)).abs();
    change * i128::from(BasisPoints::ONE) > i128::from(price) * i128::from(limit.0)
}
