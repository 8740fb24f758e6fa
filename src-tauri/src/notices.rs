//! Shows alerts as notifications of the desktop.

use app_commands::Host;
use app_contract::Event;
use tauri::{AppHandle, Manager};
use tauri_plugin_notification::NotificationExt;
use tokio::sync::broadcast::error::RecvError;

/// Shows every alert that the host tells of, for as long as the window lives.
pub(crate) fn show(app: &AppHandle) {
    let mut events = app.state::<Host>().subscribe();
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        loop {
            match events.recv().await {
                Ok(envelope) => {
                    let Event::Alert { notice } = envelope.event else { continue };
                    let shown = app.notification().builder().title(notice.title).body(notice.text).show();
                    if let Err(error) = shown {
                        tracing::warn!(%error, "a notification could not be shown; the alert stands in the list");
                    }
                }
                Err(RecvError::Lagged(missed)) => tracing::warn!(missed, "notifications fell behind"),
                Err(RecvError::Closed) => return,
            }
        }
    });
}
