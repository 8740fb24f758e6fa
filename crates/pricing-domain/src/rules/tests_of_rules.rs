//! Tests of a rule set: given inputs and what must come out.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::products::{Lifecycle, Role};

/// “SKU X with competitor 80 and cost 50 gives 78.40.” Amounts are plain decimal text in the list's currency.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleTest {
    /// Shown to people.
    pub name: String,
    /// The product of the catalogue whose facts are used where the test states none; without it an empty product.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sku: Option<String>,
    /// The code of the price list; without it the first one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list: Option<String>,
    /// What the test states.
    #[serde(default)]
    pub given: TestGiven,
    /// The new price, `keep` for “today's price stays”, or the reason why a person is asked (`large_change`).
    pub gives: String,
}

/// The facts that a test states. What it does not state comes from the product, or is missing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TestGiven {
    /// Today's price.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<String>,
    /// The cost in the list's currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost: Option<String>,
    /// The recommended price.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rrp: Option<String>,
    /// The own lowest price.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_price: Option<String>,
    /// The own highest price.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_price: Option<String>,
    /// VAT in percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vat: Option<String>,
    /// Pieces in stock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stock: Option<i64>,
    /// Pieces sold in 28 days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub units_28d: Option<u32>,
    /// Brand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brand: Option<String>,
    /// Category path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Stage of life.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lifecycle: Option<Lifecycle>,
    /// Key-value flag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kvi: Option<bool>,
    /// Tags.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<String>>,
    /// Whether it is an own brand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub own_brand: Option<bool>,
    /// Supplier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supplier: Option<String>,
    /// Net content with its unit: `0.75 l`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// Free attributes by name; an empty text: the product does not have it. What is not named stays.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, String>,
    /// Offers, each in stock and just seen; where stated they replace the product's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offers: Option<Vec<TestOffer>>,
    /// Prices that began before, ours and competitors', in any order; where stated they replace the product's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moves: Option<Vec<TestMove>>,
}

/// A price that began some time before the test, for the guardrails that look back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestMove {
    /// The competitor's name; without it the price is our own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub competitor: Option<String>,
    /// The price that began.
    pub price: String,
    /// How many hours before.
    pub hours_ago: u32,
}

/// An offer of a test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestOffer {
    /// The competitor's name.
    pub competitor: String,
    /// Its price.
    pub price: String,
}
