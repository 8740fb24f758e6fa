//! How collection stands: by competitor, by run, and what failed.

use app_contract::{CollectionRun, CollectionView, CompetitorCoverage, FailureGroup, FailurePage, FailureRow};
use pricing_domain::ReadState;

use crate::competitors::estimate;
use crate::{OperationError, Workspace};

impl Workspace {
    /// How collection stands.
    pub async fn collection(&self) -> Result<CollectionView, OperationError> {
        let now = self.now();
        let (listings, due) = self.store.listing_counts(now).await?;
        let settings = self.collection_settings().await?;
        let competitors = self.store.competitor_coverage(now).await?;
        let own = self.settings_by_competitor().await?;
        let known = self.store.competitors().await?;
        // Competitors are visited side by side: the slowest one decides.
        let seconds = competitors.iter().map(|row| {
            let key = known.iter().find(|competitor| competitor.id == row.id).map(|competitor| competitor.key);
            let its = key.and_then(|key| own.get(&key)).cloned().unwrap_or_default();
            let delay_ms = its.delay_ms.unwrap_or(settings.delay_ms);
            let sites = self.sites(&origins_of(&row.sample_urls), delay_ms, now);
            estimate(row.due, &sites, &its, delay_ms).seconds
        });
        let estimate_seconds = seconds.max().unwrap_or(0);
        let runs = self.store.collection_runs(20).await?;
        Ok(CollectionView {
            listings,
            due,
            estimate_seconds,
            runs: runs
                .into_iter()
                .map(|run| CollectionRun {
                    started_at: run.started_at,
                    finished_at: run.finished_at,
                    pages: run.pages,
                    prices: run.counts.prices,
                    moved: run.counts.moved,
                    failed: run.counts.failed,
                    cancelled: run.cancelled,
                })
                .collect(),
            competitors: competitors
                .into_iter()
                .map(|row| CompetitorCoverage {
                    id: row.id,
                    name: row.name,
                    origins: origins_of(&row.sample_urls),
                    listings: row.listings,
                    fresh: row.fresh,
                    due: row.due,
                    last_read: row.last_read,
                })
                .collect(),
            failures: self.failure_groups().await?,
        })
    }

    pub(crate) async fn failure_groups(&self) -> Result<Vec<FailureGroup>, OperationError> {
        let counts = self.store.failure_counts().await?;
        Ok(counts
            .into_iter()
            .map(|(state, count)| FailureGroup { state, advice: state.advice().to_owned(), count })
            .collect())
    }

    /// The listings whose newest reading ended in a state.
    pub async fn failures(&self, state: ReadState, offset: u64, limit: u32) -> Result<FailurePage, OperationError> {
        let (matching, rows) = self.store.list_failures(state, offset, limit.min(500)).await?;
        let rows = rows.into_iter().map(|row| FailureRow {
            listing: row.listing,
            product: row.product,
            sku: row.sku,
            name: row.name,
            competitor: row.competitor,
            url: row.url,
            reason: row.reason,
            at: row.at,
            last_price: row.last_price,
            last_seen: row.last_seen,
        });
        Ok(FailurePage { matching, offset, rows: rows.collect() })
    }
}

fn origins_of(urls: &[String]) -> Vec<String> {
    let mut origins: Vec<String> = urls
        .iter()
        .filter_map(|url| url::Url::parse(url).ok())
        .map(|url| url.origin().ascii_serialization())
        .filter(|origin| origin != "null")
        .collect();
    origins.dedup();
    origins
}
