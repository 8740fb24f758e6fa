//! Which addresses a page may be fetched from: none inside the own machine, network or cloud.
//!
//! Checked for the address as written, and again for every address that its name resolves to at the moment of
//! connecting, so that a name cannot change its mind in between.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

/// Why an address is not visited.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum AddressRefused {
    #[error("only http and https addresses are visited, not “{0}”")]
    Scheme(String),
    #[error("the address has no host")]
    NoHost,
    #[error("{0} is not a public address, and not among the sites of your own network in the settings")]
    NotPublic(String),
}

/// Checks an address as it is written.
pub(crate) fn check(url: &Url, excepted: bool) -> Result<(), AddressRefused> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(AddressRefused::Scheme(url.scheme().to_owned()));
    }
    let host = url.host().ok_or(AddressRefused::NoHost)?;
    let public = match &host {
        Host::Domain(name) => is_public_name(name),
        Host::Ipv4(address) => is_public(IpAddr::V4(*address)),
        Host::Ipv6(address) => is_public(IpAddr::V6(*address)),
    };
    if public || excepted { Ok(()) } else { Err(AddressRefused::NotPublic(host.to_string())) }
}

/// Checks where a name leads, for a request that another machine will resolve once more: every address must be public.
pub(crate) async fn check_resolved(url: &Url) -> Result<(), AddressRefused> {
    let Some(Host::Domain(name)) = url.host() else { return Ok(()) };
    let port = url.port_or_known_default().unwrap_or(443);
    // A name that is known only there is for the proxy to find.
    let Ok(found) = tokio::net::lookup_host((name, port)).await else { return Ok(()) };
    let inside = found.into_iter().any(|address| !is_public(address.ip()));
    if inside { Err(AddressRefused::NotPublic(name.to_owned())) } else { Ok(()) }
}

/// Where an address leads now: checked, so that the caller can connect to nothing else.
pub(crate) async fn resolve(url: &Url, excepted: bool) -> Result<Vec<SocketAddr>, AddressRefused> {
    check(url, excepted)?;
    let host = url.host_str().ok_or(AddressRefused::NoHost)?;
    let port = url.port_or_known_default().unwrap_or(443);
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let found = tokio::net::lookup_host((host, port)).await.map_err(|_| AddressRefused::NoHost)?;
    let found: Vec<_> = found.filter(|address| excepted || is_public(address.ip())).collect();
    if found.is_empty() { Err(AddressRefused::NotPublic(host.to_owned())) } else { Ok(found) }
}

/// Names that never lead outside.
fn is_public_name(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let inside = ["localhost", "local", "internal", "home.arpa", "lan", "metadata"];
    !inside.iter().any(|suffix| name == *suffix || name.ends_with(&format!(".{suffix}")))
}

/// Whether an address is reachable from the whole internet (IANA special-purpose registries) and serves no metadata.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, d] = address.octets();
    let special = match (a, b, c) {
        (0 | 10 | 127, ..) | (224.., ..) => true,
        (100, 64..=127, _) | (169, 254, _) | (172, 16..=31, _) | (192, 168, _) => true,
        (192, 0, 0 | 2) | (192, 88, 99) | (198, 18 | 19, _) | (198, 51, 100) | (203, 0, 113) => true,
        (168, 63, 129) => d == 16,
        _ => false,
    };
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(embedded) = embedded_v4(address) {
        return is_public_v4(embedded);
    }
    let segments = address.segments();
    let documentation = segments[0] == 0x2001 && (segments[1] == 0x0DB8 || segments[1] < 0x0200);
    segments[0] & 0xE000 == 0x2000 && !documentation
}

/// The IPv4 address inside a mapped, compatible, translated (64:ff9b::/96) or 6to4 (2002::/16) address.
fn embedded_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let segments = address.segments();
    let from = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match segments {
        [0, 0, 0, 0, 0, 0 | 0xFFFF, high, low] | [0x64, 0xFF9B, 0, 0, 0, 0, high, low] => Some(from(high, low)),
        [0x2002, high, low, ..] => Some(from(high, low)),
        _ => None,
    }
}

/// Resolves names and keeps their public addresses only.
pub(crate) struct PublicResolver;

impl Resolve for PublicResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found.filter(|address| is_public(address.ip())).collect();
            if public.is_empty() {
                return Err(AddressRefused::NotPublic(name.as_str().to_owned()).into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use reqwest::dns::Resolve;
    use url::Url;

    use super::{AddressRefused, PublicResolver, check};

    fn refused(url: &str) -> bool {
        let url = Url::parse(url).expect("an address");
        matches!(check(&url, false), Err(AddressRefused::NotPublic(_)))
    }

    #[test]
    fn private_addresses_are_refused_in_every_spelling() {
        for url in [
            "http://127.0.0.1/",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://017700000001/",
            "http://0/",
            "http://localhost:8080/",
            "http://shop.localhost/",
            "http://LOCALHOST./",
            "http://10.1.2.3/",
            "http://172.31.0.1/",
            "http://192.168.1.1/",
            "http://100.100.100.200/",
            "http://169.254.169.254/latest/meta-data/",
            "http://metadata.google.internal/",
            "http://168.63.129.16/",
            "http://255.255.255.255/",
            "http://[::1]/",
            "http://[::]/",
            "http://[::ffff:10.0.0.1]/",
            "http://[64:ff9b::7f00:1]/",
            "http://[2002:7f00:1::]/",
            "http://[fe80::1]/",
            "http://[fd00:ec2::254]/",
            "http://[ff02::1]/",
            "http://[2001:db8::1]/",
        ] {
            assert!(refused(url), "{url}");
        }
    }

    #[test]
    fn public_addresses_are_visited() {
        for url in
            ["http://93.184.216.34/", "https://shop.example/a", "http://[2606:2800:220:1::1]/", "http://172.32.0.1"]
        {
            assert!(!refused(url), "{url}");
        }
    }

    #[test]
    fn other_schemes_are_refused_even_for_excepted_origins() {
        for url in ["file:///etc/passwd", "ftp://shop.example/a", "data:text/html,x"] {
            let url = Url::parse(url).expect("an address");
            assert!(matches!(check(&url, true), Err(AddressRefused::Scheme(_))), "{url}");
        }
    }

    #[tokio::test]
    async fn a_name_that_leads_inside_is_refused_when_it_is_resolved() {
        let inside = PublicResolver.resolve("localhost".parse().expect("a name")).await;
        let refused = inside.err().expect("no address left");
        assert!(refused.downcast_ref::<AddressRefused>().is_some(), "{refused}");
    }
}
