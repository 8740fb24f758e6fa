//! The quick way against the slow one: every row priced by both, field by field.

use pricing_domain::Instant;

use super::compile::{CompiledRules, ListContext};
use super::decide::evaluate;
use super::followed::with_decided;
use super::kernel::{Lanes, Plan, ROWS, Work};
use super::marks::Marks;
use super::view::ChunkView;
use crate::columns::CHUNK;
use crate::snapshot::Snapshot;

/// What pricing every row by columns and by itself gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SelfCheck {
    /// Rows that were priced both ways.
    pub rows: u64,
    /// Of those, rows that the columns priced themselves; the others they leave to the slow way.
    pub by_columns: u64,
    /// The first row on which both differ, with all that each computed. Never there, unless the engine is wrong.
    pub difference: Option<String>,
}

/// Prices every row of a list both ways, families aside: same price, same bounds, same reasons.
pub fn self_check(rules: &CompiledRules, snapshot: &Snapshot, list: usize, now: Instant) -> SelfCheck {
    if !rules.fits(snapshot) {
        return self_check(&rules.for_snapshot(snapshot), snapshot, list, now);
    }
    let decided = with_decided(rules, snapshot, list, now);
    let snapshot = decided.as_ref();
    let context = ListContext::new(snapshot, list, now);
    let mut check = SelfCheck::default();
    let Some(plan) = Plan::new(rules, &context) else {
        return SelfCheck { rows: snapshot.row_count() as u64, ..check };
    };
    let (mut lanes, mut marks, mut usable) = (Lanes::new(), Marks::default(), Vec::new());
    for chunk in 0..snapshot.row_count().div_ceil(CHUNK) {
        let view = ChunkView::new(snapshot, list, chunk);
        let rows = view.places().len();
        for start in view.places().step_by(ROWS) {
            marks.find(rules, &view, &context, start..(start + ROWS).min(rows));
            let work = Work { plan: &plan, rules, context: &context, view: &view, marks: &marks };
            work.price(&mut lanes, &mut usable);
            for row in 0..marks.rows() {
                let quick = work.evaluation(&lanes, row, &mut usable);
                let slow = evaluate(rules, &context, &view, &marks, start + row, &mut usable);
                check.rows += 1;
                check.by_columns += u64::from(lanes.is_by_columns(row));
                let differs = quick != slow || lanes.standing(row) != super::family::Standing::of(&slow);
                if differs && check.difference.is_none() {
                    let row = view.first_row() + start + row;
                    check.difference = Some(format!("row {row}: by columns {quick:?}, by itself {slow:?}"));
                }
            }
        }
    }
    check
}
