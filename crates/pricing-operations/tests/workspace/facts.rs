//! Importing costs, matches, sales and competitor prices read elsewhere.

use app_contract::ImportOptions;
use pricing_domain::{FileKind, MatchType, PriceListSettings};

use crate::support::Shop;

#[tokio::test]
async fn costs_without_dates_hold_from_now_and_change_nothing_tomorrow() {
    let shop = Shop::with_products().await;
    shop.later_hours(1);
    let text = "sku,cost,currency\nA1,13.0347,EUR\nB2,9.00,EUR\nC3,20,EUR\n";
    let report = shop.import_clean(FileKind::Costs, text).await;
    assert_eq!((report.added, report.changed, report.unchanged), (2, 0, 1));
    assert_eq!(shop.row("A1", "DEFAULT").await.cost.unwrap().0, 13_034_700);
    shop.later_hours(30);
    shop.import_changes_nothing(FileKind::Costs, text).await;
}

#[tokio::test]
async fn a_dated_cost_counts_from_its_day_and_the_landed_one_first() {
    let shop = Shop::with_products().await;
    let text = "sku,cost,cost_type,supplier,currency,valid_from\nA1,14,invoice,Import AG,EUR,2026-03-04\n\
                A1,15,landed,Import AG,EUR,2026-03-05\n";
    shop.import_clean(FileKind::Costs, text).await;
    assert_eq!(shop.row("A1", "DEFAULT").await.cost.unwrap().0, 12_500_000);
    shop.later_hours(48);
    assert_eq!(shop.row("A1", "DEFAULT").await.cost.unwrap().0, 14_000_000);
    shop.later_hours(24);
    assert_eq!(shop.row("A1", "DEFAULT").await.cost.unwrap().0, 15_000_000);
    shop.import_changes_nothing(FileKind::Costs, text).await;
}

#[tokio::test]
async fn a_match_of_an_unknown_sku_is_refused_with_line_column_and_reason() {
    let shop = Shop::with_products().await;
    let text = "sku,competitor,url\nA1,Rival,https://rival.example/a\nZ9,Rival,https://rival.example/z\n\
                a1,Rival,https://rival.example/small\n";
    let report = shop.import(FileKind::Matches, text).await;
    assert_eq!((report.added, report.refused), (1, 2));
    for (problem, (line, sku)) in report.problems.iter().zip([(3, "Z9"), (4, "a1")]) {
        assert_eq!((problem.line, problem.column.as_str(), problem.found.as_str()), (line, "sku", sku));
        assert_eq!(problem.reason, "no product has this SKU; import the products first");
    }
}

#[tokio::test]
async fn what_a_match_does_not_state_stays_as_it_is() {
    let shop = Shop::with_products().await;
    let text = "sku,competitor,url,match_type,pack_coefficient\nA1,Rival,https://rival.example/a,equivalent,1/2\n";
    shop.import_clean(FileKind::Matches, text).await;
    shop.import_changes_nothing(FileKind::Matches, text).await;
    let bare = "sku,competitor,url\nA1,Rival,https://rival.example/a\nB2,Rival,https://rival.example/b\n";
    let report = shop.import_clean(FileKind::Matches, bare).await;
    assert_eq!((report.added, report.changed, report.unchanged), (1, 0, 1));
    let (kept, new) = (&shop.detail("A1").await.offers[0], &shop.detail("B2").await.offers[0]);
    assert_eq!((kept.match_type, kept.pack_coefficient.as_str()), (MatchType::Equivalent, "1/2"));
    assert_eq!((new.match_type, new.pack_coefficient.as_str()), (MatchType::Exact, "1"));
}

#[tokio::test]
async fn sales_are_weighed_by_the_28_days_up_to_the_newest() {
    let shop = Shop::with_products().await;
    let text = "sku,date,units\nA1,2026-03-01,2\nA1,2026-02-02,3\nA1,2026-02-01,100\n";
    let report = shop.import_clean(FileKind::Sales, text).await;
    assert_eq!(report.added, 3);
    assert_eq!(shop.row("A1", "DEFAULT").await.units_28d_milli, 5_000);
    shop.import_changes_nothing(FileKind::Sales, text).await;
    shop.workspace.undo_change_set(report.change_set.unwrap()).await.unwrap();
    assert_eq!(shop.row("A1", "DEFAULT").await.units_28d_milli, 0);
}

#[tokio::test]
async fn two_sales_rows_of_one_day_are_added_up() {
    let shop = Shop::with_products().await;
    let text = "sku,date,units\nA1,2026-03-01,2\nB2,2026-03-01,1\nA1,2026-03-01,5\n";
    let report = shop.import_clean(FileKind::Sales, text).await;
    assert_eq!((report.added, report.refused, report.unchanged), (2, 0, 0));
    assert_eq!(shop.row("A1", "DEFAULT").await.units_28d_milli, 7_000);
}

const OBSERVATIONS: &str = "\
sku,competitor,observed_at,price,currency,source
A1,Rival,2026-03-01T08:00:00Z,27.50,EUR,panel
A1,Rival,2026-03-02T08:00:00Z,26.50,EUR,panel
B2,Other,2026-03-02T08:00:00Z,18.00,EUR,panel
";

#[tokio::test]
async fn observations_of_a_file_count_as_offers() {
    let shop = Shop::with_products().await;
    let report = shop.import_clean(FileKind::Observations, OBSERVATIONS).await;
    assert_eq!((report.added, report.changed), (3, 0));
    assert_eq!(shop.detail("A1").await.offers[0].price.unwrap().amount_minor, 2_650);
    shop.import_changes_nothing(FileKind::Observations, OBSERVATIONS).await;
}

#[tokio::test]
async fn a_corrected_observation_takes_the_place_of_the_wrong_one() {
    let shop = Shop::with_products().await;
    shop.import_clean(FileKind::Observations, OBSERVATIONS).await;
    let report = shop.import_clean(FileKind::Observations, &OBSERVATIONS.replace("26.50", "25.50")).await;
    assert_eq!((report.added, report.changed, report.unchanged), (0, 1, 2));
    assert_eq!(shop.detail("A1").await.offers[0].price.unwrap().amount_minor, 2_550);
    shop.workspace.undo_change_set(report.change_set.unwrap()).await.unwrap();
    assert_eq!(shop.detail("A1").await.offers[0].price.unwrap().amount_minor, 2_650);
}

#[tokio::test]
async fn undoing_observations_takes_their_prices_and_listings_away() {
    let shop = Shop::with_products().await;
    let first = shop.import_clean(FileKind::Observations, OBSERVATIONS).await.change_set.unwrap();
    let before = shop.picture().await;
    let newer = OBSERVATIONS.replace("2026-03-02T08", "2026-03-02T09");
    let second = shop.import_clean(FileKind::Observations, &newer).await.change_set.unwrap();
    let undone = shop.workspace.undo_change_set(second).await.unwrap();
    assert_eq!(undone.conflicts, Vec::<String>::new());
    assert_eq!(shop.picture().await, before);
    assert_eq!(shop.workspace.undo_change_set(first).await.unwrap().conflicts, Vec::<String>::new());
    assert!(shop.detail("A1").await.offers.is_empty());
}

#[tokio::test]
async fn an_observation_of_a_matched_page_is_for_the_matched_pack() {
    let shop = Shop::with_products().await;
    let page = "https://rival.example/six";
    let matched = format!("sku,competitor,url,match_type,pack_coefficient\nA1,Rival,{page},equivalent,6\n");
    shop.import_clean(FileKind::Matches, &matched).await;
    let head = "sku,competitor,observed_at,price,currency";
    let told = format!("{head},source\nA1,Rival,2026-03-02T08:00:00Z,59.00,EUR,{page}\n");
    shop.import_clean(FileKind::Observations, &told).await;
    let offers = shop.detail("A1").await.offers;
    assert_eq!((offers.len(), offers[0].url.as_str(), offers[0].like_for_like_minor), (1, page, Some(983)));

    // The competitor has but one page of the product: a file that names none is about it, whatever the file is called.
    for (name, at, price) in [("o1.csv", "09", "57.00"), ("o2.csv", "10", "63.00")] {
        let text = format!("{head}\nA1,Rival,2026-03-02T{at}:00:00Z,{price},EUR\n");
        let options = ImportOptions { kind: Some(FileKind::Observations), ..ImportOptions::default() };
        assert_eq!(shop.import_as(name, &text, &options).await.refused, 0);
    }
    let offers = shop.detail("A1").await.offers;
    assert_eq!((offers.len(), offers[0].like_for_like_minor), (1, Some(1_050)));
}

#[tokio::test]
async fn sellers_and_members_have_offers_of_their_own() {
    let shop = Shop::with_products().await;
    let text = "sku,competitor,seller,observed_at,price,price_kind,currency\n\
                A1,Market,North,2026-03-02T08:00:00Z,28.00,regular,EUR\n\
                A1,Market,South,2026-03-02T08:00:00Z,27.00,regular,EUR\n\
                A1,Rival,,2026-03-02T08:00:00Z,29.00,regular,EUR\nA1,Rival,,2026-03-02T08:00:00Z,25.00,member,EUR\n";
    shop.import_clean(FileKind::Observations, text).await;
    shop.import_changes_nothing(FileKind::Observations, text).await;
    let offers = shop.detail("A1").await.offers;
    let amounts: Vec<_> =
        offers.iter().map(|offer| (offer.price.map(|price| price.amount_minor), offer.usable)).collect();
    assert_eq!(amounts, [(Some(2_700), true), (Some(2_800), true), (Some(2_900), true), (Some(2_500), false)]);
    let evidence = shop.workspace.evidence(offers[0].listing, None).await.unwrap();
    assert_eq!(evidence.seller.as_deref(), Some("South"));
}

#[tokio::test]
async fn a_lock_that_names_a_price_sets_it_by_the_clock_of_its_list() {
    let shop = Shop::with_products().await;
    let list = shop.list("DEFAULT").await;
    let settings = PriceListSettings {
        name: "Germany".into(),
        country: "DE".into(),
        time_zone: "Europe/Berlin".into(),
        ..PriceListSettings::default()
    };
    let saved = shop.workspace.save_price_list(list, &settings, false).await.unwrap();
    assert_eq!((saved.name.as_str(), saved.settings.time_zone.as_str()), ("Germany", "Europe/Berlin"));
    let text = "sku,price_list,price,currency,valid_from,valid_to,reason\n\
                A1,DEFAULT,25.55,EUR,2026-03-01,2026-03-31,leaflet\nB2,,,,,,contract\n";
    shop.import_clean(FileKind::Locks, text).await;
    shop.import_changes_nothing(FileKind::Locks, text).await;
    let locks = shop.workspace.price_locks(None).await.unwrap();
    let lock = locks.iter().find(|lock| lock.sku == "A1").expect("it is locked");
    assert_eq!(lock.price.map(|price| price.amount_minor), Some(2_555));
    let times = [Some(lock.valid_from), lock.valid_to].map(|time| time.expect("stated").to_string());
    assert_eq!(times, ["2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z"], "midnight in Berlin, in winter and in summer");
    assert_eq!(locks.iter().find(|lock| lock.sku == "B2").map(|lock| lock.price), Some(None));
    shop.workspace.price(&pricing_operations::Progress::silent()).await.unwrap();
    let proposals = shop.proposals().await;
    assert_eq!(proposals.iter().find(|row| row.sku == "A1").and_then(|row| row.new_minor), Some(2_555));
    assert!(!proposals.iter().any(|row| row.sku == "B2"), "a lock without a price keeps the one that stands");

    let foreign = shop.import(FileKind::Locks, &text.replace("EUR", "USD")).await;
    assert_eq!((foreign.refused, foreign.problems[0].column.as_str()), (1, "currency"));
}

#[tokio::test]
async fn a_cost_file_dated_today_counts_over_the_product_file_of_today() {
    let shop = Shop::with_products().await;
    let cost = async || shop.row("A1", "DEFAULT").await.cost.map(|cost| cost.to_string());
    assert_eq!(cost().await.as_deref(), Some("12.50"));
    shop.later_hours(1);
    shop.import_clean(FileKind::Costs, "sku,cost,currency,valid_from\nA1,14.00,EUR,2026-03-02\n").await;
    assert_eq!(cost().await.as_deref(), Some("14.00"));
    shop.later_hours(1);
    shop.import_clean(FileKind::Products, "sku,name,currency,price,cost\nA1,Kettle,EUR,29.99,15.00\n").await;
    assert_eq!(cost().await.as_deref(), Some("15.00"), "the later import counts");
}

#[tokio::test]
async fn a_reading_from_far_ahead_is_refused() {
    let shop = Shop::with_products().await;
    let text = "sku,competitor,observed_at,price,currency\n\
        A1,Rival,2026-03-04T12:00:01Z,28.49,EUR\nA1,Rival,2026-03-03T11:00:00Z,28.49,EUR\n";
    let report = shop.import(FileKind::Observations, text).await;
    assert_eq!((report.added, report.problems.len()), (1, 1), "{report:?}");
    assert!(report.problems[0].reason.contains("more than a day ahead"), "{report:?}");
}
