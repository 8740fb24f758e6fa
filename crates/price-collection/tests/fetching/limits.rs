//! What a collection refuses, and how it ends: addresses, lengths, cancelling, full channels.

use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

use price_collection::{AddressPolicy, CollectSettings, ProxyServer, Route, SiteRules, Target, collect};
use pricing_domain::ReadState;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::server::{PRODUCT_PAGE, Reply, Shop};
use crate::support::{collected, collected_one, now, settings, target};

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

#[tokio::test]
async fn private_addresses_are_refused_also_behind_a_redirect() {
    let inner = Shop::of_products().await;
    let behind = inner.url("/secret");
    let outer = Shop::start(move |visit| match visit.path.as_str() {
        "/robots.txt" => Reply::status(404),
        _ => Reply::status(302).with("location", behind.clone()),
    })
    .await;
    let port = inner.origin.rsplit(':').next().expect("a port").to_owned();
    let targets = vec![
        target(1, outer.url("/a")),
        target(2, inner.url("/b")),
        target(3, format!("http://localhost:{port}/c")),
        target(4, "http://169.254.169.254/latest/meta-data/"),
        target(5, "file:///etc/passwd"),
        target(6, "no address"),
    ];
    for respect_robots in [true, false] {
        let settings = CollectSettings { respect_robots, ..settings(&[&outer.origin]) };
        let (seen, summary) = collected(targets.clone(), settings).await;
        assert_eq!(summary.by_state.get(&ReadState::Unreachable), Some(&6), "{seen:#?}");
        assert!(seen[..4].iter().all(|one| one.reason.contains("not a public address")), "{seen:#?}");
    }
    assert!(inner.visits().is_empty(), "{:?}", inner.paths());
}

#[tokio::test]
async fn an_exception_holds_for_its_own_port_only() {
    let (allowed, other) = (Shop::of_products().await, Shop::of_products().await);
    let targets = vec![target(1, allowed.url("/a")), target(2, other.url("/a"))];
    let (seen, _) = collected(targets, settings(&[&allowed.origin])).await;
    assert_eq!((seen[0].state, seen[1].state), (ReadState::Product, ReadState::Unreachable));
    assert!(other.visits().is_empty());
    let strict = CollectSettings { allow_private_addresses: AddressPolicy::PublicOnly, ..settings(&[]) };
    assert_eq!(collected_one(target(1, allowed.url("/a")), strict).await.state, ReadState::Unreachable);
}

#[tokio::test]
async fn a_decompression_bomb_is_cut_off_at_the_limit() {
    let bomb = gzipped(&vec![b' '; 50 * 1024 * 1024]);
    eprintln!("bomb: {} bytes on the wire for 50 MiB", bomb.len());
    let shop = Shop::start(move |visit| match visit.path.as_str() {
        "/robots.txt" => Reply::status(404),
        "/bomb" => {
            Reply::status(200).with("content-encoding", "gzip").with("content-type", "text/html").body(bomb.clone())
        }
        "/long" => Reply::status(200).with("content-type", "text/html").body(vec![b'x'; 2_000_001]),
        "/packed" => Reply::page().with("content-encoding", "gzip").body(gzipped(PRODUCT_PAGE.as_bytes())),
        _ => Reply::page().with("content-encoding", "gzip").body("this is not gzip"),
    })
    .await;
    let settings = CollectSettings { max_body_bytes: 2_000_000, retries: 0, ..settings(&[&shop.origin]) };
    let paths = ["/bomb", "/long", "/packed", "/damaged"].iter().zip(0..);
    let started = Instant::now();
    let (seen, _) = collected(paths.map(|(path, key)| target(key, shop.url(path))).collect(), settings).await;
    let states: Vec<_> = seen.iter().map(|one| one.state).collect();
    assert_eq!(states, [ReadState::TooLarge, ReadState::TooLarge, ReadState::Product, ReadState::Unreachable]);
    assert_eq!(seen[2].body.as_deref(), Some(PRODUCT_PAGE.as_bytes()));
    assert!(seen[3].reason.contains("decoded"), "{}", seen[3].reason);
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn statuses_become_states() {
    let shop = Shop::start(|visit| match visit.path.as_str() {
        "/robots.txt" => Reply::status(404),
        path => Reply::status(path[1..].parse().expect("a status")).body(PRODUCT_PAGE),
    })
    .await;
    let settings = CollectSettings { retries: 0, ..settings(&[&shop.origin]) };
    for (status, state) in [
        (404, ReadState::Gone),
        (410, ReadState::Gone),
        (401, ReadState::Blocked),
        (403, ReadState::Blocked),
        (429, ReadState::Blocked),
        (500, ReadState::Unreachable),
        (418, ReadState::Unreachable),
    ] {
        let seen = collected_one(target(1, shop.url(&format!("/{status}"))), settings.clone()).await;
        assert_eq!((seen.state, seen.status), (state, Some(status)), "{}", seen.reason);
        assert!(seen.extraction.is_none_or(|read| read.state != ReadState::Product || status >= 400));
    }
}

#[tokio::test]
async fn an_unchanged_page_is_not_read_again() {
    let shop = Shop::start(|visit| match visit.headers.get("if-none-match") {
        Some(tag) if tag == "\"v1\"" => Reply::status(304).with("etag", "\"v1\""),
        _ if visit.path == "/robots.txt" => Reply::status(404),
        _ => Reply::page().with("etag", "\"v1\"").with("last-modified", "Sun, 06 Nov 1994 08:49:37 GMT"),
    })
    .await;
    let settings = settings(&[&shop.origin]);
    let first = collected_one(target(1, shop.url("/a")), settings.clone()).await;
    assert!(!first.unchanged && first.body_sha256.is_some());
    let again = Target { cache_policy: first.cache_policy, ..target(1, shop.url("/a")) };
    let second = collected_one(again, settings).await;
    assert!(second.unchanged && second.extraction.is_none() && second.body.is_none());
    assert_eq!((second.state, second.status), (ReadState::Product, Some(304)));
    let last = shop.visits().pop().expect("a visit");
    assert_eq!(last.headers["if-modified-since"], "Sun, 06 Nov 1994 08:49:37 GMT");
}

#[tokio::test]
async fn cancelling_ends_at_once_and_loses_nothing_finished() {
    let shop = Shop::start(|visit| match visit.path.as_str() {
        "/robots.txt" => Reply::status(404),
        "/p/20" => Reply::page().after(Duration::from_secs(30)),
        _ => Reply::page(),
    })
    .await;
    let targets: Vec<Target> = (0..40).map(|key| target(key, shop.url(&format!("/p/{key}")))).collect();
    let settings = CollectSettings { timeout: Duration::from_secs(60), ..settings(&[&shop.origin]) };
    let cancel = CancellationToken::new();
    let (sink, mut source) = mpsc::channel(64);
    let job = tokio::spawn(collect(targets, settings, now, cancel.clone(), sink));
    let mut seen = 0;
    while seen < 20 {
        source.recv().await.expect("an observation");
        seen += 1;
    }
    let started = Instant::now();
    cancel.cancel();
    let summary = job.await.expect("a summary");
    let took = started.elapsed();
    eprintln!("cancelling took {took:?}");
    assert!(took < Duration::from_millis(200), "{took:?}");
    while source.recv().await.is_some() {
        seen += 1;
    }
    assert!(summary.cancelled);
    assert_eq!((summary.read, seen), (20, 20));
}

#[tokio::test]
async fn a_full_channel_holds_fetching_back_and_a_dropped_one_ends_it() {
    let shop = Shop::of_products().await;
    let targets: Vec<Target> = (0..30).map(|key| target(key, shop.url(&format!("/p/{key}")))).collect();
    let (sink, source) = mpsc::channel(1);
    let job = tokio::spawn(collect(targets, settings(&[&shop.origin]), now, CancellationToken::new(), sink));
    tokio::time::sleep(Duration::from_millis(400)).await;
    let fetched = shop.visits().len();
    assert!((2..=6).contains(&fetched), "{fetched} requests while nobody took anything");
    drop(source);
    let summary = tokio::time::timeout(Duration::from_secs(2), job).await.expect("an end").expect("a summary");
    assert!(summary.cancelled);
}

#[tokio::test]
async fn a_site_is_fetched_through_a_proxy_and_through_the_next_one_when_that_fails() {
    // For plain http a proxy is asked like a shop, with the whole address.
    let proxy = Shop::start(|visit| match visit.path.as_str() {
        "/robots.txt" => Reply::status(404),
        _ => Reply::page(),
    })
    .await;
    let rules = Arc::new(SiteRules { route: Route::Proxies, ..SiteRules::default() });
    let page = Target { rules: rules.clone(), ..target(1, "http://93.184.216.34/lamp") };
    let proxies = [String::from("http://127.0.0.1:9"), proxy.origin.clone()].map(server).to_vec();
    let settings = CollectSettings { proxies, ..settings(&[]) };
    let seen = collected_one(page.clone(), settings.clone()).await;
    assert_eq!(seen.state, ReadState::Product, "{}", seen.reason);
    assert_eq!(proxy.paths(), ["/robots.txt", "/lamp"]);
    assert_eq!(proxy.visits()[1].headers["host"], "93.184.216.34");
    let inside = Target { rules, ..target(2, "http://localhost/secret") };
    assert!(collected_one(inside, settings.clone()).await.reason.contains("not a public address"));
    let none = collected_one(page, CollectSettings { proxies: Vec::new(), ..settings }).await;
    assert!(none.reason.contains("proxy"), "{}", none.reason);
}

#[tokio::test]
async fn a_proxy_gets_its_user_and_password_and_one_that_wants_others_is_named() {
    let proxy = Shop::start(|visit| match visit.headers.get("proxy-authorization").map(|it| it.as_bytes()) {
        Some(b"Basic bWU6c0BjcmV0") if visit.path == "/robots.txt" => Reply::status(404),
        Some(b"Basic bWU6c0BjcmV0") => Reply::page(),
        _ => Reply::status(407),
    })
    .await;
    let rules = Arc::new(SiteRules { route: Route::Proxies, ..SiteRules::default() });
    let page = Target { rules, ..target(1, "http://93.184.216.34/lamp") };
    let through = |user: &str| {
        let proxies = vec![server(proxy.origin.replace("//", &format!("//{user}@")))];
        CollectSettings { proxies, ..settings(&[]) }
    };
    let seen = collected_one(page.clone(), through("me:s%40cret")).await;
    assert_eq!(seen.state, ReadState::Product, "{}", seen.reason);
    let refused = collected_one(page, through("me:other")).await;
    assert!(refused.reason.contains("asks for a user and password"), "{}", refused.reason);
}

fn server(address: String) -> ProxyServer {
    ProxyServer::parse(&address).expect("a proxy")
}
