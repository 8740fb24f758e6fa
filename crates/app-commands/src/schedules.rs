//! What goes on by itself while a host stays open: whoever's turn has come is collected, each as a job of its own, what
//! runs by itself takes its turn, and hand-overs to shops whose time has come, or that were broken off, are taken up.

use std::sync::atomic::Ordering;
use std::time::Duration;

use app_contract::{CommandError, JobKind, JobResult, JobView};
use pricing_operations::{CollectionScope, DueTurn};

use crate::errors::crossing;
use crate::host::Host;

/// How often is looked whether a turn has come. After the machine slept, the first look takes what was missed.
const LOOK_EVERY: Duration = Duration::from_secs(15);
/// Alerts are looked at every so many looks: what other programs wrote, and prices that begin or end by the hour.
const ALERTS_EVERY: u64 = 4;

impl Host {
    /// Collects by schedule from now on, for as long as this host lives. A second call changes nothing.
    pub(crate) fn follow_schedules(&self) {
        if self.schedules_followed().swap(true, Ordering::AcqRel) {
            return;
        }
        let host = self.downgrade();
        tokio::spawn(async move {
            let mut resumed = None;
            for turn in 0u64.. {
                let Some(host) = host.upgrade() else { return };
                if let Err(error) = host.take_turns(&mut resumed).await {
                    tracing::warn!(message = %error.message, "schedules could not be followed");
                }
                if turn % ALERTS_EVERY == 0 && host.jobs().running().is_empty() {
                    host.look_for_alerts().await;
                }
                host.send_due_alerts().await;
                host.write_due_reports().await;
                drop(host);
                tokio::time::sleep(LOOK_EVERY).await;
            }
        });
    }

    /// Writes planned reports whose turn has come.
    async fn write_due_reports(&self) {
        let Some(workspace) = self.open_workspace_if_any().await else { return };
        match workspace.write_due_reports().await {
            Ok(0) => {}
            Ok(_) => self.stale(&[app_contract::Tag::Reports, app_contract::Tag::Changes]),
            Err(error) => tracing::warn!(%error, "planned reports could not be written"),
        }
    }

    /// Starts what is due. `resumed`: of which workspace turns that were broken off have been taken up again.
    async fn take_turns(&self, resumed: &mut Option<std::path::PathBuf>) -> Result<(), CommandError> {
        let Some(workspace) = self.open_workspace_if_any().await else { return Ok(()) };
        let mut turns = Vec::new();
        let is_first = resumed.as_deref() != Some(workspace.path());
        if is_first {
            turns.extend(workspace.unfinished_turns().await.map_err(crossing)?);
            *resumed = Some(workspace.path().to_owned());
        }
        turns.extend(workspace.take_due_turns().await.map_err(crossing)?);
        for DueTurn { name, scope, .. } in turns {
            self.collect_titled(format!("Collect {name}, as scheduled"), scope).await?;
        }
        self.take_import_sources(&workspace).await?;
        self.take_automation_turn(&workspace).await?;
        self.take_publications(&workspace, is_first).await
    }

    /// Starts collecting some competitors, beside collections that are at work.
    pub(crate) async fn collect_beside(&self, scope: CollectionScope) -> Result<JobView, CommandError> {
        let known = self.workspace().await?.competitors().await.map_err(crossing)?;
        let named = known.iter().filter(|one| scope.competitors.contains(&one.id)).map(|one| one.name.as_str());
        let names: Vec<&str> = named.collect();
        let title = match names.as_slice() {
            [] => "Collect competitor prices".to_owned(),
            [one] => format!("Collect {one}"),
            several => format!("Collect {} competitors", several.len()),
        };
        self.collect_titled(title, scope).await
    }

    async fn collect_titled(&self, title: String, scope: CollectionScope) -> Result<JobView, CommandError> {
        let workspace = self.workspace().await?;
        let private = self.private_origins(&workspace).await?;
        self.start_beside(JobKind::Collection, title, "pages", move |progress| async move {
            Ok(JobResult::Collection(workspace.collect_scope(&scope, &private, &progress).await?))
        })
    }
}
