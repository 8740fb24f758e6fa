//! What files leave open at their edges: net prices, sales and products that come back, rows that are there twice, and what
//! a person decided before.

use app_contract::{ImportOptions, ImportPreview, MatchDecision, MatchFilter, MatchSelection};
use pricing_domain::{BasisPoints, Currency, FileKind, Lifecycle, MatchState, MatchVerdict, PackCoefficient};
use pricing_operations::Progress;
use pricing_store::{Candidate, Durability, PageFacts};

use crate::support::Shop;

async fn preview(shop: &Shop, text: &str) -> ImportPreview {
    let path = shop.path("look.csv");
    std::fs::write(&path, text).unwrap();
    let options = ImportOptions::of_kind(FileKind::Products);
    shop.workspace.preview_import(&path, "look.csv", &options, &Progress::silent()).await.unwrap().0
}

fn field(preview: &ImportPreview, sku: &str, field: &str) -> Option<(Option<String>, String)> {
    let row = preview.changes.iter().find(|row| row.sku == sku)?;
    row.fields.iter().find(|change| change.field == field).map(|change| (change.old.clone(), change.new.clone()))
}

async fn lifecycle(shop: &Shop, sku: &str) -> Lifecycle {
    shop.detail(sku).await.lifecycle
}

#[tokio::test]
async fn net_prices_of_six_digits_are_rounded_once_with_their_vat() {
    let shop = Shop::with_products().await;
    shop.later_hours(1);
    let text = "ID;Active;Name;Price tax excluded;Reference\n1;1;Kettle;50.336134;A1\n2;1;Toaster;16.798319;B2\n";
    let options =
        ImportOptions { currency: Some(Currency::EUR), vat_rate: Some(BasisPoints(1_900)), ..ImportOptions::default() };
    let report = shop.import_as("presta.csv", text, &options).await;
    // The toaster costs what it did: 16.798319 with VAT is 19.99.
    assert_eq!((report.refused, report.changed), (0, 1), "{:?}", report.problems);
    assert_eq!((shop.price("A1", "DEFAULT").await, shop.price("B2", "DEFAULT").await), (Some(5_990), Some(1_999)));
}

#[tokio::test]
async fn a_sale_that_an_own_file_no_longer_states_ends() {
    let shop = Shop::with_products().await;
    let text = |sale: &str| format!("sku,name,currency,price,sale_price\nA1,Kettle,EUR,29.99,{sale}\n");
    assert_eq!(shop.import(FileKind::Products, &text("24.99")).await.changed, 1);
    shop.later_hours(5);
    assert!(shop.row("A1", "DEFAULT").await.on_promotion);
    assert_eq!(shop.import(FileKind::Products, &text("24.99")).await.change_set, None);
    let without = "sku,name,currency,price\nA1,Kettle,EUR,29.99\n";
    assert_eq!(shop.import(FileKind::Products, without).await.change_set, None, "no such column says nothing");
    assert_eq!(shop.import(FileKind::Products, &text("")).await.changed, 1);
    shop.later_hours(1);
    assert!(!shop.row("A1", "DEFAULT").await.on_promotion);
}

#[tokio::test]
async fn a_preview_tells_sales_as_the_import_takes_them() {
    let shop = Shop::with_products().await;
    let text = |from: &str, to: &str| {
        format!("sku,name,currency,price,sale_price,sale_from,sale_to\nA1,Kettle,EUR,29.99,24.99,{from},{to}\n")
    };
    for (from, to) in [("2026-04-01", "2026-04-10"), ("2026-01-01", "2026-01-10")] {
        let seen = preview(&shop, &text(from, to)).await;
        assert_eq!(field(&seen, "A1", "sale_price"), Some((None, "24.99 EUR".to_owned())), "{from}");
        assert_eq!(shop.import(FileKind::Products, &text(from, to)).await.changed, 1);
        shop.later_hours(1);
        let again = preview(&shop, &text(from, to)).await;
        assert_eq!((again.report.changed, again.report.unchanged), (0, 1), "{from}: {:?}", again.changes);
    }
    let moved = preview(&shop, &text("2026-04-01", "2026-04-20")).await;
    let end = field(&moved, "A1", "sale_to").expect("the end differs");
    assert!(end.0.is_some_and(|old| old.starts_with("2026-04-1")) && end.1.starts_with("2026-04-2"));
    assert_eq!(field(&moved, "A1", "sale_price"), None);
    let rate = preview(&shop, "sku,name,currency,price,vat_rate\nA1,Kettle,EUR,29.99,7\n").await;
    assert_eq!(field(&rate, "A1", "vat_rate"), Some((Some("19".to_owned()), "7".to_owned())));
}

#[tokio::test]
async fn a_product_that_the_shop_sells_again_comes_back() {
    let shop = Shop::with_products().await;
    let text = |status: &str| {
        format!(
            "Handle,Title,Status,Variant SKU,Variant Price\nkettle,Kettle,{status},A1,29.99\nlamp,Lamp,{status},C3,49.00\n"
        )
    };
    shop.later_hours(1);
    shop.import(FileKind::Products, "sku,name,currency,price,lifecycle\nC3,Lamp,EUR,49.00,phase_out\n").await;
    shop.import(FileKind::Products, &text("draft").replace("draft,C3", ",C3")).await;
    assert_eq!(lifecycle(&shop, "A1").await, Lifecycle::Ended);
    shop.later_hours(1);
    let seen = preview(&shop, &text("active")).await;
    assert_eq!(field(&seen, "A1", "lifecycle"), Some((Some("ended".to_owned()), "regular".to_owned())));
    shop.import(FileKind::Products, &text("active")).await;
    assert_eq!(lifecycle(&shop, "A1").await, Lifecycle::Regular);
    assert_eq!(lifecycle(&shop, "C3").await, Lifecycle::PhaseOut, "what is sold off stays so");
}

#[tokio::test]
async fn a_product_that_was_missing_comes_back_and_one_that_was_ended_by_name_does_not() {
    let shop = Shop::with_products().await;
    let end_missing = ImportOptions { end_missing: true, ..ImportOptions::of_kind(FileKind::Products) };
    shop.import(FileKind::Products, "sku,name,currency,price,lifecycle\nB2,Toaster,EUR,19.99,ended\n").await;
    let part = "sku,name,currency,price\nA1,Kettle,EUR,29.99\nB2,Toaster,EUR,19.99\n";
    assert_eq!(shop.import_as("part.csv", part, &end_missing).await.ended, 1);
    assert_eq!(lifecycle(&shop, "C3").await, Lifecycle::Ended);
    shop.later_hours(1);
    let whole = format!("{part}C3,Lamp,EUR,49.00\n");
    let seen = preview(&shop, &whole).await;
    assert_eq!(field(&seen, "C3", "lifecycle"), Some((Some("ended".to_owned()), "regular".to_owned())));
    assert_eq!(shop.import(FileKind::Products, &whole).await.changed, 1);
    assert_eq!((lifecycle(&shop, "C3").await, lifecycle(&shop, "B2").await), (Lifecycle::Regular, Lifecycle::Ended));
}

#[tokio::test]
async fn a_file_without_rows_ends_nothing_and_rows_left_out_are_not_missing() {
    let shop = Shop::with_products().await;
    let end_missing = ImportOptions { end_missing: true, ..ImportOptions::of_kind(FileKind::Products) };
    let path = shop.path("empty.csv");
    std::fs::write(&path, "sku,name,currency,price\n").unwrap();
    let refused = shop.workspace.import(&path, "empty.csv", &end_missing, &Progress::silent()).await;
    assert!(refused.err().unwrap().message.contains("has no products"));
    let feed = "id\ttitle\tavailability\tprice\tcondition\nA1\tKettle\tin_stock\t29.99 EUR\tnew\n\
                B2\tToaster\tin_stock\t15.00 EUR\tused\nC3\tLamp\tin_stock\tsoon\tnew\n";
    assert_eq!(preview(&shop, feed).await.missing, 0);
    let report = shop.import_as("feed.tsv", &feed.replace("soon", "49.00 EUR"), &end_missing).await;
    assert_eq!((report.refused, report.ended), (0, 0), "{:?}", report.problems);
    assert_eq!(lifecycle(&shop, "B2").await, Lifecycle::Regular);
}

#[tokio::test]
async fn stock_in_all_counts_only_where_no_place_is_known() {
    let shop = Shop::with_products().await;
    let stock = async |sku: &str| shop.row(sku, "DEFAULT").await.stock;
    assert_eq!(stock("A1").await, Some(7));
    shop.import_clean(FileKind::Stock, "sku,stock,location\nA1,4,Berlin\nA1,3,Köln\n").await;
    assert_eq!((stock("A1").await, stock("B2").await), (Some(7), Some(3)));
}

#[tokio::test]
async fn the_kind_of_a_cost_decides_and_not_its_currency() {
    let shop = Shop::with_products().await;
    let costs = "sku,cost,cost_type,currency\nA1,9.00,landed,USD\nC3,20.00,landed,USD\nC3,21.00,invoice,EUR\n";
    shop.import_clean(FileKind::Costs, costs).await;
    let cost = async |sku: &str| shop.row(sku, "DEFAULT").await.cost.map(|cost| cost.0);
    assert_eq!((cost("A1").await, cost("C3").await), (None, None), "no rate, no cost");
    shop.import_clean(FileKind::Rates, "date,base,quote,rate\n2026-02-27,EUR,USD,2\n").await;
    assert_eq!((cost("A1").await, cost("C3").await), (Some(4_500_000), Some(10_000_000)));
}

#[tokio::test]
async fn sales_of_several_stores_on_one_day_are_added_up() {
    let shop = Shop::with_products().await;
    let text = "sku,date,units,net_revenue,price\nA1,2026-02-28,2,50.00,25.00\nA1,2026-02-28,1,28.00,28.00\n\
                A1,2026-03-01,1,25.00,25.00\n";
    let report = shop.import_clean(FileKind::Sales, text).await;
    assert_eq!((report.added, report.unchanged, report.refused), (2, 0, 0));
    assert_eq!(report.left_out.len(), 1, "{:?}", report.left_out);
    assert_eq!(shop.row("A1", "DEFAULT").await.units_28d_milli, 4_000);
    let again = shop.import(FileKind::Sales, text).await;
    assert_eq!((again.change_set, again.unchanged), (None, 2));
}

/// Two pages of a rival: one that fits, one whose number contradicts.
async fn with_pages() -> Shop {
    let shop = Shop::with_products().await;
    let store = shop.store().await;
    let products = store.matchable_products(shop.now()).await.unwrap();
    let mut op = store.begin("tester", "find_matches", shop.now(), Durability::Full).await.unwrap();
    let rival = op.competitor_named("Rival").await.unwrap();
    let pages: Vec<PageFacts> = ["https://rival.example/1", "https://rival.example/2"]
        .map(|url| PageFacts { url: url.to_owned(), title: "Kettle".to_owned(), ..PageFacts::default() })
        .into();
    op.record_pages(rival, &pages, shop.now()).await.unwrap();
    op.commit("Read pages", false).await.unwrap();
    let known = store.pages_to_match(None).await.unwrap();
    let mut op = store.begin("tester", "find_matches", shop.now(), Durability::Full).await.unwrap();
    for (page, verdict) in known.iter().zip([MatchVerdict::Review, MatchVerdict::Contradicted]) {
        let candidate = Candidate {
            product_key: products[0].key,
            score: 960,
            verdict,
            reasons: Vec::new(),
            conflicts: Vec::new(),
            pack: PackCoefficient::ONE,
            price_doubt: false,
        };
        op.replace_candidates(page.key, &[candidate]).await.unwrap();
    }
    op.commit("Compared pages", false).await.unwrap();
    shop
}

#[tokio::test]
async fn a_pair_shows_what_both_sides_say_of_size_and_pack() {
    let shop = with_pages().await;
    shop.import_clean(
        FileKind::Products,
        "sku,name,currency,price,net_content,content_unit,pack_items\nA1,Kettle,EUR,29.99,1.7,l,2\n",
    )
    .await;
    let rows = shop.workspace.matches(&MatchFilter::default(), 0, 10).await.unwrap().rows;
    let said: Vec<(&str, &str, &str, bool)> = rows[0]
        .traits
        .iter()
        .map(|one| (one.name.as_str(), one.ours.as_str(), one.theirs.as_str(), one.differs))
        .collect();
    assert_eq!(said, [("Size", "1.7 l", "", false), ("Pack", "2 pieces", "", false)]);
}

#[tokio::test]
async fn accepting_all_that_is_shown_leaves_contradicted_pairs() {
    let shop = with_pages().await;
    let above = MatchFilter { least_score: Some(950), state: Some(MatchState::Open), ..MatchFilter::default() };
    let all = MatchSelection::Filter(above.clone());
    let report = shop.workspace.decide_matches(&all, MatchDecision::Accept, None).await.unwrap();
    assert_eq!((report.decided, report.skipped), (1, 1), "{report:?}");
    let refused = shop.workspace.decide_matches(&all, MatchDecision::Accept, None).await.unwrap_err();
    assert!(refused.message.contains("contradicted"), "{refused}");
    let seen = MatchFilter { verdict: Some(MatchVerdict::Contradicted), ..above };
    let report =
        shop.workspace.decide_matches(&MatchSelection::Filter(seen), MatchDecision::Accept, None).await.unwrap();
    assert_eq!(report.decided, 1);
}

#[tokio::test]
async fn a_rejected_pair_does_not_come_back_through_a_file() {
    let shop = with_pages().await;
    let all = MatchSelection::Filter(MatchFilter { state: Some(MatchState::Open), ..MatchFilter::default() });
    shop.workspace.decide_matches(&all, MatchDecision::Reject, None).await.unwrap();
    let matches = "sku,competitor,url\nA1,Rival,https://rival.example/1\nB2,Rival,https://rival.example/1\n";
    let report = shop.import(FileKind::Matches, matches).await;
    assert_eq!((report.added, report.refused), (1, 1));
    let reason = &report.problems[0].reason;
    assert!(reason.contains("tester rejected") && reason.contains("2026-03-02"), "{reason}");
    let seen = "sku,competitor,observed_at,price,currency,source\n\
                A1,Rival,2026-03-02T08:00:00Z,28.49,EUR,https://rival.example/1\n\
                A1,Rival,2026-03-02T08:00:00Z,28.49,EUR,https://other.example/1\n";
    let report = shop.import(FileKind::Observations, seen).await;
    assert_eq!((report.added, report.refused), (1, 1), "{:?}", report.problems);
}

#[tokio::test]
async fn one_file_may_have_a_mapping_for_each_kind() {
    let shop = Shop::with_products().await;
    let text = "Artikel;Text;Betrag\nA1;Kettle;29,99\n";
    let save = |kind: FileKind, name: &str, pairs: &[(&str, &str)]| ImportOptions {
        mapping: pairs.iter().map(|(own, theirs)| ((*own).to_owned(), (*theirs).to_owned())).collect(),
        save_mapping_as: Some(name.to_owned()),
        ..ImportOptions::of_kind(kind)
    };
    let costs = save(FileKind::Costs, "Costs", &[("sku", "Artikel"), ("cost", "Betrag"), ("currency", "=EUR")]);
    shop.import_as("erp.csv", text, &costs).await;
    let pairs = [("sku", "Artikel"), ("name", "Text"), ("price", "Betrag"), ("currency", "=EUR")];
    shop.import_as("erp.csv", text, &save(FileKind::Products, "Products", &pairs)).await;
    let kinds: Vec<FileKind> = shop.workspace.import_profiles().await.unwrap().iter().map(|one| one.kind).collect();
    assert_eq!(kinds, [FileKind::Costs, FileKind::Products]);
    let import = async |options: &ImportOptions| shop.import_as("erp.csv", text, options).await.kind;
    assert_eq!(import(&ImportOptions::default()).await, FileKind::Products);
    assert_eq!(import(&ImportOptions::of_kind(FileKind::Costs)).await, FileKind::Costs);
}

#[tokio::test]
async fn tier_prices_of_a_group_say_where_the_price_for_one_item_is_missing() {
    let shop = Shop::with_products().await;
    shop.later_hours(1);
    let text = "sku,tier_price_website,tier_price_customer_group,tier_price_qty,tier_price,tier_price_value_type\n\
                A1,All Websites [EUR],Wholesale,1.0000,25.0000,Fixed\nA1,All Websites [EUR],Wholesale,10.0000,22.0000,Fixed\n\
                B2,All Websites [EUR],Wholesale,10.0000,15.0000,Fixed\nB2,All Websites [EUR],ALL GROUPS,5.0000,18.0000,Fixed\n";
    let report = shop.import_as("tiers.csv", text, &ImportOptions::default()).await;
    assert_eq!((report.refused, report.added), (0, 4), "{:?}", report.problems);
    let notes: Vec<_> = report.notes.iter().map(|note| (note.found.as_str(), note.reason.as_str())).collect();
    let [("All Websites · Wholesale", words)] = notes[..] else { panic!("{notes:?}") };
    assert!(words.contains("“All Websites · Wholesale”: 1."), "{words}");
    assert_eq!(
        shop.price("A1", "All Websites · Wholesale").await,
        Some(2_500),
        "from one item on it is the group's price"
    );
    assert_eq!(shop.price("B2", "All Websites · Wholesale").await, None);
    assert_eq!(
        shop.price("B2", "DEFAULT").await,
        Some(1_999),
        "a price from five items on leaves that for one as it is"
    );
    let base = "sku,price_list,price,currency\nB2,All Websites · Wholesale,17.00,EUR\n";
    shop.import_clean(FileKind::Prices, base).await;
    let again = shop.import_as("tiers.csv", text, &ImportOptions::default()).await;
    assert_eq!((again.notes.len(), again.unchanged), (0, 4), "{:?}", again.notes);
}
