//! Small pages, one for each way in which price readers are known to fail.

use std::time::Instant;

use price_extraction::{Extraction, PageInput, SiteHints, extract};
use pricing_domain::{Availability, Confidence, ReadState};
use serde_json::Value;

fn read(body: &[u8]) -> Extraction {
    extract(&PageInput {
        body,
        content_type: Some("text/html; charset=utf-8"),
        status: Some(200),
        url: "https://shop.example/p/lamp-12345",
        hints: SiteHints::default(),
    })
}

/// Checks the fields that a case names against the answer as it is serialised.
#[test]
fn every_page_of_the_file_is_read_as_it_says() {
    let mut wrong = Vec::new();
    for line in include_str!("cases/pages.jsonl").lines() {
        let case: Value = serde_json::from_str(line).expect("a JSON row");
        let hints: SiteHints = case
            .get("hints")
            .map_or_else(SiteHints::default, |hints| serde_json::from_value(hints.clone()).expect("hints"));
        let html = case["html"].as_str().expect("a page");
        let status = case["status"].as_u64().and_then(|status| u16::try_from(status).ok());
        let url = case["url"].as_str().unwrap_or("https://shop.example/p/lamp-12345");
        let answer = extract(&PageInput { body: html.as_bytes(), content_type: None, status, url, hints });
        let answer = serde_json::to_value(&answer).expect("serialises");
        for (name, expected) in case["expected"].as_object().expect("fields") {
            if &answer[name] != expected {
                wrong.push(format!("{}: {name} is not {expected}: {answer:#}", case["name"]));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn hostile_pages_end_quickly() {
    let start = Instant::now();
    assert_eq!(read("<div>".repeat(100_000).as_bytes()).state, ReadState::TooLarge);
    assert_eq!(read("x".repeat(11 * 1024 * 1024).as_bytes()).state, ReadState::TooLarge);
    let wide = format!("<h1>Lamp</h1>{}", "<b class=price>1 €</b>".repeat(100_000));
    assert_ne!(read(wide.as_bytes()).state, ReadState::Blocked);
    let card = |at: u32| format!("<h2 class=c{at}><a href=/{at}>{at}</a> <b class=price>{at} €</b></h2>");
    let cards = format!("<h1>Lamp</h1><p>{}</p>", (0..60_000).map(card).collect::<String>());
    assert_ne!(read(cards.as_bytes()).state, ReadState::Blocked);
    let attribute = format!("<div class=\"{}\"><h1>Lamp</h1></div>", "price old ".repeat(500_000));
    assert_eq!(read(attribute.as_bytes()).price, None);
    let json = format!("<script type=application/ld+json>{}</script>", "{\"a\":[".repeat(500_000));
    assert_eq!(read(json.as_bytes()).price, None);
    let references = format!("<h1>{}</h1>", "&".repeat(3_000_000));
    assert_eq!(read(references.as_bytes()).price, None);
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}

#[test]
fn every_prefix_of_a_page_is_read_without_a_panic() {
    let page = r#"<html lang=de><head><title>Lämpchen</title><script type="application/ld+json">{"@type":"Product","name":"Lämpchen","offers":{"price":"12.90","priceCurrency":"EUR"}}</script></head><body><h1>Lämpchen</h1><p class="price"><del>15,00&nbsp;€</del> 12,90&nbsp;€</p><button>In den Warenkorb</button>"#;
    for end in 0..=page.len() {
        let _ = read(&page.as_bytes()[..end]);
    }
    let whole = read(page.as_bytes());
    assert_eq!(whole.price.map(|price| price.to_string()).as_deref(), Some("12.90"));
    assert_eq!((whole.confidence, whole.availability), (Confidence::High, Availability::InStock));
}
