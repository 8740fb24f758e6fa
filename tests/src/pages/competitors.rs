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

    /// Learns a recipe from a page and the price on it, and gives what is said of it.
    pub async fn learn(&self, url: &str, price: &str) -> Result<String> {
        self.0.click("competitor-recipes").await?;
        self.0.fill("learn-url", url).await?;
        self.0.fill("learn-price", price).await?;
        self.0.click("learn-recipe").await?;
        self.0.text_that("recipe-results", |text| text.contains("The recipe gave the price")).await
    }

    /// Saves the recipe that was learnt.
    pub async fn save_recipe(&self) -> Result<()> {
        self.0.click("save-recipe").await?;
        self.0.text_that("toast", |text| text.contains("The next collection uses it")).await.map(drop)
    }

    /// Opens the quarantine.
    pub async fn quarantine(&self) -> Result<()> {
        self.0.click("to-quarantine").await?;
        self.0.see("page-quarantine").await.map(drop)
    }
}
