//! Today: figures and what needs a person.

use anyhow::Result;

use crate::App;

/// The screen Today.
pub struct TodayPage<'a>(&'a App);

impl<'a> TodayPage<'a> {
    pub(crate) const fn on(app: &'a App) -> Self {
        Self(app)
    }

    /// Waits until it shows something, and gives all its text.
    pub async fn text_with(&self, part: &str) -> Result<String> {
        self.0.text_that("page-today", |text| text.to_lowercase().contains(&part.to_lowercase())).await
    }
}
