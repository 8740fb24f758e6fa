//! Settings: appearance, among others.

use anyhow::Result;

use crate::App;

/// The screen Settings.
pub struct SettingsPage<'a>(&'a App);

impl<'a> SettingsPage<'a> {
    pub(crate) const fn on(app: &'a App) -> Self {
        Self(app)
    }

    /// Chooses a theme and gives the background that the page has then.
    pub async fn choose_theme(&self, theme: &str) -> Result<String> {
        let background = "return [getComputedStyle(document.body).backgroundColor]";
        self.0.click_css(&format!("label:has([data-testid=theme-{theme}])")).await?;
        Ok(self.0.strings(background).await?.concat())
    }

    /// Chooses a compatible server for the assistant, tests it, saves, and gives what is said to leave this machine.
    pub async fn choose_model(&self, url: &str, model: &str) -> Result<String> {
        self.0.click_css("[data-testid=model-kind] option[value=compatible]").await?;
        self.0.fill("model-url", url).await?;
        self.0.fill("model-name", model).await?;
        self.0.click("model-test").await?;
        self.0.text_that("model-tested", |text| text.starts_with("Reached")).await?;
        self.0.click("save-model").await?;
        self.0.text_that("model-leaves", |text| text.contains("this machine")).await
    }

    /// Tries to save a server elsewhere, and gives the refusal.
    pub async fn choose_model_elsewhere(&self, url: &str) -> Result<String> {
        self.0.fill("model-url", url).await?;
        self.0.click("save-model").await?;
        self.0.text_that("toast", |text| text.contains("Not saved")).await
    }
}
