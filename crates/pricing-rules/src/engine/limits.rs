//! The bounds that hold for a product whatever the rules say.

use pricing_domain::Instant;

use super::compile::{CompiledRules, ListContext};
use super::run::evaluate_row;
use crate::columns::NONE;
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
