//! Opens what the command line names: at the start, and when a second instance hands its words over.

use std::path::Path;

use app_commands::Host;
use app_contract::{CommandError, GetStatus, OpenSample, OpenWorkspace};
use clap::Parser;
use tauri::{AppHandle, Manager};
use tauri_plugin_dialog::{DialogExt, MessageDialogKind};

use crate::arguments::Arguments;
use crate::window;

/// Opens what the arguments name, or what was open last, beside the window that is coming up. The host tells the window
/// when it is there.
pub(crate) fn at_start(app: &AppHandle, arguments: Arguments) {
    if arguments.sample || arguments.workspace.is_some() {
        return by_arguments(app, arguments);
    }
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        // What was open last and cannot be opened any more is no failure of this start: the first page offers others.
        if let Err(error) = open_last(app.state::<Host>().inner()).await {
            tracing::info!(code = ?error.code, "the last workspace was not opened");
        }
    });
}

fn by_arguments(app: &AppHandle, arguments: Arguments) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        if let Err(error) = open(app.state::<Host>().inner(), arguments).await {
            tracing::error!(code = ?error.code, "the workspace of the command line was not opened");
            app.dialog().message(error.message).title("OmniPriceX").kind(MessageDialogKind::Error).show(|_| {});
        }
    });
}

/// Brings the window to the front and opens what the second instance was started with.
pub(crate) fn by_second_instance(app: &AppHandle, words: Vec<String>, folder: &str) {
    window::focus(app);
    match Arguments::try_parse_from(words) {
        Ok(mut arguments) => {
            arguments.workspace = arguments.workspace.map(|file| Path::new(folder).join(file));
            if arguments.sample || arguments.workspace.is_some() {
                by_arguments(app, arguments);
            }
        }
        Err(error) => tracing::warn!(kind = ?error.kind(), "a second instance had unusable arguments"),
    }
}

async fn open(host: &Host, arguments: Arguments) -> Result<(), CommandError> {
    if let Some(path) = arguments.workspace {
        let file = host.register_input(path)?;
        host.call(OpenWorkspace { file: file.id }).await?;
    } else {
        host.call(OpenSample {}).await?;
    }
    host.read_ahead().await;
    Ok(())
}

async fn open_last(host: &Host) -> Result<(), CommandError> {
    let status = host.call(GetStatus {}).await?;
    if let (None, Some((_, file))) = (status.workspace, status.recent.into_iter().next()) {
        host.call(OpenWorkspace { file }).await?;
    }
    host.read_ahead().await;
    Ok(())
}
