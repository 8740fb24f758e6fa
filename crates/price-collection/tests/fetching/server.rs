//! A shop for tests: answers as told and notes every visit, as the shop sees it.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::serve::ListenerExt;

/// A page that every reader agrees on.
pub const PRODUCT_PAGE: &str = r#"<!DOCTYPE html><html lang="en"><head><title>Lamp</title>
<script type="application/ld+json">{"@context":"https://schema.org","@type":"Product","name":"Lamp","sku":"L-1",
"offers":{"@type":"Offer","price":"19.99","priceCurrency":"EUR","availability":"https://schema.org/InStock"}}</script>
</head><body><main><h1>Lamp</h1><p class="price">19.99 €</p><p>In stock</p><button>Add to cart</button></main></body></html>"#;

/// What the shop answers.
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
    pub after: Duration,
}

impl Reply {
    pub fn page() -> Self {
        Self::status(200).with("content-type", "text/html; charset=utf-8").body(PRODUCT_PAGE)
    }

    pub fn status(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new(), after: Duration::ZERO }
    }

    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    pub fn after(mut self, wait: Duration) -> Self {
        self.after = wait;
        self
    }
}

/// A visit as the shop saw it.
#[derive(Clone, Debug)]
pub struct Visit {
    pub path: String,
    pub headers: HeaderMap,
    /// How often this path was asked for before.
    pub earlier: usize,
    pub at: Instant,
}

#[derive(Default)]
struct Log {
    visits: Mutex<Vec<Visit>>,
    /// When each answer was ready.
    answered: Mutex<Vec<Instant>>,
    now: AtomicUsize,
    most: AtomicUsize,
    connections: AtomicUsize,
}

/// A running test shop.
pub struct Shop {
    pub origin: String,
    log: Arc<Log>,
}

impl Shop {
    /// Starts a shop that answers by `answer`; robots.txt too.
    pub async fn start(answer: impl Fn(&Visit) -> Reply + Send + Sync + 'static) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let origin = format!("http://{}", listener.local_addr().expect("an address"));
        let log = Arc::new(Log::default());
        let (answer, counts) = (Arc::new(answer), Arc::new(Mutex::new(HashMap::<String, usize>::new())));
        let noted = Arc::clone(&log);
        let router = axum::Router::new().fallback(move |request: Request| {
            let (answer, counts, log) = (Arc::clone(&answer), Arc::clone(&counts), Arc::clone(&noted));
            async move {
                let path = request.uri().path_and_query().map_or("/", |both| both.as_str()).to_owned();
                respond(path, request.headers().clone(), &*answer, &counts, &log).await
            }
        });
        let opened = Arc::clone(&log);
        let listener = listener.tap_io(move |_| {
            opened.connections.fetch_add(1, Ordering::SeqCst);
        });
        tokio::spawn(axum::serve(listener, router).into_future());
        Self { origin, log }
    }

    /// A shop without robots.txt, all of whose pages are the same product.
    pub async fn of_products() -> Self {
        Self::start(|visit| if visit.path == "/robots.txt" { Reply::status(404) } else { Reply::page() }).await
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    pub fn visits(&self) -> Vec<Visit> {
        self.log.visits.lock().expect("no holder panics").clone()
    }

    pub fn paths(&self) -> Vec<String> {
        self.visits().into_iter().map(|visit| visit.path).collect()
    }

    /// The most requests that were under way at one moment.
    pub fn most_at_once(&self) -> usize {
        self.log.most.load(Ordering::SeqCst)
    }

    /// How many connections were opened.
    pub fn connections(&self) -> usize {
        self.log.connections.load(Ordering::SeqCst)
    }

    /// From each answer to the next request.
    pub fn gaps(&self) -> Vec<Duration> {
        let answered = self.log.answered.lock().expect("no holder panics");
        let next = self.visits().into_iter().skip(1);
        answered.iter().zip(next).map(|(answer, visit)| visit.at.saturating_duration_since(*answer)).collect()
    }
}

async fn respond(
    path: String,
    headers: HeaderMap,
    answer: &(dyn Fn(&Visit) -> Reply + Send + Sync),
    counts: &Mutex<HashMap<String, usize>>,
    log: &Log,
) -> Response {
    let at = Instant::now();
    let busy = log.now.fetch_add(1, Ordering::SeqCst) + 1;
    log.most.fetch_max(busy, Ordering::SeqCst);
    let earlier = {
        let mut counts = counts.lock().expect("no holder panics");
        let count = counts.entry(path.clone()).or_default();
        *count += 1;
        *count - 1
    };
    let visit = Visit { path, headers, earlier, at };
    log.visits.lock().expect("no holder panics").push(visit.clone());
    let reply = answer(&visit);
    tokio::time::sleep(reply.after).await;
    log.answered.lock().expect("no holder panics").push(Instant::now());
    log.now.fetch_sub(1, Ordering::SeqCst);
    let mut response = Response::builder().status(StatusCode::from_u16(reply.status).expect("a status"));
    for (name, value) in &reply.headers {
        response = response.header(*name, value);
    }
    response.body(Body::from(reply.body)).expect("a response")
}
