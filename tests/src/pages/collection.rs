//! Collection: what is due, a run with its progress, failures.

use anyhow::Result;

use crate::App;

/// The screen Collection.
pub struct CollectionPage<'a>(&'a App);

impl<'a> CollectionPage<'a> {
    pub(crate) const fn on(app: &'a App) -> Self {
        Self(app)
    }

    /// Starts collecting and waits until progress is shown.
    pub async fn collect_now(&self) -> Result<()> {
        self.0.click("collect-now").await?;
        self.0.see("collection-progress").await.map(drop)
    }

    /// Cancels the running collection and waits until it has ended.
    pub async fn cancel(&self) -> Result<()> {
        self.0.click("collect-cancel").await?;
        self.0.gone("collection-progress").await
    }
}
