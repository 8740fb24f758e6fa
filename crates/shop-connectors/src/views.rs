//! What is known of a shop and what goes there.

use pricing_domain::{BasisPoints, Currency, Money};

/// What a shop says of itself and of the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShopFacts {
    /// Its name or address.
    pub name: String,
    /// Of its prices; `None`: a receiver that has none.
    pub currency: Option<Currency>,
    /// Whether its prices contain VAT; `None`: it charges none or does not say.
    pub prices_include_vat: Option<bool>,
    /// Products, without their variants; `None`: it does not say.
    pub products: Option<u64>,
    /// Whether the key may read the catalogue.
    pub may_read: bool,
    /// Whether the key may change prices.
    pub may_write: bool,
    /// Its VAT rates by tax class, as far as it says them; the ordinary class has an empty name.
    pub vat_rates: Vec<(String, BasisPoints)>,
    /// What else a person should know, a sentence each.
    pub remarks: Vec<String>,
}

/// The tax class of what is not taxed.
pub const UNTAXED: &str = "none";

/// Something that is sold in a shop, as its catalogue has it. Amounts are decimal text in the shop's currency.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShopProduct {
    /// Article number.
    pub sku: String,
    /// Name, with what sets a variant apart.
    pub name: String,
    /// Article code.
    pub gtin: String,
    /// Brand or vendor.
    pub brand: String,
    /// Path, divided by ` > `.
    pub category: String,
    /// What variants of one product have in common.
    pub group: String,
    /// The regular price; empty: none is set.
    pub price: String,
    /// The price shown struck through.
    pub compare_at: String,
    /// The price of a sale.
    pub sale: String,
    /// Its first day or moment.
    pub sale_from: String,
    /// Its last.
    pub sale_to: String,
    /// Cost, where the shop keeps it.
    pub cost: String,
    /// Units; `None`: the shop does not count them.
    pub stock: Option<i64>,
    /// Whether there is stock, in the shop's word, where it counts none.
    pub availability: String,
    /// The shop's class of what is taxed otherwise than is usual there; [`UNTAXED`] of what is not taxed.
    pub tax_class: String,
    /// The address of its picture.
    pub image: String,
    /// What the shop says of it beside, as names and texts: options of a variant, attributes.
    pub attributes: Vec<(String, String)>,
}

/// How many things a catalogue had that are no products of ours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CatalogueCounts {
    /// Products and variants with a SKU.
    pub read: u64,
    /// Without a SKU of their own.
    pub without_sku: u64,
    /// Bundles and groups, which have no price of their own.
    pub groups: u64,
}

/// Where a price stands in a shop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShopPlace {
    /// Article number.
    pub sku: String,
    /// The shop's own id of the product.
    pub product: String,
    /// The shop's own id of the variant; empty: the product has none.
    pub variant: String,
}

/// A sale that runs in the shop beside the regular price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SaleInShop {
    /// Its price.
    pub price_minor: i64,
    /// Whether buyers pay it now.
    pub runs: bool,
}

/// A price as the shop shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownPrice {
    /// Where.
    pub place: ShopPlace,
    /// The regular price; `None`: none is set.
    pub price_minor: Option<i64>,
    /// A sale beside it.
    pub sale: Option<SaleInShop>,
    /// The price shown struck through.
    pub compare_at_minor: Option<i64>,
}

/// What a shop has for an article number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Placed {
    /// One place with a price.
    At(ShownPrice),
    /// Nothing.
    Nowhere,
    /// Several places; none is chosen.
    Twice,
    /// Something that has no price of its own.
    WithoutPrice,
}

/// A new price for a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceUpdate {
    /// Where.
    pub place: ShopPlace,
    /// The price list's code, for receivers that have several.
    pub price_list: String,
    /// The price before, for receivers that want to know.
    pub old: Option<Money>,
    /// The price from now on.
    pub new: Money,
    /// Whether a sale price or a was-price beside it is taken away, because it would make no sense any more.
    pub clears_reference: bool,
}

/// What a message or a file is known by, so that a receiver takes it once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delivery {
    /// The same for the same prices of the same hand-over, however often it is sent.
    pub id: String,
    /// The prices as a file, for receivers that take files.
    pub file: Option<Vec<u8>>,
}

/// What came of sending.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SendReport {
    /// Updates that the shop refused, by their place in what was sent, with its reason.
    pub refused: Vec<(usize, String)>,
    /// Why sending broke off; what lay behind it was not sent, and the last one may or may not have arrived.
    pub broke_off: Option<crate::ShopError>,
    /// What is to be known of the prices that arrived.
    pub remark: Option<String>,
}
