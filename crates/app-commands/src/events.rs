//! Events with their numbers, and the last of them kept so that a listener that missed some can catch up.

use std::collections::VecDeque;
use std::sync::Mutex;

use app_contract::{Event, EventEnvelope};
use tokio::sync::broadcast;

/// How many events are kept for those that come back.
const KEPT: usize = 1_024;

pub(crate) struct Events {
    kept: Mutex<(u64, VecDeque<EventEnvelope>)>,
    sender: broadcast::Sender<EventEnvelope>,
}

impl Events {
    pub(crate) fn new() -> Self {
        Self { kept: Mutex::new((0, VecDeque::with_capacity(KEPT))), sender: broadcast::channel(KEPT).0 }
    }

    pub(crate) fn send(&self, event: Event) {
        let mut kept = self.kept.lock().expect("no panic while it is held");
        kept.0 += 1;
        let envelope = EventEnvelope { sequence: kept.0, event };
        if kept.1.len() == KEPT {
            kept.1.pop_front();
        }
        kept.1.push_back(envelope.clone());
        // Nobody listening is fine.
        let _ = self.sender.send(envelope);
    }

    pub(crate) fn subscribe(&self) -> broadcast::Receiver<EventEnvelope> {
        self.sender.subscribe()
    }

    /// The events after `sequence`; `None` when some of them are not kept any more.
    pub(crate) fn since(&self, sequence: u64) -> Option<Vec<EventEnvelope>> {
        let kept = self.kept.lock().expect("no panic while it is held");
        let oldest = kept.1.front().map_or(kept.0 + 1, |envelope| envelope.sequence);
        if sequence > kept.0 || sequence + 1 < oldest {
            return None;
        }
        Some(kept.1.iter().filter(|envelope| envelope.sequence > sequence).cloned().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::{Event, Events, KEPT};

    #[test]
    fn a_listener_catches_up_or_hears_of_the_gap() {
        let events = Events::new();
        for _ in 0..KEPT + 10 {
            events.send(Event::Stale { tags: Vec::new() });
        }
        let newest = (KEPT + 10) as u64;
        assert_eq!(events.since(newest - 3).map(|missed| missed.len()), Some(3));
        assert_eq!(events.since(newest).map(|missed| missed.len()), Some(0));
        assert_eq!(events.since(2), None);
        assert_eq!(events.since(newest + 1), None, "a number of another start");
    }
}
