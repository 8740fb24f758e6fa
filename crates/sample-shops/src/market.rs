//! What each competitor asks on each day: a function of shop, product and day alone, so that a test can know the truth.
//!
//! Competitors drift by themselves, follow or undercut the leader a day or two later, cut whole categories for a
//! fortnight, run promotions with a was-price, sell out, and take pages off.

use pricing_domain::CivilDate;

use crate::catalogue::{SampleProduct, products};
use crate::listings::{SampleListing, find_listing};
use crate::mixing::{between, happens, mix};
use crate::shops::Shop;

const STANCE: i64 = 11;
const DRIFT_PERIOD: i64 = 12;
const DRIFT: i64 = 13;
const PROMOTION: i64 = 14;
const PROMOTION_DEPTH: i64 = 15;
const SELL_OUT: i64 = 16;
const GONE: i64 = 17;
const FOLLOWS: i64 = 18;
const CAMPAIGN: i64 = 19;
const BLOCKED: i64 = 20;
const PHASE: i64 = 21;

/// 1 November 2026.
const FIRST_DAY_OF_LEAVING: i64 = 20_758;
const DAYS_OF_A_PROMOTION: i64 = 7;
const DAYS_OF_A_CAMPAIGN: i64 = 14;

/// What a shop's page shows on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageKind {
    /// A product that can be bought.
    Product,
    /// A product that is sold out; no price of its own.
    SoldOut,
    /// The page does not exist any more: 404.
    Gone,
    /// The shop answers with a block page all day.
    Blocked,
    /// robots.txt forbids the page.
    Disallowed,
}

/// What is true of a product at a shop on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShopTruth {
    /// What the page shows.
    pub page: PageKind,
    /// The price a buyer would pay, in euro cents with VAT.
    pub price_minor: i64,
    /// Whether it can be bought.
    pub available: bool,
    /// The price shown struck through, in cents.
    pub was: Option<i64>,
}

/// What a shop asks for one of [`products`] on a day (days since 1970-01-01). None when it does not sell it.
pub fn price_on(shop: Shop, product: usize, day: i64) -> Option<ShopTruth> {
    find_listing(shop, product).map(|listing| truth(listing, day))
}

/// The number of a calendar day: days since 1970-01-01.
pub fn day_number(date: CivilDate) -> i64 {
    let midnight = pricing_domain::Instant::at_utc_midnight(date);
    midnight.0.div_euclid(pricing_domain::MICROSECONDS_PER_DAY)
}

pub(crate) fn truth(listing: &SampleListing, day: i64) -> ShopTruth {
    let product = &products()[listing.product];
    let key = Key { shop: listing.shop, product: i64::try_from(listing.product).expect("few products") };
    let packs = i64::from(listing.pack_coefficient.numerator);
    let pack_bp = if packs > 1 { 9_500 * packs } else { 10_000 };
    let usual = shelf(listing.shop, asking_minor(key, product, day) * pack_bp / 10_000);
    let promoted = promotion_depth_percent(key, day).map(|depth| shelf(listing.shop, usual * (100 - depth) / 100));
    let price_minor = promoted.unwrap_or(usual);
    let page = page_kind(listing, key, day);
    ShopTruth { page, price_minor, available: page == PageKind::Product, was: (price_minor < usual).then_some(usual) }
}

#[derive(Clone, Copy)]
struct Key {
    shop: Shop,
    product: i64,
}

impl Key {
    const fn with(self, salt: i64, extra: i64) -> [i64; 4] {
        [salt, self.shop.number(), self.product, extra]
    }
}

fn page_kind(listing: &SampleListing, key: Key, day: i64) -> PageKind {
    let sold_out_bp = if key.shop == Shop::Funkelkiste { 1_500 } else { 450 };
    let stretch = (day + between(0, 8, &key.with(PHASE, 0))).div_euclid(9);
    if listing.disallowed {
        PageKind::Disallowed
    } else if gone_since(key).is_some_and(|since| day >= since) {
        PageKind::Gone
    } else if key.shop == Shop::Digitalhafen && happens(300, &key.with(BLOCKED, day)) {
        PageKind::Blocked
    } else if happens(sold_out_bp, &key.with(SELL_OUT, stretch)) {
        PageKind::SoldOut
    } else {
        PageKind::Product
    }
}

/// One page in a hundred is gone from the start; others go during the years after autumn 2026.
fn gone_since(key: Key) -> Option<i64> {
    if happens(100, &key.with(GONE, 0)) {
        return Some(i64::MIN);
    }
    happens(800, &key.with(GONE, 1)).then(|| FIRST_DAY_OF_LEAVING + between(0, 730, &key.with(GONE, 2)))
}

/// The asking price before promotions and endings.
fn asking_minor(key: Key, product: &SampleProduct, day: i64) -> i64 {
    let leader = Key { shop: Shop::ElektroMax, ..key };
    match key.shop {
        Shop::Geraetefuchs if happens(6_000, &key.with(FOLLOWS, 0)) => {
            own_minor(leader, product, day - 1) * 985 / 1_000
        }
        Shop::Digitalhafen if happens(4_000, &key.with(FOLLOWS, 0)) => own_minor(leader, product, day - 2),
        _ => own_minor(key, product, day),
    }
}

/// The market's price, moved by the shop's stance, its own drift and a campaign in the category.
fn own_minor(key: Key, product: &SampleProduct, day: i64) -> i64 {
    let stance = stance_bp(key.shop) + between(-350, 350, &key.with(STANCE, 0));
    let period = between(4, 17, &key.with(DRIFT_PERIOD, 0));
    let epoch = (day + between(0, 30, &key.with(PHASE, 1))).div_euclid(period);
    let drift = between(-300, 250, &key.with(DRIFT, epoch));
    let campaign = campaign_bp(key.shop, product.category, day);
    product.market_minor * (stance + drift - campaign) / 10_000
}

const fn stance_bp(shop: Shop) -> i64 {
    match shop {
        Shop::ElektroMax => 9_880,
        Shop::Strompfeil => 10_060,
        Shop::Klangspeicher => 10_020,
        Shop::Geraetefuchs => 9_760,
        Shop::Funkelkiste => 10_180,
        Shop::Digitalhafen => 9_940,
    }
}

/// Now and then a shop cuts a whole category by some percent for a fortnight.
fn campaign_bp(shop: Shop, category: &str, day: i64) -> i64 {
    let name = category.bytes().fold(0, |sum: i64, byte| sum.wrapping_mul(31).wrapping_add(i64::from(byte)));
    let phase = between(0, DAYS_OF_A_CAMPAIGN - 1, &[PHASE, shop.number(), name]);
    let fortnight = (day + phase).div_euclid(DAYS_OF_A_CAMPAIGN);
    let key = [CAMPAIGN, shop.number(), name, fortnight];
    if happens(900, &key) { 250 + (mix(&key) % 5 * 80) as i64 } else { 0 }
}

fn promotion_depth_percent(key: Key, day: i64) -> Option<i64> {
    let week = (day + between(0, DAYS_OF_A_PROMOTION - 1, &key.with(PHASE, 2))).div_euclid(DAYS_OF_A_PROMOTION);
    happens(650, &key.with(PROMOTION, week)).then(|| between(8, 25, &key.with(PROMOTION_DEPTH, week)))
}

/// Each shop's way of ending a price.
fn shelf(shop: Shop, minor: i64) -> i64 {
    let minor = minor.max(99);
    match shop {
        Shop::ElektroMax | Shop::Klangspeicher => (minor + 50) / 100 * 100 - 1,
        Shop::Strompfeil => (minor + 50) / 100 * 100 - 5,
        Shop::Geraetefuchs => minor / 10 * 10 + 9,
        Shop::Funkelkiste if minor >= 5_000 => (minor + 50) / 100 * 100,
        Shop::Funkelkiste => (minor + 25) / 50 * 50 - 1,
        Shop::Digitalhafen => minor,
    }
}

#[cfg(test)]
mod tests {
    use super::{PageKind, truth};
    use crate::listings::listings;

    const DAY: i64 = 20_758;

    #[test]
    fn competitors_move_every_day_and_never_all_of_them() {
        for day in DAY..DAY + 60 {
            let moved =
                listings().iter().filter(|l| truth(l, day).price_minor != truth(l, day - 1).price_minor).count();
            assert!(moved * 100 > listings().len(), "day {day}: {moved}");
            assert!(moved * 2 < listings().len(), "day {day}: {moved}");
        }
    }

    #[test]
    fn prices_stay_near_the_market_and_was_prices_above() {
        for listing in listings() {
            for day in DAY..DAY + 21 {
                let truth = truth(listing, day);
                let ours = crate::products()[listing.product].market_minor;
                let packs = i64::from(listing.pack_coefficient.numerator);
                assert!(truth.price_minor > ours * packs / 2 && truth.price_minor < ours * packs * 13 / 10 + 60);
                assert!(truth.was.is_none_or(|was| was > truth.price_minor));
            }
        }
    }

    #[test]
    fn every_kind_of_page_is_met_within_three_weeks() {
        for kind in [PageKind::Product, PageKind::SoldOut, PageKind::Gone, PageKind::Blocked, PageKind::Disallowed] {
            let met = (DAY..DAY + 21).any(|day| listings().iter().any(|listing| truth(listing, day).page == kind));
            assert!(met, "{kind:?}");
        }
    }
}
