//! Refusals as a browser gets them: the contract's error for commands, a plain page for people.

use app_contract::{CommandError, ErrorCode};
use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

/// Where commands, events and files live; all else is the interface.
pub(crate) const API_PREFIX: &str = "/v1/";

/// Answers with the contract's error under the status that fits its code.
pub(crate) fn command_error(error: CommandError) -> Response {
    status_error(status_of(error.code), error)
}

/// Answers with the contract's error under a given status.
pub(crate) fn status_error(status: StatusCode, error: CommandError) -> Response {
    (status, [(header::CACHE_CONTROL, "no-store")], Json(error)).into_response()
}

/// Answers with a page that says what is the matter and what to do. The texts are this crate's own, never a caller's.
pub(crate) fn plain_page(status: StatusCode, title: &'static str, advice: &'static str) -> Response {
    let body = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title} – OmniPriceX</title></head>\
         <body><main><h1>{title}</h1><p>{advice}</p></main></body></html>"
    );
    let headers = [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    (status, headers, body).into_response()
}

fn status_of(code: ErrorCode) -> StatusCode {
    match code {
        ErrorCode::Refused => StatusCode::UNPROCESSABLE_ENTITY,
        ErrorCode::NotFound => StatusCode::NOT_FOUND,
        ErrorCode::NotPermitted => StatusCode::FORBIDDEN,
        ErrorCode::Conflict | ErrorCode::NoWorkspace | ErrorCode::Cancelled => StatusCode::CONFLICT,
        ErrorCode::Offline => StatusCode::SERVICE_UNAVAILABLE,
        ErrorCode::Fault => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
