//! Matches: found at a competitor, reviewed with the keyboard.

use anyhow::{Context, Result};

use super::proposals::number;
use crate::App;

/// The screen Matches.
pub struct MatchesPage<'a>(&'a App);

impl<'a> MatchesPage<'a> {
    pub(crate) const fn on(app: &'a App) -> Self {
        Self(app)
    }

    /// Looks for products on a competitor's site and waits for the matches.
    pub async fn find_at(&self, competitor: &str, site: &str) -> Result<()> {
        self.0.click("find-matches").await?;
        self.0.fill("match-competitor", competitor).await?;
        self.0.fill("match-site", site).await?;
        self.0.click("start-matching").await?;
        self.0.see("match-row").await.map(drop)
    }

    /// The number that stands on a group: `certain`, `review`, `accepted`, …
    pub async fn group_that(&self, group: &str, condition: impl Fn(u64) -> bool) -> Result<u64> {
        let testid = format!("tab-{group}");
        let text = self.0.text_that(&testid, |text| number(text).is_some_and(&condition)).await?;
        number(&text).context("the number was read a moment ago")
    }

    /// Opens the first match and gives what the panel says.
    pub async fn open_first(&self) -> Result<String> {
        self.0.click("match-row").await?;
        self.0.text_that("match-panel", |text| text.contains("What tells")).await
    }

    /// Decides the open match by key: `a`, `e`, `r` or `n`.
    pub async fn press(&self, key: &str) -> Result<()> {
        self.0.press(key.to_owned()).await
    }
}
