//! Products: one row a product, with its price on the default list.

use std::hash::Hash;

use pricing_domain::{BasisPoints, ContentUnit, CostType, Currency, Gtin, Lifecycle, MicroAmount, Role};
use serde::{Deserialize, Serialize};

use crate::cells::{Cells, Range, Refusal};
use crate::columns::columns;
use crate::rows::FileRow;
use crate::validity::ValidityTime;

columns! {
    Sku = "sku" Mandatory Text,
    Gtin = "gtin" Optional Text,
    Mpn = "mpn" Optional Text,
    Brand = "brand" Optional Text,
    Name = "name" Mandatory Text,
    Category = "category" Optional Text,
    ItemGroupId = "item_group_id" Optional Text,
    NetContent = "net_content" Optional Decimal,
    ContentUnit = "content_unit" Optional Text,
    PackItems = "pack_items" Optional Decimal,
    Deposit = "deposit" Optional Decimal,
    Supplier = "supplier" Optional Text,
    OwnBrand = "own_brand" Optional Text,
    Lifecycle = "lifecycle" Optional Text,
    Currency = "currency" Mandatory Text,
    Price = "price" Mandatory Decimal,
    CompareAtPrice = "compare_at_price" Optional Decimal,
    SalePrice = "sale_price" Optional Decimal,
    SaleFrom = "sale_from" Optional Text,
    SaleTo = "sale_to" Optional Text,
    Cost = "cost" Optional Decimal,
    CostType = "cost_type" Optional Text,
    MinPrice = "min_price" Optional Decimal,
    MaxPrice = "max_price" Optional Decimal,
    MapPrice = "map_price" Optional Decimal,
    Rrp = "rrp" Optional Decimal,
    VatRate = "vat_rate" Optional Decimal,
    PriceIncludesVat = "price_includes_vat" Optional Text,
    Stock = "stock" Optional Decimal,
    Role = "role" Optional Text,
    KeyValue = "kvi" Optional Text,
    Family = "family" Optional Text,
    Tags = "tags" Optional Text,
}

/// A product as a file states it. `None` and empty lists mean "not stated": what is stored stays.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProductRow {
    /// Line of the file, from 1.
    pub line: u64,
    /// Article number.
    pub sku: String,
    /// As typed, without blanks at its ends.
    pub name: String,
    /// Each once, in the order of the file.
    pub gtins: Vec<Gtin>,
    /// The maker's part number.
    pub mpn: Option<String>,
    /// The brand.
    pub brand: Option<String>,
    /// The path, for example `TV & Audio > Headphones`.
    pub category: Option<String>,
    /// Joins the variants of one product.
    pub item_group_id: Option<String>,
    /// Who delivers it.
    pub supplier: Option<String>,
    /// The family whose prices stay in order.
    pub family: Option<String>,
    /// Net content in millionths of its unit.
    pub net_content_micro: Option<i64>,
    /// Unit of the net content.
    pub content_unit: Option<ContentUnit>,
    /// Items in the pack.
    pub pack_items: Option<u32>,
    /// Deposit in minor units.
    pub deposit_minor: Option<i64>,
    /// Whether it is an own brand.
    pub own_brand: Option<bool>,
    /// Where it stands in its life.
    pub lifecycle: Option<Lifecycle>,
    /// Of every amount in the row.
    pub currency: Currency,
    /// Selling price in minor units, above zero.
    pub price_minor: i64,
    /// The price shown struck through, in minor units.
    pub compare_at_minor: Option<i64>,
    /// What the file says about a price for a time; `None`: nothing.
    pub sale: Option<SaleTerms>,
    /// Lowest price allowed, in minor units.
    pub min_price_minor: Option<i64>,
    /// Highest price allowed, in minor units.
    pub max_price_minor: Option<i64>,
    /// Minimum advertised price, in minor units.
    pub map_price_minor: Option<i64>,
    /// Recommended retail price, in minor units.
    pub rrp_minor: Option<i64>,
    /// Cost of one item.
    pub cost: Option<MicroAmount>,
    /// Which cost that is.
    pub cost_type: Option<CostType>,
    /// VAT rate.
    pub vat_rate: Option<BasisPoints>,
    /// Whether the price contains VAT.
    pub price_includes_vat: Option<bool>,
    /// Items in stock; below zero when more were sold than there are.
    pub stock: Option<i64>,
    /// Part it plays in the assortment.
    pub role: Option<Role>,
    /// Whether customers judge us by it.
    pub key_value: Option<bool>,
    /// Free words.
    pub tags: Vec<String>,
}

/// A price for a time beside the regular one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SaleTerms {
    /// None runs.
    None,
    /// One runs, or will.
    Sale {
        /// In minor units, above zero.
        price_minor: i64,
        /// From when; `None`: it runs already.
        from: Option<ValidityTime>,
        /// Until when; `None`: open.
        to: Option<ValidityTime>,
    },
}

impl FileRow for ProductRow {
    fn read(cells: &Cells<'_>) -> Result<Self, Refusal> {
        let currency = cells.currency(Column::Currency)?;
        let row = Self {
            line: cells.row.line,
            sku: cells.sku(Column::Sku)?,
            name: cells.needed_text(Column::Name)?,
            gtins: cells.gtins(Column::Gtin)?,
            mpn: cells.text(Column::Mpn)?,
            brand: cells.text(Column::Brand)?,
            category: cells.text(Column::Category)?,
            item_group_id: cells.text(Column::ItemGroupId)?,
            supplier: cells.text(Column::Supplier)?,
            family: cells.text(Column::Family)?,
            net_content_micro: cells.number(Column::NetContent, 6, Range::Positive)?,
            content_unit: cells.value(Column::ContentUnit)?,
            pack_items: cells.count(Column::PackItems)?,
            deposit_minor: cells.number(Column::Deposit, currency.minor_digits(), Range::NotNegative)?,
            own_brand: cells.yes_or_no(Column::OwnBrand)?,
            lifecycle: cells.value(Column::Lifecycle)?,
            currency,
            price_minor: cells.needed_price(Column::Price, currency)?,
            compare_at_minor: cells.price(Column::CompareAtPrice, currency)?,
            sale: read_sale(cells, currency)?,
            min_price_minor: cells.price(Column::MinPrice, currency)?,
            max_price_minor: cells.price(Column::MaxPrice, currency)?,
            map_price_minor: cells.price(Column::MapPrice, currency)?,
            rrp_minor: cells.price(Column::Rrp, currency)?,
            cost: cells.cost(Column::Cost)?,
            cost_type: cells.value(Column::CostType)?,
            vat_rate: cells.percent(Column::VatRate)?,
            price_includes_vat: cells.yes_or_no(Column::PriceIncludesVat)?,
            stock: cells.number(Column::Stock, 0, Range::Signed)?,
            role: cells.value(Column::Role)?,
            key_value: cells.yes_or_no(Column::KeyValue)?,
            tags: read_tags(cells.find(Column::Tags)),
        };
        match (row.min_price_minor, row.max_price_minor) {
            (Some(lowest), Some(highest)) if lowest > highest => {
                Err(cells.refuse(Column::MinPrice, "The lowest price is above max_price. Correct one of the two."))
            }
            _ => Ok(row),
        }
    }

    fn identity(&self) -> Option<impl Hash> {
        Some(&self.sku)
    }

    fn identity_words(&self) -> String {
        format!("The article {}", self.sku)
    }
}

fn read_sale(cells: &Cells<'_>, currency: Currency) -> Result<Option<SaleTerms>, Refusal> {
    if !cells.has_column(Column::SalePrice) {
        return Ok(None);
    }
    let Some(price_minor) = cells.price(Column::SalePrice, currency)? else {
        return Ok(cells.map.states_sales.then_some(SaleTerms::None));
    };
    let (from, to) = (cells.valid_from(Column::SaleFrom)?, cells.valid_to(Column::SaleTo)?);
    cells.in_order(from, to, Column::SaleTo)?;
    Ok(Some(SaleTerms::Sale { price_minor, from, to }))
}

/// What separates tags within their cell.
pub(crate) const TAG_SEPARATOR: char = '|';

fn read_tags(text: Option<&str>) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    let words = text.unwrap_or_default().split([TAG_SEPARATOR, ',', ';']).map(str::trim);
    for word in words.filter(|word| !word.is_empty()) {
        if !tags.iter().any(|tag| tag == word) {
            tags.push(word.to_owned());
        }
    }
    tags
}
