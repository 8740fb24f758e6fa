//! A gateway on a free port with a small interface, and a client that has or has not come in.

use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;

use app_commands::{Host, HostOptions, Keychain};
use gateway::{Gateway, GatewayOptions};
use reqwest::{Client, RequestBuilder, Response, StatusCode, header};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// A running gateway.
pub struct Site {
    pub gateway: Gateway,
    pub address: SocketAddr,
    pub client: Client,
    cookie: String,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<()>,
    _folder: tempfile::TempDir,
}

impl Site {
    /// Starts a gateway that nobody entered yet.
    pub async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let ui_folder = folder.path().join("ui");
        write_interface(&ui_folder);
        let host = Host::start(HostOptions {
            data_folder: folder.path().join("data"),
            log_folder: folder.path().join("logs"),
            actor: "tester".to_owned(),
            keychain: Keychain::File,
        })
        .unwrap();
        let gateway = Gateway::new(host, GatewayOptions { ui_folder });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = spawn(gateway.clone(), listener, async move {
            let _ = stopped.await;
        });
        let client = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_secs(30))
            .no_proxy()
            .build()
            .unwrap();
        Self { gateway, address, client, cookie: String::new(), stop, serving, _folder: folder }
    }

    /// Starts a gateway and comes in.
    pub async fn start_entered() -> Self {
        let mut site = Self::start().await;
        let entered = site.client.get(site.entry_url()).send().await.unwrap();
        let cookie = entered.headers()[header::SET_COOKIE].to_str().unwrap();
        site.cookie = cookie.split(';').next().unwrap().to_owned();
        site
    }

    pub fn entry_url(&self) -> String {
        self.gateway.entry_url(self.address)
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(self.url(path)).header(header::COOKIE, &self.cookie)
    }

    pub fn post(&self, path: &str) -> RequestBuilder {
        self.client.post(self.url(path)).header(header::COOKIE, &self.cookie)
    }

    /// Runs a command.
    pub async fn run(&self, name: &str, payload: Value) -> (StatusCode, Value) {
        let response = self.post(&format!("/v1/commands/{name}")).json(&payload).send().await.unwrap();
        (response.status(), response.json().await.unwrap())
    }

    /// Runs a command that always leaves an event.
    pub async fn make_something_stale(&self) {
        let (status, answer) = self.run("create_workspace", json!({ "file": null, "name": "Nordlicht" })).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
    }

    /// Sends a request by hand and gives the head of the answer.
    pub async fn raw_get(&self, path: &str, headers: &str) -> String {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let request = format!(
            "GET {path} HTTP/1.1\r\nhost: {}\r\ncookie: {}\r\nconnection: close\r\n{headers}\r\n",
            self.address, self.cookie
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        String::from_utf8_lossy(&answer[..end]).into_owned()
    }

    /// Asks the gateway to stop and waits for it.
    pub async fn stop(self) {
        self.stop.send(()).unwrap();
        self.serving.await.unwrap();
    }
}

/// The body of an answer as text.
pub async fn text(response: Response) -> String {
    String::from_utf8(response.bytes().await.unwrap().to_vec()).unwrap()
}

/// The next event of a stream with its number.
pub async fn next_event(response: &mut Response) -> (u64, Value) {
    let mut received = String::new();
    let deadline = tokio::time::Instant::now() + Duration::from_secs(10);
    loop {
        let chunk = tokio::time::timeout_at(deadline, response.chunk()).await.expect("an event in time");
        received.push_str(std::str::from_utf8(&chunk.unwrap().expect("the stream goes on")).unwrap());
        if received.ends_with("\n\n") && received.contains("data: ") {
            let field = |name: &str| received.lines().find_map(|line| line.strip_prefix(name)).unwrap();
            return (field("id: ").parse().unwrap(), serde_json::from_str(field("data: ")).unwrap());
        }
    }
}

fn spawn(
    gateway: Gateway,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> JoinHandle<()> {
    tokio::spawn(async move { gateway.serve(listener, shutdown).await.unwrap() })
}

fn write_interface(folder: &std::path::Path) {
    std::fs::create_dir_all(folder).unwrap();
    for (name, content) in [
        ("index.html", "<!doctype html><html lang=\"en\"><head><title>OmniPriceX</title></head></html>".to_owned()),
        ("app.css", ".grid { display: grid; }\n".repeat(200)),
        ("start.js", "import init from './omnipricex_ui.js'; init();\n".to_owned()),
        ("omnipricex_ui_bg.wasm", "\0asm\u{1}\0\0\0".to_owned()),
    ] {
        std::fs::write(folder.join(name), content).unwrap();
    }
}
