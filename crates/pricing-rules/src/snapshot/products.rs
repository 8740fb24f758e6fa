//! What is known of a product, as columns and as one record.

use pricing_domain::{ContentUnit, CostType, Currency, Lifecycle, MicroAmount, Role};
use serde::{Deserialize, Serialize};

use super::{Snapshot, UNIT_SEPARATOR, tags_of};
use crate::columns::{Column, NONE, NarrowColumn, TextColumn};

/// Stands for “none” in columns of small enumerations.
pub(crate) const NO_INDEX: u8 = 255;

/// Bits of [`ProductColumns::flags`].
pub struct ProductFlags;

impl ProductFlags {
    /// Customers judge us by it.
    pub const KEY_VALUE: u8 = 1;

    /// Whether customers judge us by a product: it carries the flag, or has that role.
    pub(crate) const fn is_key_value(flags: u8, role: u8) -> bool {
        (flags & Self::KEY_VALUE != 0) | (role == Role::KeyValue as u8)
    }

    /// It is an own brand.
    pub const OWN_BRAND: u8 = 2;
}

/// A cost with its type and currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CostRecord {
    /// The amount for one.
    pub amount: MicroAmount,
    /// Its currency.
    pub currency: Currency,
    /// Which cost it is.
    pub cost_type: CostType,
}

/// One product as it is handed in and given out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductRecord {
    /// The key in the store.
    pub key: u32,
    /// The article number.
    pub sku: String,
    /// The name.
    pub name: String,
    /// Every GTIN, separated by blanks; only searched for.
    pub gtins: String,
    /// The brand; empty: none.
    pub brand: String,
    /// The category path; empty: none.
    pub category: String,
    /// The supplier; empty: none.
    pub supplier: String,
    /// The families in any order, separated by U+001F; empty: none. See [`crate::family_set`].
    pub family: String,
    /// The part it plays.
    pub role: Option<Role>,
    /// Where it stands in its life; none counts as regular.
    pub lifecycle: Option<Lifecycle>,
    /// Carries the key-value flag.
    pub key_value: bool,
    /// Is an own brand.
    pub own_brand: bool,
    /// How many are in stock.
    pub stock: Option<i64>,
    /// The cost that margins are computed with.
    pub cost: Option<CostRecord>,
    /// Net content at a millionth of its unit.
    pub net_content_micro: Option<i64>,
    /// The unit of the net content.
    pub content_unit: Option<ContentUnit>,
    /// Tags in any order.
    pub tags: Vec<String>,
    /// Free attributes by name, each once. Stored inputs keep those that rules name apart.
    #[serde(skip)]
    pub attributes: Vec<(String, String)>,
    /// When it was first on sale: seconds since 1970; 0: not known. Stored inputs keep it apart.
    #[serde(skip)]
    pub listed_s: u32,
}

/// What is known of each product.
#[derive(Clone, Debug, Default)]
pub struct ProductColumns {
    /// Keys in the store.
    pub key: Column<u32>,
    /// Article numbers.
    pub sku: TextColumn,
    /// Names.
    pub name: TextColumn,
    /// Lower-cased article number, name, brand and GTINs, separated by U+001F.
    pub search: TextColumn,
    /// Codes of the brand dictionary.
    pub brand: Column<u32>,
    /// Codes of the category dictionary.
    pub category: Column<u32>,
    /// Codes of the supplier dictionary.
    pub supplier: Column<u32>,
    /// Codes of the family dictionary.
    pub family: Column<u32>,
    /// Places in `Role::ALL`; 255: none.
    pub role: Column<u8>,
    /// Places in `Lifecycle::ALL`.
    pub lifecycle: Column<u8>,
    /// Bits of [`ProductFlags`].
    pub flags: Column<u8>,
    /// Pieces in stock, or [`NONE`].
    pub stock: NarrowColumn,
    /// Cost at a millionth of the major unit, or [`NONE`].
    pub cost_micro: Column<i64>,
    /// Numbers of the currency dictionary.
    pub cost_currency: Column<u8>,
    /// Places in `CostType::ALL`; 255: none.
    pub cost_type: Column<u8>,
    /// Net content at a millionth of its unit, or [`NONE`].
    pub net_content_micro: Column<i64>,
    /// Places in `ContentUnit::ALL`; 255: none.
    pub content_unit: Column<u8>,
    /// Codes of the tag set dictionary.
    pub tags: Column<u32>,
    /// When products were first on sale: seconds since 1970; 0: not known.
    pub listed_s: Column<u32>,
    /// Place in the order of article numbers.
    pub sku_rank: Column<u32>,
    /// Place in the order of names.
    pub name_rank: Column<u32>,
}

impl ProductColumns {
    pub(super) fn memory_bytes(&self) -> usize {
        let texts = [&self.sku, &self.name, &self.search];
        let codes = [
            &self.key,
            &self.brand,
            &self.category,
            &self.supplier,
            &self.family,
            &self.tags,
            &self.listed_s,
            &self.sku_rank,
            &self.name_rank,
        ];
        let amounts = [&self.cost_micro, &self.net_content_micro];
        let small =
            [&self.role, &self.lifecycle, &self.flags, &self.cost_currency, &self.cost_type, &self.content_unit];
        texts.iter().map(|column| column.memory_bytes()).sum::<usize>()
            + codes.iter().map(|column| column.memory_bytes()).sum::<usize>()
            + amounts.iter().map(|column| column.memory_bytes()).sum::<usize>()
            + self.stock.memory_bytes()
            + small.iter().map(|column| column.memory_bytes()).sum::<usize>()
    }
}

impl Snapshot {
    /// Everything the snapshot knows of a product, as it was handed in.
    pub fn product(&self, row: usize) -> ProductRecord {
        let products = &self.products;
        let flags = products.flags.get(row);
        ProductRecord {
            key: products.key.get(row),
            sku: products.sku.get(row).to_owned(),
            name: products.name.get(row).to_owned(),
            gtins: products.search.get(row).rsplit(UNIT_SEPARATOR).next().unwrap_or_default().to_owned(),
            brand: self.brands.text(products.brand.get(row)).to_owned(),
            category: self.categories.text(products.category.get(row)).to_owned(),
            supplier: self.suppliers.text(products.supplier.get(row)).to_owned(),
            family: self.families.text(products.family.get(row)).to_owned(),
            role: Role::from_index(products.role.get(row)),
            lifecycle: Lifecycle::from_index(products.lifecycle.get(row)),
            key_value: flags & ProductFlags::KEY_VALUE != 0,
            own_brand: flags & ProductFlags::OWN_BRAND != 0,
            stock: some(products.stock.get(row)),
            cost: self.cost(row),
            net_content_micro: some(products.net_content_micro.get(row)),
            content_unit: ContentUnit::from_index(products.content_unit.get(row)),
            tags: tags_of(self.tag_sets.text(products.tags.get(row))).map(str::to_owned).collect(),
            attributes: self.attributes_of(row),
            listed_s: products.listed_s.get(row),
        }
    }

    /// The cost of a product as it was handed in.
    pub fn cost(&self, row: usize) -> Option<CostRecord> {
        Some(CostRecord {
            amount: MicroAmount(some(self.products.cost_micro.get(row))?),
            currency: self.currency(self.products.cost_currency.get(row))?,
            cost_type: CostType::from_index(self.products.cost_type.get(row))?,
        })
    }
}

/// The value, unless it is [`NONE`].
pub(crate) fn some(value: i64) -> Option<i64> {
    (value != NONE).then_some(value)
}

/// The text that searches run over.
pub(super) fn search_text(record: &ProductRecord) -> String {
    let ProductRecord { sku, name, brand, gtins, .. } = record;
    format!("{sku}{UNIT_SEPARATOR}{name}{UNIT_SEPARATOR}{brand}{UNIT_SEPARATOR}{gtins}").to_lowercase()
}

/// The spelling of a set of tags in its dictionary.
pub(super) fn tag_set(tags: &[String]) -> String {
    let mut sorted: Vec<&str> = tags.iter().map(|tag| tag.trim()).filter(|tag| !tag.is_empty()).collect();
    sorted.sort_unstable();
    sorted.dedup();
    sorted.join("\u{1f}")
}
