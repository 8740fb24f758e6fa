//! Our products looked for by a shop's own search, on a server of this machine.

use app_contract::{MatchDecision, MatchFilter, MatchSearch, MatchSelection, MatchingReport};
use pricing_domain::MatchState;
use pricing_operations::{OperationError, Progress};

use crate::server::Rival;
use crate::support::Shop;

/// Searches are asked for in this way; what the server does not know is answered with 404.
async fn search(shop: &Shop, rival: &Rival, site: &str) -> Result<MatchingReport, OperationError> {
    let search = MatchSearch {
        competitor: "Rival".to_owned(),
        site: format!("{}{site}", rival.origin),
        most_pages: 50,
        ..MatchSearch::default()
    };
    shop.workspace.find_matches(&search, std::slice::from_ref(&rival.origin), &Progress::silent()).await
}

fn product_page(title: &str, price: &str) -> (u16, String, String) {
    let page = format!(
        "<html lang=en><head><title>{title}</title></head><body><main><h1>{title}</h1><p class=price>{price} EUR</p>\
         <p>In stock</p><button>Add to cart</button></main></body></html>"
    );
    (200, String::new(), page)
}

fn results(links: &[(&str, &str)]) -> (u16, String, String) {
    let items = links.iter().map(|(path, text)| format!("<li><a href=\"{path}\">{text}</a></li>"));
    let page =
        format!("<html lang=en><body><a href=/cart>Cart</a><ul>{}</ul></body></html>", items.collect::<String>());
    (200, String::new(), page)
}

#[tokio::test]
async fn a_shop_is_asked_for_each_product_without_a_page_and_not_again_soon() {
    let (shop, rival) = (Shop::with_products().await, Rival::open().await);
    rival.answer("/find?q=Boilo%20Kettle", results(&[("/p/1", "Boilo Kettle"), ("/p/9", "Garden hose")]));
    rival.answer("/find?q=Boilo%20Toaster", results(&[]));
    rival.answer("/p/1", product_page("Boilo Kettle", "25.00"));
    let report = search(&shop, &rival, "/find?q={query}").await.expect("a report");
    assert_eq!((report.searched, report.listed, report.read, report.products), (2, 1, 1, 1), "{report:?}");
    assert!(!rival.visits().contains(&"/p/9".to_owned()), "what does not speak of the product is left alone");
    let open = MatchFilter { state: Some(MatchState::Open), ..MatchFilter::default() };
    let rows = shop.workspace.matches(&open, 0, 9).await.expect("pairs").rows;
    assert_eq!(rows[0].ours.sku.as_deref(), Some("A1"));

    // The lamp was not answered and is asked for again; the others are not before a month has passed.
    let before = rival.visits().len();
    rival.answer("/find?q=Shine%20Lamp", results(&[("/p/3", "Shine lamp")]));
    rival.answer("/p/3", product_page("Shine Lamp", "45.00"));
    search(&shop, &rival, "/find?q={query}").await.expect("a report");
    assert_eq!(rival.visits()[before..], ["/find?q=Shine%20Lamp", "/p/3"]);
    let pairs = MatchSelection::Filter(MatchFilter { search: "Kettle".to_owned(), ..open });
    let decided = shop.workspace.decide_matches(&pairs, MatchDecision::Accept, None).await.expect("a decision");
    assert_eq!(decided.decided, 1);
    shop.later_hours(31 * 24);
    let before = rival.visits().len();
    search(&shop, &rival, "/find?q={query}").await.expect("a report");
    let mut asked = rival.visits()[before..].to_vec();
    asked.sort();
    assert_eq!(asked, ["/find?q=Boilo%20Toaster", "/find?q=Shine%20Lamp"], "the kettle has its page");
}

#[tokio::test]
async fn a_search_that_leads_to_the_page_at_once_is_followed() {
    let (shop, rival) = (Shop::with_products().await, Rival::open().await);
    rival.answer("/?s=Boilo%20Kettle", (302, "location: /p/1\r\n".to_owned(), String::new()));
    rival.answer("/p/1", product_page("Boilo Kettle", "25.00"));
    let report = search(&shop, &rival, "/?s={query}").await.expect("a report");
    assert_eq!((report.searched, report.products), (1, 1), "{report:?}");
}

#[tokio::test]
async fn a_search_that_nobody_may_ask_is_told() {
    let (shop, rival) = (Shop::with_products().await, Rival::open().await);
    rival.answer(
        "/robots.txt",
        (200, "content-type: text/plain\r\n".to_owned(), "User-agent: *\nDisallow: /find\n".to_owned()),
    );
    let refused = search(&shop, &rival, "/find?q={query}").await.expect_err("robots.txt forbids it");
    assert!(refused.message.contains("robots.txt"), "{refused}");
    assert_eq!(rival.visits(), Vec::<String>::new());
    let refused = search(&shop, &rival, ".{query}.example/").await.expect_err("words are no host");
    assert!(refused.message.contains("{query}"), "{refused}");
}
