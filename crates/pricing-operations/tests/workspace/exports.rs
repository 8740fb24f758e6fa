//! Handing prices over.

use app_contract::{ProposalDecision, ProposalFilter, ProposalSelection};
use pricing_domain::{
    BasisPoints, ExceptionReason, FileKind, MarginFloor, OutputFormat, PriceCause, PriceState, ProposalKind,
    ProposalStatus, Scope,
};
use pricing_operations::{ExportedPrices, Progress};

use crate::decisions::{price, priced};
use crate::support::Shop;

async fn approved() -> Shop {
    let shop = priced().await;
    let all = ProposalSelection::Filter(ProposalFilter::default());
    shop.workspace.decide_proposals(&all, ProposalDecision::Approve, "").await.unwrap();
    shop.later_hours(1);
    shop
}

async fn export(shop: &Shop, name: &str) -> Result<u64, String> {
    Ok(export_all(shop, name).await?.prices)
}

async fn export_all(shop: &Shop, name: &str) -> Result<ExportedPrices, String> {
    let path = shop.path(name);
    shop.workspace.export_prices(&path, OutputFormat::Csv, None).await.map_err(|error| error.message)
}

#[tokio::test]
async fn handed_over_prices_are_in_force_and_not_handed_over_twice() {
    let shop = approved().await;
    let proposed = shop.proposals().await;
    let kettle = proposed.iter().find(|row| row.sku == "A1").unwrap();
    let count = export(&shop, "prices.csv").await.unwrap();
    let text = std::fs::read_to_string(shop.path("prices.csv")).unwrap();
    assert_eq!(text.lines().count() as u64, count + 1);
    assert_eq!(shop.price("A1", "DEFAULT").await, kettle.new_minor);
    let detail = shop.detail("A1").await;
    assert_eq!((detail.prices[0].state, detail.prices[0].cause), (PriceState::Sent, PriceCause::Proposal));
    assert_eq!(detail.proposal.unwrap().status, ProposalStatus::Exported);
    assert_eq!(shop.workspace.batch(None).await.unwrap().unwrap().exported, count);
    let refused = export(&shop, "again.csv").await.unwrap_err();
    assert!(refused.contains("No approved price differs"), "{refused}");
    assert!(!shop.path("again.csv").exists());
    let newest = &shop.workspace.change_sets(1).await.unwrap()[0];
    assert!(!newest.undoable, "what the shop has is not taken back here");
}

#[tokio::test]
async fn a_supplemental_feed_for_google_hands_the_prices_of_one_list_over() {
    let shop = approved().await;
    let kettle = shop.proposals().await.into_iter().find(|row| row.sku == "A1").unwrap().new_minor.unwrap();
    let path = shop.path("supplement.txt");
    let count = shop.workspace.export_google_feed(&path, None).await.unwrap().prices;
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("id\tprice\n"), "{text}");
    assert!(text.contains(&format!("A1\t{}.{:02} EUR\n", kettle / 100, kettle % 100)), "{text}");
    assert_eq!((text.lines().count() as u64, shop.price("A1", "DEFAULT").await), (count + 1, Some(kettle)));
    let again = shop.workspace.export_google_feed(&path, None).await.unwrap_err();
    assert!(again.message.contains("No approved price differs"), "{again}");
}

#[tokio::test]
async fn a_feed_for_google_names_the_sale_that_comes_and_reads_back() {
    let shop = approved().await;
    let promotions = "sku,name,price,currency,valid_from,valid_to\nA1,Spring,9.99,EUR,2026-04-01,2026-04-08\n\
                      A1,Summer,8.99,EUR,2026-07-01,2026-07-08\nB2,Dear,999.00,EUR,2026-04-01,2026-04-08\n";
    shop.import_clean(FileKind::Promotions, promotions).await;
    let path = shop.path("supplement.txt");
    shop.workspace.export_google_feed(&path, None).await.expect("a file");
    let text = std::fs::read_to_string(&path).expect("the file");
    let row =
        |sku: &str| text.lines().find(|line| line.starts_with(sku)).expect("a row").split('\t').collect::<Vec<_>>();
    assert_eq!(row("id")[2..], ["sale_price", "sale_price_effective_date"]);
    assert_eq!(row("A1")[2..], ["9.99 EUR", "2026-04-01T00:00Z/2026-04-09T00:00Z"], "{text}");
    // What is no reduction is no sale.
    assert!(
        text.lines()
            .filter(|line| !line.starts_with("A1") && !line.starts_with("id"))
            .all(|line| line.ends_with("\t\t"))
    );
    let source = Box::new(std::io::Cursor::new(text.clone().into_bytes()));
    let mut reader =
        catalog_files::open_detected(None, "supplement.txt", source, catalog_files::ReadOptions::default())
            .expect("readable");
    let mut problems = catalog_files::Problems::default();
    let Some(catalog_files::Rows::Products(rows)) = reader.next_batch(9, &mut problems) else { panic!("products") };
    let kettle = rows.iter().find(|row| row.sku == "A1").expect("the kettle");
    let Some(catalog_files::SaleTerms::Sale { price_minor: 999, from: Some(_), to: Some(_) }) = kettle.sale else {
        panic!("{kettle:?}")
    };
}

#[tokio::test]
async fn a_stop_blocks_the_hand_over_until_it_is_lifted() {
    let shop = approved().await;
    shop.workspace.set_publishing_stop(true, "audit").await.unwrap();
    let refused = export(&shop, "prices.csv").await.unwrap_err();
    assert!(refused.contains("Publishing is stopped"), "{refused}");
    assert!(!shop.path("prices.csv").exists());
    shop.workspace.set_publishing_stop(false, "").await.unwrap();
    assert!(export(&shop, "prices.csv").await.unwrap() > 0);
}

#[tokio::test]
async fn a_price_that_was_locked_or_changed_since_is_not_handed_over() {
    for (kind, text, reason) in [
        (FileKind::Locks, "sku,reason\nA1,Leaflet\n", "A1 on DEFAULT: it is locked"),
        (
            FileKind::Promotions,
            "sku,price,currency,valid_from,valid_to\nA1,20.00,EUR,2026-03-01,2026-03-09\n",
            "A1 on DEFAULT: it is in a promotion",
        ),
        (
            FileKind::Products,
            "sku,name,currency,price\nA1,Kettle,EUR,27.00\n",
            "A1 on DEFAULT: its price in force is another one by now",
        ),
    ] {
        let shop = approved().await;
        shop.import_clean(kind, text).await;
        let mut policy = shop.workspace.approval_policy().await.expect("a policy");
        policy.all_or_nothing = true;
        shop.workspace.save_approval_policy(&policy).await.expect("a good policy");
        let before = shop.workspace.sequence().await.unwrap();
        let refused = export(&shop, "prices.csv").await.unwrap_err();
        assert!(refused.contains(reason), "{refused}");
        assert!(!shop.path("prices.csv").exists());
        assert_eq!(shop.workspace.sequence().await.unwrap(), before);
        let kettle = shop.proposals().await.into_iter().find(|row| row.sku == "A1").unwrap();
        assert_eq!(kettle.status, ProposalStatus::Approved);
        policy.all_or_nothing = false;
        shop.workspace.save_approval_policy(&policy).await.expect("a good policy");
        // The others leave; this one waits for a person, who sees why.
        let exported = export_all(&shop, "prices.csv").await.expect("the others");
        assert!(exported.prices > 0, "{exported:?}");
        assert_eq!(exported.left, [reason]);
        let text = std::fs::read_to_string(shop.path("prices.csv")).expect("the file");
        assert!(!text.contains("\nA1,"), "{text}");
        let kettle = shop.proposals().await.into_iter().find(|row| row.sku == "A1").expect("the kettle");
        assert_eq!(
            (kettle.status, kettle.kind, kettle.reason),
            (ProposalStatus::Pending, ProposalKind::Exception, Some(ExceptionReason::LeftBehind))
        );
        let why = reason.split_once(": ").expect("a reason").1;
        assert_eq!(kettle.decision, Some(format!("Hand-over: not handed over, because {why}")));
        let told = shop.detail("A1").await.audit.into_iter().any(|entry| entry.operation == "export_prices");
        assert!(told, "the product's history tells it");
        // Nothing holds the next run up.
        shop.later_hours(1);
        shop.workspace.price(&Progress::silent()).await.expect("a run");
    }
}

#[tokio::test]
async fn only_the_prices_of_one_list_are_handed_over_where_it_is_named() {
    let shop = approved().await;
    let lists = shop.workspace.price_lists().await.expect("lists");
    let path = shop.path("prices.csv");
    let exported = shop.workspace.export_prices(&path, OutputFormat::Csv, Some(lists[0].id)).await.expect("its prices");
    let text = std::fs::read_to_string(&path).expect("the file");
    let codes: Vec<&str> = text.lines().skip(1).filter_map(|line| line.split(',').nth(1)).collect();
    assert_eq!(codes.len() as u64, exported.prices);
    assert!(codes.iter().all(|code| *code == lists[0].code), "{text}");
    assert!(shop.proposals().await.iter().all(|row| {
        (row.status == ProposalStatus::Exported) == (row.price_list == lists[0].code) || row.new_minor.is_none()
    }));
}

#[tokio::test]
async fn a_price_below_the_floor_of_now_is_not_handed_over() {
    let shop = approved().await;
    let kettle = shop.proposals().await.into_iter().find(|row| row.sku == "A1").unwrap();
    // The cost went up after the approval.
    shop.import_clean(FileKind::Products, "sku,name,currency,price,cost\nA1,Kettle,EUR,29.99,27.00\n").await;
    let exported = export_all(&shop, "prices.csv").await.expect("the others");
    let price = pricing_domain::Money::new(kettle.new_minor.unwrap(), pricing_domain::Currency::EUR);
    assert!(exported.left[0].contains(&format!("A1 on DEFAULT: {price} is below its floor")), "{exported:?}");
    // So does a rule set with a higher floor.
    let shop = approved().await;
    let mut rules = shop.workspace.rule_set().await.unwrap();
    rules.guardrails.floors = vec![MarginFloor { scope: Scope::default(), margin: BasisPoints(8_000) }];
    shop.workspace.activate_rule_set(rules).await.unwrap();
    let refused = export(&shop, "prices.csv").await.unwrap_err();
    assert!(refused.contains("is below its floor"), "{refused}");
}

#[tokio::test]
async fn a_file_that_cannot_be_written_marks_nothing() {
    let shop = approved().await;
    let refused = export(&shop, "no such folder/prices.csv").await.unwrap_err();
    assert!(refused.contains("cannot be written"), "{refused}");
    assert!(shop.proposals().await.iter().all(|row| row.status != ProposalStatus::Exported));
    assert!(export(&shop, "prices.csv").await.unwrap() > 0);
}

#[tokio::test]
async fn after_a_hand_over_the_next_run_starts_from_the_new_prices() {
    let shop = approved().await;
    export(&shop, "prices.csv").await.unwrap();
    let handed_over = shop.price("A1", "DEFAULT").await;
    shop.later_hours(1);
    price(&shop).await;
    assert!(shop.proposals().await.iter().all(|row| row.sku != "A1" || row.old_minor == handed_over));
    let today = format!(
        "sku,name,currency,price\nA1,Kettle,EUR,{}\n",
        pricing_domain::decimal_text(handed_over.unwrap(), 2, 2)
    );
    shop.import_changes_nothing(FileKind::Products, &today).await;
}

/// A lock keeps its price, so that nothing can be approved against it; an older approval falls with the next run.
#[tokio::test]
async fn a_locked_price_below_its_floor_is_told_and_holds_no_hand_over_up() {
    let shop = Shop::new().await;
    let products = "sku,name,currency,price,cost,vat_rate\nL2,Kettle,EUR,9.99,20.00,19\nN2,Toaster,EUR,9.99,20.00,19\n";
    shop.import_clean(FileKind::Products, products).await;
    shop.workspace.price(&Progress::silent()).await.unwrap();
    let all = ProposalSelection::Filter(ProposalFilter::default());
    shop.workspace.decide_proposals(&all, ProposalDecision::Approve, "").await.unwrap();

    shop.import_clean(FileKind::Locks, "sku,reason\nL2,Leaflet\n").await;
    let report = shop.workspace.price(&Progress::silent()).await.unwrap();
    assert_eq!((report.carried, report.fallen), (1, 1), "{:?}", report.fallen_words);
    let rows = shop.proposals().await;
    let kettle = rows.iter().find(|row| row.sku == "L2").expect("it is told");
    assert_eq!(
        (kettle.kind, kettle.new_minor, kettle.status),
        (ProposalKind::Exception, None, ProposalStatus::Pending)
    );
    assert!(kettle.summary.contains("end the lock"), "{}", kettle.summary);
    shop.workspace.decide_proposals(&all, ProposalDecision::Approve, "").await.unwrap();
    assert_eq!(export(&shop, "prices.csv").await.unwrap(), 1);
    assert_eq!(shop.price("L2", "DEFAULT").await, Some(999));
    let told: Vec<String> = shop.detail("N2").await.audit.into_iter().map(|entry| entry.operation).collect();
    assert!(told.iter().any(|operation| operation == "decide_proposals"), "{told:?}");
}
