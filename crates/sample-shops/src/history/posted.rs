//! What was posted in the own shop, from when to when: regular prices that follow each other, promotions above them.

use pricing_domain::{CivilDate, PriceType};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::DAYS;
use crate::catalogue::{SampleProduct, products, shelf_price};

const SEED: u64 = 730;
/// Products in a hundred that join the week before the first Sunday of Advent.
const BLACK_WEEK_SHARE: u32 = 30;

/// A price that was posted on the default list.
#[derive(Clone, Debug)]
pub(crate) struct PostedPrice {
    pub(crate) product: usize,
    pub(crate) kind: PriceType,
    pub(crate) price_minor: i64,
    /// First day, counted from the demo's first day (negative: before it).
    pub(crate) from: i64,
    /// Last day; none while it holds.
    pub(crate) to: Option<i64>,
}

/// All posted prices, product by product, each product's in the order of their first days.
pub(crate) fn posted_prices(first_day: CivilDate) -> Vec<PostedPrice> {
    let mut rng = ChaCha8Rng::seed_from_u64(SEED);
    let black_weeks = black_weeks(first_day);
    let mut posted = Vec::with_capacity(products().len() * 10);
    for (index, product) in products().iter().enumerate() {
        let start = posted.len();
        add_regular(&mut posted, &mut rng, index, product);
        let regular = posted[start..].to_vec();
        add_promotions(&mut posted, &mut rng, &regular, &black_weeks);
        posted[start..].sort_by_key(|price| (price.from, price.kind));
    }
    posted
}

fn add_regular(posted: &mut Vec<PostedPrice>, rng: &mut ChaCha8Rng, index: usize, product: &SampleProduct) {
    let last_change = -rng.random_range(6..70);
    let mut from = -DAYS;
    while from < last_change {
        let next = (from + rng.random_range(45..170)).min(last_change);
        let price_minor = shelf_price(product.market_minor * rng.random_range(930..1_110) / 1_000);
        posted.push(PostedPrice { product: index, kind: PriceType::Regular, price_minor, from, to: Some(next - 1) });
        from = next;
    }
    let price_minor = product.price_minor;
    posted.push(PostedPrice { product: index, kind: PriceType::Regular, price_minor, from: last_change, to: None });
}

/// Some promotions of one or two weeks, none over another, all over by the demo's first day but a few.
fn add_promotions(posted: &mut Vec<PostedPrice>, rng: &mut ChaCha8Rng, regular: &[PostedPrice], black_weeks: &[i64]) {
    let mut starts: Vec<(i64, i64)> = Vec::new();
    for quarter in 0..8 {
        if rng.random_range(0..100) < 14 {
            starts.push((-DAYS + quarter * 91 + rng.random_range(0..70), rng.random_range(7..15)));
        }
    }
    if rng.random_range(0..100) < BLACK_WEEK_SHARE {
        starts.extend(black_weeks.iter().map(|monday| (*monday, 8)));
    }
    if rng.random_range(0..1_000) < 14 {
        starts.push((-rng.random_range(2..5), rng.random_range(7..14)));
    }
    starts.sort_unstable();
    let mut free_from = i64::MIN;
    for (from, days) in starts {
        let Some(holding) = regular.iter().rev().find(|price| price.from <= from) else { continue };
        if from < free_from {
            continue;
        }
        let depth = rng.random_range(8..26);
        let price_minor = shelf_price(holding.price_minor * (100 - depth) / 100);
        let to = Some(from + days - 1);
        free_from = from + days;
        if price_minor < holding.price_minor {
            posted.push(PostedPrice { kind: PriceType::Promotion, price_minor, from, to, ..*holding });
        }
    }
}

/// The Mondays before the last Fridays of November, counted from the demo's first day.
fn black_weeks(first_day: CivilDate) -> Vec<i64> {
    (-DAYS..-8)
        .filter(|offset| {
            let date = day_at(first_day, *offset);
            date.month() == 11 && (20..=26).contains(&date.day()) && date.weekday() == jiff::civil::Weekday::Monday
        })
        .collect()
}

/// The calendar day so many days after the demo's first day.
pub(crate) fn day_at(first_day: CivilDate, offset: i64) -> CivilDate {
    first_day.saturating_add(jiff::Span::new().days(offset))
}
