//! The interface in a browser on this machine.

use std::net::Ipv4Addr;
use std::path::PathBuf;

use anyhow::{Context, Result};
use app_commands::Host;
use gateway::{Gateway, GatewayOptions};
use serde::Serialize;
use tokio::net::TcpListener;

use crate::output;

/// Where the interface is, for scripts.
#[derive(Serialize)]
struct Entry {
    url: String,
}

/// Serves until Ctrl+C.
pub async fn serve(host: &Host, port: u16, ui: Option<PathBuf>, json: bool) -> Result<()> {
    let ui_folder = ui
        .or_else(beside_the_program)
        .context("the interface is not built; run `cargo xtask ui`, or name its folder with --ui")?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .with_context(|| format!("port {port} cannot be listened on; choose another with --port"))?;
    let address = listener.local_addr()?;
    let gateway = Gateway::new(host.clone(), GatewayOptions { ui_folder });
    output::answer(json, &Entry { url: gateway.entry_url(address) }, |entry| {
        println!("Open {}\nThe address works once. Ctrl+C ends.", entry.url);
    });
    gateway
        .serve(listener, async {
            // Without a signal handler the program can still be ended by its terminal.
            let _ = tokio::signal::ctrl_c().await;
        })
        .await?;
    Ok(())
}

/// `ui-dist` beside the program, or one folder up where cargo builds it.
fn beside_the_program() -> Option<PathBuf> {
    let program = std::env::current_exe().ok()?;
    program
        .ancestors()
        .skip(1)
        .take(2)
        .map(|folder| folder.join("ui-dist"))
        .find(|folder| folder.join("index.html").is_file())
}
