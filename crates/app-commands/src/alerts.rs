//! Alerts at a host: looked at after jobs and writes, and every minute while it stays open; sent when they are due.

use std::sync::atomic::Ordering;

use app_contract::{AlertNotice, CommandError, Event, SendOutcome, Tag};
use pricing_domain::{AlertWay, AlertWays};

use crate::errors::crossing;
use crate::host::Host;

impl Host {
    /// Notes that prices or facts may have changed, so that alerts are looked at before this host ends.
    pub(crate) fn note_for_alerts(&self, written: &[Tag]) {
        // Opening a workspace makes everything stale on screen and changes nothing.
        let opened = written.contains(&Tag::Workspace);
        if !opened && written.iter().any(|tag| matches!(tag, Tag::Products | Tag::Offers)) {
            self.alerts_due().store(true, Ordering::Release);
        }
    }

    /// Looks whether something crossed its limit. What goes wrong is logged: whoever wrote has done so all the same.
    pub(crate) async fn look_for_alerts(&self) {
        let Some(workspace) = self.open_workspace_if_any().await else { return };
        self.alerts_due().store(false, Ordering::Release);
        match workspace.look_for_alerts().await {
            Ok(0) => {}
            Ok(_) => self.stale(&[Tag::Alerts]),
            Err(error) => tracing::warn!(%error, "alerts could not be looked at"),
        }
    }

    /// Sends what is due. Only a host that stays open shows notifications.
    pub(crate) async fn send_due_alerts(&self) {
        let Some(workspace) = self.open_workspace_if_any().await else { return };
        let with_desktop = self.schedules_followed().load(Ordering::Acquire);
        match workspace.send_due_alerts(with_desktop).await {
            Ok(sent) => {
                if sent.any {
                    self.stale(&[Tag::Alerts]);
                }
                sent.notices.into_iter().for_each(|notice| self.notify(notice));
            }
            Err(error) => tracing::warn!(%error, "alerts could not be sent"),
        }
    }

    /// What is left to do before this host ends, where nobody follows schedules.
    pub(crate) async fn settle_alerts(&self) {
        if self.schedules_followed().load(Ordering::Acquire) || !self.alerts_due().load(Ordering::Acquire) {
            return;
        }
        self.look_for_alerts().await;
        self.send_due_alerts().await;
    }

    pub(crate) async fn send_test(&self, ways: &AlertWays) -> Result<Vec<SendOutcome>, CommandError> {
        let outcomes = self.workspace().await?.send_test_message(ways).await.map_err(crossing)?;
        if outcomes.iter().any(|outcome| outcome.way == AlertWay::Desktop) {
            self.notify(AlertNotice {
                title: "Test of alerts".into(),
                text: "Notifications arrive, so alerts will too.".into(),
            });
        }
        Ok(outcomes)
    }

    fn notify(&self, notice: AlertNotice) {
        self.events().send(Event::Alert { notice });
    }
}
