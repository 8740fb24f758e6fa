//! Shopify by its Admin GraphQL API.
//!
//! A request costs points by what it asks for; a shop has a bucket that refills by the second, and its answers say how
//! full it is. Prices of a product's variants are changed together, and each variant that is refused is named.

mod catalogue;
mod prices;

use std::sync::Mutex;
use std::time::Duration;

use pricing_domain::Currency;
use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use secret_store::Secret;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use url::Url;

use crate::address::ShopAddress;
use crate::error::{ShopError, ShopErrorKind};
use crate::exchange::{Answer, Exchange, Request};
use crate::views::ShopFacts;

/// The version of the API. Shopify keeps each for a year and answers with the oldest one it still has after that.
const VERSION: &str = "2026-01";
const TOKEN: HeaderName = HeaderName::from_static("x-shopify-access-token");

/// A shop with its token.
pub(crate) struct Shopify {
    address: ShopAddress,
    token: Secret,
    exchange: Exchange,
    bucket: Mutex<Option<Bucket>>,
}

/// How many points there were, and when.
#[derive(Clone, Copy)]
struct Bucket {
    available: f64,
    maximum: f64,
    a_second: f64,
    at: tokio::time::Instant,
}

#[derive(Deserialize)]
struct Envelope<T> {
    data: Option<T>,
    #[serde(default)]
    errors: Option<Value>,
    #[serde(default)]
    extensions: Option<Extensions>,
}

#[derive(Deserialize)]
struct Extensions {
    #[serde(default)]
    cost: Option<Cost>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Cost {
    #[serde(default)]
    requested_query_cost: f64,
    #[serde(default)]
    throttle_status: Option<ThrottleStatus>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ThrottleStatus {
    maximum_available: f64,
    currently_available: f64,
    restore_rate: f64,
}

/// One error of GraphQL.
struct Complaint {
    code: String,
    message: String,
    path: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireShop {
    shop: WireShopFacts,
    products_count: Option<WireCount>,
    current_app_installation: Option<WireInstallation>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireShopFacts {
    name: String,
    currency_code: String,
    taxes_included: bool,
}

#[derive(Deserialize)]
struct WireCount {
    count: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireInstallation {
    access_scopes: Vec<WireScope>,
}

#[derive(Deserialize)]
struct WireScope {
    handle: String,
}

const SHOP: &str = "{ shop { name currencyCode taxesIncluded } productsCount { count } \
                    currentAppInstallation { accessScopes { handle } } }";

impl Shopify {
    pub(crate) fn new(address: ShopAddress, token: Secret, exchange: Exchange) -> Self {
        Self { address, token, exchange, bucket: Mutex::new(None) }
    }

    /// What the shop says of itself, and what the token may do.
    pub(crate) async fn test(&self) -> Result<ShopFacts, ShopError> {
        let wire: WireShop = self.ask(SHOP, json!({}), 10.0).await?;
        let scopes: Vec<String> =
            wire.current_app_installation.into_iter().flat_map(|one| one.access_scopes).map(|one| one.handle).collect();
        let has = |scope: &str| scopes.iter().any(|one| one == scope);
        let may_write = has("write_products");
        let mut remarks = Vec::new();
        if !has("read_inventory") {
            remarks.push("Costs cannot be read: the token lacks the scope read_inventory.".to_owned());
        }
        let currency = Currency::new(&wire.shop.currency_code).map_err(|_| ShopError::unreadable("its currency"))?;
        Ok(ShopFacts {
            name: wire.shop.name,
            currency: Some(currency),
            prices_include_vat: Some(wire.shop.taxes_included),
            products: wire.products_count.map(|one| one.count),
            may_read: has("read_products") || may_write,
            may_write,
            vat_rates: Vec::new(),
            remarks,
        })
    }

    /// Asks, and waits first until the bucket has `points`.
    async fn ask<T: DeserializeOwned>(&self, query: &str, variables: Value, points: f64) -> Result<T, ShopError> {
        let (data, complaints) = self.ask_partly(query, variables, points).await?;
        match (data, complaints.first()) {
            (Some(data), None) => Ok(data),
            (_, Some(complaint)) => Err(refusal(complaint)),
            (None, None) => Err(ShopError::unreadable("no data")),
        }
    }

    /// Asks, and gives what came together with what was refused.
    async fn ask_partly<T: DeserializeOwned>(
        &self,
        query: &str,
        variables: Value,
        points: f64,
    ) -> Result<(Option<T>, Vec<Complaint>), ShopError> {
        let body = serde_json::to_vec(&json!({ "query": query, "variables": variables }))
            .map_err(|error| ShopError::unreadable(&error.to_string()))?;
        let mut attempt = 1;
        loop {
            self.save_up(points);
            let answer = self.post(body.clone()).await?;
            let envelope: Envelope<T> = taken(&answer)?;
            let complaints = complaints(envelope.errors.as_ref());
            let cost = envelope.extensions.and_then(|all| all.cost);
            let throttled = complaints.iter().any(|one| one.code == "THROTTLED");
            self.note(cost.as_ref());
            if !throttled {
                return Ok((envelope.data, complaints));
            }
            if attempt >= self.exchange.patience().attempts {
                return Err(ShopError::new(
                    ShopErrorKind::Busy,
                    "The shop has had enough requests for now. Other apps may be at work on it; try again later.",
                ));
            }
            let needed = cost.map_or(points, |cost| cost.requested_query_cost);
            self.exchange.hold(self.wait_for(needed).unwrap_or_else(|| self.exchange.patience().pause(attempt)));
            attempt += 1;
        }
    }

    /// Holds requests back until the bucket has refilled to `points`.
    fn save_up(&self, points: f64) {
        if let Some(wait) = self.wait_for(points).filter(|wait| !wait.is_zero()) {
            self.exchange.hold(wait);
        }
    }

    /// How long the bucket takes to have `points`; `None`: it is not known.
    fn wait_for(&self, points: f64) -> Option<Duration> {
        let bucket = (*self.bucket.lock().unwrap_or_else(std::sync::PoisonError::into_inner))?;
        let now = bucket.available + bucket.at.elapsed().as_secs_f64() * bucket.a_second;
        let missing = points.min(bucket.maximum) - now;
        if missing <= 0.0 {
            return Some(Duration::ZERO);
        }
        Duration::try_from_secs_f64(missing / bucket.a_second).ok()
    }

    fn note(&self, cost: Option<&Cost>) {
        let Some(status) = cost.and_then(|cost| cost.throttle_status.as_ref()) else { return };
        let mut bucket = self.bucket.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *bucket = Some(Bucket {
            available: status.currently_available,
            maximum: status.maximum_available,
            a_second: status.restore_rate,
            at: tokio::time::Instant::now(),
        });
    }

    async fn post(&self, body: Vec<u8>) -> Result<Answer, ShopError> {
        let url = self.address.below(&format!("admin/api/{VERSION}/graphql.json"));
        let headers = |_: &Method, _: &Url| {
            let mut token = HeaderValue::from_str(self.token.reveal()).map_err(|_| wrong_token())?;
            token.set_sensitive(true);
            Ok(HeaderMap::from_iter([(TOKEN, token)]))
        };
        self.exchange.send(&Request { method: Method::POST, url, body: Some(body), headers: &headers }).await
    }
}

fn taken<T: DeserializeOwned>(answer: &Answer) -> Result<Envelope<T>, ShopError> {
    match answer.status {
        200..=299 => answer.json(),
        401 => Err(wrong_token()),
        402 => Err(ShopError::new(ShopErrorKind::Refused, "The shop is frozen until its bill is paid.")),
        403 => Err(ShopError::new(
            ShopErrorKind::NotPermitted,
            "The token may not use the Admin API of this shop. Give the app the scopes read_products, write_products and \
             read_inventory, and install it again.",
        )),
        404 => Err(ShopError::new(
            ShopErrorKind::NotAShop,
            "There is no Shopify shop at this address. Write it like https://your-shop.myshopify.com.",
        )),
        status => Err(ShopError::new(ShopErrorKind::Refused, format!("The shop refused (HTTP {status})."))),
    }
}

fn wrong_token() -> ShopError {
    ShopError::new(
        ShopErrorKind::NotRecognised,
        "The shop does not know this access token. Copy the Admin API access token of your app (it begins with shpat_) \
         and enter it here.",
    )
}

/// Errors come as a list of objects, or as a text where the request did not get as far as GraphQL.
fn complaints(errors: Option<&Value>) -> Vec<Complaint> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    match errors {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(all)) => {
            let complaint = |one: &Value| Complaint {
                code: text(&one["extensions"]["code"]),
                message: text(&one["message"]),
                path: one["path"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(Value::as_str)
                    .collect::<Vec<_>>()
                    .join("."),
            };
            all.iter().map(complaint).collect()
        }
        Some(other) => {
            let message = other.as_str().map_or_else(|| other.to_string(), str::to_owned);
            vec![Complaint { code: String::new(), message, path: String::new() }]
        }
    }
}

fn refusal(complaint: &Complaint) -> ShopError {
    let said: String = complaint.message.chars().take(200).collect();
    match complaint.code.as_str() {
        "ACCESS_DENIED" => ShopError::new(
            ShopErrorKind::NotPermitted,
            format!(
                "The token may not do this ({said}). Give the app the scopes read_products, write_products and \
                 read_inventory, and install it again."
            ),
        ),
        "INTERNAL_SERVER_ERROR" => {
            ShopError::new(ShopErrorKind::Unreachable, format!("The shop failed: {said}. Try again later."))
        }
        _ => ShopError::new(ShopErrorKind::Refused, format!("The shop refused: {said}")),
    }
}
