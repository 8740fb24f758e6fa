//! What runs by itself, at this host: turns as jobs, one at a time, and the files that they wrote.

use std::path::PathBuf;

use app_contract::{AutomationDigest, AutomationTurnView, AutomationsView, CommandError, JobKind, JobResult, JobView};
use pricing_domain::{AutomationId, CivilDate};
use pricing_operations::{AutomationTurn, DueAutomation, Workspace};

use crate::errors::crossing;
use crate::files::free_name;
use crate::host::Host;

impl Host {
    pub(crate) async fn automations_view(&self) -> Result<AutomationsView, CommandError> {
        let (mut view, turns) = self.workspace().await?.automations().await.map_err(crossing)?;
        view.turns = turns.into_iter().map(|turn| self.with_file(turn)).collect();
        Ok(view)
    }

    pub(crate) async fn automation_digest(
        &self,
        day: Option<CivilDate>,
        time_zone: &str,
    ) -> Result<AutomationDigest, CommandError> {
        let (mut digest, turns) = self.workspace().await?.automation_digest(day, time_zone).await.map_err(crossing)?;
        digest.turns = turns.into_iter().map(|turn| self.with_file(turn)).collect();
        Ok(digest)
    }

    /// Starts a turn before its time.
    pub(crate) async fn run_automation_now(&self, automation: AutomationId) -> Result<JobView, CommandError> {
        self.refuse_busy()?;
        let workspace = self.workspace().await?;
        let due = workspace.take_automation_now(automation).await.map_err(crossing)?;
        self.start_turn(&workspace, due).await
    }

    /// Starts what is due, one turn at a time: while one is at work, or a person prices, the next waits.
    pub(crate) async fn take_automation_turn(&self, workspace: &Workspace) -> Result<(), CommandError> {
        if self.refuse_busy().is_err() {
            return Ok(());
        }
        if let Some(due) = workspace.take_due_automation().await.map_err(crossing)? {
            self.start_turn(workspace, due).await?;
        }
        Ok(())
    }

    fn refuse_busy(&self) -> Result<(), CommandError> {
        let busy = |job: &JobView| matches!(job.kind, JobKind::Automation | JobKind::Pricing);
        match self.jobs().running().iter().find(|job| busy(job)) {
            None => Ok(()),
            Some(other) => Err(CommandError::new(
                app_contract::ErrorCode::Conflict,
                format!("“{}” is still at work. Wait for it, or cancel it.", other.title),
            )),
        }
    }

    async fn start_turn(&self, workspace: &Workspace, due: DueAutomation) -> Result<JobView, CommandError> {
        let private = self.private_origins(workspace).await?;
        let file = self.handed_over_file(&due.name)?;
        let (host, workspace) = (self.clone(), workspace.clone());
        let title = format!("Automation “{}”", due.name);
        self.start_job(JobKind::Automation, title, "steps", move |progress| async move {
            let turn = workspace.run_automation(due, &private, &file, &progress).await?;
            Ok(JobResult::Automation(host.with_file(turn)))
        })
    }

    /// A file of its own for what a turn hands over, among those that are kept.
    fn handed_over_file(&self, name: &str) -> Result<PathBuf, CommandError> {
        let folder = self.options().data_folder.join("handed-over");
        std::fs::create_dir_all(&folder)
            .map_err(|error| CommandError::fault(format!("The folder {} cannot be made: {error}", folder.display())))?;
        let plain = |sign: char| if sign.is_alphanumeric() { sign } else { '-' };
        let name: String = name.chars().map(plain).collect();
        Ok(free_name(&folder, &format!("{}-{}", name.to_lowercase(), self.now().utc_date()), "csv"))
    }

    fn with_file(&self, turn: AutomationTurn) -> AutomationTurnView {
        // A file that a person has moved away is not offered any more.
        let file = turn.file.and_then(|path| self.register_input(path).ok());
        AutomationTurnView { file, ..turn.view }
    }
}
