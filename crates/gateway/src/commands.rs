//! Commands over HTTP: a name in the path, a JSON payload, a JSON answer or the contract's error.

use app_contract::{CommandError, ErrorCode};
use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use crate::Service;
use crate::replies::{command_error, status_error};

/// Answers `POST /v1/commands/{name}`.
pub(crate) async fn run(
    State(service): State<Service>,
    Path(name): Path<String>,
    payload: Result<Json<Value>, JsonRejection>,
) -> Response {
    let payload = match payload {
        Ok(Json(payload)) => payload,
        Err(rejection) => {
            let message = format!("{name}: send the request as JSON: {}", rejection.body_text());
            return status_error(rejection.status(), CommandError::new(ErrorCode::Refused, message));
        }
    };
    // On a task of its own, so that a browser that goes away does not leave a command half done.
    let host = service.host.clone();
    let answer = tokio::spawn(async move { host.run(&name, payload).await }).await;
    match answer {
        Ok(Ok(answer)) => ([(header::CACHE_CONTROL, "no-store")], Json(answer)).into_response(),
        Ok(Err(error)) => command_error(error),
        Err(_) => command_error(CommandError::fault("the command ended unexpectedly; the log says more")),
    }
}
