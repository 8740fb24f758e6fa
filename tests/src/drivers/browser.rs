//! Headless Chromium at a gateway of this process.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use app_commands::{Host, HostOptions, Keychain};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use gateway::{Gateway, GatewayOptions};
use serde_json::json;
use tempfile::TempDir;
use thirtyfour::Capabilities;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::{TURN, find_file, started, with_session};
use crate::processes::DriverServer;
use crate::{App, places};

/// Prices a batch with the engine as a page has it.
const PRICE_IN_PAGE: &str = r"
const [script, module, snapshot, rules, at, done] = arguments;
const bytes = text => Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
(async () => {
  const engine = new Function(script + '; return wasm_bindgen;')();
  await engine({ module_or_path: bytes(module).buffer });
  return engine.digests(bytes(snapshot), rules, BigInt(at));
})().then(digests => done({ digests }), error => done({ error: String(error) }));
";

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

    /// Prices every list of a snapshot (the bytes of its cache) by a rule set (JSON) at a moment (microseconds since
    /// 1970) on an empty page, and gives the digest of each list's run.
    pub async fn priced_in_page(&self, snapshot: &[u8], rules: &str, at: i64) -> Result<Vec<String>> {
        let (script, module) = places::engine()?;
        let driver = self.app.driver();
        driver.goto("data:text/html,<title>engine</title>").await?;
        let arguments = vec![
            json!(script),
            json!(BASE64.encode(module)),
            json!(BASE64.encode(snapshot)),
            json!(rules),
            json!(at.to_string()),
        ];
        let answer = driver.execute_async(PRICE_IN_PAGE, arguments).await?;
        let answer = answer.json();
        match serde_json::from_value(answer["digests"].clone()) {
            Ok(digests) => Ok(digests),
            Err(_) => bail!("the page answered {answer}"),
        }
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
