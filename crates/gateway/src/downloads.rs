//! Files fetched by a browser: by id, always as an attachment.

use std::path::Path as FilePath;

use app_contract::{CommandError, ErrorCode};
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use pricing_domain::FileId;
use tokio_util::io::ReaderStream;

use crate::Service;
use crate::replies::command_error;

/// What RFC 8187 lets stand in an extended value.
const ATTRIBUTE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Answers `GET /v1/downloads/{id}` with the file as an attachment.
pub(crate) async fn send(State(service): State<Service>, Path(id): Path<String>) -> Response {
    let Some(path) = id.parse::<FileId>().ok().and_then(|id| service.host.file_path(id)) else {
        return command_error(CommandError::new(ErrorCode::NotFound, "this file is not here any more; write it again"));
    };
    match attachment(&path).await {
        Ok(response) => response,
        Err(error) => {
            tracing::error!(%error, "a file cannot be read");
            command_error(CommandError::new(ErrorCode::NotFound, format!("the file cannot be read: {error}")))
        }
    }
}

async fn attachment(path: &FilePath) -> std::io::Result<Response> {
    let file = tokio::fs::File::open(path).await?;
    let bytes = file.metadata().await?.len();
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_LENGTH, bytes.to_string()),
        (header::CONTENT_DISPOSITION, disposition(&name)),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, Body::from_stream(ReaderStream::new(file))).into_response())
}

/// Both spellings of RFC 6266: plain for old clients, extended for every name.
fn disposition(name: &str) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_graphic() && !matches!(c, '"' | '\\' | '%') { c } else { '_' }).collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{}", utf8_percent_encode(name, ATTRIBUTE))
}

#[cfg(test)]
mod tests {
    use super::disposition;

    #[test]
    fn a_name_of_any_alphabet_survives_the_header() {
        assert_eq!(
            disposition("Preise \"Mai\" 50%.csv"),
            "attachment; filename=\"Preise__Mai__50_.csv\"; filename*=UTF-8''Preise%20%22Mai%22%2050%25.csv"
        );
        assert!(disposition("цены.csv").ends_with("UTF-8''%D1%86%D0%B5%D0%BD%D1%8B.csv"));
    }
}
