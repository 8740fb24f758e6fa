//! Importing products.

use app_contract::ImportOptions;
use pricing_domain::{FileKind, TaxMode};
use pricing_operations::Progress;
use tokio_util::sync::CancellationToken;

use crate::support::{PRODUCTS, Shop};

#[tokio::test]
async fn a_first_import_brings_products_and_their_price_list() {
    let shop = Shop::new().await;
    let report = shop.import_clean(FileKind::Products, PRODUCTS).await;
    assert_eq!((report.rows, report.added, report.changed, report.unchanged), (3, 3, 0, 0));
    let kettle = shop.detail("A1").await;
    assert_eq!(kettle.row.price_minor, Some(2_999));
    assert_eq!(kettle.row.stock, Some(7));
    assert_eq!(kettle.gtins, ["4006381333931"]);
    assert_eq!(kettle.family.as_deref(), Some("kettles"));
    assert_eq!(shop.workspace.describe().await.unwrap().price_lists[0].tax_mode, TaxMode::Gross);
}

#[tokio::test]
async fn the_same_products_again_change_nothing_not_even_days_later() {
    let shop = Shop::with_products().await;
    shop.import_changes_nothing(FileKind::Products, PRODUCTS).await;
    shop.later_hours(30);
    shop.import_changes_nothing(FileKind::Products, PRODUCTS).await;
}

#[tokio::test]
async fn a_changed_file_changes_what_it_says_and_keeps_what_it_does_not_state() {
    let shop = Shop::with_products().await;
    shop.later_hours(1);
    let lamp = format!("{:?}", shop.detail("C3").await);
    let report = shop
        .import_clean(
            FileKind::Products,
            "sku,name,currency,price,cost,stock\nA1,Kettle 1.7 l,EUR,27.99,,\nB2,Toaster,EUR,19.99,9.50,4\n\
             C3,Lamp,EUR,49.00,,\n",
        )
        .await;
    assert_eq!((report.added, report.changed, report.unchanged), (0, 2, 1));
    let (kettle, toaster) = (shop.detail("A1").await, shop.detail("B2").await);
    assert_eq!((kettle.row.name.as_str(), kettle.row.price_minor), ("Kettle 1.7 l", Some(2_799)));
    assert_eq!((kettle.row.brand.as_str(), kettle.row.stock), ("Boilo", Some(7)));
    assert_eq!(kettle.row.cost.unwrap().0, 12_500_000);
    assert_eq!((toaster.row.cost.unwrap().0, toaster.row.stock), (9_500_000, Some(4)));
    assert_eq!(toaster.costs.len(), 2, "costs are dated records");
    assert_eq!(format!("{:?}", shop.detail("C3").await), lamp);
}

#[tokio::test]
async fn a_second_price_in_the_same_moment_replaces_the_first() {
    let shop = Shop::with_products().await;
    shop.import_clean(FileKind::Products, "sku,name,currency,price\nA1,Kettle,EUR,25.00\n").await;
    assert_eq!(shop.price("A1", "DEFAULT").await, Some(2_500));
}

#[tokio::test]
async fn letters_of_a_sku_tell_products_apart_by_their_case() {
    let shop = Shop::new().await;
    let text = "sku,name,currency,price\nab-1,Small,EUR,1.00\nAB-1,Large,EUR,2.00\n";
    let report = shop.import_clean(FileKind::Products, text).await;
    assert_eq!(report.added, 2);
    assert_eq!(shop.price("ab-1", "DEFAULT").await, Some(100));
    assert_eq!(shop.price("AB-1", "DEFAULT").await, Some(200));
    assert!(shop.workspace.find_sku("Ab-1").await.is_err());
}

#[tokio::test]
async fn products_in_another_currency_are_refused_with_line_and_column() {
    let shop = Shop::with_products().await;
    let report = shop.import(FileKind::Products, "sku,name,currency,price\nA1,Kettle,EUR,28.00\nD4,Rug,PLN,99\n").await;
    assert_eq!((report.refused, report.problem_count), (1, 1));
    let problem = &report.problems[0];
    assert_eq!((problem.line, problem.column.as_str(), problem.found.as_str()), (3, "currency", "PLN"));
    assert!(problem.reason.contains("the default price list is in EUR"), "{}", problem.reason);
    assert!(shop.workspace.find_sku("D4").await.is_err());
}

#[tokio::test]
async fn a_file_without_a_good_row_leaves_no_trace() {
    let shop = Shop::new().await;
    let before = shop.workspace.sequence().await.unwrap();
    for text in ["sku,name,currency,price\n", "sku,name,currency,price\nA1,Kettle,EUR,none\n"] {
        let report = shop.import(FileKind::Products, text).await;
        assert_eq!((report.added, report.change_set), (0, None));
    }
    let report = shop.import(FileKind::Prices, "sku,price_list,price,currency\nA1,PL,10,PLN\n").await;
    assert_eq!((report.refused, report.change_set), (1, None));
    assert_eq!(shop.workspace.sequence().await.unwrap(), before);
    assert!(shop.workspace.describe().await.unwrap().price_lists.is_empty());
}

#[tokio::test]
async fn prices_without_vat_are_raised_for_a_list_with_vat() {
    let shop = Shop::with_products().await;
    let text = "sku,name,currency,price,vat_rate,price_includes_vat,min_price\nA1,Kettle,EUR,20.00,19,no,10.00\n\
                B2,Toaster,EUR,20.00,7,no,\nC3,Lamp,EUR,50.00,,no,\n";
    let report = shop.import(FileKind::Products, text).await;
    assert_eq!(shop.price("A1", "DEFAULT").await, Some(2_380));
    assert_eq!(shop.price("B2", "DEFAULT").await, Some(2_140));
    assert_eq!(shop.price("C3", "DEFAULT").await, Some(4_900), "without a rate nothing is guessed");
    assert_eq!((report.problems[0].line, report.problems[0].column.as_str()), (4, "vat_rate"));
}

#[tokio::test]
async fn prices_with_vat_are_lowered_for_a_list_without() {
    let shop = Shop::new().await;
    let text = "sku,name,currency,price,vat_rate,price_includes_vat\nA1,Kettle,EUR,20.00,19,no\n\
                B2,Toaster,EUR,23.80,19,yes\n";
    shop.import_clean(FileKind::Products, text).await;
    assert_eq!(shop.workspace.describe().await.unwrap().price_lists[0].tax_mode, TaxMode::Net);
    assert_eq!(shop.price("A1", "DEFAULT").await, Some(2_000));
    assert_eq!(shop.price("B2", "DEFAULT").await, Some(2_000));
}

#[tokio::test]
async fn a_stated_family_takes_the_place_of_the_one_before() {
    let shop = Shop::with_products().await;
    let text = "sku,name,currency,price,family\nA1,Kettle,EUR,29.99,boilers\n";
    let report = shop.import_clean(FileKind::Products, text).await;
    assert_eq!(report.changed, 1);
    assert_eq!(shop.detail("A1").await.family.as_deref(), Some("boilers"));
    shop.workspace.undo_change_set(report.change_set.unwrap()).await.unwrap();
    assert_eq!(shop.detail("A1").await.family.as_deref(), Some("kettles"));
}

#[tokio::test]
async fn a_product_is_in_every_family_that_its_file_names() {
    let shop = Shop::with_products().await;
    let text = "sku,name,currency,price,family\nA1,Kettle,EUR,29.99,\"kettles|blue | Say \"\"tea\"\", please|blue\"\n";
    let report = shop.import_clean(FileKind::Products, text).await;
    assert_eq!(report.changed, 1);
    let all = Some("Say \"tea\", please, blue, kettles");
    assert_eq!(shop.detail("A1").await.family.as_deref(), all);
    shop.import_changes_nothing(FileKind::Products, text).await;

    let fewer = "sku,name,currency,price,family\nA1,Kettle,EUR,29.99,blue|boilers\n";
    let report = shop.import_clean(FileKind::Products, fewer).await;
    assert_eq!(shop.detail("A1").await.family.as_deref(), Some("blue, boilers"));
    shop.workspace.undo_change_set(report.change_set.unwrap()).await.unwrap();
    assert_eq!(shop.detail("A1").await.family.as_deref(), all);
}

#[tokio::test]
async fn texts_that_look_like_statements_are_only_texts() {
    let shop = Shop::new().await;
    let evil = "x'); DROP TABLE product; --";
    let text =
        format!("sku,name,brand,family,category,currency,price,tags\n{evil},{evil},{evil},{evil},{evil},EUR,1,\n");
    shop.import_clean(FileKind::Products, &text).await;
    shop.import_changes_nothing(FileKind::Products, &text).await;
    let prices = format!("sku,price_list,price,currency\n{evil},{evil},2,EUR\n");
    shop.import_clean(FileKind::Prices, &prices).await;
    assert_eq!(shop.price(evil, evil).await, Some(200));
}

#[tokio::test]
async fn a_cancelled_import_leaves_nothing() {
    let shop = Shop::new().await;
    let before = shop.workspace.sequence().await.unwrap();
    let path = shop.path("products.csv");
    std::fs::write(&path, PRODUCTS).unwrap();
    let cancel = CancellationToken::new();
    cancel.cancel();
    let progress = Progress::new(cancel, |_, _, _| {});
    let error = shop
        .workspace
        .import(&path, "products.csv", &ImportOptions::of_kind(FileKind::Products), &progress)
        .await
        .unwrap_err();
    assert_eq!(error.message, "Stopped. Nothing was changed.");
    assert_eq!(shop.workspace.sequence().await.unwrap(), before);
    assert_eq!(shop.import_clean(FileKind::Products, PRODUCTS).await.added, 3);
}

#[tokio::test]
async fn another_window_sees_an_import_at_once() {
    let shop = Shop::with_products().await;
    let other = shop.open_again().await;
    let list = shop.list("DEFAULT").await;
    assert_eq!(crate::support::grid(&other, list).await.len(), 3);
    shop.later_hours(1);
    shop.import_clean(FileKind::Products, "sku,name,currency,price\nD4,Rug,EUR,99.00\n").await;
    assert_eq!(crate::support::grid(&other, list).await.len(), 4);
    let product = other.find_sku("D4").await.unwrap();
    assert_eq!(other.product(product, list).await.unwrap().row.price_minor, Some(9_900));
}

#[tokio::test]
async fn each_offer_tells_what_became_of_itself() {
    let shop = Shop::with_products().await;
    let seen = "sku,competitor,observed_at,price,currency,availability\n\
                A1,Sold out,2026-03-02T08:00:00Z,27.00,EUR,OutOfStock\n\
                A1,Dear,2026-03-02T08:00:00Z,31.00,EUR,InStock\nA1,Cheap,2026-03-02T08:00:00Z,28.00,EUR,InStock\n";
    shop.import_clean(FileKind::Observations, seen).await;
    let detail = shop.detail("A1").await;
    for offer in &detail.offers {
        let expected = if offer.competitor == "Sold out" { "left out: cannot be bought there" } else { "used" };
        assert_eq!((offer.usage.as_str(), offer.usable), (expected, expected == "used"), "{}", offer.competitor);
    }
}
