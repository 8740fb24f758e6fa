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
}
