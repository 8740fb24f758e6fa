//! Serves the six shops on this machine's loopback addresses.

use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use tokio::task::JoinHandle;

use crate::listings::{SampleListing, listings, unmatched};
use crate::market::{PageKind, truth};
use crate::mixing::happens;
use crate::pages;
use crate::shops::{Shop, ShopAddresses};

const BUSY: i64 = 41;
/// Requests in ten thousand that Digitalhafen first answers with 429.
const BUSY_BP: i64 = 250;
const SECONDS_PER_DAY: u64 = 86_400;

/// A shop could not be served.
#[derive(Debug, thiserror::Error)]
#[error("the demo shop {shop} cannot listen on {socket}: {source}. Close what uses that port and try again.")]
pub struct ServeError {
    shop: &'static str,
    socket: SocketAddr,
    source: std::io::Error,
}

/// The day on which the shops are visited.
#[derive(Clone, Debug)]
pub struct ShopClock(Option<Arc<AtomicI64>>);

impl ShopClock {
    /// Today, in UTC.
    pub const fn wall() -> Self {
        Self(None)
    }

    /// A day that the caller sets (days since 1970-01-01).
    pub const fn fixed_day(day: Arc<AtomicI64>) -> Self {
        Self(Some(day))
    }

    fn day(&self) -> i64 {
        match &self.0 {
            Some(day) => day.load(Ordering::Relaxed),
            None => {
                let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                i64::try_from(elapsed.as_secs() / SECONDS_PER_DAY).expect("a day within i64")
            }
        }
    }
}

/// The shops while they run; they close when this is dropped.
#[derive(Debug)]
pub struct RunningShops {
    servers: Vec<JoinHandle<std::io::Result<()>>>,
}

impl Drop for RunningShops {
    fn drop(&mut self) {
        for server in &self.servers {
            server.abort();
        }
    }
}

struct ShopState {
    shop: Shop,
    origin: String,
    clock: ShopClock,
    by_path: HashMap<&'static str, &'static SampleListing>,
    /// Visits that were already told to come back later.
    told_to_wait: Mutex<HashSet<(String, i64)>>,
    manner: Manner,
}

/// Opens all six shops. They answer as soon as this returns.
pub async fn serve(addresses: &ShopAddresses, clock: ShopClock) -> Result<RunningShops, ServeError> {
    open_all(addresses, clock, Manner { latency: Duration::ZERO, asks_to_wait: true })
}

/// Opens all six shops as if they were far away: every answer takes `latency`. None asks to be visited later, which
/// would measure the shop's wish.
pub async fn serve_from_afar(
    addresses: &ShopAddresses,
    clock: ShopClock,
    latency: Duration,
) -> Result<RunningShops, ServeError> {
    open_all(addresses, clock, Manner { latency, asks_to_wait: false })
}

/// How shops answer.
#[derive(Clone, Copy)]
struct Manner {
    /// How long every answer takes.
    latency: Duration,
    /// Whether the one that does so sometimes asks to be visited later.
    asks_to_wait: bool,
}

fn open_all(addresses: &ShopAddresses, clock: ShopClock, manner: Manner) -> Result<RunningShops, ServeError> {
    let mut running = RunningShops { servers: Vec::with_capacity(6) };
    for shop in Shop::ALL {
        let listener = open(addresses, shop).map_err(|source| ServeError {
            shop: shop.name(),
            socket: addresses.socket(shop),
            source,
        })?;
        let router = router(shop, addresses.origin(shop), clock.clone(), manner);
        running.servers.push(tokio::spawn(axum::serve(listener, router).into_future()));
    }
    Ok(running)
}

fn open(addresses: &ShopAddresses, shop: Shop) -> std::io::Result<tokio::net::TcpListener> {
    let listener = addresses.listener(shop)?;
    listener.set_nonblocking(true)?;
    tokio::net::TcpListener::from_std(listener)
}

fn router(shop: Shop, origin: String, clock: ShopClock, manner: Manner) -> Router {
    let by_path = listings()
        .iter()
        .chain(unmatched())
        .filter(|listing| listing.shop == shop)
        .map(|listing| (listing.path.as_str(), listing))
        .collect();
    let state = ShopState { shop, origin, clock, by_path, told_to_wait: Mutex::default(), manner };
    Router::new()
        .route("/", get(front))
        .route("/robots.txt", get(robots))
        .route("/sitemap.xml", get(sitemap))
        .fallback(get(product))
        .with_state(Arc::new(state))
}

async fn front(State(state): State<Arc<ShopState>>) -> Html<String> {
    Html(pages::front(state.shop, state.clock.day()))
}

async fn robots(State(state): State<Arc<ShopState>>) -> String {
    let forbidden: &[&str] = match state.shop {
        Shop::ElektroMax => &["/suche", "/korb"],
        Shop::Strompfeil => &["/outlet/", "/suche"],
        Shop::Klangspeicher => &["/merkzettel"],
        Shop::Geraetefuchs => &["/korb", "/*?sort="],
        Shop::Funkelkiste => &["/api/"],
        Shop::Digitalhafen => &["/challenge", "/checkout"],
    };
    let rules: Vec<String> = forbidden.iter().map(|path| format!("Disallow: {path}\n")).collect();
    let (name, origin) = (state.shop.name(), &state.origin);
    format!("# {name}\nUser-agent: *\n{}\nSitemap: {origin}/sitemap.xml\n", rules.concat())
}

async fn sitemap(State(state): State<Arc<ShopState>>) -> Response {
    let mut paths: Vec<&str> = state.by_path.keys().copied().collect();
    paths.sort_unstable();
    let origin = &state.origin;
    let page = |path: &&str| format!("<url><loc>{origin}{}</loc></url>\n", path.replace('&', "&amp;"));
    let pages: String = paths.iter().map(page).collect();
    let document = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n{pages}</urlset>\n"
    );
    ([(header::CONTENT_TYPE, "application/xml")], document).into_response()
}

async fn product(State(state): State<Arc<ShopState>>, uri: Uri, headers: HeaderMap) -> Response {
    if !state.manner.latency.is_zero() {
        tokio::time::sleep(state.manner.latency).await;
    }
    let day = state.clock.day();
    let path = uri.path_and_query().map_or("/", |both| both.as_str());
    let missing = || (StatusCode::NOT_FOUND, Html(pages::not_found(state.shop, day))).into_response();
    let Some(listing) = state.by_path.get(path) else { return missing() };
    match truth(listing, day).page {
        PageKind::Gone => missing(),
        PageKind::Blocked => (StatusCode::FORBIDDEN, Html(pages::blocked(state.shop))).into_response(),
        _ if asks_to_wait(&state, listing, day) => {
            let wait = [(header::RETRY_AFTER, "1")];
            (StatusCode::TOO_MANY_REQUESTS, wait, Html(pages::too_many(state.shop))).into_response()
        }
        PageKind::Product | PageKind::SoldOut | PageKind::Disallowed => {
            answer(pages::product_page(listing, &state.origin, day), &headers)
        }
    }
}

/// The page with its tag, or nothing new when the visitor has it already.
fn answer(page: String, headers: &HeaderMap) -> Response {
    let hash = page
        .bytes()
        .fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3));
    let tag = format!("\"{hash:016x}\"");
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    if known == Some(tag.as_str()) {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response();
    }
    ([(header::ETAG, tag)], Html(page)).into_response()
}

/// The first visit of some pages on some days is told to come back a second later.
fn asks_to_wait(state: &ShopState, listing: &SampleListing, day: i64) -> bool {
    let number = i64::try_from(listing.product).expect("few products");
    if !state.manner.asks_to_wait || state.shop != Shop::Digitalhafen || !happens(BUSY_BP, &[BUSY, number, day]) {
        return false;
    }
    state.told_to_wait.lock().expect("no holder panics").insert((listing.path.clone(), day))
}
