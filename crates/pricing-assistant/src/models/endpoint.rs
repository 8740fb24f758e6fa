//! Where a model is reached: the address, checked, and a client that goes there and nowhere else.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use app_contract::ModelSettings;
use url::{Host, Url};

use super::ModelError;

const CONNECT: Duration = Duration::from_secs(10);

/// A checked address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// Without a slash at its end.
    pub base: String,
    /// `127.0.0.1:11434`, `api.openai.com`.
    pub host: String,
    /// On this machine.
    pub local: bool,
}

impl Endpoint {
    /// What its key is kept under. A key is bound to the address it was given for, so that another address never gets it.
    pub fn secret_name(&self) -> String {
        let plain = |letter: char| if letter.is_ascii_alphanumeric() || "-.".contains(letter) { letter } else { '_' };
        let host: String = self.host.chars().map(plain).take(150).collect();
        format!("model/{host}/key")
    }
}

/// Checks the address of the settings. Refused: no HTTP, a name and password in it, plain HTTP over other networks, and
/// any address elsewhere while “local only” is on.
pub fn endpoint(settings: &ModelSettings) -> Result<Endpoint, ModelError> {
    let url = Url::parse(settings.address()).map_err(|_| ModelError::Address("give it with https:// or http://"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(ModelError::Address("it must begin with https:// or http://"));
    }
    if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
        return Err(ModelError::Address("it may not hold a name, a password, a query or a mark"));
    }
    let name = url.host().ok_or(ModelError::Address("it has no host"))?;
    let local = is_local(&name);
    let shown = url.port().map_or_else(|| name.to_string(), |port| format!("{name}:{port}"));
    if settings.local_only && !local {
        return Err(ModelError::NotLocal(shown));
    }
    if url.scheme() == "http" && !local && !is_private(&name) {
        return Err(ModelError::Address("outside of your own network it must begin with https://"));
    }
    Ok(Endpoint { base: url.as_str().trim_end_matches('/').to_owned(), host: shown, local })
}

fn is_local(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => name.eq_ignore_ascii_case("localhost"),
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => {
            address.is_loopback() || address.to_ipv4_mapped().is_some_and(|mapped| mapped.is_loopback())
        }
    }
}

fn is_private(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => !name.contains('.') || name.ends_with(".local"),
        Host::Ipv4(address) => address.is_private() || address.is_link_local(),
        Host::Ipv6(address) => address.is_unique_local(),
    }
}

/// A client for an endpoint. It follows no redirect, so that a server cannot send a question elsewhere; on this machine
/// it uses no proxy, and “localhost” means this machine whatever a name server says.
pub(crate) fn client(endpoint: &Endpoint) -> Result<reqwest::Client, ModelError> {
    let mut builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).connect_timeout(CONNECT);
    if endpoint.local {
        let here = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];
        let here = here.map(|address| SocketAddr::new(address, 0));
        builder = builder.no_proxy().resolve_to_addrs("localhost", &here);
    }
    builder.build().map_err(|error| ModelError::of_request(&error))
}

#[cfg(test)]
mod tests {
    use app_contract::{ModelKind, ModelSettings};

    use super::{ModelError, endpoint};

    fn settings(url: &str, local_only: bool) -> ModelSettings {
        ModelSettings { kind: ModelKind::Compatible, url: url.into(), local_only, ..ModelSettings::default() }
    }

    #[test]
    fn local_only_refuses_every_address_elsewhere() {
        for here in
            ["http://127.0.0.1:8080/v1", "http://localhost:11434/v1/", "http://[::1]:1234/v1", "http://127.9.9.9"]
        {
            assert!(endpoint(&settings(here, true)).is_ok_and(|endpoint| endpoint.local), "{here}");
        }
        for elsewhere in [
            "https://api.openai.com/v1",
            "http://192.168.1.5:11434",
            "http://localhost.example.com",
            "https://127.0.0.1.example.com/v1",
            "http://0.0.0.0:8080",
            "https://[2001:db8::1]/v1",
        ] {
            let refused = endpoint(&settings(elsewhere, true));
            assert!(matches!(refused, Err(ModelError::NotLocal(_))), "{elsewhere}: {refused:?}");
        }
    }

    #[test]
    fn an_address_is_plain_and_a_key_belongs_to_its_host() {
        for wrong in [
            "api.openai.com",
            "ftp://x",
            "https://me:secret@x.example/v1",
            "https://x.example/v1?key=1",
            "http://x.example",
        ] {
            assert!(matches!(endpoint(&settings(wrong, false)), Err(ModelError::Address(_))), "{wrong}");
        }
        let name = |url: &str| endpoint(&settings(url, false)).expect("an address").secret_name();
        assert_eq!(name("https://api.openai.com/v1"), "model/api.openai.com/key");
        assert_eq!(name("http://127.0.0.1:8080/v1"), "model/127.0.0.1_8080/key");
        assert_ne!(name("http://127.0.0.1:8080"), name("http://127.0.0.1:8081"));
    }
}
