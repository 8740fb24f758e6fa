//! The desktop application: one window on the interface, and the doors from it to the host.
//!
//! The window may call four commands and load nothing but the interface that is built in. What the commands do is
//! decided by the host; the shell adds native dialogs, the single instance and the log file.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod arguments;
mod bridge;
mod dialogs;
mod events;
mod logging;
mod opening;
mod window;

use std::process::ExitCode;
use std::time::Duration;

use app_commands::{Host, HostOptions, Keychain};
use clap::Parser;
use tauri::{App, Manager, RunEvent};

use arguments::{Arguments, Folders};

/// How long jobs may take to stop when the window closes.
const SHUTDOWN_LIMIT: Duration = Duration::from_secs(10);

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let folders = Folders::chosen();
    let _log = logging::start(&folders.logs, arguments.verbose);
    match build(arguments, folders) {
        Ok(app) => {
            app.run(|app, event| {
                if let RunEvent::Exit = event {
                    shut_down(app.state::<Host>().inner());
                }
            });
            ExitCode::SUCCESS
        }
        Err(error) => {
            tracing::error!(%error, "the window cannot be opened");
            eprintln!("omnipricex-desktop: {error}");
            ExitCode::FAILURE
        }
    }
}

fn build(arguments: Arguments, folders: Folders) -> Result<App, Box<dyn std::error::Error>> {
    let host = tauri::async_runtime::block_on(async {
        Host::start(HostOptions {
            data_folder: folders.data.clone(),
            log_folder: folders.logs.clone(),
            actor: arguments::actor(),
            keychain: Keychain::System,
        })
    })?;
    let mut builder = tauri::Builder::default();
    // A folder of its own is an instance of its own.
    if !folders.overridden {
        builder = builder.plugin(tauri_plugin_single_instance::init(|app, words, folder| {
            opening::by_second_instance(app, words, &folder);
        }));
    }
    let app = builder
        .plugin(tauri_plugin_dialog::init())
        .manage(host)
        .manage(events::Listener::default())
        .invoke_handler(tauri::generate_handler![
            bridge::run_command,
            bridge::pick_file,
            bridge::save_file,
            bridge::listen_events
        ])
        .setup(move |app| {
            window::open(app.handle(), &folders)?;
            opening::at_start(app.handle(), arguments);
            Ok(())
        })
        .build(tauri::generate_context!())?;
    Ok(app)
}

fn shut_down(host: &Host) {
    tauri::async_runtime::block_on(async {
        if tokio::time::timeout(SHUTDOWN_LIMIT, host.shutdown()).await.is_err() {
            tracing::warn!("some work did not stop in time; the workspace keeps what was finished");
        }
    });
}
