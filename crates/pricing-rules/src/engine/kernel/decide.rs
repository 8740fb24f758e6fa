//! Clamp to the window of bounds and step, ending inside, outcome, and the last check, over many rows at once. The
//! order of cases is that of [`crate::engine::decide`].

use pricing_domain::{BasisPoints, ExceptionReason};

use super::Work;
use super::lanes::{LIMIT, Lanes, code_of, codes, kinds};
use super::plan::CeilingPlan;
use crate::columns::NONE;
use crate::engine::compile::LARGEST_UNATTENDED;
use crate::engine::exact::LARGEST_MINOR;
use crate::engine::verify::holds;
use crate::offer_use::Usable;

const ONE: i64 = BasisPoints::ONE;

/// Wanted prices beyond this are left to the slow way, so that ten thousand times a distance fits.
const LARGEST_WANTED: i64 = 1 << 48;

/// Outcomes of all rows, before they are checked.
#[inline(always)]
pub(super) fn rows(work: &Work<'_>, lanes: &mut Lanes) {
    let needs_lawful = has_unlawful(lanes);
    if needs_lawful {
        let [lawful, floors, _] = &mut lanes.room;
        for row in 0..lanes.places.count() {
            floors[row] = lanes.floor[row].min(LIMIT);
        }
        work.plan.bands.above(lanes.places.count(), floors, lawful);
    } else {
        lanes.room[0][..lanes.places.count()].fill(1);
    }
    windows(work, lanes);
    // What was looked for is in `new`; above and below it go where they fit.
    let Lanes { places, new, preferred, room: [_, above, below], .. } = lanes;
    work.plan.bands.around(places.count(), new, above, below);
    work.plan.bands.preferences(places.count(), new, preferred);
    outcomes(work, lanes);
}

/// Whether a row needs the lowest price that its floor allows.
#[inline(always)]
fn has_unlawful(lanes: &Lanes) -> bool {
    let mut found = false;
    for row in 0..lanes.places.count() {
        let (price, floor) = (lanes.price[row], lanes.floor[row]);
        let is_active = (lanes.alone[row] == 0) & (price != NONE);
        found |= is_active & ((price < floor) | (floor > lanes.ceiling[row]));
    }
    found
}

/// The window of each row, and in `new` the price to look for an ending around.
#[inline(always)]
fn windows(work: &Work<'_>, lanes: &mut Lanes) {
    let plan = work.plan;
    // Copies: what the plan says cannot change while the lanes are written.
    let (down, up, no_cut) = (plan.step_down, plan.step_up, plan.no_cut_without_cost);
    for row in 0..lanes.places.count() {
        let (price, floor, ceiling) = (lanes.price[row].max(1), lanes.floor[row], lanes.ceiling[row]);
        let (wanted, lawful) = (lanes.wanted[row], lanes.room[0][row]);
        let keeps = wanted == NONE;
        let step_low = down.map_or(1, |down| down.up(price).max(1));
        let step_high = up.map_or(LARGEST_MINOR, |up| up.floor(price));

        let is_guarded = no_cut & (lanes.gross_cost[row] == 0);
        let target = if keeps { price } else { wanted };
        let low = step_low.max(floor);
        let low = if is_guarded & (target.min(ceiling) >= price) { low.max(price) } else { low };
        let high = step_high.min(ceiling);

        // Below its floor today: up to the floor, beyond the step where that is needed.
        let lifts = price < floor;
        // No allowed ending between floor and ceiling: no price is offered.
        let lawful = if lifts & (floor <= ceiling) & (lawful > ceiling) { NONE } else { lawful };
        lanes.room[0][row] = lawful;
        let high_of_lift = step_high.max(floor).max(lawful).min(ceiling);
        let target_of_lift = if keeps { floor } else { wanted.max(floor) };
        let sought = if lifts { target_of_lift.min(high_of_lift).max(floor) } else { target.min(high).max(low) };
        let (low, high) = if lifts { (floor, high_of_lift) } else { (low, high) };

        let is_asked = (lanes.code[row] == codes::UNCHANGED) & (lanes.price[row] != NONE);
        let is_wide = (sought > LIMIT) | ((wanted.wrapping_abs() > LARGEST_WANTED) & !keeps);
        // A ceiling below the step's window outranks it: rare, and left to the slow way.
        let is_rare = (step_low > ceiling) & !lifts & (floor <= ceiling);
        lanes.alone[row] |= i64::from(is_asked & (is_wide | is_rare));
        lanes.low[row] = low;
        lanes.high[row] = high;
        lanes.new[row] = if is_asked & !is_wide { sought.max(1) } else { 1 };
    }
}

/// Whether going from `price` to `other` changes more than `limit` of `price`.
#[inline(always)]
fn exceeds(price: i64, other: i64, limit: i64) -> bool {
    other.wrapping_sub(price).wrapping_abs().wrapping_mul(ONE) > price.wrapping_mul(limit)
}

#[inline(always)]
fn outcomes(work: &Work<'_>, lanes: &mut Lanes) {
    const NO_ENDING: i64 = code_of(ExceptionReason::NoEndingInside);
    const NO_COST: i64 = code_of(ExceptionReason::NoCost);
    const LARGE: i64 = code_of(ExceptionReason::LargeChange);
    const CONFLICT: i64 = code_of(ExceptionReason::BoundsConflict);
    const BELOW_COST: i64 = code_of(ExceptionReason::BelowCostToday);
    const BELOW_FLOOR: i64 = code_of(ExceptionReason::BelowFloorToday);
    let (no_cut, approval_limit) = (work.plan.no_cut_without_cost, work.plan.approval_limit);
    let unattended = i64::from(LARGEST_UNATTENDED.0);
    for row in 0..lanes.places.count() {
        let (state, price, wanted) = (lanes.code[row], lanes.price[row], lanes.wanted[row]);
        let (floor, ceiling) = (lanes.floor[row], lanes.ceiling[row]);
        let (low, high, sought) = (lanes.low[row], lanes.high[row], lanes.new[row]);
        let [lawful, above, below] = [lanes.room[0][row], lanes.room[1][row], lanes.room[2][row]];
        let keeps = wanted == NONE;
        let target = if keeps { price } else { wanted };
        let is_guarded = no_cut & (lanes.gross_cost[row] == 0);
        let guarded_low = if is_guarded { low.max(price) } else { low };

        let (has_above, has_below) = (above <= high, below >= low);
        let preferred = lanes.preferred[row];
        let is_nearer = sought.wrapping_sub(below) < above.wrapping_sub(sought);
        let is_below_nearer = (preferred < 0) | ((preferred == 0) & is_nearer);
        let from_below = has_below & (is_below_nearer | !has_above);
        let nearest = if has_above { above } else { NONE };
        let nearest = if from_below { below } else { nearest };

        // The ordinary case: a price inside its bounds.
        let is_large = exceeds(price, target, unattended) | exceeds(price, nearest, approval_limit);
        let direction = if nearest > price { codes::RAISED } else { codes::LOWERED };
        let code = if is_large { LARGE } else { direction };
        let mut result = (code, nearest, if is_large { nearest } else { NONE }, guarded_low, high);
        let is_cut = is_guarded & (nearest < price);
        let kept = if price > ceiling { nearest } else { price };
        result = if is_cut { (NO_COST, nearest, kept, low, high) } else { result };
        let stays = nearest == price;
        result = if stays { (codes::UNCHANGED, NONE, NONE, guarded_low, high) } else { result };
        result = if nearest == NONE { (NO_ENDING, NONE, NONE, low, high) } else { result };
        let is_within = price <= ceiling;
        result = if is_within & keeps { (codes::UNCHANGED, NONE, NONE, guarded_low, high) } else { result };
        let waits = is_within & (lanes.soon[row] != 0);
        result = if waits { (codes::UNCHANGED, NONE, NONE, price, price) } else { result };

        let contradicts = floor > ceiling;
        result = if contradicts { (CONFLICT, NONE, lawful, floor, ceiling) } else { result };
        let below_today = if lanes.floor_kind[row] == kinds::GENERAL { BELOW_COST } else { BELOW_FLOOR };
        let lifted = if contradicts { lawful } else { nearest };
        result = if price < floor { (below_today, lifted, lawful, floor, high) } else { result };

        let is_first = price == NONE;
        result = if is_first { (codes::NO_PRICE, NONE, NONE, floor, ceiling) } else { result };
        let is_asked = state == codes::UNCHANGED;
        result = if is_asked { result } else { (state, NONE, NONE, floor, ceiling) };
        // A first price, and a locked one below its floor, are rare.
        let is_rare = is_first & is_asked & !keeps;
        let is_unlawful_lock = (state == codes::LOCKED) & !is_first & (price < floor);
        lanes.alone[row] |= i64::from(is_rare | is_unlawful_lock);
        (lanes.code[row], lanes.new[row], lanes.lawful[row], lanes.low[row], lanes.high[row]) = result;
    }
}

/// Leaves every change that breaks a hard bound to the slow way, which refuses it. The bounds are multiplied out on the
/// final amount, which is another computation than the one that found it.
#[inline(always)]
pub(super) fn verify(work: &Work<'_>, lanes: &mut Lanes, usable: &mut Vec<Usable>) {
    let plan = work.plan;
    let rows = lanes.places.count();
    let (share, is_share) = match plan.ceiling {
        Some(CeilingPlan::OfRecommended(share, _)) => (share, true),
        _ => (0, false),
    };
    let amount = match plan.ceiling {
        Some(CeilingPlan::AmountMinor(amount)) => amount,
        _ => LARGEST_MINOR,
    };
    let (no_cut, largest_up, largest_down) = (plan.no_cut_without_cost, plan.largest_up, plan.largest_down);
    let Lanes { new, room: [holding, ..], .. } = lanes;
    holding[..rows].fill(1);
    plan.bands.check(rows, new, holding);
    for row in 0..rows {
        let (price, new, code) = (lanes.price[row], lanes.new[row], lanes.code[row]);
        let (floor, ceiling, rrp) = (lanes.floor[row], lanes.ceiling[row], lanes.rrp[row]);
        let is_change = (code == codes::LOWERED) | (code == codes::RAISED);
        let is_outside = (new < 1) | (new > amount) | (new < lanes.min[row]);
        let is_above = ((lanes.max[row] != NONE) & (new > lanes.max[row]))
            | (is_share & (rrp != NONE) & (new.wrapping_mul(ONE) > rrp.wrapping_mul(share)));
        let earns = new.wrapping_mul(lanes.keeps[row]) >= lanes.gross_cost[row];
        let is_uncovered = (lanes.gross_cost[row] > 0) & (lanes.keeps[row] != 0) & !earns;
        let is_cut = no_cut & (lanes.gross_cost[row] == 0) & (new < price);
        let limit = if new > price { largest_up } else { largest_down };
        let outranks = (price < floor) | (price > ceiling);
        let is_far = !outranks & (exceeds(price, new, limit) | (lanes.soon[row] != 0));
        let breaks = (lanes.room[0][row] == 0) | is_outside | is_above | is_uncovered | is_cut | is_far;
        lanes.alone[row] |= i64::from(is_change & breaks);
    }
    if plan.has_further {
        verify_further(work, lanes, usable);
    }
}

fn verify_further(work: &Work<'_>, lanes: &mut Lanes, usable: &mut Vec<Usable>) {
    for row in 0..lanes.places.count() {
        if lanes.alone[row] == 0 && matches!(lanes.code[row], codes::LOWERED | codes::RAISED) {
            let evaluation = work.evaluation(lanes, row, usable);
            let guards = work.marks.guards(lanes.places.of(row));
            lanes.alone[row] = i64::from(!holds(work.rules, work.context, guards, &evaluation));
        }
    }
}
