//! The six sample shops, read and compared with what they really asked.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

use price_collection::{Observation, Target};
use pricing_domain::{Currency, ReadState};
use sample_shops::{PageKind, Shop, ShopAddresses, ShopClock, ShopTruth, listings, price_on, serve};

use crate::support::{collected, settings, target};

const FIRST_DAY: i64 = 20_758;

/// How one shop was read.
#[derive(Debug, Default)]
struct Score {
    sellable: usize,
    right: usize,
    wrong: Vec<String>,
    refused: Vec<String>,
    other_state: Vec<String>,
}

fn targets(addresses: &ShopAddresses) -> Vec<Target> {
    listings()
        .iter()
        .zip(0..)
        .map(|(listing, key)| target(key, format!("{}{}", addresses.origin(listing.shop), listing.path)))
        .collect()
}

fn expected_state(page: PageKind) -> ReadState {
    match page {
        PageKind::Product => ReadState::Product,
        PageKind::SoldOut => ReadState::SoldOut,
        PageKind::Gone => ReadState::Gone,
        PageKind::Blocked => ReadState::Blocked,
        PageKind::Disallowed => ReadState::Disallowed,
    }
}

fn score(score: &mut Score, truth: ShopTruth, seen: &Observation) {
    let said = format!("{} {:?}: {} ({})", seen.url, truth, seen.state, seen.reason);
    let price = seen.extraction.as_ref().filter(|_| seen.state == ReadState::Product).and_then(|read| {
        let currency = read.currency.filter(|currency| *currency == Currency::EUR)?;
        read.price.and_then(|price| price.to_minor(currency))
    });
    let sellable = truth.page == PageKind::Product;
    score.sellable += usize::from(sellable);
    match price {
        Some(price) if sellable && price == truth.price_minor => score.right += 1,
        Some(price) => score.wrong.push(format!("{price} {said}")),
        None if sellable => score.refused.push(said),
        None if seen.state != expected_state(truth.page) => score.other_state.push(said),
        None => {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn six_shops_written_differently_are_read_as_they_are() {
    let addresses = ShopAddresses::ephemeral().await.expect("six free ports");
    let day = Arc::new(AtomicI64::new(FIRST_DAY));
    let _running = serve(&addresses, ShopClock::fixed_day(Arc::clone(&day))).await.expect("six shops");
    let origins: Vec<String> = Shop::ALL.iter().map(|shop| addresses.origin(*shop)).collect();
    let origins: Vec<&str> = origins.iter().map(String::as_str).collect();
    let mut scores: BTreeMap<Shop, Score> = BTreeMap::new();
    for today in [FIRST_DAY, FIRST_DAY + 8] {
        day.store(today, Ordering::SeqCst);
        let started = Instant::now();
        let (seen, summary) = collected(targets(&addresses), settings(&origins)).await;
        let seconds = started.elapsed().as_secs_f64();
        eprintln!("sample shops: {} pages in {seconds:.1} s, {:.0} a second", seen.len(), seen.len() as f64 / seconds);
        assert_eq!((seen.len(), summary.cancelled), (listings().len(), false));
        for (listing, seen) in listings().iter().zip(&seen) {
            let truth = price_on(listing.shop, listing.product, today).expect("a listing");
            score(scores.entry(listing.shop).or_default(), truth, seen);
        }
    }
    let mut faults = Vec::new();
    for (shop, score) in scores {
        let (name, refused) = (shop.name(), score.refused.len());
        eprintln!("{name}: {} of {} right, {refused} refused", score.right, score.sellable);
        faults.extend(score.wrong.into_iter().map(|said| format!("wrong price {said}")));
        faults.extend(score.other_state.into_iter().map(|said| format!("another state {said}")));
        if refused * 100 > score.sellable {
            faults.extend(score.refused.into_iter().map(|said| format!("refused {said}")));
        }
    }
    assert!(faults.is_empty(), "{} faults: {:#?}", faults.len(), &faults[..faults.len().min(40)]);
}
