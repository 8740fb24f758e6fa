//! Proxies: one at a time for each origin, another one when it fails, and none that failed a moment ago.

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
pub enum ProxyRefused {
    /// Not an address of a proxy.
    #[error("“{0}” is no proxy; write http://host:port, https://host:port or socks5://host:port")]
    Address(String),
    /// A password would stand in the workspace file for everybody who has it.
    #[error("a proxy's address holds no user and password here; use a proxy that knows this machine by its address")]
    Credentials,
}

/// Whether an address names a proxy that can be used.
pub fn check_proxy(address: &str) -> Result<(), ProxyRefused> {
    let refused = || ProxyRefused::Address(address.to_owned());
    let url = Url::parse(address.trim()).map_err(|_| refused())?;
    if !matches!(url.scheme(), "http" | "https" | "socks5") || url.host_str().is_none_or(str::is_empty) {
        return Err(refused());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(ProxyRefused::Credentials);
    }
    Ok(())
}

impl Proxies {
    pub(crate) fn new(addresses: &[String], client: impl Fn() -> ClientBuilder) -> reqwest::Result<Self> {
        let route = |address: &String| {
            // The names of shops are resolved and checked here, not there.
            let client = client().proxy(Proxy::all(address.trim())?).build()?;
            Ok(Route { client, resting_until: Mutex::new(None) })
        };
        addresses.iter().map(route).collect::<reqwest::Result<_>>().map(Self)
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
    use super::{Proxies, ProxyRefused, check_proxy};

    #[test]
    fn proxies_are_named_by_their_address_without_a_password() {
        for good in ["http://proxy.example:3128", "https://proxy.example", "socks5://10.0.0.1:1080"] {
            assert_eq!(check_proxy(good), Ok(()), "{good}");
        }
        assert_eq!(check_proxy("http://me:secret@proxy.example"), Err(ProxyRefused::Credentials));
        for bad in ["proxy.example:3128", "ftp://proxy.example", ""] {
            assert!(matches!(check_proxy(bad), Err(ProxyRefused::Address(_))), "{bad}");
        }
    }

    #[tokio::test]
    async fn a_proxy_that_failed_rests_while_others_are_there() {
        let addresses = ["http://127.0.0.1:1", "http://127.0.0.1:2"].map(String::from);
        let proxies = Proxies::new(&addresses, reqwest::Client::builder).expect("clients");
        assert_eq!(proxies.pick(0).map(|(place, _)| place), Some(0));
        proxies.failed(0);
        assert_eq!(proxies.pick(0).map(|(place, _)| place), Some(1));
        proxies.failed(1);
        assert_eq!(proxies.pick(1).map(|(place, _)| place), Some(1), "all failed: the own one once more");
        assert!(Proxies::new(&[], reqwest::Client::builder).expect("none").pick(0).is_none());
    }
}
