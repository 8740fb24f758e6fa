//! The bounds that hold for a product whatever the rules say.

use pricing_domain::Instant;

use super::bounds::Bounds;
use super::compile::{CompiledRules, ListContext};
use super::decide::{Outcome, evaluate};
use super::followed::with_decided;
use super::marks::Marks;
use super::run::evaluate_row;
use super::view::ChunkView;
use crate::columns::{CHUNK, NONE};
use crate::parallel::map_chunks;
use crate::snapshot::Snapshot;

/// The floor of a product of which margin and fees leave nothing: no price reaches it.
pub const UNREACHABLE_FLOOR: i64 = super::exact::LARGEST_MINOR;

/// Floor and ceiling of a row in minor units of the list's currency; `None` where there is none.
pub fn bounds_of(
    rules: &CompiledRules,
    snapshot: &Snapshot,
    list: usize,
    row: usize,
    now: Instant,
) -> (Option<i64>, Option<i64>) {
    if !rules.fits(snapshot) {
        return bounds_of(&rules.for_snapshot(snapshot), snapshot, list, row, now);
    }
    let context = ListContext::new(snapshot, list, now);
    let bounds = evaluate_row(rules, &context, snapshot, row).bounds;
    let some = |amount: i64| (amount != NONE).then_some(amount);
    (some(bounds.floor_minor()), some(bounds.ceiling_minor()))
}

/// The floors of every row in minor units of the list's currency, or [`NONE`], in parallel.
pub fn floors_of(rules: &CompiledRules, snapshot: &Snapshot, list: usize, now: Instant) -> Vec<i64> {
    if !rules.fits(snapshot) {
        return floors_of(&rules.for_snapshot(snapshot), snapshot, list, now);
    }
    let context = ListContext::new(snapshot, list, now);
    let chunks = map_chunks(snapshot.row_count().div_ceil(CHUNK), |chunk| {
        let view = ChunkView::new(snapshot, list, chunk);
        let marks = Marks::of_guards(rules, &view, &context, view.places());
        let floor = |place: usize| {
            let guards = marks.guards(place);
            let inputs = view.inputs(&context, place).with_fee(guards.fee);
            Bounds::new(rules, &context, &inputs, guards).floor_minor()
        };
        view.places().map(floor).collect::<Vec<i64>>()
    });
    chunks.concat()
}

/// Where the price of every row may be moved to, bounds and steps together, in parallel; `None`: it has to stay, because
/// it is locked, on promotion, not sold, or a person is needed first.
pub fn windows_of(rules: &CompiledRules, snapshot: &Snapshot, list: usize, now: Instant) -> Vec<Option<(i64, i64)>> {
    if !rules.fits(snapshot) {
        return windows_of(&rules.for_snapshot(snapshot), snapshot, list, now);
    }
    let decided = with_decided(rules, snapshot, list, now);
    let snapshot = decided.as_ref();
    let context = ListContext::new(snapshot, list, now);
    let chunks = map_chunks(snapshot.row_count().div_ceil(CHUNK), |chunk| {
        let view = ChunkView::new(snapshot, list, chunk);
        let marks = Marks::new(rules, &view, &context, view.places());
        let mut usable = Vec::new();
        let window = |place: usize| {
            let row = evaluate(rules, &context, &view, &marks, place, &mut usable);
            let moves = matches!(row.outcome, Outcome::Unchanged | Outcome::Change) && row.inputs.price != NONE;
            (moves && row.low <= row.high).then_some((row.low, row.high))
        };
        view.places().map(window).collect::<Vec<_>>()
    });
    chunks.concat()
}

/// The allowed prices of a rule set on a list, from `low` to `high`; of more than `most` so many, evenly spread.
pub fn allowed_prices(rules: &CompiledRules, list: usize, low: i64, high: i64, most: usize) -> Vec<i64> {
    const MOST_LISTED: usize = 100_000;
    let endings = rules.endings(list);
    let first = endings.up(low.max(1)).filter(|price| *price <= high);
    let next = |price: &i64| endings.up(price + 1).filter(|price| *price <= high);
    let all: Vec<i64> = std::iter::successors(first, next).take(MOST_LISTED).collect();
    if all.len() <= most || most < 2 {
        return all;
    }
    (0..most).map(|place| all[place * (all.len() - 1) / (most - 1)]).collect()
}
