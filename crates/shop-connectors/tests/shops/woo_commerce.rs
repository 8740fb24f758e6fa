//! WooCommerce: keys, pages, batches of 100, variations, errors of single objects, retries.

use pricing_domain::{ConnectionKind, Currency};
use shop_connectors::{Connector, Delivery, Placed, ShopErrorKind};
use test_shops::{Fault, WooProduct, WooShop};

use crate::{connector, pulled, shown, update};

fn delivery() -> Delivery {
    Delivery { id: "d".to_owned(), file: None }
}

fn simple(id: u64) -> WooProduct {
    WooProduct {
        id,
        kind: "simple".into(),
        sku: format!("W{id}"),
        name: format!("Product {id}"),
        regular_price: format!("{id}.90"),
        ..WooProduct::default()
    }
}

fn varied() -> Vec<WooProduct> {
    let variation = |id: u64, sku: &str, option: &str| WooProduct {
        id,
        parent: 900,
        kind: "variation".into(),
        sku: sku.into(),
        option: option.into(),
        regular_price: "49.90".into(),
        ..WooProduct::default()
    };
    vec![
        WooProduct {
            id: 900,
            kind: "variable".into(),
            sku: "HP".into(),
            name: "Men's R&B headphones".into(),
            category: 12,
            material: "Steel & leather".into(),
            image: "https://shop.example/hp.jpg".into(),
            ..WooProduct::default()
        },
        variation(901, "HP-RED", "Red"),
        variation(902, "HP-BLUE", "Blue"),
        variation(903, "", "Green"),
        WooProduct {
            id: 950,
            kind: "grouped".into(),
            sku: "SET".into(),
            name: "A set".into(),
            ..WooProduct::default()
        },
    ]
}

fn shop_of(shop: &WooShop) -> Connector {
    connector(ConnectionKind::WooCommerce, shop.door.address(), Some(WooShop::KEY), WooShop::SECRET)
}

#[tokio::test]
async fn a_test_tells_what_the_key_may_do_and_changes_nothing() {
    let shop = WooShop::open(vec![simple(1), simple(2)]).await;
    let facts = shop_of(&shop).test().await.unwrap();
    assert_eq!((facts.currency, facts.prices_include_vat, facts.products), (Some(Currency::EUR), Some(true), Some(2)));
    assert!(facts.may_read && facts.may_write);

    shop.set_read_only(true);
    assert!(!shop_of(&shop).test().await.unwrap().may_write);
    let wrong = connector(ConnectionKind::WooCommerce, shop.door.address(), Some(WooShop::KEY), "cs_wrong");
    let refused = wrong.test().await.unwrap_err();
    assert_eq!(refused.kind, ShopErrorKind::NotRecognised);
    assert!(!refused.message.contains("cs_wrong") && !refused.message.contains(WooShop::KEY), "{refused}");
    assert_eq!(shop.taken(), []);
}

#[tokio::test]
async fn the_whole_catalogue_is_read_page_by_page_with_variations() {
    let mut products: Vec<WooProduct> = (1..=250).map(simple).collect();
    products[0].cost = Some(0.62);
    products[1].sale_price = "1.99".into();
    products[1].sale_from = "2026-11-20T00:00:00".into();
    products[2].stock = Some(7);
    products[3].sku = String::new();
    products.extend(varied());
    let shop = WooShop::open(products).await;
    let (rows, counts) = pulled(&shop_of(&shop)).await;
    assert_eq!((counts.read, counts.without_sku, counts.groups), (251, 2, 1));
    let row = |sku: &str| rows.iter().find(|row| row.sku == sku).unwrap();
    let stated = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    assert_eq!(row("HP-RED").attributes, [stated("Colour", "Red"), stated("Material", "Steel & leather")]);
    assert_eq!((row("HP-RED").image.as_str(), row("W1").image.as_str()), ("https://shop.example/hp.jpg", ""));
    assert_eq!(row("W1").attributes, []);
    assert_eq!((row("W1").price.as_str(), row("W1").cost.as_str()), ("1.90", "0.62"));
    assert_eq!((row("W2").sale.as_str(), row("W2").sale_from.as_str()), ("1.99", "2026-11-20T00:00:00Z"));
    assert_eq!(row("W3").stock, Some(7));
    let red = row("HP-RED");
    assert_eq!(
        (red.name.as_str(), red.group.as_str(), red.category.as_str()),
        ("Men’s R&B headphones - Red", "HP", "TV & Audio > Headphones > In-ear")
    );
}

#[tokio::test]
async fn prices_go_in_batches_of_a_hundred_and_are_read_back_exactly() {
    let shop = WooShop::open((1..=230).map(simple).chain(varied()).collect()).await;
    let woo = shop_of(&shop);
    let skus: Vec<String> = (1..=230).map(|id| format!("W{id}")).chain(["HP-RED".into(), "HP-BLUE".into()]).collect();
    let placed = woo.prices(&skus, Currency::EUR).await.unwrap();
    let updates: Vec<_> = placed
        .into_iter()
        .zip(0..)
        .map(|(placed, index)| match placed {
            Placed::At(shown) => update(shown.place, 1_000 + index),
            other => panic!("{other:?}"),
        })
        .collect();
    shop.door.reset();
    let report = woo.send_prices(&delivery(), &updates).await;
    assert_eq!((report.refused.len(), report.broke_off), (0, None));
    assert_eq!(shop.door.requests(), 4, "100, 100 and 30 products, and the variations of one");
    let sent = woo.prices(&skus, Currency::EUR).await.unwrap();
    for (placed, index) in sent.into_iter().zip(0..) {
        assert!(matches!(placed, Placed::At(shown) if shown.price_minor == Some(1_000 + index)));
    }
    assert_eq!(shop.product("W1").regular_price, "10.00");
    assert_eq!(shop.product("HP-BLUE").regular_price, "12.31");
}

#[tokio::test]
async fn one_that_is_refused_does_not_hold_up_the_others() {
    let shop = WooShop::open((1..=5).map(simple).collect()).await;
    let woo = shop_of(&shop);
    let mut updates = Vec::new();
    for id in 1..=5 {
        updates.push(update(shown(&woo, &format!("W{id}")).await.place, 700 + id));
    }
    shop.remove("W3");
    let report = woo.send_prices(&delivery(), &updates).await;
    assert_eq!(report.refused, [(2, "Invalid ID.".to_owned())]);
    let taken: Vec<String> = shop.taken().into_iter().map(|one| one.sku).collect();
    assert_eq!(taken, ["W1", "W2", "W4", "W5"]);
}

#[tokio::test]
async fn what_passes_is_tried_again_and_what_does_not_is_told() {
    let shop = WooShop::open(vec![simple(1)]).await;
    let woo = shop_of(&shop);
    let place = shown(&woo, "W1").await.place;
    for fault in [Fault::Status(429, Some(0)), Fault::Status(503, None), Fault::CutBefore, Fault::CutAfter] {
        shop.door.reset();
        shop.door.fail(1, fault);
        let report = woo.send_prices(&delivery(), &[update(place.clone(), 777)]).await;
        assert_eq!((report.refused.len(), report.broke_off), (0, None), "{fault:?}");
        assert_eq!(shop.door.requests(), 2, "{fault:?}");
    }
    shop.door.reset();
    shop.door.fail_always(Some(Fault::Status(503, None)));
    let report = woo.send_prices(&delivery(), &[update(place.clone(), 778)]).await;
    let broke_off = report.broke_off.unwrap();
    assert_eq!((broke_off.kind, shop.door.requests()), (ShopErrorKind::Busy, 3));
    shop.door.reset();
    shop.door.fail_always(Some(Fault::Status(429, Some(3_600))));
    let report = woo.send_prices(&delivery(), &[update(place, 778)]).await;
    assert!(report.broke_off.unwrap().message.contains("3600 seconds"));
    assert_eq!(shop.door.requests(), 1, "an hour is not waited");
    assert_eq!(shop.product("W1").regular_price, "7.77");
}

#[tokio::test]
async fn article_numbers_that_lead_nowhere_twice_or_to_no_price_are_told_apart() {
    let mut products = vec![simple(1), simple(2), simple(3)];
    products[1].sku = "W3".into();
    products[0].sku = "A,1".into();
    products.extend(varied());
    let shop = WooShop::open(products).await;
    let skus = ["A,1", "W3", "gone", "HP", "SET"].map(str::to_owned);
    let placed = shop_of(&shop).prices(&skus, Currency::EUR).await.unwrap();
    assert!(matches!(&placed[0], Placed::At(shown) if shown.price_minor == Some(190)), "{placed:?}");
    assert_eq!(placed[1..], [Placed::Twice, Placed::Nowhere, Placed::WithoutPrice, Placed::WithoutPrice]);
}

#[tokio::test]
async fn a_sale_that_makes_no_sense_any_more_is_taken_away() {
    let mut product = simple(9);
    product.sale_price = "8.50".into();
    let shop = WooShop::open(vec![product]).await;
    let woo = shop_of(&shop);
    let before = shown(&woo, "W9").await;
    assert_eq!(before.sale.map(|sale| (sale.price_minor, sale.runs)), Some((850, true)));
    let mut wanted = update(before.place, 800);
    wanted.clears_reference = true;
    woo.send_prices(&delivery(), &[wanted]).await;
    let after = shown(&woo, "W9").await;
    assert_eq!((after.price_minor, after.sale), (Some(800), None));
}
