//! Pictures are asked for like pages, once, and only pictures are taken.

use std::sync::Arc;

use price_collection::{FetchedPicture, SiteRules, fetch_picture};

use crate::server::{Reply, Shop};
use crate::support::{now, settings, target};

fn image(kind: &str, bytes: usize) -> Reply {
    Reply::status(200).with("content-type", kind).body(vec![7; bytes])
}

async fn shop() -> Shop {
    Shop::start(|visit| match visit.path.as_str() {
        "/robots.txt" => Reply::status(200).body("User-agent: *\nDisallow: /private/\n"),
        "/k.jpg" | "/private/k.jpg" => image("image/jpeg", 100),
        "/k.webp" => image("Image/WebP; charset=binary", 100),
        "/moved.jpg" => Reply::status(302).with("location", "/private/k.jpg"),
        "/page.jpg" => Reply::page(),
        "/k.svg" => image("image/svg+xml", 100),
        "/without.jpg" => Reply::status(200).body("x"),
        "/large.jpg" => image("image/jpeg", 2 * 1024 * 1024 + 1),
        "/busy.jpg" => Reply::status(503).with("retry-after", "1"),
        _ => Reply::status(404),
    })
    .await
}

async fn fetched(shop: &Shop, path: &str) -> FetchedPicture {
    fetch_picture(&target(1, shop.url(path)), settings(&[&shop.origin]), now).await
}

#[tokio::test]
async fn pictures_are_taken_and_what_is_none_is_told() {
    let shop = shop().await;
    assert_eq!(fetched(&shop, "/k.jpg").await, FetchedPicture::Picture(vec![7; 100]));
    assert_eq!(fetched(&shop, "/k.webp").await, FetchedPicture::Picture(vec![7; 100]));
    for (path, reason) in [
        ("/page.jpg", "text/html"),
        ("/k.svg", "image/svg+xml"),
        ("/without.jpg", "something without a type"),
        ("/large.jpg", "larger than 2 MiB"),
        ("/private/k.jpg", "robots.txt forbids it"),
        ("/moved.jpg", "robots.txt forbids it"),
        ("/gone.jpg", "status 404"),
        ("/busy.jpg", "status 503"),
    ] {
        let FetchedPicture::None(told) = fetched(&shop, path).await else { panic!("{path} is no picture") };
        assert!(told.contains(reason), "{path}: {told}");
    }
    let asked = shop.paths();
    assert!(!asked.contains(&"/private/k.jpg".to_owned()), "{asked:?}");
    assert_eq!(asked.iter().filter(|path| *path == "/busy.jpg").count(), 1, "no further attempts");
}

#[tokio::test]
async fn a_host_at_its_limit_is_not_asked_for_pictures() {
    let shop = shop().await;
    let settings = settings(&[&shop.origin]);
    let rules = Arc::new(SiteRules { daily_requests: Some(1), ..SiteRules::default() });
    let picture = |path: &str| price_collection::Target { rules: Arc::clone(&rules), ..target(1, shop.url(path)) };
    // robots.txt is the one request of the day.
    fetch_picture(&picture("/k.jpg"), settings.clone(), now).await;
    let before = shop.visits().len();
    let FetchedPicture::NotNow(reason) = fetch_picture(&picture("/k.webp"), settings, now).await else {
        panic!("the budget is spent")
    };
    assert!(reason.contains("budget"), "{reason}");
    assert_eq!(shop.visits().len(), before);
}

#[tokio::test]
async fn no_picture_is_fetched_from_inside_the_network() {
    let shop = shop().await;
    let FetchedPicture::None(reason) = fetch_picture(&target(1, shop.url("/k.jpg")), settings(&[]), now).await else {
        panic!("refused")
    };
    assert!(reason.contains("not a public address"), "{reason}");
    assert_eq!(shop.visits().len(), 0);
}
