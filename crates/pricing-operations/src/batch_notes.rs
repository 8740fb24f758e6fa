//! What the newest batch did, for its release notes: counts by direction and rule, the largest moves, exceptions, and
//! the guardrails that bound.

use std::cmp::Ordering;
use std::sync::Mutex;

use app_contract::{BatchView, ProposalRow};
use pricing_domain::{ExceptionReason, PriceListId};
use pricing_rules::{CeilingKind, FloorKind, binding_from_inputs};
use rayon::prelude::{IntoParallelRefIterator, ParallelIterator};

use crate::exports::in_background;
use crate::proposals::{decode_inputs, rule_name};
use crate::{OperationError, Workspace};

/// Prices whose guardrails are looked at, the largest changes first: each is computed anew from its stored inputs.
const LOOKED_AT: u32 = 2_000;

/// The newest batch on a price list.
#[derive(Clone, Debug)]
pub struct BatchNotes {
    /// Its time, rules, state and effect.
    pub batch: BatchView,
    /// In all.
    pub counts: NoteCounts,
    /// By the name of the rule that decided, the most first.
    pub rules: Vec<(String, NoteCounts)>,
    /// The largest rises.
    pub raised: Vec<ProposalRow>,
    /// The largest cuts.
    pub lowered: Vec<ProposalRow>,
    /// Exceptions by reason, whatever became of them.
    pub reasons: Vec<(ExceptionReason, u64)>,
    /// What bound, of the prices looked at.
    pub bound: BoundCounts,
}

/// How many prices of a batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NoteCounts {
    /// Rise.
    pub raised: u64,
    /// Fall.
    pub lowered: u64,
    /// Are a product's first.
    pub first: u64,
    /// Need a person.
    pub exceptions: u64,
}

impl NoteCounts {
    /// All of them.
    pub const fn all(&self) -> u64 {
        self.raised + self.lowered + self.first + self.exceptions
    }

    const fn of([raised, lowered, first, exceptions]: [u64; 4]) -> Self {
        Self { raised, lowered, first, exceptions }
    }

    fn add(&mut self, other: Self) {
        self.raised += other.raised;
        self.lowered += other.lowered;
        self.first += other.first;
        self.exceptions += other.exceptions;
    }
}

/// How many prices were moved by which guardrail, away from what their rule wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BoundCounts {
    /// Prices looked at.
    pub looked_at: u64,
    /// Lifted by the floor of the cost and its margin.
    pub margin_floor: u64,
    /// Lifted by a lowest price of the product or of the rule set.
    pub price_floor: u64,
    /// Lowered by a ceiling.
    pub ceiling: u64,
    /// Held back by a largest step or by how often and how soon a price may change.
    pub step: u64,
    /// Changed by the order of the family.
    pub family: u64,
}

impl BoundCounts {
    fn merge(self, other: Self) -> Self {
        Self {
            looked_at: self.looked_at + other.looked_at,
            margin_floor: self.margin_floor + other.margin_floor,
            price_floor: self.price_floor + other.price_floor,
            ceiling: self.ceiling + other.ceiling,
            step: self.step + other.step,
            family: self.family + other.family,
        }
    }
}

/// Notes as they stand at a place of the change sequence.
#[derive(Clone)]
struct KeptNotes {
    sequence: i64,
    list_key: i64,
    largest: u32,
    notes: BatchNotes,
}

/// The notes that were asked for last: a question about one more thing reads nothing again.
#[derive(Default)]
pub(crate) struct NotesCache(Mutex<Vec<KeptNotes>>);

impl Workspace {
    /// What the newest batch did on a list, with at most `largest` moves each way. `None`: nothing was priced yet.
    pub async fn batch_notes(
        &self,
        price_list: PriceListId,
        largest: u32,
    ) -> Result<Option<BatchNotes>, OperationError> {
        let Some(batch) = self.batch(Some(price_list)).await? else { return Ok(None) };
        let list_key = self.price_list(price_list).await?.key;
        let sequence = self.store.sequence().await?;
        let is_same = |kept: &&KeptNotes| (kept.sequence, kept.list_key, kept.largest) == (sequence, list_key, largest);
        let kept = self.notes.0.lock().expect("no panic while it is held").iter().find(is_same).cloned();
        if let Some(kept) = kept {
            // What waits until a time comes back without a change.
            return Ok(Some(BatchNotes { batch, ..kept.notes }));
        }
        let inputs = self.store.largest_inputs(list_key, LOOKED_AT).await?;
        let rule_set = match inputs.first() {
            Some((key, _)) => Some(self.store.rule_set(*key).await?),
            None => None,
        };
        let store = self.store.clone();
        let sums = in_background(move || Ok(store.snapshot_reader()?.batch_sums(list_key)?)).await?;
        let mut counts = NoteCounts::default();
        let mut rules: Vec<(String, NoteCounts)> = Vec::new();
        for (place, sums) in sums.rules {
            let sums = NoteCounts::of(sums);
            counts.add(sums);
            let name = rule_set.as_ref().map_or_else(String::new, |set| rule_name(set, place));
            rules.push((name, sums));
        }
        rules.sort_by(|one, other| other.1.all().cmp(&one.1.all()).then_with(|| one.0.cmp(&other.0)));
        let raised = self.largest_moves(list_key, Ordering::Greater, largest).await?;
        let lowered = self.largest_moves(list_key, Ordering::Less, largest).await?;
        let mut reasons = sums.reasons;
        reasons.sort_by_key(|(reason, number)| (std::cmp::Reverse(*number), *reason as u8));
        let bound = in_background(move || {
            let Some(rule_set) = rule_set else { return Ok(BoundCounts::default()) };
            inputs
                .par_iter()
                .map(|(_, inputs)| {
                    let binding = binding_from_inputs(&rule_set.rules, &decode_inputs(inputs)?);
                    // Rules of an earlier version that this one refuses bind nothing that could be told.
                    Ok(binding.map_or_else(|_| BoundCounts::default(), |binding| bound_by(&binding)))
                })
                .try_reduce(BoundCounts::default, |sum, more| Ok(sum.merge(more)))
        })
        .await?;
        let notes = BatchNotes { batch, counts, rules, raised, lowered, reasons, bound };
        let mut kept = self.notes.0.lock().expect("no panic while it is held");
        kept.retain(|one| one.sequence == sequence);
        kept.push(KeptNotes { sequence, list_key, largest, notes: notes.clone() });
        Ok(Some(notes))
    }
}

fn bound_by(binding: &pricing_rules::Binding) -> BoundCounts {
    let margin = matches!(binding.floor, Some(FloorKind::Margin(_) | FloorKind::Cost));
    let ceiling = binding.ceiling.is_some_and(|kind| kind != CeilingKind::None);
    BoundCounts {
        looked_at: 1,
        margin_floor: u64::from(margin),
        price_floor: u64::from(binding.floor.is_some() && !margin),
        ceiling: u64::from(ceiling),
        step: u64::from(binding.step),
        family: u64::from(binding.family),
    }
}

#[cfg(test)]
mod tests {
    use pricing_rules::{Binding, FloorKind};

    use super::{BoundCounts, bound_by};

    #[test]
    fn floors_of_margins_and_of_prices_are_counted_apart() {
        let own = bound_by(&Binding { floor: Some(FloorKind::OwnMinimum), ..Binding::default() });
        let margin = bound_by(&Binding { floor: Some(FloorKind::Margin(0)), step: true, ..Binding::default() });
        assert_eq!(
            own.merge(margin),
            BoundCounts { looked_at: 2, margin_floor: 1, price_floor: 1, step: 1, ..BoundCounts::default() }
        );
    }
}
