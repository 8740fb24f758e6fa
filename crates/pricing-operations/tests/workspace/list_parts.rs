//! Lists for larger quantities and other types: from a file through rules and approval to the files for shops.

use app_contract::{ImportOptions, ProposalDecision, ProposalRow, ProposalSelection};
use pricing_domain::{ExceptionReason, FileKind, OutputFormat, PriceType, TaxMode};
use pricing_operations::{ExportInto, Progress};

use crate::support::Shop;

const TEN: &str = "sku,price_list,type,min_quantity,price,currency\nA1,DEFAULT,regular,10,19.00,EUR\n";

/// A kettle at 20.00, and at 19.00 from ten pieces on.
async fn shop() -> Shop {
    let shop = Shop::new().await;
    let kettle = "sku,name,currency,price,cost,vat_rate\nA1,Kettle,EUR,20.00,5.00,19\n";
    shop.import_clean(FileKind::Products, kettle).await;
    shop.import_clean(FileKind::Prices, TEN).await;
    add(&shop, "TEN", PriceType::Regular, 10).await.expect("a list for ten pieces");
    shop.later_hours(1);
    shop
}

async fn add(shop: &Shop, code: &str, price_type: PriceType, from: u32) -> Result<String, String> {
    let base = shop.list("DEFAULT").await;
    let added = shop.workspace.add_list_part(base, (price_type, from), (code, "")).await;
    added.map(|list| list.name).map_err(|error| error.message)
}

/// Prices by these rules for the two lists; what is proposed by code of the list.
async fn price(shop: &Shop, of_one: &str, of_ten: &str) -> Vec<ProposalRow> {
    let text = format!(
        "rule set \"Test\"\nrule \"ten\"\n  for price_list in (\"TEN\")\n  price {of_ten}\nrule \"one\"\n  \
         for price_list in (\"DEFAULT\")\n  price {of_one}\n"
    );
    shop.workspace.activate_rule_set(pricing_rules::parse_rule_set(&text).unwrap()).await.unwrap();
    shop.workspace.price(&Progress::silent()).await.unwrap();
    shop.proposals().await
}

fn new_price(rows: &[ProposalRow], list: &str) -> Option<i64> {
    rows.iter().find(|row| row.price_list == list).and_then(|row| row.new_minor)
}

async fn approve(shop: &Shop, rows: &[ProposalRow], list: Option<&str>) {
    let meant = rows.iter().filter(|row| list.is_none_or(|list| row.price_list == list));
    let ids = ProposalSelection::Ids(meant.map(|row| row.id).collect());
    shop.workspace.decide_proposals(&ids, ProposalDecision::Approve, "").await.unwrap();
    shop.later_hours(1);
}

async fn export(shop: &Shop) -> Result<String, String> {
    let path = shop.path("new-prices.csv");
    shop.workspace.export_prices(&path, OutputFormat::Csv, None).await.map_err(|error| error.message)?;
    Ok(std::fs::read_to_string(path).unwrap())
}

#[tokio::test]
async fn prices_from_ten_pieces_on_go_from_a_rule_to_the_files_and_come_back() {
    let shop = shop().await;
    assert_eq!(shop.price("A1", "TEN").await, Some(1_900), "the price that the file gave has moved to the list");
    let rows = price(&shop, "formula 21", "follow list \"DEFAULT\" - 5 %").await;
    assert_eq!((new_price(&rows, "DEFAULT"), new_price(&rows, "TEN")), (Some(2_100), Some(1_995)), "of the new price");
    let ten = rows.iter().find(|row| row.price_list == "TEN").unwrap();
    let way = shop.workspace.price_way(ten.id).await.unwrap();
    assert!(way.summary.contains("19.95"), "{}", way.summary);
    approve(&shop, &rows, None).await;
    let file = export(&shop).await.unwrap();
    assert!(file.lines().next().unwrap().ends_with(",approved_at,min_quantity"), "{file}");
    let line = file.lines().find(|line| line.contains("19.95")).unwrap();
    assert!(line.starts_with("A1,DEFAULT,regular,19.00,19.95,EUR,") && line.ends_with(",10"), "{line}");
    assert_eq!((shop.price("A1", "DEFAULT").await, shop.price("A1", "TEN").await), (Some(2_100), Some(1_995)));

    // Its own file, and a later one of the shop, are read back into the list.
    shop.later_hours(1);
    let report = shop.import_clean(FileKind::Prices, &file).await;
    assert_eq!((report.added, report.changed), (0, 0), "{report:?}");
    shop.import_clean(FileKind::Prices, &TEN.replace("19.00", "19.50")).await;
    assert_eq!((shop.price("A1", "DEFAULT").await, shop.price("A1", "TEN").await), (Some(2_100), Some(1_950)));
}

#[tokio::test]
async fn more_pieces_never_cost_more_each() {
    let shop = shop().await;
    let rows = price(&shop, "keep", "formula 20.50").await;
    assert_eq!((new_price(&rows, "DEFAULT"), new_price(&rows, "TEN")), (None, Some(2_000)));
    let ten = rows.iter().find(|row| row.price_list == "TEN").unwrap();
    assert_eq!(ten.ceiling_minor, Some(2_000));
    // The ceiling is the price that the same run gives one piece, also where it falls below what ten pieces cost today.
    let rows = price(&shop, "formula 18", "keep").await;
    assert_eq!((new_price(&rows, "DEFAULT"), new_price(&rows, "TEN")), (Some(1_800), Some(1_800)));
    // A member's price is held against both.
    add(&shop, "MEMBER", PriceType::Member, 25).await.unwrap();
    shop.import_clean(
        FileKind::Prices,
        "sku,price_list,type,min_quantity,price,currency\nA1,DEFAULT,member,25,19.40,EUR\n",
    )
    .await;
    assert_eq!(shop.price("A1", "MEMBER").await, Some(1_940));
    let rows = price(&shop, "keep", "keep").await;
    assert_eq!(new_price(&rows, "MEMBER"), Some(1_900), "the price from ten pieces on is the lowest above it");
}

#[tokio::test]
async fn what_a_person_may_still_approve_for_one_piece_is_a_ceiling_too() {
    let shop = shop().await;
    let rows = price(&shop, "formula 8", "follow list \"DEFAULT\" - 4 %").await;
    let one = rows.iter().find(|row| row.price_list == "DEFAULT").unwrap();
    assert_eq!((one.reason, one.new_minor), (Some(ExceptionReason::LargeChange), Some(800)));
    // 19.20 of today's price would be above it once the person has approved.
    assert_eq!(new_price(&rows, "TEN"), Some(800));
    approve(&shop, &rows, None).await;
    export(&shop).await.expect("both together");
}

#[tokio::test]
async fn what_would_put_more_pieces_above_fewer_is_not_handed_over() {
    let shop = shop().await;
    let rows = price(&shop, "formula 21", "formula 20.50").await;
    approve(&shop, &rows, Some("TEN")).await;
    let refused = export(&shop).await.unwrap_err();
    assert!(refused.contains("A1 on TEN: 20.50 EUR is above its ceiling 20.00 EUR by now"), "{refused}");
    approve(&shop, &rows, Some("DEFAULT")).await;
    export(&shop).await.expect("both together");

    let rows = price(&shop, "formula 20", "formula 19.95").await;
    approve(&shop, &rows, Some("DEFAULT")).await;
    let refused = export(&shop).await.unwrap_err();
    let reason = "A1 on DEFAULT: 20.00 EUR would be below the price on TEN, 20.50 EUR, which may not be higher";
    assert!(refused.contains(reason), "{refused}");
    assert_eq!(shop.price("A1", "DEFAULT").await, Some(2_100));
}

#[tokio::test]
async fn tier_prices_of_magento_are_written_and_read_back() {
    let shop = shop().await;
    let rows = price(&shop, "keep", "formula 18.50").await;
    approve(&shop, &rows, None).await;
    let path = shop.path("tier-prices.csv");
    assert_eq!(shop.workspace.export_tier_prices(&path).await.unwrap().prices, 1);
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.ends_with("A1,All Websites [EUR],ALL GROUPS,10,18.50,Fixed\n"), "{text}");
    assert_eq!(shop.price("A1", "TEN").await, Some(1_850));
    let again = shop.workspace.export_tier_prices(&path).await.unwrap_err();
    assert!(again.message.contains("No approved price differs"), "{again}");
    let options =
        ImportOptions { currency: Some(pricing_domain::Currency::EUR), ..ImportOptions::of_kind(FileKind::Prices) };
    let report = shop.import_as("tier-prices.csv", &text, &options).await;
    assert_eq!(report.problems, []);
}

#[tokio::test]
async fn a_list_of_a_list_is_refused_where_it_would_mislead() {
    let shop = shop().await;
    for (code, price_type, from, reason) in [
        ("X", PriceType::Promotion, 1, "import them as promotions"),
        ("X", PriceType::Regular, 1, "Name a quantity of at least 2"),
        ("X", PriceType::Regular, 10, "TEN holds the regular prices of DEFAULT from 10 pieces already"),
        ("ten", PriceType::Regular, 20, "There is a price list ten already"),
        (" ", PriceType::Regular, 20, "Give the list a code"),
    ] {
        let refused = add(&shop, code, price_type, from).await.unwrap_err();
        assert!(refused.contains(reason), "{refused}");
    }
    let ten = shop.list("TEN").await;
    let refused = shop.workspace.add_list_part(ten, (PriceType::Member, 20), ("X", "")).await.unwrap_err();
    assert!(refused.message.contains("Name the list DEFAULT"), "{refused}");
    assert_eq!(add(&shop, "CLUB", PriceType::Member, 1).await.unwrap(), "member prices of DEFAULT");

    let taxes = shop.workspace.set_list_tax(ten, TaxMode::Net).await.unwrap_err();
    assert!(taxes.message.contains("Say it of DEFAULT"), "{taxes}");
    shop.workspace.set_list_tax(shop.list("DEFAULT").await, TaxMode::Net).await.unwrap();
    let lists = shop.workspace.price_lists().await.unwrap();
    assert!(lists.iter().all(|list| list.tax_mode == TaxMode::Net), "{lists:?}");
    let settings = lists.into_iter().find(|list| list.id == ten).unwrap().settings;
    let first = shop.workspace.save_price_list(ten, &settings, true).await.unwrap_err();
    assert!(first.message.contains("name another list here"), "{first}");

    let feed = shop.workspace.export_google_feed(&shop.path("feed.txt"), Some(ten)).await.unwrap_err();
    assert!(feed.message.contains("would be written as the price of one piece"), "{feed}");
    let original = shop.path("import.csv");
    let request = ExportInto {
        original: Some(original),
        price_list: Some(ten),
        whole: true,
        sales: false,
        options: ImportOptions::default(),
    };
    let into = shop.workspace.export_into(&request, &shop.path("into.csv")).await.unwrap_err();
    assert!(into.message.contains("would be written as the price of one piece"), "{into}");
}
