//! The interface and the commands over HTTP, on loopback, for one person.
//!
//! A one-time address becomes a cookie session; every request is checked for host, origin and session before it
//! reaches a command. The gateway knows no command by name: it hands names and payloads to the host.

mod access;
mod commands;
mod downloads;
mod entry;
mod events;
mod guard;
mod headers;
mod interface;
mod replies;
mod uploads;

use std::future::Future;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use app_commands::Host;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};

use access::Access;

/// The largest body of a command: a selection of some 400,000 proposals by id.
const MAX_COMMAND_BYTES: usize = 16 * 1024 * 1024;

/// How long requests at work may take to finish after the gateway was asked to stop.
const CLOSING_GRACE: Duration = Duration::from_secs(5);

/// What a gateway is made with.
#[derive(Clone, Debug)]
pub struct GatewayOptions {
    /// The folder with the built interface: `index.html` and what it loads.
    pub ui_folder: PathBuf,
}

/// Why a gateway cannot serve.
#[derive(Debug, thiserror::Error)]
pub enum GatewayError {
    /// The listener can be reached from other machines.
    #[error("{0} is not a loopback address; listen on 127.0.0.1 or [::1]")]
    NotLoopback(SocketAddr),
    /// The interface was not built.
    #[error("there is no interface in {0}; build it with `cargo xtask ui`")]
    InterfaceMissing(PathBuf),
    /// The listener failed.
    #[error("the listener failed: {0}")]
    Listener(#[from] std::io::Error),
}

/// Serves one host to a browser. Cheap to clone; clones share sessions.
#[derive(Clone)]
pub struct Gateway {
    host: Host,
    options: GatewayOptions,
    access: Arc<Access>,
}

/// What the handlers share while a listener is served.
#[derive(Clone)]
struct Service {
    host: Host,
    ui_folder: Arc<PathBuf>,
    access: Arc<Access>,
    address: SocketAddr,
    closing: CancellationToken,
}

impl Gateway {
    /// Makes a gateway that nobody can enter yet.
    pub fn new(host: Host, options: GatewayOptions) -> Self {
        Self { host, options, access: Arc::default() }
    }

    /// Makes a fresh address for one entry at the listener bound to `address`. It works once; every call makes
    /// another one.
    pub fn entry_url(&self, address: SocketAddr) -> String {
        format!("http://{address}/?token={}", self.access.issue_token())
    }

    /// Serves until `shutdown` completes, then lets requests at work finish for a few seconds.
    ///
    /// Refuses a listener that other machines can reach, and a folder without the interface.
    pub async fn serve(
        &self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), GatewayError> {
        let address = listener.local_addr()?;
        self.check(address)?;
        let closing = CancellationToken::new();
        let router = self.router(address, closing.clone());
        let stop = closing.clone();
        let serving = axum::serve(listener, router).with_graceful_shutdown(async move {
            shutdown.await;
            stop.cancel();
        });
        tracing::info!(%address, "gateway listens");
        tokio::select! {
            served = serving.into_future() => served?,
            () = grace_after(closing) => {}
        }
        Ok(())
    }

    fn check(&self, address: SocketAddr) -> Result<(), GatewayError> {
        if !address.ip().is_loopback() {
            return Err(GatewayError::NotLoopback(address));
        }
        if !self.options.ui_folder.join("index.html").is_file() {
            return Err(GatewayError::InterfaceMissing(self.options.ui_folder.clone()));
        }
        Ok(())
    }

    fn router(&self, address: SocketAddr, closing: CancellationToken) -> Router {
        let service = Service {
            host: self.host.clone(),
            ui_folder: Arc::new(self.options.ui_folder.clone()),
            access: Arc::clone(&self.access),
            address,
            closing,
        };
        Router::new()
            .route("/", get(entry::enter))
            .route("/v1/commands/{name}", post(commands::run))
            .route("/v1/events", get(events::stream))
            .route("/v1/uploads", post(uploads::receive))
            .route("/v1/downloads/{id}", get(downloads::send))
            .fallback(interface::file_or_page)
            .layer(DefaultBodyLimit::max(MAX_COMMAND_BYTES))
            .layer(from_fn_with_state(service.clone(), guard::admit))
            .layer(compression())
            .layer(from_fn(headers::secure))
            .with_state(service)
    }
}

/// Text is compressed on the way. The interface's code is large and crosses no network: compressing it costs more than
/// it saves, unless it was compressed beforehand.
fn compression() -> CompressionLayer<impl Predicate> {
    CompressionLayer::new().compress_when(DefaultPredicate::new().and(NotForContentType::new("application/wasm")))
}

async fn grace_after(closing: CancellationToken) {
    closing.cancelled().await;
    tokio::time::sleep(CLOSING_GRACE).await;
}
