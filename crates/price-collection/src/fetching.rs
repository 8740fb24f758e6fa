//! Fetches one target: robots.txt, redirects hop by hop, retries.

use std::time::Duration;

use pricing_domain::{Instant, ReadState};
use reqwest::header::HeaderMap;
use url::Url;

use crate::caching::{self, Before};
use crate::observations::Target;
use crate::robots_cache::{Permission, gap, permission};
use crate::rules::{Rendering, RobotsUse, Shortcut, SiteRules};
use crate::transport::{Answer, Excess, Request, SendError, Transport};

const REDIRECTS: usize = 10;

/// How a visit ended.
#[derive(Clone)]
pub(crate) struct Visit {
    /// The last address.
    pub(crate) url: String,
    pub(crate) attempts: u32,
    /// The page was not asked for and stays due.
    pub(crate) postponed: bool,
    /// For the next visit.
    pub(crate) cache_policy: Option<String>,
    pub(crate) outcome: Result<Answer, NoAnswer>,
}

/// Why a visit brought no page.
#[derive(Clone, Debug)]
pub(crate) struct NoAnswer {
    pub(crate) state: ReadState,
    pub(crate) reason: String,
    pub(crate) at: Instant,
    /// The shop did not answer at all, whatever the page.
    pub(crate) silent: bool,
    /// The shop may not be asked yet: the page stays due.
    pub(crate) not_yet: bool,
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

    /// The same answer for another target of the same [`resource`], where it can be read for that one too.
    pub(crate) fn again_for(&self, target: &Target) -> Option<Self> {
        let answer = self.outcome.as_ref().ok().filter(|answer| answer.status == 200 && answer.body.is_some())?;
        let url = match shorter_way(target) {
            // The page itself was read instead: it shows one variant only.
            Some(shorter) if Url::parse(&self.url).ok()?.path() != shorter.path() => return None,
            Some(shorter) => shorter.into(),
            None => self.url.clone(),
        };
        let (cache_policy, outcome) = (self.cache_policy.clone(), Ok(answer.clone()));
        Some(Self { url, attempts: 0, postponed: false, cache_policy, outcome })
    }

    /// A target that was not visited because of trouble with those before it.
    pub(crate) fn given_up(url: String, state: ReadState, after: u32, at: Instant) -> Self {
        let what = if state == ReadState::Blocked { "blocked" } else { "did not answer" };
        let reason = format!("the shop {what} {after} times in a row; this page is left for the next collection");
        Self::postponed(url, state, reason, at)
    }

    /// A target that is left for a later collection.
    pub(crate) fn postponed(url: String, state: ReadState, reason: String, at: Instant) -> Self {
        let outcome = Err(NoAnswer { state, reason, at, silent: false, not_yet: true });
        Self { url, attempts: 0, postponed: true, cache_policy: None, outcome }
    }
}

/// Visits a target, by the shorter way where there is one; where that does not answer, the page itself.
pub(crate) async fn visit(transport: &Transport, target: &Target) -> Visit {
    if let Some(url) = shorter_way(target) {
        let shorter = Target { url: url.into(), ..target.clone() };
        let visited = visit_address(transport, &shorter, Kind::Data).await;
        if visited.outcome.as_ref().is_ok_and(|answer| matches!(answer.status, 200 | 304)) {
            return visited;
        }
    }
    visit_address(transport, target, Kind::Page).await
}

/// What stands at an address.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A page for people, which may need a browser.
    Page,
    /// Something for programs.
    Data,
}

/// What is fetched for a target: one thing for addresses that differ after `#` only, and for all variants of a product by
/// the shorter way.
pub(crate) fn resource(target: &Target) -> Option<Url> {
    let mut url = match shorter_way(target) {
        Some(mut shorter) => {
            shorter.set_query(None);
            shorter
        }
        None => Url::parse(target.url.trim()).ok()?,
    };
    url.set_fragment(None);
    Some(url)
}

fn shorter_way(target: &Target) -> Option<Url> {
    if target.rules.shortcut != Shortcut::ShopifyProduct || target.hints.currency.is_none() {
        return None;
    }
    price_extraction::shopify_product_json(&Url::parse(target.url.trim()).ok()?)
}

/// Fetches something for programs: no browser, no shorter way.
pub(crate) async fn visit_data(transport: &Transport, target: &Target) -> Visit {
    visit_address(transport, target, Kind::Data).await
}

async fn visit_address(transport: &Transport, target: &Target, kind: Kind) -> Visit {
    let mut visit = Visit {
        url: target.url.clone(),
        attempts: 0,
        postponed: false,
        cache_policy: None,
        outcome: Err(no_answer(transport, ReadState::Unreachable, format!("more than {REDIRECTS} redirects"))),
    };
    let mut url = match Url::parse(target.url.trim()) {
        Ok(url) => url,
        Err(problem) => {
            visit.outcome = Err(no_answer(transport, ReadState::Unreachable, format!("not an address: {problem}")));
            return visit;
        }
    };
    url.set_fragment(None);
    let own = transport.headers(&target.rules);
    let mut conditions = HeaderMap::new();
    let rendered = kind == Kind::Page && target.rules.rendering == Rendering::Browser;
    if let Some(policy) = target.cache_policy.as_ref().filter(|_| !rendered) {
        match caching::before(policy, &url, &own, (transport.now)()) {
            Before::Fresh => {
                visit.cache_policy = Some(policy.clone());
                visit.outcome = Ok(Answer::still_fresh((transport.now)()));
                return visit;
            }
            Before::Ask(headers) => conditions = headers,
        }
    }
    for hops in 0..=REDIRECTS {
        url.set_fragment(None);
        visit.url = url.to_string();
        let headers = std::mem::take(&mut conditions);
        let answer = match hop(transport, &url, kind, &target.rules, headers, &mut visit.attempts).await {
            Ok(answer) => answer,
            Err(problem) => {
                visit.postponed = problem.not_yet;
                visit.outcome = Err(problem);
                return visit;
            }
        };
        match redirect(&answer, &url) {
            Some(next) => url = next,
            None => {
                // A policy is for one address; where redirects lead may change.
                if hops == 0 && !rendered && matches!(answer.status, 200 | 304) {
                    let (kept, at) = (target.cache_policy.as_deref(), (transport.now)());
                    visit.cache_policy = caching::after(kept, &url, &own, (answer.status, &answer.headers), at);
                }
                visit.outcome = end_of_rendering(transport, &mut visit.url, &target.rules, answer).await;
                return visit;
            }
        }
    }
    visit
}

/// Where a browser was led by itself, robots.txt is asked afterwards: what it forbids is not read.
async fn end_of_rendering(
    transport: &Transport,
    address: &mut String,
    rules: &SiteRules,
    answer: Answer,
) -> Result<Answer, NoAnswer> {
    let Some(mut led_to) = answer.led_to.clone() else { return Ok(answer) };
    led_to.set_fragment(None);
    if led_to.as_str() != address {
        *address = led_to.to_string();
        permitted_gap(transport, &led_to, rules).await?;
    }
    Ok(answer)
}

async fn hop(
    transport: &Transport,
    url: &Url,
    kind: Kind,
    rules: &SiteRules,
    headers: HeaderMap,
    attempts: &mut u32,
) -> Result<Answer, NoAnswer> {
    let gap = permitted_gap(transport, url, rules).await?;
    let limit_bytes = transport.settings.max_body_bytes;
    let page = kind == Kind::Page;
    let request = Request { url, page, headers, rules, gap, limit_bytes, excess: Excess::Refuse };
    let (answer, sent) = transport.send_patiently(&request).await;
    *attempts += sent;
    answer.map_err(|problem| {
        if let SendError::AskedToWait(_) = problem {
            let reason = format!("{problem}; this page is left for the next collection");
            return NoAnswer { not_yet: true, ..no_answer(transport, ReadState::Unreachable, reason) };
        }
        let (state, silent) = match problem {
            SendError::Address(_) | SendError::NoProxy | SendError::Browser(_) | SendError::AskedToWait(_) => {
                (ReadState::Unreachable, false)
            }
            SendError::Timeout(_) | SendError::Network(_) | SendError::ProxyRefused => (ReadState::Unreachable, true),
        };
        NoAnswer { silent, ..no_answer(transport, state, problem.to_string()) }
    })
}

/// Asks robots.txt, and gives the gap to keep.
async fn permitted_gap(transport: &Transport, url: &Url, rules: &SiteRules) -> Result<Duration, NoAnswer> {
    if !transport.settings.respect_robots || rules.robots == RobotsUse::OwnSite {
        return Ok(transport.delay(rules));
    }
    let excepted = transport.settings.allow_private_addresses.excepts(url);
    crate::addresses::check(url, excepted)
        .map_err(|refused| no_answer(transport, ReadState::Unreachable, refused.to_string()))?;
    let permission = permission(transport, url, rules).await;
    match &permission {
        Permission::Unreachable(reason) => {
            let reason = format!("{reason}; until it answers, nothing may be fetched there, and this page stays due");
            Err(NoAnswer { not_yet: true, ..no_answer(transport, ReadState::Unreachable, reason) })
        }
        Permission::Rules(robots) => {
            let verdict = robots.allowed(transport.settings.product_token(), url.as_str());
            if verdict.allowed {
                return Ok(gap(transport, &permission, rules));
            }
            let rule = verdict.rule.unwrap_or_default();
            Err(no_answer(transport, ReadState::Disallowed, format!("robots.txt forbids it: {rule}")))
        }
    }
}

fn no_answer(transport: &Transport, state: ReadState, reason: String) -> NoAnswer {
    NoAnswer { state, reason, at: (transport.now)(), silent: false, not_yet: false }
}

fn redirect(answer: &Answer, from: &Url) -> Option<Url> {
    if !matches!(answer.status, 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    from.join(&answer.header("location")?).ok()
}
