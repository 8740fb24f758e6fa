//! What runs by itself: collect → price → approve by policy → hand over, for chosen products, on a schedule.
//!
//! A person activates it; every step is the ordinary operation under the automation's own name. The stop switch and the
//! circuit breaker hold for it as for people.

mod digest;
mod handing_over;
mod turns;

use app_contract::{AutomationTurnView, AutomationView, AutomationsView};
use pricing_domain::{AutomationId, AutomationPlan};
use pricing_store::{AutomationRow, Durability};

use crate::schedules::Timetable;
use crate::{OperationError, Workspace};

pub use turns::{AutomationTurn, DueAutomation};

/// Turns listed beside the automations.
const TURNS_LISTED: u32 = 50;

impl Workspace {
    /// Everything that runs by itself, with its newest turns. Files of turns are the host's to name.
    pub async fn automations(&self) -> Result<(AutomationsView, Vec<AutomationTurn>), OperationError> {
        let rows = self.store.automations().await?;
        let turns: Vec<AutomationTurn> =
            self.store.automation_runs(TURNS_LISTED).await?.into_iter().map(turns::read).collect();
        let views: Vec<AutomationTurnView> = turns.iter().map(|turn| turn.view.clone()).collect();
        let automations = rows.iter().map(view).collect::<Result<Vec<_>, _>>()?;
        Ok((AutomationsView { automations, stopped: self.publishing_stopped().await?, turns: views }, turns))
    }

    /// Saves a plan, new or in the place of another. It runs from now on, unless it was paused.
    pub async fn save_automation(
        &self,
        automation: Option<AutomationId>,
        plan: AutomationPlan,
    ) -> Result<AutomationId, OperationError> {
        let problems = plan.problems();
        if !problems.is_empty() {
            return Err(OperationError::refused(problems.join(" ")));
        }
        if plan.approve && self.approval_policy().await?.lines.is_empty() {
            return Err(OperationError::refused("The approval policy has no lines. Write them in Settings first."));
        }
        if let Some(connection) = plan.connection {
            self.find_connection(connection).await?;
        }
        let next = Timetable::parse(&plan.pattern, &plan.time_zone)?.next(self.now());
        if next.is_none() {
            return Err(OperationError::refused(format!("The time “{}” never comes.", plan.pattern.trim())));
        }
        let rows = self.store.automations().await?;
        let taken = |row: &&AutomationRow| row.name == plan.name.trim() && Some(row.id) != automation;
        if rows.iter().any(|row| taken(&row)) {
            return Err(OperationError::refused(format!("“{}” is there already.", plan.name.trim())));
        }
        let before = match automation {
            Some(id) => Some(rows.iter().find(|row| row.id == id).ok_or_else(gone)?),
            None => None,
        };
        let paused = before.is_some_and(|row| row.paused);
        let what = if before.is_some() { "Changed" } else { "Switched on" };
        let settings = text_of(&plan)?;
        let mut op = self.begin("save_automation", Durability::Full).await?;
        let row = AutomationRow {
            key: 0,
            id: automation.unwrap_or_else(|| AutomationId(op.ids.next_id())),
            name: plan.name.trim().to_owned(),
            pattern: plan.pattern.trim().to_owned(),
            time_zone: plan.time_zone.trim().to_owned(),
            paused,
            next_at: next,
            last_at: None,
            settings,
        };
        op.write_automation(&row).await?;
        op.commit(&format!("{what} the automation “{}”", row.name), false).await?;
        Ok(row.id)
    }

    /// Lets it rest, or go on with its next turn.
    pub async fn pause_automation(&self, automation: AutomationId, paused: bool) -> Result<(), OperationError> {
        let mut row = self.automation(automation).await?;
        row.paused = paused;
        row.next_at = Timetable::parse(&row.pattern, &row.time_zone)?.next(self.now());
        let what = if paused { "rests" } else { "goes on" };
        let mut op = self.begin("save_automation", Durability::Full).await?;
        op.write_automation(&row).await?;
        op.commit(&format!("The automation “{}” {what}", row.name), false).await?;
        Ok(())
    }

    /// Removes it with its turns.
    pub async fn remove_automation(&self, automation: AutomationId) -> Result<(), OperationError> {
        let row = self.automation(automation).await?;
        let mut op = self.begin("remove_automation", Durability::Full).await?;
        op.remove_automation(automation).await?;
        op.commit(&format!("Removed the automation “{}”", row.name), false).await?;
        Ok(())
    }

    pub(crate) async fn automation(&self, automation: AutomationId) -> Result<AutomationRow, OperationError> {
        self.store.automations().await?.into_iter().find(|row| row.id == automation).ok_or_else(gone)
    }
}

fn gone() -> OperationError {
    OperationError::not_found("This automation is not in the workspace any more.")
}

fn text_of(plan: &AutomationPlan) -> Result<String, OperationError> {
    serde_json::to_string(plan).map_err(|error| OperationError::fault(error.to_string()))
}

/// The plan of a row.
pub(crate) fn plan_of(row: &AutomationRow) -> Result<AutomationPlan, OperationError> {
    serde_json::from_str(&row.settings)
        .map_err(|_| OperationError::fault("This automation was written by another version. Save it anew."))
}

fn view(row: &AutomationRow) -> Result<AutomationView, OperationError> {
    Ok(AutomationView {
        id: row.id,
        plan: plan_of(row)?,
        words: Timetable::parse(&row.pattern, &row.time_zone)?.words(),
        paused: row.paused,
        next_at: row.next_at.filter(|_| !row.paused),
        last_at: row.last_at,
    })
}
