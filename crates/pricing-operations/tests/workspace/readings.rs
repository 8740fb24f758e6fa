//! Recording what pages said, through the store: collecting itself needs a network.

use app_contract::{MatchDecision, MatchFilter, MatchSearch, MatchSelection};
use pricing_domain::{
    Availability, Condition, Confidence, Currency, ExtractionMethod, FileKind, Instant, MatchState, OfferFlags,
    OfferKind, ReadState,
};
use pricing_operations::Progress;
use pricing_store::{Durability, HistorySpan, ReadOffer, Reading, ReadingCounts, Store};

use crate::support::Shop;

const PAGE: &str = "https://rival.example/a";

async fn shop() -> (Shop, Store) {
    let shop = Shop::with_products().await;
    shop.import_clean(FileKind::Matches, &format!("sku,competitor,url\nA1,Rival,{PAGE}\n")).await;
    let store = shop.store().await;
    (shop, store)
}

async fn listing(store: &Store, now: Instant, url: &str) -> i64 {
    let due = store.due_listings(now, true).await.unwrap();
    due.into_iter().find(|listing| listing.url == url).expect("the page is there").key
}

fn reading(listing_key: i64, at: Instant, result: Result<i64, ReadState>) -> Reading {
    Reading {
        listing_key,
        at,
        due_at: at.plus_hours(24),
        state: result.err().unwrap_or(ReadState::Product),
        reason: String::new(),
        title: Some("Kettle".into()),
        offer: result.ok().map(|amount_minor| ReadOffer {
            amount_minor,
            currency: Currency::new("EUR").unwrap(),
            kind: OfferKind::Regular,
            availability: Availability::InStock,
            condition: Condition::New,
            was_minor: None,
            shipping_minor: None,
            promotion_text: None,
            seller: None,
            pack: None,
            confidence: Confidence::High,
            method: ExtractionMethod::JsonLd,
            fragment: "\"price\":25".into(),
            flags: OfferFlags::default(),
        }),
        url: PAGE.into(),
        sha256: None,
        page_zstd: None,
        quarantine: None,
        unchanged: false,
        cache_policy: None,
        listed_change: None,
    }
}

async fn record(store: &Store, readings: &[Reading]) -> ReadingCounts {
    let at = readings.last().unwrap().at;
    let mut op = store.begin("tester", "record_readings", at, Durability::Facts).await.unwrap();
    let counts = op.record_readings(readings).await.unwrap();
    if op.rows() == 0 {
        op.abandon().await.unwrap();
    } else {
        op.commit("Recorded", false).await.unwrap();
    }
    counts
}

/// One reading with a price, for tests about other things.
pub async fn read_once(shop: &Shop, url: &str, amount_minor: i64) {
    let store = shop.store().await;
    let listing = listing(&store, shop.now(), url).await;
    record(&store, &[reading(listing, shop.now(), Ok(amount_minor))]).await;
}

async fn spans(shop: &Shop, store: &Store) -> Vec<HistorySpan> {
    let product = store.find_sku("A1").await.unwrap().unwrap();
    let list = store.price_lists().await.unwrap()[0].key;
    store.product_history(product.key, list, shop.now().plus_days(-30)).await.unwrap().offers
}

#[tokio::test]
async fn an_unchanged_offer_extends_its_span() {
    let (shop, store) = shop().await;
    let (page, start) = (listing(&store, shop.now(), PAGE).await, shop.now());
    for hour in 0..3 {
        record(&store, &[reading(page, start.plus_hours(hour), Ok(2_500))]).await;
    }
    let spans = spans(&shop, &store).await;
    assert_eq!(spans.len(), 1);
    assert_eq!((spans[0].first_seen, spans[0].last_seen), (start, start.plus_hours(2)));
    assert_eq!(shop.detail("A1").await.offers[0].times_seen, 3);
}

#[tokio::test]
async fn a_changed_price_begins_a_new_span_and_counts_as_a_move() {
    let (shop, store) = shop().await;
    let (page, start) = (listing(&store, shop.now(), PAGE).await, shop.now());
    let first = record(&store, &[reading(page, start, Ok(2_500))]).await;
    let second = record(&store, &[reading(page, start.plus_hours(1), Ok(2_400))]).await;
    assert_eq!((first.moved, second.moved), (0, 1));
    let amounts: Vec<i64> = spans(&shop, &store).await.iter().map(|span| span.amount_minor).collect();
    assert_eq!(amounts, [2_500, 2_400]);
    assert_eq!(shop.detail("A1").await.offers[0].price.unwrap().amount_minor, 2_400);
}

#[tokio::test]
async fn a_failure_in_between_ends_a_span() {
    let (shop, store) = shop().await;
    let (page, start) = (listing(&store, shop.now(), PAGE).await, shop.now());
    let results = [Ok(2_500), Err(ReadState::Blocked), Ok(2_500), Ok(2_500)];
    for (hour, result) in (0..).zip(results) {
        let counts = record(&store, &[reading(page, start.plus_hours(hour), result)]).await;
        assert_eq!(counts.moved, 0);
    }
    let spans = spans(&shop, &store).await;
    let times: Vec<_> = spans.iter().map(|span| (span.first_seen, span.last_seen)).collect();
    assert_eq!(times, [(start, start), (start.plus_hours(2), start.plus_hours(3))]);
}

#[tokio::test]
async fn recording_readings_twice_changes_nothing() {
    let (shop, store) = shop().await;
    let (page, start) = (listing(&store, shop.now(), PAGE).await, shop.now());
    let results = [
        Ok(2_500),
        Ok(2_500),
        Err(ReadState::Blocked),
        Err(ReadState::Blocked),
        Err(ReadState::SoldOut),
        Ok(2_500),
        Ok(2_400),
    ];
    let readings: Vec<Reading> =
        (0..).zip(results).map(|(hour, result)| reading(page, start.plus_hours(hour), result)).collect();
    record(&store, &readings).await;
    let before = contents(&shop).await;
    for again in [&readings[..], &readings[1..4], &readings[6..]] {
        assert_eq!(record(&store, again).await, ReadingCounts::default());
    }
    assert!(contents(&shop).await == before, "the file holds what it held");
}

/// All that the file holds, compacted.
async fn contents(shop: &Shop) -> Vec<u8> {
    let copy = shop.path("copy.omnipricex");
    shop.workspace.copy_to(&copy).await.unwrap();
    let bytes = std::fs::read(&copy).unwrap();
    std::fs::remove_file(&copy).unwrap();
    bytes
}

#[tokio::test]
async fn a_page_that_fails_is_listed_until_it_is_read_again() {
    let (shop, store) = shop().await;
    let (page, start) = (listing(&store, shop.now(), PAGE).await, shop.now());
    record(&store, &[reading(page, start, Ok(2_500)), reading(page, start.plus_hours(1), Err(ReadState::Blocked))])
        .await;
    let failed = shop.workspace.failures(ReadState::Blocked, 0, 10).await.unwrap();
    assert_eq!((failed.matching, failed.rows[0].last_price.unwrap().amount_minor), (1, 2_500));
    record(&store, &[reading(page, start.plus_hours(2), Ok(2_500))]).await;
    assert_eq!(shop.workspace.failures(ReadState::Blocked, 0, 10).await.unwrap().matching, 0);
}

#[tokio::test]
async fn two_stores_on_one_file_see_each_others_changes() {
    let (shop, store) = shop().await;
    assert_eq!(shop.row("A1", "DEFAULT").await.offers, 0);
    let page = listing(&store, shop.now(), PAGE).await;
    record(&store, &[reading(page, shop.now(), Ok(2_500))]).await;
    assert_eq!(shop.row("A1", "DEFAULT").await.lowest_minor, Some(2_500));
    shop.later_hours(1);
    record(&store, &[reading(page, shop.now(), Ok(2_600))]).await;
    assert_eq!(shop.row("A1", "DEFAULT").await.lowest_minor, Some(2_600));
    shop.import_clean(FileKind::Products, "sku,name,currency,price\nA1,Renamed,EUR,29.99\n").await;
    assert_eq!(store.sequence().await.unwrap(), shop.workspace.sequence().await.unwrap());
}

#[tokio::test]
async fn an_operation_dropped_without_commit_leaves_nothing() {
    let (shop, store) = shop().await;
    let page = listing(&store, shop.now(), PAGE).await;
    let (before, sequence) = (shop.picture().await, store.sequence().await.unwrap());
    let mut op = store.begin("tester", "record_readings", shop.now(), Durability::Full).await.unwrap();
    op.record_readings(&[reading(page, shop.now(), Ok(2_500))]).await.unwrap();
    drop(op);
    assert_eq!(store.sequence().await.unwrap(), sequence);
    record(&store, &[reading(page, shop.now().plus_hours(1), Err(ReadState::Blocked))]).await;
    assert!(spans(&shop, &store).await.is_empty(), "the dropped price did not come back with the next commit");
    assert_ne!(shop.picture().await, before, "the next operation works");
}

#[tokio::test]
async fn a_page_that_was_collected_for_one_product_is_proposed_for_another() {
    let shop = Shop::new().await;
    let products = "sku,name,brand,gtin,currency,price\nA1,Boilo Kettle K-100,Boilo,4006381333931,EUR,25.00\n\
        A1-NEW,Boilo Kettle K-100,Boilo,4006381333931,EUR,25.00\nB2,Toaster,Boilo,,EUR,20.00\n";
    shop.import_clean(FileKind::Products, products).await;
    shop.import_clean(FileKind::Matches, &format!("sku,competitor,url\nA1,Rival,{PAGE}\n")).await;
    let store = shop.store().await;
    let key = listing(&store, shop.now(), PAGE).await;
    let page = "<html lang=de><title>Boilo Kettle K-100</title><script type=application/ld+json>\
        {\"@type\":\"Product\",\"name\":\"Boilo Kettle K-100\",\"gtin13\":\"4006381333931\",\"offers\":\
        {\"price\":\"25.00\",\"priceCurrency\":\"EUR\"}}</script><h1>Boilo Kettle K-100</h1><b class=price>25,00 €</b>";
    let read = Reading {
        title: Some("Boilo Kettle K-100".into()),
        page_zstd: pricing_store::packed_page(page.as_bytes()),
        ..reading(key, shop.now(), Ok(2500))
    };
    record(&store, &[read]).await;

    let search = MatchSearch { competitor: "Rival".into(), ..MatchSearch::default() };
    let report = shop.workspace.find_matches(&search, &[], &Progress::silent()).await.unwrap();
    assert_eq!((report.collected, report.compared), (1, 1), "{report:?}");
    let open = MatchFilter { state: Some(MatchState::Open), ..MatchFilter::default() };
    let asked = shop.workspace.matches(&open, 0, 10).await.unwrap();
    let skus: Vec<Option<&str>> = asked.rows.iter().map(|row| row.ours.sku.as_deref()).collect();
    assert_eq!(skus, [Some("A1-NEW")], "neither the product that stands there nor one that only shares a brand");
    let again = shop.workspace.find_matches(&search, &[], &Progress::silent()).await.unwrap();
    assert_eq!((again.collected, again.compared), (0, 1), "it is kept now: {again:?}");

    let all = MatchSelection::Filter(open);
    shop.workspace.decide_matches(&all, MatchDecision::Accept, None).await.unwrap();
    assert_eq!(store.due_listings(shop.now(), true).await.unwrap().len(), 2);
}
