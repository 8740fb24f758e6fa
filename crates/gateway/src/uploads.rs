//! Files handed in by a browser: streamed to a private folder, known afterwards only by their id.

use std::io;
use std::path::Path;

use app_contract::{CommandError, ErrorCode, FileRef};
use axum::Json;
use axum::body::{Body, BodyDataStream};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures::StreamExt;
use serde::Deserialize;
use tokio::io::AsyncWriteExt;

use crate::Service;
use crate::access::random_text;
use crate::replies::{command_error, status_error};

const MAX_UPLOAD_BYTES: u64 = 4 * 1024 * 1024 * 1024;
const MAX_NAME_CHARS: usize = 120;

/// What an upload says about itself.
#[derive(Deserialize)]
pub(crate) struct Upload {
    #[serde(default)]
    name: String,
}

/// Answers `POST /v1/uploads?name=…` with a file reference.
pub(crate) async fn receive(
    State(service): State<Service>,
    Query(upload): Query<Upload>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|bytes| bytes > MAX_UPLOAD_BYTES) {
        return Failure::TooLarge.response();
    }
    match store(&service, &safe_name(&upload.name), body).await {
        Ok(file) => Json(file).into_response(),
        Err(failure) => failure.response(),
    }
}

enum Failure {
    TooLarge,
    Broken,
    Disk(io::Error),
    Refused(CommandError),
}

async fn store(service: &Service, name: &str, body: Body) -> Result<FileRef, Failure> {
    let folder = service.host.upload_folder().join(random_text());
    tokio::fs::create_dir_all(&folder).await.map_err(Failure::Disk)?;
    let path = folder.join(name);
    let stored = match write(&path, body.into_data_stream()).await {
        Ok(()) => service.host.register_input(path).map_err(Failure::Refused),
        Err(failure) => Err(failure),
    };
    if stored.is_err()
        && let Err(error) = tokio::fs::remove_dir_all(&folder).await
    {
        tracing::warn!(%error, "a broken upload was left behind");
    }
    stored
}

async fn write(path: &Path, mut body: BodyDataStream) -> Result<(), Failure> {
    let mut file = tokio::fs::File::create_new(path).await.map_err(Failure::Disk)?;
    let mut written = 0;
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|_| Failure::Broken)?;
        written += chunk.len() as u64;
        if written > MAX_UPLOAD_BYTES {
            return Err(Failure::TooLarge);
        }
        file.write_all(&chunk).await.map_err(Failure::Disk)?;
    }
    file.flush().await.map_err(Failure::Disk)
}

/// The last part of a path in either spelling, without what some file system cannot hold.
fn safe_name(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String =
        last.chars().filter(|c| !c.is_control() && !matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*')).collect();
    let name = kept.trim_matches(|c: char| c == '.' || c.is_whitespace());
    match name.char_indices().rev().nth(MAX_NAME_CHARS - 1) {
        _ if name.is_empty() => "upload".to_owned(),
        // The end is kept: it has the extension.
        Some((start, _)) => name[start..].to_owned(),
        None => name.to_owned(),
    }
}

impl Failure {
    fn response(self) -> Response {
        match self {
            Self::TooLarge => status_error(
                StatusCode::PAYLOAD_TOO_LARGE,
                CommandError::new(ErrorCode::Refused, "the file is larger than 4 GiB; import it in parts"),
            ),
            Self::Broken => status_error(
                StatusCode::BAD_REQUEST,
                CommandError::new(ErrorCode::Refused, "the file did not arrive whole; send it again"),
            ),
            Self::Disk(error) => {
                tracing::error!(%error, "an upload cannot be stored");
                command_error(CommandError::fault(format!("the file cannot be stored: {error}")))
            }
            Self::Refused(error) => command_error(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_NAME_CHARS, safe_name};

    #[test]
    fn an_uploaded_name_is_never_a_path() {
        for (given, kept) in [
            ("products.csv", "products.csv"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\me\\Preise Mai.xlsx", "Preise Mai.xlsx"),
            ("..", "upload"),
            ("", "upload"),
            ("a\u{0}b\n.csv", "ab.csv"),
            ("con:nul?.csv", "connul.csv"),
        ] {
            assert_eq!(safe_name(given), kept, "{given:?}");
        }
    }

    #[test]
    fn a_long_name_keeps_its_extension() {
        let name = safe_name(&format!("{}.csv", "ä".repeat(500)));
        assert_eq!(name.chars().count(), MAX_NAME_CHARS);
        assert!(name.ends_with("ä.csv"));
    }
}
