//! WooCommerce by its REST API, version 3.
//!
//! Keys go as basic authentication over HTTPS; over plain HTTP, which is taken on this machine alone, WooCommerce accepts
//! only requests signed by OAuth 1.0a. A batch has at most 100 objects; variations are changed by their product. A batch
//! answers with success and an error at each object that was refused.

mod catalogue;
mod oauth;
mod prices;
mod taxes;

use pricing_domain::Currency;
use reqwest::Method;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use secret_store::Secret;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use url::Url;

use crate::address::ShopAddress;
use crate::error::{ShopError, ShopErrorKind};
use crate::exchange::{Answer, Exchange, Request};
use crate::views::ShopFacts;

/// Objects of a page and of a batch.
const AT_ONCE: usize = 100;

/// A shop with its key.
pub(crate) struct WooCommerce {
    address: ShopAddress,
    key: Secret,
    secret: Secret,
    exchange: Exchange,
}

/// An error as WordPress writes it.
#[derive(Deserialize)]
struct WireError {
    #[serde(default)]
    code: String,
    #[serde(default)]
    message: String,
}

#[derive(Deserialize)]
struct Setting {
    value: serde_json::Value,
}

impl WooCommerce {
    pub(crate) fn new(address: ShopAddress, key: Secret, secret: Secret, exchange: Exchange) -> Self {
        Self { address, key, secret, exchange }
    }

    /// What the shop says of itself, and what the key may do. An empty batch changes nothing and is refused to a key
    /// that may only read.
    pub(crate) async fn test(&self) -> Result<ShopFacts, ShopError> {
        let url = self.url("products", &[("per_page", "1"), ("_fields", "id")]);
        let answer = self.send(Method::GET, url, None).await?;
        let products = answer.header("x-wp-total").and_then(|total| total.parse().ok());
        let _: Vec<serde_json::Value> = self.taken(&answer)?;
        let (currency, prices_include_vat) = self.money_settings().await?;
        let empty = serde_json::json!({ "update": [] });
        let may_write = match self.write::<serde_json::Value>("products/batch", &empty).await {
            Ok(_) => true,
            Err(error) if matches!(error.kind, ShopErrorKind::NotPermitted | ShopErrorKind::NotRecognised) => false,
            Err(error) => return Err(error),
        };
        // Margins need them, and nothing else does: a shop that keeps them to itself is as good.
        let vat_rates = match prices_include_vat {
            Some(_) => match self.vat_rates().await {
                Err(error) if error.kind == ShopErrorKind::Stopped => return Err(error),
                told => told.unwrap_or_default(),
            },
            None => Vec::new(),
        };
        let name = self.address.url().host_str().unwrap_or_default().to_owned();
        Ok(ShopFacts {
            name,
            currency: Some(currency),
            prices_include_vat,
            products,
            may_read: true,
            may_write,
            vat_rates,
            remarks: Vec::new(),
        })
    }

    /// The shop's currency, and whether its prices contain VAT (`None`: it charges none).
    async fn money_settings(&self) -> Result<(Currency, Option<bool>), ShopError> {
        let code = self.setting("settings/general/woocommerce_currency").await?;
        let currency = Currency::new(&code).map_err(|_| ShopError::unreadable("its currency"))?;
        let charges = self.setting("settings/general/woocommerce_calc_taxes").await? == "yes";
        let includes = self.setting("settings/tax/woocommerce_prices_include_tax").await? == "yes";
        Ok((currency, charges.then_some(includes)))
    }

    async fn setting(&self, path: &str) -> Result<String, ShopError> {
        let setting: Setting = match self.read(self.url(path, &[])).await {
            Err(error) if error.kind == ShopErrorKind::NotPermitted => {
                return Err(ShopError::new(
                    error.kind,
                    "The key may not read the shop's currency and tax settings. Make a key for a user who is shop \
                     manager or administrator.",
                ));
            }
            other => other?,
        };
        Ok(setting.value.as_str().unwrap_or_default().to_owned())
    }

    fn url(&self, path: &str, query: &[(&str, &str)]) -> Url {
        let mut url = self.address.below(&format!("wp-json/wc/v3/{path}"));
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        url
    }

    async fn read<T: DeserializeOwned>(&self, url: Url) -> Result<T, ShopError> {
        let answer = self.send(Method::GET, url, None).await?;
        self.taken(&answer)
    }

    async fn write<T: DeserializeOwned>(&self, path: &str, body: &serde_json::Value) -> Result<T, ShopError> {
        let body = serde_json::to_vec(body).map_err(|error| ShopError::unreadable(&error.to_string()))?;
        let answer = self.send(Method::POST, self.url(path, &[]), Some(body)).await?;
        self.taken(&answer)
    }

    async fn send(&self, method: Method, url: Url, body: Option<Vec<u8>>) -> Result<Answer, ShopError> {
        let headers = |method: &Method, url: &Url| self.headers(method, url);
        self.exchange.send(&Request { method, url, body, headers: &headers }).await
    }

    fn headers(&self, method: &Method, url: &Url) -> Result<HeaderMap, ShopError> {
        let (key, secret) = (self.key.reveal(), self.secret.reveal());
        let text = if self.address.is_encrypted() {
            use base64::Engine as _;
            let pair = format!("{key}:{secret}");
            format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(pair))
        } else {
            oauth::authorization(method.as_str(), url, key, secret)
        };
        let mut value = HeaderValue::from_str(&text).map_err(|_| wrong_key())?;
        value.set_sensitive(true);
        Ok(HeaderMap::from_iter([(AUTHORIZATION, value)]))
    }

    /// The answer's document, or why there is none.
    fn taken<T: DeserializeOwned>(&self, answer: &Answer) -> Result<T, ShopError> {
        if answer.is_success() {
            return answer.json();
        }
        let wire: Option<WireError> = serde_json::from_slice(&answer.body).ok();
        let (code, said) = wire.map_or_else(Default::default, |wire| (wire.code, plain(&wire.message)));
        Err(match answer.status {
            401 if code.contains("cannot_") => not_permitted(&said),
            401 if said.contains("permission") => not_permitted(&said),
            401 => wrong_key(),
            403 => not_permitted(&said),
            404 if code == "rest_no_route" || code.is_empty() => ShopError::new(
                ShopErrorKind::NotAShop,
                "There is no WooCommerce REST API at this address. Check the address, and that permalinks are not \
                 “Plain” in the shop's settings.",
            ),
            413 => ShopError::new(ShopErrorKind::Refused, "The shop takes fewer prices at once."),
            status => {
                ShopError::new(ShopErrorKind::Refused, format!("The shop refused (HTTP {status}): {}", or_none(&said)))
            }
        })
    }
}

fn wrong_key() -> ShopError {
    ShopError::new(
        ShopErrorKind::NotRecognised,
        "The shop does not know this consumer key and secret. Make a new pair under WooCommerce → Settings → Advanced → \
         REST API and enter it here.",
    )
}

fn not_permitted(said: &str) -> ShopError {
    ShopError::new(
        ShopErrorKind::NotPermitted,
        format!("The key may not do this ({}). Give it the permission “Read/Write” in the shop.", or_none(said)),
    )
}

fn or_none(said: &str) -> &str {
    if said.is_empty() { "no reason given" } else { said }
}

/// A message of the shop on one line, without markup and shortened.
fn plain(message: &str) -> String {
    const LONGEST: usize = 200;
    let mut text = String::new();
    let mut within = false;
    for letter in message.chars().take(LONGEST * 2) {
        match letter {
            '<' => within = true,
            '>' => within = false,
            _ if within => {}
            letter if letter.is_control() => text.push(' '),
            letter => text.push(letter),
        }
    }
    text.trim().chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use secret_store::Secret;
    use tokio_util::sync::CancellationToken;

    use super::{WooCommerce, plain};
    use crate::address::ShopAddress;
    use crate::exchange::Exchange;
    use crate::patience::Patience;

    fn shop(address: &str) -> WooCommerce {
        let exchange = Exchange::new(Patience::default(), CancellationToken::new()).expect("a client");
        let address = ShopAddress::parse(address).expect("an address");
        WooCommerce::new(address, Secret::new("ck_1".into()), Secret::new("cs_2".into()), exchange)
    }

    fn authorization(address: &str) -> String {
        let shop = shop(address);
        let headers = shop.headers(&reqwest::Method::GET, &shop.url("products", &[("page", "2")])).expect("headers");
        assert!(!format!("{headers:?}").contains("ck_1"), "headers do not show the key");
        headers["authorization"].to_str().expect("text").to_owned()
    }

    #[test]
    fn keys_are_basic_over_https_and_signed_over_http() {
        assert_eq!(authorization("https://shop.example"), "Basic Y2tfMTpjc18y");
        let signed = authorization("http://127.0.0.1:1");
        assert!(signed.starts_with("OAuth ") && signed.contains("oauth_consumer_key=\"ck_1\""), "{signed}");
        assert!(!signed.contains("cs_2"), "the secret only signs: {signed}");
    }

    #[test]
    fn messages_of_a_shop_are_plain_text() {
        assert_eq!(plain("<strong>Invalid</strong>\n<script>x</script> SKU."), "Invalid x SKU.");
    }
}
