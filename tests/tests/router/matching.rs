//! Finding our products on competitors' pages, deciding, collecting what was accepted.

use anyhow::Result;
use app_contract::{
    DecideMatches, DecisionReport, JobResult, ListCandidates, ListMatches, MatchDecision, MatchFilter, MatchPage,
    MatchRow, MatchSearch, MatchSelection, MatchingReport, StartMatching,
};
use journeys::Router;
use pricing_domain::{MatchState, MatchType, MatchVerdict};
use sample_shops::{SampleListing, Shop, products, unmatched};

use crate::retailer::Retailer;

const SHOP: Shop = Shop::ElektroMax;

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_a_shop_become_matches_and_rejected_pairs_never_return() -> Result<()> {
    let router = Router::start()?;
    let retailer = Retailer::open().await?;
    retailer.move_in(&router).await?;
    let origin = &retailer.sample.competitors.iter().find(|shop| shop.name == SHOP.name()).expect("it sells").origin;

    let found = find(&router, origin).await?;
    assert!(found.known > 100, "pages that were matched by file are not read again: {found:?}");
    assert!(found.products > 15 && found.compared == found.products, "{found:?}");
    let again = find(&router, "").await?;
    assert_eq!((again.compared, again.certain), (found.compared, found.certain), "without a site nothing is read");

    let certain = open(&router, Some(MatchVerdict::Certain)).await?;
    assert_eq!(certain.counts.certain, found.certain);
    for row in &certain.rows {
        let page = page_of(row);
        assert_eq!(row.ours.sku.as_ref(), Some(&products()[page.product].sku), "{row:?}");
        assert_eq!(page.match_type, MatchType::Exact, "an equivalent is never certain: {row:?}");
    }
    let exact = unmatched().iter().filter(|page| page.shop == SHOP && page.match_type == MatchType::Exact).count();
    assert!(certain.rows.len() * 10 >= exact * 8, "{} of {exact} were certain", certain.rows.len());

    let first = &certain.rows[0];
    let rejected = decide(&router, first, MatchDecision::Reject).await?;
    let next = router.host.call(ListCandidates { page: first.page }).await?;
    assert_eq!(next[0].state, MatchState::Rejected);
    find(&router, "").await?;
    let left = open(&router, Some(MatchVerdict::Certain)).await?;
    assert!(left.rows.iter().all(|row| (row.page, row.product) != (first.page, first.product)), "it returned");
    router.undo(rejected.change_set).await?;

    let filter = MatchFilter { verdict: Some(MatchVerdict::Certain), ..MatchFilter::default() };
    let selection = MatchSelection::Filter(filter);
    let all = DecideMatches { selection, decision: MatchDecision::Accept, pack: None };
    let accepted = router.host.call(all).await?;
    assert_eq!(accepted.decided, found.certain);
    let collected = router.collect().await?;
    assert_eq!(collected.pages, retailer.listings() + accepted.decided, "accepted pages are collected");
    let taken_back = router.undo(accepted.change_set).await?;
    assert!(!taken_back.conflicts.is_empty(), "matches with readings stay: {taken_back:?}");
    Ok(())
}

fn page_of(row: &MatchRow) -> &'static SampleListing {
    let page = unmatched().iter().find(|page| page.shop == SHOP && row.url.ends_with(&page.path));
    page.unwrap_or_else(|| panic!("{} is matched already", row.url))
}

async fn find(router: &Router, site: &str) -> Result<MatchingReport> {
    let search = MatchSearch {
        competitor: SHOP.name().to_owned(),
        site: site.to_owned(),
        containing: String::new(),
        most_pages: 1_000,
    };
    let job = router.host.call(StartMatching { search }).await?;
    match router.finished(job).await?.result {
        Some(JobResult::Matching(report)) => Ok(report),
        other => panic!("a search ends with its report, not with {other:?}"),
    }
}

async fn open(router: &Router, verdict: Option<MatchVerdict>) -> Result<MatchPage> {
    let filter = MatchFilter { state: Some(MatchState::Open), verdict, ..MatchFilter::default() };
    Ok(router.host.call(ListMatches { filter, offset: 0, limit: 500 }).await?)
}

async fn decide(router: &Router, row: &MatchRow, decision: MatchDecision) -> Result<DecisionReport> {
    let selection = MatchSelection::Pairs(vec![(row.page, row.product)]);
    Ok(router.host.call(DecideMatches { selection, decision, pack: None }).await?)
}
