//! What is read from a page.

use pricing_domain::{Availability, Condition, Confidence, Currency, ExtractionMethod, Gtin, ReadState};
use serde::{Deserialize, Serialize};

use crate::amount::Amount;
use crate::packs::PackSize;

/// A page to be read.
#[derive(Clone, Debug)]
pub struct PageInput<'a> {
    /// The body as it came, decompressed.
    pub body: &'a [u8],
    /// The `Content-Type` header.
    pub content_type: Option<&'a str>,
    /// The HTTP status.
    pub status: Option<u16>,
    /// The address of the page.
    pub url: &'a str,
    /// What is known about the site.
    pub hints: SiteHints,
}

/// What is known about a site.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SiteHints {
    /// The currency of its prices.
    pub currency: Option<Currency>,
    /// Its decimal separator, `.` or `,`.
    pub decimal_separator: Option<char>,
    /// Where its values stand.
    pub selectors: SiteSelectors,
}

/// CSS selectors for a site's values, each with its fallbacks in order. `selector @attribute` takes an attribute.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SiteSelectors {
    /// The price.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub price: Vec<String>,
    /// The currency.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub currency: Vec<String>,
    /// The words about stock.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub availability: Vec<String>,
    /// The product's title.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub title: Vec<String>,
    /// The shop's article number.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sku: Vec<String>,
    /// The GTIN.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub gtin: Vec<String>,
    /// The price before, or the recommended one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub list_price: Vec<String>,
    /// The brand.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub brand: Vec<String>,
    /// The manufacturer's part number.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mpn: Vec<String>,
}

impl SiteSelectors {
    /// The selectors with the name of the value that each list is for.
    pub fn by_value(&self) -> [(&'static str, &[String]); 9] {
        [
            ("price", &self.price),
            ("list_price", &self.list_price),
            ("currency", &self.currency),
            ("availability", &self.availability),
            ("title", &self.title),
            ("sku", &self.sku),
            ("gtin", &self.gtin),
            ("brand", &self.brand),
            ("mpn", &self.mpn),
        ]
    }
}

/// One of several forms of a product: a size, a colour.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Variant {
    /// Its name, or its values joined.
    pub title: Option<String>,
    /// The shop's article number.
    pub sku: Option<String>,
    /// The GTIN.
    pub gtin: Option<Gtin>,
    /// Its own price.
    pub price: Option<Amount>,
    /// Its price before.
    pub list_price: Option<Amount>,
    /// Whether it can be bought.
    pub availability: Option<Availability>,
    /// What makes it differ: name and value.
    pub attributes: Vec<(String, String)>,
}

/// A piece of a page's source, with what stands around it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourcePlace {
    /// Before it.
    pub before: String,
    /// The piece.
    pub text: String,
    /// After it.
    pub after: String,
}

/// What a page says, how sure that is, and the evidence.
#[derive(Clone, Debug, Serialize)]
pub struct Extraction {
    /// What the page turned out to be.
    pub state: ReadState,
    /// The price for everybody, now. `None` unless the state allows one.
    pub price: Option<Amount>,
    /// The price before, or the recommended one.
    pub list_price: Option<Amount>,
    /// The currency of all amounts.
    pub currency: Option<Currency>,
    /// Whether it can be bought.
    pub availability: Availability,
    /// New, used and so on, where the page says so.
    pub condition: Option<Condition>,
    /// The product's title.
    pub title: Option<String>,
    /// The brand.
    pub brand: Option<String>,
    /// The shop's article number.
    pub sku: Option<String>,
    /// The manufacturer's part number.
    pub mpn: Option<String>,
    /// The GTIN, with a right check digit.
    pub gtin: Option<Gtin>,
    /// The whole address of its picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// The forms it is sold in.
    pub variants: Vec<Variant>,
    /// The cost of delivery, where one is stated.
    pub shipping: Option<Amount>,
    /// How much is sold, where the title says so.
    pub pack: Option<PackSize>,
    /// Who sells it.
    pub seller: Option<String>,
    /// The words of a promotion.
    pub promotion: Option<String>,
    /// The price is for members, or with a coupon, and none for everybody is shown.
    pub is_for_members: bool,
    /// How sure the price is.
    pub confidence: Confidence,
    /// How the price was found.
    pub method: Option<ExtractionMethod>,
    /// What the price was read from, at most 300 characters.
    pub fragment: String,
    /// Where that stands in the source, where it stands on the page.
    #[serde(skip)]
    pub place: Option<SourcePlace>,
    /// What is unusual, and why a price was refused.
    pub warnings: Vec<String>,
    /// All readings, where the page allows several.
    pub readings: Vec<String>,
}

impl Extraction {
    /// An answer without any value.
    pub(crate) fn empty(state: ReadState) -> Self {
        Self {
            state,
            price: None,
            list_price: None,
            currency: None,
            availability: Availability::Unknown,
            condition: None,
            title: None,
            brand: None,
            sku: None,
            mpn: None,
            gtin: None,
            image: None,
            variants: Vec::new(),
            shipping: None,
            pack: None,
            seller: None,
            promotion: None,
            is_for_members: false,
            confidence: Confidence::Low,
            method: None,
            fragment: String::new(),
            place: None,
            warnings: Vec::new(),
            readings: Vec::new(),
        }
    }

    /// Adds a warning that makes the price less sure.
    pub(crate) fn doubt(&mut self, warning: String) {
        if self.confidence == Confidence::High {
            self.confidence = Confidence::Medium;
        }
        self.warnings.push(warning);
    }

    /// The same answer with one more warning.
    pub(crate) fn warned(mut self, warning: impl Into<String>) -> Self {
        self.warnings.push(warning.into());
        self
    }
}
