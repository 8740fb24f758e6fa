//! Events as a stream of server-sent events, numbered so that a browser resumes where it was.

use std::convert::Infallible;
use std::time::Duration;

use app_contract::{Event, EventEnvelope, Tag, command_names, stale_after};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Sse;
use axum::response::sse;
use futures::{Stream, StreamExt, future, stream};
use tokio_stream::wrappers::BroadcastStream;

use crate::Service;

const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Answers `GET /v1/events`. With `Last-Event-ID` the events missed come first; where they are gone, everything is
/// reported stale.
pub(crate) async fn stream(
    State(service): State<Service>,
    headers: HeaderMap,
) -> Sse<impl Stream<Item = Result<sse::Event, Infallible>>> {
    let seen = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse::<u64>().ok());
    // Subscribed before the past is read, so that nothing falls between.
    let live = BroadcastStream::new(service.host.subscribe());
    let missed = seen.map(|seen| missed_since(&service, seen)).unwrap_or_default();
    let after = missed.last().map_or(seen, |event| Some(event.sequence));
    // A receiver that fell behind sees the gap in the numbers of what follows.
    let live = live
        .filter_map(|event| future::ready(event.ok()))
        .filter(move |event| future::ready(after.is_none_or(|after| event.sequence > after)));
    let closing = service.closing.clone();
    let events = stream::iter(missed).chain(live).map(|event| Ok(numbered(&event)));
    Sse::new(events.take_until(closing.cancelled_owned())).keep_alive(sse::KeepAlive::new().interval(KEEP_ALIVE))
}

fn missed_since(service: &Service, seen: u64) -> Vec<EventEnvelope> {
    let all_stale = || vec![EventEnvelope { sequence: seen, event: Event::Stale { tags: all_tags() } }];
    service.host.events_since(seen).unwrap_or_else(all_stale)
}

/// Every tag that some command makes stale.
fn all_tags() -> Vec<Tag> {
    let mut tags = Vec::new();
    for tag in command_names().flat_map(stale_after) {
        if !tags.contains(tag) {
            tags.push(*tag);
        }
    }
    tags
}

fn numbered(envelope: &EventEnvelope) -> sse::Event {
    let text = serde_json::to_string(envelope).expect("an event is plain data");
    sse::Event::default().id(envelope.sequence.to_string()).data(text)
}
