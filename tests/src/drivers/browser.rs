//! Headless Chromium at a gateway of this process.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use app_commands::{Host, HostOptions, Keychain};
use gateway::{Gateway, GatewayOptions};
use serde_json::json;
use tempfile::TempDir;
use thirtyfour::Capabilities;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::{TURN, find_file, started, with_session};
use crate::processes::DriverServer;
use crate::{App, places};

/// A journey's browser with the host behind it.
pub struct Browser {
    /// The interface in the browser.
    pub app: App,
    /// The host, for what a journey checks behind the interface.
    pub host: Host,
    downloads: PathBuf,
}

impl Browser {
    /// Waits for a download that is complete and gives its path.
    pub async fn downloaded(&self, extension: &str) -> Result<PathBuf> {
        let what = format!("a .{extension} download");
        self.app.wait(&what, async || Ok(find_file(&self.downloads, extension))).await
    }
}

/// Runs a journey in a browser with a host that has no workspace yet.
pub async fn in_browser(name: &str, journey: impl AsyncFnOnce(&Browser) -> Result<()>) -> Result<()> {
    let _turn = TURN.lock().await;
    let folder = tempfile::tempdir().context("making a folder for the journey")?;
    let host = Host::start(HostOptions {
        data_folder: folder.path().join("data"),
        log_folder: folder.path().join("logs"),
        actor: "journey".to_owned(),
        keychain: Keychain::File,
    })?;
    let gateway = Gateway::new(host.clone(), GatewayOptions { ui_folder: places::interface()? });
    let listener = TcpListener::bind("127.0.0.1:0").await.context("binding the gateway")?;
    let entry = gateway.entry_url(listener.local_addr()?);
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(async move { gateway.serve(listener, async { drop(stopped.await) }).await });

    let driver = DriverServer::start("chromedriver", [("LANG", "en_GB.UTF-8")]).await?;
    let downloads = folder.path().join("downloads");
    let outcome = with_session(name, driver.url(), capabilities(&folder, &downloads)?, async |session| {
        session.goto(entry).await.context("opening the entry address")?;
        let browser = Browser { app: App::new(session), host: host.clone(), downloads };
        started(&browser.app).await?;
        journey(&browser).await
    })
    .await;
    let _ = stop.send(());
    serving.await.context("the gateway's task")??;
    host.shutdown().await;
    outcome
}

/// Opens a file in a browser and gives its title once it has one.
pub async fn title_of_page(name: &str, file: &Path) -> Result<String> {
    const LIMIT: Duration = Duration::from_secs(240);
    let _turn = TURN.lock().await;
    let folder = tempfile::tempdir().context("making a folder for the journey")?;
    let driver = DriverServer::start("chromedriver", [("LANG", "en_GB.UTF-8")]).await?;
    let mut title = String::new();
    with_session(name, driver.url(), capabilities(&folder, folder.path())?, async |session| {
        session.goto(format!("file://{}", file.display())).await.context("opening the page")?;
        let began = std::time::Instant::now();
        while title.is_empty() {
            ensure!(began.elapsed() < LIMIT, "the page has no title after {} s", LIMIT.as_secs());
            tokio::time::sleep(Duration::from_millis(100)).await;
            title = session.title().await?;
        }
        Ok(())
    })
    .await?;
    Ok(title)
}

fn capabilities(folder: &TempDir, downloads: &Path) -> Result<Capabilities> {
    let profile = format!("--user-data-dir={}", folder.path().join("profile").display());
    let arguments = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-quic",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        "--no-default-browser-check",
        "--lang=en-GB",
        "--window-size=1440,900",
        profile.as_str(),
    ];
    let options = json!({ "args": arguments, "prefs": { "download.default_directory": downloads } });
    let mut capabilities = Capabilities::new();
    capabilities.set("browserName", json!("chrome"))?;
    capabilities.set("goog:chromeOptions", options)?;
    Ok(capabilities)
}
