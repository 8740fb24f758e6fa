//! The bounds of a price, in the order law and locks > floor > ceiling > step.
//!
//! **Floor**: the higher of the product's own lowest price and the margin floor of its cost. A product with a cost and
//! no margin floor of its own has its cost as floor: selling below cost takes a floor with a negative margin, which
//! says so. **Ceiling**: the lower of the own highest price and the share of the recommended price. **Step**: from
//! today's price, from that of a day and a week before; also how often it
//! changed, and whether a competitor and we chase each other. Further floors and ceilings of the rule set join the same two sides.

use pricing_domain::{BasisPoints, Ceiling, FloorAmount, Guardrails, Rounding, StepLimit};

use super::compile::{CompiledRules, ListContext};
use super::exact::{LARGEST_MINOR, round};
use super::marks::{Guards, NO_FLOOR};
use super::view::RowInputs;
use crate::columns::NONE;

/// Where a floor comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FloorKind {
    /// There is none.
    None,
    /// The product's own lowest price.
    OwnMinimum,
    /// A margin floor of the rule set, by its place.
    Margin(u16),
    /// The cost itself.
    Cost,
    /// A further floor of the rule set, by its place.
    Further(u16),
}

/// Where a ceiling comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CeilingKind {
    /// There is none.
    None,
    /// The product's own highest price.
    OwnMaximum,
    /// The ceiling of the rule set.
    RuleSet,
    /// A further ceiling of the rule set, by its place.
    Further(u16),
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
    pub(crate) fn new(rules: &CompiledRules, context: &ListContext, inputs: &RowInputs, guards: Guards) -> Self {
        let (floor, floor_kind) = floor_of(rules, context, inputs, guards);
        let (ceiling, ceiling_kind) = ceiling_of(rules, inputs, guards);
        Self { floor, floor_kind, ceiling, ceiling_kind }
    }

    /// Whether any price is at the floor or above it. A margin and fees that leave nothing of a price are never earned.
    pub(crate) const fn is_reachable(&self) -> bool {
        self.floor < LARGEST_MINOR
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

/// What a channel keeps: basis points of the gross price, and millionths net for each piece.
pub(crate) fn channel_fee(rules: &CompiledRules, context: &ListContext, fee: u16) -> (i128, i128) {
    if fee == NO_FLOOR {
        return (0, 0);
    }
    let fee = &rules.set.guardrails.channel_fees[usize::from(fee)];
    (i128::from(fee.percent.0), i128::from(fee.fixed_minor) * context.micro_per_minor)
}

/// The places of set bits.
pub(crate) fn places(mut bits: u32) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let place = (bits != 0).then(|| bits.trailing_zeros())?;
        bits &= bits - 1;
        Some(place as usize)
    })
}

fn floor_of(rules: &CompiledRules, context: &ListContext, inputs: &RowInputs, guards: Guards) -> (i64, FloorKind) {
    let mut found = (1, FloorKind::None);
    if inputs.cost_micro != NONE {
        let kind = if guards.floor == NO_FLOOR { FloorKind::Cost } else { FloorKind::Margin(guards.floor) };
        let fee = channel_fee(rules, context, guards.fee);
        let lowest = lowest_with_margin(context, inputs, floor_margin(rules, guards.floor), fee);
        found = (lowest.unwrap_or(LARGEST_MINOR).max(1), kind);
    } else if inputs.bare_cost_micro != NONE {
        // A net price of at least the cost takes a price of at least the cost, whatever the rate of VAT is.
        let lowest = round(i128::from(inputs.bare_cost_micro), context.micro_per_minor, Rounding::Up);
        found = (lowest.clamp(1, LARGEST_MINOR), FloorKind::Cost);
    }
    for place in places(guards.price_floors) {
        let further = match rules.set.guardrails.price_floors[place].floor {
            FloorAmount::AmountMinor(amount) => amount,
            FloorAmount::Markup(_) if inputs.cost_micro == NONE => continue,
            FloorAmount::Markup(markup) => lowest_with_markup(context, inputs, markup),
        };
        if further > found.0 {
            found = (further.min(LARGEST_MINOR), FloorKind::Further(place as u16));
        }
    }
    if inputs.min != NONE && inputs.min >= found.0 {
        (inputs.min.min(LARGEST_MINOR), FloorKind::OwnMinimum)
    } else {
        found
    }
}

/// The lowest price whose net price, less what the channel keeps, earns `margin` on the cost:
/// net ≥ (cost + fixed) ÷ (1 − margin − fee × (1 + VAT)). A channel takes its fee of the price with VAT, in a list of net
/// prices too. `None`: margin and fee leave nothing, so that no price earns it.
pub(crate) fn lowest_with_margin(
    context: &ListContext,
    inputs: &RowInputs,
    margin: BasisPoints,
    (percent, fixed): (i128, i128),
) -> Option<i64> {
    let one = i128::from(BasisPoints::ONE);
    let with_vat = one + i128::from(inputs.vat_bp);
    if percent == 0 {
        let numerator = (i128::from(inputs.cost_micro) + fixed) * with_vat;
        return Some(round(numerator, context.micro_per_minor * (one - i128::from(margin.0)), Rounding::Up));
    }
    let kept = (one - i128::from(margin.0)) * one - percent * (one + i128::from(inputs.full_vat_bp.max(0)));
    let numerator = (i128::from(inputs.cost_micro) + fixed) * with_vat * one;
    (kept > 0).then(|| round(numerator, context.micro_per_minor * kept, Rounding::Up))
}

/// The lowest price whose net price is the cost with a markup.
pub(crate) fn lowest_with_markup(context: &ListContext, inputs: &RowInputs, markup: BasisPoints) -> i64 {
    let one = i128::from(BasisPoints::ONE);
    let numerator = i128::from(inputs.cost_micro) * (one + i128::from(markup.0)) * (one + i128::from(inputs.vat_bp));
    round(numerator, context.micro_per_minor * one * one, Rounding::Up)
}

fn ceiling_of(rules: &CompiledRules, inputs: &RowInputs, guards: Guards) -> (i64, CeilingKind) {
    let mut found = (LARGEST_MINOR, CeilingKind::None);
    if let Some(ceiling) = rules.set.guardrails.ceiling.and_then(|ceiling| highest(ceiling, inputs)) {
        found = (ceiling, CeilingKind::RuleSet);
    }
    for place in places(guards.ceilings) {
        let further = highest(rules.set.guardrails.ceilings[place].ceiling, inputs);
        if let Some(further) = further.filter(|further| *further < found.0) {
            found = (further, CeilingKind::Further(place as u16));
        }
    }
    if inputs.max != NONE && inputs.max <= found.0 { (inputs.max, CeilingKind::OwnMaximum) } else { found }
}

/// The amount of a ceiling; `None` where it has nothing to be measured by.
pub(crate) fn highest(ceiling: Ceiling, inputs: &RowInputs) -> Option<i64> {
    let one = i128::from(BasisPoints::ONE);
    match ceiling {
        Ceiling::OfRecommended(_) if inputs.rrp == NONE => None,
        Ceiling::OfRecommended(share) => Some(round(i128::from(inputs.rrp) * i128::from(share.0), one, Rounding::Down)),
        Ceiling::AmountMinor(amount) => Some(amount),
        Ceiling::OfCompetitors(share) => {
            let (sum, count) = inputs.market;
            let share = i128::from(sum) * i128::from(share.0);
            (count > 0).then(|| round(share, one * i128::from(count), Rounding::Down))
        }
    }
}

/// Whether today's price began too recently to change again.
pub(crate) fn is_too_soon(rules: &CompiledRules, context: &ListContext, inputs: &RowInputs) -> bool {
    rules.set.guardrails.hours_between_changes.is_some_and(|hours| {
        let stands_s = context.offers.now_s - i64::from(inputs.price_since_s);
        inputs.price_since_s != 0 && stands_s < i64::from(hours) * 3600
    })
}

/// Whether today's price may not change yet: too recent, or changed too often within the week.
pub(crate) fn is_waiting(rules: &CompiledRules, context: &ListContext, inputs: &RowInputs) -> bool {
    is_too_soon(rules, context, inputs) || is_changed_enough(&rules.set.guardrails, inputs)
}

/// Whether the price changed as often within the week as it may.
pub(crate) fn is_changed_enough(guardrails: &Guardrails, inputs: &RowInputs) -> bool {
    guardrails.changes_per_week.is_some_and(|most| inputs.recent.changes >= most)
}

/// Whether a competitor and we undercut each other in turn, so that the price is not lowered further.
pub(crate) fn is_chased(guardrails: &Guardrails, inputs: &RowInputs) -> bool {
    guardrails.spiral.is_some_and(|spiral| inputs.recent.rounds >= spiral.rounds)
}

/// The largest steps with the price that each is measured from.
pub(crate) fn steps(guardrails: &Guardrails, inputs: &RowInputs) -> [(StepLimit, i64); 3] {
    let from = |before: i64| if before == NONE { inputs.price } else { before };
    [
        (guardrails.step, inputs.price),
        (guardrails.step_per_day, from(inputs.recent.day_ago)),
        (guardrails.step_per_week, from(inputs.recent.week_ago)),
    ]
}

/// The lowest and highest price that all steps allow. Today's is always among them: a price that was moved further by
/// hand may stay, and only goes no further.
pub(crate) fn window_of_steps(guardrails: &Guardrails, inputs: &RowInputs) -> (i64, i64) {
    let price = inputs.price;
    let (mut low, mut high) = (1, LARGEST_MINOR);
    for (step, from) in steps(guardrails, inputs) {
        let (lowest, highest) = step_window(step, from);
        low = low.max(lowest.min(price));
        high = high.min(highest.max(price));
    }
    if is_chased(guardrails, inputs) { (low.max(price), high) } else { (low, high) }
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
