//! A price of a person's own for a product that no run proposes a price for.

use app_contract::{DecisionReport, ProposalRow};
use pricing_domain::{CivilDate, OutputFormat, ProposalStatus};
use pricing_operations::{OperationError, Progress};

use crate::decisions::{price, priced};
use crate::support::Shop;

async fn set(shop: &Shop, sku: &str, minor: i64, until: Option<&str>) -> Result<DecisionReport, OperationError> {
    let product = shop.workspace.find_sku(sku).await.unwrap();
    let until = until.map(|day| day.parse::<CivilDate>().expect("a day"));
    shop.workspace.set_price(product, shop.list("DEFAULT").await, minor, "Match a flyer", until).await
}

async fn of(shop: &Shop, sku: &str) -> Option<ProposalRow> {
    shop.proposals().await.into_iter().find(|row| row.sku == sku)
}

#[tokio::test]
async fn a_product_without_any_run_gets_its_price_like_every_other() {
    let shop = Shop::with_products().await;
    let below = set(&shop, "A1", 1_000, None).await.unwrap_err().message;
    assert!(below.contains("refused. It lies below the floor of "), "the cost gives a floor: {below}");
    assert_eq!(shop.proposals().await, [], "what is refused leaves nothing");
    let report = set(&shop, "A1", 2_777, None).await.unwrap();
    assert_eq!((report.decided, report.first), (1, 0));
    let row = of(&shop, "A1").await.expect("it joined a batch");
    assert_eq!((row.old_minor, row.new_minor, row.status), (Some(2_999), Some(2_777), ProposalStatus::Approved));
    assert_eq!(row.change_bp, Some(-740));
    assert!(row.decision.as_ref().is_some_and(|words| words.contains("Match a flyer")), "{row:?}");
    assert!(!shop.workspace.price_way(row.id).await.unwrap().lines.is_empty());
    let newest = &shop.workspace.change_sets(1).await.unwrap()[0];
    assert!(newest.summary.contains("Set the price of A1 to 27.77 EUR by hand: Match a flyer"), "{newest:?}");
    assert_eq!(shop.workspace.export_prices(&shop.path("new.csv"), OutputFormat::Csv, None).await.unwrap().prices, 1);
    assert_eq!(shop.price("A1", "DEFAULT").await, Some(2_777));
    // Handed over: another price is another proposal.
    shop.later_hours(1);
    set(&shop, "A1", 2_888, None).await.unwrap();
    assert_eq!(shop.workspace.export_prices(&shop.path("next.csv"), OutputFormat::Csv, None).await.unwrap().prices, 1);
    assert_eq!(shop.price("A1", "DEFAULT").await, Some(2_888));
}

#[tokio::test]
async fn it_joins_the_newest_batch_takes_the_place_of_what_is_proposed_and_can_be_taken_back() {
    let shop = priced().await;
    let before = of(&shop, "A1").await.expect("the rules propose a price");
    set(&shop, "A1", 2_777, None).await.unwrap();
    let after = of(&shop, "A1").await.expect("still there");
    assert_eq!((after.id, after.new_minor), (before.id, Some(2_777)), "no second proposal");

    // Nothing is known of the lamp: no cost, no offer.
    let without = of(&shop, "C3").await;
    let report = set(&shop, "C3", 5_100, None).await.unwrap();
    let lamp = of(&shop, "C3").await.expect("it joined the batch");
    assert_eq!((lamp.new_minor, lamp.status), (Some(5_100), ProposalStatus::Approved));
    let undone = shop.workspace.undo_change_set(report.change_set.unwrap()).await.unwrap();
    assert_eq!(undone.conflicts, Vec::<String>::new());
    let back = of(&shop, "C3").await;
    assert!(back.as_ref().is_none_or(|row| row.status != ProposalStatus::Approved), "{back:?}");
    assert!(
        without.is_some() || back.is_none_or(|row| row.new_minor == Some(4_900)),
        "as if today's price were to stay"
    );

    set(&shop, "C3", 5_100, None).await.unwrap();
    shop.later_hours(1);
    let report = shop.workspace.price(&Progress::silent()).await.unwrap();
    assert_eq!((report.carried, report.fallen), (2, 0), "the next run takes both over: {report:?}");
    assert_eq!(of(&shop, "C3").await.and_then(|row| row.new_minor), Some(5_100));
}

#[tokio::test]
async fn todays_price_can_be_held_and_only_held() {
    let shop = Shop::with_products().await;
    assert!(set(&shop, "A1", 2_999, None).await.unwrap_err().message.contains("today's price"));
    let report = set(&shop, "A1", 2_999, Some("2026-03-31")).await.unwrap();
    assert_eq!(report.decided, 1);
    assert_eq!(shop.proposals().await, []);
    let locks = shop.workspace.price_locks(None).await.unwrap();
    assert_eq!(locks[0].price.map(|price| price.amount_minor), Some(2_999));
    shop.later_hours(1);
    price(&shop).await;
    assert_eq!(of(&shop, "A1").await.map(|row| row.new_minor), None, "rules are not asked");
    shop.workspace.undo_change_set(report.change_set.unwrap()).await.unwrap();
    assert_eq!(shop.workspace.price_locks(None).await.unwrap(), []);
}

#[tokio::test]
async fn a_reason_is_needed_and_a_promotion_is_left_alone() {
    let shop = Shop::with_products().await;
    let product = shop.workspace.find_sku("A1").await.unwrap();
    let list = shop.list("DEFAULT").await;
    assert!(shop.workspace.set_price(product, list, 2_777, "  ", None).await.is_err());
    let text = "sku,price,currency,valid_from,valid_to\nA1,20.00,EUR,2026-03-01,2026-03-09\n";
    shop.import_clean(pricing_domain::FileKind::Promotions, text).await;
    let refused = set(&shop, "A1", 2_777, None).await.unwrap_err().message;
    assert!(refused.contains("promotion"), "{refused}");
}
