//! Each origin's robots.txt, fetched once a day.

use std::sync::Arc;
use std::time::Duration;

use pricing_domain::Instant;
use reqwest::header::HeaderMap;
use url::Url;

use crate::origin_states::KeptRobots;
use crate::robots::{ROBOTS_LIMIT_BYTES, Robots};
use crate::rules::SiteRules;
use crate::transport::{Excess, Request, Transport};

const HOURS_KEPT: i64 = 24;
/// What could not be fetched is asked for again earlier.
const HOURS_KEPT_UNREACHABLE: i64 = 1;
/// RFC 9309 asks to follow at least five; beyond, the file counts as missing.
const REDIRECTS: usize = 5;

/// What an origin permits.
#[derive(Clone, Debug)]
pub(crate) enum Permission {
    /// As its robots.txt says; without one, everything.
    Rules(Arc<Robots>),
    /// Nothing: robots.txt cannot be reached (RFC 9309, 2.3.1.4).
    Unreachable(String),
}

/// A permission and until when it is believed.
#[derive(Clone, Debug)]
pub(crate) struct CachedRobots {
    permission: Permission,
    /// The file; none where there is none.
    text: Option<String>,
    read_at: Instant,
    until: Instant,
}

impl CachedRobots {
    pub(crate) fn kept(&self) -> KeptRobots {
        let unreachable = match &self.permission {
            Permission::Rules(_) => None,
            Permission::Unreachable(reason) => Some(reason.clone()),
        };
        KeptRobots { read_at: self.read_at, until: self.until, text: self.text.clone(), unreachable }
    }

    pub(crate) fn of_kept(kept: KeptRobots) -> Self {
        let KeptRobots { read_at, until, text, unreachable } = kept;
        let permission = match unreachable {
            Some(reason) => Permission::Unreachable(reason),
            None => Permission::Rules(Arc::new(Robots::parse(text.as_deref().unwrap_or_default().as_bytes()))),
        };
        Self { permission, text, read_at, until }
    }
}

/// The permission of an address's origin, fetched when it is not known or too old.
pub(crate) async fn permission(transport: &Transport, url: &Url, rules: &SiteRules) -> Permission {
    let origin = transport.settings.origins.of(url);
    let mut cached = origin.robots.lock().await;
    let now = (transport.now)();
    if let Some(known) = cached.as_ref().filter(|known| now < known.until) {
        return known.permission.clone();
    }
    let (permission, text) = match fetch(transport, url, rules).await {
        Ok(Some(body)) => {
            (Permission::Rules(Arc::new(Robots::parse(&body))), Some(String::from_utf8_lossy(&body).into_owned()))
        }
        Ok(None) => (Permission::Rules(Arc::default()), None),
        Err(reason) => (Permission::Unreachable(reason), None),
    };
    let hours = if matches!(permission, Permission::Rules(_)) { HOURS_KEPT } else { HOURS_KEPT_UNREACHABLE };
    let until = now.plus_hours(hours);
    *cached = Some(CachedRobots { permission: permission.clone(), text, read_at: now, until });
    origin.touch();
    permission
}

/// The file's bytes; `None` where there is none. An error where it cannot be reached.
async fn fetch(transport: &Transport, url: &Url, rules: &SiteRules) -> Result<Option<Vec<u8>>, String> {
    let Ok(mut address) = url.join("/robots.txt") else { return Ok(None) };
    for _ in 0..=REDIRECTS {
        let request = Request {
            page: false,
            url: &address,
            headers: HeaderMap::new(),
            rules,
            gap: transport.delay(rules),
            limit_bytes: ROBOTS_LIMIT_BYTES,
            excess: Excess::Cut,
        };
        let answer = transport.send_patiently(&request).await.0;
        let answer = answer.map_err(|problem| format!("robots.txt cannot be reached: {problem}"))?;
        match answer.status {
            200..=299 => return Ok(Some(answer.body.unwrap_or_default())),
            300..=399 => match answer.header("location").and_then(|place| address.join(&place).ok()) {
                Some(next) => address = next,
                None => return Ok(None),
            },
            429 | 500.. => return Err(format!("robots.txt cannot be reached: status {}", answer.status)),
            _ => return Ok(None),
        }
    }
    Ok(None)
}

/// The least gap between requests to an origin: ours, or the longer one it asks for.
pub(crate) fn gap(transport: &Transport, permission: &Permission, rules: &SiteRules) -> Duration {
    let asked = match permission {
        Permission::Rules(robots) => robots.crawl_delay(transport.settings.product_token()),
        Permission::Unreachable(_) => None,
    };
    transport.delay(rules).max(asked.unwrap_or_default())
}
