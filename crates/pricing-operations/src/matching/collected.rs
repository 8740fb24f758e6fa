//! Pages that collection has read for one product, compared with the products that have no page at that competitor yet:
//! an article that is listed twice, a page whose product was changed for another.

use std::collections::{HashMap, HashSet};

use app_contract::MatchingReport;
use price_extraction::{PageInput, SiteHints, extract};
use pricing_domain::{Currency, Instant, MatchVerdict};
use pricing_store::{Candidate, CollectedPage, Durability, ListedProduct, PageFacts};
use rayon::prelude::*;

use super::sites::facts_of;
use super::{Prepared, note};
use crate::exports::in_background;
use crate::{OperationError, Progress, Workspace};

/// Kept pages that are read again at once.
const PAGES_AT_ONCE: usize = 100;
/// A page that stands for one product is proposed for another only from this score on: equal codes, or the same model.
const SURE_FIT: u16 = 900;

/// Which products stand at which of a competitor's pages.
pub(super) struct Listed {
    by_url: HashMap<String, Vec<ListedProduct>>,
    matched: HashSet<i64>,
}

impl Listed {
    pub(super) fn new(listings: Vec<ListedProduct>) -> Self {
        let matched = listings.iter().filter(|one| one.is_accepted).map(|one| one.product_key).collect();
        let mut by_url: HashMap<String, Vec<ListedProduct>> = HashMap::new();
        for one in listings {
            by_url.entry(one.url.clone()).or_default().push(one);
        }
        Self { by_url, matched }
    }

    /// Whether a candidate may be proposed for a page. A page that nobody listed takes any; one that stands for a
    /// product takes another only where that has no page of this competitor and everything says so.
    pub(super) fn leaves_open(&self, url: &str, candidate: &Candidate) -> bool {
        let Some(listed) = self.by_url.get(url) else { return true };
        let is_known = listed.iter().any(|one| one.product_key == candidate.product_key);
        let is_taken = listed.iter().any(|one| one.is_accepted);
        let fits = !self.matched.contains(&candidate.product_key)
            && candidate.verdict != MatchVerdict::Contradicted
            && candidate.score >= SURE_FIT;
        !is_known && (!is_taken || fits)
    }
}

/// A page with the products that it may offer too.
struct Fitting {
    facts: PageFacts,
    read_at: Instant,
    candidates: Vec<Candidate>,
}

impl Workspace {
    /// Compares the pages that were read for listings with the catalogue. Those with a candidate are kept for review.
    pub(super) async fn compare_collected(
        &self,
        competitor: i64,
        prepared: &Prepared,
        listed: &std::sync::Arc<Listed>,
        progress: &Progress,
        report: &mut MatchingReport,
    ) -> Result<(), OperationError> {
        let pages = self.store.collected_pages(competitor).await?;
        let currency = self.store.price_lists().await?.first().map(|list| list.currency);
        let total = pages.len() as u64;
        for chunk in pages.chunks(PAGES_AT_ONCE) {
            if progress.cancel.is_cancelled() {
                return Ok(());
            }
            let mut bodies = Vec::with_capacity(chunk.len());
            for page in chunk {
                let body = match page.evidence_key {
                    Some(key) => self.store.page_of_evidence(key).await?,
                    None => None,
                };
                bodies.push((page.clone(), body));
            }
            let (prepared, listed) = (prepared.clone(), listed.clone());
            let found = in_background(move || {
                let compared = bodies.into_par_iter().map(|(page, body)| {
                    let facts = facts_of_page(&page, body.as_deref(), currency);
                    let mut candidates = prepared.candidates(&facts, currency);
                    candidates.retain(|candidate| listed.leaves_open(&facts.url, candidate));
                    Fitting { facts, read_at: page.read_at, candidates }
                });
                Ok(compared.filter(|page| !page.candidates.is_empty()).collect::<Vec<_>>())
            });
            let found = found.await?;
            report.collected += chunk.len() as u64;
            self.keep_collected(competitor, &found, report).await?;
            progress.at(report.collected, Some(total), "Comparing pages that were collected");
        }
        Ok(())
    }

    async fn keep_collected(
        &self,
        competitor: i64,
        found: &[Fitting],
        report: &mut MatchingReport,
    ) -> Result<(), OperationError> {
        if found.is_empty() {
            return Ok(());
        }
        let mut op = self.begin("find_matches", Durability::Facts).await?;
        for page in found {
            op.record_pages(competitor, std::slice::from_ref(&page.facts), page.read_at).await?;
            if let Some(key) = op.found_page_key(&page.facts.url).await? {
                op.replace_candidates(key, &page.candidates).await?;
                note(report, &page.candidates);
            }
        }
        op.concern_only([]);
        op.commit(&format!("Found {} collected pages that may offer further products", found.len()), false).await?;
        Ok(())
    }
}

/// What a page says of itself, read again where it was kept; the title and the price that were read, otherwise.
fn facts_of_page(page: &CollectedPage, body: Option<&[u8]>, currency: Option<Currency>) -> PageFacts {
    let read = body.and_then(|body| {
        let hints = SiteHints::default();
        let answer = extract(&PageInput { body, content_type: None, status: Some(200), url: &page.url, hints });
        facts_of(answer.state, &answer, currency)
    });
    let told = || PageFacts { title: page.title.clone(), price: page.price, ..PageFacts::default() };
    PageFacts { url: page.url.clone(), ..read.unwrap_or_else(told) }
}

#[cfg(test)]
mod tests {
    use pricing_domain::{MatchVerdict, PackCoefficient};
    use pricing_store::{Candidate, ListedProduct};

    use super::Listed;

    #[test]
    fn a_page_of_one_product_is_proposed_for_another_only_where_codes_say_so() {
        let at = |url: &str, product_key, is_accepted| ListedProduct { url: url.to_owned(), product_key, is_accepted };
        let listed = Listed::new(vec![at("/a", 1, true), at("/b", 2, true), at("/c", 3, false)]);
        let candidate = |product_key, score, verdict| Candidate {
            product_key,
            score,
            verdict,
            reasons: Vec::new(),
            conflicts: Vec::new(),
            pack: PackCoefficient::ONE,
            price_doubt: false,
        };
        let certain = MatchVerdict::Certain;
        assert!(listed.leaves_open("/a", &candidate(9, 1_000, certain)));
        assert!(!listed.leaves_open("/a", &candidate(1, 1_000, certain)), "it is listed there");
        assert!(!listed.leaves_open("/a", &candidate(2, 1_000, certain)), "it has a page of this shop");
        assert!(!listed.leaves_open("/a", &candidate(9, 700, MatchVerdict::Review)), "titles alone say too little");
        assert!(!listed.leaves_open("/a", &candidate(9, 1_000, MatchVerdict::Contradicted)));
        assert!(listed.leaves_open("/c", &candidate(9, 400, MatchVerdict::Review)), "nobody took this page");
        assert!(!listed.leaves_open("/c", &candidate(3, 1_000, certain)), "this pair was refused");
        assert!(listed.leaves_open("/new", &candidate(1, 400, MatchVerdict::Review)));
    }
}
