//! Connectors against shops that keep to their documentation, over real HTTP on loopback.

#![allow(clippy::unwrap_used, reason = "a test may end where it expected something")]

#[cfg(target_os = "linux")]
mod files;
mod messages;
mod shopify;
mod woo_commerce;

use std::time::Duration;

use pricing_domain::{ConnectionKind, Currency, Money};
use secret_store::Secret;
use shop_connectors::{Connector, Keys, Patience, Placed, PriceUpdate, ShopPlace, ShopProduct, ShownPrice};
use tokio_util::sync::CancellationToken;

/// Patience that does not make tests wait.
fn patience() -> Patience {
    Patience {
        attempts: 3,
        first_pause: Duration::from_millis(5),
        longest_pause: Duration::from_secs(3),
        timeout: Duration::from_secs(5),
    }
}

fn connector(kind: ConnectionKind, address: &str, key: Option<&str>, secret: &str) -> Connector {
    let keys = Keys { key: key.map(|key| Secret::new(key.to_owned())), secret: Secret::new(secret.to_owned()) };
    Connector::new(kind, address, keys, patience(), CancellationToken::new()).unwrap()
}

fn update(place: ShopPlace, new_minor: i64) -> PriceUpdate {
    PriceUpdate {
        place,
        price_list: "DE".to_owned(),
        old: None,
        new: Money::new(new_minor, Currency::EUR),
        clears_reference: false,
    }
}

async fn shown(shop: &Connector, sku: &str) -> ShownPrice {
    match shop.prices(&[sku.to_owned()], Currency::EUR).await.unwrap().remove(0) {
        Placed::At(shown) => shown,
        other => panic!("{sku}: {other:?}"),
    }
}

async fn pulled(shop: &Connector) -> (Vec<ShopProduct>, shop_connectors::CatalogueCounts) {
    let mut all = Vec::new();
    let counts = shop.pull(&mut |rows, _| all.extend(rows)).await.unwrap();
    (all, counts)
}
