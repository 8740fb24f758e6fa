//! How politely and how long pages are fetched.

use std::time::Duration;

use url::Url;

use crate::origins::Origins;
use crate::proxies::ProxyServer;

/// Which addresses may be visited.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum AddressPolicy {
    /// Public ones only: no loopback, private, link-local or metadata address, by number or by name.
    #[default]
    PublicOnly,
    /// Also these origins (`http://127.0.0.1:47811`), wherever they are.
    AlsoOrigins(Vec<String>),
}

impl AddressPolicy {
    /// Whether the address belongs to an origin that was excepted by name.
    pub(crate) fn excepts(&self, url: &Url) -> bool {
        match self {
            Self::PublicOnly => false,
            Self::AlsoOrigins(origins) => {
                let wanted = url.origin().ascii_serialization();
                let is_it = |origin: &String| {
                    // Most are written as they are compared.
                    *origin == wanted || Url::parse(origin).is_ok_and(|excepted| excepted.origin() == url.origin())
                };
                origins.contains(&wanted) || origins.iter().any(is_it)
            }
        }
    }
}

/// The settings of a collection.
#[derive(Clone, Debug)]
pub struct CollectSettings {
    /// How the collector names itself; the part before the first `/` is matched with robots.txt.
    pub user_agent: String,
    /// Least gap between the end of a request and the next one to the same origin. A longer `Crawl-delay` wins.
    pub delay: Duration,
    /// Longest time for one request with its answer.
    pub timeout: Duration,
    /// Further attempts after a temporary failure.
    pub retries: u32,
    /// First wait before a further attempt; doubles with each, with jitter.
    pub backoff_base: Duration,
    /// Longest wait that a shop may ask for by `Retry-After` before its pages are given up for this collection.
    pub longest_wait: Duration,
    /// After so many blocked or unanswered visits in a row, an origin's other pages are left for the next collection.
    pub give_up_after: u32,
    /// How many origins are visited at a time.
    pub parallel_origins: usize,
    /// Which addresses may be visited.
    pub allow_private_addresses: AddressPolicy,
    /// Whether robots.txt is read and obeyed.
    pub respect_robots: bool,
    /// Longest page, after decompression.
    pub max_body_bytes: usize,
    /// Proxies for the sites whose rules say so.
    pub proxies: Vec<ProxyServer>,
    /// What is remembered of each origin. Share one between collections, so that two at a time stay polite together.
    pub origins: Origins,
}

impl Default for CollectSettings {
    fn default() -> Self {
        Self {
            user_agent: concat!("OmniPriceX/", env!("CARGO_PKG_VERSION")).to_owned(),
            delay: Duration::from_secs(1),
            timeout: Duration::from_secs(20),
            retries: 2,
            backoff_base: Duration::from_secs(1),
            longest_wait: Duration::from_secs(120),
            give_up_after: 5,
            parallel_origins: 256,
            allow_private_addresses: AddressPolicy::PublicOnly,
            respect_robots: true,
            max_body_bytes: 10 * 1024 * 1024,
            proxies: Vec::new(),
            origins: Origins::default(),
        }
    }
}

impl CollectSettings {
    /// The name that robots.txt files address: the user agent up to its first `/` or blank.
    pub(crate) fn product_token(&self) -> &str {
        self.user_agent.split(['/', ' ']).next().unwrap_or_default()
    }
}
