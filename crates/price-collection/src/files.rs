//! Fetches a file that a person named: a catalogue, a price list, exchange rates. It is written as it comes, so that its
//! size costs no memory; every hop is checked like a page's, and what did not change is not sent again.

use std::io::Write;
use std::time::Duration;

use reqwest::header::{
    CONTENT_DISPOSITION, CONTENT_TYPE, ETAG, HeaderMap, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, LOCATION,
};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use url::Url;

use crate::addresses::{self, AddressRefused, PublicResolver};
use crate::settings::AddressPolicy;
use crate::transport::{SendError, send_error};

const MOST_REDIRECTS: usize = 5;
/// For an answer to begin, and between two parts of it.
const QUIET: Duration = Duration::from_secs(60);

/// Which file.
#[derive(Clone, Debug)]
pub struct FileRequest<'a> {
    /// Its address.
    pub url: &'a str,
    /// What the server called the version that is known, as `ETag` said.
    pub etag: Option<&'a str>,
    /// When that version changed, as `Last-Modified` said.
    pub last_modified: Option<&'a str>,
    /// Which addresses may be visited.
    pub addresses: AddressPolicy,
    /// Largest file, after decompression by HTTP.
    pub most_bytes: u64,
    /// How the program names itself.
    pub user_agent: &'a str,
}

/// What came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FetchedFile {
    /// The version that is known is still the newest.
    Unchanged,
    /// A file was written.
    File {
        /// Its name, as the server or the address has it; without a path.
        name: String,
        /// How the server calls this version.
        etag: Option<String>,
        /// When it changed.
        last_modified: Option<String>,
    },
}

/// Why there is no file.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It is no address.
    #[error("“{0}” is no address of a file. Write it in full, like https://shop.example/export/products.csv")]
    Address(String),
    /// It may not be visited.
    #[error("{0}")]
    Refused(String),
    /// The server answered otherwise.
    #[error("the server answers {status}{}", status_words(*status))]
    Status {
        /// Its code.
        status: u16,
    },
    /// It leads on and on.
    #[error("the address leads from one to the next more than five times")]
    Redirects,
    /// It is a page.
    #[error("the address shows a web page, not a file; copy the address of the download itself")]
    Page,
    /// It is larger than it may be.
    #[error("the file is larger than {0} MB")]
    TooLarge(u64),
    /// No answer, or it broke off.
    #[error("{0}")]
    Network(String),
    /// It cannot be written here.
    #[error("the file cannot be kept: {0}")]
    Writing(#[from] std::io::Error),
    /// Somebody stopped it.
    #[error("stopped")]
    Stopped,
}

impl From<AddressRefused> for FileError {
    fn from(refused: AddressRefused) -> Self {
        Self::Refused(refused.to_string())
    }
}

impl From<reqwest::Error> for FileError {
    fn from(problem: reqwest::Error) -> Self {
        match send_error(&problem) {
            SendError::Address(refused) => refused.into(),
            other if problem.is_timeout() => {
                Self::Network(format!("no answer within {} seconds ({other})", QUIET.as_secs()))
            }
            other => Self::Network(other.to_string()),
        }
    }
}

const fn status_words(status: u16) -> &'static str {
    match status {
        401 | 403 => ": it asks who you are, and gives the file to nobody else",
        404 | 410 => ": the file is not there any more",
        429 => ": it is asked too often",
        500..=599 => ": it has a fault of its own",
        _ => "",
    }
}

/// Fetches a file into `out`. `progress` is told the bytes so far and those announced, and says whether to go on.
pub async fn fetch_file(
    request: &FileRequest<'_>,
    out: &mut (dyn Write + Send),
    progress: &mut (dyn FnMut(u64, Option<u64>) -> bool + Send),
) -> Result<FetchedFile, FileError> {
    let mut url = Url::parse(request.url.trim()).map_err(|_| FileError::Address(request.url.trim().to_owned()))?;
    for _ in 0..=MOST_REDIRECTS {
        let response = ask(request, &url).await?;
        let status = response.status().as_u16();
        match status {
            304 => return Ok(FetchedFile::Unchanged),
            301 | 302 | 303 | 307 | 308 => {
                let next = text(response.headers(), LOCATION).and_then(|next| url.join(&next).ok());
                url = next.ok_or(FileError::Status { status })?;
            }
            200..=299 => return take(request, &url, response, out, progress).await,
            status => return Err(FileError::Status { status }),
        }
    }
    Err(FileError::Redirects)
}

async fn ask(request: &FileRequest<'_>, url: &Url) -> Result<Response, FileError> {
    let excepted = request.addresses.excepts(url);
    addresses::check(url, excepted)?;
    let builder = Client::builder()
        .redirect(Policy::none())
        .no_proxy()
        .connect_timeout(QUIET)
        .read_timeout(QUIET)
        .user_agent(request.user_agent);
    let builder = if excepted { builder } else { builder.dns_resolver(PublicResolver) };
    let mut asking = builder.build()?.get(url.clone());
    if let Some(etag) = request.etag {
        asking = asking.header(IF_NONE_MATCH, etag);
    }
    if let Some(since) = request.last_modified {
        asking = asking.header(IF_MODIFIED_SINCE, since);
    }
    Ok(asking.send().await?)
}

async fn take(
    request: &FileRequest<'_>,
    url: &Url,
    mut response: Response,
    out: &mut (dyn Write + Send),
    progress: &mut (dyn FnMut(u64, Option<u64>) -> bool + Send),
) -> Result<FetchedFile, FileError> {
    let too_large = || FileError::TooLarge(request.most_bytes / 1_000_000);
    let announced = response.content_length();
    if announced.is_some_and(|bytes| bytes > request.most_bytes) {
        return Err(too_large());
    }
    if text(response.headers(), CONTENT_TYPE).is_some_and(|kind| kind.to_lowercase().starts_with("text/html")) {
        return Err(FileError::Page);
    }
    let headers = response.headers().clone();
    let mut bytes = 0;
    while let Some(part) = response.chunk().await? {
        bytes += part.len() as u64;
        if bytes > request.most_bytes {
            return Err(too_large());
        }
        out.write_all(&part)?;
        if !progress(bytes, announced) {
            return Err(FileError::Stopped);
        }
    }
    out.flush()?;
    Ok(FetchedFile::File {
        name: name_of(&headers, url),
        etag: text(&headers, ETAG),
        last_modified: text(&headers, LAST_MODIFIED),
    })
}

fn text(headers: &HeaderMap, name: reqwest::header::HeaderName) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

/// `attachment; filename="products.csv"`, else the end of the address, else its host.
fn name_of(headers: &HeaderMap, url: &Url) -> String {
    let stated = text(headers, CONTENT_DISPOSITION).and_then(|text| {
        let (_, name) = text.split_once("filename=")?;
        Some(name.split(';').next().unwrap_or_default().trim().trim_matches('"').to_owned())
    });
    let last = url.path_segments().and_then(|mut segments| segments.next_back().map(str::to_owned));
    let without_path = |name: String| name.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
    let named = [stated, last].into_iter().flatten().map(without_path).find(|name| !name.trim().is_empty());
    named.unwrap_or_else(|| url.host_str().unwrap_or("file").to_owned())
}

#[cfg(test)]
mod tests {
    use reqwest::header::{CONTENT_DISPOSITION, HeaderMap, HeaderValue};
    use url::Url;

    use super::{AddressPolicy, FileError, FileRequest, fetch_file, name_of};

    #[test]
    fn a_file_is_called_as_the_server_or_its_address_says() {
        let url = |text: &str| Url::parse(text).expect("an address");
        let mut headers = HeaderMap::new();
        assert_eq!(name_of(&headers, &url("https://shop.example/out/products.csv?key=1")), "products.csv");
        assert_eq!(name_of(&headers, &url("https://shop.example/")), "shop.example");
        let stated = HeaderValue::from_static("attachment; filename=\"../../all.csv\"; size=1");
        headers.insert(CONTENT_DISPOSITION, stated);
        assert_eq!(name_of(&headers, &url("https://shop.example/download?id=7")), "all.csv");
    }

    #[tokio::test]
    async fn addresses_inside_are_not_visited() {
        for url in ["http://127.0.0.1:9/x.csv", "http://169.254.169.254/latest", "file:///etc/passwd", "x.csv"] {
            let request = FileRequest {
                url,
                etag: None,
                last_modified: None,
                addresses: AddressPolicy::PublicOnly,
                most_bytes: 100,
                user_agent: "test",
            };
            let refused = fetch_file(&request, &mut Vec::new(), &mut |_, _| true).await.expect_err("refused");
            assert!(matches!(refused, FileError::Refused(_) | FileError::Address(_)), "{url}: {refused}");
        }
    }
}
