//! Free attributes of products: imported, merged, shown, undone, and seen by rules.

use app_contract::ImportOptions;
use pricing_domain::FileKind;
use pricing_operations::Progress;

use crate::support::{PRODUCTS, Shop};

const FIRST: &str = "sku,name,currency,price,attribute:Material,attribute:Colour family\n\
                     A1,Kettle,EUR,29.99,steel,red\nB2,Toaster,EUR,19.99,,\"say \"\"white\"\"\"\n";

async fn attributes(shop: &Shop, sku: &str) -> Vec<(String, String)> {
    shop.detail(sku).await.attributes
}

fn stated(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}

#[tokio::test]
async fn attributes_are_kept_and_the_same_file_again_changes_nothing() {
    let shop = Shop::with_products().await;
    shop.later_hours(1);
    let report = shop.import_clean(FileKind::Products, FIRST).await;
    assert_eq!((report.added, report.changed), (0, 2));
    assert_eq!(attributes(&shop, "A1").await, stated(&[("colour family", "red"), ("material", "steel")]));
    assert_eq!(attributes(&shop, "B2").await, stated(&[("colour family", "say \"white\"")]));
    assert_eq!(attributes(&shop, "C3").await, []);
    shop.import_changes_nothing(FileKind::Products, FIRST).await;
    let other_order =
        "sku,attribute:COLOUR_family,attribute:material,name,currency,price\nA1,red,steel,Kettle,EUR,29.99\n";
    shop.import_changes_nothing(FileKind::Products, other_order).await;
}

#[tokio::test]
async fn what_a_file_does_not_state_of_a_product_stays() {
    let shop = Shop::with_products().await;
    shop.import_clean(FileKind::Products, FIRST).await;
    let second = "sku,name,currency,price,attribute:material,attribute:power\nA1,Kettle,EUR,29.99,,2200 W\n\
                  B2,Toaster,EUR,19.99,plastic,\n";
    shop.import_clean(FileKind::Products, second).await;
    let kettle = [("colour family", "red"), ("material", "steel"), ("power", "2200 W")];
    assert_eq!(attributes(&shop, "A1").await, stated(&kettle));
    assert_eq!(attributes(&shop, "B2").await, stated(&[("colour family", "say \"white\""), ("material", "plastic")]));
    shop.import_clean(FileKind::Products, PRODUCTS).await;
    assert_eq!(attributes(&shop, "A1").await, stated(&kettle), "a file without such columns says nothing of them");
}

#[tokio::test]
async fn a_change_of_attributes_is_previewed_and_taken_back() {
    let shop = Shop::with_products().await;
    shop.import_clean(FileKind::Products, FIRST).await;
    let before = (attributes(&shop, "A1").await, shop.picture().await);
    shop.later_hours(1);
    let text = "sku,name,currency,price,attribute:material,attribute:power\nA1,Kettle,EUR,29.99,glass,1 kW\n";
    let path = shop.path("look.csv");
    std::fs::write(&path, text).unwrap();
    let options = ImportOptions { kind: Some(FileKind::Products), ..ImportOptions::default() };
    let preview = shop.workspace.preview_import(&path, "look.csv", &options, &Progress::silent()).await.unwrap().0;
    let field = &preview.changes[0].fields[0];
    assert_eq!(field.field, "attributes");
    assert_eq!(field.old.as_deref(), Some("colour family: red; material: steel"));
    assert_eq!(field.new, "colour family: red; material: glass; power: 1 kW");
    let report = shop.import_clean(FileKind::Products, text).await;
    assert_eq!(attributes(&shop, "A1").await[1..], stated(&[("material", "glass"), ("power", "1 kW")]));
    let undone = shop.workspace.undo_change_set(report.change_set.unwrap()).await.unwrap();
    assert_eq!(undone.conflicts, Vec::<String>::new());
    assert_eq!((attributes(&shop, "A1").await, shop.picture().await), before);
}

#[tokio::test]
async fn a_catalogue_keeps_sixty_four_attributes_and_says_so() {
    let shop = Shop::with_products().await;
    let file = |names: std::ops::Range<u32>, sku: &str| {
        let columns: Vec<String> = names.clone().map(|n| format!("attribute:a{n}")).collect();
        let cells: Vec<String> = names.map(|n| n.to_string()).collect();
        format!("sku,name,currency,price,{}\n{sku},Kettle,EUR,29.99,{}\n", columns.join(","), cells.join(","))
    };
    shop.import_clean(FileKind::Products, &file(0..60, "A1")).await;
    let report = shop.import(FileKind::Products, &file(56..66, "B2")).await;
    assert_eq!(report.refused, 1);
    assert!(report.problems[0].reason.contains("would have 66"), "{:?}", report.problems);
    shop.import_clean(FileKind::Products, &file(56..64, "B2")).await;
    assert_eq!(attributes(&shop, "B2").await.len(), 8);
}

#[tokio::test]
async fn a_column_of_another_file_can_be_mapped_to_an_attribute() {
    let shop = Shop::with_products().await;
    let text = "Artikelnr,Bezeichnung,VK,Werkstoff\nA1,Kettle,29.99,Stahl\n";
    std::fs::write(shop.path("other.csv"), text).unwrap();
    let shape = shop.workspace.inspect_file(&shop.path("other.csv"), "other.csv", FileKind::Products).await.unwrap();
    assert!(shape.own_columns.contains(&("attribute:werkstoff".to_owned(), false)), "{:?}", shape.own_columns);
    let map = [("sku", "Artikelnr"), ("name", "Bezeichnung"), ("price", "VK"), ("attribute:werkstoff", "Werkstoff")];
    let options = ImportOptions {
        kind: Some(FileKind::Products),
        mapping: map.map(|(own, theirs)| (own.to_owned(), theirs.to_owned())).to_vec(),
        ..ImportOptions::default()
    };
    let report = shop.import_as("other.csv", text, &options).await;
    assert_eq!((report.refused, report.changed), (0, 1));
    assert_eq!(attributes(&shop, "A1").await, stated(&[("werkstoff", "Stahl")]));
}
