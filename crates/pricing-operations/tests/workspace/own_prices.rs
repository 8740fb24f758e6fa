//! Importing prices, their history, locks and promotions.

use pricing_domain::{FileKind, PriceState};

use crate::support::{Shop, grid};

#[tokio::test]
async fn prices_of_a_new_list_bring_the_list() {
    let shop = Shop::with_products().await;
    let text = "sku,price_list,price,currency,valid_from\nA1,PL,129.00,PLN,2026-03-01\nB2,PL,89.00,PLN,2026-03-01\n";
    let report = shop.import_clean(FileKind::Prices, text).await;
    assert_eq!((report.added, report.changed), (2, 0));
    assert_eq!(shop.price("A1", "PL").await, Some(12_900));
    assert_eq!(shop.price("A1", "DEFAULT").await, Some(2_999));
    assert_eq!(shop.price("C3", "PL").await, None);
    shop.later_hours(30);
    shop.import_changes_nothing(FileKind::Prices, text).await;
}

#[tokio::test]
async fn a_price_in_another_currency_than_its_list_is_refused() {
    let shop = Shop::with_products().await;
    let text = "sku,price_list,price,currency\nA1,DEFAULT,28.00,EUR\nB2,DEFAULT,18.00,USD\n";
    let report = shop.import(FileKind::Prices, text).await;
    assert_eq!((report.problems[0].line, report.problems[0].column.as_str()), (3, "currency"));
    assert_eq!(shop.price("B2", "DEFAULT").await, Some(1_999));
}

#[tokio::test]
async fn prices_without_dates_hold_from_now_and_change_nothing_tomorrow() {
    let shop = Shop::with_products().await;
    shop.later_hours(1);
    let text = "sku,price_list,price,currency\nA1,DEFAULT,28.00,EUR\nB2,DEFAULT,19.99,EUR\n";
    let report = shop.import_clean(FileKind::Prices, text).await;
    assert_eq!((report.added, report.changed, report.unchanged), (0, 1, 1));
    assert_eq!(shop.price("A1", "DEFAULT").await, Some(2_800));
    shop.later_hours(30);
    shop.import_changes_nothing(FileKind::Prices, text).await;
    shop.workspace.undo_change_set(report.change_set.unwrap()).await.unwrap();
    assert_eq!(shop.price("A1", "DEFAULT").await, Some(2_999));
}

#[tokio::test]
async fn a_price_with_an_end_gives_way_to_the_one_before() {
    let shop = Shop::with_products().await;
    shop.later_hours(1);
    let text = "sku,price_list,price,currency,valid_to\nA1,DEFAULT,24.00,EUR,2026-03-03\n";
    shop.import_clean(FileKind::Prices, text).await;
    assert_eq!(shop.price("A1", "DEFAULT").await, Some(2_400));
    shop.later_hours(48);
    assert_eq!(shop.price("A1", "DEFAULT").await, Some(2_999));
}

#[tokio::test]
async fn a_planned_price_comes_into_force_by_itself() {
    let shop = Shop::with_products().await;
    shop.import_clean(FileKind::Prices, "sku,price_list,price,currency,valid_from\nA1,DEFAULT,33.00,EUR,2026-03-04\n")
        .await;
    assert_eq!(shop.price("A1", "DEFAULT").await, Some(2_999));
    assert_eq!(shop.detail("A1").await.prices[0].state, PriceState::Planned);
    shop.later_hours(48);
    assert_eq!(shop.price("A1", "DEFAULT").await, Some(3_300));
    assert_eq!(shop.detail("A1").await.prices[0].state, PriceState::Live);
}

const HISTORY: &str = "\
sku,price,currency,valid_from,valid_to
A1,34.99,EUR,2025-11-01,
A1,31.99,EUR,2026-01-10,2026-01-31
A1,32.99,EUR,2026-02-01,
";

#[tokio::test]
async fn a_history_does_not_outrank_the_price_of_the_product() {
    let shop = Shop::with_products().await;
    let report = shop.import_clean(FileKind::PriceHistory, HISTORY).await;
    assert_eq!(report.added, 3);
    assert_eq!(shop.price("A1", "DEFAULT").await, Some(2_999));
    shop.later_hours(30);
    shop.import_changes_nothing(FileKind::PriceHistory, HISTORY).await;
}

#[tokio::test]
async fn a_product_imported_after_its_history_ends_the_last_price() {
    let shop = Shop::with_products().await;
    let fresh = "sku,name,currency,price\nD4,Rug,EUR,80.00\n";
    shop.import_clean(FileKind::Products, fresh).await;
    let history = HISTORY.replace("A1", "D4");
    shop.import_clean(FileKind::PriceHistory, &history).await;
    shop.later_hours(1);
    shop.import_clean(FileKind::Products, "sku,name,currency,price\nD4,Rug,EUR,75.00\n").await;
    assert_eq!(shop.price("D4", "DEFAULT").await, Some(7_500));
    shop.import_changes_nothing(FileKind::PriceHistory, &history).await;
    assert_eq!(shop.price("D4", "DEFAULT").await, Some(7_500));
}

#[tokio::test]
async fn an_open_end_in_a_history_lasts_until_the_next_price() {
    let shop = Shop::with_products().await;
    let text = "sku,price_list,price,currency,valid_from,valid_to\nA1,OLD,10.00,EUR,2026-01-01,\n\
                A1,OLD,12.00,EUR,2026-02-01,2026-02-10\n";
    shop.import_clean(FileKind::Prices, "sku,price_list,price,currency,valid_from\nB2,OLD,1.00,EUR,2026-01-01\n").await;
    shop.import_clean(FileKind::PriceHistory, text).await;
    assert_eq!(shop.price("A1", "OLD").await, None, "nothing was posted after 10 February");
}

#[tokio::test]
async fn a_corrected_end_brings_an_ended_price_back() {
    let shop = Shop::with_products().await;
    let text = "sku,price,currency,valid_from,valid_to\nC3,44.00,EUR,2026-03-02T12:30:00Z,2026-03-02T12:40:00Z\n";
    shop.later_hours(1);
    shop.import_clean(FileKind::PriceHistory, text).await;
    assert_eq!(shop.price("C3", "DEFAULT").await, Some(4_900));
    shop.import_clean(FileKind::PriceHistory, &text.replace("12:40:00", "22:40:00")).await;
    assert_eq!(shop.price("C3", "DEFAULT").await, Some(4_400));
}

#[tokio::test]
async fn a_lock_without_a_list_holds_on_every_list() {
    let shop = Shop::with_products().await;
    shop.import_clean(FileKind::Prices, "sku,price_list,price,currency\nA1,PL,129.00,PLN\nB2,PL,89,PLN\n").await;
    let locks = "sku,price_list,reason\nA1,,Leaflet\nB2,PL,Contract\n";
    let report = shop.import_clean(FileKind::Locks, locks).await;
    assert_eq!((report.added, report.changed), (2, 0));
    for (sku, list, locked) in
        [("A1", "DEFAULT", true), ("A1", "PL", true), ("B2", "DEFAULT", false), ("B2", "PL", true)]
    {
        assert_eq!(shop.row(sku, list).await.locked, locked, "{sku} on {list}");
    }
    shop.later_hours(30);
    shop.import_changes_nothing(FileKind::Locks, locks).await;
    shop.workspace.undo_change_set(report.change_set.unwrap()).await.unwrap();
    assert!(!shop.row("A1", "PL").await.locked);
}

#[tokio::test]
async fn a_lock_for_a_list_outranks_the_one_for_all() {
    let shop = Shop::with_products().await;
    let locks = "sku,price_list,valid_from,valid_to,reason\nA1,,2026-03-01,2026-03-31,All\n\
                 A1,DEFAULT,2026-03-01,2026-03-01,Here\n";
    shop.import_clean(FileKind::Locks, locks).await;
    assert!(!shop.row("A1", "DEFAULT").await.locked, "the lock named for the list is over");
    shop.import_changes_nothing(FileKind::Locks, locks).await;
}

#[tokio::test]
async fn promotions_hold_for_their_days_and_in_their_currency_only() {
    let shop = Shop::with_products().await;
    let text = "sku,name,price,currency,valid_from,valid_to\nA1,Spring,24.99,EUR,2026-03-01,2026-03-03\n";
    shop.import_clean(FileKind::Promotions, text).await;
    assert!(shop.row("A1", "DEFAULT").await.on_promotion);
    assert_eq!(shop.price("A1", "DEFAULT").await, Some(2_999), "the regular price stays");
    shop.import_changes_nothing(FileKind::Promotions, text).await;
    let changed = shop.import_clean(FileKind::Promotions, &text.replace("24.99", "23.99")).await;
    assert_eq!((changed.added, changed.changed), (0, 1));
    let foreign = shop.import(FileKind::Promotions, &text.replace("EUR", "USD")).await;
    assert_eq!((foreign.refused, foreign.problems[0].column.as_str()), (1, "currency"));
    shop.later_hours(48);
    assert!(!shop.row("A1", "DEFAULT").await.on_promotion);
}

#[tokio::test]
async fn what_begins_within_the_hour_is_seen_whether_or_not_something_else_changed() {
    let shop = Shop::with_products().await;
    shop.import_clean(
        FileKind::Promotions,
        "sku,name,price,currency,valid_from,valid_to\n\
         A1,Flash,24.99,EUR,2026-03-02T12:20:00+00:00,2026-03-02T12:50:00+00:00\n",
    )
    .await;
    let lock = |from: &str| format!("sku,valid_from,reason\nB2,2026-03-02T12:{from}:00+00:00,Leaflet\n");
    shop.import_clean(FileKind::Locks, &lock("30")).await;
    let seen = async || (shop.row("A1", "DEFAULT").await.on_promotion, shop.row("B2", "DEFAULT").await.locked);
    assert_eq!(seen().await, (false, false));
    shop.later_minutes(25);
    assert_eq!(seen().await, (true, false), "the promotion began five minutes ago");
    shop.later_minutes(10);
    shop.import_clean(FileKind::Stock, "sku,stock\nC3,7\n").await;
    assert_eq!(seen().await, (true, true), "the lock began before the stock was counted");
    shop.later_minutes(20);
    assert_eq!(seen().await, (false, true), "the promotion is over");
}

#[tokio::test]
async fn hours_that_pass_show_what_a_fresh_start_shows() {
    let shop = Shop::with_products().await;
    shop.import_clean(
        FileKind::Prices,
        "sku,price_list,price,currency,valid_from,valid_to\nA1,DEFAULT,33.00,EUR,2026-03-04,\n\
         B2,DEFAULT,17.00,EUR,2026-03-03,2026-03-05\n",
    )
    .await;
    shop.import_clean(FileKind::Costs, "sku,cost,currency,valid_from\nA1,14.00,EUR,2026-03-05\n").await;
    shop.import_clean(FileKind::Locks, "sku,valid_from,valid_to,reason\nC3,2026-03-04,2026-03-05,Leaflet\n").await;
    shop.import_clean(
        FileKind::Promotions,
        "sku,name,price,currency,valid_from,valid_to\nA1,Spring,24.99,EUR,2026-03-03,2026-03-04\n",
    )
    .await;
    shop.import_clean(
        FileKind::Observations,
        "sku,competitor,observed_at,price,currency,availability\nA1,Elsewhere,2026-03-02T10:00:00Z,28.00,EUR,InStock\n",
    )
    .await;
    let mut pictures = std::collections::BTreeSet::new();
    for _ in 0..10 {
        let fresh = shop.open_again().await;
        let list = shop.list("DEFAULT").await;
        let rows = format!("{:?}", grid(&fresh, list).await);
        assert_eq!(format!("{:?}", shop.grid("DEFAULT").await), rows);
        pictures.insert(rows);
        shop.later_hours(11);
    }
    assert!(pictures.len() >= 6, "what begins and ends is seen: {}", pictures.len());
}
