//! Hands the host's events to the window.

use std::sync::Mutex;

use app_contract::EventEnvelope;
use tauri::async_runtime::JoinHandle;
use tauri::ipc::Channel;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

/// The one task that feeds the window.
#[derive(Default)]
pub(crate) struct Listener(Mutex<Option<JoinHandle<()>>>);

impl Listener {
    /// Feeds a channel with events and lets go of the channel before: the page that had it is gone.
    pub(crate) fn listen(&self, events: Receiver<EventEnvelope>, channel: Channel<EventEnvelope>) {
        let task = tauri::async_runtime::spawn(forward(events, channel));
        let earlier = self.0.lock().expect("no holder of this lock panics").replace(task);
        if let Some(earlier) = earlier {
            earlier.abort();
        }
    }
}

async fn forward(mut events: Receiver<EventEnvelope>, channel: Channel<EventEnvelope>) {
    loop {
        match events.recv().await {
            Ok(event) => {
                if channel.send(event).is_err() {
                    return;
                }
            }
            // The window sees the gap in the numbers of what follows.
            Err(RecvError::Lagged(missed)) => tracing::warn!(missed, "the window fell behind"),
            Err(RecvError::Closed) => return,
        }
    }
}
