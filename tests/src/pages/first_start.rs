//! What is shown while no workspace is open.

use anyhow::Result;

use crate::App;

/// The page of a first start.
pub struct FirstStart<'a>(&'a App);

impl<'a> FirstStart<'a> {
    /// Waits for it.
    pub async fn seen(app: &'a App) -> Result<Self> {
        app.see("first-start").await?;
        Ok(Self(app))
    }

    /// Opens the sample and waits until it is there.
    pub async fn open_sample(self) -> Result<()> {
        self.0.click("open-sample").await?;
        self.0.see("page-today").await.map(drop)
    }

    /// Creates a workspace from the catalogue that the person picks.
    pub async fn import_catalogue(self, company: &str) -> Result<()> {
        self.0.click("import-catalogue").await?;
        self.0.fill("company-name", company).await?;
        self.0.click("choose-catalogue").await?;
        self.0.text_that("choose-catalogue", |text| text.ends_with(".csv")).await?;
        self.0.click("create-workspace").await
    }

    /// Whether a workspace can be opened by its file.
    pub async fn offers_to_open_a_file(&self) -> Result<bool> {
        let found = self.0.script("return document.querySelector('[data-testid=open-workspace]') !== null").await?;
        Ok(found == true)
    }
}
