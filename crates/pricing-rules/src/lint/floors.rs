//! Products whose floor protects nothing, or lets nothing through.

use pricing_domain::{Instant, Lifecycle};

use super::{Lint, LintKind, counted};
use crate::columns::{CHUNK, NONE};
use crate::engine::bounds::Bounds;
use crate::engine::compile::{CompiledRules, ListContext};
use crate::engine::marks::Marks;
use crate::engine::view::ChunkView;
use crate::parallel::map_chunks;
use crate::snapshot::Snapshot;

/// Products that a doubt names.
const NAMED: usize = 10;

/// Rows of one kind: how many, and the first of them.
#[derive(Default)]
struct Rows {
    count: u64,
    first: Vec<usize>,
}

impl Rows {
    fn add(&mut self, row: usize) {
        self.count += 1;
        if self.first.len() < NAMED {
            self.first.push(row);
        }
    }

    fn lint(self, kind: LintKind, message: &str, snapshot: &Snapshot) -> Option<Lint> {
        (self.count > 0).then(|| Lint {
            kind,
            rule: None,
            name: "guardrails".into(),
            message: format!("{}: {message}", counted(self.count)),
            products: self.count,
            skus: self.first.iter().map(|row| snapshot.products.sku.get(*row).to_owned()).collect(),
        })
    }
}

/// Products whose floor no price reaches, and those with a cost and no rate of VAT.
pub(super) fn lints(rules: &CompiledRules, snapshot: &Snapshot, list: usize, now: Instant) -> Vec<Lint> {
    let context = ListContext::new(snapshot, list, now);
    let chunks = map_chunks(snapshot.row_count().div_ceil(CHUNK), |chunk| {
        let view = ChunkView::new(snapshot, list, chunk);
        let marks = Marks::new(rules, &view, &context, view.places());
        let (mut unreachable, mut without_rate) = (Vec::new(), Vec::new());
        for place in view.places() {
            let guards = marks.guards(place);
            let inputs = view.inputs(&context, place).with_fee(guards.fee);
            if inputs.lifecycle == Lifecycle::Ended as u8 {
                continue;
            }
            if !Bounds::new(rules, &context, &inputs, guards).is_reachable() {
                unreachable.push(view.first_row() + place);
            }
            if inputs.bare_cost_micro != NONE {
                without_rate.push(view.first_row() + place);
            }
        }
        (unreachable, without_rate)
    });
    let (mut unreachable, mut without_rate) = (Rows::default(), Rows::default());
    for (some, others) in chunks {
        some.into_iter().for_each(|row| unreachable.add(row));
        others.into_iter().for_each(|row| without_rate.add(row));
    }
    let nothing_left = "margin and channel fee leave nothing of the price, so that no price is lawful.";
    let no_rate =
        "the cost is known and the rate of VAT is not; only the cost itself is a floor, and nothing is lowered.";
    [
        unreachable.lint(LintKind::UnreachableFloor, nothing_left, snapshot),
        without_rate.lint(LintKind::CostWithoutRate, no_rate, snapshot),
    ]
    .into_iter()
    .flatten()
    .collect()
}
