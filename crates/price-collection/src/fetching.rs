//! Fetches one target: robots.txt, redirects hop by hop, retries.

use std::time::Duration;

use pricing_domain::{Instant, ReadState};
use reqwest::header::{HeaderMap, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH};
use url::Url;

use crate::observations::Target;
use crate::robots_cache::{Permission, gap, permission};
use crate::transport::{Answer, Excess, Request, SendError, Transport};

const REDIRECTS: usize = 10;

/// How a visit ended.
pub(crate) struct Visit {
    /// The last address.
    pub(crate) url: String,
    pub(crate) attempts: u32,
    pub(crate) outcome: Result<Answer, NoAnswer>,
}

/// Why a visit brought no page.
#[derive(Debug)]
pub(crate) struct NoAnswer {
    pub(crate) state: ReadState,
    pub(crate) reason: String,
    pub(crate) at: Instant,
    /// The shop did not answer at all, whatever the page.
    pub(crate) silent: bool,
}

impl Visit {
    /// Whether the shop does not answer, or refuses us: then its other pages will hardly fare better.
    pub(crate) fn trouble(&self) -> Option<ReadState> {
        match &self.outcome {
            Ok(answer) if matches!(answer.status, 401 | 403 | 429 | 503) => Some(ReadState::Blocked),
            Err(problem) if problem.silent => Some(ReadState::Unreachable),
            Ok(_) | Err(_) => None,
        }
    }

    /// Whether the shop answered with a page, so that only reading it tells what it is.
    pub(crate) fn is_in_good_order(&self) -> bool {
        self.outcome.as_ref().is_ok_and(|answer| matches!(answer.status, 200..=299 | 304 | 404 | 410))
    }

    /// A target that was not visited because of trouble with those before it.
    pub(crate) fn given_up(url: String, state: ReadState, after: u32, at: Instant) -> Self {
        let what = if state == ReadState::Blocked { "blocked" } else { "did not answer" };
        let reason = format!("the shop {what} {after} times in a row; this page is left for the next collection");
        Self { url, attempts: 0, outcome: Err(NoAnswer { state, reason, at, silent: false }) }
    }
}

/// Visits a target.
pub(crate) async fn visit(transport: &Transport, target: &Target) -> Visit {
    let mut visit = Visit {
        url: target.url.clone(),
        attempts: 0,
        outcome: Err(no_answer(transport, ReadState::Unreachable, format!("more than {REDIRECTS} redirects"))),
    };
    let mut url = match Url::parse(target.url.trim()) {
        Ok(url) => url,
        Err(problem) => {
            visit.outcome = Err(no_answer(transport, ReadState::Unreachable, format!("not an address: {problem}")));
            return visit;
        }
    };
    let mut headers = conditions(target);
    for _ in 0..=REDIRECTS {
        url.set_fragment(None);
        visit.url = url.to_string();
        let answer = match hop(transport, &url, std::mem::take(&mut headers), &mut visit.attempts).await {
            Ok(answer) => answer,
            Err(problem) => {
                visit.outcome = Err(problem);
                return visit;
            }
        };
        match redirect(&answer, &url) {
            Some(next) => url = next,
            None => {
                visit.outcome = Ok(answer);
                return visit;
            }
        }
    }
    visit
}

async fn hop(transport: &Transport, url: &Url, headers: HeaderMap, attempts: &mut u32) -> Result<Answer, NoAnswer> {
    let gap = permitted_gap(transport, url).await?;
    let limit_bytes = transport.settings.max_body_bytes;
    let request = Request { url, headers, gap, limit_bytes, excess: Excess::Refuse };
    let (answer, sent) = transport.send_patiently(&request).await;
    *attempts += sent;
    answer.map_err(|problem| {
        let (state, silent) = match problem {
            SendError::AskedToWait(_) => (ReadState::Blocked, false),
            SendError::Address(_) => (ReadState::Unreachable, false),
            SendError::Timeout(_) | SendError::Network(_) => (ReadState::Unreachable, true),
        };
        NoAnswer { silent, ..no_answer(transport, state, problem.to_string()) }
    })
}

/// Asks robots.txt, and gives the gap to keep.
async fn permitted_gap(transport: &Transport, url: &Url) -> Result<Duration, NoAnswer> {
    if !transport.settings.respect_robots {
        return Ok(transport.settings.delay);
    }
    let excepted = transport.settings.allow_private_addresses.excepts(url);
    crate::addresses::check(url, excepted)
        .map_err(|refused| no_answer(transport, ReadState::Unreachable, refused.to_string()))?;
    let permission = permission(transport, url).await;
    match &permission {
        Permission::Unreachable(reason) => {
            let reason = format!("{reason}; until it answers, nothing may be fetched there");
            Err(no_answer(transport, ReadState::Disallowed, reason))
        }
        Permission::Rules(robots) => {
            let verdict = robots.allowed(transport.settings.product_token(), url.as_str());
            if verdict.allowed {
                return Ok(gap(transport, &permission));
            }
            let rule = verdict.rule.unwrap_or_default();
            Err(no_answer(transport, ReadState::Disallowed, format!("robots.txt forbids it: {rule}")))
        }
    }
}

fn no_answer(transport: &Transport, state: ReadState, reason: String) -> NoAnswer {
    NoAnswer { state, reason, at: (transport.now)(), silent: false }
}

fn redirect(answer: &Answer, from: &Url) -> Option<Url> {
    if !matches!(answer.status, 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    from.join(&answer.header("location")?).ok()
}

/// Asks for the page only if it changed.
fn conditions(target: &Target) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let pairs = [(IF_NONE_MATCH, &target.etag), (IF_MODIFIED_SINCE, &target.last_modified)];
    for (name, value) in pairs {
        if let Some(value) = value.as_deref().and_then(|value| HeaderValue::from_str(value).ok()) {
            headers.insert(name, value);
        }
    }
    headers
}
