//! Taking change sets back.

use app_contract::UndoReport;
use pricing_domain::{ChangeSetId, FileKind};

use crate::support::{PRODUCTS, Shop};

async fn undo(shop: &Shop, change_set: Option<ChangeSetId>) -> UndoReport {
    shop.workspace.undo_change_set(change_set.expect("the import changed something")).await.unwrap()
}

#[tokio::test]
async fn undoing_the_first_import_leaves_an_empty_catalogue_that_can_begin_anew() {
    let shop = Shop::new().await;
    let first = shop.import_clean(FileKind::Products, &PRODUCTS.replace("EUR", "USD")).await.change_set;
    assert_eq!(undo(&shop, first).await.conflicts, Vec::<String>::new());
    let open = shop.workspace.describe().await.unwrap();
    assert_eq!((open.products, open.price_lists.len()), (0, 0));
    let report = shop.import_clean(FileKind::Products, PRODUCTS).await;
    assert_eq!(report.added, 3);
    assert_eq!(shop.price("A1", "DEFAULT").await, Some(2_999));
}

#[tokio::test]
async fn undoing_a_change_brings_every_field_back() {
    let shop = Shop::with_products().await;
    let before = shop.picture().await;
    shop.later_hours(1);
    let text = "sku,name,brand,category,currency,price,cost,stock,family,gtin,rrp,kvi\n\
                A1,Kettle new,Neo,Garden,EUR,31.00,13.00,9,pots,96385074,45.00,yes\nD4,Rug,Neo,Living,EUR,99,,,,,,\n";
    let report = shop.import_clean(FileKind::Products, text).await;
    assert_eq!((report.added, report.changed), (1, 1));
    let undone = undo(&shop, report.change_set).await;
    assert_eq!(undone.conflicts, Vec::<String>::new());
    assert_eq!(shop.picture().await, before);
}

#[tokio::test]
async fn later_changes_are_listed_as_conflicts_and_kept_field_by_field() {
    let shop = Shop::with_products().await;
    shop.later_hours(1);
    let second = "sku,name,brand,currency,price\nA1,Second,Secondo,EUR,28.00\n";
    let second = shop.import_clean(FileKind::Products, second).await.change_set;
    shop.later_hours(1);
    let third = "sku,name,currency,price\nA1,Third,EUR,28.00\n";
    shop.import_clean(FileKind::Products, third).await;
    let undone = undo(&shop, second).await;
    assert_eq!(undone.conflicts, ["1 rows of products: name was changed since, and stay"]);
    let row = shop.row("A1", "DEFAULT").await;
    assert_eq!((row.name.as_str(), row.brand.as_str(), row.price_minor), ("Third", "Boilo", Some(2_999)));
}

#[tokio::test]
async fn imports_undone_from_the_newest_to_the_oldest_leave_nothing() {
    let shop = Shop::new().await;
    let first = shop.import_clean(FileKind::Products, PRODUCTS).await.change_set;
    shop.later_hours(1);
    let second = "sku,name,brand,currency,price,stock\nA1,Second,Neo,EUR,28.00,8\nB2,Second,Neo,EUR,18.00,8\n";
    let second = shop.import_clean(FileKind::Products, second).await.change_set;
    shop.later_hours(1);
    let third = shop.import_clean(FileKind::Products, "sku,name,currency,price\nA1,Third,EUR,27.00\n").await.change_set;
    for change_set in [third, second, first] {
        assert_eq!(undo(&shop, change_set).await.conflicts, Vec::<String>::new());
    }
    assert_eq!(shop.workspace.describe().await.unwrap().products, 0);
}

#[tokio::test]
async fn products_that_are_used_since_stay() {
    let shop = Shop::new().await;
    let first = shop.import_clean(FileKind::Products, PRODUCTS).await.change_set;
    shop.import_clean(FileKind::Matches, "sku,competitor,url\nA1,Rival,https://rival.example/a\n").await;
    let undone = undo(&shop, first).await;
    assert!(undone.conflicts.iter().any(|words| words.starts_with("1 rows of products")), "{:?}", undone.conflicts);
    assert_eq!(shop.workspace.describe().await.unwrap().products, 1);
    assert!(shop.workspace.find_sku("A1").await.is_ok());
}

#[tokio::test]
async fn a_change_set_is_undone_once_only_and_the_audit_tells_both() {
    let shop = Shop::new().await;
    let first = shop.import_clean(FileKind::Products, PRODUCTS).await.change_set;
    undo(&shop, first).await;
    let error = shop.workspace.undo_change_set(first.unwrap()).await.unwrap_err();
    assert!(error.message.contains("cannot be taken back"), "{}", error.message);
    let audit = shop.workspace.audit(None, 0, 10).await.unwrap();
    let summaries: Vec<&str> = audit.rows.iter().map(|entry| entry.summary.as_str()).collect();
    assert_eq!(summaries[0], "Took back: Imported import.csv: 3 new, 0 changed");
    assert_eq!(summaries[1], "Imported import.csv: 3 new, 0 changed");
    let sets = shop.workspace.change_sets(10).await.unwrap();
    assert!(!sets[0].undoable && sets[1].undone && !sets[1].undoable);
}

#[tokio::test]
async fn undoing_matches_leaves_those_that_were_read() {
    let shop = Shop::with_products().await;
    let text = "sku,competitor,url\nA1,Rival,https://rival.example/a\nB2,Rival,https://rival.example/b\n";
    let matches = shop.import_clean(FileKind::Matches, text).await.change_set;
    crate::readings::read_once(&shop, "https://rival.example/a", 2_500).await;
    let undone = undo(&shop, matches).await;
    assert!(!undone.conflicts.is_empty());
    assert_eq!(shop.detail("A1").await.offers.len(), 1);
    assert_eq!(shop.detail("B2").await.offers.len(), 0);
}
