//! Several products of ours on one page of a shop: it is fetched once.

use std::sync::Arc;

use price_collection::{Shortcut, SiteRules, Target};
use price_extraction::SiteHints;
use pricing_domain::{Currency, ReadState};

use crate::server::{Reply, Shop};
use crate::support::{collected, settings, target};

const PRODUCT: &str = r#"{"id":1,"title":"Cup","handle":"cup","available":true,"variants":[
    {"id":11,"title":"Small","sku":"C-S","price":1250,"available":true},
    {"id":12,"title":"Large","sku":"C-L","price":1999,"available":true}]}"#;

#[tokio::test]
async fn one_page_serves_all_variants_and_every_fragment() {
    let shop = Shop::start(|visit| match visit.path.as_str() {
        "/robots.txt" => Reply::status(404),
        path if path.starts_with("/products/cup.js") => {
            Reply::status(200).with("content-type", "text/javascript").body(PRODUCT)
        }
        _ => Reply::page(),
    })
    .await;
    let rules = Arc::new(SiteRules { shortcut: Shortcut::ShopifyProduct, ..SiteRules::default() });
    let variant = |key: i64, id: u32| Target {
        rules: rules.clone(),
        hints: SiteHints { currency: Some(Currency::EUR), ..SiteHints::default() },
        ..target(key, shop.url(&format!("/products/cup?variant={id}")))
    };
    // The variants do not stand beside each other.
    let targets = vec![
        variant(1, 11),
        target(2, shop.url("/lamp#red")),
        variant(3, 12),
        variant(4, 13),
        target(5, shop.url("/lamp#blue")),
        target(6, shop.url("/lamp?size=2")),
    ];
    let (seen, _) = collected(targets, settings(&[&shop.origin])).await;
    let price = |place: usize| seen[place].extraction.as_ref().and_then(|read| read.price).map(|it| it.to_string());
    assert_eq!((price(0).as_deref(), price(2).as_deref()), (Some("12.50"), Some("19.99")));
    assert_eq!(seen[3].state, ReadState::NotProduct, "a variant that is not there");
    assert_eq!((seen[1].state, seen[4].state), (ReadState::Product, ReadState::Product));
    let mut fetched = shop.paths();
    fetched.sort();
    assert_eq!(fetched.len(), 4, "robots.txt, one product, one page, and one with another address: {fetched:?}");
}
