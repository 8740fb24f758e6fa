//! What was read from a page in the form that scripts, evaluations and other programs get: one flat object whose names
//! do not change with the crate's own types.

use pricing_domain::{Availability, Condition, Confidence, Currency, ExtractionMethod, ReadState};
use serde::{Deserialize, Serialize};

use crate::amount::Amount;
use crate::extraction::{Extraction, Variant};
use crate::packs::PackSize;

/// One page's answer. What the page does not say is `null`, amounts are decimal texts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PageAnswer {
    /// What the page turned out to be.
    pub state: ReadState,
    /// The price for everybody, now; `null` where it was refused.
    pub price: Option<Amount>,
    /// The price before, or the recommended one.
    pub list_price: Option<Amount>,
    /// ISO 4217 code of all amounts.
    pub currency: Option<Currency>,
    /// Name of schema.org; `null` where nothing tells.
    pub availability: Option<Availability>,
    /// New, used and so on.
    pub condition: Option<Condition>,
    /// The product's title.
    pub title: Option<String>,
    /// The brand.
    pub brand: Option<String>,
    /// The shop's article number.
    pub sku: Option<String>,
    /// The manufacturer's part number.
    pub mpn: Option<String>,
    /// The GTIN with its leading zeros, 8, 13 or 14 digits.
    pub gtin: Option<String>,
    /// The forms it is sold in, each with its own price, stock and number.
    pub variants: Vec<VariantAnswer>,
    /// The cost of delivery.
    pub shipping: Option<Amount>,
    /// How much is sold, where the title says so.
    pub pack: Option<PackSize>,
    /// Who sells it.
    pub seller: Option<String>,
    /// The words of a promotion.
    pub promotion: Option<String>,
    /// How sure the price is.
    pub confidence: Confidence,
    /// How the price was found.
    pub method: Option<ExtractionMethod>,
    /// What the price was read from.
    pub evidence: Option<String>,
    /// What is unusual, and why a price was refused.
    pub warnings: Vec<String>,
    /// All readings, where the page allows several.
    pub readings: Vec<String>,
}

/// One form of a product.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VariantAnswer {
    /// Its name, or its values joined.
    pub title: Option<String>,
    /// The shop's article number.
    pub sku: Option<String>,
    /// The GTIN with its leading zeros, 8, 13 or 14 digits.
    pub gtin: Option<String>,
    /// Its own price.
    pub price: Option<Amount>,
    /// Its price before.
    pub list_price: Option<Amount>,
    /// Name of schema.org; `null` where nothing tells.
    pub availability: Option<Availability>,
    /// Whether it can be bought; `null` where nothing tells.
    pub in_stock: Option<bool>,
    /// What makes it differ: name and value.
    pub attributes: Vec<(String, String)>,
}

impl From<Extraction> for PageAnswer {
    fn from(read: Extraction) -> Self {
        Self {
            state: read.state,
            price: read.price,
            list_price: read.list_price,
            currency: read.currency,
            availability: known(Some(read.availability)),
            condition: read.condition,
            title: read.title,
            brand: read.brand,
            sku: read.sku,
            mpn: read.mpn,
            gtin: read.gtin.map(|gtin| gtin.to_string()),
            variants: read.variants.into_iter().map(VariantAnswer::from).collect(),
            shipping: read.shipping,
            pack: read.pack,
            seller: read.seller,
            promotion: read.promotion,
            confidence: read.confidence,
            method: read.method,
            evidence: Some(read.fragment).filter(|fragment| !fragment.is_empty()),
            warnings: read.warnings,
            readings: read.readings,
        }
    }
}

impl From<Variant> for VariantAnswer {
    fn from(variant: Variant) -> Self {
        let availability = known(variant.availability);
        Self {
            title: variant.title,
            sku: variant.sku,
            gtin: variant.gtin.map(|gtin| gtin.to_string()),
            price: variant.price,
            list_price: variant.list_price,
            availability,
            in_stock: availability.map(Availability::buyable),
            attributes: variant.attributes,
        }
    }
}

fn known(availability: Option<Availability>) -> Option<Availability> {
    availability.filter(|availability| *availability != Availability::Unknown)
}

#[cfg(test)]
mod tests {
    use pricing_domain::ReadState;

    use super::PageAnswer;
    use crate::extraction::Extraction;

    #[test]
    fn what_a_page_does_not_say_is_null() {
        let answer = PageAnswer::from(Extraction::empty(ReadState::Blocked));
        let json = serde_json::to_value(&answer).expect("serialises");
        for name in ["price", "currency", "availability", "sku", "evidence", "method"] {
            assert!(json[name].is_null(), "{name}");
        }
        assert_eq!(json["state"], "blocked");
        assert_eq!(serde_json::from_value::<PageAnswer>(json).expect("reads back"), answer);
    }
}
