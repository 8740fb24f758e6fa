//! Finding our products on competitors' pages: their pages are listed by their sitemap and read politely, each is compared
//! with the catalogue, and a person decides what is not certain.

use std::collections::HashSet;

use app_contract::{
    DecisionReport, MatchCountsView, MatchDecision, MatchFilter, MatchPage, MatchRow, MatchSearch, MatchSelection,
    MatchSide, MatchTrait, MatchingReport,
};
use pricing_domain::{
    ContentUnit, Currency, FoundPageId, Gtin, MatchState, MatchVerdict, Money, PackCoefficient, ProductId,
    names_colour, names_size,
};
use pricing_store::{Candidate, Durability, MatchQuery, MatchableProduct, PageFacts};
use product_matching::{Catalogue, Item, Stated, side_by_side};
use rayon::prelude::*;

use crate::exports::in_background;
use crate::staged_rows::attributes;
use crate::{OperationError, Progress, Workspace};

mod collected;
mod pictures;
mod searches;
mod sites;

pub(crate) use pictures::PictureTurns;
pub(crate) use sites::Visits;

/// Pages whose candidates are written in one transaction.
const PAGES_A_WRITE: usize = 1_000;
/// Pairs that one decision by filter takes.
const MOST_DECIDED: u32 = 100_000;

impl Workspace {
    /// Reads the pages that a site lists, compares every undecided page with the catalogue, and those that collection
    /// has read with the products that have no page there. Stopping keeps what was read.
    ///
    /// `private_origins`: origins on this machine or network that may be visited, such as the sample's shops.
    pub async fn find_matches(
        &self,
        search: &MatchSearch,
        private_origins: &[String],
        progress: &Progress,
    ) -> Result<MatchingReport, OperationError> {
        let name = search.competitor.trim();
        if name.is_empty() {
            return Err(OperationError::refused("Say whose pages these are: give the competitor's name."));
        }
        let competitor = self.competitor_named(name).await?;
        let mut report = MatchingReport::default();
        if !search.site.trim().is_empty() {
            self.read_site(search, competitor, private_origins, progress, &mut report).await?;
        }
        if !progress.cancel.is_cancelled() {
            self.compare_pages(competitor, progress, &mut report).await?;
        }
        report.cancelled = progress.cancel.is_cancelled();
        Ok(report)
    }

    async fn competitor_named(&self, name: &str) -> Result<i64, OperationError> {
        let mut op = self.begin("find_matches", Durability::Full).await?;
        let key = op.competitor_named(name).await?;
        match op.rows() {
            0 => op.abandon().await?,
            _ => {
                op.commit(&format!("Added the competitor {name}"), false).await?;
            }
        }
        Ok(key)
    }

    async fn compare_pages(
        &self,
        competitor: i64,
        progress: &Progress,
        report: &mut MatchingReport,
    ) -> Result<(), OperationError> {
        let pages = self.store.pages_to_match(Some(competitor)).await?;
        let listed = std::sync::Arc::new(collected::Listed::new(self.store.listed_products(competitor).await?));
        progress.at(0, Some(pages.len() as u64), "Reading the catalogue");
        let products = self.store.matchable_products(self.now()).await?;
        let currency = self.store.price_lists().await?.first().map(|list| list.currency);
        let catalogue = in_background(move || Ok(Prepared::new(products))).await?;
        let total = pages.len() as u64;
        for chunk in pages.chunks(PAGES_A_WRITE) {
            if progress.cancel.is_cancelled() {
                return Ok(());
            }
            let pages = chunk.to_vec();
            let (prepared, listed) = (catalogue.clone(), listed.clone());
            let found = in_background(move || {
                let compared = pages.par_iter().map(|page| {
                    let mut candidates = prepared.candidates(&page.facts, currency);
                    candidates.retain(|candidate| listed.leaves_open(&page.facts.url, candidate));
                    (page.key, candidates)
                });
                Ok(compared.collect::<Vec<_>>())
            })
            .await?;
            let mut op = self.begin("find_matches", Durability::Facts).await?;
            for (page, candidates) in &found {
                op.replace_candidates(*page, candidates).await?;
                note(report, candidates);
            }
            op.concern_only([]);
            op.commit(&format!("Compared {} pages with the catalogue", found.len()), false).await?;
            progress.at(report.compared, Some(total), "Comparing pages with the catalogue");
        }
        self.compare_collected(competitor, &catalogue, &listed, progress, report).await
    }

    /// A stretch of pairs, the surest first.
    pub async fn matches(&self, filter: &MatchFilter, offset: u64, limit: u32) -> Result<MatchPage, OperationError> {
        let currency = self.store.price_lists().await?.first().map(|list| list.currency);
        let (matching, rows) = self.store.list_matches(&query(filter), self.now(), offset, limit.min(500)).await?;
        let counts = self.store.match_counts().await?;
        Ok(MatchPage {
            matching,
            offset,
            counts: MatchCountsView {
                certain: counts.certain,
                review: counts.review,
                contradicted: counts.contradicted,
                accepted: counts.accepted,
                rejected: counts.rejected,
                pages_without: counts.pages_without,
            },
            rows: rows.into_iter().map(|row| view(row, currency)).collect(),
        })
    }

    /// Every candidate of a page, the most alike first.
    pub async fn match_candidates(&self, page: FoundPageId) -> Result<Vec<MatchRow>, OperationError> {
        let currency = self.store.price_lists().await?.first().map(|list| list.currency);
        let rows = self.store.candidates_of(page, self.now()).await?;
        Ok(rows.into_iter().map(|row| view(row, currency)).collect())
    }

    /// Decides pairs, in one transaction that can be undone. A filter decides only what it would show.
    pub async fn decide_matches(
        &self,
        selection: &MatchSelection,
        decision: MatchDecision,
        pack: Option<PackCoefficient>,
    ) -> Result<DecisionReport, OperationError> {
        let pairs = match selection {
            MatchSelection::Pairs(pairs) => pairs.iter().map(|pair| (*pair, MatchVerdict::Review)).collect(),
            MatchSelection::Filter(filter) => self.open_pairs(filter).await?,
        };
        let contradicted = contradicted_of(&pairs, selection, decision);
        let pairs: Vec<(FoundPageId, ProductId)> =
            pairs.into_iter().filter(|(pair, _)| !contradicted.contains(pair)).map(|(pair, _)| pair).collect();
        if pairs.is_empty() && !contradicted.is_empty() {
            return Err(OperationError::refused(
                "Something speaks against each of these matches. Show the contradicted ones and decide them there.",
            ));
        }
        if pairs.is_empty() {
            return Err(OperationError::refused("Select at least one match."));
        }
        let mut op = self.begin("decide_matches", Durability::Full).await?;
        let (decided, verb) = match decision {
            MatchDecision::Accept => {
                (op.decide_matches(&pairs, MatchState::Accepted, pack, &self.actor()).await?, "Accepted")
            }
            MatchDecision::Equivalent => (
                op.decide_matches(&pairs, MatchState::Equivalent, pack, &self.actor()).await?,
                "Accepted as equivalent",
            ),
            MatchDecision::Reject => {
                (op.decide_matches(&pairs, MatchState::Rejected, None, &self.actor()).await?, "Rejected")
            }
            MatchDecision::Never => {
                let pages: Vec<FoundPageId> = pairs.iter().map(|(page, _)| *page).collect();
                (op.ignore_pages(&pages, &self.actor()).await?, "Left for good: candidates of pages")
            }
        };
        let left = contradicted.len() as u64;
        let skipped = (pairs.len() as u64).saturating_sub(decided) + left;
        let change_set = match decided {
            0 => {
                op.abandon().await?;
                None
            }
            1 => Some(op.commit(&format!("{verb}: 1 match"), true).await?.change_set),
            many => Some(op.commit(&format!("{verb}: {many} matches"), true).await?.change_set),
        };
        let skipped_reason = match (left, skipped - left) {
            (0, 0) => String::new(),
            (0, _) => "They were decided before.".to_owned(),
            (_, 0) => "Something speaks against them; show the contradicted ones and decide them there.".to_owned(),
            (left, _) => format!("{left} are contradicted by something, the others were decided before."),
        };
        Ok(DecisionReport { decided, skipped, first: 0, skipped_reason, change_set })
    }

    async fn open_pairs(&self, filter: &MatchFilter) -> Result<Vec<(Pair, MatchVerdict)>, OperationError> {
        let open = MatchQuery { state: Some(MatchState::Open), ..query(filter) };
        let (_, rows) = self.store.list_matches(&open, self.now(), 0, MOST_DECIDED).await?;
        Ok(rows.into_iter().map(|row| ((row.page.id, row.product), row.candidate.verdict)).collect())
    }
}

/// A page and a product.
type Pair = (FoundPageId, ProductId);

/// The pairs that a decision about many leaves alone: whoever accepts all that is shown has not looked at each, and
/// where something contradicts a match somebody has to. Those who show only contradicted ones know what they do.
fn contradicted_of(
    pairs: &[(Pair, MatchVerdict)],
    selection: &MatchSelection,
    decision: MatchDecision,
) -> HashSet<Pair> {
    let accepts = matches!(decision, MatchDecision::Accept | MatchDecision::Equivalent);
    let MatchSelection::Filter(filter) = selection else { return HashSet::new() };
    if !accepts || filter.verdict == Some(MatchVerdict::Contradicted) {
        return HashSet::new();
    }
    let is_contradicted = |(_, verdict): &&(Pair, MatchVerdict)| *verdict == MatchVerdict::Contradicted;
    pairs.iter().filter(is_contradicted).map(|(pair, _)| *pair).collect()
}

/// The catalogue ready to be searched, with the keys of its products.
#[derive(Clone)]
struct Prepared {
    keys: std::sync::Arc<Vec<i64>>,
    catalogue: std::sync::Arc<Catalogue>,
}

impl Prepared {
    fn new(products: Vec<MatchableProduct>) -> Self {
        let keys = products.iter().map(|product| product.key).collect();
        let items = products.into_iter().map(|product| Item {
            title: product.name,
            brand: product.brand,
            gtins: gtins(&product.gtins),
            mpn: product.mpn,
            sku: Some(product.sku),
            price_minor: product.price_minor,
        });
        Self { keys: std::sync::Arc::new(keys), catalogue: std::sync::Arc::new(Catalogue::new(items.collect())) }
    }

    fn candidates(&self, facts: &PageFacts, currency: Option<Currency>) -> Vec<Candidate> {
        let comparable = facts.price.filter(|price| Some(price.currency) == currency);
        let item = Item {
            title: facts.title.clone(),
            brand: facts.brand.clone(),
            gtins: gtins(&facts.gtins),
            mpn: facts.mpn.clone(),
            sku: facts.sku.clone(),
            price_minor: comparable.map(|price| price.amount_minor),
        };
        let found = self.catalogue.find(&item).into_iter().map(|found| Candidate {
            product_key: self.keys[found.product],
            score: found.comparison.score,
            verdict: found.comparison.verdict,
            reasons: found.comparison.reasons,
            conflicts: found.comparison.conflicts,
            pack: found.comparison.pack,
            price_doubt: found.comparison.price_doubt,
        });
        found.filter(|candidate| candidate.score >= LEAST_SHOWN).collect()
    }
}

/// Below this, nobody would take the two for one product.
const LEAST_SHOWN: u16 = 300;

fn gtins(text: &str) -> Vec<Gtin> {
    let distinct: HashSet<&str> = text.split_whitespace().collect();
    let mut gtins: Vec<Gtin> = distinct.into_iter().filter_map(|gtin| Gtin::parse(gtin).ok()).collect();
    gtins.sort_unstable();
    gtins
}

fn note(report: &mut MatchingReport, candidates: &[Candidate]) {
    report.compared += 1;
    match candidates.first().map(|best| best.verdict) {
        Some(MatchVerdict::Certain) => report.certain += 1,
        Some(MatchVerdict::Review) => report.review += 1,
        Some(MatchVerdict::Contradicted) => report.contradicted += 1,
        None => report.without += 1,
    }
}

fn query(filter: &MatchFilter) -> MatchQuery {
    MatchQuery {
        state: filter.state,
        verdict: filter.verdict,
        competitor: filter.competitor,
        least_score: filter.least_score,
        search: filter.search.clone(),
    }
}

fn view(row: pricing_store::MatchRow, currency: Option<Currency>) -> MatchRow {
    let facts = row.page.facts;
    let traits = traits(&row.traits, &row.item.name, &facts.title);
    let ours_price = row.item.price_minor.zip(currency).map(|(minor, currency)| Money::new(minor, currency));
    MatchRow {
        page: row.page.id,
        competitor: row.page.competitor,
        url: facts.url,
        read_at: row.page.read_at,
        theirs: MatchSide {
            title: facts.title,
            brand: facts.brand,
            gtins: facts.gtins,
            mpn: facts.mpn,
            sku: facts.sku,
            price: facts.price,
        },
        product: row.product,
        ours: MatchSide {
            title: row.item.name,
            brand: row.item.brand,
            gtins: row.item.gtins,
            mpn: row.item.mpn,
            sku: Some(row.item.sku),
            price: ours_price,
        },
        traits,
        score: row.candidate.score,
        verdict: row.candidate.verdict,
        reasons: row.candidate.reasons,
        conflicts: row.candidate.conflicts,
        pack: row.candidate.pack,
        price_doubt: row.candidate.price_doubt,
        state: row.state,
        decided_at: row.decided_at,
        decided_by: row.decided_by,
    }
}

/// Size, colour and pack of both sides. A page is known by its title; the catalogue has columns of content and pack.
fn traits(stated: &pricing_store::StatedTraits, name: &str, title: &str) -> Vec<MatchTrait> {
    let measured = stated.content_unit.as_deref().filter(|unit| *unit != ContentUnit::Piece.as_str());
    let content = stated.net_content_micro.zip(measured);
    let content = content.map(|(micro, unit)| format!("{} {unit}", pricing_domain::decimal_text(micro, 6, 0)));
    let attributes = attributes(stated.attributes.as_deref().unwrap_or_default());
    let text_of =
        |is_it: fn(&str) -> bool| attributes.iter().find(|(name, _)| is_it(name)).map(|(_, text)| text.as_str());
    let ours = Stated {
        title: name,
        content: content.as_deref(),
        pack_items: stated.pack_items,
        colour: text_of(names_colour),
        size: text_of(names_size),
    };
    let all = side_by_side(&ours, &Stated { title, ..Stated::default() });
    let view = |one: product_matching::SideBySide| MatchTrait {
        name: one.name.to_owned(),
        theirs: one.theirs,
        ours: one.ours,
        differs: one.differs,
    };
    all.into_iter().map(view).collect()
}
