//! OAuth 1.0a as WooCommerce checks it over HTTP: the key, the time within 15 minutes, a nonce that was not used, and the
//! signature. Basic authentication is for HTTPS alone.

use std::collections::{BTreeMap, HashSet};
use std::time::{SystemTime, UNIX_EPOCH};

use axum::extract::Request;
use base64::Engine as _;
use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use sha2::Sha256;

const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
const TOLERANCE_SECONDS: u64 = 15 * 60;

pub(super) fn check(
    request: &Request,
    key: &str,
    secret: &str,
    nonces: &mut HashSet<String>,
) -> Result<(), &'static str> {
    let header = request.headers().get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let Some(fields) = header.strip_prefix("OAuth ") else {
        return Err("Sorry, you cannot list resources.");
    };
    let mut parameters: BTreeMap<String, String> = BTreeMap::new();
    for field in fields.split(',') {
        let (name, value) = field.trim().split_once('=').ok_or("oauth parameter is missing")?;
        parameters.insert(decoded(name), decoded(value.trim_matches('"')));
    }
    let signature = parameters.remove("oauth_signature").ok_or("oauth_signature parameter is missing")?;
    let find = |name: &str| parameters.get(name).cloned().ok_or("oauth parameter is missing");
    if find("oauth_consumer_key")? != key {
        return Err("Consumer key is invalid.");
    }
    if find("oauth_signature_method")? != "HMAC-SHA256" {
        return Err("Invalid signature - signature method is invalid.");
    }
    let (nonce, sent) = (find("oauth_nonce")?, find("oauth_timestamp")?);
    let query = url::form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes());
    parameters.extend(query.map(|(name, value)| (name.into_owned(), value.into_owned())));
    let joined: Vec<String> =
        parameters.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
    let host = request.headers()["host"].to_str().map_err(|_| "no host")?;
    let place = format!("http://{host}{}", request.uri().path());
    let base = format!("{}&{}&{}", request.method(), encoded(&place), encoded(&joined.join("&")));
    let mut mac = Hmac::<Sha256>::new_from_slice(format!("{secret}&").as_bytes()).map_err(|_| "no secret")?;
    mac.update(base.as_bytes());
    if base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes()) != signature {
        return Err("Invalid signature - provided signature does not match.");
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    if sent.parse::<u64>().map_err(|_| "Invalid timestamp.")?.abs_diff(now) > TOLERANCE_SECONDS {
        return Err("Invalid timestamp.");
    }
    if !nonces.insert(nonce) {
        return Err("Invalid nonce - nonce has already been used.");
    }
    Ok(())
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}
