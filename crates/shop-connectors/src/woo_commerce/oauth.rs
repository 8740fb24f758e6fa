//! OAuth 1.0a with one leg (RFC 5849), as WooCommerce demands it where the connection is not encrypted.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use rand::Rng;
use sha2::Sha256;
use url::Url;

/// Everything but the unreserved characters of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The header of a request, with a fresh nonce and the time.
pub(super) fn authorization(method: &str, url: &Url, key: &str, secret: &str) -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let nonce: u128 = rand::rng().random();
    header(method, url, (key, secret), seconds, &format!("{nonce:032x}"))
}

fn header(method: &str, url: &Url, (key, secret): (&str, &str), seconds: u64, nonce: &str) -> String {
    let timestamp = seconds.to_string();
    let own = [
        ("oauth_consumer_key", key),
        ("oauth_nonce", nonce),
        ("oauth_signature_method", "HMAC-SHA256"),
        ("oauth_timestamp", timestamp.as_str()),
    ];
    let signature = signature(&base_string(method, url, &own), secret);
    let mut parts: Vec<String> = own.iter().map(|(name, value)| format!("{name}=\"{}\"", encoded(value))).collect();
    parts.push(format!("oauth_signature=\"{}\"", encoded(&signature)));
    format!("OAuth {}", parts.join(", "))
}

/// The method, the address without its query, and all parameters in order (RFC 5849, 3.4.1).
fn base_string(method: &str, url: &Url, own: &[(&str, &str)]) -> String {
    let mut plain = url.clone();
    plain.set_query(None);
    let query = url.query_pairs().map(|(name, value)| (encoded(&name), encoded(&value)));
    let mut all: Vec<(String, String)> =
        query.chain(own.iter().map(|(name, value)| (encoded(name), encoded(value)))).collect();
    all.sort();
    let parameters: Vec<String> = all.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    format!("{method}&{}&{}", encoded(plain.as_str()), encoded(&parameters.join("&")))
}

fn signature(base: &str, secret: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(format!("{secret}&").as_bytes()).expect("a key of any length");
    mac.update(base.as_bytes());
    base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes())
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::base_string;

    #[test]
    fn the_base_string_is_that_of_the_standard() {
        // The example of RFC 5849, 3.4.1.1, without what only a form's body has.
        let url = Url::parse("http://example.com/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b").expect("an address");
        let own = [
            ("oauth_consumer_key", "9djdj82h48djs9d2"),
            ("oauth_token", "kkk9d7dh3k39sjv7"),
            ("oauth_signature_method", "HMAC-SHA1"),
            ("oauth_timestamp", "137131201"),
            ("oauth_nonce", "7d8f3e4a"),
        ];
        assert_eq!(
            base_string("POST", &url, &own),
            "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26\
             oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26\
             oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7"
        );
    }
}
