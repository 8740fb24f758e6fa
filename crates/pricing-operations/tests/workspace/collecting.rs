//! Collecting over HTTP from a shop on this machine: caching, recipes, evidence, hosts remembered, runs that end in the
//! middle.

use app_contract::{CollectionReport, CollectionSettings, CompetitorSettings, QuietHours};
use pricing_domain::{CompetitorId, FileKind, ReadState};
use pricing_operations::{CollectionScope, ErrorKind, Progress, Workspace};
use pricing_store::Durability;

use crate::server::Rival;
use crate::support::Shop;

pub async fn polite(workspace: &Workspace) {
    let settings =
        CollectionSettings { delay_ms: 0, interval_hours: 24, timeout_seconds: 5, retries: 0, fetch_pictures: false };
    workspace.save_settings("Test shop", &settings).await.unwrap();
}

/// A shop whose products are on the pages `/a`, `/b`, … of a rival.
pub async fn with_rival() -> (Shop, Rival) {
    let (shop, rival) = (Shop::with_products().await, Rival::open().await);
    let mut matches = String::from("sku,competitor,url\n");
    for (sku, path) in [("A1", "/a"), ("B2", "/b"), ("C3", "/c")] {
        matches.push_str(&format!("{sku},Rival,{}\n", rival.url(path)));
    }
    shop.import_clean(FileKind::Matches, &matches).await;
    polite(&shop.workspace).await;
    (shop, rival)
}

pub async fn collect(shop: &Shop, rival: &Rival) -> CollectionReport {
    shop.workspace.collect(true, std::slice::from_ref(&rival.origin), &Progress::silent()).await.unwrap()
}

pub async fn rival_id(shop: &Shop) -> CompetitorId {
    shop.workspace.competitors().await.unwrap()[0].id
}

#[tokio::test]
async fn a_page_that_has_not_changed_is_not_read_again_and_its_price_goes_on() {
    let (shop, rival) = with_rival().await;
    let page = crate::server::page("25.00", "EUR");
    rival.answer("/a", (200, "etag: \"v1\"\r\n".into(), page.clone()));
    rival.answer("/b", (200, "cache-control: max-age=7200\r\n".into(), page));
    let first = collect(&shop, &rival).await;
    assert_eq!((first.prices, first.pages), (2, 3));
    shop.later_hours(1);
    let second = collect(&shop, &rival).await;
    assert_eq!((second.prices, second.moved), (2, 0));
    let visits = rival.visits();
    assert_eq!(visits.iter().filter(|path| *path == "/a").count(), 2, "asked whether it changed");
    assert_eq!(visits.iter().filter(|path| *path == "/b").count(), 1, "fresh by the shop's own word");
    for sku in ["A1", "B2"] {
        let offer = shop.detail(sku).await.offers.remove(0);
        assert_eq!((offer.times_seen, offer.last_seen), (2, Some(shop.now())), "{sku}");
        assert_eq!(offer.state, Some(ReadState::Product));
    }
    let other = crate::server::page("26.00", "EUR");
    rival.answer("/a", (200, "etag: \"v2\"\r\n".into(), other));
    shop.later_hours(1);
    assert_eq!(collect(&shop, &rival).await.moved, 1);
}

#[tokio::test]
async fn pages_that_the_sitemap_says_have_not_changed_are_spared_for_a_week_at_most() {
    let (shop, rival) = with_rival().await;
    let sitemap = |changed_a: &str| {
        let entry =
            |path: &str, day: &str| format!("<url><loc>{}</loc><lastmod>{day}</lastmod></url>", rival.url(path));
        let entries =
            [entry("/a", changed_a), entry("/b", "2026-01-01"), format!("<url><loc>{}</loc></url>", rival.url("/c"))];
        let body =
            format!("<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">{}</urlset>", entries.concat());
        rival.answer("/sitemap.xml", (200, "content-type: application/xml\r\n".into(), body));
    };
    for path in ["/a", "/b", "/c"] {
        rival.price(path, "25.00");
    }
    sitemap("2026-01-01");
    let trusting = CompetitorSettings { sitemap_dates: true, ..CompetitorSettings::default() };
    shop.workspace.update_competitor(rival_id(&shop).await, &trusting).await.unwrap();
    let visits = |path: &str| rival.visits().iter().filter(|visit| *visit == path).count();
    for _ in 0..8 {
        let report = collect(&shop, &rival).await;
        assert_eq!((report.prices, report.pages), (3, 3));
        shop.later_hours(24);
    }
    // On the first day, and once in the seven days after it.
    assert_eq!((visits("/a"), visits("/b"), visits("/c")), (2, 2, 8), "a page without a day is read every time");
    assert_eq!(shop.detail("A1").await.offers[0].times_seen, 8);
    rival.price("/a", "26.00");
    rival.price("/b", "26.00");
    sitemap("2026-02-01");
    let (before_a, before_b) = (visits("/a"), visits("/b"));
    shop.later_hours(24);
    let moved = collect(&shop, &rival).await.moved;
    assert_eq!(visits("/a"), before_a + 1, "changed by its sitemap's word");
    assert_eq!(moved, 1 + u64::try_from(visits("/b") - before_b).unwrap());
}

#[tokio::test]
async fn a_recipe_is_learnt_live_saved_used_and_shared() {
    let (shop, rival) = with_rival().await;
    let odd = |price: &str| {
        let body = format!("<title>Kettle</title><h1>Kettle</h1><i class=amount>{price}</i><b>9,99 €</b>");
        (200, String::new(), format!("<html lang=de>{body}<ul><li>12,00 €<li>13,00 €</ul></html>"))
    };
    rival.answer("/a", odd("25,50 €"));
    rival.answer("/b", odd("19,90 €"));
    rival.answer("/c", odd("48,00 €"));
    let id = rival_id(&shop).await;
    let private = std::slice::from_ref(&rival.origin);
    let learnt = shop.workspace.learn_recipe_live(id, &rival.url("/a"), "25,50 €", private).await.unwrap();
    assert_eq!(learnt.learnt_price.as_deref(), Some("25.50"));
    assert_eq!((learnt.by_recipe, learnt.pages.len()), (3, 3), "checked on the other pages: {learnt:#?}");
    let saved = shop.workspace.save_recipe(id, &learnt.recipe.text).await.unwrap();
    assert_eq!((saved.len(), saved[0].site.as_str(), saved[0].saved_by.as_str()), (1, "127.0.0.1", "tester"));
    assert_eq!(collect(&shop, &rival).await.prices, 3);
    let offer = shop.detail("A1").await.offers.remove(0);
    assert_eq!(offer.price.unwrap().amount_minor, 2_550);
    assert_eq!(offer.method.unwrap().as_str(), "selector");

    let kept = shop.workspace.test_recipe(id, &learnt.recipe.text, &[], private).await.unwrap();
    assert_eq!(kept.by_recipe, 3, "tried on kept pages without a visit");
    let file = shop.path("rival.recipe.json");
    shop.workspace.export_recipe(id, "127.0.0.1", &file).await.unwrap();
    shop.workspace.remove_recipe(id, "127.0.0.1").await.unwrap();
    assert_eq!(shop.workspace.import_recipe(id, &file).await.unwrap()[0].text, saved[0].text);
    let wrong = shop.workspace.learn_recipe_live(id, &rival.url("/a"), "1,00 €", private).await.unwrap_err();
    assert!(wrong.message.contains("no element"), "{}", wrong.message);
}

#[tokio::test]
async fn every_price_has_its_evidence_and_the_page_for_a_time() {
    let (shop, rival) = with_rival().await;
    rival.price("/a", "25.00");
    collect(&shop, &rival).await;
    let listing = shop.detail("A1").await.offers.remove(0).listing;
    let evidence = shop.workspace.evidence(listing, None).await.unwrap();
    assert_eq!((evidence.price.amount_minor, evidence.url), (2_500, Some(rival.url("/a"))));
    assert!(evidence.fragment.contains("25.00") && evidence.sha256.is_some_and(|digest| digest.len() == 64));
    assert_eq!(evidence.page_kept_until, Some(shop.now().plus_days(7)));
    let page = shop.workspace.evidence_page(listing, None).await.unwrap();
    assert_eq!(String::from_utf8(page).unwrap(), crate::server::page("25.00", "EUR"));
    let before = shop.workspace.evidence(listing, Some(shop.now().plus_hours(-1))).await.unwrap_err();
    assert_eq!(before.kind, ErrorKind::NotFound);
    shop.later_hours(24 * 8);
    collect(&shop, &rival).await;
    assert!(shop.workspace.evidence_page(listing, None).await.is_err(), "kept for seven days");
    assert_eq!(shop.workspace.evidence(listing, None).await.unwrap().times_seen, 2);
}

#[tokio::test]
async fn nothing_about_a_host_is_forgotten_at_a_restart() {
    let (shop, rival) = with_rival().await;
    rival.answer("/robots.txt", (200, String::new(), "User-agent: *\nDisallow: /c\n".into()));
    rival.answer("/a", (200, "set-cookie: basket=7; Path=/\r\n".into(), crate::server::page("25.00", "EUR")));
    rival.price("/b", "19.00");
    let id = rival_id(&shop).await;
    let settings = CompetitorSettings { daily_requests: Some(4), ..CompetitorSettings::default() };
    shop.workspace.update_competitor(id, &settings).await.unwrap();
    let first = collect(&shop, &rival).await;
    assert_eq!((first.prices, first.postponed), (2, 0));

    let again = shop.open_again().await;
    let site = again.competitors().await.unwrap()[0].sites[0].clone();
    assert_eq!(site.sent_today, 3, "robots.txt and two pages");
    assert!(site.robots.is_some_and(|words| words.contains("permits the front page")));
    shop.later_hours(1);
    let scope = CollectionScope { all: true, ..CollectionScope::default() };
    let origins = std::slice::from_ref(&rival.origin);
    let second = again.collect_scope(&scope, origins, &Progress::silent()).await.unwrap();
    assert_eq!((second.pages, second.postponed), (1, 2), "one request was left of today's four");
    assert!(second.postponed_reasons[0].0.contains("budget"), "{:?}", second.postponed_reasons);
    assert!(rival.newest_head().contains("cookie: basket=7"), "{}", rival.newest_head());
}

#[tokio::test]
async fn a_competitor_is_left_alone_in_its_quiet_hours() {
    let (shop, rival) = with_rival().await;
    rival.price("/a", "25.00");
    let quiet = QuietHours { from_minute: 11 * 60, to_minute: 13 * 60, time_zone: "UTC".into() };
    let settings = CompetitorSettings { quiet_hours: Some(quiet), ..CompetitorSettings::default() };
    shop.workspace.update_competitor(rival_id(&shop).await, &settings).await.unwrap();
    let report = collect(&shop, &rival).await;
    assert_eq!((report.pages, report.postponed), (0, 3));
    assert!(rival.visits().is_empty());
    shop.later_hours(2);
    assert_eq!(collect(&shop, &rival).await.prices, 1);
}

#[tokio::test]
async fn two_programs_never_collect_at_once_and_what_a_broken_run_took_is_free_again() {
    let (shop, rival) = with_rival().await;
    rival.price("/a", "25.00");
    // A run that took everything and then ended in the middle.
    let store = shop.store().await;
    let mut op = store.begin("tester", "collect", shop.now(), Durability::Facts).await.unwrap();
    let run = op.begin_run().await.unwrap();
    let scope = CollectionScope { all: true, ..CollectionScope::default() };
    assert_eq!(op.take_leases(run, &scope).await.unwrap(), 3);
    assert_eq!(op.take_leases(run + 1, &scope).await.unwrap(), 0, "taken once");
    op.commit("Began", false).await.unwrap();

    let lock = std::fs::File::create(shop.path("shop.omnipricex-collecting")).unwrap();
    lock.lock().unwrap();
    let refused = shop.workspace.collect(true, &[], &Progress::silent()).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Conflict);
    drop(lock);
    assert_eq!(collect(&shop, &rival).await.pages, 3);
    assert!(store.leased_listings(run).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_shopify_shop_is_read_by_its_small_json_once_the_currency_is_known() {
    let (shop, rival) = (Shop::with_products().await, Rival::open().await);
    let page = rival.url("/products/kettle?variant=7");
    shop.import_clean(FileKind::Matches, &format!("sku,competitor,url\nA1,Rival,{page}\n")).await;
    polite(&shop.workspace).await;
    let settings = CompetitorSettings { shopify: true, ..CompetitorSettings::default() };
    shop.workspace.update_competitor(rival_id(&shop).await, &settings).await.unwrap();
    rival.price("/products/kettle?variant=7", "25.00");
    collect(&shop, &rival).await;
    assert_eq!(rival.visits(), ["/products/kettle?variant=7"], "the page tells the currency");
    shop.later_hours(1);
    let json = r#"{"handle":"kettle","title":"Kettle","variants":[{"id":7,"price":2600,"available":true}]}"#;
    rival.answer("/products/kettle.js?variant=7", (200, String::new(), json.into()));
    collect(&shop, &rival).await;
    assert_eq!(shop.detail("A1").await.offers[0].price.unwrap().to_string(), "26.00 EUR");
    shop.later_hours(1);
    rival.answer("/products/kettle.js?variant=7", (404, String::new(), String::new()));
    collect(&shop, &rival).await;
    assert_eq!(shop.detail("A1").await.offers[0].price.unwrap().to_string(), "25.00 EUR", "the page again");
}
