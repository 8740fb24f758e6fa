//! The same weeks with nothing changed: rules decide anew in them too, and what they move is no effect of a scenario's
//! changes. Kept between questions, since a person who moves an amount asks with the same weeks again and again.

use std::sync::{Arc, Mutex};

use app_contract::{ScenarioEffect, ScenarioInput};
use pricing_science::{ScenarioResult, ScenarioState, ScenarioWeek, difference};

use super::answers::totals;
use super::changes::change;
use super::weeks::play_weeks;
use super::{Basis, asks_rules};
use crate::OperationError;

/// Answers that are kept: two numbers of weeks, or two price lists.
const MOST_KEPT: usize = 2;
/// So long a moment counts as the same one, in microseconds.
const MOMENT: i64 = 60_000_000;

/// The rules as they are, played.
pub(super) struct Unchanged {
    /// The last week.
    week: ScenarioWeek,
    state: ScenarioState,
    weeks: usize,
}

/// What was played last, by what decided it.
#[derive(Default)]
pub(crate) struct KeptUnchanged(Mutex<Vec<(String, Arc<Unchanged>)>>);

impl KeptUnchanged {
    pub(super) fn find(&self, key: &str) -> Option<Arc<Unchanged>> {
        let kept = self.0.lock().expect("no panic while it is held");
        kept.iter().find(|(known, _)| known == key).map(|(_, found)| found.clone())
    }

    pub(super) fn keep(&self, key: String, found: Option<Arc<Unchanged>>) {
        let Some(found) = found else { return };
        let mut kept = self.0.lock().expect("no panic while it is held");
        kept.retain(|(known, _)| *known != key);
        kept.insert(0, (key, found));
        kept.truncate(MOST_KEPT);
    }
}

/// All that decides the weeks without changes.
pub(super) fn key(basis: &Basis, input: &ScenarioInput) -> String {
    let moment = basis.now.0.div_euclid(MOMENT);
    let asked = (input.weeks, input.reaction, input.stop_at_fall, input.assumptions);
    format!("{} {} {moment} {asked:?} {:?}", basis.snapshot.sequence, basis.list, basis.rules)
}

/// Plays the weeks without changes, unless they are `known`. `None`: nothing is changed, or the rules do not decide.
pub(super) fn unchanged(
    basis: &Basis,
    input: &ScenarioInput,
    played: &ScenarioResult,
    known: Option<Arc<Unchanged>>,
) -> Result<Option<Arc<Unchanged>>, OperationError> {
    if input.changes.is_empty() || !asks_rules(input) {
        return Ok(None);
    }
    let weeks = played.weeks.len();
    // A scenario that stopped is compared with as many weeks.
    if let Some(known) = known.filter(|known| known.weeks == weeks) {
        return Ok(Some(known));
    }
    let input = ScenarioInput { weeks: u32::try_from(weeks).unwrap_or(input.weeks), ..input.clone() };
    let result = play_weeks(basis, &input, change(basis, &[], None)?, input.reaction)?.result;
    let week = result.weeks.last().cloned().unwrap_or_default();
    Ok(Some(Arc::new(Unchanged { week, state: result.state, weeks })))
}

impl Unchanged {
    /// What the scenario adds.
    pub(super) fn effect(&self, basis: &Basis, played: &ScenarioResult) -> ScenarioEffect {
        let added = difference(&basis.products, &self.state, &played.state);
        ScenarioEffect { unchanged: totals(&self.week), added: totals(&added) }
    }
}
