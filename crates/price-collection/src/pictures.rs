//! Fetches a picture as politely as a page: robots.txt, its host's turn and limits, the address guard at every hop. What
//! is no picture is not kept.

use std::sync::Arc;

use pricing_domain::Instant;

use crate::collecting::leave_alone;
use crate::fetching::visit_data;
use crate::observations::Target;
use crate::settings::CollectSettings;
use crate::transport::Transport;

/// Largest picture, in bytes.
const LARGEST: usize = 2 * 1024 * 1024;
/// The kinds that are taken.
const KINDS: [&str; 3] = ["image/jpeg", "image/png", "image/webp"];

/// What came of asking for a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FetchedPicture {
    /// The file as it came.
    Picture(Vec<u8>),
    /// There is none, for this reason; it was asked for, or may not be.
    None(String),
    /// Its host is not to be asked now, for this reason.
    NotNow(String),
}

/// Fetches one picture. It waits for its host's turn like any page, and is asked for once, without further attempts.
pub async fn fetch_picture(
    target: &Target,
    settings: CollectSettings,
    now: impl Fn() -> Instant + Send + Sync + 'static,
) -> FetchedPicture {
    let settings = CollectSettings { max_body_bytes: LARGEST, retries: 0, ..settings };
    let transport = match Transport::new(settings, Arc::new(now)) {
        Ok(transport) => transport,
        Err(problem) => return FetchedPicture::NotNow(format!("no connection can be made: {problem}")),
    };
    if let Some(reason) = leave_alone(&transport, target) {
        return FetchedPicture::NotNow(reason);
    }
    let visit = visit_data(&transport, target).await;
    let mut answer = match visit.outcome {
        Ok(answer) => answer,
        Err(problem) if visit.postponed => return FetchedPicture::NotNow(problem.reason),
        Err(problem) => return FetchedPicture::None(problem.reason),
    };
    let kind = answer.header("content-type").unwrap_or_default().to_ascii_lowercase();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    match answer.status {
        200 if !KINDS.contains(&kind) => {
            let kind = if kind.is_empty() { "something without a type" } else { kind };
            FetchedPicture::None(format!("the address gives {kind}, which is no JPEG, PNG or WebP picture"))
        }
        200 => match answer.body.take() {
            Some(body) => FetchedPicture::Picture(body),
            None => FetchedPicture::None(format!("the picture is larger than {} MiB", LARGEST / 1024 / 1024)),
        },
        status => FetchedPicture::None(format!("the shop answered with status {status}")),
    }
}
