//! Where a page states its product: each source gives what it found, unjudged. [`crate::merge`] decides.

pub(crate) mod embedded;
pub(crate) mod json_ld;
pub(crate) mod metas;
pub(crate) mod microdata;
pub(crate) mod rdfa;
pub(crate) mod schema;
pub(crate) mod selectors;

use pricing_domain::{Availability, Condition, Currency, ExtractionMethod};

use crate::extraction::Variant;

/// A product as one source states it. Amounts are still text: only the page as a whole tells how to read them.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub method: ExtractionMethod,
    pub title: Option<String>,
    pub brand: Option<String>,
    pub sku: Option<String>,
    /// A number of the shop's own tables: the article's number where nothing else is.
    pub shop_id: Option<String>,
    pub mpn: Option<String>,
    pub gtin: Option<String>,
    pub url: Option<String>,
    pub condition: Option<Condition>,
    /// The address of its first picture, as it stands there.
    pub image: Option<String>,
    pub offers: Vec<Offer>,
    pub variants: Vec<Variant>,
    /// It stands in a list of products, or is said to be related to another.
    pub related: bool,
    /// The source had slips that were mended.
    pub mended: bool,
}

impl Found {
    /// Nothing known yet.
    pub fn new(method: ExtractionMethod) -> Self {
        Self {
            method,
            title: None,
            brand: None,
            sku: None,
            shop_id: None,
            mpn: None,
            gtin: None,
            url: None,
            condition: None,
            image: None,
            offers: Vec::new(),
            variants: Vec::new(),
            related: false,
            mended: false,
        }
    }
}

/// One offer as a source states it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Offer {
    pub price: Option<String>,
    pub list_price: Option<String>,
    pub currency: Option<Currency>,
    pub availability: Option<Availability>,
    pub condition: Option<Condition>,
    pub seller: Option<String>,
    pub shipping: Option<String>,
    pub sku: Option<String>,
    pub gtin: Option<String>,
    pub url: Option<String>,
    /// The lowest of several offers.
    pub from: bool,
    /// A whole number that may be minor units: it counts only as the page shows it.
    pub maybe_minor: bool,
    /// For members or under other conditions.
    pub conditional: bool,
}
