//! The four commands that the window may call. Their names stand in `build.rs` and in the window's capability.

use app_commands::Host;
use app_contract::{CommandError, ErrorCode, EventEnvelope, FileRef};
use pricing_domain::FileId;
use serde_json::Value;
use tauri::ipc::Channel;
use tauri::{State, WebviewWindow};

use crate::dialogs::{self, Purpose};
use crate::events::Listener;

/// Runs a command of the contract.
#[tauri::command]
pub(crate) async fn run_command(host: State<'_, Host>, name: String, payload: Value) -> Result<Value, CommandError> {
    host.run(&name, payload).await
}

/// Lets the person pick a file. `None`: the dialog was closed.
#[tauri::command]
pub(crate) async fn pick_file(
    window: WebviewWindow,
    host: State<'_, Host>,
    purpose: Purpose,
) -> Result<Option<FileRef>, CommandError> {
    let Some(path) = dialogs::pick(&window, purpose).await else { return Ok(None) };
    match purpose {
        Purpose::CreateWorkspace => Ok(Some(host.register_output(path))),
        Purpose::Import | Purpose::OpenWorkspace => host.register_input(path).map(Some),
    }
}

/// Copies a file of the host to where the person wants it and answers with that place. `None`: the dialog was closed.
#[tauri::command]
pub(crate) async fn save_file(
    window: WebviewWindow,
    host: State<'_, Host>,
    id: FileId,
    name: String,
) -> Result<Option<String>, CommandError> {
    let source = host
        .file_path(id)
        .ok_or_else(|| CommandError::new(ErrorCode::NotFound, "this file is not here any more; write it again"))?;
    let Some(target) = dialogs::save(&window, &name).await else { return Ok(None) };
    tokio::fs::copy(&source, &target).await.map_err(|error| {
        let place = target.display();
        CommandError::new(ErrorCode::Refused, format!("{place} cannot be written: {error}; choose another place"))
    })?;
    Ok(Some(target.display().to_string()))
}

/// Sends the host's events to the window from now on. A later call replaces the earlier one.
#[tauri::command]
pub(crate) async fn listen_events(
    host: State<'_, Host>,
    listener: State<'_, Listener>,
    channel: Channel<EventEnvelope>,
) -> Result<(), CommandError> {
    listener.listen(host.subscribe(), channel);
    Ok(())
}
