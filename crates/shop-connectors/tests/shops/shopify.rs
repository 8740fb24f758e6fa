//! Shopify: scopes, cursors, points, a product's variants together, errors of single variants.

use std::time::Instant;

use pricing_domain::{ConnectionKind, Currency};
use shop_connectors::{Connector, Delivery, Placed, ShopErrorKind, ShopProduct};
use test_shops::{Fault, ShopifyShop, ShopifyVariant};

use crate::{connector, pulled, update};

fn variant(id: u64) -> ShopifyVariant {
    ShopifyVariant {
        id,
        product: 1_000 + id / 3,
        sku: format!("S{id}"),
        title: format!("Product {}", id / 3),
        option: format!("Size {}", id % 3),
        price: format!("{id}.50"),
        cost: "0.4200".into(),
        stock: 4,
        ..ShopifyVariant::default()
    }
}

fn shop_of(shop: &ShopifyShop) -> Connector {
    connector(ConnectionKind::Shopify, shop.door.address(), None, ShopifyShop::TOKEN)
}

fn delivery() -> Delivery {
    Delivery { id: "d".to_owned(), file: None }
}

async fn updates_of(shop: &Connector, skus: &[String], new_minor: i64) -> Vec<shop_connectors::PriceUpdate> {
    let placed = shop.prices(skus, Currency::EUR).await.unwrap();
    let place = |placed| match placed {
        Placed::At(shown) => update(shown.place, new_minor),
        other => panic!("{other:?}"),
    };
    placed.into_iter().map(place).collect()
}

#[tokio::test]
async fn a_test_tells_the_scopes() {
    let shop = ShopifyShop::open(vec![variant(1)]).await;
    let facts = shop_of(&shop).test().await.unwrap();
    assert_eq!((facts.name.as_str(), facts.currency), ("Nordlicht", Some(Currency::EUR)));
    assert!(facts.may_read && facts.may_write && facts.remarks.is_empty());
    shop.set_scopes(&["read_products"]);
    let facts = shop_of(&shop).test().await.unwrap();
    assert!(facts.may_read && !facts.may_write && facts.remarks.len() == 1);
    let wrong = connector(ConnectionKind::Shopify, shop.door.address(), None, "shpat_wrong");
    let refused = wrong.test().await.unwrap_err();
    assert_eq!(refused.kind, ShopErrorKind::NotRecognised);
    assert!(!refused.message.contains("shpat_wrong"));
}

#[tokio::test]
async fn the_catalogue_is_read_by_cursor_within_the_points() {
    let shop = ShopifyShop::open((1..=450).map(variant).collect()).await;
    shop.set_bucket(1_000.0, 4_000.0);
    let (rows, counts) = pulled(&shop_of(&shop)).await;
    assert_eq!((rows.len(), counts.read, counts.without_sku), (450, 450, 0));
    assert_eq!(shop.throttled(), 0, "it waits before it would be sent away");
    let one = &rows[449];
    assert_eq!(
        (one.sku.as_str(), one.name.as_str(), one.price.as_str(), one.cost.as_str(), one.stock),
        ("S450", "Product 150 - Size 0", "450.50", "0.4200", Some(4))
    );
    assert_eq!(one.attributes, [("Size".to_owned(), "Size 0".to_owned())]);
    // Without the scope for costs the rest is read all the same.
    shop.set_scopes(&["read_products"]);
    let (rows, _) = pulled(&shop_of(&shop)).await;
    assert!(rows.len() == 450 && rows.iter().all(|row| row.cost.is_empty()));
}

#[tokio::test]
async fn a_variant_has_its_own_picture_or_the_first_one_of_its_product() {
    let picture = |name: &str| format!("https://cdn.example/{name}.jpg");
    let mut variants: Vec<ShopifyVariant> = (1..=3).map(variant).collect();
    variants[0].image = picture("own");
    variants[0].product_image = picture("first");
    variants[1].product_image = picture("first");
    let shop = ShopifyShop::open(variants).await;
    let images = |rows: &[ShopProduct]| rows.iter().map(|row| row.image.clone()).collect::<Vec<_>>();
    let (rows, _) = pulled(&shop_of(&shop)).await;
    assert_eq!(images(&rows), [picture("own"), picture("first"), String::new()]);
    // A catalogue comes in also where the API has no pictures by this name any more.
    shop.drop_field("featuredMedia");
    let (rows, counts) = pulled(&shop_of(&shop)).await;
    assert_eq!((images(&rows), counts.read), (vec![String::new(); 3], 3));
}

#[tokio::test]
async fn prices_go_product_by_product_and_slow_down_with_the_bucket() {
    let shop = ShopifyShop::open((1..=90).map(variant).collect()).await;
    let shopify = shop_of(&shop);
    let skus: Vec<String> = (1..=90).map(|id| format!("S{id}")).collect();
    let updates = updates_of(&shopify, &skus, 1_999).await;
    shop.set_bucket(100.0, 200.0);
    let started = Instant::now();
    let report = shopify.send_prices(&delivery(), &updates).await;
    assert_eq!((report.refused.len(), report.broke_off), (0, None));
    // 31 products at 10 points each, of which 100 were there: 210 points at 200 a second.
    assert!(started.elapsed().as_secs_f64() > 0.8, "{:?}", started.elapsed());
    assert_eq!(shop.taken().len(), 90);
    shop.set_bucket(1_000.0, 100.0);
    let places: Vec<_> = updates.into_iter().map(|update| update.place).collect();
    let sent = shopify.prices_at(&places, Currency::EUR).await.unwrap();
    assert!(sent.iter().all(|placed| matches!(placed, Placed::At(shown) if shown.price_minor == Some(1_999))));
}

#[tokio::test]
async fn a_refused_variant_is_named_and_its_siblings_are_taken() {
    let mut variants: Vec<ShopifyVariant> = (3..=5).map(variant).collect();
    variants[1].title = "Locked".into();
    variants[2].compare_at = "9.99".into();
    let shop = ShopifyShop::open(variants).await;
    let shopify = shop_of(&shop);
    let mut updates = updates_of(&shopify, &["S3", "S4", "S5"].map(str::to_owned), 1_050).await;
    updates[2].clears_reference = true;
    let report = shopify.send_prices(&delivery(), &updates).await;
    assert_eq!(report.refused, [(1, "This price is managed by another app".to_owned())]);
    assert_eq!((shop.variant("S3").price.as_str(), shop.variant("S4").price.as_str()), ("10.50", "4.50"));
    assert_eq!(shop.variant("S5").compare_at, "");
    // A key without the scope is told in words.
    shop.set_scopes(&["read_products"]);
    let report = shopify.send_prices(&delivery(), &updates).await;
    let error = report.broke_off.unwrap();
    assert_eq!(error.kind, ShopErrorKind::NotPermitted);
    assert!(error.message.contains("write_products"), "{error}");
}

#[tokio::test]
async fn an_answer_that_is_lost_is_asked_for_again() {
    let shop = ShopifyShop::open(vec![variant(1)]).await;
    let shopify = shop_of(&shop);
    let updates = updates_of(&shopify, &["S1".to_owned()], 123).await;
    shop.door.reset();
    shop.door.fail(1, Fault::CutAfter);
    let report = shopify.send_prices(&delivery(), &updates).await;
    assert_eq!((report.refused.len(), report.broke_off), (0, None));
    assert_eq!(shop.variant("S1").price, "1.23");
}
