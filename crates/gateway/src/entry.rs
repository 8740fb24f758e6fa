//! The front door: exchanges the one-time token for a session, and shows the interface to those who have one.

use axum::extract::{Query, Request, State};
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::guard::{Refusal, cookie_name, has_session};
use crate::{Service, interface};

/// What the entry address carries.
#[derive(Deserialize)]
pub(crate) struct Entry {
    token: Option<String>,
}

/// Answers `GET /`.
pub(crate) async fn enter(State(service): State<Service>, Query(entry): Query<Entry>, request: Request) -> Response {
    let has_session = has_session(&service, request.headers());
    match entry.token {
        None if has_session => interface::page(&service, request).await,
        None => Refusal::NoSession.response(false),
        // Somebody who only looks at the headers must not use the token up.
        Some(_) if *request.method() != Method::GET => StatusCode::METHOD_NOT_ALLOWED.into_response(),
        Some(_) if has_session => go_home(None),
        Some(token) => match service.access.redeem(&token) {
            Some(session) => {
                let name = cookie_name(service.address);
                go_home(Some(format!("{name}={session}; Path=/; HttpOnly; SameSite=Strict")))
            }
            None => Refusal::UsedToken.response(false),
        },
    }
}

fn go_home(cookie: Option<String>) -> Response {
    let mut response =
        (StatusCode::SEE_OTHER, [(header::LOCATION, "/"), (header::CACHE_CONTROL, "no-store")]).into_response();
    if let Some(cookie) = cookie {
        let value = cookie.parse().expect("a hexadecimal session makes a valid header");
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
    response
}
