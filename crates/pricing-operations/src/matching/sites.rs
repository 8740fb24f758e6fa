//! The pages of a site: listed by its sitemaps, those that are new are read, product pages are kept.

use std::collections::HashSet;
use std::io::Read;
use std::sync::Arc;

use app_contract::{MatchSearch, MatchingReport};
use price_collection::{Observation, Rendering, SiteRules, Target, collect};
use price_extraction::{Extraction, SitemapPage, read_sitemap, sitemaps_of_robots};
use pricing_domain::{Condition, Currency, Money, ReadState};
use pricing_store::{Durability, PageFacts};
use tokio::sync::mpsc;
use url::Url;

use super::searches::QUERY;
use crate::competitor_settings::site_rules;
use crate::{OperationError, Progress, Workspace};

/// Sitemaps read of one site.
const MOST_SITEMAPS: usize = 200;
/// Bytes of a packed sitemap, unpacked; the protocol's own limit.
const LONGEST_SITEMAP: u64 = 50 * 1024 * 1024;
/// Pages kept in one transaction.
const PAGES_A_WRITE: usize = 100;

/// How a site is visited.
pub(crate) struct Visits<'a> {
    pub(crate) private_origins: &'a [String],
    pub(crate) rules: Arc<SiteRules>,
    pub(crate) progress: &'a Progress,
}

impl Workspace {
    /// Lists the pages of a site, or asks its search, and reads those that are not known yet, newest first.
    pub(super) async fn read_site(
        &self,
        search: &MatchSearch,
        competitor: i64,
        private_origins: &[String],
        progress: &Progress,
        report: &mut MatchingReport,
    ) -> Result<(), OperationError> {
        let settings = self.settings_by_competitor().await?;
        let rules = settings.get(&competitor).map(|settings| Arc::new(site_rules(settings, self.now())));
        let visits = Visits { private_origins, rules: rules.unwrap_or_default(), progress };
        if search.site.contains(QUERY) {
            return self.search_site(search, competitor, &visits, report).await;
        }
        let site = Url::parse(search.site.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        let site = site.ok_or_else(|| {
            OperationError::refused(
                "Give the shop's whole address, such as https://shop.example, or that of its sitemap.",
            )
        })?;
        let mut pages = self.list_pages(&site, &visits).await?;
        let known: HashSet<String> = self.store.known_addresses(competitor).await?.into_iter().collect();
        pages.retain(|page| page.url.contains(search.containing.trim()));
        report.listed = pages.len() as u64;
        pages.retain(|page| !known.contains(&page.url));
        report.known = report.listed - pages.len() as u64;
        pages.sort_by(|a, b| b.last_changed.cmp(&a.last_changed));
        pages.truncate(search.most_pages.max(1) as usize);
        let addresses = pages.into_iter().map(|page| page.url).collect();
        self.read_pages(addresses, competitor, &visits, report).await
    }

    /// The pages that a site's sitemaps list; `site` is its root, or the address of a sitemap.
    pub(crate) async fn list_pages(&self, site: &Url, visits: &Visits<'_>) -> Result<Vec<SitemapPage>, OperationError> {
        visits.progress.at(0, None, "Looking for the site's sitemap");
        let mut open: Vec<String> =
            if site.path() == "/" { self.sitemaps_of(site, visits).await? } else { vec![site.to_string()] };
        let mut seen: HashSet<String> = open.iter().cloned().collect();
        let (mut pages, mut addresses) = (Vec::new(), HashSet::new());
        let (mut read, mut problem) = (0, None);
        while read < MOST_SITEMAPS && !open.is_empty() && !visits.progress.cancel.is_cancelled() {
            let batch: Vec<String> = open.drain(..open.len().min(MOST_SITEMAPS - read)).collect();
            read += batch.len();
            for observation in self.fetch(batch, visits).await? {
                let Some(body) = observation.body.filter(|_| observation.status == Some(200)) else {
                    problem.get_or_insert(format!("{}: {}", observation.url, observation.reason));
                    continue;
                };
                let sitemap = read_sitemap(&unpacked(body));
                pages.extend(sitemap.pages.into_iter().filter(|page| addresses.insert(page.url.clone())));
                open.extend(sitemap.sitemaps.into_iter().filter(|url| seen.insert(url.clone())));
            }
            visits.progress.at(pages.len() as u64, None, "Reading the site's sitemaps");
        }
        if pages.is_empty() && !visits.progress.cancel.is_cancelled() {
            let why = problem.map(|problem| format!(" ({problem})")).unwrap_or_default();
            return Err(OperationError::refused(format!(
                "No sitemap with pages was found at {site}{why}. Give the address of its sitemap, or import a file of \
                 matches."
            )));
        }
        Ok(pages)
    }

    /// Those that robots.txt names, else the usual place.
    async fn sitemaps_of(&self, site: &Url, visits: &Visits<'_>) -> Result<Vec<String>, OperationError> {
        let address = |path: &str| site.join(path).map(String::from).unwrap_or_default();
        let robots = self.fetch(vec![address("/robots.txt")], visits).await?;
        let body = robots.into_iter().find(|answer| answer.status == Some(200)).and_then(|answer| answer.body);
        let named = sitemaps_of_robots(&String::from_utf8_lossy(&body.unwrap_or_default()));
        Ok(if named.is_empty() { vec![address("/sitemap.xml")] } else { named })
    }

    /// Files for programs, which no browser is needed for.
    async fn fetch(&self, addresses: Vec<String>, visits: &Visits<'_>) -> Result<Vec<Observation>, OperationError> {
        let plain = Arc::new(SiteRules { rendering: Rendering::None, ..(*visits.rules).clone() });
        let mut observations = self.visit(addresses, plain, visits).await?;
        let mut answers = Vec::new();
        while let Some(observation) = observations.recv().await {
            answers.push(observation);
        }
        Ok(answers)
    }

    /// Visits addresses as politely as collection does.
    pub(super) async fn visit(
        &self,
        addresses: Vec<String>,
        rules: Arc<SiteRules>,
        visits: &Visits<'_>,
    ) -> Result<mpsc::Receiver<Observation>, OperationError> {
        let settings = self.collection_settings().await?;
        let target = |(key, url): (usize, String)| Target {
            rules: Arc::clone(&rules),
            ..Target::new(i64::try_from(key).unwrap_or(i64::MAX), url)
        };
        let targets = addresses.into_iter().enumerate().map(target).collect();
        let (sink, observations) = mpsc::channel(PAGES_A_WRITE);
        let clock = self.clock.clone();
        let fetch = self.fetch_settings(&settings, visits.private_origins).await?;
        tokio::spawn(collect(targets, fetch, move || clock(), visits.progress.cancel.clone(), sink));
        Ok(observations)
    }

    pub(super) async fn read_pages(
        &self,
        addresses: Vec<String>,
        competitor: i64,
        visits: &Visits<'_>,
        report: &mut MatchingReport,
    ) -> Result<(), OperationError> {
        let total = addresses.len() as u64;
        let currency = self.store.price_lists().await?.first().map(|list| list.currency);
        let mut observations = self.visit(addresses.clone(), Arc::clone(&visits.rules), visits).await?;
        let mut waiting = Vec::with_capacity(PAGES_A_WRITE);
        while let Some(observation) = observations.recv().await {
            report.read += 1;
            // As listed, not as redirected: so it is known next time.
            let listed = usize::try_from(observation.key).ok().and_then(|key| addresses.get(key));
            let facts = observation
                .extraction
                .as_ref()
                .and_then(|extraction| facts_of(observation.state, extraction, currency));
            if let (Some(url), Some(facts)) = (listed, facts) {
                report.products += 1;
                waiting.push(PageFacts { url: url.clone(), ..facts });
            }
            if waiting.len() >= PAGES_A_WRITE {
                self.keep_pages(competitor, &mut waiting).await?;
            }
            visits.progress.at(report.read, Some(total), "Reading the site's pages");
        }
        self.keep_pages(competitor, &mut waiting).await
    }

    async fn keep_pages(&self, competitor: i64, waiting: &mut Vec<PageFacts>) -> Result<(), OperationError> {
        if waiting.is_empty() {
            return Ok(());
        }
        let mut op = self.begin("find_matches", Durability::Facts).await?;
        op.record_pages(competitor, waiting, self.now()).await?;
        op.concern_only([]);
        op.commit(&format!("Kept {} pages that may offer our products", waiting.len()), false).await?;
        waiting.clear();
        Ok(())
    }
}

/// What a product page says of itself; `None` where nothing is sold.
pub(super) fn facts_of(state: ReadState, extraction: &Extraction, default: Option<Currency>) -> Option<PageFacts> {
    if !matches!(state, ReadState::Product | ReadState::SoldOut | ReadState::Ambiguous) {
        return None;
    }
    let title = extraction.title.clone().filter(|title| !title.trim().is_empty())?;
    let title = with_condition(title, extraction.condition);
    let currency = extraction.currency.or(default);
    let price = extraction.price.zip(currency).and_then(|(amount, currency)| {
        amount.to_minor(currency).filter(|minor| *minor > 0).map(|minor| Money::new(minor, currency))
    });
    Some(PageFacts {
        url: String::new(),
        title,
        brand: extraction.brand.clone(),
        gtins: extraction.gtin.map(|gtin| gtin.to_string()).unwrap_or_default(),
        mpn: extraction.mpn.clone(),
        sku: extraction.sku.clone(),
        price,
        image: extraction.image.clone(),
    })
}

/// What only the page's data say of its condition belongs to what is compared, and to what a person sees.
fn with_condition(title: String, condition: Option<Condition>) -> String {
    match condition {
        Some(Condition::Used | Condition::Damaged) => format!("{title} (used)"),
        Some(Condition::Refurbished) => format!("{title} (refurbished)"),
        Some(Condition::New) | None => title,
    }
}

/// A packed sitemap unpacked; what is not packed, or not rightly, stays as it is.
fn unpacked(body: Vec<u8>) -> Vec<u8> {
    if !body.starts_with(&[0x1f, 0x8b]) {
        return body;
    }
    let mut plain = Vec::new();
    match flate2::read::GzDecoder::new(body.as_slice()).take(LONGEST_SITEMAP).read_to_end(&mut plain) {
        Ok(_) => plain,
        Err(_) => body,
    }
}

#[cfg(test)]
mod tests {
    use pricing_domain::{Condition, MatchVerdict};
    use product_matching::{Catalogue, Item};

    use super::with_condition;

    #[test]
    fn a_page_whose_data_say_used_is_no_certain_match() {
        let item = |title: String| Item {
            title,
            brand: Some("Boilo".to_owned()),
            gtins: Vec::new(),
            mpn: Some("K-100".to_owned()),
            sku: None,
            price_minor: None,
        };
        let catalogue = Catalogue::new(vec![item("Boilo Kettle K-100".to_owned())]);
        let verdict = |condition| {
            let page = item(with_condition("Boilo Kettle K-100".to_owned(), condition));
            catalogue.find(&page).first().map(|found| found.comparison.verdict)
        };
        assert_eq!(verdict(None), Some(MatchVerdict::Certain));
        assert_eq!(verdict(Some(Condition::New)), Some(MatchVerdict::Certain));
        assert_eq!(verdict(Some(Condition::Used)), Some(MatchVerdict::Contradicted));
        assert_eq!(verdict(Some(Condition::Refurbished)), Some(MatchVerdict::Contradicted));
    }
}
