//! Connections: shops and other receivers of prices.

use anyhow::Result;

use crate::App;

/// The screen Connections.
pub struct ConnectionsPage<'a>(&'a App);

impl<'a> ConnectionsPage<'a> {
    pub(crate) const fn on(app: &'a App) -> Self {
        Self(app)
    }

    /// Adds a WooCommerce shop; its panel opens.
    pub async fn add_woo_commerce(&self, name: &str, address: &str, key: &str, secret: &str) -> Result<()> {
        self.0.click("add-connection").await?;
        self.0.fill("connection-name", name).await?;
        self.0.fill("connection-address", address).await?;
        self.0.fill("connection-key", key).await?;
        self.0.fill("connection-secret", secret).await?;
        self.0.click("save-connection").await?;
        self.0.see("test-connection").await.map(drop)
    }

    /// Tests the connection that is open, and gives what it says of itself.
    pub async fn test(&self) -> Result<String> {
        self.0.click("test-connection").await?;
        self.0.text_that("connection-facts", |text| text.contains("read and change prices")).await
    }

    /// Looks at what publishing would do, and gives the report.
    pub async fn dry_run(&self) -> Result<String> {
        self.0.click("dry-run").await?;
        self.0.text("delivery-report").await
    }

    /// What became of the newest of each task.
    pub async fn runs(&self, expected: &str) -> Result<String> {
        self.0.text_that("connection-runs", |text| text.contains(expected)).await
    }

    /// Removes the connection that is open.
    pub async fn remove(&self) -> Result<()> {
        self.0.click("remove-connection").await?;
        self.0.click("confirm-remove-connection").await?;
        self.0.gone("connection").await
    }
}
