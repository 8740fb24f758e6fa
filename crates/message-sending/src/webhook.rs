//! Webhooks signed as Standard Webhooks (standardwebhooks.com) says: the headers `webhook-id`, `webhook-timestamp` and
//! `webhook-signature: v1,BASE64(HMAC-SHA256(secret, "id.timestamp.body"))`, the secret written `whsec_BASE64`.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use url::{Host, Url};

use crate::SendError;

/// How long the other side may take.
const PATIENCE: Duration = Duration::from_secs(15);
const PREFIX: &str = "whsec_";
/// Bytes of a secret that is made here.
const SECRET_BYTES: usize = 24;

/// One call.
#[derive(Clone, Copy, Debug)]
pub struct WebhookCall<'a> {
    /// Where to.
    pub url: &'a str,
    /// `whsec_…`, which every call is signed with.
    pub secret: &'a str,
    /// The same message again has the same id.
    pub id: &'a str,
    /// Seconds since 1970, of this attempt.
    pub timestamp: i64,
    /// JSON.
    pub body: &'a str,
}

/// Checks an address: HTTPS, or HTTP to this machine; without user and password.
pub fn check_webhook(text: &str) -> Result<Url, SendError> {
    let refused = |words: &str| Err(SendError::Refused(words.to_owned()));
    let Ok(url) = Url::parse(text.trim()) else {
        return refused("Write the webhook's whole address, such as https://example.com/alerts.");
    };
    if !url.username().is_empty() || url.password().is_some() {
        return refused("A webhook's address has no user and password in it; calls are signed instead.");
    }
    let here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    match url.scheme() {
        "https" => Ok(url),
        "http" if here => Ok(url),
        _ => refused("A webhook's address begins with https://. Only this machine may be called without TLS."),
    }
}

/// A new secret.
pub fn new_webhook_secret() -> Result<String, SendError> {
    let mut bytes = [0u8; SECRET_BYTES];
    getrandom::fill(&mut bytes).map_err(|error| SendError::NotNow(format!("No random numbers: {error}")))?;
    Ok(format!("{PREFIX}{}", STANDARD.encode(bytes)))
}

/// The signature of a call, as its header has it.
pub fn sign(secret: &str, id: &str, timestamp: i64, body: &str) -> Result<String, SendError> {
    let refused = || SendError::Refused("The webhook's secret is written whsec_ and Base64.".to_owned());
    let key = STANDARD.decode(secret.trim().trim_start_matches(PREFIX)).map_err(|_| refused())?;
    Ok(signature(&key, id, timestamp, body.as_bytes()))
}

/// The signature of a message by a key of any length; `timestamp` in seconds since 1970.
pub fn signature(key: &[u8], id: &str, timestamp: i64, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length");
    mac.update(format!("{id}.{timestamp}.").as_bytes());
    mac.update(body);
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

/// Makes a call. Redirects are not followed: where alerts go was decided by a person.
pub async fn call_webhook(call: WebhookCall<'_>) -> Result<(), SendError> {
    let url = check_webhook(call.url)?;
    let place = url.host_str().unwrap_or_default().to_owned();
    let client = reqwest::Client::builder()
        .timeout(PATIENCE)
        .redirect(reqwest::redirect::Policy::none())
        .user_agent(concat!("OmniPriceX/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|error| SendError::NotNow(error.without_url().to_string()))?;
    let request = client
        .post(url)
        .header("content-type", "application/json")
        .header("webhook-id", call.id)
        .header("webhook-timestamp", call.timestamp.to_string())
        .header("webhook-signature", sign(call.secret, call.id, call.timestamp, call.body)?);
    let answer = request.body(call.body.to_owned()).send().await;
    // The address may carry a token of its own, so errors do without it.
    let answer = answer.map_err(|error| SendError::NotNow(format!("{place}: {}", error.without_url())))?;
    let status = answer.status();
    let words = || format!("{place} answered {status}");
    match status.as_u16() {
        200..=299 => Ok(()),
        408 | 425 | 429 | 500..=599 => Err(SendError::NotNow(words())),
        _ => Err(SendError::Refused(words())),
    }
}

#[cfg(test)]
mod tests {
    use super::{check_webhook, new_webhook_secret, sign};

    #[test]
    fn a_call_is_signed_as_the_specification_shows() {
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let signature = sign(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signature.expect("signed"), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        assert!(sign("whsec_!", "id", 0, "").is_err());
    }

    #[test]
    fn secrets_differ_and_can_sign() {
        let (one, other) = (new_webhook_secret().expect("a secret"), new_webhook_secret().expect("a secret"));
        assert_ne!(one, other);
        assert!(sign(&one, "id", 1, "{}").is_ok());
    }

    #[test]
    fn only_this_machine_is_called_without_tls() {
        for right in ["https://example.com/hook?x=1", "http://127.0.0.1:9/hook", "http://[::1]/", "http://localhost/"] {
            assert!(check_webhook(right).is_ok(), "{right}");
        }
        for wrong in ["http://example.com/", "ftp://example.com/", "example.com", "https://a:b@example.com/", ""] {
            assert!(check_webhook(wrong).is_err(), "{wrong}");
        }
    }
}
