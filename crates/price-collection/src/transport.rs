//! Sends one request when it is its origin's turn, and reads the answer within limits of time and length.

use std::error::Error;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use cookie_store::RawCookie;
use pricing_domain::Instant;
use reqwest::header::{COOKIE, HeaderMap, HeaderValue, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use url::Url;

use crate::addresses::{self, AddressRefused, PublicResolver};
use crate::origins::{AskedToWait, Origin};
use crate::pace;
use crate::proxies::Proxies;
use crate::rendering::{self, RenderError, Renderer};
use crate::retries::{backoff, is_temporary, retry_after};
use crate::rules::{Rendering, Route, SiteRules};
use crate::settings::CollectSettings;

/// The time, given by the caller.
pub(crate) type Now = Arc<dyn Fn() -> Instant + Send + Sync>;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SendError {
    #[error("{0}")]
    Address(#[from] AddressRefused),
    #[error("this shop is to be fetched through a proxy, and none is set; add one, or fetch it directly")]
    NoProxy,
    #[error("the proxy asks for a user and password; write them into its address, http://user:password@host:port")]
    ProxyRefused,
    #[error("the shop asked to come back in {0} seconds")]
    AskedToWait(u64),
    #[error("no answer within {0} seconds")]
    Timeout(f64),
    #[error("{0}")]
    Network(String),
    #[error("{0}")]
    Browser(RenderError),
}

impl From<RenderError> for SendError {
    fn from(problem: RenderError) -> Self {
        match problem {
            RenderError::Slow(seconds) => Self::Timeout(seconds),
            RenderError::Load(_) => Self::Network(problem.to_string()),
            RenderError::NoBrowser | RenderError::Start(_) => Self::Browser(problem),
        }
    }
}

impl From<AskedToWait> for SendError {
    fn from(asked: AskedToWait) -> Self {
        Self::AskedToWait(asked.seconds)
    }
}

impl SendError {
    const fn is_temporary(&self) -> bool {
        matches!(self, Self::Timeout(_) | Self::Network(_) | Self::ProxyRefused)
    }
}

/// What to do with a body longer than the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Excess {
    /// Keep what came until then.
    Cut,
    /// Keep nothing.
    Refuse,
}

/// One request.
pub(crate) struct Request<'a> {
    pub(crate) url: &'a Url,
    /// It is a page for people, no robots.txt or data.
    pub(crate) page: bool,
    /// Beside those of the site's profile.
    pub(crate) headers: HeaderMap,
    pub(crate) rules: &'a SiteRules,
    /// Least gap to the next request to this origin.
    pub(crate) gap: Duration,
    pub(crate) limit_bytes: usize,
    pub(crate) excess: Excess,
}

impl Request<'_> {
    /// Whether the browser loads it: pages of sites that need it, and not what stands beside them.
    fn renders(&self) -> bool {
        self.page && self.rules.rendering == Rendering::Browser
    }
}

/// An answer. No body: it was longer than the limit.
#[derive(Clone)]
pub(crate) struct Answer {
    /// Where a rendered page led in the end; redirects of others are followed by the caller.
    pub(crate) led_to: Option<Url>,
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Vec<u8>>,
    pub(crate) sent_at: Instant,
    pub(crate) elapsed: Duration,
}

impl Answer {
    /// What stands for a page that the shop declared to hold: as if it had said now that it did not change.
    pub(crate) fn still_fresh(now: Instant) -> Self {
        Self { led_to: None, status: 304, headers: HeaderMap::new(), body: None, sent_at: now, elapsed: Duration::ZERO }
    }

    /// A header as text.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        self.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
    }
}

/// The clients of a collection.
pub(crate) struct Transport {
    pub(crate) settings: CollectSettings,
    pub(crate) now: Now,
    guarded: Client,
    unguarded: Client,
    proxies: Proxies,
    renderer: Renderer,
}

impl Transport {
    pub(crate) fn new(settings: CollectSettings, now: Now) -> reqwest::Result<Self> {
        let guarded = client().dns_resolver(PublicResolver).build()?;
        let unguarded = client().build()?;
        let proxies = Proxies::new(&settings.proxies, client)?;
        let renderer = Renderer::new(settings.allow_private_addresses.clone());
        Ok(Self { settings, now, guarded, unguarded, proxies, renderer })
    }

    /// The gap that a site's rules ask for.
    pub(crate) fn delay(&self, rules: &SiteRules) -> Duration {
        rules.delay.unwrap_or(self.settings.delay)
    }

    /// The headers that a site sees.
    pub(crate) fn headers(&self, rules: &SiteRules) -> HeaderMap {
        rules.headers.of(&self.settings.user_agent)
    }

    /// Sends a request, again after temporary failures. Also returns how many were sent.
    pub(crate) async fn send_patiently(&self, request: &Request<'_>) -> (Result<Answer, SendError>, u32) {
        let origin = self.settings.origins.of(request.url);
        let mut attempt = 0;
        loop {
            let answer = self.send(request).await;
            let asked = match &answer {
                Ok(answer) if is_temporary(answer.status) => {
                    answer.header("retry-after").and_then(|value| retry_after(&value, (self.now)()))
                }
                Err(problem) if problem.is_temporary() => None,
                Ok(_) => return (answer, attempt + 1),
                Err(_) => return (answer, attempt),
            };
            if let Some(wait) = asked {
                origin.pause_for(wait);
            }
            if attempt >= self.settings.retries || asked.is_some_and(|wait| wait > self.settings.longest_wait) {
                return (answer, attempt + 1);
            }
            if asked.is_none() {
                origin.pause_for(backoff(self.settings.backoff_base, attempt, self.settings.longest_wait));
            }
            attempt += 1;
        }
    }

    async fn send(&self, request: &Request<'_>) -> Result<Answer, SendError> {
        let excepted = self.settings.allow_private_addresses.excepts(request.url);
        addresses::check(request.url, excepted)?;
        let renders = request.renders();
        let origin = self.settings.origins.of(request.url);
        let mut turn = origin.turn(request.gap, self.settings.longest_wait).await?;
        let (proxy, client) = match request.rules.route {
            Route::Direct => (None, if excepted { &self.unguarded } else { &self.guarded }),
            Route::Proxies => {
                if !excepted {
                    addresses::check_resolved(request.url).await?;
                }
                let (place, client) = self.proxies.pick(origin.proxy()).ok_or(SendError::NoProxy)?;
                origin.keep_proxy(place);
                (Some(place), client)
            }
        };
        origin.sending((self.now)());
        let answer =
            if renders { self.render(request).await } else { self.exchange_in_time(client, request, &origin).await };
        let answer = match answer {
            Ok(answer) if proxy.is_some() && answer.status == PROXY_ASKS_WHO => Err(SendError::ProxyRefused),
            answer => answer,
        };
        if let (Err(problem), Some(place)) = (&answer, proxy)
            && problem.is_temporary()
        {
            self.proxies.failed(place);
        }
        if let Ok(answer) = &answer {
            origin.answered(answer.elapsed);
            if matches!(answer.status, 403 | 429 | 503) {
                origin.refused();
            }
        }
        turn.set_gap(origin.gap(request.gap, pace::step(request.gap, self.settings.backoff_base)));
        answer
    }

    async fn exchange_in_time(
        &self,
        client: &Client,
        request: &Request<'_>,
        origin: &Origin,
    ) -> Result<Answer, SendError> {
        let timeout = self.settings.timeout;
        match tokio::time::timeout(timeout, self.exchange(client, request, origin)).await {
            Ok(answer) => answer,
            Err(_) => Err(SendError::Timeout(timeout.as_secs_f64())),
        }
    }

    /// Lets the browser load a page. Its own cookies and cache serve it, so nothing of an earlier answer is sent along.
    async fn render(&self, request: &Request<'_>) -> Result<Answer, SendError> {
        let (sent_at, clock) = ((self.now)(), tokio::time::Instant::now());
        let timeout = self.settings.timeout;
        let headers = self.headers(request.rules);
        let rendering = self.renderer.render(request.url, &headers, timeout);
        let rendered = tokio::time::timeout(timeout + rendering::START, rendering)
            .await
            .map_err(|_| SendError::Timeout(timeout.as_secs_f64()))??;
        let body = Some(rendered.html.into_bytes()).filter(|body| body.len() <= request.limit_bytes);
        let (status, headers) = (rendered.status, rendered.headers);
        Ok(Answer { led_to: Some(rendered.url), status, headers, body, sent_at, elapsed: clock.elapsed() })
    }

    async fn exchange(&self, client: &Client, request: &Request<'_>, origin: &Origin) -> Result<Answer, SendError> {
        let sent_at = (self.now)();
        let mut wanted = self.headers(request.rules);
        wanted.extend(request.headers.clone());
        wanted.extend(cookie_header(origin, request.url));
        let clock = tokio::time::Instant::now();
        let sending = client.get(request.url.clone()).headers(wanted).send();
        let response = sending.await.map_err(|problem| send_error(&problem))?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        keep_cookies(origin, request.url, &headers);
        let body = read_body(response, request.limit_bytes, request.excess).await.map_err(|it| send_error(&it))?;
        Ok(Answer { led_to: None, status, headers, body, sent_at, elapsed: clock.elapsed() })
    }
}

/// The answer of a proxy that wants a user and password, or others.
const PROXY_ASKS_WHO: u16 = 407;

/// A connection that nobody uses is closed after this, so that many hosts do not use up what the system allows.
const IDLE: Duration = Duration::from_secs(5);

/// Redirects are followed by hand, so that each hop is checked; cookies are kept by origin, so that no shop sees another's.
fn client() -> reqwest::ClientBuilder {
    Client::builder().redirect(Policy::none()).no_proxy().pool_max_idle_per_host(1).pool_idle_timeout(IDLE)
}

/// The cookies that the origin set before.
fn cookie_header(origin: &Origin, url: &Url) -> Option<(reqwest::header::HeaderName, HeaderValue)> {
    let jar = origin.cookies.lock().unwrap_or_else(PoisonError::into_inner);
    let pairs: Vec<String> = jar.get_request_values(url).map(|(name, value)| format!("{name}={value}")).collect();
    let value = HeaderValue::from_str(&pairs.join("; ")).ok().filter(|_| !pairs.is_empty())?;
    Some((COOKIE, value))
}

fn keep_cookies(origin: &Origin, url: &Url, headers: &HeaderMap) {
    let set = headers.get_all(SET_COOKIE).iter().filter_map(|value| value.to_str().ok());
    let cookies: Vec<_> = set.filter_map(|text| RawCookie::parse(text.to_owned()).ok()).collect();
    if !cookies.is_empty() {
        origin.cookies.lock().unwrap_or_else(PoisonError::into_inner).store_response_cookies(cookies.into_iter(), url);
        origin.touch();
    }
}

/// Reads until the end or the limit; what decompression makes of it is counted, so that no bomb unfolds.
async fn read_body(mut response: Response, limit: usize, excess: Excess) -> reqwest::Result<Option<Vec<u8>>> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        let room = limit - body.len();
        if chunk.len() > room {
            body.extend_from_slice(&chunk[..room]);
            return Ok((excess == Excess::Cut).then_some(body));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Some(body))
}

/// Finds the reason at the bottom of a chain of errors.
pub(crate) fn send_error(problem: &reqwest::Error) -> SendError {
    let mut cause: &(dyn Error + 'static) = problem;
    while let Some(deeper) = cause.source() {
        cause = deeper;
        if let Some(refused) = cause.downcast_ref::<AddressRefused>() {
            return SendError::Address(refused.clone());
        }
    }
    let part = if problem.is_connect() {
        "no connection"
    } else if problem.is_decode() || problem.is_body() {
        "the answer broke off or cannot be decoded"
    } else {
        "the request failed"
    };
    SendError::Network(format!("{part}: {cause}"))
}
