//! A turn: the steps in order, and what they did. A step that is refused ends the turn; the steps before it are done.

use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};

use app_contract::{AutomationFigures, AutomationTurnView};
use pricing_domain::{AutomationId, AutomationOutcome, AutomationPlan};
use pricing_rules::{PolicyCase, Snapshot, rows_in_scope};
use pricing_store::{AutomationRow, AutomationRunRow, CollectionScope, Durability, ProductFilter};
use serde::{Deserialize, Serialize};

use super::plan_of;
use crate::error::ErrorKind;
use crate::exports::in_background;
use crate::schedules::Timetable;
use crate::{OperationError, Progress, Workspace};

/// A turn that has come and was taken: it must be run.
#[derive(Clone, Debug, PartialEq)]
pub struct DueAutomation {
    /// Its name.
    pub name: String,
    plan: AutomationPlan,
    run: i64,
}

/// What came of a turn, with the file that it wrote.
#[derive(Clone, Debug, PartialEq)]
pub struct AutomationTurn {
    /// As it is shown, without the file.
    pub view: AutomationTurnView,
    /// The prices that were handed over.
    pub file: Option<PathBuf>,
}

/// What is kept of a turn.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Report {
    outcome: AutomationOutcome,
    words: Vec<String>,
    figures: AutomationFigures,
    file: Option<PathBuf>,
}

/// The turn of a row.
pub(super) fn read(row: AutomationRunRow) -> AutomationTurn {
    let report: Option<Report> = row.report.and_then(|text| serde_json::from_str(&text).ok());
    let file = report.as_ref().and_then(|report| report.file.clone());
    let (outcome, words, figures) = match report {
        Some(report) => (Some(report.outcome), report.words, report.figures),
        None => (None, Vec::new(), AutomationFigures::default()),
    };
    let (name, started_at, finished_at) = (row.name, row.started_at, row.finished_at);
    AutomationTurn {
        view: AutomationTurnView { name, started_at, finished_at, outcome, words, figures, file: None },
        file,
    }
}

impl Workspace {
    /// Takes one turn that has come, also a missed one, once. What is given must be run.
    pub async fn take_due_automation(&self) -> Result<Option<DueAutomation>, OperationError> {
        let now = self.now();
        for row in self.store.automations().await? {
            if !row.paused && row.next_at.is_some_and(|next| next <= now) {
                let due = self.take_automation(row).await?;
                if due.is_some() {
                    return Ok(due);
                }
            }
        }
        Ok(None)
    }

    /// Takes a turn now, before its time.
    pub async fn take_automation_now(&self, automation: AutomationId) -> Result<DueAutomation, OperationError> {
        let row = self.automation(automation).await?;
        let taken = self.take_automation(row).await?;
        taken.ok_or_else(|| OperationError::refused("This automation is being started already."))
    }

    async fn take_automation(&self, row: AutomationRow) -> Result<Option<DueAutomation>, OperationError> {
        let plan = plan_of(&row)?;
        let next = Timetable::parse(&row.pattern, &row.time_zone)?.next(self.now());
        let acting = self.acting_as(&row.name);
        let mut op = acting.begin("take_automation_turn", Durability::Full).await?;
        let Some(run) = op.take_automation_turn(&row, next).await? else {
            op.abandon().await?;
            return Ok(None);
        };
        op.commit(&format!("A turn of the automation “{}” begins", row.name), false).await?;
        Ok(Some(DueAutomation { name: row.name, plan, run }))
    }

    /// Runs a turn that was taken. `file`: where handed over prices go. What ended it is in its answer, not an error.
    pub async fn run_automation(
        &self,
        due: DueAutomation,
        private_origins: &[String],
        file: &Path,
        progress: &Progress,
    ) -> Result<AutomationTurn, OperationError> {
        let started_at = self.now();
        let acting = self.acting_as(&due.name);
        let mut turn = Turn { words: Vec::new(), figures: AutomationFigures::default(), file: None };
        let outcome = match turn.go(&acting, &due.plan, (private_origins, file), progress).await {
            Ok(outcome) => outcome,
            Err(error) if error.kind == ErrorKind::Cancelled => {
                turn.words.push("A person stopped it.".to_owned());
                AutomationOutcome::Cancelled
            }
            Err(error) => {
                turn.words.push(error.message);
                AutomationOutcome::Failed
            }
        };
        let Turn { words, figures, file } = turn;
        let report = Report { outcome, words, figures, file };
        let text = serde_json::to_string(&report).map_err(|error| OperationError::fault(error.to_string()))?;
        let mut op = acting.begin("end_automation_turn", Durability::Full).await?;
        op.end_automation_run(due.run, &text).await?;
        let figures = report.figures;
        let counts = format!("{} approved, {} handed over", figures.approved, figures.handed_over);
        op.commit(&format!("A turn of the automation “{}” ended ({outcome}): {counts}", due.name), false).await?;
        let row = AutomationRunRow {
            key: due.run,
            name: due.name,
            started_at,
            finished_at: Some(self.now()),
            report: Some(text),
        };
        Ok(read(row))
    }

    /// The same workspace, acting under an automation's name.
    fn acting_as(&self, name: &str) -> Self {
        let actor: Arc<str> = format!("Automation “{name}”").into();
        Self { actor: Arc::new(RwLock::new(actor)), ..self.clone() }
    }
}

/// What a turn has done so far.
struct Turn {
    words: Vec<String>,
    figures: AutomationFigures,
    file: Option<PathBuf>,
}

impl Turn {
    async fn go(
        &mut self,
        workspace: &Workspace,
        plan: &AutomationPlan,
        (private_origins, file): (&[String], &Path),
        progress: &Progress,
    ) -> Result<AutomationOutcome, OperationError> {
        if self.is_stopped(workspace).await? {
            return Ok(AutomationOutcome::Stopped);
        }
        if plan.collect {
            self.collect(workspace, plan, private_origins, progress).await?;
        }
        if self.is_stopped(workspace).await? {
            return Ok(AutomationOutcome::Stopped);
        }
        let priced = workspace.price(progress).await?;
        self.words.push(format!("Priced the catalogue: {} up, {} down.", priced.raised, priced.lowered));
        if !priced.held_for.is_empty() {
            self.words.push("The circuit breaker holds the batch: nothing was approved or handed over.".to_owned());
            self.words.extend(priced.held_for);
            return Ok(AutomationOutcome::Held);
        }
        if plan.approve {
            self.approve(workspace, plan).await?;
        }
        // The switch may have been thrown while the catalogue was priced.
        if self.is_stopped(workspace).await? {
            return Ok(AutomationOutcome::Stopped);
        }
        let handed = workspace.hand_over_by_itself(plan, file, progress).await?;
        self.words.push(handed.words);
        self.figures.handed_over = handed.prices;
        self.file = handed.file;
        Ok(AutomationOutcome::Done)
    }

    async fn is_stopped(&mut self, workspace: &Workspace) -> Result<bool, OperationError> {
        let stopped = workspace.publishing_stopped().await?;
        if stopped {
            self.words.push("Publishing and automation are stopped: nothing more was done.".to_owned());
        }
        Ok(stopped)
    }

    async fn collect(
        &mut self,
        workspace: &Workspace,
        plan: &AutomationPlan,
        private_origins: &[String],
        progress: &Progress,
    ) -> Result<(), OperationError> {
        let scope = CollectionScope { competitors: plan.competitors.clone(), ..CollectionScope::default() };
        let read = workspace.collect_scope(&scope, private_origins, progress).await?;
        if read.cancelled {
            return Err(OperationError::cancelled());
        }
        self.figures.pages = read.pages;
        self.figures.moved = read.moved;
        self.words.push(format!("Read {} pages: {} prices, {} moved.", read.pages, read.prices, read.moved));
        Ok(())
    }

    async fn approve(&mut self, workspace: &Workspace, plan: &AutomationPlan) -> Result<(), OperationError> {
        let snapshot = workspace.snapshot().await?;
        let now = workspace.now();
        let masks: Vec<Vec<bool>> =
            (0..snapshot.lists.len()).map(|list| rows_in_scope(&plan.scope, &snapshot, list, now)).collect();
        let masks = Arc::new(masks);
        let within = |case: &PolicyCase| masks[case.list][case.row as usize];
        let policy = workspace.approval_policy().await?;
        let decided = workspace.approve_by_policy(&policy, within).await?;
        let (left, exceptions) = waiting_within(workspace, &snapshot, &masks).await?;
        self.figures.approved = decided.decided;
        self.figures.proposed = decided.decided + left;
        self.figures.left = left;
        self.figures.exceptions = exceptions;
        self.words.push(format!(
            "The policy approved {} of {} changes in its scope; {left} changes and {exceptions} exceptions wait for a person.",
            decided.decided, self.figures.proposed
        ));
        Ok(())
    }
}

/// Changes and exceptions that wait in the rows marked, by list and row.
async fn waiting_within(
    workspace: &Workspace,
    snapshot: &Arc<Snapshot>,
    masks: &Arc<Vec<Vec<bool>>>,
) -> Result<(u64, u64), OperationError> {
    let (store, snapshot, masks) = (workspace.store.clone(), snapshot.clone(), masks.clone());
    in_background(move || {
        let (mut changes, mut exceptions) = (0, 0);
        store.snapshot_reader()?.stream_waiting(&ProductFilter::default(), |product, list, is_exception| {
            let row = u32::try_from(product).ok().and_then(|key| snapshot.row_of_key(key));
            if let Some((row, list)) = row.zip(snapshot.list_of_key(list))
                && masks[list][row as usize]
            {
                *(if is_exception { &mut exceptions } else { &mut changes }) += 1;
            }
        })?;
        Ok((changes, exceptions))
    })
    .await
}
