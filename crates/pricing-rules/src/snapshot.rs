//! The catalogue as the engine reads it: columnar, read-only, in memory. Copies share what did not change.

mod attributes;
mod build;
mod cache;
mod ceilings;
mod costs;
mod derived;
mod lists;
mod moves;
mod offers;
mod products;
mod update;
mod values;

use std::sync::Arc;

use pricing_domain::{CompetitorId, Currency, ExchangeRate};

use crate::columns::Dictionary;

pub use attributes::AttributeColumn;
pub use build::SnapshotBuilder;
pub use cache::CacheError;
pub(crate) use derived::FamilyIndex;
pub(crate) use lists::DecidedPrices;
pub(crate) use lists::FigureColumns;
pub(crate) use lists::contained_vat_bp;
pub use lists::{JointOutcome, ListColumns, ListFlags, ListRecord, ListValues};
pub use moves::{MoveColumns, PriceMove};
pub(crate) use offers::OffersInList;
pub use offers::{Offer, OfferColumns};
pub(crate) use products::NO_INDEX;
pub(crate) use products::some;
pub use products::{CostRecord, ProductColumns, ProductFlags, ProductRecord};
pub use update::RowChange;

/// A competitor whose offers the snapshot holds; its place in the list is its number in [`Offer`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Competitor {
    /// The key in the store.
    pub key: i64,
    /// The identifier at the contract.
    pub id: CompetitorId,
    /// The name shown to people; rules name it.
    pub name: String,
}

/// The catalogue at one place of the change sequence. Row `n` of every column is the same product.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// The last change that is in it.
    pub sequence: i64,
    /// What is known of each product.
    pub products: ProductColumns,
    /// Prices and limits, one set of columns a price list.
    pub lists: Vec<ListColumns>,
    /// What competitors charge.
    pub offers: OfferColumns,
    /// Which prices moved lately.
    pub moves: MoveColumns,
    /// Whose offers they are.
    pub competitors: Vec<Competitor>,
    /// Brands.
    pub brands: Arc<Dictionary>,
    /// Category paths (`TV & Audio > Headphones`).
    pub categories: Arc<Dictionary>,
    /// Suppliers.
    pub suppliers: Arc<Dictionary>,
    /// Families.
    pub families: Arc<Dictionary>,
    /// Sets of tags: sorted, separated by U+001F.
    pub tag_sets: Arc<Dictionary>,
    /// Free attributes, in the order in which products had them first.
    pub attributes: Vec<AttributeColumn>,
    /// Currency codes.
    pub currencies: Arc<Dictionary>,
    /// Exchange rates in ascending order.
    pub(crate) rates: Arc<Vec<ExchangeRate>>,
    /// The day as of which costs are converted: days since 1970.
    pub(crate) rates_day: i32,
    /// When the figures of usable offers were computed last: seconds since 1970. They hold from then on.
    pub(crate) offers_as_of_s: i64,
    pub(crate) by_key: Arc<Vec<u32>>,
    pub(crate) by_sku: Arc<Vec<u32>>,
    pub(crate) by_name: Arc<Vec<u32>>,
    pub(crate) family_index: Arc<FamilyIndex>,
}

impl Snapshot {
    /// How many products there are.
    pub const fn row_count(&self) -> usize {
        self.products.key.len()
    }

    /// The row of a product by its key in the store.
    pub fn row_of_key(&self, key: u32) -> Option<u32> {
        let place = self.by_key.binary_search_by_key(&key, |row| self.products.key.get(*row as usize));
        place.ok().map(|place| self.by_key[place])
    }

    /// The row of a product by its article number, in any case.
    pub fn row_of_sku(&self, sku: &str) -> Option<u32> {
        let wanted = sku.trim().to_lowercase();
        let of = |row: &u32| self.products.search.get(*row as usize).split(UNIT_SEPARATOR).next().unwrap_or_default();
        let place = self.by_sku.partition_point(|row| of(row) < wanted.as_str());
        self.by_sku.get(place).copied().filter(|row| of(row) == wanted)
    }

    /// The number of a currency in [`Offer`] and in the cost columns; 0 when nothing is in that currency.
    pub fn currency_number(&self, currency: Currency) -> u8 {
        self.currencies.find(currency.code()).and_then(|code| u8::try_from(code).ok()).unwrap_or(0)
    }

    /// The currency with a number.
    pub fn currency(&self, number: u8) -> Option<Currency> {
        Currency::new(self.currencies.text(u32::from(number))).ok()
    }

    /// The tags of a product.
    pub fn tags(&self, row: usize) -> impl Iterator<Item = &str> {
        tags_of(self.tag_sets.text(self.products.tags.get(row)))
    }

    /// Bytes that the snapshot takes, roughly.
    pub fn memory_bytes(&self) -> usize {
        let dictionaries =
            [&self.brands, &self.categories, &self.suppliers, &self.families, &self.tag_sets, &self.currencies];
        self.products.memory_bytes()
            + self.lists.iter().map(ListColumns::memory_bytes).sum::<usize>()
            + self
                .lists
                .iter()
                .map(|list| list.cost_micro.memory_bytes_beside(&self.products.cost_micro))
                .sum::<usize>()
            + self.offers.memory_bytes()
            + self.moves.memory_bytes()
            + self
                .attributes
                .iter()
                .map(|column| column.codes.memory_bytes() + column.texts.memory_bytes())
                .sum::<usize>()
            + dictionaries.iter().map(|dictionary| dictionary.memory_bytes()).sum::<usize>()
            + (self.by_key.len() + self.by_sku.len() + self.by_name.len()) * size_of::<u32>()
            + self.family_index.memory_bytes()
    }
}

/// Separates the tags of a set and the parts of a search text.
pub(crate) const UNIT_SEPARATOR: char = '\u{1f}';

/// The families of a product as they are kept in the dictionary and in records.
pub(crate) fn families_in(set: &str) -> impl Iterator<Item = &str> {
    tags_of(set)
}

/// The families of a product as one text: in the order of the alphabet, each once, separated by U+001F. A product of one
/// family has its name.
pub fn family_set<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: std::collections::BTreeSet<&str> = names.into_iter().filter(|name| !name.is_empty()).collect();
    names.into_iter().collect::<Vec<_>>().join("\u{1f}")
}

/// The tags of a set as it is kept in the dictionary.
pub(crate) fn tags_of(set: &str) -> impl Iterator<Item = &str> {
    set.split(UNIT_SEPARATOR).filter(|tag| !tag.is_empty())
}
