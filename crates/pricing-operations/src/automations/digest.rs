//! What ran by itself on a day, in sentences: what was done, what was not and why, what needs a person.

use app_contract::{AutomationDigest, AutomationFigures, AutomationTurnView};
use pricing_domain::{AutomationOutcome, CivilDate, Instant};

use super::turns::{AutomationTurn, read};
use crate::competitor_settings::time_zone;
use crate::{OperationError, Workspace};

impl Workspace {
    /// The digest of a day in a zone; `None`: of today. Files of turns are the host's to name.
    pub async fn automation_digest(
        &self,
        day: Option<CivilDate>,
        zone: &str,
    ) -> Result<(AutomationDigest, Vec<AutomationTurn>), OperationError> {
        let zone_of_day = time_zone(zone)?;
        let fault = |error: jiff::Error| OperationError::fault(error.to_string());
        let today =
            jiff::Timestamp::from_microsecond(self.now().0).map_err(fault)?.to_zoned(zone_of_day.clone()).date();
        let date = day.unwrap_or(today);
        let begins = date.to_zoned(zone_of_day).map_err(fault)?;
        let ends = begins.tomorrow().map_err(fault)?.start_of_day().map_err(fault)?;
        let at = |zoned: &jiff::Zoned| Instant(zoned.timestamp().as_microsecond());
        let rows = self.store.automation_runs_between(at(&begins), at(&ends)).await?;
        let turns: Vec<AutomationTurn> = rows.into_iter().map(read).collect();
        let views: Vec<AutomationTurnView> = turns.iter().map(|turn| turn.view.clone()).collect();
        let mut figures = AutomationFigures::default();
        views.iter().for_each(|turn| figures.add(&turn.figures));
        let mut words = of_day(&views, &figures);
        words.extend(self.waiting_words().await?);
        Ok((AutomationDigest { day: date, time_zone: zone.to_owned(), words, figures, turns: views }, turns))
    }

    /// What needs a person now.
    async fn waiting_words(&self) -> Result<Vec<String>, OperationError> {
        let mut words = Vec::new();
        if self.publishing_stopped().await? {
            words.push("The stop switch is on: nothing runs by itself until it is released.".to_owned());
        }
        let Some(batch) = self.batch(None).await? else { return Ok(words) };
        if !batch.held_for.is_empty() {
            words.push(format!("The circuit breaker holds the newest batch: {}", batch.held_for.join(" ")));
        }
        words.push(format!(
            "{} exceptions and {} changes wait for a person; {} approved prices wait to be handed over.",
            batch.pending_exceptions, batch.pending_changes, batch.approved
        ));
        Ok(words)
    }
}

fn of_day(turns: &[AutomationTurnView], figures: &AutomationFigures) -> Vec<String> {
    if turns.is_empty() {
        return vec!["Nothing ran by itself on this day.".to_owned()];
    }
    let of = |wanted: AutomationOutcome| turns.iter().filter(|turn| turn.outcome == Some(wanted)).count();
    let mut words = vec![format!(
        "{} turns: {} pages read, {} competitor prices moved, {} prices approved by the policy, {} handed over.",
        turns.len(),
        figures.pages,
        figures.moved,
        figures.approved,
        figures.handed_over
    )];
    for (outcome, said) in [
        (AutomationOutcome::Stopped, "were blocked by the stop switch"),
        (AutomationOutcome::Held, "were held by the circuit breaker"),
        (AutomationOutcome::Failed, "failed"),
        (AutomationOutcome::Cancelled, "were stopped by a person"),
    ] {
        let count = of(outcome);
        if count > 0 {
            words.push(format!("{count} of them {said}."));
        }
    }
    for turn in turns.iter().filter(|turn| turn.outcome == Some(AutomationOutcome::Failed)) {
        words.extend(turn.words.last().map(|why| format!("“{}” at {}: {why}", turn.name, turn.started_at)));
    }
    words
}
