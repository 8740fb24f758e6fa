//! Scenarios kept in the workspace: with their answers, and with what decided them.

use app_contract::{KeptScenario, KeptScenarioRow, RepeatedScenario, ScenarioInput, ScenarioView};
use pricing_domain::ScenarioId;
use pricing_store::{Durability, NewScenario, ScenarioRow};
use serde_json::Value;

use super::packed::{MOST_BYTES, pack, unpack};
use super::{Answered, Sensitivity, answered, milliseconds};
use crate::{OperationError, Workspace};

/// Letters of a name.
const LONGEST_NAME: usize = 120;

impl Workspace {
    /// The kept scenarios, newest first.
    pub async fn kept_scenarios(&self) -> Result<Vec<KeptScenarioRow>, OperationError> {
        let rules = self.active_rules().await?.key;
        let mut rows = Vec::new();
        for found in self.store.list_scenarios().await? {
            let outdated = self.is_outdated(&found, rules).await?;
            rows.push(row(&found, outdated)?);
        }
        Ok(rows)
    }

    /// A kept scenario with its answer.
    pub async fn kept_scenario(&self, id: ScenarioId) -> Result<KeptScenario, OperationError> {
        let found = self.found(id).await?;
        let rules = self.active_rules().await?.key;
        let outdated = self.is_outdated(&found, rules).await?;
        Ok(KeptScenario { row: row(&found, outdated)?, scenario: read(&found.body)?, answer: read(&found.answer)? })
    }

    /// Plays a scenario and keeps it, in place of another where that is said.
    pub async fn keep_scenario(
        &self,
        input: ScenarioInput,
        replaces: Option<ScenarioId>,
    ) -> Result<KeptScenarioRow, OperationError> {
        let started = std::time::Instant::now();
        let input = ScenarioInput { name: self.free_name(&input.name, replaces).await?, ..input };
        let rule_set_key = self.active_rules().await?.key;
        let basis = self.scenario_basis(&input).await?;
        let sequence = basis.snapshot.sequence;
        let Answered { basis, view, .. } = answered(basis, input.clone(), Sensitivity::Whole, None).await?;
        let view = ScenarioView { elapsed_ms: milliseconds(started), ..view };
        let packed = tokio::task::spawn_blocking(move || pack(&basis, MOST_BYTES));
        let basis = packed.await.map_err(|error| OperationError::fault(error.to_string()))??;
        let new = NewScenario {
            name: input.name.clone(),
            body: write(&input)?,
            answer: write(&view)?,
            sequence,
            rule_set_key,
            basis,
        };
        let mut op = self.begin("keep_scenario", Durability::Full).await?;
        let id = op.keep_scenario(new, replaces, &self.actor()).await?;
        op.commit(&format!("Kept the scenario “{}”", input.name), false).await?;
        Ok(self.kept_scenario(id).await?.row)
    }

    /// Keeps a scenario a second time.
    pub async fn copy_scenario(&self, id: ScenarioId, name: &str) -> Result<KeptScenarioRow, OperationError> {
        let found = self.found(id).await?;
        let name = self.free_name(name, None).await?;
        let body = ScenarioInput { name: name.clone(), ..read(&found.body)? };
        let mut op = self.begin("copy_scenario", Durability::Full).await?;
        let Some(copy) = op.copy_scenario(id, &name, &write(&body)?, &self.actor()).await? else {
            op.abandon().await?;
            return Err(missing());
        };
        op.commit(&format!("Copied the scenario “{}” as “{name}”", found.name), false).await?;
        Ok(self.kept_scenario(copy).await?.row)
    }

    /// Forgets a kept scenario.
    pub async fn remove_scenario(&self, id: ScenarioId) -> Result<Vec<KeptScenarioRow>, OperationError> {
        let found = self.found(id).await?;
        let mut op = self.begin("remove_scenario", Durability::Full).await?;
        if !op.remove_scenario(id).await? {
            op.abandon().await?;
            return Err(missing());
        }
        op.commit(&format!("Removed the scenario “{}”", found.name), false).await?;
        self.kept_scenarios().await
    }

    /// Plays a kept scenario on what was kept with it. Refused where the catalogue was too large to be kept, or was
    /// kept by a version that packed it in another way.
    pub async fn repeat_scenario(&self, id: ScenarioId) -> Result<RepeatedScenario, OperationError> {
        let found = self.found(id).await?;
        let kept: ScenarioView = read(&found.answer)?;
        let input: ScenarioInput = read(&found.body)?;
        let basis = self.store.scenario_basis(id).await?.ok_or_else(|| {
            OperationError::refused(format!("{}. Play it on the catalogue as it stands.", too_large()))
        })?;
        let stop = self.scenarios.begin();
        let unpacked = tokio::task::spawn_blocking(move || unpack(&basis, stop));
        let unpacked = unpacked.await.map_err(|error| OperationError::fault(error.to_string()))?;
        let basis = unpacked.ok_or_else(|| {
            OperationError::refused(
                "Another version of the program kept this scenario; its figures stand, and it can be played anew on the \
                 catalogue as it stands.",
            )
        })?;
        let answer = answered(basis, input, Sensitivity::Whole, None).await?.view;
        // A copy has another name than the answer that was kept with it, and the time it took is no figure.
        let answer = ScenarioView { elapsed_ms: kept.elapsed_ms, name: kept.name.clone(), ..answer };
        // Both have gone through text, which may cost a number its last digit.
        let same = agrees(&read(&found.answer)?, &read(&write(&answer)?)?);
        Ok(RepeatedScenario { answer, same })
    }

    async fn found(&self, id: ScenarioId) -> Result<ScenarioRow, OperationError> {
        self.store.find_scenario(id).await?.ok_or_else(missing)
    }

    async fn is_outdated(&self, found: &ScenarioRow, rules: i64) -> Result<bool, OperationError> {
        Ok(found.rule_set_key != rules || self.store.products_changed_since(found.sequence).await?)
    }

    /// The name, with a number where another scenario has it.
    async fn free_name(&self, name: &str, own: Option<ScenarioId>) -> Result<String, OperationError> {
        let name: String = name.trim().chars().take(LONGEST_NAME).collect();
        if name.is_empty() {
            return Err(OperationError::refused("Give the scenario a name."));
        }
        let all = self.store.list_scenarios().await?;
        let taken =
            |name: &str| all.iter().any(|one| Some(one.id) != own && one.name.to_lowercase() == name.to_lowercase());
        let numbered = std::iter::once(name.clone()).chain((2..).map(|number| format!("{name} ({number})")));
        Ok(numbered.into_iter().find(|name| !taken(name)).unwrap_or(name))
    }
}

/// The part of an answer that is no figure: words may be put otherwise.
const NO_FIGURE: &str = "remarks";

/// Whether every figure of an answer that was kept is in another one. What earlier versions did not tell is not asked.
fn agrees(kept: &Value, again: &Value) -> bool {
    match (kept, again) {
        (Value::Object(kept), Value::Object(again)) => kept
            .iter()
            .filter(|(name, _)| *name != NO_FIGURE)
            .all(|(name, value)| again.get(name).is_some_and(|other| agrees(value, other))),
        (Value::Array(kept), Value::Array(again)) => {
            kept.len() == again.len() && kept.iter().zip(again).all(|(one, other)| agrees(one, other))
        }
        _ => kept == again,
    }
}

fn too_large() -> String {
    let most = MOST_BYTES / (1024 * 1024);
    format!("What decided it was more than {most} MB, so that it was not kept with this scenario")
}

fn missing() -> OperationError {
    OperationError::not_found("This scenario is not in the workspace any more.")
}

fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, OperationError> {
    serde_json::from_str(text).map_err(|error| OperationError::fault(format!("A kept scenario is damaged: {error}")))
}

fn write<T: serde::Serialize>(value: &T) -> Result<String, OperationError> {
    serde_json::to_string(value).map_err(|error| OperationError::fault(error.to_string()))
}

fn row(found: &ScenarioRow, outdated: bool) -> Result<KeptScenarioRow, OperationError> {
    let answer: ScenarioView = read(&found.answer)?;
    Ok(KeptScenarioRow {
        id: found.id,
        name: found.name.clone(),
        kept_at: found.kept_at,
        kept_by: found.kept_by.clone(),
        outdated,
        repeatable: found.has_basis,
        not_repeatable: (!found.has_basis).then(too_large),
        price_list: answer.price_list,
        currency: answer.currency,
        weeks: u32::try_from(answer.weeks.len()).unwrap_or(u32::MAX),
        today: answer.today,
        after: answer.after,
    })
}
