//! Taking a hand-over back, and the circuit breaker before it.

use app_contract::{BatchView, CircuitBreakerSettings, ProposalDecision, ProposalFilter, ProposalSelection};
use pricing_domain::{FileKind, OutputFormat};

use crate::decisions::{price, priced};
use crate::support::Shop;

async fn approve_all(shop: &Shop) {
    let all = ProposalSelection::Filter(ProposalFilter::default());
    shop.workspace.decide_proposals(&all, ProposalDecision::Approve, "").await.unwrap();
}

/// A shop that has handed its kettle and toaster over.
async fn published() -> Shop {
    let shop = priced().await;
    approve_all(&shop).await;
    shop.later_hours(1);
    shop.workspace.export_prices(&shop.path("new.csv"), OutputFormat::Csv, None).await.unwrap();
    shop.later_hours(1);
    shop
}

#[tokio::test]
async fn previous_prices_go_back_and_into_a_file_also_while_publishing_is_stopped() {
    let shop = published().await;
    let changed = shop.price("A1", "DEFAULT").await;
    assert_ne!(changed, Some(2_999));
    shop.workspace.set_publishing_stop(true, "check").await.unwrap();
    let publication = shop.workspace.publications(10).await.unwrap().remove(0);
    let seen = shop.workspace.preview_restore(publication.id).await.unwrap();
    let file = shop.path("back.csv");
    let done = shop.workspace.restore_publication(publication.id, &file, OutputFormat::Csv).await.unwrap();
    assert_eq!((seen.clone(), seen.restored), (done, 2));
    assert_eq!(shop.price("A1", "DEFAULT").await, Some(2_999));
    assert_eq!(shop.price("B2", "DEFAULT").await, Some(1_999));
    let text = std::fs::read_to_string(file).unwrap();
    assert!(text.contains("29.99") && text.contains("19.99"), "{text}");
    let publications = shop.workspace.publications(10).await.unwrap();
    assert_eq!(publications.iter().map(|one| one.is_restore).collect::<Vec<_>>(), [true, false]);
    assert!(publications[1].restored_at.is_some());
    assert_eq!(publications[1].number, publication.number, "a number stays with its hand-over");
    assert_eq!(publications[0].number, publication.number + 1);
    let again = shop.workspace.restore_publication(publication.id, &shop.path("again.csv"), OutputFormat::Csv).await;
    assert!(again.unwrap_err().message.contains("Nothing can be put back"));
}

#[tokio::test]
async fn a_price_changed_since_stays_and_one_below_its_floor_is_named() {
    let shop = published().await;
    shop.import_clean(FileKind::Prices, "sku,price_list,price,currency\nA1,DEFAULT,31.00,EUR\n").await;
    shop.import_clean(FileKind::Costs, "sku,cost,currency\nB2,18.00,EUR\n").await;
    let publication = shop.workspace.publications(10).await.unwrap().remove(0);
    let seen = shop.workspace.preview_restore(publication.id).await.unwrap();
    assert_eq!((seen.restored, seen.changed_since, seen.below_floor), (1, 1, 1));
    let row = &seen.below_floor_rows[0];
    assert_eq!((row.sku.as_str(), row.previous.amount_minor), ("B2", 1_999));
    assert!(row.floor.amount_minor > 1_999);
    shop.workspace.restore_publication(publication.id, &shop.path("back.csv"), OutputFormat::Csv).await.unwrap();
    assert_eq!(shop.price("A1", "DEFAULT").await, Some(3_100));
    assert_eq!(shop.price("B2", "DEFAULT").await, Some(1_999));
}

/// Thirty products that cost 10.00, at 20.00, with a rival at `rival`.
async fn thirty(rival: &str) -> Shop {
    let shop = Shop::new().await;
    let products: String = (0..30).map(|n| format!("P{n},Thing {n},EUR,20.00,10.00,19\n")).collect();
    shop.import_clean(FileKind::Products, &format!("sku,name,currency,price,cost,vat_rate\n{products}")).await;
    let offers: String = (0..30).map(|n| format!("P{n},Rival,2026-03-02T08:00:00Z,{rival},EUR,InStock\n")).collect();
    shop.import_clean(
        FileKind::Observations,
        &format!("sku,competitor,observed_at,price,currency,availability\n{offers}"),
    )
    .await;
    price(&shop).await;
    shop
}

#[tokio::test]
async fn a_run_that_lowers_most_prices_far_waits_until_a_person_lets_it_go_on() {
    let shop = thirty("18.49").await;
    let batch = shop.workspace.batch(None).await.unwrap().unwrap();
    assert!(batch.held_for[0].contains("30 of 30 products would fall"), "{:?}", batch.held_for);
    let all = ProposalSelection::Filter(ProposalFilter::default());
    let refused = shop.workspace.decide_proposals(&all, ProposalDecision::Approve, "").await.unwrap_err();
    assert!(refused.message.contains("circuit breaker"), "{}", refused.message);
    assert!(shop.workspace.release_batch(" ").await.is_err(), "a reason is needed");
    shop.workspace.release_batch("checked with Rival's shop").await.unwrap();
    approve_all(&shop).await;
    assert!(shop.workspace.release_batch("again").await.is_err(), "no batch waits any more");
}

#[tokio::test]
async fn both_directions_hold_and_small_moves_do_not() {
    assert!(thirty("21.99").await.workspace.batch(None).await.unwrap().unwrap().held_for[0].contains("rise"));
    assert_eq!(thirty("19.79").await.workspace.batch(None).await.unwrap().unwrap().held_for, Vec::<String>::new());
}

#[tokio::test]
async fn a_margin_that_falls_below_the_least_one_holds() {
    let shop = thirty("19.79").await;
    let sales: String = (0..30).map(|n| format!("P{n},2026-03-01,10\n")).collect();
    shop.import_clean(FileKind::Sales, &format!("sku,date,units\n{sales}")).await;
    let held = async |least_margin_bp| {
        let settings = shop.workspace.circuit_breaker().await.unwrap();
        let settings = CircuitBreakerSettings { least_margin_bp, ..settings };
        shop.workspace.save_circuit_breaker(&settings).await.unwrap();
        shop.later_hours(1);
        price(&shop).await;
        shop.workspace.batch(None).await.unwrap().unwrap().held_for
    };
    // 20.00 with 19 % VAT at a cost of 10.00 leaves 40.5 %, and a cent less than 19.79 leaves under 40 %.
    assert_eq!(held(3_000).await, Vec::<String>::new());
    let reasons = held(4_000).await;
    assert!(reasons.len() == 1 && reasons[0].contains("would fall from 40.5 % to 39."), "{reasons:?}");
    let wrong = CircuitBreakerSettings { least_margin_bp: 10_000, ..shop.workspace.circuit_breaker().await.unwrap() };
    assert!(shop.workspace.save_circuit_breaker(&wrong).await.is_err());
}

#[tokio::test]
async fn limits_of_the_breaker_are_kept_and_checked() {
    let shop = thirty("18.49").await;
    let settings = CircuitBreakerSettings { change_bp: 1_500, ..shop.workspace.circuit_breaker().await.unwrap() };
    shop.workspace.save_circuit_breaker(&settings).await.unwrap();
    assert_eq!(shop.workspace.circuit_breaker().await.unwrap(), settings);
    let wrong = CircuitBreakerSettings { share_bp: 0, ..settings };
    assert!(shop.workspace.save_circuit_breaker(&wrong).await.is_err());
    shop.later_hours(1);
    price(&shop).await;
    let held = shop.workspace.batch(None).await.unwrap().unwrap().held_for;
    assert!(!held.iter().any(|reason| reason.contains("would fall by more")), "{held:?}");
}

#[tokio::test]
async fn large_changes_that_wait_for_a_person_count_for_the_breaker() {
    let shop = thirty("18.49").await;
    let mut rules = shop.workspace.rule_set().await.unwrap();
    rules.approval_limit = Some(pricing_domain::BasisPoints(100));
    shop.workspace.activate_rule_set(rules).await.unwrap();
    shop.later_hours(1);
    price(&shop).await;
    let batch = shop.workspace.batch(None).await.unwrap().unwrap();
    assert_eq!(batch.pending_changes, 0, "every one of them needs a person");
    assert!(
        batch.held_for.iter().any(|reason| reason.contains("30 of 30 products would fall")),
        "{:?}",
        batch.held_for
    );
}

#[tokio::test]
async fn imported_prices_that_moved_all_at_once_hold_the_batch() {
    let shop = thirty("19.79").await;
    shop.later_hours(2);
    let offers: String = (0..30).map(|n| format!("P{n},Rival,2026-03-02T13:30:00Z,9.90,EUR,InStock\n")).collect();
    let header = "sku,competitor,observed_at,price,currency,availability\n";
    shop.import_clean(FileKind::Observations, &format!("{header}{offers}")).await;
    price(&shop).await;
    let batch = shop.workspace.batch(None).await.unwrap().unwrap();
    assert!(
        batch.held_for.iter().any(|reason| reason.contains("prices of Rival became lower")),
        "{:?}",
        batch.held_for
    );
    shop.later_hours(1);
    price(&shop).await;
    let batch = shop.workspace.batch(None).await.unwrap().unwrap();
    let names_it = |batch: &BatchView| batch.held_for.iter().any(|reason| reason.contains("Rival"));
    assert!(names_it(&batch), "nobody looked at it yet: {:?}", batch.held_for);
    shop.workspace.release_batch("Rival clears its stock").await.unwrap();
    shop.later_hours(1);
    price(&shop).await;
    let batch = shop.workspace.batch(None).await.unwrap().unwrap();
    assert!(!names_it(&batch), "seen before: {:?}", batch.held_for);
}

#[tokio::test]
async fn a_restore_names_locked_prices_and_its_way_forward_stops_with_the_switch() {
    let shop = published().await;
    shop.import_clean(FileKind::Locks, "sku,reason\nA1,Leaflet\n").await;
    let publication = shop.workspace.publications(10).await.unwrap().remove(0);
    let seen = shop.workspace.preview_restore(publication.id).await.unwrap();
    assert_eq!((seen.locked, seen.locked_rows), (1, vec!["A1 on DEFAULT".to_owned()]));
    shop.workspace.set_publishing_stop(true, "check").await.unwrap();
    shop.workspace.restore_publication(publication.id, &shop.path("back.csv"), OutputFormat::Csv).await.unwrap();
    shop.later_hours(1);
    let back = shop.workspace.publications(10).await.unwrap().remove(0);
    assert!(back.is_restore);
    let refused =
        shop.workspace.restore_publication(back.id, &shop.path("on.csv"), OutputFormat::Csv).await.unwrap_err();
    assert!(refused.message.contains("Publishing is stopped"), "{}", refused.message);
    shop.workspace.set_publishing_stop(false, "").await.unwrap();
    shop.workspace.restore_publication(back.id, &shop.path("on.csv"), OutputFormat::Csv).await.unwrap();
}
