//! Programs that a journey starts and ends: drivers and the virtual display.

use std::ffi::OsStr;
use std::net::TcpListener;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

const START_LIMIT: Duration = Duration::from_secs(30);

/// A virtual display, ended when dropped.
pub(crate) struct Display {
    name: String,
    _server: Child,
}

impl Display {
    /// Starts Xvfb on a free display number.
    pub(crate) async fn start() -> Result<Self> {
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1600x1000x24", "-nolisten", "tcp"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context("starting Xvfb; install it with `cargo xtask setup`")?;
        let output = server.stdout.take().expect("it is piped");
        let mut line = String::new();
        tokio::time::timeout(START_LIMIT, BufReader::new(output).read_line(&mut line))
            .await
            .context("waiting for Xvfb")??;
        let number = line.trim();
        if number.is_empty() {
            bail!("Xvfb ended before it had a display");
        }
        Ok(Self { name: format!(":{number}"), _server: server })
    }

    /// Its name for `DISPLAY`.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }
}

/// A WebDriver server, ended when dropped.
pub(crate) struct DriverServer {
    url: String,
    _server: Child,
}

impl DriverServer {
    /// Starts a driver program on a free port of loopback with some more environment.
    pub(crate) async fn start<K: AsRef<OsStr>, V: AsRef<OsStr>>(
        program: &str,
        environment: impl IntoIterator<Item = (K, V)>,
    ) -> Result<Self> {
        let port = free_port()?;
        let server = Command::new(program)
            .arg(format!("--port={port}"))
            .envs(environment)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("starting {program}; install it with `cargo xtask setup`"))?;
        tokio::time::timeout(START_LIMIT, reachable(port))
            .await
            .with_context(|| format!("{program} did not listen on port {port}"))?;
        Ok(Self { url: format!("http://127.0.0.1:{port}"), _server: server })
    }

    /// Where it listens.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").context("asking for a free port")?;
    Ok(listener.local_addr().context("reading the free port")?.port())
}

async fn reachable(port: u16) {
    while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
