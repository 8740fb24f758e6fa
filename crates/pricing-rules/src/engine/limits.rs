//! The bounds that hold for a product whatever the rules say.

use pricing_domain::Instant;

use super::compile::{CompiledRules, ListContext};
use super::decide::evaluate;
use super::marks::Marks;
use super::run::evaluate_row;
use super::view::ChunkView;
use crate::columns::{CHUNK, NONE};
use crate::parallel::map_chunks;
use crate::snapshot::Snapshot;

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
        let marks = Marks::new(rules, &view, &context, view.places());
        let mut usable = Vec::new();
        let floor = |place: usize| evaluate(rules, &context, &view, &marks, place, &mut usable).bounds.floor_minor();
        view.places().map(floor).collect::<Vec<i64>>()
    });
    chunks.concat()
}
