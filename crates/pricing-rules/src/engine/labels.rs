//! Label capacity: only so many prices of a list change a day. The most valuable changes of a run go first, the others wait
//! and say so.

use std::collections::{BTreeMap, BTreeSet};

use pricing_domain::{ExceptionReason, Instant, ProposalKind};
use serde::{Deserialize, Serialize};

use super::compile::{CompiledRules, ListContext};
use super::outcome::{Decision, Effect, PricingRun};
use super::view::ChunkView;
use crate::columns::CHUNK;
use crate::snapshot::Snapshot;

/// How many prices of a list may change a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelCapacity {
    /// At most so many a day.
    pub per_day: u32,
    /// So many were changed today already.
    pub used: u32,
    /// The rows whose new price is approved and not handed over yet. They go first.
    pub approved: BTreeSet<u32>,
}

/// Why a change waits for another day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelPlace {
    /// At most so many prices of the list change a day.
    pub per_day: u32,
    /// So many were changed that day before the run.
    pub used: u32,
    /// The place of the change among those of the run by what it moves in 28 days, from 1.
    pub place: u32,
}

impl PricingRun {
    /// Lets the most valuable changes go and turns the others into exceptions that wait. A change is worth what it moves:
    /// the difference of its price × the units of 28 days, of equal ones the larger difference first, then by article
    /// number. Where families keep an order, the changes of one family, and of families that share products, go together or not at all; one that does not fit
    /// any more lets smaller ones go before it. Approved prices take their labels before all others. Gives the rows that wait.
    pub fn wait_for_labels(
        &mut self,
        rules: &CompiledRules,
        snapshot: &Snapshot,
        list: usize,
        now: Instant,
        capacity: &LabelCapacity,
    ) -> BTreeMap<u32, LabelPlace> {
        let LabelCapacity { per_day, used, .. } = *capacity;
        let waiting = waiting(&self.decisions, rules, snapshot, list, capacity);
        let context = ListContext::new(snapshot, list, now);
        let mut held = BTreeMap::new();
        for decision in &mut self.decisions {
            if let Some(place) = waiting.get(&decision.row) {
                self.effect.take(&effect_of(&context, snapshot, decision));
                self.counts.wait(decision);
                decision.kind = ProposalKind::Exception;
                decision.reason = Some(ExceptionReason::LabelCapacity);
                decision.lawful_minor = decision.new_minor;
                held.insert(decision.row, LabelPlace { per_day, used, place: *place });
            }
        }
        held
    }

    /// Leaves some decisions out, with what belongs to them; counts and effect stay.
    pub fn retain(&mut self, keep: impl Fn(&Decision) -> bool) {
        let mut kept = self.decisions.iter().map(&keep);
        self.warnings.retain(|_| kept.next().unwrap_or(true));
        self.decisions.retain(keep);
    }
}

/// The changes beyond those that are free, with their places.
fn waiting(
    decisions: &[Decision],
    rules: &CompiledRules,
    snapshot: &Snapshot,
    list: usize,
    capacity: &LabelCapacity,
) -> BTreeMap<u32, u32> {
    let LabelCapacity { per_day, used, approved } = capacity;
    let units = &snapshot.lists[list].units_28d_milli;
    let keeps_order = !rules.families.is_empty();
    let family = |row: u32| match keeps_order {
        true => {
            let index = &snapshot.family_index;
            let first = |group: usize| match index.component_of(group) {
                Some(component) => index.components()[component][0] as usize,
                None => group,
            };
            let group = snapshot.groups_of(row as usize).first().map(|group| first(*group));
            group.and_then(|group| index.group(group).first()).copied().unwrap_or(row)
        }
        false => row,
    };
    // By what goes together: what it moves, how far, and which rows.
    let mut groups: BTreeMap<u32, (i128, i64, Vec<u32>)> = BTreeMap::new();
    let changes = || decisions.iter().filter(|decision| decision.kind == ProposalKind::Change);
    // What a person approved of another kind leaves as well.
    let approved_here = changes().filter(|decision| approved.contains(&decision.row)).count();
    let taken = *used as usize + (approved.len() - approved_here);
    for decision in changes() {
        let far = decision.new_minor.saturating_sub(decision.old_minor).saturating_abs();
        let moved = i128::from(far) * i128::from(units.get(decision.row as usize).max(0));
        let group = groups.entry(family(decision.row)).or_default();
        group.0 += moved;
        group.1 = group.1.max(far);
        group.2.push(decision.row);
    }
    let mut ordered: Vec<(bool, i128, i64, u32, Vec<u32>)> = groups
        .into_values()
        .map(|(moved, far, rows)| {
            let is_new = !rows.iter().any(|row| approved.contains(row));
            (is_new, -moved, -far, snapshot.products.sku_rank.get(rows[0] as usize), rows)
        })
        .collect();
    ordered.sort_unstable();
    let (mut left, mut place, mut waiting) = ((*per_day as usize).saturating_sub(taken), 0u32, BTreeMap::new());
    for (_, _, _, _, rows) in ordered {
        let goes = rows.len() <= left;
        left -= if goes { rows.len() } else { 0 };
        for row in rows {
            place += 1;
            if !goes {
                waiting.insert(row, place);
            }
        }
    }
    waiting
}

fn effect_of(context: &ListContext, snapshot: &Snapshot, decision: &Decision) -> Effect {
    let row = decision.row as usize;
    let inputs = ChunkView::new(snapshot, context.list, row / CHUNK).inputs(context, row % CHUNK);
    let units = snapshot.lists[context.list].units_28d_milli.get(row);
    let prices = (decision.old_minor, decision.new_minor);
    Effect::of_change(context, prices, (inputs.cost_micro, inputs.vat_bp), units)
}
