//! The last check of a new price, by other arithmetic than the one that found it: every hard bound is multiplied out
//! on the final amount. It refuses and never alters.

use pricing_domain::{BasisPoints, Ceiling};

use super::bounds::{exceeds, floor_margin};
use super::compile::{CompiledRules, ListContext};
use super::decide::{Evaluation, is_cut_refused};
use super::exact::LARGEST_MINOR;
use crate::columns::NONE;

/// Whether every hard bound holds for the new price of a row.
pub(crate) fn holds(rules: &CompiledRules, context: &ListContext, floor: u16, row: &Evaluation) -> bool {
    let (inputs, new) = (&row.inputs, row.new);
    (1..=LARGEST_MINOR).contains(&new)
        && rules.endings.allows(new)
        && (inputs.min == NONE || new >= inputs.min)
        && (inputs.max == NONE || new <= inputs.max)
        && earns(context, row, floor_margin(rules, floor))
        && is_below_recommended(rules, row)
        && (!is_cut_refused(rules, row) || new >= inputs.price)
        && is_within_step(rules, row)
}

/// Net price × (1 − margin) ≥ cost, multiplied by all denominators.
fn earns(context: &ListContext, row: &Evaluation, margin: BasisPoints) -> bool {
    let inputs = &row.inputs;
    if inputs.cost_micro == NONE {
        return true;
    }
    let kept = i128::from(BasisPoints::ONE - i64::from(margin.0));
    let with_vat = i128::from(BasisPoints::ONE + inputs.vat_bp);
    i128::from(row.new) * context.micro_per_minor * kept >= i128::from(inputs.cost_micro) * with_vat
}

fn is_below_recommended(rules: &CompiledRules, row: &Evaluation) -> bool {
    let (Some(Ceiling::OfRecommended(share)), true) = (rules.set.guardrails.ceiling, row.inputs.rrp != NONE) else {
        return true;
    };
    i128::from(row.new) * i128::from(BasisPoints::ONE) <= i128::from(row.inputs.rrp) * i128::from(share.0)
}

/// The step, unless today's price stands outside floor or ceiling, which outrank it.
fn is_within_step(rules: &CompiledRules, row: &Evaluation) -> bool {
    let price = row.inputs.price;
    let step = rules.set.guardrails.step;
    if price == NONE || price < row.bounds.floor || price > row.bounds.ceiling {
        return true;
    }
    let limit = if row.new > price { step.up } else { step.down };
    limit.is_none_or(|limit| !exceeds(price, row.new, limit))
}
