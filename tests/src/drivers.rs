//! The two hosts that a journey drives: a browser at the gateway, and the real window.

mod browser;
mod desktop;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use thirtyfour::{By, Capabilities, WebDriver};
use tokio::sync::Mutex;

pub use browser::{Browser, in_browser};
pub use desktop::{Desktop, Start, in_window};

use crate::{App, places};

/// Journeys take turns: each has the machine for itself, so that waiting for one says nothing about another.
static TURN: Mutex<()> = Mutex::const_new(());

/// Opens a session, and ends it however the journey ends. A failure leaves a picture of the last state.
async fn with_session(
    name: &str,
    driver_url: &str,
    capabilities: Capabilities,
    journey: impl AsyncFnOnce(WebDriver) -> Result<()>,
) -> Result<()> {
    let driver = WebDriver::new(driver_url, capabilities).await.context("opening a session with the driver")?;
    let mut outcome = journey(driver.clone()).await;
    if let Some(fault) = fault(&driver).await {
        let others = outcome.err().map(|error| format!(", then {error:#}")).unwrap_or_default();
        outcome = Err(anyhow!("the interface met a fault{others}: {fault}"));
    }
    if outcome.is_err() {
        leave_picture(name, &driver).await;
    }
    let ended = driver.quit().await;
    outcome?;
    Ok(ended?)
}

/// What the page told of a fault of the interface.
async fn fault(driver: &WebDriver) -> Option<String> {
    let details = driver.find(By::Css("[data-testid=fault] pre")).await.ok()?;
    details.prop("textContent").await.ok()?
}

async fn leave_picture(name: &str, driver: &WebDriver) {
    let Ok(file) = places::picture(name) else { return };
    match driver.screenshot(&file).await {
        Ok(()) => eprintln!("the last state of “{name}” is in {}", file.display()),
        Err(error) => eprintln!("“{name}” left no picture: {error}"),
    }
}

/// Waits until the interface has started: its first page or the one for a first start is there.
async fn started(app: &App) -> Result<()> {
    app.see_css("[data-testid=\"first-start\"], [data-testid^=\"page-\"]").await.map(drop)
}

fn find_file(folder: &Path, extension: &str) -> Option<PathBuf> {
    let files = std::fs::read_dir(folder).ok()?;
    let mut paths = files.filter_map(|file| file.ok().map(|file| file.path()));
    paths.find(|path| path.extension().is_some_and(|found| found == extension))
}
