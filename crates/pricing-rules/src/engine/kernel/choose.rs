//! Which rule decides each row, and the price it wants.

use super::Work;
use super::division::LARGEST_DIVIDEND;
use super::lanes::{BY_OTHERWISE, Lane, Lanes, ROWS, UNDECIDED, codes, select};
use super::plan::{SourceColumn, StrategyPlan};
use crate::columns::NONE;
use crate::engine::exact::LARGEST_MINOR;
use crate::engine::strategy::{CompiledStrategy, Reference, RowMarks, Wanted, adjusted};
use crate::engine::view::RowInputs;
use crate::offer_use::Usable;

/// Asks the rules in order; each row's first that has its inputs decides.
#[inline(always)]
pub(super) fn prices(work: &Work<'_>, lanes: &mut Lanes, usable: &mut Vec<Usable>) {
    let rows = lanes.places.count();
    let mut most_cost = 0;
    for row in 0..rows {
        let is_asked = (lanes.code[row] == codes::UNCHANGED) & (lanes.alone[row] == 0);
        lanes.rule[row] = if is_asked { UNDECIDED } else { BY_OTHERWISE };
        lanes.wanted[row] = NONE;
        most_cost = most_cost.max(if is_asked { lanes.gross_cost[row] } else { 0 });
    }
    let mut room = [0; ROWS];
    for (number, (plan, rule)) in work.plan.rules.iter().zip(&work.rules.rules).enumerate() {
        let mask = &lanes.places.pick(work.marks.mask(number), work.marks.start(), &mut room)[..rows];
        if !is_any_left(&lanes.rule, mask, rows) {
            continue;
        }
        let deciding = (number as i64) << 1;
        strategy(work, lanes, usable, Turn { mask, deciding, plan: plan.0, strategy: &rule.strategy, most_cost });
        if let (Some(plan), Some(strategy_of_turn)) = (plan.1, &rule.fallback) {
            let deciding = deciding | 1;
            strategy(work, lanes, usable, Turn { mask, deciding, plan, strategy: strategy_of_turn, most_cost });
        }
    }
    let (plan, otherwise) = (work.plan.otherwise, &work.rules.otherwise);
    if !matches!(plan, StrategyPlan::Keep) {
        let all = [1u8; ROWS];
        let turn = Turn { mask: &all[..rows], deciding: BY_OTHERWISE, plan, strategy: otherwise, most_cost };
        strategy(work, lanes, usable, turn);
    }
    for row in 0..rows {
        lanes.rule[row] = select(lanes.rule[row] == UNDECIDED, BY_OTHERWISE, lanes.rule[row]);
    }
}

/// One strategy asked for the rows of a mask that are not decided.
struct Turn<'a> {
    mask: &'a [u8],
    deciding: i64,
    plan: StrategyPlan,
    strategy: &'a CompiledStrategy,
    most_cost: i64,
}

#[inline(always)]
fn is_any_left(rule: &Lane, mask: &[u8], rows: usize) -> bool {
    let mut left = false;
    for row in 0..rows.min(mask.len()) {
        left |= (mask[row] != 0) & (rule[row] == UNDECIDED);
    }
    left
}

#[inline(always)]
fn strategy(work: &Work<'_>, lanes: &mut Lanes, usable: &mut Vec<Usable>, turn: Turn<'_>) {
    let rows = lanes.places.count().min(turn.mask.len());
    match turn.plan {
        StrategyPlan::Keep => {
            for row in 0..rows {
                let takes = (turn.mask[row] != 0) & (lanes.rule[row] == UNDECIDED);
                lanes.rule[row] = select(takes, turn.deciding, lanes.rule[row]);
            }
        }
        StrategyPlan::Share { column, share } => {
            let (source, values) = column_of(lanes, column);
            for row in 0..rows {
                values[row] = select(source[row] == NONE, NONE, share.nearest(source[row]));
            }
            take(lanes, &turn, rows);
        }
        StrategyPlan::Distance { column, add, parts } => {
            let (source, values) = column_of(lanes, column);
            let halves = parts > 1;
            for row in 0..rows {
                let value = source[row].wrapping_add(add);
                // Halves go away from zero.
                let half = value.wrapping_add(i64::from(value >= 0)) >> 1;
                values[row] = select(source[row] == NONE, NONE, if halves { half } else { value });
            }
            take(lanes, &turn, rows);
        }
        StrategyPlan::FromCost { factor, quick: Some(by), .. } if turn.most_cost <= by.largest / factor => {
            for row in 0..rows {
                let cost = lanes.gross_cost[row];
                lanes.room[0][row] = select(cost > 0, by.nearest(cost.wrapping_mul(factor)), NONE);
            }
            take(lanes, &turn, rows);
        }
        StrategyPlan::FromCost { factor, by, .. } if turn.most_cost <= LARGEST_DIVIDEND / factor => {
            for row in 0..rows {
                let cost = lanes.gross_cost[row];
                let price = by.nearest(cost.wrapping_mul(factor)).min(LARGEST_MINOR);
                lanes.room[0][row] = if cost > 0 { price } else { NONE };
            }
            take(lanes, &turn, rows);
        }
        StrategyPlan::Average(adjust) => {
            let price = |lanes: &Lanes, row: usize| match lanes.offers.count[row] {
                0 => Wanted::Missing(crate::engine::strategy::MissingInput::UsableOffer),
                count => Wanted::Price(adjusted(
                    Reference { numerator: lanes.offers.sum[row].into(), denominator: count.into(), place: None },
                    adjust,
                )),
            };
            one_by_one(lanes, &turn, rows, price);
        }
        StrategyPlan::FromCost { .. } | StrategyPlan::Single => {
            let price = |lanes: &Lanes, row: usize| {
                let place = lanes.places.of(row);
                let offer_floor = lanes.bounds(row).floor_minor();
                let inputs = RowInputs { offer_floor, ..work.view.inputs(work.context, place) };
                let marked = RowMarks { marks: work.marks, place };
                turn.strategy.wanted(work.context, &inputs, work.view.offers(place), marked, usable)
            };
            one_by_one(lanes, &turn, rows, price);
        }
    }
}

/// A column to begin with, and room for what becomes of it.
#[inline(always)]
fn column_of(lanes: &mut Lanes, column: SourceColumn) -> (&Lane, &mut Lane) {
    let [values, ..] = &mut lanes.room;
    let source = match column {
        SourceColumn::Lowest => &lanes.offers.lowest,
        SourceColumn::Second => &lanes.offers.second,
        SourceColumn::Middle => &lanes.offers.middle,
        SourceColumn::Recommended => &lanes.rrp,
    };
    (source, values)
}

/// Decides the rows for which a value is there.
#[inline(always)]
fn take(lanes: &mut Lanes, turn: &Turn<'_>, rows: usize) {
    for row in 0..rows.min(turn.mask.len()).min(ROWS) {
        let value = lanes.room[0][row];
        let takes = (turn.mask[row] != 0) & (lanes.rule[row] == UNDECIDED) & (value != NONE);
        lanes.rule[row] = select(takes, turn.deciding, lanes.rule[row]);
        lanes.wanted[row] = select(takes, value, lanes.wanted[row]);
    }
}

fn one_by_one(lanes: &mut Lanes, turn: &Turn<'_>, rows: usize, mut price: impl FnMut(&Lanes, usize) -> Wanted) {
    for row in 0..rows {
        if turn.mask[row] == 0 || lanes.rule[row] != UNDECIDED {
            continue;
        }
        match price(lanes, row) {
            Wanted::Keep => lanes.rule[row] = turn.deciding,
            Wanted::Price(wanted) => {
                lanes.rule[row] = turn.deciding;
                lanes.wanted[row] = wanted;
            }
            Wanted::Missing(_) => {}
        }
    }
}
