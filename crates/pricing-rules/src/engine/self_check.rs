//! The quick way against the slow one: every row priced by both, field by field.

use std::collections::HashSet;

use pricing_domain::Instant;

use super::compile::{CompiledRules, ListContext, OTHERWISE};
use super::decide::{Evaluation, Outcome, evaluate};
use super::family::Standing;
use super::followed::with_decided;
use super::kernel::{Kept, Lanes, Plan, ROWS, Rows, STRETCH, Work};
use super::marks::Marks;
use super::view::ChunkView;
use crate::columns::{CHUNK, NONE};
use crate::offer_use::Usable;
use crate::snapshot::Snapshot;

/// What pricing every row by columns and by itself gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SelfCheck {
    /// Rows that were priced both ways.
    pub rows: u64,
    /// Of those, rows that the columns priced themselves; the others they leave to the slow way.
    pub by_columns: u64,
    /// Of those, rows that were seen to keep their price before they were priced.
    pub kept: u64,
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
    let (mut lanes, mut kept, mut marks) = (Lanes::new(), Kept::new(), Marks::default());
    for chunk in 0..snapshot.row_count().div_ceil(CHUNK) {
        let view = ChunkView::new(snapshot, list, chunk);
        let rows = view.places().len();
        for start in view.places().step_by(STRETCH) {
            marks.find(rules, &view, &context, start..(start + STRETCH).min(rows));
            let work = Work { plan: &plan, rules, context: &context, view: &view, marks: &marks };
            check.stretch(work, &mut lanes, &mut kept);
        }
    }
    check
}

impl SelfCheck {
    fn stretch(&mut self, work: Work<'_>, lanes: &mut Lanes, kept: &mut Kept) {
        let usable = &mut Vec::new();
        let (start, end) = (work.marks.start(), work.marks.start() + work.marks.rows());
        let slow = |place: usize| evaluate(work.rules, work.context, work.view, work.marks, place, &mut Vec::new());
        let slow: Vec<Evaluation> = (start..end).map(slow).collect();
        for first in (start..end).step_by(ROWS) {
            let block = first..(first + ROWS).min(end);
            work.price(Rows::Together(&block), lanes, usable);
            for (row, place) in block.enumerate() {
                self.rows += 1;
                self.by_columns += u64::from(lanes.is_by_columns(row));
                self.compare(&work, lanes, (row, place), &slow[place - start], usable);
            }
        }
        if !kept.find(&work) {
            return;
        }
        for places in kept.others().chunks(ROWS) {
            work.price(Rows::Apart(places), lanes, usable);
            for (row, place) in places.iter().map(|place| usize::from(*place)).enumerate() {
                self.compare(&work, lanes, (row, place), &slow[place - start], usable);
            }
        }
        let others: HashSet<usize> = kept.others().iter().map(|place| usize::from(*place)).collect();
        let keeping = (start..end).filter(|place| !others.contains(place));
        let keeping: Vec<(usize, &Evaluation)> = keeping.map(|place| (place, &slow[place - start])).collect();
        let without_cost = keeping.iter().filter(|(_, slow)| slow.inputs.cost_micro == NONE).count();
        if kept.counts() != (keeping.len(), without_cost) {
            self.differs(work.view.first_row() + start, format!("{:?} counted as keeping their price", kept.counts()));
        }
        self.kept += keeping.len() as u64;
        for (place, slow) in keeping {
            if (slow.outcome, slow.rule, slow.wanted) != (Outcome::Unchanged, OTHERWISE, NONE) {
                self.differs(work.view.first_row() + place, format!("kept, by itself {slow:?}"));
            }
        }
    }

    fn compare(
        &mut self,
        work: &Work<'_>,
        lanes: &Lanes,
        (row, place): (usize, usize),
        slow: &Evaluation,
        usable: &mut Vec<Usable>,
    ) {
        let quick = work.evaluation(lanes, row, usable);
        if quick != *slow || lanes.standing(row) != Standing::of(slow) {
            self.differs(work.view.first_row() + place, format!("by columns {quick:?}, by itself {slow:?}"));
        }
    }

    fn differs(&mut self, row: usize, how: String) {
        self.difference.get_or_insert_with(|| format!("row {row}: {how}"));
    }
}
