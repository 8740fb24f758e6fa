//! Signed messages to any receiver, as the specification “Standard Webhooks” has them.
//!
//! A message is JSON. Its headers are `webhook-id` (the same whenever the same prices are sent again, also as
//! `idempotency-key`), `webhook-timestamp` (seconds) and `webhook-signature` (`v1,` and the base64 of HMAC-SHA256 over
//! id, time and body, divided by dots). The receiver confirms with a status of 200 to 299; it may name prices it did not
//! take: `{"refused": [{"sku": "A1", "price_list": "DE", "reason": "unknown"}]}`.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use secret_store::Secret;
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use crate::address::ShopAddress;
use crate::error::{ShopError, ShopErrorKind};
use crate::exchange::{Answer, Exchange, Request};
use crate::views::{Delivery, PriceUpdate, SendReport, ShopFacts};

/// A receiver refuses messages whose time lies further off than this.
pub const SIGNATURE_TOLERANCE_SECONDS: u64 = 300;

/// A receiver with the secret that messages are signed by.
pub(crate) struct Webhook {
    address: ShopAddress,
    secret: Secret,
    exchange: Exchange,
}

#[derive(Default, Deserialize)]
struct Confirmation {
    #[serde(default)]
    refused: Vec<RefusedPrice>,
}

#[derive(Deserialize)]
struct RefusedPrice {
    sku: String,
    #[serde(default)]
    price_list: Option<String>,
    #[serde(default)]
    reason: String,
}

impl Webhook {
    pub(crate) fn new(address: ShopAddress, secret: Secret, exchange: Exchange) -> Self {
        Self { address, secret, exchange }
    }

    /// Sends a message without prices, to be signed and confirmed like any other.
    pub(crate) async fn test(&self) -> Result<ShopFacts, ShopError> {
        let id = format!("test-{:032x}", rand::random::<u128>());
        self.send(&id, &json!({ "type": "connection.test" })).await?;
        Ok(ShopFacts {
            name: self.address.url().host_str().unwrap_or_default().to_owned(),
            currency: None,
            prices_include_vat: None,
            products: None,
            may_read: false,
            vat_rates: Vec::new(),
            may_write: true,
            remarks: vec!["A receiver cannot be looked at: a price counts as there once it was confirmed.".to_owned()],
        })
    }

    /// Sends new prices in one message.
    pub(crate) async fn send_prices(&self, delivery: &Delivery, updates: &[PriceUpdate]) -> SendReport {
        let prices: Vec<Value> = updates.iter().map(price).collect();
        let message = json!({ "type": "prices.changed", "data": { "prices": prices } });
        match self.send(&delivery.id, &message).await {
            Ok(confirmation) => SendReport { refused: refused(&confirmation, updates), ..SendReport::default() },
            Err(error) => SendReport { broke_off: Some(error), ..SendReport::default() },
        }
    }

    async fn send(&self, id: &str, message: &Value) -> Result<Confirmation, ShopError> {
        let body = serde_json::to_vec(message).map_err(|error| ShopError::unreadable(&error.to_string()))?;
        let signed = body.clone();
        let headers = move |_: &Method, _: &Url| self.headers(id, &signed);
        let url = self.address.url().clone();
        let request = Request { method: Method::POST, url, body: Some(body), headers: &headers };
        let answer = self.exchange.send(&request).await?;
        confirmed(&answer)
    }

    /// A message that is sent again has the same id and a new time.
    fn headers(&self, id: &str, body: &[u8]) -> Result<HeaderMap, ShopError> {
        let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let signature = sign_message(self.secret.reveal(), id, seconds, body);
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("webhook-id", id.to_owned()),
            ("webhook-timestamp", seconds.to_string()),
            ("webhook-signature", signature),
            ("idempotency-key", id.to_owned()),
        ] {
            let value = HeaderValue::from_str(&value).map_err(|_| ShopError::unreadable("an id"))?;
            headers.insert(HeaderName::from_static(name), value);
        }
        Ok(headers)
    }
}

/// The signature of a message. A secret that begins with `whsec_` is base64, any other is taken as it is.
pub fn sign_message(secret: &str, id: &str, seconds: u64, body: &[u8]) -> String {
    let decoded = secret.strip_prefix("whsec_").and_then(|text| STANDARD.decode(text).ok());
    let key = decoded.unwrap_or_else(|| secret.as_bytes().to_vec());
    message_sending::signature(&key, id, i64::try_from(seconds).unwrap_or(i64::MAX), body)
}

fn price(update: &PriceUpdate) -> Value {
    json!({
        "sku": update.place.sku,
        "price_list": update.price_list,
        "price": update.new.amount_text(),
        "currency": update.new.currency.code(),
        "previous": update.old.map(|old| old.amount_text()),
    })
}

fn confirmed(answer: &Answer) -> Result<Confirmation, ShopError> {
    match answer.status {
        // What is no JSON confirms as well.
        200..=299 => Ok(serde_json::from_slice(&answer.body).unwrap_or_default()),
        401 | 403 => Err(ShopError::new(
            ShopErrorKind::NotRecognised,
            "The receiver did not accept the signature. Enter the same secret at both ends, and set both clocks.",
        )),
        404 | 410 => Err(ShopError::new(ShopErrorKind::NotAShop, "Nobody receives messages at this address.")),
        status => {
            Err(ShopError::new(ShopErrorKind::Refused, format!("The receiver refused the message (HTTP {status}).")))
        }
    }
}

fn refused(confirmation: &Confirmation, updates: &[PriceUpdate]) -> Vec<(usize, String)> {
    let reason_of = |update: &PriceUpdate| {
        let meant = |one: &&RefusedPrice| {
            one.sku == update.place.sku && one.price_list.as_ref().is_none_or(|list| *list == update.price_list)
        };
        let one = confirmation.refused.iter().find(meant)?;
        Some(if one.reason.is_empty() { "the receiver gave no reason".to_owned() } else { one.reason.clone() })
    };
    updates.iter().enumerate().filter_map(|(index, update)| Some((index, reason_of(update)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::sign_message;

    #[test]
    fn the_signature_is_that_of_the_specification() {
        // The example of the Standard Webhooks documentation.
        let signature = sign_message(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            br#"{"test": 2432232314}"#,
        );
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
