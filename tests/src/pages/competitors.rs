//! Competitors: coverage and freshness, each with its schedule, settings and recipes.

use anyhow::Result;

use crate::App;

/// The screen Competitors.
pub struct CompetitorsPage<'a>(&'a App);

impl<'a> CompetitorsPage<'a> {
    pub(crate) const fn on(app: &'a App) -> Self {
        Self(app)
    }

    /// Opens the first competitor.
    pub async fn open_first(&self) -> Result<()> {
        self.0.click("competitor").await?;
        self.0.see("competitor-panel").await.map(drop)
    }

    /// Looks at what the offered schedule would do, saves it, and gives what the panel then says.
    pub async fn schedule(&self) -> Result<String> {
        self.0.click("look-at-schedule").await?;
        self.0.click("save-schedule").await?;
        self.0.text_that("competitor-panel", |text| text.contains("next ")).await
    }

    /// Sets the least time between two requests and saves it.
    pub async fn set_delay(&self, milliseconds: &str) -> Result<()> {
        self.0.click("competitor-how").await?;
        self.0.fill("competitor-delay", milliseconds).await?;
        self.0.click("save-competitor").await?;
        self.0.text_that("toast", |text| text.contains("Saved")).await.map(drop)
    }

    /// Opens the quarantine.
    pub async fn quarantine(&self) -> Result<()> {
        self.0.click("to-quarantine").await?;
        self.0.see("page-quarantine").await.map(drop)
    }
}
