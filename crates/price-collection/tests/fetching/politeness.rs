//! What a shop sees of a collection: turns, gaps, pauses, robots.txt.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use price_collection::{AddressPolicy, CollectSettings, Target};
use pricing_domain::{Instant, ReadState};

use crate::server::{Reply, Shop, Visit};
use crate::support::{collected, collected_at, collected_one, now, settings, target};

fn pages(shop: &Shop, count: i64) -> Vec<Target> {
    (0..count).map(|key| target(key, shop.url(&format!("/p/{key}")))).collect()
}

#[tokio::test]
async fn one_request_at_a_time_with_the_promised_gap() {
    let delay = Duration::from_millis(60);
    let shop = Shop::start(|visit| match visit.path.as_str() {
        "/robots.txt" => Reply::status(404),
        _ => Reply::page().after(Duration::from_millis(15)),
    })
    .await;
    let settings = CollectSettings { delay, ..settings(&[&shop.origin]) };
    let (first, second) =
        tokio::join!(collected(pages(&shop, 5), settings.clone()), collected(pages(&shop, 5), settings),);
    assert_eq!((first.1.read, second.1.read), (5, 5));
    assert_eq!(shop.most_at_once(), 1);
    assert_eq!(shop.connections(), 2, "each collection keeps one connection");
    let gaps = shop.gaps();
    assert_eq!(gaps.len(), 10, "ten pages after one robots.txt");
    let shortest = gaps.iter().min().expect("gaps");
    eprintln!("politeness: shortest gap {shortest:?} of {delay:?} promised, in {} gaps", gaps.len());
    assert!(*shortest >= delay, "{gaps:?}");
}

#[tokio::test]
async fn origins_are_visited_side_by_side() {
    let slow = |visit: &Visit| match visit.path.as_str() {
        "/robots.txt" => Reply::status(404),
        _ => Reply::page().after(Duration::from_millis(800)),
    };
    let (one, two) = (Shop::start(slow).await, Shop::start(slow).await);
    let targets = vec![target(1, one.url("/a")), target(2, two.url("/a"))];
    let (_, summary) = collected(targets, settings(&[&one.origin, &two.origin])).await;
    assert_eq!(summary.read, 2);
    let [first, second] = [&one, &two].map(|shop| shop.visits()[1].at);
    let apart = first.max(second) - first.min(second);
    assert!(apart < Duration::from_millis(800), "{apart:?}");
}

#[tokio::test]
async fn a_longer_crawl_delay_wins() {
    let shop = Shop::start(|visit| match visit.path.as_str() {
        "/robots.txt" => Reply::status(200).body("User-agent: *\nCrawl-delay: 0.15\n"),
        _ => Reply::page(),
    })
    .await;
    let (_, summary) = collected(pages(&shop, 3), settings(&[&shop.origin])).await;
    assert_eq!(summary.read, 3);
    let gaps = shop.gaps();
    assert!(gaps[1..].iter().all(|gap| *gap >= Duration::from_millis(150)), "{gaps:?}");
}

#[tokio::test]
async fn retry_after_is_honoured_in_seconds_and_as_a_date() {
    let date = |ahead: u64| httpdate::fmt_http_date(std::time::SystemTime::now() + Duration::from_secs(ahead));
    let shop = Shop::start(move |visit| match (visit.path.as_str(), visit.earlier) {
        ("/robots.txt", _) => Reply::status(404),
        ("/seconds", 0) => Reply::status(429).with("retry-after", "1"),
        ("/date", 0) => Reply::status(503).with("retry-after", date(2)),
        _ => Reply::page(),
    })
    .await;
    let targets = vec![target(1, shop.url("/seconds")), target(2, shop.url("/date"))];
    let (observations, _) = collected(targets, settings(&[&shop.origin])).await;
    assert!(observations.iter().all(|one| one.state == ReadState::Product && one.attempts == 2), "{observations:#?}");
    let visits = shop.visits();
    let wait = |path: &str| {
        let times: Vec<_> = visits.iter().filter(|visit| visit.path == path).map(|visit| visit.at).collect();
        times[1] - times[0]
    };
    assert!(wait("/seconds") >= Duration::from_secs(1));
    assert!(wait("/date") >= Duration::from_millis(950), "{:?}", wait("/date"));
}

#[tokio::test]
async fn a_shop_that_asks_for_an_hour_is_left_alone() {
    let shop = Shop::start(|visit| match visit.path.as_str() {
        "/robots.txt" => Reply::status(404),
        _ => Reply::status(429).with("retry-after", "3600"),
    })
    .await;
    let (observations, summary) = collected(pages(&shop, 4), settings(&[&shop.origin])).await;
    assert_eq!(summary.by_state.get(&ReadState::Blocked), Some(&1), "only one page was asked for");
    assert_eq!(shop.paths(), ["/robots.txt", "/p/0"]);
    assert_eq!((observations[3].attempts, observations[3].postponed), (0, true), "the others stay due");
    assert!(observations[3].reason.contains("come back"), "{}", observations[3].reason);
}

#[tokio::test]
async fn temporary_failures_are_tried_again_and_others_not() {
    let shop = Shop::start(|visit| match (visit.path.as_str(), visit.earlier) {
        ("/robots.txt", _) => Reply::status(404),
        ("/shaky", 0) => Reply::status(502),
        ("/slow", _) => Reply::page().after(Duration::from_secs(2)),
        ("/broken", _) => Reply::status(501),
        _ => Reply::page(),
    })
    .await;
    let settings = CollectSettings { timeout: Duration::from_millis(200), ..settings(&[&shop.origin]) };
    let targets = ["/shaky", "/slow", "/broken"].iter().zip(0..).map(|(path, key)| target(key, shop.url(path)));
    let (seen, _) = collected(targets.collect(), settings).await;
    assert_eq!((seen[0].state, seen[0].attempts), (ReadState::Product, 2));
    assert_eq!((seen[1].state, seen[1].attempts), (ReadState::Unreachable, 2));
    assert!(seen[1].reason.contains("0.2 seconds"), "{}", seen[1].reason);
    assert_eq!((seen[2].state, seen[2].attempts, seen[2].status), (ReadState::Unreachable, 1, Some(501)));
}

#[tokio::test]
async fn robots_txt_is_obeyed_by_name_and_fetched_once_a_day() {
    let shop = Shop::start(|visit| match visit.path.as_str() {
        "/robots.txt" => {
            Reply::status(200).body("User-agent: OmniPriceX\nDisallow: /private\nUser-agent: *\nDisallow: /\n")
        }
        _ => Reply::page(),
    })
    .await;
    let settings = settings(&[&shop.origin]);
    let day = Arc::new(AtomicI64::new(now().0));
    let clock = {
        let day = Arc::clone(&day);
        move || Instant(day.load(Ordering::SeqCst))
    };
    let targets = || vec![target(1, shop.url("/private/1")), target(2, shop.url("/open"))];
    let (seen, _) = collected_at(targets(), settings.clone(), clock.clone()).await;
    assert_eq!(seen[0].state, ReadState::Disallowed);
    assert!(seen[0].reason.contains("Disallow: /private (line 2)"), "{}", seen[0].reason);
    assert_eq!((seen[0].attempts, seen[1].state), (0, ReadState::Product));
    collected_at(targets(), settings.clone(), clock.clone()).await;
    assert_eq!(shop.paths(), ["/robots.txt", "/open", "/open"]);
    day.fetch_add(25 * pricing_domain::MICROSECONDS_PER_HOUR, Ordering::SeqCst);
    collected_at(targets(), settings, clock).await;
    assert_eq!(shop.paths()[3..], ["/robots.txt", "/open"]);
}

#[tokio::test]
async fn a_missing_robots_txt_permits_and_a_failing_one_forbids() {
    for (status, state) in [(404, ReadState::Product), (403, ReadState::Product), (500, ReadState::Unreachable)] {
        let shop = Shop::start(move |visit| match visit.path.as_str() {
            "/robots.txt" => Reply::status(status),
            _ => Reply::page(),
        })
        .await;
        let seen = collected_one(target(1, shop.url("/a")), settings(&[&shop.origin])).await;
        assert_eq!(seen.state, state, "status {status}: {}", seen.reason);
        // What could not be asked for is due still; nothing of the shop forbade it.
        assert_eq!((seen.postponed, seen.attempts == 0), (status == 500, status == 500), "{}", seen.reason);
    }
}

#[tokio::test]
async fn pages_after_one_that_asks_to_wait_long_stay_due() {
    let shop = Shop::start(|visit| match visit.path.as_str() {
        "/robots.txt" => Reply::status(404),
        "/p/1" => Reply::status(429).with("retry-after", "86400"),
        _ => Reply::page(),
    })
    .await;
    let (seen, _) = collected(pages(&shop, 4), settings(&[&shop.origin])).await;
    assert_eq!(shop.paths(), ["/robots.txt", "/p/0", "/p/1"]);
    assert_eq!((seen[1].state, seen[1].postponed), (ReadState::Blocked, false), "this page was refused");
    for left in &seen[2..] {
        assert!(left.postponed && left.attempts == 0, "{}", left.reason);
        assert!(left.reason.contains("asked to come back"), "{}", left.reason);
    }
}

#[tokio::test]
async fn a_redirect_is_followed_only_where_its_own_robots_txt_permits() {
    let strict = Shop::start(|visit| match visit.path.as_str() {
        "/robots.txt" => Reply::status(200).body("User-agent: *\nDisallow: /hidden"),
        _ => Reply::page(),
    })
    .await;
    let elsewhere = strict.origin.clone();
    let shop = Shop::start(move |visit| match visit.path.as_str() {
        "/robots.txt" => Reply::status(404),
        "/to-hidden" => Reply::status(302).with("location", format!("{elsewhere}/hidden/1")),
        "/to-open" => Reply::status(301).with("location", format!("{elsewhere}/open#part")),
        "/loop" => Reply::status(302).with("location", "/loop"),
        _ => Reply::page(),
    })
    .await;
    let settings = settings(&[&shop.origin, &strict.origin]);
    let targets = ["/to-hidden", "/to-open", "/loop"].iter().zip(0..).map(|(path, key)| target(key, shop.url(path)));
    let (seen, _) = collected(targets.collect(), settings).await;
    assert_eq!((seen[0].state, seen[0].url.clone()), (ReadState::Disallowed, strict.url("/hidden/1")));
    assert_eq!((seen[1].state, seen[1].url.clone()), (ReadState::Product, strict.url("/open")));
    assert_eq!(seen[2].state, ReadState::Unreachable);
    assert!(seen[2].reason.contains("redirects"), "{}", seen[2].reason);
    assert!(!strict.paths().contains(&"/hidden/1".to_owned()));
}

#[tokio::test]
async fn a_product_that_leads_to_the_first_page_is_gone_whatever_that_page_sells() {
    let shop = Shop::start(move |visit| match visit.path.as_str() {
        "/robots.txt" => Reply::status(404),
        "/p/1" => Reply::status(302).with("location", "/"),
        "/p/2" => Reply::status(301).with("location", "/p/2/lamp"),
        _ => Reply::status(200)
            .body("<title>Shop</title><h1>Shop</h1><p>Deal: <b class=price>29.99 €</b> <button>Add to cart</button>"),
    })
    .await;
    let targets = [1, 2].map(|key| target(key, shop.url(&format!("/p/{key}"))));
    let (seen, _) = collected(targets.to_vec(), settings(&[&shop.origin])).await;
    assert_eq!((seen[0].state, seen[1].state), (ReadState::Gone, ReadState::Product));
    assert!(seen[0].reason.contains("first page"), "{}", seen[0].reason);
    assert!(seen[0].extraction.as_ref().is_some_and(|extraction| extraction.price.is_none()));
}

#[tokio::test]
async fn a_shop_that_blocks_or_is_silent_again_and_again_is_left_alone() {
    let shop = Shop::start(|visit| match visit.path.as_str() {
        "/robots.txt" => Reply::status(404),
        "/p/0" | "/p/3" => Reply::page(),
        _ => Reply::status(403).body("<html><title>Access denied</title><body>Access denied</body></html>"),
    })
    .await;
    let settings = CollectSettings { give_up_after: 3, retries: 0, ..settings(&[&shop.origin]) };
    let (seen, summary) = collected(pages(&shop, 12), settings.clone()).await;
    assert_eq!((summary.read, summary.by_state.get(&ReadState::Blocked)), (2, Some(&10)));
    assert_eq!(shop.paths().last().map(String::as_str), Some("/p/6"), "1, 2 and then 4, 5, 6 were blocked");
    assert!(seen[7].reason.contains("3 times in a row"), "{}", seen[7].reason);
    let nobody = "http://127.0.0.1:9";
    let silent = CollectSettings { allow_private_addresses: excepted(nobody), respect_robots: false, ..settings };
    let targets = (0..6).map(|key| target(key, format!("{nobody}/{key}"))).collect();
    let (seen, _) = collected(targets, silent).await;
    assert!(seen.iter().all(|one| one.state == ReadState::Unreachable));
    assert_eq!(seen.iter().map(|one| one.attempts).collect::<Vec<_>>(), [1, 1, 1, 0, 0, 0]);
}

#[tokio::test]
async fn block_pages_that_look_like_answers_count_as_blocks_and_slow_the_visits_down() {
    let shop = Shop::start(|visit| match visit.path.as_str() {
        "/robots.txt" => Reply::status(404),
        "/p/0" => Reply::page(),
        _ => Reply::status(200).body("<html><title>Robot check</title><body>Please solve the CAPTCHA</body></html>"),
    })
    .await;
    let step = Duration::from_millis(50);
    let settings = CollectSettings { give_up_after: 4, retries: 0, backoff_base: step, ..settings(&[&shop.origin]) };
    let (seen, summary) = collected(pages(&shop, 12), settings).await;
    assert_eq!((summary.read, summary.by_state.get(&ReadState::Blocked)), (1, Some(&11)));
    let visits = shop.visits();
    assert!(visits.len() < 8, "four in a row are enough; one more may be under way: {}", visits.len());
    assert!(seen[11].reason.contains("times in a row"), "{}", seen[11].reason);
    let gaps: Vec<Duration> = visits.windows(2).map(|pair| pair[1].at - pair[0].at).collect();
    assert!(*gaps.last().expect("several visits") >= step, "{gaps:?}");
}

fn excepted(origin: &str) -> AddressPolicy {
    AddressPolicy::AlsoOrigins(vec![origin.to_owned()])
}
