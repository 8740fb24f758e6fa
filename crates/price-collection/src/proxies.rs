//! Proxies: one at a time for each origin, another one when it fails, and none that failed a moment ago.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use reqwest::{Client, ClientBuilder, Proxy};
use tokio::time::Instant;
use url::Url;

/// A proxy that failed is not asked again for so long.
const REST: Duration = Duration::from_secs(60);

/// The proxies of a collection, in the order of the settings.
pub(crate) struct Proxies(Vec<Route>);

struct Route {
    client: Client,
    resting_until: Mutex<Option<Instant>>,
}

/// Why a proxy's address cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "“{0}” is no proxy; write http://host:port, https://host:port or socks5://host:port, with user:password@ before the host where it asks for them"
)]
pub struct ProxyRefused(String);

/// A proxy's address with its user, and apart from it the password, which nothing prints.
#[derive(Clone, PartialEq, Eq)]
pub struct ProxyServer {
    address: Url,
    password: Option<String>,
}

impl ProxyServer {
    /// Reads an address; a password in it is kept apart.
    ///
    /// # Errors
    /// When it is no address of a proxy.
    pub fn parse(text: &str) -> Result<Self, ProxyRefused> {
        let refused = || {
            // What was typed may hold a password.
            let end = text.rsplit_once('@').map_or(text, |(_, end)| end);
            ProxyRefused(end.trim().to_owned())
        };
        let mut address = Url::parse(text.trim()).map_err(|_| refused())?;
        if !matches!(address.scheme(), "http" | "https" | "socks5") || address.host_str().is_none_or(str::is_empty) {
            return Err(refused());
        }
        let plain = |word: &str| percent_encoding::percent_decode_str(word).decode_utf8_lossy().into_owned();
        let password = address.password().map(plain);
        address.set_password(None).map_err(|()| refused())?;
        Ok(Self { address, password })
    }

    /// The address as it may be shown and stored: with the user, without the password.
    #[must_use]
    pub fn address(&self) -> &str {
        self.address.as_str().trim_end_matches('/')
    }

    /// Whether the address names a user.
    #[must_use]
    pub fn has_user(&self) -> bool {
        !self.address.username().is_empty()
    }

    /// The password that stood in the address.
    #[must_use]
    pub fn password(&self) -> Option<&str> {
        self.password.as_deref()
    }

    /// The same proxy with a password.
    #[must_use]
    pub fn with_password(mut self, password: String) -> Self {
        self.password = Some(password);
        self
    }

    fn route(&self) -> reqwest::Result<Proxy> {
        let mut address = self.address.clone();
        if self.password.is_some() {
            // Cannot fail: the address has a host.
            let _ = address.set_password(self.password());
        }
        Proxy::all(address.as_str())
    }
}

impl fmt::Debug for ProxyServer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.address())
    }
}

impl Proxies {
    pub(crate) fn new(servers: &[ProxyServer], client: impl Fn() -> ClientBuilder) -> reqwest::Result<Self> {
        let route = |server: &ProxyServer| {
            // The names of shops are resolved and checked here, not there.
            let client = client().proxy(server.route()?).build()?;
            Ok(Route { client, resting_until: Mutex::new(None) })
        };
        servers.iter().map(route).collect::<reqwest::Result<_>>().map(Self)
    }

    /// The proxy for an origin that used the one at `place` last, and its place. None: there are no proxies.
    pub(crate) fn pick(&self, place: usize) -> Option<(usize, &Client)> {
        let count = self.0.len();
        let places = (0..count).map(|step| (place + step) % count);
        let rested = places.clone().find(|place| self.0[*place].is_rested());
        let place = rested.or_else(|| places.clone().next())?;
        Some((place, &self.0[place].client))
    }

    /// Notes that a proxy failed.
    pub(crate) fn failed(&self, place: usize) {
        *self.0[place].resting_until.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now() + REST);
    }
}

impl Route {
    fn is_rested(&self) -> bool {
        self.resting_until.lock().unwrap_or_else(PoisonError::into_inner).is_none_or(|until| until <= Instant::now())
    }
}

#[cfg(test)]
mod tests {
    use super::{Proxies, ProxyServer};

    #[test]
    fn proxies_are_named_by_their_address_and_never_by_their_password() {
        for good in
            ["http://proxy.example:3128", "https://proxy.example", "socks5://10.0.0.1:1080", "http://me@a.example"]
        {
            assert_eq!(ProxyServer::parse(good).expect(good).address(), good);
        }
        let proxy = ProxyServer::parse(" http://me:s%40cret@proxy.example:3128/ ").expect("a proxy");
        assert_eq!((proxy.address(), proxy.password()), ("http://me@proxy.example:3128", Some("s@cret")));
        assert_eq!(format!("{proxy:?}"), "http://me@proxy.example:3128");
        for bad in ["proxy.example:3128", "ftp://me:secret@proxy.example", ""] {
            let refused = ProxyServer::parse(bad).expect_err(bad).to_string();
            assert!(refused.contains("is no proxy") && !refused.contains("secret"), "{refused}");
        }
    }

    #[tokio::test]
    async fn a_proxy_that_failed_rests_while_others_are_there() {
        let servers =
            ["http://127.0.0.1:1", "http://127.0.0.1:2"].map(|text| ProxyServer::parse(text).expect("a proxy"));
        let proxies = Proxies::new(&servers, reqwest::Client::builder).expect("clients");
        assert_eq!(proxies.pick(0).map(|(place, _)| place), Some(0));
        proxies.failed(0);
        assert_eq!(proxies.pick(0).map(|(place, _)| place), Some(1));
        proxies.failed(1);
        assert_eq!(proxies.pick(1).map(|(place, _)| place), Some(1), "all failed: the own one once more");
        assert!(Proxies::new(&[], reqwest::Client::builder).expect("none").pick(0).is_none());
    }
}
