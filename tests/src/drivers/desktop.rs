//! The real window under a display, driven by WebKit's own driver.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::json;
use thirtyfour::Capabilities;

use super::{TURN, find_file, started, with_session};
use crate::processes::{Display, DriverServer};
use crate::{App, places};

/// How the application is started.
#[derive(Clone, Debug, Default)]
pub struct Start {
    /// Words on its command line.
    pub arguments: Vec<String>,
    /// The name and content of the file that the person picks in every dialog.
    pub picked: Option<(String, String)>,
    /// Where its data are and stay; otherwise a folder that is gone afterwards.
    pub folder: Option<PathBuf>,
}

/// A journey's window.
pub struct Desktop {
    /// The interface in the window.
    pub app: App,
    folder: PathBuf,
}

impl Desktop {
    /// Waits until a file was saved, beside the picked one, and gives its path.
    pub async fn saved(&self, extension: &str) -> Result<PathBuf> {
        let files = self.folder.join("files");
        self.app.text_that("toast", |text| text.contains("saved to")).await?;
        find_file(&files, extension).with_context(|| format!("no .{extension} in {}", files.display()))
    }
}

/// Runs a journey in the real window, on a data folder of its own.
pub async fn in_window(name: &str, start: Start, journey: impl AsyncFnOnce(&Desktop) -> Result<()>) -> Result<()> {
    let _turn = TURN.lock().await;
    let binary = places::desktop_binary()?;
    let own_folder = tempfile::tempdir().context("making a folder for the journey")?;
    let folder = start.folder.as_deref().unwrap_or(own_folder.path());
    let display = match env::var("DISPLAY") {
        Ok(name) if !name.is_empty() => None,
        _ => Some(Display::start().await?),
    };
    let mut environment = environment(folder);
    if let Some(display) = &display {
        environment.push(("DISPLAY", display.name().to_owned()));
    }
    if let Some((file, content)) = start.picked {
        environment.push(("OMNIPRICEX_TEST_PICK", picked(folder, &file, &content)?));
    }
    let driver = DriverServer::start("WebKitWebDriver", environment).await?;
    with_session(name, driver.url(), capabilities(&binary, &start.arguments)?, async |session| {
        let desktop = Desktop { app: App::new(session), folder: folder.to_owned() };
        started(&desktop.app).await?;
        journey(&desktop).await
    })
    .await
}

/// The driver hands its environment on to the application.
fn environment(folder: &Path) -> Vec<(&'static str, String)> {
    vec![
        ("TAURI_AUTOMATION", "true".to_owned()),
        ("TAURI_WEBVIEW_AUTOMATION", "true".to_owned()),
        ("OMNIPRICEX_DATA_DIR", folder.join("data").display().to_string()),
        ("GDK_BACKEND", "x11".to_owned()),
        ("GTK_A11Y", "none".to_owned()),
        ("NO_AT_BRIDGE", "1".to_owned()),
        ("LIBGL_ALWAYS_SOFTWARE", "1".to_owned()),
    ]
}

fn picked(folder: &Path, file: &str, content: &str) -> Result<String> {
    let files = folder.join("files");
    std::fs::create_dir_all(&files).context("making the folder of picked files")?;
    let path = files.join(file);
    std::fs::write(&path, content).context("writing the picked file")?;
    Ok(path.display().to_string())
}

fn capabilities(binary: &Path, arguments: &[String]) -> Result<Capabilities> {
    let options = json!({ "binary": binary, "args": arguments });
    let mut capabilities = Capabilities::new();
    capabilities.set("webkitgtk:browserOptions", options)?;
    Ok(capabilities)
}
