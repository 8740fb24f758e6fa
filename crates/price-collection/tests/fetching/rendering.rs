//! Pages that are empty until their scripts run, loaded in the browser that is installed here.

use std::sync::Arc;

use price_collection::{CollectSettings, Rendering, SiteRules, Target, find_browser};
use pricing_domain::ReadState;
use tokio::time::Duration;

use crate::server::{PRODUCT_PAGE, Reply, Shop};
use crate::support::{collected, settings, target};

/// A page that fetches its product from its own shop, and tries a server that is none of its business.
fn scripted(trap: &str) -> String {
    format!(
        r#"<!DOCTYPE html><html><head><title>Shop</title></head><body><div id="root"></div><script>
        fetch("{trap}/secret", {{mode: "no-cors"}}).catch(() => {{}});
        fetch("/product").then(answer => answer.text()).then(html => {{ document.body.innerHTML = html }});
        </script></body></html>"#
    )
}

async fn shop(trap: String) -> Shop {
    Shop::start(move |visit| match visit.path.as_str() {
        "/robots.txt" => Reply::status(200).body("User-agent: *\nDisallow: /private"),
        "/lamp" => Reply::status(200).with("content-type", "text/html").body(scripted(&trap)),
        "/moved" => Reply::status(302).with("location", "/private/lamp"),
        "/product" | "/private/lamp" => Reply::status(200).with("content-type", "text/html").body(PRODUCT_PAGE),
        _ => Reply::status(404).with("content-type", "text/html").body("<h1>Not here</h1>"),
    })
    .await
}

fn rendered(key: i64, url: String) -> Target {
    let rules = SiteRules { rendering: Rendering::Browser, ..SiteRules::default() };
    Target { rules: Arc::new(rules), ..target(key, url) }
}

fn patient(shop: &Shop) -> CollectSettings {
    assert!(find_browser().is_some(), "`cargo xtask setup` installs a browser for the tests");
    CollectSettings { timeout: Duration::from_secs(30), ..settings(&[&shop.origin]) }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_made_by_scripts_is_read_through_the_browser_and_reaches_nothing_else() {
    let trap = Shop::of_products().await;
    let shop = shop(trap.origin.clone()).await;
    let targets = vec![
        target(1, shop.url("/lamp")),
        rendered(2, shop.url("/lamp")),
        rendered(3, shop.url("/moved")),
        rendered(4, shop.url("/nowhere")),
    ];
    let (seen, _) = collected(targets, patient(&shop)).await;
    let states: Vec<_> = seen.iter().map(|one| one.state).collect();
    assert_eq!(states, [ReadState::NoPrice, ReadState::Product, ReadState::Disallowed, ReadState::Gone], "{seen:#?}");
    assert!(seen[0].reason.contains("let a browser load"), "{}", seen[0].reason);
    let price = seen[1].extraction.as_ref().and_then(|read| read.price);
    assert_eq!(price.map(|price| price.to_string()).as_deref(), Some("19.99"));
    assert_eq!(trap.visits().len(), 0, "no script reaches an address that is not excepted");
    let names = shop.visits().into_iter().map(|visit| visit.headers["user-agent"].to_str().expect("text").to_owned());
    for name in names {
        assert!(name.starts_with("OmniPriceX/"), "every request names the program: {name}");
    }
}
