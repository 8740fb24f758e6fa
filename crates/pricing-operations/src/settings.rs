//! Settings of the workspace.

use app_contract::{CollectionSettings, SettingsView};
use pricing_store::Durability;

use crate::{OperationError, Workspace};

const COLLECTION: &str = "collection";
const STOPPED: &str = "publishing_stopped";

const DEFAULT_COLLECTION: CollectionSettings =
    CollectionSettings { delay_ms: 1_000, interval_hours: 24, timeout_seconds: 20, retries: 2, fetch_pictures: false };

impl Workspace {
    pub(crate) async fn collection_settings(&self) -> Result<CollectionSettings, OperationError> {
        let stored = self.store.setting(COLLECTION).await?;
        Ok(stored.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or(DEFAULT_COLLECTION))
    }

    /// All settings. `log_folder` is the host's.
    pub async fn settings(&self, log_folder: &str) -> Result<SettingsView, OperationError> {
        Ok(SettingsView {
            company: self.store.setting("company").await?.unwrap_or_default(),
            location: self.path().display().to_string(),
            size_bytes: self.store.size_bytes(),
            collection: self.collection_settings().await?,
            log_folder: log_folder.to_owned(),
            counts: self.store.counts().await?,
        })
    }

    /// Changes the company's name and the politeness of collection.
    pub async fn save_settings(&self, company: &str, collection: &CollectionSettings) -> Result<(), OperationError> {
        if company.trim().is_empty() {
            return Err(OperationError::refused("Give the company a name."));
        }
        let CollectionSettings { delay_ms, interval_hours, timeout_seconds, retries, fetch_pictures: _ } = collection;
        if *delay_ms > 600_000 || !(1..=8_760).contains(interval_hours) {
            return Err(OperationError::refused(
                "The delay is at most ten minutes, and pages are read again after 1 to 8,760 hours.",
            ));
        }
        if !(1..=300).contains(timeout_seconds) || *retries > 10 {
            return Err(OperationError::refused("A page is given up after 1 to 300 seconds, with at most 10 retries."));
        }
        let text = serde_json::to_string(collection).map_err(|error| OperationError::fault(error.to_string()))?;
        let mut op = self.begin("save_settings", Durability::Full).await?;
        op.write_setting("company", company.trim()).await?;
        op.write_setting(COLLECTION, &text).await?;
        if op.rows() == 0 {
            return Ok(op.abandon().await?);
        }
        op.commit("Changed the settings", false).await?;
        Ok(())
    }

    /// Whether publishing and automation are blocked.
    pub async fn publishing_stopped(&self) -> Result<bool, OperationError> {
        Ok(self.store.setting(STOPPED).await?.as_deref() == Some("yes"))
    }

    /// Blocks publishing and automation, or allows them again.
    pub async fn set_publishing_stop(&self, stopped: bool, reason: &str) -> Result<(), OperationError> {
        let mut op = self.begin("set_publishing_stop", Durability::Full).await?;
        op.write_setting(STOPPED, if stopped { "yes" } else { "no" }).await?;
        if op.rows() == 0 {
            return Ok(op.abandon().await?);
        }
        let what = if stopped { "Stopped publishing" } else { "Allowed publishing again" };
        let summary = if reason.trim().is_empty() { what.to_owned() } else { format!("{what}: {}", reason.trim()) };
        op.commit(&summary, false).await?;
        Ok(())
    }
}
