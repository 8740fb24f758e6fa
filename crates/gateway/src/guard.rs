//! What every request must show before it reaches a handler: the right host, the right origin, a session.
//!
//! The host check defeats names that resolve to loopback, the origin check pages of other sites and ports, the
//! session everybody who did not get the one-time address.

use std::net::SocketAddr;

use app_contract::{CommandError, ErrorCode};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::Service;
use crate::replies::{API_PREFIX, plain_page, status_error};

/// Why a request is turned away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Not the address this gateway is bound to.
    WrongHost,
    /// Sent by a page of another site.
    WrongOrigin,
    /// Without a session.
    NoSession,
    /// With a token that is unknown or used.
    UsedToken,
}

/// Lets a request pass or answers in its place.
pub(crate) async fn admit(State(service): State<Service>, request: Request, next: Next) -> Response {
    let is_command = request.uri().path().starts_with(API_PREFIX);
    match check(&service, &request) {
        Ok(()) => next.run(request).await,
        Err(refusal) => {
            tracing::warn!(?refusal, path = request.uri().path(), "request turned away");
            refusal.response(is_command)
        }
    }
}

/// The name of the session cookie. Cookies ignore ports, so the port is in the name: two gateways on one machine
/// keep apart.
pub(crate) fn cookie_name(address: SocketAddr) -> String {
    format!("omnipricex_{}", address.port())
}

/// Whether the request carries a session.
pub(crate) fn has_session(service: &Service, headers: &HeaderMap) -> bool {
    let name = cookie_name(service.address);
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .any(|(key, value)| key == name && service.access.knows(value))
}

fn check(service: &Service, request: &Request) -> Result<(), Refusal> {
    let headers = request.headers();
    let authority = headers.get(header::HOST).and_then(|value| value.to_str().ok()).ok_or(Refusal::WrongHost)?;
    if !is_own_host(service.address, authority) {
        return Err(Refusal::WrongHost);
    }
    if !same_origin(authority, headers) || !same_site(request) {
        return Err(Refusal::WrongOrigin);
    }
    // The entry page decides itself: a token is a way in.
    if request.uri().path() != "/" && !has_session(service, headers) {
        return Err(Refusal::NoSession);
    }
    Ok(())
}

fn is_own_host(address: SocketAddr, authority: &str) -> bool {
    authority == address.to_string() || authority.eq_ignore_ascii_case(&format!("localhost:{}", address.port()))
}

fn same_origin(authority: &str, headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let origin = origin.to_str().unwrap_or_default();
    origin.strip_prefix("http://").is_some_and(|host| host.eq_ignore_ascii_case(authority))
}

/// Browsers say where a request comes from. Following a link from elsewhere to a page is all right, the rest is not.
fn same_site(request: &Request) -> bool {
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    match header("sec-fetch-site") {
        None | Some("same-origin") => true,
        Some("none") => reads,
        Some(_) => {
            let is_page = !request.uri().path().starts_with(API_PREFIX);
            reads && is_page && header("sec-fetch-mode") == Some("navigate")
        }
    }
}

impl Refusal {
    /// The answer: a page for people, the contract's error for commands.
    pub(crate) fn response(self, is_command: bool) -> Response {
        let (status, title, advice) = match self {
            Self::WrongHost => (
                StatusCode::MISDIRECTED_REQUEST,
                "Wrong address",
                "Open OmniPriceX under the address that “omnipricex serve” printed.",
            ),
            Self::WrongOrigin => (
                StatusCode::FORBIDDEN,
                "Not from here",
                "This request came from another site. Open the address that “omnipricex serve” printed.",
            ),
            Self::NoSession => (
                StatusCode::UNAUTHORIZED,
                "No session",
                "Open the one-time address that “omnipricex serve” printed. For a new one, start it again.",
            ),
            Self::UsedToken => (
                StatusCode::FORBIDDEN,
                "This address was used already",
                "Each address opens OmniPriceX once. For a new one, start “omnipricex serve” again.",
            ),
        };
        if is_command {
            status_error(status, CommandError::new(ErrorCode::NotPermitted, format!("{title}. {advice}")))
        } else {
            plain_page(status, title, advice)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{is_own_host, same_origin};
    use axum::http::{HeaderMap, HeaderValue, header};

    #[test]
    fn only_the_bound_address_and_localhost_are_own_hosts() {
        let address = "127.0.0.1:4711".parse().expect("an address");
        for own in ["127.0.0.1:4711", "localhost:4711", "LOCALHOST:4711"] {
            assert!(is_own_host(address, own), "{own}");
        }
        for foreign in ["127.0.0.1", "localhost", "127.0.0.1:4712", "shop.example:4711", "127.0.0.1:4711.shop.example"]
        {
            assert!(!is_own_host(address, foreign), "{foreign}");
        }
    }

    #[test]
    fn an_origin_must_be_this_host_with_this_scheme() {
        let with = |origin: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ORIGIN, HeaderValue::from_static(origin));
            same_origin("127.0.0.1:4711", &headers)
        };
        assert!(with("http://127.0.0.1:4711"));
        for foreign in ["null", "https://127.0.0.1:4711", "http://127.0.0.1:4712", "http://localhost:4711"] {
            assert!(!with(foreign), "{foreign}");
        }
        assert!(same_origin("127.0.0.1:4711", &HeaderMap::new()));
    }
}
