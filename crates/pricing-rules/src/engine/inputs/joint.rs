//! Products whose families share products with others.

use std::sync::Arc;

use pricing_domain::Instant;

use crate::engine::compile::{CompiledRules, ListContext};
use crate::engine::family::{Component, LawsOfRows, Settled, Standing, law_of};
use crate::engine::followed::with_decided;
use crate::engine::run::evaluate_row;
use crate::parallel::map_chunks;
use crate::snapshot::{JointOutcome, Snapshot};

impl From<Settled> for JointOutcome {
    fn from(settled: Settled) -> Self {
        match settled {
            Settled::AsIs => Self::AsIs,
            Settled::Moved { to, reason } => Self::Moved { to_minor: to, reason },
            Settled::OutOfOrder => Self::OutOfOrder,
        }
    }
}

impl From<JointOutcome> for Settled {
    fn from(stored: JointOutcome) -> Self {
        match stored {
            JointOutcome::AsIs => Self::AsIs,
            JointOutcome::Moved { to_minor, reason } => Self::Moved { to: to_minor, reason },
            JointOutcome::OutOfOrder => Self::OutOfOrder,
        }
    }
}

impl CompiledRules {
    /// A snapshot that knows what settling families that share products makes of each, so that the inputs of many products
    /// are gathered without settling them again for each. `None`: no families share any. It is for this run alone:
    /// prices, time and rules made the outcomes.
    pub fn settle_shared(&self, snapshot: &Snapshot, list: usize, now: Instant) -> Option<Snapshot> {
        let count = snapshot.family_index.components().len();
        if self.families.is_empty() || count == 0 {
            return None;
        }
        if !self.fits(snapshot) {
            return self.for_snapshot(snapshot).settle_shared(snapshot, list, now);
        }
        let decided = with_decided(self, snapshot, list, now);
        let context = ListContext::new(&decided, list, now);
        let laws = LawsOfRows::find(&self.families, &context, &decided);
        let outcomes = map_chunks(count, |number| settled(self, &context, &decided, number, |row| laws.number(row)));
        let mut known = snapshot.clone();
        known.lists[list].joint = Some(Arc::new(outcomes.into_iter().flatten().collect()));
        Some(known)
    }
}

/// What settling made of a product whose families share products with others.
pub(super) fn outcome(
    rules: &CompiledRules,
    snapshot: &Snapshot,
    list: usize,
    row: usize,
    now: Instant,
) -> Option<JointOutcome> {
    let number = snapshot.component_of(row)?;
    let context = ListContext::new(snapshot, list, now);
    let law = |row: usize| {
        let own = law_of(&rules.families, &context, snapshot, row)?;
        rules.families.iter().position(|law| std::ptr::eq(law, own))
    };
    law(row)?;
    let of_row = match &snapshot.lists[list].joint {
        Some(known) => known.get(&(row as u32)).copied(),
        None => {
            let outcomes = settled(rules, &context, snapshot, number, law);
            outcomes.into_iter().find(|(other, _)| *other as usize == row).map(|(_, outcome)| outcome)
        }
    };
    Some(of_row.unwrap_or(JointOutcome::AsIs))
}

/// What settling makes of the products of a component that take part.
fn settled(
    rules: &CompiledRules,
    context: &ListContext,
    snapshot: &Snapshot,
    number: usize,
    law: impl Fn(usize) -> Option<usize>,
) -> Vec<(u32, JointOutcome)> {
    let groups = &snapshot.family_index.components()[number];
    let stands = |row: usize| Standing::of(&evaluate_row(rules, context, snapshot, row));
    let component = Component::find(snapshot, context.list, groups, &rules.families, law, stands);
    let settled = component.settle(rules.endings(context.list), rules.approval_limit());
    let settled = settled.unwrap_or_else(|| vec![Settled::AsIs; component.rows.len()]);
    component.rows.into_iter().zip(settled.into_iter().map(JointOutcome::from)).collect()
}
