//! Where requests come in: counted, and failed where a test says so.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::{Router, extract::State};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// What happens to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Answered with this status, and `Retry-After` in seconds where there is one. Nothing is done.
    Status(u16, Option<u32>),
    /// The connection breaks before anything is done.
    CutBefore,
    /// It is done, and the connection breaks instead of the answer.
    CutAfter,
    /// Nothing is done and no answer ever comes.
    HoldBefore,
    /// It is done and no answer ever comes.
    HoldAfter,
}

#[derive(Default)]
struct Watch {
    requests: u64,
    faults: HashMap<u64, Fault>,
    always: Option<Fault>,
}

/// A server with its watch.
pub struct Door {
    address: String,
    watch: Arc<Mutex<Watch>>,
    reached: Arc<Notify>,
    server: JoinHandle<()>,
}

#[derive(Clone)]
struct Shared {
    watch: Arc<Mutex<Watch>>,
    reached: Arc<Notify>,
}

impl Door {
    /// Serves on a free port of loopback.
    pub(crate) async fn open(routes: Router) -> Self {
        let watch = Arc::new(Mutex::new(Watch::default()));
        let reached = Arc::new(Notify::new());
        let shared = Shared { watch: watch.clone(), reached: reached.clone() };
        let app = routes.layer(middleware::from_fn_with_state(shared, pass));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let server = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { address, watch, reached, server }
    }

    /// Where it is.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Requests so far.
    pub fn requests(&self) -> u64 {
        self.watch.lock().unwrap().requests
    }

    /// Counts from 0 again and forgets all faults.
    pub fn reset(&self) {
        *self.watch.lock().unwrap() = Watch::default();
    }

    /// Fails the request with this number, from 1.
    pub fn fail(&self, request: u64, fault: Fault) {
        self.watch.lock().unwrap().faults.insert(request, fault);
    }

    /// Fails every request.
    pub fn fail_always(&self, fault: Option<Fault>) {
        self.watch.lock().unwrap().always = fault;
    }

    /// Waits until a request with a fault has come as far as its fault. `false`: none did in time.
    pub async fn fault_reached(&self, limit: Duration) -> bool {
        tokio::time::timeout(limit, self.reached.notified()).await.is_ok()
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn pass(State(shared): State<Shared>, request: Request, next: Next) -> Response {
    let fault = {
        let mut watch = shared.watch.lock().unwrap();
        watch.requests += 1;
        let number = watch.requests;
        watch.faults.get(&number).copied().or(watch.always)
    };
    let Some(fault) = fault else { return next.run(request).await };
    match fault {
        Fault::Status(status, wait) => {
            shared.reached.notify_one();
            let mut answer = (StatusCode::from_u16(status).unwrap(), "{}").into_response();
            if let Some(seconds) = wait {
                answer.headers_mut().insert("retry-after", seconds.into());
            }
            answer
        }
        Fault::CutBefore => {
            shared.reached.notify_one();
            broken()
        }
        Fault::CutAfter => {
            next.run(request).await;
            shared.reached.notify_one();
            broken()
        }
        Fault::HoldBefore => {
            shared.reached.notify_one();
            std::future::pending().await
        }
        Fault::HoldAfter => {
            next.run(request).await;
            shared.reached.notify_one();
            std::future::pending().await
        }
    }
}

/// An answer whose body breaks off.
fn broken() -> Response {
    let cut = futures::stream::iter([Err::<Vec<u8>, _>(std::io::Error::other("cut"))]);
    Response::builder().header("content-length", "100").body(Body::from_stream(cut)).unwrap()
}
