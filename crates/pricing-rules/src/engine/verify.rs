//! The last check of a new price, by other arithmetic than the one that found it: every hard bound is multiplied out
//! on the final amount. It refuses and never alters.

use pricing_domain::{BasisPoints, Ceiling, FloorAmount};

use super::bounds::{channel_fee, floor_margin, is_chased, is_waiting, places, steps};
use super::compile::{CompiledRules, ListContext};
use super::decide::{Evaluation, is_cut_refused};
use super::exact::LARGEST_MINOR;
use super::marks::Guards;
use super::view::RowInputs;
use crate::columns::NONE;

const ONE: i128 = BasisPoints::ONE as i128;

/// Whether everything that a rule must keep to holds for the new price of a row.
pub(crate) fn holds(rules: &CompiledRules, context: &ListContext, guards: Guards, row: &Evaluation) -> bool {
    is_within_bounds(rules, context, guards, row)
        && rules.endings(context.list).allows(row.new)
        && (!is_cut_refused(rules, row) || row.new >= row.inputs.price)
        && is_within_step(rules, context, row)
}

/// Whether floors and ceilings, which hold for people too, hold for the new price of a row.
pub(crate) fn is_within_bounds(rules: &CompiledRules, context: &ListContext, guards: Guards, row: &Evaluation) -> bool {
    let (inputs, new) = (&row.inputs, row.new);
    let guardrails = &rules.set.guardrails;
    let mut ceilings = places(guards.ceilings).map(|place| guardrails.ceilings[place].ceiling);
    (1..=LARGEST_MINOR).contains(&new)
        && (inputs.min == NONE || new >= inputs.min)
        && (inputs.max == NONE || new <= inputs.max)
        && earns(context, inputs, new, floor_margin(rules, guards.floor), channel_fee(rules, context, guards.fee))
        && places(guards.price_floors).all(|place| is_above(context, inputs, new, guardrails.price_floors[place].floor))
        && guardrails.ceiling.is_none_or(|ceiling| is_below(inputs, new, ceiling))
        && ceilings.all(|ceiling| is_below(inputs, new, ceiling))
}

/// Net price × (1 − margin) less what the channel keeps of the gross price ≥ cost + fixed fee, multiplied by all
/// denominators.
pub(super) fn earns(
    context: &ListContext,
    inputs: &RowInputs,
    new: i64,
    margin: BasisPoints,
    (percent, fixed): (i128, i128),
) -> bool {
    if inputs.cost_micro == NONE {
        let bare = inputs.bare_cost_micro;
        return bare == NONE || i128::from(new) * context.micro_per_minor >= i128::from(bare);
    }
    let with_vat = ONE + i128::from(inputs.vat_bp);
    let kept = (ONE - i128::from(margin.0)) * ONE - percent * (ONE + i128::from(inputs.full_vat_bp.max(0)));
    i128::from(new) * context.micro_per_minor * kept >= (i128::from(inputs.cost_micro) + fixed) * with_vat * ONE
}

pub(super) fn is_above(context: &ListContext, inputs: &RowInputs, new: i64, floor: FloorAmount) -> bool {
    match floor {
        FloorAmount::AmountMinor(amount) => new >= amount,
        FloorAmount::Markup(_) if inputs.cost_micro == NONE => true,
        FloorAmount::Markup(markup) => {
            let needed =
                i128::from(inputs.cost_micro) * (ONE + i128::from(markup.0)) * (ONE + i128::from(inputs.vat_bp));
            i128::from(new) * context.micro_per_minor * ONE * ONE >= needed
        }
    }
}

pub(super) fn is_below(inputs: &RowInputs, new: i64, ceiling: Ceiling) -> bool {
    let (new, (sum, count)) = (i128::from(new), inputs.market);
    match ceiling {
        Ceiling::OfRecommended(_) if inputs.rrp == NONE => true,
        Ceiling::OfRecommended(share) => new * ONE <= i128::from(inputs.rrp) * i128::from(share.0),
        Ceiling::AmountMinor(amount) => new <= i128::from(amount),
        Ceiling::OfCompetitors(share) => {
            count == 0 || new * ONE * i128::from(count) <= i128::from(sum) * i128::from(share.0)
        }
    }
}

/// The step, unless today's price stands outside floor or ceiling, which outrank it.
fn is_within_step(rules: &CompiledRules, context: &ListContext, row: &Evaluation) -> bool {
    let price = row.inputs.price;
    let guardrails = &rules.set.guardrails;
    if price == NONE || price < row.bounds.floor || price > row.bounds.ceiling {
        return true;
    }
    if is_waiting(rules, context, &row.inputs) || is_chased(guardrails, &row.inputs) && row.new < price {
        return false;
    }
    let one = i128::from(BasisPoints::ONE);
    steps(guardrails, &row.inputs).into_iter().all(|(step, from)| {
        let (raised, from) = ((i128::from(row.new) - i128::from(from)) * one, i128::from(from));
        let is_within =
            |limit: Option<BasisPoints>, change: i128| limit.is_none_or(|limit| change <= from * i128::from(limit.0));
        if row.new > price { is_within(step.up, raised) } else { is_within(step.down, -raised) }
    })
}
