//! A receiver of signed messages, by “Standard Webhooks”: it checks signature and time, and takes an id once.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

use axum::Json;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use base64::Engine as _;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::TakenPrice;
use crate::door::Door;

/// A message that was taken.
#[derive(Clone, Debug, PartialEq)]
pub struct TakenMessage {
    /// Its id.
    pub id: String,
    /// What it says.
    pub body: Value,
}

#[derive(Default)]
struct Desk {
    ids: HashSet<String>,
    messages: Vec<TakenMessage>,
    refused: HashSet<String>,
}

/// A receiver.
pub struct Receiver {
    /// Where requests come in.
    pub door: Door,
    desk: Arc<Mutex<Desk>>,
}

impl Receiver {
    /// The secret that messages are signed by.
    pub const SECRET: &'static str = "whsec_c2lnbmVkLWJ5LW5vYm9keS1lbHNl";

    /// Opens a receiver.
    pub async fn open() -> Self {
        let desk = Arc::new(Mutex::new(Desk::default()));
        let routes = Router::new().route("/prices", post(take)).with_state(desk.clone());
        Self { door: Door::open(routes).await, desk }
    }

    /// Where messages go.
    pub fn address(&self) -> String {
        format!("{}/prices", self.door.address())
    }

    /// Refuses prices of an article.
    pub fn refuse(&self, sku: &str) {
        self.desk.lock().unwrap().refused.insert(sku.to_owned());
    }

    /// Messages taken, each id once.
    pub fn messages(&self) -> Vec<TakenMessage> {
        self.desk.lock().unwrap().messages.clone()
    }

    /// Prices taken, in order.
    pub fn taken(&self) -> Vec<TakenPrice> {
        let desk = self.desk.lock().unwrap();
        let prices =
            desk.messages.iter().flat_map(|one| one.body["data"]["prices"].as_array().cloned().unwrap_or_default());
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        prices
            .map(|price| TakenPrice { sku: text(&price["sku"]), price: text(&price["price"]) })
            .filter(|price| !desk.refused.contains(&price.sku))
            .collect()
    }
}

async fn take(State(desk): State<Arc<Mutex<Desk>>>, headers: HeaderMap, body: Bytes) -> Response {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let (id, sent) = (text("webhook-id"), text("webhook-timestamp"));
    let key = base64::engine::general_purpose::STANDARD.decode(Receiver::SECRET.trim_start_matches("whsec_")).unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
    mac.update(id.as_bytes());
    mac.update(b".");
    mac.update(sent.as_bytes());
    mac.update(b".");
    mac.update(&body);
    let signature = base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes());
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let fresh = sent.parse::<u64>().is_ok_and(|sent| sent.abs_diff(now) <= 300);
    if text("webhook-signature") != format!("v1,{signature}") || !fresh || id.is_empty() {
        return (StatusCode::UNAUTHORIZED, "{}").into_response();
    }
    if text("idempotency-key") != id {
        return (StatusCode::BAD_REQUEST, "{}").into_response();
    }
    let body: Value = serde_json::from_slice(&body).unwrap();
    let mut desk = desk.lock().unwrap();
    let prices = body["data"]["prices"].as_array().cloned().unwrap_or_default();
    let refused: Vec<Value> = prices
        .iter()
        .filter(|price| desk.refused.contains(price["sku"].as_str().unwrap_or_default()))
        .map(|price| json!({ "sku": price["sku"], "reason": "not sold here" }))
        .collect();
    if desk.ids.insert(id.clone()) && !prices.is_empty() {
        desk.messages.push(TakenMessage { id, body });
    }
    Json(json!({ "refused": refused })).into_response()
}
