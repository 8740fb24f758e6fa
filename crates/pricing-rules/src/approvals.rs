//! Which line of an approval policy approves a proposed change.

use pricing_domain::{ApprovalPolicy, Instant, PriceChangeCase, Scope};

use crate::columns::CHUNK;
use crate::engine::compile::ListContext;
use crate::engine::scope::CompiledScope;
use crate::engine::view::ChunkView;
use crate::snapshot::Snapshot;

/// A proposed change with its product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PolicyCase {
    /// The product's row in the snapshot.
    pub row: u32,
    /// The place of the price list.
    pub list: usize,
    /// The change.
    pub change: PriceChangeCase,
}

/// For each case the place of the line that approves it; `None`: a person decides.
pub fn approving_lines(
    policy: &ApprovalPolicy,
    snapshot: &Snapshot,
    now: Instant,
    cases: &[PolicyCase],
) -> Vec<Option<usize>> {
    let scopes: Vec<CompiledScope> =
        policy.lines.iter().map(|line| CompiledScope::new(&line.scope, snapshot)).collect();
    let contexts: Vec<ListContext> =
        (0..snapshot.lists.len()).map(|list| ListContext::new(snapshot, list, now)).collect();
    let approves = |case: &PolicyCase| {
        let context = contexts.get(case.list)?;
        let (chunk, place) = (case.row as usize / CHUNK, case.row as usize % CHUNK);
        let view = ChunkView::new(snapshot, case.list, chunk);
        let fits = |(line, scope): (&pricing_domain::ApprovalLine, &CompiledScope)| {
            line.allows(&case.change) && scope.first_failing(&view, context, place).is_none()
        };
        policy.lines.iter().zip(&scopes).position(fits)
    };
    cases.iter().map(approves).collect()
}

/// Whether each row of a list is in a scope.
pub fn rows_in_scope(scope: &Scope, snapshot: &Snapshot, list: usize, now: Instant) -> Vec<bool> {
    let compiled = CompiledScope::new(scope, snapshot);
    let context = ListContext::new(snapshot, list, now);
    let mut inside = Vec::with_capacity(snapshot.row_count());
    for chunk in 0..snapshot.row_count().div_ceil(CHUNK) {
        let view = ChunkView::new(snapshot, list, chunk);
        let mut mask = vec![1u8; view.places().len()];
        compiled.narrow(&view, &context, view.places(), &mut mask);
        inside.extend(mask.iter().map(|kept| *kept != 0));
    }
    inside
}
