//! One request and its answer: retried while that is sensible, never redirected, with a limit to what is read.

use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue, USER_AGENT};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, Response};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::error::{ShopError, ShopErrorKind};
use crate::patience::{Patience, is_temporary, retry_after};

/// A page of 100 products with long descriptions is far below it.
const MOST_BYTES: usize = 32 * 1024 * 1024;

/// What a shop answered.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The body as a document of JSON.
    pub(crate) fn json<T: serde::de::DeserializeOwned>(&self) -> Result<T, ShopError> {
        serde_json::from_slice(&self.body).map_err(|error| {
            let begins_as_page = self.body.trim_ascii_start().starts_with(b"<");
            if begins_as_page {
                ShopError::new(
                    ShopErrorKind::NotAShop,
                    "The address answers with a web page instead of data. Check the address, and that nothing (a \
                     firewall, a login page, maintenance) stands before the shop.",
                )
            } else {
                ShopError::unreadable(&error.to_string())
            }
        })
    }
}

/// A request that may be sent several times. `headers` are made anew for each attempt, since signatures have a time.
pub(crate) struct Request<'a> {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) body: Option<Vec<u8>>,
    pub(crate) headers: &'a (dyn Fn(&Method, &Url) -> Result<HeaderMap, ShopError> + Send + Sync),
}

/// Sends requests one after another.
pub(crate) struct Exchange {
    client: Client,
    patience: Patience,
    stop: CancellationToken,
    /// Nothing is sent before this.
    not_before: Mutex<Option<tokio::time::Instant>>,
}

impl Exchange {
    pub(crate) fn new(patience: Patience, stop: CancellationToken) -> Result<Self, ShopError> {
        let mut always = HeaderMap::new();
        always.insert(USER_AGENT, HeaderValue::from_static(concat!("OmniPriceX/", env!("CARGO_PKG_VERSION"))));
        always.insert(ACCEPT, HeaderValue::from_static("application/json"));
        // A redirect could lead a key to another host, so none is followed.
        let client = Client::builder()
            .redirect(Policy::none())
            .timeout(patience.timeout)
            .default_headers(always)
            .build()
            .map_err(ShopError::of_network)?;
        Ok(Self { client, patience, stop, not_before: Mutex::new(None) })
    }

    pub(crate) fn patience(&self) -> &Patience {
        &self.patience
    }

    /// Sends nothing for a while.
    pub(crate) fn hold(&self, wait: Duration) {
        let until = tokio::time::Instant::now() + wait;
        let mut held = self.not_before.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *held = Some(held.map_or(until, |before| before.max(until)));
    }

    /// Waits, unless it is asked to stop.
    async fn wait(&self) -> Result<(), ShopError> {
        let until = *self.not_before.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if self.stop.is_cancelled() {
            return Err(ShopError::stopped());
        }
        let Some(until) = until else { return Ok(()) };
        tokio::select! {
            () = tokio::time::sleep_until(until) => Ok(()),
            () = self.stop.cancelled() => Err(ShopError::stopped()),
        }
    }

    /// Sends a request, again after failures that pass. An answer that is no success is given as it is.
    pub(crate) async fn send(&self, request: &Request<'_>) -> Result<Answer, ShopError> {
        let mut attempt = 1;
        loop {
            self.wait().await?;
            let outcome = self.once(request).await;
            let asked = match &outcome {
                Ok(answer) if is_temporary(answer.status) => {
                    answer.header("retry-after").and_then(|value| retry_after(value, SystemTime::now()))
                }
                Ok(_) => return outcome,
                Err(error) if error.is_temporary() => None,
                Err(_) => return outcome,
            };
            let too_long = asked.is_some_and(|wait| wait > self.patience.longest_pause);
            if attempt >= self.patience.attempts || too_long {
                return match outcome {
                    Ok(answer) => Err(busy(answer.status, asked)),
                    Err(error) => Err(error),
                };
            }
            self.hold(asked.unwrap_or_else(|| self.patience.pause(attempt)));
            attempt += 1;
        }
    }

    async fn once(&self, request: &Request<'_>) -> Result<Answer, ShopError> {
        let headers = (request.headers)(&request.method, &request.url)?;
        let mut builder = self.client.request(request.method.clone(), request.url.clone()).headers(headers);
        if let Some(body) = &request.body {
            builder = builder.header(CONTENT_TYPE, "application/json").body(body.clone());
        }
        let response = builder.send().await.map_err(ShopError::of_network)?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        if response.status().is_redirection() {
            return Err(redirected(&response));
        }
        Ok(Answer { status, headers, body: read(response).await? })
    }
}

async fn read(mut response: Response) -> Result<Vec<u8>, ShopError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(ShopError::of_network)? {
        if body.len() + chunk.len() > MOST_BYTES {
            return Err(ShopError::unreadable("it is larger than 32 MB"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn redirected(response: &Response) -> ShopError {
    let target = response.headers().get("location").and_then(|value| value.to_str().ok());
    let place =
        target.and_then(|target| response.url().join(target).ok()).map(|url| url.origin().ascii_serialization());
    let hint = place.map_or_else(String::new, |place| format!(" to {place}"));
    ShopError::new(
        ShopErrorKind::NotAShop,
        format!("The address leads on{hint}. Keys are not sent along; enter the address it leads to, if it is yours."),
    )
}

fn busy(status: u16, asked: Option<Duration>) -> ShopError {
    let when = asked.map_or_else(
        || "Try again later".to_owned(),
        |wait| format!("It asks to come back in {} seconds", wait.as_secs().max(1)),
    );
    let what = if status == 429 { "has had enough requests for now" } else { "is out of order for now" };
    ShopError::new(ShopErrorKind::Busy, format!("The shop {what} (HTTP {status}). {when}."))
}
