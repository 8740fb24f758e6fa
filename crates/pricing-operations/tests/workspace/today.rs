//! What a pricing manager opens in the morning.

use std::collections::BTreeMap;

use app_contract::ProposalFilter;
use pricing_domain::{ExceptionReason, FileKind};
use pricing_operations::Progress;

use crate::support::Shop;

#[tokio::test]
async fn a_cost_without_a_vat_rate_is_told_apart_from_no_cost() {
    let shop = Shop::new().await;
    let products = "sku,name,currency,price,cost,vat_rate\nA1,Kettle,EUR,10.00,5.00,19\nB2,Toaster,EUR,20.00,9.00,\n\
        C3,Lamp,EUR,49.00,,19\nD4,Fan,EUR,20.00,,\n";
    shop.import_clean(FileKind::Products, products).await;
    let report = shop.workspace.price(&Progress::silent()).await.unwrap();
    assert_eq!((report.gaps.without_cost, report.gaps.without_vat), (2, 1));
}

#[tokio::test]
async fn what_needs_a_person_comes_by_what_it_moves_and_goods_without_a_cost_are_named() {
    let shop = Shop::new().await;
    let products = "sku,name,currency,price,cost,vat_rate\n\
        A1,Kettle,EUR,10.00,12.00,19\nB2,Toaster,EUR,100.00,99.00,19\nC3,Lamp,EUR,49.00,,19\nD4,Fan,EUR,20.00,5.00,19\n";
    shop.import_clean(FileKind::Products, products).await;
    shop.import_clean(FileKind::Sales, "sku,date,units\nA1,2026-02-27,200\nB2,2026-02-27,3\nC3,2026-02-27,5\n").await;
    let report = shop.workspace.price(&Progress::silent()).await.unwrap();
    assert_eq!(report.gaps.without_cost, 1);

    let list = shop.list("DEFAULT").await;
    let today = shop.workspace.today(list).await.unwrap();
    assert_eq!(today.products - today.with_cost, 1);
    assert!(today.needs.iter().map(|need| need.count).sum::<u64>() >= 2, "{:?}", today.needs);
    let amounts: Vec<i64> = today.needs.iter().map(|need| need.stake.map_or(0, |stake| stake.amount_minor)).collect();
    assert!(amounts[0] > 0 && amounts.is_sorted_by(|one, other| one >= other), "{amounts:?}");

    let units: BTreeMap<String, i64> =
        shop.grid("DEFAULT").await.into_iter().map(|row| (row.sku, row.units_28d_milli)).collect();
    let mut expected: BTreeMap<ExceptionReason, i64> = BTreeMap::new();
    for row in shop.workspace.proposals(&ProposalFilter::default(), 0, 100).await.unwrap().rows {
        if let (Some(reason), Some(old), Some(lawful)) = (row.reason, row.old_minor, row.lawful_minor) {
            *expected.entry(reason).or_default() += (lawful - old).abs() * units[&row.sku] / 1_000;
        }
    }
    for need in &today.needs {
        let told = need.stake.map_or(0, |stake| stake.amount_minor);
        assert_eq!(told, expected.get(&need.reason).copied().unwrap_or(0), "{:?}", need.reason);
    }
}

#[tokio::test]
async fn what_moved_is_told_until_a_person_has_seen_it_by_what_is_at_stake() {
    let shop = Shop::with_products().await;
    shop.import_clean(FileKind::Sales, "sku,date,units\nA1,2026-02-27,10\nB2,2026-02-27,2\n").await;
    let seen = |at: &str, rows: &[(&str, &str, &str)]| {
        let rows = rows.iter().map(|(sku, who, price)| format!("{sku},{who},{at},{price},EUR\n")).collect::<String>();
        format!("sku,competitor,observed_at,price,currency\n{rows}")
    };
    let before = [("A1", "X", "31.00"), ("A1", "Y", "35.00"), ("B2", "Y", "21.00")];
    shop.import_clean(FileKind::Observations, &seen("2026-03-02T08:00:00Z", &before)).await;
    let list = shop.list("DEFAULT").await;
    assert_eq!(shop.workspace.today(list).await.unwrap().since, None, "nothing was collected and nobody has looked");
    shop.later_hours(1);
    shop.workspace.mark_today_seen().await.unwrap();
    shop.later_hours(1);
    // X goes below our 29.99; Y comes down without passing us, on ten and on two pieces.
    let after = [("A1", "X", "29.00"), ("A1", "Y", "34.00"), ("B2", "Y", "20.00")];
    shop.import_clean(FileKind::Observations, &seen("2026-03-02T13:30:00Z", &after)).await;
    let today = shop.workspace.today(list).await.unwrap();
    let told: Vec<(&str, u64, i64)> =
        today.moves.iter().map(|one| (one.competitor.as_str(), one.lowered, one.stake_minor)).collect();
    // 2.00 × 10; 1.00 × 10 + 1.00 × 2.
    assert_eq!(told, [("X", 1, 2_000), ("Y", 2, 1_200)]);
    let lost: Vec<(&str, u32, u32, i64)> =
        today.lost.rows.iter().map(|one| (one.sku.as_str(), one.before, one.now, one.stake_minor)).collect();
    assert_eq!((today.lost.count, lost), (1, vec![("A1", 1, 2, 990)]));
    assert_eq!(today.gained.count, 0);
    shop.workspace.mark_today_seen().await.unwrap();
    let today = shop.workspace.today(list).await.unwrap();
    assert_eq!((today.moves.len(), today.lost.count, today.seen_at), (0, 0, Some(shop.now())));
}
