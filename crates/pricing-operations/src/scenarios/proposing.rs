//! A scenario's prices as a batch of proposals. They enter pricing as whole minor units beside the catalogue as it
//! stands, are judged by the guardrails in force, and are kept with the proposals' inputs, so that every price can be
//! recomputed without playing the scenario again.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use app_contract::{ScenarioInput, ScenarioProposals};
use pricing_domain::{ProposalKind, RuleSetState};
use pricing_rules::{NONE, PricingRun};
use pricing_store::Durability;

use super::Basis;
use super::changes::change;
use super::planned::Planned;
use super::weeks::play_weeks;
use crate::exports::in_background;
use crate::pricing::{Priced, write_batch};
use crate::{OperationError, Progress, Workspace};

/// What the engine made of a scenario's prices.
struct Judged {
    planned: Planned,
    run: PricingRun,
    /// Prices that guardrails or endings made different.
    moved: u64,
    /// Prices that did not come about.
    refused: u64,
}

impl Workspace {
    /// Plays a scenario and proposes the prices at its end. Whatever waits in Proposals is superseded, as by a pricing run.
    pub async fn propose_scenario(&self, input: ScenarioInput) -> Result<ScenarioProposals, OperationError> {
        let basis = self.scenario_basis(&input).await?;
        let name = input.name.trim().to_owned();
        let playing = in_background(move || {
            let wanted = prices_at_the_end(&basis, &input)?;
            Ok((basis, wanted))
        });
        let (basis, wanted) = playing.await?;
        self.propose_prices(basis, &name, wanted).await
    }

    /// Proposes prices of rows, in ascending order, as whole minor units. Those that stand today already are left out.
    pub(super) async fn propose_prices(
        &self,
        basis: Basis,
        name: &str,
        wanted: Vec<(u32, i64)>,
    ) -> Result<ScenarioProposals, OperationError> {
        let (list, now, named) = (basis.list, basis.now, name.to_owned());
        let Judged { planned, run, moved, refused } = in_background(move || judge(&basis, &named, &wanted)).await?;
        if run.decisions.is_empty() {
            return Err(OperationError::refused(
                "Nothing to propose: at the end of this scenario every price stands as it does today.",
            ));
        }
        let count = |kind| run.decisions.iter().filter(|decision| decision.kind == kind).count() as u64;
        let (changes, exceptions) = (count(ProposalKind::Change), count(ProposalKind::Exception));
        let before = self.store.batch_counts(None, self.now()).await?;
        let Planned { snapshot, set, rules } = planned;
        let mut runs = vec![PricingRun::default(); snapshot.lists.len()];
        runs[list] = run;
        // The list of planned prices is no list of the workspace: nothing is written for it.
        let runs = &runs[..snapshot.lists.len() - 1];
        let held_for = self.held_for(&snapshot, runs, now).await?;
        let mut op = self.begin("propose_scenario", Durability::Full).await?;
        let rule_set_key = op.save_rule_set(&set, RuleSetState::Archived, None, &self.actor()).await?;
        let (snapshot, rules) = (Arc::new(snapshot), Arc::new(rules));
        let priced_from = vec![snapshot.clone(); runs.len()];
        let labels = vec![BTreeMap::new(); runs.len()];
        let (priced_from, labels) = (priced_from.as_slice(), labels.as_slice());
        let priced = Priced { rule_set_key, snapshot: &snapshot, rules: &rules, now, runs, priced_from, labels };
        let summary = format!("Proposed the prices of the scenario “{name}”: {} proposals", changes + exceptions);
        write_batch(op, &priced, &held_for, &Progress::silent(), &summary).await?;
        let superseded = before.pending_changes + before.pending_exceptions + before.approved;
        Ok(ScenarioProposals { changes, exceptions, moved, refused, superseded, held_for })
    }
}

fn prices_at_the_end(basis: &Basis, input: &ScenarioInput) -> Result<Vec<(u32, i64)>, OperationError> {
    let changed = change(basis, &input.changes, None)?;
    let played = play_weeks(basis, input, changed, input.reaction)?;
    let prices = basis.rows.iter().zip(&played.result.state.price);
    Ok(prices.map(|(row, price)| (*row, price.round() as i64)).collect())
}

fn judge(basis: &Basis, name: &str, wanted: &[(u32, i64)]) -> Result<Judged, OperationError> {
    let today = &basis.snapshot.lists[basis.list].price_minor;
    let wanted: Vec<(u32, i64)> =
        wanted.iter().copied().filter(|(row, price)| today.get(*row as usize) != *price).collect();
    let planned = Planned::new(&basis.snapshot, basis.list, &basis.rules, name, wanted.iter().copied())?;
    let run = planned.judged(basis.list, basis.now, &AtomicBool::new(false)).ok_or_else(OperationError::cancelled)?;
    Ok(only_wanted(planned, run, &wanted))
}

/// Leaves out what is no matter of the scenario: products that needed a person before, or that the guardrails in force
/// would move anyway, and that are not in it.
fn only_wanted(planned: Planned, mut run: PricingRun, wanted: &[(u32, i64)]) -> Judged {
    let price_of = |row: u32| wanted.binary_search_by_key(&row, |(row, _)| *row).ok().map(|place| wanted[place].1);
    run.retain(|decision| price_of(decision.row).is_some());
    let (mut moved, mut met) = (0, 0);
    for decision in &run.decisions {
        let proposed = match decision.kind {
            ProposalKind::Change => decision.new_minor,
            ProposalKind::Exception => decision.lawful_minor,
        };
        if let Some(wanted) = price_of(decision.row).filter(|_| proposed != NONE) {
            met += 1;
            moved += u64::from(wanted != proposed);
        }
    }
    Judged { planned, run, moved, refused: wanted.len() as u64 - met }
}
