//! The same batch natively and as wasm in a browser: all sample products on all price lists, to the bit.

use anyhow::{Context, Result, ensure};
use app_commands::{Host, HostOptions, Keychain};
use app_contract::{GetRuleSet, OpenSample};
use journeys::{engine_page, title_of_page};
use pricing_operations::Workspace;

#[tokio::test(flavor = "multi_thread")]
async fn the_engine_in_a_browser_gives_the_same_cents_as_the_native_one() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let host = Host::start(HostOptions {
        data_folder: folder.path().join("data"),
        log_folder: folder.path().join("logs"),
        actor: "journey".to_owned(),
        keychain: Keychain::File,
    })?;
    let status = host.call(OpenSample {}).await?;
    let rules = serde_json::to_string(&host.call(GetRuleSet {}).await?)?;
    let location = status.workspace.context("the sample is open")?.location;
    let now = std::time::SystemTime::now();
    let micros = i64::try_from(now.duration_since(std::time::UNIX_EPOCH)?.as_micros())?;
    let now = pricing_domain::Instant(micros);
    host.shutdown().await;

    let workspace =
        Workspace::open(std::path::Path::new(&location), "journey", std::sync::Arc::new(move || now)).await?;
    let snapshot = workspace.snapshot().await?;
    let mut written = Vec::new();
    snapshot.write_cache(&mut written)?;
    workspace.close().await;

    let now = now.to_string();
    let native = engine_digest::digest_of_all(&written, &rules, &now).map_err(anyhow::Error::msg)?;
    let page = folder.path().join("engine.html");
    std::fs::write(&page, engine_page(&written, &rules, &now)?)?;
    let in_browser = title_of_page("native-and-wasm", &page).await?;
    println!("native: {native}\nwasm:   {in_browser}");
    ensure!(native.contains(" changes") && !native.starts_with("0 products"), "something was priced: {native}");
    ensure!(native == in_browser, "native gives {native}, wasm {in_browser}");
    Ok(())
}
