//! Product pages as six different shops would write them.

mod frame;
mod json_ld;
mod microdata;
mod open_graph;
mod parts;
mod plain;
mod scripted;
mod sundry;

use pricing_domain::{Gtin, MatchType};

use crate::catalogue::{SampleProduct, products};
use crate::listings::{SampleListing, related};
use crate::market::{ShopTruth, truth};
use crate::shops::Shop;

pub(crate) use sundry::{blocked, front, not_found, too_many};

/// How many related products a page shows.
const RELATED: usize = 8;

/// What a page is written from.
pub(crate) struct Page {
    pub(crate) shop: Shop,
    pub(crate) origin: String,
    pub(crate) path: &'static str,
    pub(crate) title: String,
    pub(crate) number: String,
    pub(crate) brand: &'static str,
    pub(crate) gtin: Option<Gtin>,
    pub(crate) product: &'static SampleProduct,
    pub(crate) truth: ShopTruth,
    pub(crate) related: Vec<Related>,
}

/// A product of the carousel.
pub(crate) struct Related {
    pub(crate) path: &'static str,
    pub(crate) title: String,
    pub(crate) number: String,
    pub(crate) truth: ShopTruth,
}

/// Writes the page of a listing as it is on a day.
pub(crate) fn product_page(listing: &'static SampleListing, origin: &str, day: i64) -> String {
    let product = &products()[listing.product];
    let same = listing.match_type == MatchType::Exact && listing.pack_coefficient.numerator == 1;
    let page = Page {
        shop: listing.shop,
        origin: origin.to_owned(),
        path: &listing.path,
        title: listing.title(),
        number: listing.article_number(),
        brand: if listing.match_type == MatchType::Exact { product.brand } else { "Basisline" },
        gtin: Gtin::parse(&product.gtin).ok().filter(|_| same),
        product,
        truth: truth(listing, day),
        related: related(listing, RELATED).into_iter().map(|other| carousel_item(other, day)).collect(),
    };
    match page.shop {
        Shop::ElektroMax => json_ld::graph_page(&page),
        Shop::Strompfeil => microdata::page(&page),
        Shop::Klangspeicher => open_graph::page(&page),
        Shop::Geraetefuchs => plain::page(&page),
        Shop::Funkelkiste => scripted::page(&page),
        Shop::Digitalhafen => json_ld::single_page(&page),
    }
}

fn carousel_item(listing: &'static SampleListing, day: i64) -> Related {
    Related {
        path: &listing.path,
        title: listing.title(),
        number: listing.article_number(),
        truth: truth(listing, day),
    }
}

/// Text that cannot be taken for markup.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// An amount as German shops write it: `1.299,00`.
pub(crate) fn german(minor: i64) -> String {
    let euros = (minor / 100).to_string();
    let mut grouped = String::new();
    for (place, digit) in euros.chars().enumerate() {
        if place > 0 && (euros.len() - place).is_multiple_of(3) {
            grouped.push('.');
        }
        grouped.push(digit);
    }
    format!("{grouped},{:02}", minor % 100)
}

/// An amount as machines write it: `1299.00`.
pub(crate) fn machine(minor: i64) -> String {
    pricing_domain::format_scaled(minor, 2)
}

#[cfg(test)]
mod tests {
    use super::{german, product_page};
    use crate::listings::listings;

    #[test]
    fn pages_are_as_long_as_real_ones() {
        for listing in listings().iter().step_by(7) {
            let page = product_page(listing, "http://127.0.0.1:1", 20_758);
            assert!((5_000..30_000).contains(&page.len()), "{} bytes at {}", page.len(), listing.path);
        }
    }

    #[test]
    fn amounts_have_dots_for_thousands() {
        assert_eq!(german(129_900), "1.299,00");
        assert_eq!(german(99), "0,99");
        assert_eq!(german(123_456_789), "1.234.567,89");
    }
}
