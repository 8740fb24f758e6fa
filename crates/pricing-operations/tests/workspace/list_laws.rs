//! What a price list asks of its prices: its currency, its coins, its labels; and limits that only warn.

use app_contract::{ProposalFilter, ProposalRow};
use pricing_domain::{ExceptionReason, FileKind, OutputFormat, PriceListSettings, TaxMode};
use pricing_operations::Progress;

use crate::support::Shop;

async fn rules(shop: &Shop, text: &str) {
    let text = format!("rule set \"Test\"\nrule \"only\"\n{text}");
    shop.workspace.activate_rule_set(pricing_rules::parse_rule_set(&text).unwrap()).await.unwrap();
}

async fn price(shop: &Shop) -> Vec<ProposalRow> {
    shop.workspace.price(&Progress::silent()).await.unwrap();
    shop.proposals().await
}

fn of<'a>(rows: &'a [ProposalRow], sku: &str, list: &str) -> Option<&'a ProposalRow> {
    rows.iter().find(|row| row.sku == sku && row.price_list == list)
}

/// The way to a price in words, which is computed from what is stored.
async fn way(shop: &Shop, row: &ProposalRow) -> String {
    let way = shop.workspace.price_way(row.id).await.unwrap();
    let lines: Vec<String> = way.lines.iter().map(|line| format!("{}: {}", line.title, line.detail)).collect();
    format!("{}\n{}", lines.join("\n"), way.summary)
}

#[tokio::test]
async fn costs_in_another_currency_are_converted_and_the_way_names_rate_and_day() {
    let shop = Shop::with_products().await;
    rules(&shop, "  price margin 30 %\n").await;
    shop.import_clean(FileKind::Costs, "sku,cost,currency,valid_from\nB2,11.00,USD,2026-03-02\n").await;
    let without = price(&shop).await;
    assert!(of(&without, "B2", "DEFAULT").is_none_or(|row| row.new_minor != Some(1_700)), "no rate, no cost");

    let rates = "date,base,quote,rate\n2026-02-27,EUR,USD,1.1\n2026-03-09,EUR,USD,2.2\n";
    shop.import_clean(FileKind::Rates, rates).await;
    let rows = price(&shop).await;
    let toaster = of(&rows, "B2", "DEFAULT").expect("it is priced").clone();
    assert_eq!(toaster.new_minor, Some(1_700), "11.00 ÷ 1.1 = 10.00, ÷ 0.7 × 1.19");
    assert_eq!(toaster.cost.map(|cost| cost.to_string()).as_deref(), Some("10.00"));
    let told = way(&shop, &toaster).await;
    assert!(told.contains("11.00 USD is 10.00 EUR: 1 EUR = 1.1 USD on 2026-02-27"), "{told}");
    assert_eq!(shop.row("B2", "DEFAULT").await.cost.map(|cost| cost.to_string()).as_deref(), Some("10.00"));

    // What is stored gives the same cents when the rates have changed since.
    shop.import_clean(FileKind::Rates, "date,base,quote,rate\n2026-02-27,EUR,USD,1.3\n").await;
    assert_eq!(way(&shop, &toaster).await, told);
    shop.later_hours(24 * 8);
    assert_eq!(shop.row("B2", "DEFAULT").await.cost.map(|cost| cost.to_string()).as_deref(), Some("5.00"));
}

#[tokio::test]
async fn a_cost_may_have_a_currency_of_its_own_and_a_missing_rate_is_named() {
    let shop = Shop::new().await;
    let text = "sku,name,currency,price,cost,cost_currency,vat_rate\n\
        A1,Kettle,EUR,10.00,5.00,,19\nB2,Toaster,EUR,20.00,11.00,USD,19\nC3,Lamp,EUR,30.00,9.00,EURO,19\n\
        D4,Fan,EUR,40.00,,,19\nE5,Iron,EUR,50.00,7.00,,\n";
    let report = shop.import(FileKind::Products, text).await;
    assert_eq!((report.added, report.refused), (4, 1), "EURO is no currency: {:?}", report.problems);
    let again = shop.import(FileKind::Products, text).await;
    assert_eq!((again.change_set, again.unchanged), (None, 4), "the same file changes nothing");
    let cost = async |sku: &str| shop.row(sku, "DEFAULT").await.cost.map(|cost| cost.to_string());
    assert_eq!((cost("A1").await.as_deref(), cost("B2").await), (Some("5.00"), None));

    rules(&shop, "  price margin 30 %\n").await;
    let report = shop.workspace.price(&Progress::silent()).await.unwrap();
    let expected = [(1, "no cost"), (1, "a cost in USD and no exchange rate to EUR"), (1, "a cost and no VAT rate")];
    assert_eq!(report.gaps.lacks(), expected.map(|(count, lack)| (count, lack.to_owned())));
    let list = shop.list("DEFAULT").await;
    let today = shop.workspace.today(list).await.unwrap();
    assert_eq!((today.gaps.clone(), today.products - today.gaps.products()), (report.gaps, today.with_cost));
    let told = shop.workspace.explain_product(shop.row("B2", "DEFAULT").await.id, list).await.unwrap();
    let words: Vec<&str> = told.lines.iter().map(|line| line.detail.as_str()).collect();
    assert!(words.iter().any(|line| line.contains("no exchange rate of USD and EUR is known")), "{words:?}");

    shop.import_clean(FileKind::Rates, "date,base,quote,rate\n2026-02-27,EUR,USD,1.1\n").await;
    assert_eq!(cost("B2").await.as_deref(), Some("10.00"));
    let dearer = text.replace("11.00,USD", "11.00,").replace("EURO", "EUR");
    shop.import_clean(FileKind::Products, &dearer).await;
    assert_eq!(cost("B2").await.as_deref(), Some("11.00"), "the same amount in another currency is another cost");
}

#[tokio::test]
async fn the_newest_cost_counts_in_whatever_currency_it_is() {
    let shop = Shop::with_products().await;
    let cost = async || shop.row("A1", "DEFAULT").await.cost.map(|cost| cost.to_string());
    assert_eq!(cost().await.as_deref(), Some("12.50"));
    shop.later_hours(24);
    shop.import_clean(FileKind::Costs, "sku,cost,currency\nA1,28.00,USD\n").await;
    assert_eq!(cost().await, None, "an older cost does not stand in for one that cannot be converted");
    shop.import_clean(FileKind::Rates, "date,base,quote,rate\n2026-03-02,EUR,USD,1.12\n").await;
    assert_eq!(cost().await.as_deref(), Some("25.00"));
    rules(&shop, "  price formula price * 0.95\nguardrails\n  floor margin 10 %\n").await;
    let rows = price(&shop).await;
    let kettle = of(&rows, "A1", "DEFAULT").expect("29.99 is below the floor of the new cost");
    assert_eq!(kettle.floor_minor, Some(3_306), "25.00 ÷ 0.9 × 1.19");
    assert_eq!(kettle.reason, Some(ExceptionReason::BelowFloorToday));
}

#[tokio::test]
async fn a_list_of_another_country_has_the_vat_that_was_stated_for_it() {
    let shop = Shop::new().await;
    let products = "sku,name,currency,price,cost,vat_rate\nA,A,EUR,100.00,50.00,19\nB,B,EUR,100.00,50.00,7\n";
    shop.import_clean(FileKind::Products, products).await;
    let prices = "sku,price_list,price,currency\nA,SE,62.00,EUR\nB,SE,62.00,EUR\n";
    shop.import_clean(FileKind::Prices, prices).await;
    let (home, abroad) = (shop.list("DEFAULT").await, shop.list("SE").await);
    let margin = async |sku, code| shop.row(sku, code).await.margin_bp;
    assert_eq!((margin("A", "DEFAULT").await, margin("A", "SE").await), (Some(4_050), None), "19 % is not Sweden's");
    rules(&shop, "  price formula price * 0.97\nguardrails\n  floor margin 0 %\n").await;
    let lowered = |rows: &[ProposalRow]| {
        let row = rows.iter().find(|row| row.sku == "A" && row.price_list == "SE");
        row.is_some_and(|row| row.reason.is_none() && row.new_minor < row.old_minor)
    };
    assert!(!lowered(&price(&shop).await), "nothing is lowered while the rate is not known");
    let told = shop.workspace.price_lists().await.unwrap();
    assert_eq!(told.iter().map(|list| (list.is_abroad, list.vat.len())).collect::<Vec<_>>(), [(false, 0), (true, 0)]);

    let rate = pricing_domain::BasisPoints;
    assert!(shop.workspace.set_list_vat(home, None, rate(2_500)).await.unwrap_err().message.contains("vat_rate"));
    assert!(shop.workspace.set_list_vat(abroad, None, rate(10_001)).await.is_err());
    shop.workspace.set_list_vat(abroad, None, rate(2_500)).await.unwrap();
    shop.workspace.set_list_vat(abroad, Some(rate(700)), rate(1_200)).await.unwrap();
    // 62.00 ÷ 1.25 = 49.60, ÷ 1.12 = 55.36.
    assert_eq!((margin("A", "SE").await, margin("B", "SE").await), (Some(-81), Some(968)));
    assert_eq!(margin("A", "DEFAULT").await, Some(4_050), "at home nothing changes");

    // A list of the same country as the default one has the products' rates.
    let settings = |country: &str| PriceListSettings {
        name: "Shop".into(),
        country: country.into(),
        time_zone: "UTC".into(),
        cash_step_minor: 1,
        ..PriceListSettings::default()
    };
    shop.workspace.save_price_list(home, &settings("DE"), false).await.unwrap();
    shop.workspace.save_price_list(abroad, &settings("DE"), false).await.unwrap();
    assert_eq!(margin("A", "SE").await, Some(403), "62.00 ÷ 1.19 = 52.10");
}

#[tokio::test]
async fn cash_rounding_and_labels_are_laws_of_the_list() {
    let shop = Shop::with_products().await;
    let sales = "sku,date,units\nA1,2026-03-01,1\nB2,2026-03-01,50\n";
    shop.import_clean(FileKind::Sales, sales).await;
    rules(&shop, "  price formula price * 1.0333\n").await;
    let list = shop.list("DEFAULT").await;
    let settings = |labels_per_day, cash_step_minor| PriceListSettings {
        name: "Shop".into(),
        time_zone: "Europe/Zurich".into(),
        labels_per_day,
        cash_step_minor,
        ..PriceListSettings::default()
    };
    shop.workspace.save_price_list(list, &settings(Some(1), 5), false).await.unwrap();
    assert!(shop.workspace.save_price_list(list, &settings(Some(0), 5), false).await.is_err());
    let rows = price(&shop).await;
    let (kettle, toaster) = (of(&rows, "A1", "DEFAULT").unwrap(), of(&rows, "B2", "DEFAULT").unwrap());
    assert_eq!((toaster.new_minor, toaster.reason), (Some(2_065), None), "20.66 in steps of 0.05, and it sells most");
    assert_eq!((kettle.new_minor, kettle.reason), (Some(3_100), Some(ExceptionReason::LabelCapacity)));
    let told = way(&shop, kettle).await;
    assert!(
        told.contains("at most 1 price of this list may change a day") && told.contains("number 2 of the run"),
        "{told}"
    );
    assert!(told.contains("multiples of 0.05 (cash)"), "{told}");

    // A person may set a price of their own beside the coins.
    shop.workspace.preview_price_by_hand(toaster.id, 2_061).await.unwrap();

    // The label is used today, and free again tomorrow.
    let ids = app_contract::ProposalSelection::Ids(vec![toaster.id]);
    shop.workspace.decide_proposals(&ids, app_contract::ProposalDecision::Approve, "").await.unwrap();
    shop.later_hours(1);
    assert_eq!(shop.workspace.export_prices(&shop.path("new.csv"), OutputFormat::Csv, None).await.unwrap().prices, 1);
    shop.later_hours(1);
    let rows = price(&shop).await;
    let waits =
        |rows: &[ProposalRow]| rows.iter().filter(|row| row.reason == Some(ExceptionReason::LabelCapacity)).count();
    assert_eq!((waits(&rows), rows.iter().filter(|row| row.reason.is_none()).count()), (3, 0), "{rows:#?}");
    shop.later_hours(24);
    assert_eq!(price(&shop).await.iter().filter(|row| row.reason.is_none()).count(), 1);
}

#[tokio::test]
async fn a_list_whose_prices_were_understood_wrong_is_told_otherwise() {
    let shop = Shop::with_products().await;
    let list = shop.list("DEFAULT").await;
    let before = shop.row("A1", "DEFAULT").await;
    let told = shop.workspace.set_list_tax(list, TaxMode::Net).await.unwrap();
    assert_eq!(told.tax_mode, TaxMode::Net);
    let after = shop.row("A1", "DEFAULT").await;
    assert_eq!(after.price_minor, before.price_minor, "no amount changes");
    assert!(after.margin_bp > before.margin_bp, "{:?} {:?}", after.margin_bp, before.margin_bp);
    let changes = shop.workspace.change_sets(1).await.unwrap();
    assert_eq!(changes[0].summary, "The prices of DEFAULT are without VAT");
    shop.workspace.set_list_tax(list, TaxMode::Net).await.unwrap();
    assert_eq!(shop.workspace.change_sets(2).await.unwrap()[0].id, changes[0].id, "the same again is no change");

    rules(&shop, "  price formula price * 1.05\n").await;
    price(&shop).await;
    let all = app_contract::ProposalSelection::Filter(ProposalFilter::default());
    shop.workspace.decide_proposals(&all, app_contract::ProposalDecision::Approve, "").await.unwrap();
    let refused = shop.workspace.set_list_tax(list, TaxMode::Gross).await.unwrap_err();
    assert!(refused.message.contains("wait to be handed over"), "{refused}");
}

#[tokio::test]
async fn approved_prices_keep_their_labels_when_the_catalogue_is_priced_again() {
    let shop = Shop::with_products().await;
    rules(&shop, "  price formula price * 1.05\n").await;
    let list = shop.list("DEFAULT").await;
    let settings = PriceListSettings {
        name: "Shop".into(),
        time_zone: "Europe/Zurich".into(),
        labels_per_day: Some(1),
        ..PriceListSettings::default()
    };
    shop.workspace.save_price_list(list, &settings, false).await.unwrap();
    let free = async || {
        let rows = price(&shop).await;
        let free: Vec<ProposalRow> = rows.into_iter().filter(|row| row.reason.is_none()).collect();
        assert_eq!(free.len(), 1, "{free:#?}");
        free[0].clone()
    };
    let approved = free().await;
    let ids = app_contract::ProposalSelection::Ids(vec![approved.id]);
    shop.workspace.decide_proposals(&ids, app_contract::ProposalDecision::Approve, "").await.unwrap();
    // Something else would go first by now.
    let other = if approved.sku == "A1" { "B2" } else { "A1" };
    let sales = format!("sku,date,units\n{other},2026-03-01,5000\n");
    shop.import_clean(FileKind::Sales, &sales).await;
    shop.later_hours(1);
    assert_eq!(free().await.sku, approved.sku, "its label is taken");
}

#[tokio::test]
async fn a_family_out_of_order_is_told_beside_the_product() {
    let shop = Shop::new().await;
    let products = "sku,name,currency,price,cost,vat_rate,family,tags\n\
                    G,Good drill,EUR,50.00,20.00,19,Drills,good\nB,Best drill,EUR,52.00,20.00,19,Drills,best\n\
                    O,Drill case,EUR,9.00,4.00,19,Drills,\n";
    shop.import_clean(FileKind::Products, products).await;
    let law = "guardrails\n  families rise 10 % through \"good\", \"best\"\n";
    rules(&shop, &format!("  price keep\n{law}")).await;
    let good = shop.detail("G").await;
    assert_eq!(good.family_order.as_deref(), Some("each of good, best costs at least 10 % more than the one before"));
    let marked: Vec<(&str, bool)> =
        good.family_members.iter().map(|member| (member.sku.as_str(), member.out_of_order)).collect();
    assert!(good.out_of_order && marked.contains(&("B", true)) && marked.contains(&("O", false)), "{marked:?}");
    let case = shop.detail("O").await;
    assert_eq!((case.family_order, case.out_of_order), (None, false), "it has none of the tags");
    let rows = price(&shop).await;
    let wrong: Vec<_> = rows.iter().filter(|row| row.reason == Some(ExceptionReason::FamilyOrder)).collect();
    assert_eq!((wrong.len(), wrong[0].lawful_minor), (1, Some(4_727)), "the smaller move: 52.00 ÷ 1.1");
}

#[tokio::test]
async fn limits_that_only_warn_are_told_counted_and_filtered() {
    let shop = Shop::with_products().await;
    rules(
        &shop,
        "  price margin 20 %\nguardrails\n  warn floor margin 25 % for brand = \"Boilo\"\n  warn step down 40 %\n",
    )
    .await;
    let rows = price(&shop).await;
    let kettle = of(&rows, "A1", "DEFAULT").expect("it is priced");
    assert_eq!((kettle.new_minor, kettle.warnings), (Some(1_859), 1), "12.50 ÷ 0.8 × 1.19, below the margin of 25 %");
    let told = way(&shop, kettle).await;
    assert!(told.contains("Warning: 18.59 is below 19.84 (a margin of 25 %). It only warns."), "{told}");
    let batch = shop.workspace.batch(None).await.unwrap().unwrap();
    let filter = ProposalFilter { warned: true, ..ProposalFilter::default() };
    let warned = shop.workspace.proposals(&filter, 0, 50).await.unwrap();
    assert_eq!((batch.warned, warned.matching), (2, 2));
    assert!(warned.rows.iter().all(|row| row.warnings > 0 && row.sku != "C3"));
    let active = shop.workspace.rule_set().await.unwrap();
    let preview = shop.workspace.preview_rules(active, shop.list("DEFAULT").await).await.unwrap();
    assert_eq!((preview.edited.warned, preview.in_force.warned), (2, 2));
}
