//! What came of a visit: the page's bytes to a reading, or the reason why there is none.

use price_extraction::{Extraction, PageInput, extract_for};
use pricing_domain::ReadState;
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use crate::fetching::{NoAnswer, Visit};
use crate::observations::{Observation, Target};
use crate::transport::Answer;

/// Turns a visit into an observation; pages are read on the blocking pool, no more at a time than `readers` allow.
pub(crate) async fn observe(readers: &Semaphore, asked: &Target, visit: Visit) -> Observation {
    match visit.outcome {
        Ok(answer) => {
            let page = Page { asked, url: visit.url, attempts: visit.attempts, cache_policy: visit.cache_policy };
            read(readers, page, answer).await
        }
        Err(problem) => {
            Observation { postponed: visit.postponed, ..unread(asked.key, visit.url, visit.attempts, problem) }
        }
    }
}

/// The observation of a visit without an answer.
pub(crate) fn unread(key: i64, url: String, attempts: u32, problem: NoAnswer) -> Observation {
    Observation {
        key,
        url,
        started_at: problem.at,
        elapsed_ms: 0,
        status: None,
        state: problem.state,
        unchanged: false,
        postponed: false,
        reason: problem.reason,
        extraction: None,
        body_sha256: None,
        body: None,
        cache_policy: None,
        attempts,
    }
}

/// Whose answer is read.
struct Page<'t> {
    asked: &'t Target,
    url: String,
    attempts: u32,
    cache_policy: Option<String>,
}

/// What reading a body gave.
struct Reading {
    body: Vec<u8>,
    sha256: [u8; 32],
    extraction: Option<Extraction>,
}

async fn read(readers: &Semaphore, page: Page<'_>, mut answer: Answer) -> Observation {
    let content_type = answer.header("content-type");
    let status = answer.status;
    let reading = match answer.body.take() {
        None => None,
        Some(body) => Some(read_body(readers, page.asked, page.url.clone(), (status, content_type), body).await),
    };
    let (state, reason) = match &reading {
        None => (ReadState::TooLarge, "the page is longer than the limit".to_owned()),
        Some(None) => (ReadState::NoPrice, "reading the page failed".to_owned()),
        Some(Some(reading)) => judge(status, reading.extraction.as_ref()),
    };
    let reading = reading.flatten();
    let (body, sha256, extraction) = match reading {
        None => (None, None, None),
        Some(reading) => (Some(reading.body), Some(reading.sha256), reading.extraction),
    };
    Observation {
        key: page.asked.key,
        url: page.url,
        started_at: answer.sent_at,
        elapsed_ms: u32::try_from(answer.elapsed.as_millis()).unwrap_or(u32::MAX),
        status: (page.attempts > 0).then_some(status),
        state,
        unchanged: status == 304,
        postponed: false,
        reason,
        extraction,
        body_sha256: sha256.filter(|_| status != 304),
        body: body.filter(|_| status != 304),
        cache_policy: page.cache_policy,
        attempts: page.attempts,
    }
}

/// Reads on the blocking pool. None when reading panicked: one page must not end a collection.
async fn read_body(
    readers: &Semaphore,
    asked: &Target,
    url: String,
    (status, content_type): (u16, Option<String>),
    body: Vec<u8>,
) -> Option<Reading> {
    let _permit = readers.acquire().await.expect("the semaphore is never closed");
    let (asked, hints) = (asked.url.clone(), asked.hints.clone());
    let reading = tokio::task::spawn_blocking(move || {
        let sha256 = Sha256::digest(&body).into();
        let input =
            PageInput { body: &body, content_type: content_type.as_deref(), status: Some(status), url: &url, hints };
        let extraction = is_readable(status).then(|| extract_for(&asked, &input));
        Reading { body, sha256, extraction }
    });
    reading.await.ok()
}

/// Pages, and answers that may be block pages.
const fn is_readable(status: u16) -> bool {
    matches!(status, 200..=299 | 401 | 403 | 429 | 503)
}

/// The state of an answered visit, with its reason in words.
fn judge(status: u16, extraction: Option<&Extraction>) -> (ReadState, String) {
    let read = extraction.map(|extraction| extraction.state);
    match (status, read) {
        (200..=299, Some(state)) => (state, reason(state, extraction)),
        (304, _) => (ReadState::Product, "not changed since the last visit".to_owned()),
        (404 | 410, _) => (ReadState::Gone, format!("answered with status {status}")),
        (401 | 403 | 429, _) => (ReadState::Blocked, format!("refused with status {status}")),
        (503, Some(ReadState::Blocked)) => (ReadState::Blocked, "a block page with status 503".to_owned()),
        _ => (ReadState::Unreachable, format!("answered with status {status}")),
    }
}

fn reason(state: ReadState, extraction: Option<&Extraction>) -> String {
    let warnings = extraction.map(|extraction| extraction.warnings.join("; ")).unwrap_or_default();
    if warnings.is_empty() { state.advice().to_owned() } else { warnings }
}
