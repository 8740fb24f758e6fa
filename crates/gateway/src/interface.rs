//! The built interface: files from its folder, and its one page for every address within it.

use std::io;

use app_contract::{CommandError, ErrorCode};
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use tower_http::services::ServeDir;

use crate::Service;
use crate::replies::{API_PREFIX, command_error, plain_page};

/// Answers everything that is no route: a file where the last part of the path has an extension, else the page.
pub(crate) async fn file_or_page(State(service): State<Service>, request: Request) -> Response {
    let path = request.uri().path();
    if path.starts_with(API_PREFIX) {
        return command_error(CommandError::new(ErrorCode::NotFound, "there is nothing under this address"));
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let is_file = path.rsplit('/').next().is_some_and(|last| last.contains('.'));
    if is_file { file(&service, request).await } else { page(&service, request).await }
}

/// Answers with the interface's one page.
pub(crate) async fn page(service: &Service, mut request: Request) -> Response {
    *request.uri_mut() = Uri::from_static("/index.html");
    file(service, request).await
}

/// Names carry no version, so a browser asks each time and gets a short answer when nothing changed.
async fn file(service: &Service, request: Request) -> Response {
    let mut folder =
        ServeDir::new(service.ui_folder.as_path()).append_index_html_on_directories(false).precompressed_gzip();
    match folder.try_call(request).await {
        Ok(response) if response.status() == StatusCode::NOT_FOUND => nothing_here(),
        Err(error) if is_missing(&error) => nothing_here(),
        Ok(response) => {
            let mut response = response.map(Body::new);
            response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
            response
        }
        Err(error) => {
            tracing::error!(%error, "an interface file cannot be read");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn is_missing(error: &io::Error) -> bool {
    use io::ErrorKind::{NotADirectory, NotFound, PermissionDenied};
    matches!(error.kind(), NotFound | NotADirectory | PermissionDenied)
}

fn nothing_here() -> Response {
    plain_page(StatusCode::NOT_FOUND, "Not here", "There is nothing under this address.")
}
