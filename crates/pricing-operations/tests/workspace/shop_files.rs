//! Files of shops, from the import to the file that goes back.

use app_contract::{
    ImportFieldChange, ImportOptions, ImportPreview, ProposalDecision, ProposalFilter, ProposalSelection,
};
use pricing_domain::{BasisPoints, Currency, FileFormat, FileKind, PriceListSettings};
use pricing_operations::{ExportInto, Progress};

use crate::decisions::price;
use crate::support::Shop;

const SHOPIFY: &str = "\
Handle,Title,Vendor,Option1 Name,Option1 Value,Variant SKU,Variant Price,Variant Compare At Price,Cost per item,Image Src
kettle,Kettle,Boilo,Colour,Red,A1,29.99,39.99,12.50,https://shop.example/1.jpg
kettle,,,Colour,Blue,A2,29.99,,12.50,
kettle,,,,,,,,,https://shop.example/2.jpg
toaster,Toaster,Boilo,Title,Default Title,B2,19.99,,9.00,
";

const WOOCOMMERCE: &str = "\
ID,Type,SKU,Name,Date sale price starts,Date sale price ends,Stock,Sale price,Regular price
1,simple,A1,Kettle,,,7,\"24,99\",\"29,99\"
2,simple,B2,Toaster,,,3,,\"19,99\"
";

async fn preview(shop: &Shop, name: &str, text: &str, options: &ImportOptions) -> ImportPreview {
    let path = shop.path(name);
    std::fs::write(&path, text).unwrap();
    shop.workspace.preview_import(&path, name, options, &Progress::silent()).await.unwrap().0
}

fn in_euro() -> ImportOptions {
    ImportOptions { currency: Some(Currency::EUR), ..ImportOptions::default() }
}

#[tokio::test]
async fn a_preview_says_what_the_import_does_and_writes_nothing() {
    let shop = Shop::with_products().await;
    shop.later_hours(1);
    let text = "sku,name,brand,currency,price,stock\nA1,Kettle,Boilo,EUR,27.99,7\nB2,Toaster XL,Boilo,EUR,19.99,5\n\
                D4,Oven,Boilo,EUR,99.00,1\nE5,Fan,Boilo,EUR,-1,1\nF6,Pan,Boilo,USD,9.00,1\n";
    let before = (shop.workspace.sequence().await.unwrap(), shop.picture().await);
    let preview = preview(&shop, "news.csv", text, &ImportOptions::default()).await;
    assert_eq!((shop.workspace.sequence().await.unwrap(), shop.picture().await), before);
    let report = &preview.report;
    assert_eq!((report.added, report.changed, report.unchanged, report.refused), (1, 2, 0, 2), "{report:?}");
    assert_eq!((preview.missing, preview.missing_skus.as_slice()), (1, ["C3".to_owned()].as_slice()));
    let new: Vec<_> = preview.new_rows.iter().map(|row| (row.line, row.sku.as_str(), row.fields.as_slice())).collect();
    let stated = |field: &str, new: &str| ImportFieldChange { field: field.to_owned(), old: None, new: new.to_owned() };
    assert_eq!(new, [(4, "D4", [stated("name", "Oven"), stated("price", "99.00 EUR")].as_slice())]);
    let fields = |sku: &str| {
        let row = preview.changes.iter().find(|row| row.sku == sku).unwrap();
        row.fields.iter().map(|field| (field.field.as_str(), field.old.clone(), field.new.as_str())).collect::<Vec<_>>()
    };
    assert_eq!(fields("A1"), [("price", Some("29.99 EUR".to_owned()), "27.99 EUR")]);
    assert_eq!(
        fields("B2"),
        [("name", Some("Toaster".to_owned()), "Toaster XL"), ("stock", Some("3".to_owned()), "5")]
    );
    let done = shop.import(FileKind::Products, text).await;
    let counts = |report: &app_contract::ImportReport| (report.added, report.changed, report.unchanged, report.refused);
    assert_eq!(counts(&done), counts(report));
    assert_eq!(done.problems, report.problems);
}

#[tokio::test]
async fn a_preview_of_prices_counts_as_the_import_and_writes_nothing() {
    let shop = Shop::with_products().await;
    let text = "sku,price_list,price,currency\nA1,AT,30.99,EUR\nX9,AT,1.00,EUR\n";
    let before = shop.workspace.sequence().await.unwrap();
    let preview = preview(&shop, "prices.csv", text, &ImportOptions::of_kind(FileKind::Prices)).await;
    assert_eq!(shop.workspace.sequence().await.unwrap(), before);
    assert_eq!(shop.workspace.describe().await.unwrap().price_lists.len(), 1);
    let done = shop.import(FileKind::Prices, text).await;
    assert_eq!((preview.report.added, preview.report.refused), (done.added, done.refused));
}

#[tokio::test]
async fn refused_rows_are_mended_and_imported_alone() {
    let shop = Shop::new().await;
    let text = "sku;name;currency;price\nA1;Kettle;EUR;29,95\nA2;Toaster;EUR;-5,00\nA3;Lamp;EURO;49,95\n";
    let path = shop.path("list.csv");
    std::fs::write(&path, text).unwrap();
    let (report, lines) =
        shop.workspace.import(&path, "list.csv", &ImportOptions::default(), &Progress::silent()).await.unwrap();
    assert_eq!((report.added, report.refused), (1, 2));
    let refused = shop.path("refused.csv");
    assert_eq!(shop.workspace.copy_refused(&path, "list.csv", lines, &refused).await.unwrap(), 2);
    let copied = std::fs::read_to_string(&refused).unwrap();
    assert_eq!(copied, "sku;name;currency;price\nA2;Toaster;EUR;-5,00\nA3;Lamp;EURO;49,95\n");
    let mended = copied.replace("-5,00", "5,00").replace("EURO", "EUR");
    let again = shop.import_as("mended.csv", &mended, &ImportOptions::default()).await;
    assert_eq!((again.added, again.refused), (2, 0));
    let remembered = shop.workspace.imported_products().await.unwrap().expect("a file of products");
    assert_eq!(remembered.path, path, "new prices go into the whole file, not into the mended rows");
    let newer = shop
        .import_as(
            "newer.csv",
            "sku;name;currency;price\nA1;Kettle;EUR;29,95\nA2;Toaster;EUR;5,00\nA3;Lamp;EUR;9,00\n",
            &ImportOptions::default(),
        )
        .await;
    assert_eq!(newer.refused, 0);
    assert_eq!(shop.workspace.imported_products().await.unwrap().expect("a file").path, shop.path("newer.csv"));
}

const PRESTASHOP: &str = "\
Product ID;Active (0/1);Name *;Price tax excluded;Reference #;Quantity;Wholesale price
1;1;Kettle;9.900000;A1;5;5.00
2;1;Toaster;20.000000;B2;5;5.00
";

const OFFERS: &str = "sku,competitor,observed_at,price,currency,availability\n\
                      A1,Rival,2026-03-02T08:00:00Z,11.00,EUR,InStock\n";

#[tokio::test]
async fn net_prices_of_a_shop_with_a_vat_rate_are_kept_with_vat_and_go_back_without() {
    let shop = Shop::new().await;
    let options = ImportOptions { vat_rate: Some(BasisPoints(1_900)), ..in_euro() };
    let report = shop.import_as("presta.csv", PRESTASHOP, &options).await;
    assert_eq!((report.format, report.added, report.notes), (FileFormat::PrestaShop, 2, Vec::new()));
    assert_eq!(shop.price("A1", "DEFAULT").await, Some(1_178));
    shop.import_clean(FileKind::Observations, OFFERS).await;
    price(&shop).await;
    let proposal = shop.proposals().await.into_iter().find(|row| row.sku == "A1").expect("a proposal");
    assert!(proposal.new_minor.is_some_and(|new| new < 1_178), "11.00 is below 11.78: {proposal:?}");
}

#[tokio::test]
async fn on_a_list_without_vat_it_is_taken_out_of_competitors_prices() {
    let shop = Shop::new().await;
    let text = "sku,name,currency,price,cost,vat_rate,price_includes_vat\nA1,Kettle,EUR,9.90,5.00,19,no\nB2,Toaster,EUR,20.00,5.00,,no\n";
    shop.import_clean(FileKind::Products, text).await;
    let both = format!("{OFFERS}B2,Rival,2026-03-02T08:00:00Z,11.00,EUR,InStock\n");
    shop.import_clean(FileKind::Observations, &both).await;
    assert_eq!(shop.row("A1", "DEFAULT").await.lowest_minor, Some(924), "11.00 with 19 % VAT");
    assert_eq!(shop.row("B2", "DEFAULT").await.lowest_minor, None, "nobody knows what 11.00 is without VAT");
    price(&shop).await;
    let proposal = shop.proposals().await.into_iter().find(|row| row.sku == "A1").expect("a proposal");
    assert!(proposal.new_minor.is_some_and(|new| new < 990), "9.24 is below 9.90: {proposal:?}");
    shop.later_hours(1);
    let other = both.replace("A1,Rival,2026-03-02T08:00:00Z,11.00", "A1,Rival,2026-03-02T12:30:00Z,10.50");
    shop.import_clean(FileKind::Observations, &other).await;
    assert_eq!(shop.row("A1", "DEFAULT").await.lowest_minor, Some(882), "also where only what changed is read");
}

#[tokio::test]
async fn a_sale_of_the_shop_is_a_promotion_until_the_shop_says_that_none_runs() {
    let shop = Shop::new().await;
    let report = shop.import_as("shop.csv", WOOCOMMERCE, &in_euro()).await;
    assert_eq!((report.format, report.added, report.decimal_separator), (FileFormat::WooCommerce, 2, Some(',')));
    assert_eq!(shop.price("A1", "DEFAULT").await, Some(2_999));
    shop.import_clean(
        FileKind::Observations,
        "sku,competitor,observed_at,price,currency,availability\nA1,Rival,2026-03-02T08:00:00Z,28.49,EUR,InStock\n",
    )
    .await;
    price(&shop).await;
    assert!(shop.proposals().await.iter().all(|row| row.sku != "A1"), "automation leaves a running promotion alone");
    shop.later_hours(5);
    let again = shop.import_as("shop.csv", WOOCOMMERCE, &in_euro()).await;
    assert_eq!((again.changed, again.change_set), (0, None), "the same file again changes nothing");
    let ended = shop.import_as("shop.csv", &WOOCOMMERCE.replace("\"24,99\"", ""), &in_euro()).await;
    assert_eq!(ended.changed, 1, "the sale ends");
    let once_more = shop.import_as("shop.csv", &WOOCOMMERCE.replace("\"24,99\"", ""), &in_euro()).await;
    assert_eq!(once_more.changed, 0);
}

#[tokio::test]
async fn approved_prices_go_back_into_the_file_that_products_came_from() {
    let shop = Shop::new().await;
    let options = ImportOptions { vat_rate: Some(BasisPoints(1_900)), ..in_euro() };
    let report = shop.import_as("shopify.csv", SHOPIFY, &options).await;
    assert_eq!((report.format, report.added, report.refused), (FileFormat::Shopify, 3, 0), "{:?}", report.problems);
    assert_eq!(report.left_out, [("are further pictures of a product".to_owned(), 1)]);
    shop.import_clean(
        FileKind::Observations,
        "sku,competitor,observed_at,price,currency,availability\nA2,Rival,2026-03-02T08:00:00Z,28.49,EUR,InStock\n",
    )
    .await;
    price(&shop).await;
    let all = ProposalSelection::Filter(ProposalFilter::default());
    shop.workspace.decide_proposals(&all, ProposalDecision::Approve, "checked").await.unwrap();
    let new = shop.proposals().await.into_iter().find(|row| row.sku == "A2").unwrap().new_minor.unwrap();
    shop.later_hours(1);
    let into =
        ExportInto { original: None, price_list: None, whole: false, sales: false, options: ImportOptions::default() };
    let target = shop.path("to-shop.csv");
    let report = shop.workspace.export_into(&into, &target).await.unwrap();
    assert_eq!((report.format, report.prices, report.not_in_file), (FileFormat::Shopify, 1, 0));
    let expected = SHOPIFY
        .replace("Blue,A2,29.99", &format!("Blue,A2,{}.{:02}", new / 100, new % 100))
        .replace("toaster,Toaster,Boilo,Title,Default Title,B2,19.99,,9.00,\n", "");
    assert_eq!(std::fs::read_to_string(&target).unwrap(), expected);
    assert_eq!(shop.price("A2", "DEFAULT").await, Some(new));
    let again = shop.workspace.export_into(&into, &target).await.unwrap_err();
    assert!(again.message.contains("No approved price"), "{again}");
    let whole = ExportInto { whole: true, ..into };
    let report = shop.workspace.export_into(&whole, &target).await.unwrap();
    assert_eq!(report.prices, 0);
    assert_eq!(std::fs::read_to_string(&target).unwrap(), SHOPIFY, "without a change every byte is as it came");
}

/// WooCommerce keeps a sale with its first and last day; the shop's clock is that of the list.
#[tokio::test]
async fn promotions_go_into_the_shops_file_as_sales_with_their_dates() {
    const SHOP: &str = "ID,Type,SKU,Name,Published,Date sale price starts,Date sale price ends,Sale price,Regular price\n\
                        1,simple,A1,Kettle,1,,,,29.99\n2,simple,B2,Toaster,1,,,,19.99\n3,simple,C3,Lamp,1,,,,9.99\n\
                        4,simple,D4,Mug,1,,,,5.00\n";
    let shop = Shop::new().await;
    let report = shop.import_as("shop.csv", SHOP, &in_euro()).await;
    assert_eq!((report.format, report.added), (FileFormat::WooCommerce, 4), "{:?}", report.problems);
    let list = shop.workspace.price_lists().await.expect("lists").remove(0);
    let settings = PriceListSettings { time_zone: "Europe/Berlin".to_owned(), ..list.settings };
    shop.workspace.save_price_list(list.id, &settings, true).await.expect("saved");
    let promotions = "sku,name,price,currency,valid_from,valid_to\nA1,Spring,24.99,EUR,2026-04-01,2026-04-08\n\
                      A1,Summer,22.99,EUR,2026-07-01,2026-07-08\n\
                      C3,Night,7.99,EUR,2026-04-01T18:00:00,2026-04-02T06:00:00\nD4,Dear,6.00,EUR,2026-04-01,2026-04-08\n";
    shop.import_clean(FileKind::Promotions, promotions).await;
    let into =
        ExportInto { original: None, price_list: None, whole: false, sales: true, options: ImportOptions::default() };
    let target = shop.path("to-shop.csv");
    let report = shop.workspace.export_into(&into, &target).await.expect("the sales");
    assert_eq!((report.prices, report.sales), (0, 2), "{report:?}");
    assert_eq!(report.kept, ["D4: its sale price is not below its price"]);
    let written = std::fs::read_to_string(&target).expect("the file");
    let expected = "ID,Type,SKU,Name,Published,Date sale price starts,Date sale price ends,Sale price,Regular price\n\
                    1,simple,A1,Kettle,1,2026-04-01,2026-04-08,24.99,29.99\n\
                    3,simple,C3,Lamp,1,2026-04-01 18:00:00,2026-04-02 06:00:00,7.99,9.99\n";
    assert_eq!(written, expected);
    // The shop has them now: nothing is written again.
    let again = shop.import_as("shop-now.csv", &written, &in_euro()).await;
    assert_eq!((again.added, again.refused), (0, 0), "{again:?}");
    let nothing = shop.workspace.export_into(&into, &target).await.expect_err("all there");
    assert!(nothing.message.contains("Nothing of this file changes"), "{nothing}");
    // A file without columns for them says so.
    let plain = shop.path("plain.csv");
    std::fs::write(&plain, "sku,name,currency,price\nA1,Kettle,EUR,29.99\n").expect("a file");
    let plain = ExportInto { original: Some(plain), ..into };
    let refused = shop.workspace.export_into(&plain, &target).await.expect_err("no columns");
    assert!(refused.message.contains("no columns for a sale price with its dates"), "{refused}");
}

#[tokio::test]
async fn a_mapping_is_saved_and_recognised_by_the_first_line() {
    let shop = Shop::new().await;
    let text = "Nummer;Kurztext;Betrag\n100;Kessel;29,95\n";
    let pairs = [("sku", "Nummer"), ("name", "Kurztext"), ("price", "Betrag"), ("currency", "=EUR")];
    let options = ImportOptions {
        mapping: pairs.iter().map(|(own, theirs)| ((*own).to_owned(), (*theirs).to_owned())).collect(),
        save_mapping_as: Some("ERP".to_owned()),
        ..ImportOptions::default()
    };
    assert_eq!(shop.import_as("first.csv", text, &options).await.added, 1);
    let second = shop.import_as("second.csv", &text.replace("100;", "101;"), &ImportOptions::default()).await;
    assert_eq!((second.format, second.added), (FileFormat::Mapped, 1));
    let shape = shop.workspace.inspect_file(&shop.path("second.csv"), "second.csv", FileKind::Products).await.unwrap();
    assert_eq!(shape.profile.as_deref(), Some("ERP"));
    let suggested: Vec<Option<&str>> = shape.columns.iter().map(|column| column.suggested.as_deref()).collect();
    assert_eq!(suggested, [Some("sku"), Some("name"), Some("price")]);
    let profiles = shop.workspace.import_profiles().await.unwrap();
    shop.workspace.remove_import_profile(&profiles[0].fingerprint, None).await.unwrap();
    let path = shop.path("second.csv");
    let unknown = shop.workspace.import(&path, "second.csv", &ImportOptions::default(), &Progress::silent()).await;
    assert!(unknown.err().unwrap().message.contains("--map"));
}

#[tokio::test]
async fn products_that_the_file_lacks_are_ended_only_when_asked_and_come_back_by_undo() {
    let shop = Shop::with_products().await;
    shop.later_hours(1);
    let before = shop.picture().await;
    let text = "sku,name,currency,price\nA1,Kettle,EUR,29.99\nB2,Toaster,EUR,19.99\n";
    assert_eq!(shop.import_as("part.csv", text, &ImportOptions::default()).await.change_set, None);
    let options = ImportOptions { end_missing: true, ..ImportOptions::default() };
    let report = shop.import_as("part.csv", text, &options).await;
    assert_eq!(report.ended, 1);
    assert_ne!(shop.picture().await, before);
    shop.workspace.undo_change_set(report.change_set.unwrap()).await.unwrap();
    assert_eq!(shop.picture().await, before);
    let path = shop.path("faulty.csv");
    std::fs::write(&path, format!("{text}C3,Lamp,EUR,x\n")).unwrap();
    let refused = shop.workspace.import(&path, "faulty.csv", &options, &Progress::silent()).await;
    assert!(refused.err().unwrap().message.contains("Mend the rows"));
}

#[tokio::test]
async fn stock_and_exchange_rates_are_imported_once_and_taken_back() {
    let shop = Shop::with_products().await;
    let rates = "Date,USD,JPY,GBP\n2026-03-02,1.0532,161.87,N/A\n2026-02-27,1.0500,161.00,0.83\n";
    let first = shop.import_as("eurofxref-hist.csv", rates, &ImportOptions::default()).await;
    assert_eq!((first.kind, first.format, first.added), (FileKind::Rates, FileFormat::Ecb, 5));
    let again = shop.import_as("eurofxref-hist.csv", rates, &ImportOptions::default()).await;
    assert_eq!((again.added, again.changed, again.change_set), (0, 0, None));
    let undone = shop.workspace.undo_change_set(first.change_set.unwrap()).await.unwrap();
    assert_eq!((undone.restored, undone.conflicts.len()), (5, 0));
    let stock = "sku,stock,location\nA1,12,\nA1,4,Berlin\nZ,1,\n";
    let report = shop.import_as("stock.csv", stock, &ImportOptions::default()).await;
    assert_eq!((report.kind, report.refused), (FileKind::Stock, 1));
    assert_eq!(shop.import_as("stock.csv", stock, &ImportOptions::default()).await.change_set, None);
}

#[tokio::test]
async fn a_market_without_a_list_needs_its_currency_stated() {
    let shop = Shop::with_products().await;
    let text = "Handle,Title,Variant SKU,Variant Price,Price / Switzerland\nkettle,Kettle,A1,29.99,31.00\n";
    let path = shop.path("markets.csv");
    std::fs::write(&path, text).expect("a file");
    let kind = ImportOptions::of_kind(FileKind::Prices);
    let refused = shop.workspace.import(&path, "markets.csv", &kind, &Progress::silent()).await.err();
    assert!(refused.expect("nobody knows the currency").message.contains("prices of Switzerland"));
    let francs = ImportOptions { currency: Some(Currency::new("CHF").expect("a currency")), ..kind.clone() };
    assert_eq!(shop.import_as("markets.csv", text, &francs).await.added, 1);
    assert_eq!(shop.price("A1", "Switzerland").await, Some(3_100));
    shop.later_hours(1);
    let again = shop.import_as("markets.csv", &text.replace("31.00", "32.00"), &kind).await;
    assert_eq!((again.changed + again.added, again.refused), (1, 0), "the list is known now");
}

#[tokio::test]
async fn a_file_that_is_called_packed_is_packed() {
    let shop = Shop::new().await;
    shop.import_as("shopify.csv", SHOPIFY, &in_euro()).await;
    let whole =
        ExportInto { original: None, price_list: None, whole: true, sales: false, options: ImportOptions::default() };
    let target = shop.path("back.csv.gz");
    shop.workspace.export_into(&whole, &target).await.expect("the whole file");
    assert!(std::fs::read(&target).expect("the file").starts_with(b"\x1f\x8b"));
    let again = shop.workspace.import(&target, "back.csv.gz", &in_euro(), &Progress::silent()).await.expect("read").0;
    assert_eq!((again.format, again.rows, again.change_set), (FileFormat::Shopify, 3, None));
}

/// What WooCommerce is given has no names of variations, and their product is not in it.
#[tokio::test]
async fn a_file_that_was_handed_over_is_imported_again() {
    const VARIATIONS: &str = "\
ID,Type,SKU,Name,Published,Tax status,Tax class,Stock,Sale price,Regular price,Categories,Parent,Attribute 1 name,Attribute 1 value(s)
20,variable,HO,Hoodie,1,taxable,reduced-rate,,,,Clothing,,Color,\"Blue, Red\"
21,variation,HO-B,,1,taxable,parent,3,,49.90,,HO,Color,Blue
31,variation,TE-L,,1,taxable,parent,1,,19.90,,id:30,Size,Large
30,variable,,Tee,-1,taxable,,,,,Clothing,,Size,Large
";
    let shop = Shop::new().await;
    let options = ImportOptions {
        vat_rate: Some(BasisPoints(1_900)),
        vat_classes: vec![("reduced-rate".to_owned(), BasisPoints(700))],
        ..in_euro()
    };
    let report = shop.import_as("woocommerce.csv", VARIATIONS, &options).await;
    assert_eq!((report.added, report.refused), (2, 0), "{:?}", report.problems);
    let before = shop.picture().await;
    let rows: Vec<&str> = VARIATIONS.lines().collect();
    let handed_over = [rows[0], rows[2], rows[3]].join("\n");
    let again = shop.import_as("to-shop.csv", &handed_over, &options).await;
    assert_eq!((again.refused, again.added, again.changed), (0, 0, 0), "{:?}", again.problems);
    assert_eq!(shop.picture().await, before);
    let raised = handed_over.replace("49.90", "54.90");
    let preview = preview(&shop, "to-shop.csv", &raised, &options).await;
    let fields: Vec<&str> = preview.changes[0].fields.iter().map(|field| field.field.as_str()).collect();
    assert_eq!((preview.changes.len(), fields), (1, vec!["price"]), "{:?}", preview.changes);
    assert_eq!(shop.import_as("to-shop.csv", &raised, &options).await.changed, 1);
    assert_eq!(shop.price("HO-B", "DEFAULT").await, Some(5_490));
}

#[tokio::test]
async fn a_product_that_is_new_needs_a_name_a_price_and_a_currency() {
    let shop = Shop::with_products().await;
    let before = shop.picture().await;
    let text =
        "sku,name,price,currency,brand\nA1,,,,Boilo\nZ1,,9.99,EUR,\nZ2,Lamp,,EUR,\nZ3,Lamp,9.99,,\nB2,,19.99,,\n";
    let looked_at = preview(&shop, "part.csv", text, &ImportOptions::default()).await;
    let report = shop.import_as("part.csv", text, &ImportOptions::default()).await;
    let told = |report: &app_contract::ImportReport| -> Vec<(u64, String)> {
        report.problems.iter().map(|problem| (problem.line, problem.column.clone())).collect()
    };
    let expected = [(3, "name"), (4, "price"), (5, "currency")].map(|(line, column)| (line, column.to_owned()));
    assert_eq!(told(&report), expected);
    assert_eq!(told(&looked_at.report), expected);
    assert!(report.problems[0].reason.contains("Z1 is not in the workspace yet"), "{}", report.problems[0].reason);
    assert_eq!((report.added, report.refused), (0, 3));
    assert_eq!((looked_at.report.added, looked_at.report.changed), (report.added, report.changed));
    if let Some(change_set) = report.change_set {
        shop.workspace.undo_change_set(change_set).await.unwrap();
    }
    assert_eq!(shop.picture().await, before);
}

#[tokio::test]
async fn a_table_is_read_by_its_headings_and_says_so() {
    let shop = Shop::new().await;
    let text = "Artikelnummer;Bezeichnung;Hersteller;VK brutto (EUR);EK netto;MwSt;Bestand\n100;Kessel;Boilo;29,95;12,50;19;4\n";
    let report = shop.import_as("erp.csv", text, &ImportOptions::default()).await;
    assert_eq!((report.format, report.added, report.refused), (FileFormat::Own, 1, 0), "{:?}", report.problems);
    assert!(report.notes[0].reason.contains("price = “VK brutto (EUR)” (with VAT)"), "{:?}", report.notes);
    assert_eq!(shop.price("100", "DEFAULT").await, Some(2_995));
    let part = "Artikelnummer;Bestand\n100;7\n";
    let report = shop.import_as("bestand.csv", part, &ImportOptions::default()).await;
    assert_eq!((report.kind, report.changed, report.refused), (FileKind::Products, 1, 0), "{:?}", report.problems);
}
