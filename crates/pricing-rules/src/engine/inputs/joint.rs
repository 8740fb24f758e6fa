//! Products whose families share products with others.

use pricing_domain::{ExceptionReason, Instant};
use serde::{Deserialize, Serialize};

use crate::engine::compile::{CompiledRules, ListContext};
use crate::engine::family::{Component, Settled, Standing, law_of};
use crate::engine::run::evaluate_row;
use crate::snapshot::Snapshot;

/// What settling families together made of one product. It depends on every product of these families, so that the outcome is
/// stored and not the products.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum JointOutcome {
    /// Its price stays as its rule made it.
    AsIs,
    /// It is moved.
    Moved {
        /// The price.
        to_minor: i64,
        /// Why a person is asked.
        reason: Option<ExceptionReason>,
    },
    /// Out of order, and nothing mends it.
    OutOfOrder,
}

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

/// What settling made of a product whose families share products with others.
pub(super) fn outcome(
    rules: &CompiledRules,
    snapshot: &Snapshot,
    list: usize,
    row: usize,
    now: Instant,
) -> Option<JointOutcome> {
    let groups = &snapshot.family_index.components()[snapshot.component_of(row)?];
    let context = ListContext::new(snapshot, list, now);
    let law = |row: usize| {
        let own = law_of(&rules.families, &context, snapshot, row)?;
        rules.families.iter().position(|law| std::ptr::eq(law, own))
    };
    law(row)?;
    let stands = |row: usize| Standing::of(&evaluate_row(rules, &context, snapshot, row));
    let component = Component::find(snapshot, list, groups, &rules.families, law, stands);
    let place = component.rows.iter().position(|one| *one as usize == row);
    let settled = component.settle(rules.endings(list), rules.approval_limit());
    Some(settled.zip(place).map_or(JointOutcome::AsIs, |(settled, place)| settled[place].into()))
}
