//! HTTP caching (RFC 9111): a page that the shop declares fresh is not asked for, a stored one is asked for only if it
//! changed. What is kept is the policy, not the page: the reading of the page stands in the workspace.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http_cache_semantics::{AfterResponse, BeforeRequest, CacheOptions, CachePolicy};
use pricing_domain::Instant;
use reqwest::header::{HeaderMap, IF_MODIFIED_SINCE, IF_NONE_MATCH};
use url::Url;

/// A private cache that guesses nothing: only what the shop says makes a page fresh.
const OPTIONS: CacheOptions = CacheOptions {
    shared: false,
    cache_heuristic: 0.0,
    immutable_min_time_to_live: Duration::ZERO,
    ignore_cargo_cult: false,
};

/// What a kept policy says before a request.
pub(crate) enum Before {
    /// The page holds; there is nothing to ask.
    Fresh,
    /// Ask with these headers besides.
    Ask(HeaderMap),
}

/// What a kept policy says of an address asked for with `headers`. A policy that cannot be read is none.
pub(crate) fn before(policy: &str, url: &Url, headers: &HeaderMap, now: Instant) -> Before {
    let nothing = Before::Ask(HeaderMap::new());
    let Some(request) = request(url, headers) else { return nothing };
    let Ok(policy) = serde_json::from_str::<CachePolicy>(policy) else { return nothing };
    match policy.before_request(&request, system_time(now)) {
        BeforeRequest::Fresh(_) => Before::Fresh,
        BeforeRequest::Stale { request, matches } => {
            let mut conditions = HeaderMap::new();
            for name in [IF_NONE_MATCH, IF_MODIFIED_SINCE] {
                if let Some(value) = request.headers.get(&name).filter(|_| matches) {
                    conditions.insert(name, value.clone());
                }
            }
            Before::Ask(conditions)
        }
    }
}

/// What a policy has become by an answer; `None`: nothing may be kept.
pub(crate) fn after(
    kept: Option<&str>,
    url: &Url,
    headers: &HeaderMap,
    (status, answered): (u16, &HeaderMap),
    now: Instant,
) -> Option<String> {
    let request = request(url, headers)?;
    let mut response = http::Response::builder().status(status).body(()).ok()?;
    *response.headers_mut() = answered.clone();
    let policy = if status == 304 {
        let kept: CachePolicy = serde_json::from_str(kept?).ok()?;
        match kept.after_response(&request, &response, system_time(now)) {
            AfterResponse::NotModified(policy, _) | AfterResponse::Modified(policy, _) => policy,
        }
    } else {
        CachePolicy::new_options(&request, &response, system_time(now), OPTIONS)
    };
    // Without a validator and without a time, the policy could never spare anything.
    let useful = !policy.is_stale(system_time(now))
        || answered.contains_key("etag")
        || answered.contains_key("last-modified")
        || status == 304;
    (policy.is_storable() && useful).then(|| serde_json::to_string(&policy).ok()).flatten()
}

fn request(url: &Url, headers: &HeaderMap) -> Option<http::Request<()>> {
    let mut request = http::Request::get(url.as_str()).body(()).ok()?;
    *request.headers_mut() = headers.clone();
    Some(request)
}

fn system_time(now: Instant) -> SystemTime {
    UNIX_EPOCH + Duration::from_micros(u64::try_from(now.0).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use pricing_domain::Instant;
    use reqwest::header::{HeaderMap, HeaderValue};
    use url::Url;

    use super::{Before, after, before};

    const NOON: Instant = Instant(1_780_000_000_000_000);

    fn answered(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().expect("a name"), HeaderValue::from_static(value))).collect()
    }

    fn url() -> Url {
        Url::parse("https://shop.example/a").expect("an address")
    }

    fn kept(pairs: &[(&'static str, &'static str)]) -> Option<String> {
        after(None, &url(), &HeaderMap::new(), (200, &answered(pairs)), NOON)
    }

    fn later(policy: &str, seconds: i64) -> Before {
        before(policy, &url(), &HeaderMap::new(), Instant(NOON.0 + seconds * 1_000_000))
    }

    #[test]
    fn a_page_is_fresh_as_long_as_the_shop_says() {
        let policy = kept(&[("cache-control", "max-age=600"), ("etag", "\"v1\"")]).expect("kept");
        assert!(matches!(later(&policy, 500), Before::Fresh));
        let Before::Ask(headers) = later(&policy, 700) else { panic!("stale after ten minutes") };
        assert_eq!(headers["if-none-match"], "\"v1\"");
        let renewed = after(
            Some(&policy),
            &url(),
            &HeaderMap::new(),
            (304, &answered(&[("cache-control", "max-age=600"), ("etag", "\"v1\"")])),
            NOON.plus_hours(1),
        );
        let renewed = renewed.expect("kept on");
        assert!(matches!(later(&renewed, 3_600 + 500), Before::Fresh));
    }

    #[test]
    fn without_a_word_about_time_the_shop_is_asked_whether_it_changed() {
        let policy = kept(&[("last-modified", "Sun, 06 Nov 1994 08:49:37 GMT")]).expect("kept");
        let Before::Ask(headers) = later(&policy, 1) else { panic!("nothing is guessed") };
        assert_eq!(headers["if-modified-since"], "Sun, 06 Nov 1994 08:49:37 GMT");
    }

    #[test]
    fn what_must_not_or_cannot_be_kept_is_not() {
        assert_eq!(kept(&[("cache-control", "no-store"), ("etag", "\"v1\"")]), None);
        assert_eq!(kept(&[("content-type", "text/html")]), None);
        assert!(matches!(later("no policy", 1), Before::Ask(headers) if headers.is_empty()));
    }
}
