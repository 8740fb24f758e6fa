//! Which competitor sells which of our products, and at which address.

use std::sync::OnceLock;

use pricing_domain::{MatchType, PackCoefficient, Role};

use crate::catalogue::{SampleProduct, products};
use crate::mixing::{between, happens};
use crate::shops::Shop;

const LISTED: i64 = 1;
const PACK: i64 = 2;
const EQUIVALENT: i64 = 3;
const OUTLET: i64 = 4;
const UNMATCHED: i64 = 5;
/// Of the products that a shop is not known to sell, so many in ten thousand it sells all the same.
const UNMATCHED_BP: i64 = 300;

/// One of our products on a competitor's page.
#[derive(Clone, Debug)]
pub struct SampleListing {
    /// Who sells it.
    pub shop: Shop,
    /// Its place in [`products`].
    pub product: usize,
    /// Path and query of the page.
    pub path: String,
    /// How close it is to ours.
    pub match_type: MatchType,
    /// How many of ours one of theirs is.
    pub pack_coefficient: PackCoefficient,
    /// Whether robots.txt forbids the page.
    pub disallowed: bool,
}

impl SampleListing {
    /// What the competitor's page calls it.
    pub fn title(&self) -> String {
        let product = &products()[self.product];
        let name = match self.match_type {
            MatchType::Exact => product.name.clone(),
            MatchType::Equivalent => product.name.replacen(product.brand, "Basisline", 1),
        };
        match self.pack_coefficient.numerator {
            1 => name,
            packs => format!("{packs} x {name}"),
        }
    }

    /// The number the shop gives it.
    pub fn article_number(&self) -> String {
        format!("{}{:06}", 1 + self.shop.number(), 100_003 + self.product * 37)
    }
}

/// All listings, shop by shop; made once, always the same.
pub fn listings() -> &'static [SampleListing] {
    static LISTINGS: OnceLock<Vec<SampleListing>> = OnceLock::new();
    LISTINGS.get_or_init(|| {
        Shop::ALL
            .iter()
            .flat_map(|shop| {
                products().iter().enumerate().filter_map(|(index, product)| listing(*shop, index, product))
            })
            .collect()
    })
}

/// Pages of our products that the shops have and the retailer has not matched yet; made once, always the same.
pub fn unmatched() -> &'static [SampleListing] {
    static UNMATCHED_LISTINGS: OnceLock<Vec<SampleListing>> = OnceLock::new();
    UNMATCHED_LISTINGS.get_or_init(|| {
        let every = Shop::ALL.iter().flat_map(|shop| products().iter().enumerate().map(move |both| (*shop, both)));
        every
            .filter(|(shop, (index, _))| {
                let key = [UNMATCHED, shop.number(), i64::try_from(*index).expect("few products")];
                happens(UNMATCHED_BP, &key) && find_listing(*shop, *index).is_none()
            })
            .map(|(shop, (index, product))| made(shop, index, product))
            .collect()
    })
}

/// The listing of a product at a shop.
pub fn find_listing(shop: Shop, product: usize) -> Option<&'static SampleListing> {
    let all = listings();
    all.binary_search_by_key(&(shop, product), |listing| (listing.shop, listing.product)).ok().map(|place| &all[place])
}

fn listing(shop: Shop, index: usize, product: &SampleProduct) -> Option<SampleListing> {
    let key = |salt: i64| [salt, shop.number(), i64::try_from(index).expect("few products")];
    happens(coverage_bp(shop, product), &key(LISTED)).then(|| made(shop, index, product))
}

fn made(shop: Shop, index: usize, product: &SampleProduct) -> SampleListing {
    let key = |salt: i64| [salt, shop.number(), i64::try_from(index).expect("few products")];
    let double_pack = product.pack_items > 1 && happens(1_500, &key(PACK));
    let equivalent = product.own_brand() || happens(400, &key(EQUIVALENT));
    let disallowed = shop == Shop::Strompfeil && happens(350, &key(OUTLET));
    let mut listing = SampleListing {
        shop,
        product: index,
        path: String::new(),
        match_type: if equivalent { MatchType::Equivalent } else { MatchType::Exact },
        pack_coefficient: PackCoefficient { numerator: if double_pack { 2 } else { 1 }, denominator: 1 },
        disallowed,
    };
    listing.path = path(&listing, product);
    listing
}

/// The leader lists more than the others, and everybody more of what sells well.
fn coverage_bp(shop: Shop, product: &SampleProduct) -> i64 {
    let leader = match product.role {
        Role::KeyValue => 7_200,
        Role::Traffic => 3_500,
        Role::Profit => 2_000,
        Role::Tail => 1_000,
    };
    if shop == Shop::ElektroMax { leader } else { leader * 55 / 100 }
}

fn path(listing: &SampleListing, product: &SampleProduct) -> String {
    let (slug, number) = (slug(&listing.title()), listing.article_number());
    match listing.shop {
        Shop::ElektroMax => format!("/produkt/{slug}-{number}.html"),
        Shop::Strompfeil if listing.disallowed => format!("/outlet/{number}/{slug}"),
        Shop::Strompfeil => format!("/p/{number}/{slug}"),
        Shop::Klangspeicher => format!("/shop/{}/{slug}-{number}", self::slug(product.category)),
        Shop::Geraetefuchs => format!("/artikel?nr={number}"),
        Shop::Funkelkiste => format!("/de/{slug}/dp/{number}"),
        Shop::Digitalhafen => format!("/products/{slug}-{number}"),
    }
}

fn slug(text: &str) -> String {
    let words: Vec<String> = text
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    words.join("-")
}

/// Other products of the same category at the same shop, for its page's carousel.
pub(crate) fn related(listing: &SampleListing, wanted: usize) -> Vec<&'static SampleListing> {
    let category = products()[listing.product].category;
    let others: Vec<&SampleListing> = listings()
        .iter()
        .filter(|other| other.shop == listing.shop && other.product != listing.product)
        .filter(|other| products()[other.product].category == category && !other.disallowed)
        .collect();
    if others.is_empty() {
        return others;
    }
    let key = [listing.shop.number(), i64::try_from(listing.product).expect("few products")];
    let start = between(0, i64::try_from(others.len()).expect("few listings") - 1, &key);
    let start = usize::try_from(start).expect("not negative");
    (0..others.len().min(wanted)).map(|step| others[(start + step) % others.len()]).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{find_listing, listings, unmatched};
    use crate::shops::Shop;

    #[test]
    fn every_shop_has_pages_that_nobody_matched() {
        for shop in Shop::ALL {
            let pages: Vec<_> = unmatched().iter().filter(|page| page.shop == shop).collect();
            assert!((20..120).contains(&pages.len()), "{}: {}", shop.name(), pages.len());
            assert!(pages.iter().all(|page| find_listing(shop, page.product).is_none()));
        }
    }

    #[test]
    fn about_fifteen_hundred_listings_each_with_its_address() {
        let all = listings();
        assert!((1_350..=1_650).contains(&all.len()), "{} listings", all.len());
        let addresses: HashSet<_> = all.iter().map(|listing| (listing.shop, listing.path.as_str())).collect();
        assert_eq!(addresses.len(), all.len());
        for shop in Shop::ALL {
            assert!(all.iter().filter(|listing| listing.shop == shop).count() > 150, "{}", shop.name());
        }
        let forbidden = all.iter().filter(|listing| listing.disallowed).count();
        assert!((2..=20).contains(&forbidden), "{forbidden}");
        assert!(all.iter().all(|one| find_listing(one.shop, one.product).is_some_and(|found| found.path == one.path)));
    }
}
