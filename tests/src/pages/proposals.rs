//! Proposals: what waits, the way to each price, decisions, the export.

use anyhow::{Context, Result};

use crate::App;

/// The screen Proposals.
pub struct ProposalsPage<'a>(&'a App);

impl<'a> ProposalsPage<'a> {
    pub(crate) const fn on(app: &'a App) -> Self {
        Self(app)
    }

    /// Prices the catalogue and waits for proposals.
    pub async fn price_now(&self) -> Result<()> {
        self.0.click("price-now").await?;
        self.0.see("proposal-row").await?;
        // The button is disabled while the run goes on.
        self.0.see_css("[data-testid=price-now]:enabled").await.map(drop)
    }

    /// Shows a group of proposals: `exceptions`, `ordinary-changes`, `approved`, …
    pub async fn show(&self, group: &str) -> Result<()> {
        let css = format!("[data-testid=tab-{group}]");
        self.0.click_css(&css).await?;
        self.0.see_css(&format!("{css}[aria-pressed=true]")).await.map(drop)
    }

    /// The number that stands on a group.
    pub async fn group_count(&self, group: &str) -> Result<u64> {
        let text = self.0.text_that(&format!("tab-{group}"), |text| number(text).is_some()).await?;
        number(&text).context("the number was read a moment ago")
    }

    /// Waits until as many proposals are shown as expected.
    pub async fn count_that(&self, condition: impl Fn(u64) -> bool) -> Result<u64> {
        let text = self.0.text_that("proposals-count", |text| number(text).is_some_and(&condition)).await?;
        number(&text).context("the number was read a moment ago")
    }

    /// Opens the first proposal and gives the way to its price.
    pub async fn open_first(&self) -> Result<String> {
        self.0.click("proposal-row").await?;
        self.0.text_that("price-way", |text| text.contains('€')).await
    }

    /// Sets a price of one's own for the proposal that is open.
    pub async fn set_price(&self, price: &str, reason: &str) -> Result<()> {
        self.0.click("hand-price").await?;
        self.set_price_again(price, reason).await
    }

    /// Sets another price in the form that is open.
    pub async fn set_price_again(&self, price: &str, reason: &str) -> Result<()> {
        self.0.fill("hand-price-amount", price).await?;
        self.0.fill("hand-price-reason", reason).await?;
        self.0.click("hand-price-set").await
    }

    /// Closes the proposal that is open.
    pub async fn close(&self) -> Result<()> {
        self.0.click("detail-close").await?;
        self.0.gone("detail-panel").await
    }

    /// Marks the first proposals in view.
    pub async fn mark_first(&self, count: usize) -> Result<()> {
        for place in 2..count + 2 {
            let row = format!("[data-testid=proposal-row][aria-rowindex=\"{place}\"]");
            self.0.click_css(&format!("{row} input[type=checkbox]")).await?;
            self.0.see_css(&format!("{row}[aria-selected=true]")).await?;
        }
        Ok(())
    }

    /// Rejects what is marked, with a reason.
    pub async fn reject_marked(&self, reason: &str) -> Result<()> {
        self.0.fill("decision-reason", reason).await?;
        self.0.click("reject").await
    }

    /// Approves all that is shown.
    pub async fn approve_all(&self) -> Result<()> {
        self.0.click("approve-all").await
    }

    /// Puts the previous prices of the newest hand-over back.
    pub async fn put_newest_back(&self) -> Result<()> {
        self.0.click("hand-overs").await?;
        self.0.click("look-back").await?;
        self.0.click("put-back").await
    }

    /// Waits until the hand-overs tell that one was taken back.
    pub async fn taken_back(&self) -> Result<()> {
        self.0.see_css(".hand-overs .mark").await.map(drop)
    }

    /// Looks at what publishing would do, publishes, and gives what became of it.
    pub async fn publish(&self) -> Result<String> {
        self.0.click("publish").await?;
        self.0.click("publish-dry-run").await?;
        self.0.text_that("delivery-report", |text| text.contains("would be sent")).await?;
        self.0.click("publish-now").await?;
        let report = self.0.text_that("delivery-report", |text| text.contains("are in the shop")).await?;
        self.0.click("publish").await?;
        Ok(report)
    }

    /// Opens the hand-overs and gives where the newest to a shop stands.
    pub async fn newest_publication(&self) -> Result<String> {
        self.0.click("hand-overs").await?;
        self.0.text("publication-state").await
    }

    /// Puts the previous prices of the newest hand-over back in its shop. The hand-overs are open.
    pub async fn put_newest_back_in_shop(&self) -> Result<()> {
        self.0.click("look-at-prices").await?;
        self.0.see_css(".hand-overs tbody tr").await?;
        self.0.click("look-back").await?;
        self.0.click("put-back-in-shop").await
    }

    /// Exports what is approved as CSV.
    pub async fn export_csv(&self) -> Result<()> {
        self.0.click("export-approved").await?;
        self.0.click("export-approved-csv").await
    }
}

/// The last number of a text, in whatever grouping.
pub(super) fn number(text: &str) -> Option<u64> {
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, ',' | '.' | '\u{a0}' | '\u{202f}');
    let last = text.split(|c: char| !is_part(c)).rfind(|part| part.contains(|c: char| c.is_ascii_digit()))?;
    last.chars().filter(char::is_ascii_digit).collect::<String>().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn the_number_of_a_label_is_read_in_every_grouping() {
        assert_eq!(number("Ordinary changes 1,204"), Some(1_204));
        assert_eq!(number("12 proposals"), Some(12));
        assert_eq!(number("Ordinary changes\n1\u{202f}204"), Some(1_204));
        assert_eq!(number("Approved"), None);
    }
}
