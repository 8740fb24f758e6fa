//! Pages that a shop's sitemap lists with the same last change as when they were read are spared a visit.
//!
//! What the sitemap said then is compared as text with what it says now, so that neither clocks nor a sitemap that is
//! written late can make a changed page look old. A seventh of the pages is read each day all the same: some sitemaps
//! never tell.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use price_collection::Observation;
use pricing_domain::{Instant, ReadState};
use pricing_store::DueListing;
use url::Url;

use crate::collections::READER;
use crate::competitor_settings::site_rules;
use crate::matching::Visits;
use crate::{OperationError, Progress, Workspace};

/// Fewer pages are read sooner than the sitemap.
const FEWEST_PAGES: usize = 3;
/// Each page is read at least once in so many days.
const MOST_DAYS: i64 = 7;
const MICROSECONDS_PER_DAY: i64 = 86_400_000_000;

/// What sitemaps say of the last change of pages, by listing, with the version of the reader.
#[derive(Default)]
pub(crate) struct ListedChanges(HashMap<i64, String>);

impl ListedChanges {
    /// What is said of a listing's page.
    pub(crate) fn of(&self, listing: i64) -> Option<String> {
        self.0.get(&listing).cloned()
    }

    /// The pages that need no visit, as if their shop had said now that they did not change, and the others.
    pub(crate) fn spare(&self, leased: Vec<DueListing>, now: Instant) -> (Vec<Observation>, Vec<DueListing>) {
        let day = now.0.div_euclid(MICROSECONDS_PER_DAY);
        let (spared, asked): (Vec<_>, Vec<_>) = leased.into_iter().partition(|listing| {
            let known = listing.listed_change.as_ref();
            let turn = (listing.key + day).rem_euclid(MOST_DAYS) == 0;
            !turn && known.is_some() && known == self.0.get(&listing.key)
        });
        (spared.into_iter().map(|listing| unchanged(listing, now)).collect(), asked)
    }
}

fn unchanged(listing: DueListing, now: Instant) -> Observation {
    Observation {
        key: listing.key,
        url: listing.url,
        started_at: now,
        elapsed_ms: 0,
        status: None,
        state: ReadState::Product,
        unchanged: true,
        postponed: false,
        reason: "Its shop's sitemap says that it has not changed.".to_owned(),
        extraction: None,
        body_sha256: None,
        body: None,
        cache_policy: listing.cache.filter(|(reader, _)| reader == READER).map(|(_, policy)| policy),
        attempts: 0,
    }
}

impl Workspace {
    /// Asks the sitemaps of the competitors whose settings trust them. A shop without one is read as usual.
    pub(crate) async fn listed_changes(
        &self,
        leased: &[DueListing],
        private_origins: &[String],
        progress: &Progress,
    ) -> Result<ListedChanges, OperationError> {
        let mut listed = ListedChanges::default();
        for (competitor, settings) in self.settings_by_competitor().await? {
            let pages: Vec<&DueListing> = leased.iter().filter(|page| page.competitor_key == competitor).collect();
            if !settings.sitemap_dates || pages.len() < FEWEST_PAGES {
                continue;
            }
            let rules = Arc::new(site_rules(&settings, self.now()));
            let visits = Visits { private_origins, rules, progress };
            let roots: BTreeSet<Url> =
                pages.iter().filter_map(|page| Url::parse(&page.url).ok()?.join("/").ok()).collect();
            let mut changes = HashMap::new();
            for root in roots {
                match self.list_pages(&root, &visits).await {
                    Ok(pages) => {
                        changes.extend(pages.into_iter().filter_map(|page| Some((page.url, page.last_changed?))))
                    }
                    Err(problem) => tracing::info!(%problem, "no sitemap to spare pages by"),
                }
            }
            let said = |page: &&DueListing| Some((page.key, format!("{READER} {}", changes.get(&page.url)?)));
            listed.0.extend(pages.iter().filter_map(said));
        }
        Ok(listed)
    }
}
