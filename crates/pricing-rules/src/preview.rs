//! What an edited rule set would do, for an editor that asks on every keystroke: one pass over the catalogue, then sums
//! over the rows that change. Nothing is written; a newer keystroke cancels it.

mod index;

use std::sync::atomic::AtomicBool;

use pricing_domain::{ExceptionReason, Instant, ProposalKind, RuleSet, RuleSetProblem};
use serde::{Deserialize, Serialize};

use crate::columns::{CHUNK, NONE};
use crate::engine::compile::ListContext;
use crate::engine::view::ChunkView;
use crate::engine::{
    CompiledRules, Decision, Effect, PricingRun, RuleCounts, RuleReach, RunCounts, price_all, price_and_count,
};
use crate::snapshot::Snapshot;

pub use index::IndexChange;

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct PreviewQuestion<'a> {
    /// The catalogue.
    pub snapshot: &'a Snapshot,
    /// The place of the price list.
    pub list: usize,
    /// The rule set as it is being edited.
    pub edited: &'a RuleSet,
    /// What the rule set in force gives for the same snapshot and list, so that it is computed once and not on every
    /// keystroke; without it nothing is compared.
    pub in_force: Option<&'a PricingRun>,
    /// The place of the rule that is being edited, in the flat list: its samples are shown.
    pub focus: Option<u16>,
    /// When.
    pub now: Instant,
}

/// What an edited rule set would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// Sums over the catalogue.
    pub counts: RunCounts,
    /// Effect of all changes at the volumes of 28 days.
    pub effect: Effect,
    /// Each rule of the flat list.
    pub rules: Vec<RulePreview>,
    /// The price index against each competitor, before and after.
    pub indexes: Vec<IndexChange>,
    /// The ten largest changes, in percent of today's price.
    pub biggest_moves: Vec<PreviewRow>,
    /// Ten products of the rule in focus (of all, without one), evenly spread over what it changes.
    pub samples: Vec<PreviewRow>,
    /// Products whose bounds contradict each other or leave no ending: how many, and the first ten.
    pub conflict_count: u64,
    /// Decisions whose price crosses a limit that only warns.
    pub warned: u64,
    /// See `conflict_count`.
    pub conflicts: Vec<PreviewRow>,
    /// What differs from the rule set in force.
    pub against_in_force: Option<Difference>,
}

/// What one rule does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RulePreview {
    /// Its name, with its groups before it.
    pub name: String,
    /// How far it reaches.
    pub reach: RuleReach,
    /// What it decided; `counts.products` of the catalogue is its share.
    pub counts: RuleCounts,
    /// Effect of its changes.
    pub effect: Effect,
}

/// A product and what would become of its price. Amounts are minor units of the list's currency, or [`NONE`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewRow {
    /// The row of the snapshot.
    pub row: u32,
    /// The article number.
    pub sku: String,
    /// The name.
    pub name: String,
    /// Today's price.
    pub old_minor: i64,
    /// The price the rules arrive at.
    pub new_minor: i64,
    /// Why a person would be asked.
    pub reason: Option<ExceptionReason>,
    /// The place of the rule; `u16::MAX`: no rule matched.
    pub rule: u16,
}

/// How two runs over the same catalogue differ.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// Products that end at another price or in another state.
    pub products: u64,
    /// Of those, dearer than with the rules in force.
    pub dearer: u64,
    /// Of those, cheaper.
    pub cheaper: u64,
    /// The first ten.
    pub rows: Vec<(PreviewRow, i64)>,
    /// Revenue of 28 days, edited less in force, in millionths.
    pub revenue_micro: i128,
    /// Margin of 28 days, edited less in force, in millionths.
    pub margin_micro: i128,
}

const ROWS_SHOWN: usize = 10;

/// Computes a preview. `Ok(None)`: cancelled.
///
/// Errors: everything that makes the edited rule set unusable.
pub fn preview(question: &PreviewQuestion<'_>, cancel: &AtomicBool) -> Result<Option<Preview>, Vec<RuleSetProblem>> {
    let rules = CompiledRules::compile(question.edited, question.snapshot)?;
    let PreviewQuestion { snapshot, list, now, focus, .. } = *question;
    let Some((run, reach)) = price_and_count(&rules, snapshot, list, now, cancel, &|_| (), true) else {
        return Ok(None);
    };
    let Some(indexes) = index::changes(snapshot, list, &run.decisions, now, cancel) else { return Ok(None) };
    let shown = Shown { snapshot, context: ListContext::new(snapshot, list, now) };
    let names = question.edited.flat_rules();
    let effects = shown.effects(&run.decisions, names.len());
    let per_rule = reach.0.into_iter().zip(&run.counts.rules).zip(effects);
    let rules = names.iter().zip(per_rule).map(|(rule, ((reach, counts), effect))| RulePreview {
        name: rule.name(),
        reach,
        counts: *counts,
        effect,
    });
    let is_conflict = |decision: &&Decision| {
        matches!(decision.reason, Some(ExceptionReason::BoundsConflict | ExceptionReason::NoEndingInside))
    };
    Ok(Some(Preview {
        rules: rules.collect(),
        indexes,
        biggest_moves: shown.biggest(&run.decisions),
        samples: shown.samples(&run.decisions, focus),
        warned: run.warned(),
        conflict_count: run.decisions.iter().filter(is_conflict).count() as u64,
        conflicts: run.decisions.iter().filter(is_conflict).take(ROWS_SHOWN).map(|one| shown.row(one)).collect(),
        against_in_force: question.in_force.map(|in_force| shown.difference(&run, in_force)),
        counts: run.counts,
        effect: run.effect,
    }))
}

/// Prices a list with a rule set as it stands, for `PreviewQuestion::in_force`. `Ok(None)`: cancelled.
///
/// Errors: everything that makes the rule set unusable.
pub fn price_with(
    set: &RuleSet,
    snapshot: &Snapshot,
    list: usize,
    now: Instant,
    cancel: &AtomicBool,
) -> Result<Option<PricingRun>, Vec<RuleSetProblem>> {
    let rules = CompiledRules::compile(set, snapshot)?;
    Ok(price_all(&rules, snapshot, list, now, cancel, &|_| ()))
}

struct Shown<'a> {
    snapshot: &'a Snapshot,
    context: ListContext,
}

impl Shown<'_> {
    fn row(&self, decision: &Decision) -> PreviewRow {
        let row = decision.row as usize;
        PreviewRow {
            row: decision.row,
            sku: self.snapshot.products.sku.get(row).to_owned(),
            name: self.snapshot.products.name.get(row).to_owned(),
            old_minor: decision.old_minor,
            new_minor: decision.new_minor,
            reason: decision.reason,
            rule: decision.rule,
        }
    }

    fn effects(&self, decisions: &[Decision], rules: usize) -> Vec<Effect> {
        let mut effects = vec![Effect::default(); rules];
        for decision in decisions.iter().filter(|decision| decision.kind == ProposalKind::Change) {
            if let Some(effect) = effects.get_mut(usize::from(decision.rule)) {
                let row = decision.row as usize;
                let view = ChunkView::new(self.snapshot, self.context.list, row / CHUNK);
                let inputs = view.inputs(&self.context, row % CHUNK);
                let units = self.snapshot.lists[self.context.list].units_28d_milli.get(row);
                let prices = (decision.old_minor, decision.new_minor);
                effect.merge(&Effect::of_change(&self.context, prices, (inputs.cost_micro, inputs.vat_bp), units));
            }
        }
        effects
    }

    /// The largest changes in percent; of equal ones the first.
    fn biggest(&self, decisions: &[Decision]) -> Vec<PreviewRow> {
        const PARTS_PER_MILLION: i128 = 1_000_000;
        let size = |decision: &Decision| {
            let change = (i128::from(decision.new_minor) - i128::from(decision.old_minor)).abs();
            change * PARTS_PER_MILLION / i128::from(decision.old_minor)
        };
        let moves = decisions.iter().filter(|one| one.old_minor > 0 && one.new_minor != NONE);
        let mut keyed: Vec<(std::cmp::Reverse<i128>, u32, &Decision)> =
            moves.map(|decision| (std::cmp::Reverse(size(decision)), decision.row, decision)).collect();
        if keyed.len() > ROWS_SHOWN {
            keyed.select_nth_unstable_by_key(ROWS_SHOWN, |(size, row, _)| (*size, *row));
            keyed.truncate(ROWS_SHOWN);
        }
        keyed.sort_unstable_by_key(|(size, row, _)| (*size, *row));
        keyed.into_iter().map(|(_, _, decision)| self.row(decision)).collect()
    }

    fn samples(&self, decisions: &[Decision], focus: Option<u16>) -> Vec<PreviewRow> {
        let of_focus: Vec<&Decision> =
            decisions.iter().filter(|one| focus.is_none_or(|rule| one.rule == rule)).collect();
        let count = of_focus.len().min(ROWS_SHOWN);
        (0..count).map(|n| self.row(of_focus[n * of_focus.len() / count])).collect()
    }

    /// Compares two runs; both list their decisions by row.
    fn difference(&self, edited: &PricingRun, in_force: &PricingRun) -> Difference {
        let mut difference = Difference {
            revenue_micro: gained(&edited.effect).0 - gained(&in_force.effect).0,
            margin_micro: gained(&edited.effect).1 - gained(&in_force.effect).1,
            ..Difference::default()
        };
        let (mut one, mut other) = (edited.decisions.iter().peekable(), in_force.decisions.iter().peekable());
        loop {
            let row = match (one.peek(), other.peek()) {
                (None, None) => return difference,
                (Some(one), Some(other)) => one.row.min(other.row),
                (Some(only), None) | (None, Some(only)) => only.row,
            };
            let pair = (one.next_if(|one| one.row == row), other.next_if(|other| other.row == row));
            self.count_difference(pair, &mut difference);
        }
    }

    fn count_difference(&self, pair: (Option<&Decision>, Option<&Decision>), difference: &mut Difference) {
        // An exception leaves today's price until somebody decides.
        let ends_at = |decision: Option<&Decision>, old: i64| match decision {
            Some(decision) if decision.reason.is_none() => decision.new_minor,
            _ => old,
        };
        let Some(any) = pair.0.or(pair.1) else { return };
        let (edited, in_force) = (ends_at(pair.0, any.old_minor), ends_at(pair.1, any.old_minor));
        let reason = |decision: Option<&Decision>| decision.and_then(|decision| decision.reason);
        if edited == in_force && reason(pair.0) == reason(pair.1) {
            return;
        }
        difference.products += 1;
        difference.dearer += u64::from(edited > in_force);
        difference.cheaper += u64::from(edited < in_force);
        if difference.rows.len() < ROWS_SHOWN {
            let row = PreviewRow { new_minor: edited, reason: reason(pair.0), ..self.row(any) };
            difference.rows.push((row, in_force));
        }
    }
}

/// What the changes of a run add to revenue and margin.
const fn gained(effect: &Effect) -> (i128, i128) {
    (effect.revenue_after_micro - effect.revenue_before_micro, effect.margin_after_micro - effect.margin_before_micro)
}
