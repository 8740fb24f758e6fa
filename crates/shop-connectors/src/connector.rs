//! One way to ask whichever shop is at the other end.

use pricing_domain::{ConnectionKind, Currency};
use secret_store::Secret;
use tokio_util::sync::CancellationToken;

use crate::address::ShopAddress;
use crate::error::{ShopError, ShopErrorKind};
use crate::exchange::Exchange;
use crate::patience::Patience;
use crate::shopify::Shopify;
use crate::views::{CatalogueCounts, Delivery, Placed, PriceUpdate, SendReport, ShopFacts, ShopPlace, ShopProduct};
use crate::webhook::Webhook;
use crate::woo_commerce::WooCommerce;

/// What opens a shop.
#[derive(Clone, Debug)]
pub struct Keys {
    /// WooCommerce's consumer key; nothing for the others.
    pub key: Option<Secret>,
    /// WooCommerce's consumer secret, Shopify's access token, the secret that messages are signed by.
    pub secret: Secret,
}

/// A shop or another receiver.
pub struct Connector(Which);

enum Which {
    WooCommerce(WooCommerce),
    Shopify(Shopify),
    Webhook(Webhook),
}

impl Connector {
    /// Prepares to talk to a shop. Nothing is sent yet. `stop` ends what waits and what is on its way.
    pub fn new(
        kind: ConnectionKind,
        address: ShopAddress,
        keys: Keys,
        patience: Patience,
        stop: CancellationToken,
    ) -> Result<Self, ShopError> {
        let exchange = Exchange::new(patience, stop)?;
        let key = keys.key.unwrap_or_else(|| Secret::new(String::new()));
        Ok(Self(match kind {
            ConnectionKind::WooCommerce => Which::WooCommerce(WooCommerce::new(address, key, keys.secret, exchange)),
            ConnectionKind::Shopify => Which::Shopify(Shopify::new(address, keys.secret, exchange)),
            ConnectionKind::Webhook => Which::Webhook(Webhook::new(address, keys.secret, exchange)),
        }))
    }

    /// Whether what the shop shows can be looked at.
    pub const fn can_be_read(&self) -> bool {
        !matches!(self.0, Which::Webhook(_))
    }

    /// Whether it answers, and what the key may do. Changes nothing.
    pub async fn test(&self) -> Result<ShopFacts, ShopError> {
        match &self.0 {
            Which::WooCommerce(shop) => shop.test().await,
            Which::Shopify(shop) => shop.test().await,
            Which::Webhook(receiver) => receiver.test().await,
        }
    }

    /// Reads the catalogue; each page is handed on with the number of products in all, where it is known.
    pub async fn pull(
        &self,
        hand_on: &mut (dyn FnMut(Vec<ShopProduct>, Option<u64>) + Send),
    ) -> Result<CatalogueCounts, ShopError> {
        match &self.0 {
            Which::WooCommerce(shop) => shop.pull(hand_on).await,
            Which::Shopify(shop) => shop.pull(hand_on).await,
            Which::Webhook(_) => Err(cannot_be_read()),
        }
    }

    /// What the shop shows for article numbers, in their order.
    pub async fn prices(&self, skus: &[String], currency: Currency) -> Result<Vec<Placed>, ShopError> {
        match &self.0 {
            Which::WooCommerce(shop) => shop.prices(skus, currency).await,
            Which::Shopify(shop) => shop.prices(skus, currency).await,
            Which::Webhook(_) => Err(cannot_be_read()),
        }
    }

    /// What the shop shows at places that are known, in their order: after something was sent there.
    pub async fn prices_at(&self, places: &[ShopPlace], currency: Currency) -> Result<Vec<Placed>, ShopError> {
        match &self.0 {
            Which::WooCommerce(shop) => {
                let skus: Vec<String> = places.iter().map(|place| place.sku.clone()).collect();
                shop.prices(&skus, currency).await
            }
            Which::Shopify(shop) => shop.prices_at(places, currency).await,
            Which::Webhook(_) => Err(cannot_be_read()),
        }
    }

    /// Sends absolute prices. The same again changes nothing.
    pub async fn send_prices(&self, delivery: &Delivery, updates: &[PriceUpdate]) -> SendReport {
        match &self.0 {
            Which::WooCommerce(shop) => shop.send_prices(updates).await,
            Which::Shopify(shop) => shop.send_prices(updates).await,
            Which::Webhook(receiver) => receiver.send_prices(delivery, updates).await,
        }
    }
}

fn cannot_be_read() -> ShopError {
    ShopError::new(ShopErrorKind::NotPermitted, "A receiver of messages has no catalogue to read.")
}
