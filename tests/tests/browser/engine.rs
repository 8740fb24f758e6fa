//! The engine in a page decides what the engine here decides.

use std::path::Path;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, ensure};
use app_contract::{CloseWorkspace, GetRuleSet, GetStatus, OpenSample};
use journeys::in_browser;
use pricing_domain::{Instant, MICROSECONDS_PER_DAY};
use pricing_operations::Workspace;

/// A week after the sample's newest prices, so that some rules, offers and promotions are over and others began.
const LATER_DAYS: i64 = 7;

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_is_priced_to_the_same_cents_in_a_page() -> Result<()> {
    in_browser("browser-engine", async |browser| {
        browser.host.call(OpenSample {}).await?;
        let rules = browser.host.call(GetRuleSet {}).await?;
        let status = browser.host.call(GetStatus {}).await?;
        let workspace = status.workspace.context("the sample is open")?;
        browser.host.call(CloseWorkspace {}).await?;

        let since = SystemTime::now().duration_since(UNIX_EPOCH)?;
        let opened = Instant(i64::try_from(since.as_micros())?);
        let workspace = Workspace::open(Path::new(&workspace.location), "journey", Arc::new(move || opened)).await?;
        let snapshot = workspace.snapshot().await?;
        ensure!(snapshot.row_count() == 2_000, "{} products", snapshot.row_count());
        let mut bytes = Vec::new();
        snapshot.write_cache(&mut bytes)?;
        workspace.close().await;

        let rules = serde_json::to_string(&rules)?;
        let mut seen = Vec::new();
        for days in [0, LATER_DAYS] {
            let at = opened.0 + days * MICROSECONDS_PER_DAY;
            let here = engine_in_wasm::digests(&bytes, &rules, at).map_err(anyhow::Error::msg)?;
            let there = browser.priced_in_page(&bytes, &rules, at).await?;
            ensure!(here == there, "here {here:?}, in a page {there:?}");
            seen.extend(here);
        }
        seen.sort_unstable();
        seen.dedup();
        ensure!(seen.len() == 4, "two lists on two days give four digests: {seen:?}");
        Ok(())
    })
    .await
}
