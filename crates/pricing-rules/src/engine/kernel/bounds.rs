//! Floors and ceilings over many rows at once.

use super::Work;
use super::lanes::{LIMIT, Lanes, ROWS, kinds, select};
use super::plan::{CeilingPlan, FloorPlan};
use crate::columns::NONE;
use crate::engine::bounds::Bounds;
use crate::engine::exact::LARGEST_MINOR;
use crate::engine::marks::NO_FLOOR;
use crate::engine::view::RowInputs;
use crate::offer_use::Usable;

/// Margin floors, the cost itself, and own lowest prices.
#[inline(always)]
pub(super) fn floors(work: &Work<'_>, lanes: &mut Lanes) {
    let rows = lanes.places.count();
    lanes.floor[..rows].fill(1);
    lanes.floor_kind[..rows].fill(kinds::NOWHERE);
    lanes.keeps[..rows].fill(0);
    let mut room = [0; ROWS];
    let numbers = &lanes.places.pick(work.marks.floors(), work.marks.start(), &mut room)[..rows];
    for number in work.marks.floors_present() {
        let is_cost = *number == NO_FLOOR;
        let plan = work.plan.floors[if is_cost { work.plan.floors.len() - 1 } else { usize::from(*number) }];
        let kind = if is_cost { kinds::GENERAL } else { kinds::MARGIN + i64::from(*number) };
        by_cost(lanes, plan, numbers, *number, kind);
    }
    for row in 0..rows {
        let (floor, min) = (lanes.floor[row], lanes.min[row]);
        // What is missing is below every floor.
        let is_own = min >= floor;
        lanes.floor[row] = select(is_own, min, floor);
        lanes.floor_kind[row] = select(is_own, kinds::OWN, lanes.floor_kind[row]);
    }
}

/// One margin floor for the rows that it is for. Two loops, each of which is done for several rows at once: the second
/// compares numbers of another width.
#[inline(always)]
fn by_cost(lanes: &mut Lanes, plan: FloorPlan, numbers: &[u16], number: u16, kind: i64) {
    let Lanes { gross_cost, floor, floor_kind, keeps, room: [found, here, _], .. } = lanes;
    for row in 0..numbers.len().min(ROWS) {
        let cost = gross_cost[row];
        // A floor beyond ordinary prices is left to the slow way.
        found[row] = select(cost <= plan.by.largest, plan.by.up(cost).max(1), LARGEST_MINOR);
        here[row] = i64::from(numbers[row] == number);
    }
    for row in 0..numbers.len().min(ROWS) {
        let is_here = (here[row] != 0) & (gross_cost[row] > 0);
        floor[row] = select(is_here, found[row], floor[row]);
        floor_kind[row] = select(is_here, kind, floor_kind[row]);
        keeps[row] = select(is_here, plan.keeps, keeps[row]);
    }
}

/// The ceiling of the rule set and own highest prices.
#[inline(always)]
pub(super) fn ceilings(work: &Work<'_>, lanes: &mut Lanes) {
    let rows = lanes.places.count();
    let (amount, kind) = match work.plan.ceiling {
        Some(CeilingPlan::AmountMinor(amount)) => (amount, kinds::GENERAL),
        _ => (LARGEST_MINOR, kinds::NOWHERE),
    };
    lanes.ceiling[..rows].fill(amount);
    lanes.ceiling_kind[..rows].fill(kind);
    if let Some(CeilingPlan::OfRecommended(_, share)) = work.plan.ceiling {
        for row in 0..rows {
            let rrp = lanes.rrp[row];
            let is_known = rrp != NONE;
            let ceiling = share.floor(rrp);
            lanes.ceiling[row] = if is_known { ceiling } else { LARGEST_MINOR };
            lanes.ceiling_kind[row] = if is_known { kinds::GENERAL } else { kinds::NOWHERE };
        }
    }
    for row in 0..rows {
        let (ceiling, max) = (lanes.ceiling[row], lanes.max[row]);
        let is_own = (max != NONE) & (max <= ceiling);
        lanes.ceiling[row] = select(is_own, max, ceiling);
        lanes.ceiling_kind[row] = select(is_own, kinds::OWN, lanes.ceiling_kind[row]);
    }
}

/// Fees and further floors and ceilings, row by row where a row has any; and rows whose bounds are not ordinary.
#[inline(always)]
pub(super) fn further(work: &Work<'_>, lanes: &mut Lanes, usable: &mut Vec<Usable>) {
    if work.plan.has_further {
        further_bounds(work, lanes, usable);
    }
    for row in 0..lanes.places.count() {
        lanes.alone[row] |= i64::from(lanes.floor[row] > LIMIT);
    }
}

fn further_bounds(work: &Work<'_>, lanes: &mut Lanes, usable: &mut Vec<Usable>) {
    for row in 0..lanes.places.count() {
        let place = lanes.places.of(row);
        let guards = work.marks.guards(place);
        let is_ordinary = guards.fee == NO_FLOOR && guards.price_floors == 0 && guards.ceilings == 0;
        if lanes.alone[row] != 0 || is_ordinary && work.rules.market.is_none() {
            continue;
        }
        let market = work.market(place, usable);
        let inputs = RowInputs { market, ..work.view.inputs(work.context, place) };
        if inputs.with_fee(guards.fee) != inputs {
            // The fee makes the cost one that no margin can be computed with.
            lanes.alone[row] = 1;
            continue;
        }
        lanes.set_bounds(row, &Bounds::new(work.rules, work.context, &inputs, guards));
    }
}
