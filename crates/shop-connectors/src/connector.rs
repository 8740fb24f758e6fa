//! One way to ask whichever shop is at the other end.

use std::path::Path;

use pricing_domain::{ConnectionKind, Currency};
use secret_store::Secret;
use tokio_util::sync::CancellationToken;

use crate::address::ShopAddress;
use crate::error::{ShopError, ShopErrorKind};
use crate::exchange::Exchange;
use crate::file_drop::{DropAddress, FileDrop, check_key_file};
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
    /// WooCommerce's consumer secret, Shopify's access token, the secret that messages are signed by; of an SFTP folder
    /// the path of the key file, which may be empty.
    pub secret: Secret,
}

/// A shop or another receiver.
pub struct Connector(Which);

enum Which {
    WooCommerce(WooCommerce),
    Shopify(Shopify),
    Webhook(Webhook),
    FileDrop(FileDrop),
}

/// Checks an address as a person types it, and gives it as it is kept.
pub fn check_address(kind: ConnectionKind, text: &str) -> Result<String, String> {
    match kind {
        ConnectionKind::Sftp => Ok(DropAddress::parse(text)?.to_string()),
        _ => Ok(ShopAddress::parse(text)?.to_string()),
    }
}

/// Checks what opens an SFTP folder: the path of a key file, or nothing, where the user's SSH agent and configuration do.
pub fn check_sftp_key(text: &str) -> Result<(), String> {
    check_key_file(text)
}

impl Connector {
    /// Prepares to talk to a shop. Nothing is sent yet. `stop` ends what waits and what is on its way.
    pub fn new(
        kind: ConnectionKind,
        address: &str,
        keys: Keys,
        patience: Patience,
        stop: CancellationToken,
    ) -> Result<Self, ShopError> {
        let wrong = |words: String| ShopError::new(ShopErrorKind::NotAShop, words);
        let web = || Ok((ShopAddress::parse(address).map_err(wrong)?, Exchange::new(patience, stop.clone())?));
        let key = keys.key.unwrap_or_else(|| Secret::new(String::new()));
        Ok(Self(match kind {
            ConnectionKind::WooCommerce => {
                let (address, exchange) = web()?;
                Which::WooCommerce(WooCommerce::new(address, key, keys.secret, exchange))
            }
            ConnectionKind::Shopify => {
                let (address, exchange) = web()?;
                Which::Shopify(Shopify::new(address, keys.secret, exchange))
            }
            ConnectionKind::Webhook => {
                let (address, exchange) = web()?;
                Which::Webhook(Webhook::new(address, keys.secret, exchange))
            }
            ConnectionKind::Sftp => {
                let address = DropAddress::parse(address).map_err(wrong)?;
                check_key_file(keys.secret.reveal()).map_err(wrong)?;
                Which::FileDrop(FileDrop::new(address, &keys.secret, &patience, stop))
            }
        }))
    }

    /// With an SSH configuration in place of the user's own, for an SFTP folder.
    #[must_use]
    pub fn with_ssh_config(self, config: Option<&Path>) -> Self {
        match (self.0, config) {
            (Which::FileDrop(folder), Some(config)) => Self(Which::FileDrop(folder.with_ssh_config(config))),
            (which, _) => Self(which),
        }
    }

    /// Whether what the shop shows can be looked at.
    pub const fn can_be_read(&self) -> bool {
        !matches!(self.0, Which::Webhook(_) | Which::FileDrop(_))
    }

    /// Whether prices go there as a file, which the caller writes.
    pub const fn takes_files(&self) -> bool {
        matches!(self.0, Which::FileDrop(_))
    }

    /// Whether it answers, and what the key may do. Changes nothing.
    pub async fn test(&self) -> Result<ShopFacts, ShopError> {
        match &self.0 {
            Which::WooCommerce(shop) => shop.test().await,
            Which::Shopify(shop) => shop.test().await,
            Which::Webhook(receiver) => receiver.test().await,
            Which::FileDrop(folder) => folder.test().await,
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
            Which::Webhook(_) | Which::FileDrop(_) => Err(cannot_be_read()),
        }
    }

    /// What the shop shows for article numbers, in their order.
    pub async fn prices(&self, skus: &[String], currency: Currency) -> Result<Vec<Placed>, ShopError> {
        match &self.0 {
            Which::WooCommerce(shop) => shop.prices(skus, currency).await,
            Which::Shopify(shop) => shop.prices(skus, currency).await,
            Which::Webhook(_) | Which::FileDrop(_) => Err(cannot_be_read()),
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
            Which::Webhook(_) | Which::FileDrop(_) => Err(cannot_be_read()),
        }
    }

    /// Sends absolute prices. The same again changes nothing.
    pub async fn send_prices(&self, delivery: &Delivery, updates: &[PriceUpdate]) -> SendReport {
        match &self.0 {
            Which::WooCommerce(shop) => shop.send_prices(updates).await,
            Which::Shopify(shop) => shop.send_prices(updates).await,
            Which::Webhook(receiver) => receiver.send_prices(delivery, updates).await,
            Which::FileDrop(folder) => folder.send(delivery).await,
        }
    }
}

fn cannot_be_read() -> ShopError {
    ShopError::new(ShopErrorKind::NotPermitted, "A receiver of prices has no catalogue to read.")
}
