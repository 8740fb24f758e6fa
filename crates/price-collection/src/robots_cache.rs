//! Each origin's robots.txt, fetched once a day.

use std::sync::Arc;
use std::time::Duration;

use pricing_domain::Instant;
use reqwest::header::HeaderMap;
use url::Url;

use crate::robots::{ROBOTS_LIMIT_BYTES, Robots};
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
    until: Instant,
}

/// The permission of an address's origin, fetched when it is not known or too old.
pub(crate) async fn permission(transport: &Transport, url: &Url) -> Permission {
    let origin = transport.settings.origins.of(url);
    let mut cached = origin.robots.lock().await;
    let now = (transport.now)();
    if let Some(known) = cached.as_ref().filter(|known| now < known.until) {
        return known.permission.clone();
    }
    let permission = fetch(transport, url).await;
    let hours = if matches!(permission, Permission::Rules(_)) { HOURS_KEPT } else { HOURS_KEPT_UNREACHABLE };
    *cached = Some(CachedRobots { permission: permission.clone(), until: now.plus_hours(hours) });
    permission
}

async fn fetch(transport: &Transport, url: &Url) -> Permission {
    let everything = || Permission::Rules(Arc::default());
    let Ok(mut address) = url.join("/robots.txt") else { return everything() };
    for _ in 0..=REDIRECTS {
        let request = Request {
            url: &address,
            headers: HeaderMap::new(),
            gap: transport.settings.delay,
            limit_bytes: ROBOTS_LIMIT_BYTES,
            excess: Excess::Cut,
        };
        let answer = match transport.send_patiently(&request).await.0 {
            Ok(answer) => answer,
            Err(problem) => return Permission::Unreachable(format!("robots.txt cannot be reached: {problem}")),
        };
        match answer.status {
            200..=299 => return Permission::Rules(Arc::new(Robots::parse(&answer.body.unwrap_or_default()))),
            300..=399 => match answer.header("location").and_then(|place| address.join(&place).ok()) {
                Some(next) => address = next,
                None => return everything(),
            },
            429 | 500.. => {
                return Permission::Unreachable(format!("robots.txt cannot be reached: status {}", answer.status));
            }
            _ => return everything(),
        }
    }
    everything()
}

/// The least gap between requests to an origin: ours, or the longer one it asks for.
pub(crate) fn gap(transport: &Transport, permission: &Permission) -> Duration {
    let asked = match permission {
        Permission::Rules(robots) => robots.crawl_delay(transport.settings.product_token()),
        Permission::Unreachable(_) => None,
    };
    transport.settings.delay.max(asked.unwrap_or_default())
}
