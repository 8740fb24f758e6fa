//! What shops' files say in words of their own: stock without a number, attributes that rows name.

use app_contract::{ImportOptions, ImportReport};
use pricing_domain::{Currency, FileKind, GridFilter, GridSort};
use pricing_operations::Progress;

use crate::support::{PRODUCTS, Shop};

const FEED: &str = "id\ttitle\tlink\tavailability\tprice\nA1\tKettle\thttps://s.example/1\tout_of_stock\t29.99 EUR\n\
                    B2\tToaster\thttps://s.example/2\tin_stock\t19.99 EUR\nC3\tLamp\thttps://s.example/3\tpreorder\t49.00 EUR\n";

async fn import(shop: &Shop, text: &str) -> ImportReport {
    shop.import_as("shop.csv", text, &ImportOptions { currency: Some(Currency::EUR), ..ImportOptions::default() }).await
}

async fn stock(shop: &Shop) -> [Option<i64>; 3] {
    let rows = shop.grid("DEFAULT").await;
    ["A1", "B2", "C3"].map(|sku| rows.iter().find(|row| row.sku == sku).expect("the product is there").stock)
}

#[tokio::test]
async fn a_feed_says_whether_there_is_stock_and_invents_no_number() {
    let shop = Shop::with_products().await;
    assert_eq!(stock(&shop).await, [Some(7), Some(3), None]);
    import(&shop, FEED).await;
    assert_eq!(stock(&shop).await, [Some(0), Some(3), Some(0)], "what is counted stays counted");
    shop.later_hours(1);
    assert_eq!(import(&shop, FEED).await.change_set, None, "the same again changes nothing");

    let back = FEED.replace("out_of_stock", "in_stock");
    let path = shop.path("shop.csv");
    std::fs::write(&path, &back).unwrap();
    let options = ImportOptions { currency: Some(Currency::EUR), ..ImportOptions::default() };
    let preview = shop.workspace.preview_import(&path, "shop.csv", &options, &Progress::silent()).await.unwrap().0;
    assert_eq!(preview.changes.len(), 1, "{preview:?}");
    assert_eq!((preview.changes[0].sku.as_str(), preview.changes[0].fields[0].field.as_str()), ("A1", "stock"));
    let report = import(&shop, &back).await;
    assert_eq!(report.changed, 1, "{report:?}");
    assert_eq!(stock(&shop).await, [None, Some(3), Some(0)], "there is some, nobody says how many");
    shop.later_hours(1);
    assert_eq!(import(&shop, &back).await.change_set, None);
    let undone = shop.workspace.undo_change_set(report.change_set.unwrap()).await.unwrap();
    assert_eq!(undone.conflicts, Vec::<String>::new());
    assert_eq!(stock(&shop).await, [Some(0), Some(3), Some(0)]);
}

/// A Magento catalogue whose products have so many attributes each, all with other names.
fn magento(each: usize) -> String {
    let mut text = "sku,attribute_set_code,product_type,name,price,additional_attributes\n".to_owned();
    for (number, sku) in ["A1", "B2", "C3"].iter().enumerate() {
        let stated: Vec<String> = (0..each).map(|place| format!("a{number}_{place}=x{place}")).collect();
        text.push_str(&format!("{sku},Default,simple,Product,29.99,\"colour=Red,{}\"\n", stated.join(",")));
    }
    text
}

#[tokio::test]
async fn attributes_beyond_the_room_of_a_catalogue_are_left_out_and_their_products_taken() {
    let shop = Shop::with_products().await;
    let own = "sku,name,currency,price,attribute:material\nA1,Kettle,EUR,29.99,steel\n";
    shop.import_clean(FileKind::Products, own).await;
    shop.later_hours(1);
    let report = import(&shop, &magento(40)).await;
    assert_eq!((report.rows, report.refused), (3, 0), "{report:?}");
    let left_out = report.notes.iter().filter(|note| note.reason.contains("at most 64")).count();
    assert_eq!(left_out, 120 + 2 - 64, "each is told once");
    assert_eq!(shop.detail("A1").await.attributes.len(), 42);
    assert_eq!(shop.detail("C3").await.attributes, [("colour".to_owned(), "Red".to_owned())]);
    shop.later_hours(1);
    assert_eq!(import(&shop, &magento(40)).await.change_set, None, "the same again changes nothing");
}

#[tokio::test]
async fn the_grid_keeps_products_by_a_free_attribute() {
    let shop = Shop::with_products().await;
    let own = "sku,name,currency,price,attribute:material\nA1,Kettle,EUR,29.99,Steel\nB2,Toaster,EUR,19.99,glass\n";
    shop.import_clean(FileKind::Products, own).await;
    let kept = async |text: &str| -> Vec<String> {
        let filter: GridFilter = text.parse().expect("a filter");
        let list = shop.list("DEFAULT").await;
        let page = shop.workspace.products(list, "", &[filter], GridSort::default(), 0, 10).await.unwrap();
        page.rows.into_iter().map(|row| row.sku).collect()
    };
    assert_eq!(kept("attribute:Material=steel").await, ["A1"]);
    assert_eq!(kept("attribute:material=wood").await, Vec::<String>::new());
    assert_eq!(kept("attribute:colour=red").await, Vec::<String>::new());
    shop.import_clean(FileKind::Products, PRODUCTS).await;
    let values = shop.workspace.field_values("attribute".into(), Some("material".into()), "st".into()).await.unwrap();
    assert_eq!(values.values, ["Steel"]);
    let names = shop.workspace.field_values("attribute_name".into(), None, "".into()).await.unwrap();
    assert_eq!(names.values, ["material"]);
    assert!(shop.workspace.field_values("colour".into(), None, "".into()).await.is_err());
}
