//! Products: the grid, its search, filters and order, and the panel of one product.

use anyhow::{Context, Result};
use thirtyfour::Key;

use crate::App;

/// The rows in view from top to bottom. Rows are drawn where they are needed, so their order in the page is another.
const ROWS: &str = "
    return [...document.querySelectorAll('[data-testid=grid-row]')]
        .sort((a, b) => a.getAttribute('aria-rowindex') - b.getAttribute('aria-rowindex'))
        .map((row) => row.dataset.sku);
";

/// The screen Products.
pub struct ProductsPage<'a>(&'a App);

impl<'a> ProductsPage<'a> {
    pub(crate) const fn on(app: &'a App) -> Self {
        Self(app)
    }

    /// Types into the search box.
    pub async fn search(&self, words: &str) -> Result<()> {
        self.0.fill("grid-search", words).await
    }

    /// Waits until the count is as expected, and gives how many match and how many there are.
    pub async fn counts_that(&self, condition: impl Fn(u64, u64) -> bool) -> Result<(u64, u64)> {
        let holds = |text: &str| counts(text).is_some_and(|(matching, total)| condition(matching, total));
        let text = self.0.text_that("grid-count", holds).await?;
        counts(&text).context("the count was read a moment ago")
    }

    /// Waits until the rows in view are as expected, and gives their SKUs.
    pub async fn rows_that(&self, condition: impl Fn(&[String]) -> bool) -> Result<Vec<String>> {
        self.0
            .wait("the rows to be as expected", async || {
                let rows = self.0.strings(ROWS).await.unwrap_or_default();
                Ok(condition(&rows).then_some(rows))
            })
            .await
    }

    /// Waits until the rows stand still: a heading says the new order before the rows are there.
    pub async fn settled_rows(&self) -> Result<Vec<String>> {
        const STILL: std::time::Duration = std::time::Duration::from_millis(400);
        self.0
            .wait("the rows to stand still", async || {
                let before = self.0.strings(ROWS).await.unwrap_or_default();
                tokio::time::sleep(STILL).await;
                let rows = self.0.strings(ROWS).await.unwrap_or_default();
                Ok((!rows.is_empty() && rows == before).then_some(rows))
            })
            .await
    }

    /// Sorts by a column; a second time turns the order round.
    pub async fn sort_by(&self, column: &str) -> Result<()> {
        self.0.click(&format!("grid-header-{column}")).await
    }

    /// Whether the grid says that a column is sorted in a direction.
    pub async fn is_sorted(&self, column: &str, direction: &str) -> Result<bool> {
        let css = format!("[aria-sort={direction}]:has([data-testid=grid-header-{column}])");
        Ok(self.0.count(&css).await? > 0)
    }

    /// Adds a filter.
    pub async fn filter(&self, filter: &str) -> Result<()> {
        self.0.click("filter-add").await?;
        self.0.click(&format!("filter-{filter}")).await
    }

    /// Opens a product beside the grid.
    pub async fn open(&self, sku: &str) -> Result<()> {
        self.0.click_css(&format!("[data-testid=grid-row][data-sku=\"{sku}\"]")).await?;
        self.0.text_that("detail-panel", |text| text.contains(sku)).await.map(drop)
    }

    /// Moves through the chart with the keyboard, and gives the values at one instant.
    pub async fn chart_values_by_keyboard(&self) -> Result<String> {
        let chart = self.0.see("price-chart").await?;
        chart.scroll_into_view().await?;
        chart.focus().await?;
        self.0.press(char::from(Key::Right).to_string()).await?;
        self.0.text_that("chart-hover", |text| text.contains('€')).await
    }

    /// Points at the middle of the chart, and gives the values at that instant.
    pub async fn chart_values_by_pointer(&self) -> Result<String> {
        let chart = self.0.see("price-chart").await?;
        chart.scroll_into_view().await?;
        self.0.driver().action_chain().move_to_element_center(&chart).perform().await?;
        self.0.text_that("chart-hover", |text| text.contains('€')).await
    }

    /// How many offers are listed, once one of them has a price.
    pub async fn offers(&self) -> Result<usize> {
        self.0.text_that("offers-table", |text| text.contains('€')).await?;
        self.0.count("[data-testid=offers-table] [data-testid=offer-evidence]").await
    }

    /// Opens the evidence of the first offer and gives all that the panel then says.
    pub async fn evidence(&self) -> Result<String> {
        self.0.click("offer-evidence").await?;
        self.0.text_that("detail-panel", |text| text.contains("SHA-256")).await
    }

    /// How many steps the way to the product's price has, once it is there.
    pub async fn price_way(&self) -> Result<usize> {
        self.0.text_that("price-way", |text| text.contains('€')).await?;
        self.0.count("[data-testid=price-way] ol > li").await
    }

    /// Closes the product.
    pub async fn close(&self) -> Result<()> {
        self.0.click("detail-close").await?;
        self.0.gone("detail-panel").await
    }
}

/// “1,204 of 1,000,000” in whatever grouping.
fn counts(text: &str) -> Option<(u64, u64)> {
    let number = |part: &str| part.chars().filter(char::is_ascii_digit).collect::<String>().parse().ok();
    let (matching, total) = text.split_once(" of ")?;
    Some((number(matching)?, number(total)?))
}

#[cfg(test)]
mod tests {
    use super::counts;

    #[test]
    fn counts_are_read_in_every_grouping() {
        assert_eq!(counts("1,204 of 1,000,000"), Some((1_204, 1_000_000)));
        assert_eq!(counts("0 of 2\u{202f}000"), Some((0, 2_000)));
        assert_eq!(counts(""), None);
    }
}
