//! Products: one row a product, with its price on the default list.

use std::hash::Hash;

use pricing_domain::{BasisPoints, ContentUnit, CostType, Currency, Gtin, Lifecycle, MicroAmount, Role, parse_scaled};
use serde::{Deserialize, Serialize};

use crate::availability::{Pieces, pieces};
use crate::cells::{Cells, FineAmount, Range, Refusal};
use crate::columns::columns;
use crate::records::{LESS, UNREAD};
use crate::rows::FileRow;
use crate::validity::ValidityTime;

columns! {
    Sku = "sku" Mandatory Text,
    Gtin = "gtin" Optional Text,
    Mpn = "mpn" Optional Text,
    Brand = "brand" Optional Text,
    Name = "name" ForNew Text,
    Category = "category" Optional Text,
    ItemGroupId = "item_group_id" Optional Text,
    NetContent = "net_content" Optional Decimal,
    ContentUnit = "content_unit" Optional Text,
    PackItems = "pack_items" Optional Decimal,
    Deposit = "deposit" Optional Decimal,
    Supplier = "supplier" Optional Text,
    OwnBrand = "own_brand" Optional Text,
    Lifecycle = "lifecycle" Optional Text,
    Currency = "currency" ForNew Text,
    Price = "price" ForNew Decimal,
    CompareAtPrice = "compare_at_price" Optional Decimal,
    SalePrice = "sale_price" Optional Decimal,
    SaleFrom = "sale_from" Optional Date,
    SaleTo = "sale_to" Optional Date,
    Cost = "cost" Optional Decimal,
    CostType = "cost_type" Optional Text,
    CostCurrency = "cost_currency" Optional Text,
    MinPrice = "min_price" Optional Decimal,
    MaxPrice = "max_price" Optional Decimal,
    MapPrice = "map_price" Optional Decimal,
    Rrp = "rrp" Optional Decimal,
    VatRate = "vat_rate" Optional Decimal,
    PriceIncludesVat = "price_includes_vat" Optional Text,
    Stock = "stock" Optional Decimal,
    Availability = "availability" Optional Text,
    Role = "role" Optional Text,
    KeyValue = "kvi" Optional Text,
    Family = "family" Optional Text,
    Tags = "tags" Optional Text,
    ImageUrl = "image_url" Optional Text,
}

/// A product as a file states it. `None` and empty lists mean "not stated": what is stored stays. Name, currency and price
/// are stated by every row, unless [`crate::ReadOptions::partial`] lets rows leave them out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProductRow {
    /// Line of the file, from 1.
    pub line: u64,
    /// Article number.
    pub sku: String,
    /// As typed, without blanks at its ends.
    pub name: Option<String>,
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
    /// Whether the file says that it is sold, without saying more: one that had ended is then regular again, and any
    /// other stays what it is.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_sold: bool,
    /// Of every amount in the row, but a cost with a currency of its own.
    pub currency: Currency,
    /// Whether neither the row nor its file names that currency: it is the usual one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub names_no_currency: bool,
    /// Selling price in minor units, above zero.
    pub price_minor: Option<i64>,
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
    /// Currency of the cost; `None`: that of the row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost_currency: Option<Currency>,
    /// VAT rate.
    pub vat_rate: Option<BasisPoints>,
    /// Whether the price contains VAT.
    pub price_includes_vat: Option<bool>,
    /// Items in stock; below zero when more were sold than there are.
    pub stock: Option<i64>,
    /// In stock, in a number that the file does not say: what is known to be nothing is then not known any more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_in_stock: bool,
    /// Part it plays in the assortment.
    pub role: Option<Role>,
    /// Whether customers judge us by it.
    pub key_value: Option<bool>,
    /// Free words.
    pub tags: Vec<String>,
    /// Free attributes, each once, by name; what is not stated stays.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<(String, String)>,
    /// The whole address of its picture on the web.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_url: Option<String>,
    /// Amounts without VAT that the file states finer than in minor units; `None`: none is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fine: Option<FineAmounts>,
}

/// Amounts of a row without VAT in millionths of the major unit, so that the price with VAT is rounded once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FineAmounts {
    /// Selling price.
    pub price: Option<i64>,
    /// The price shown struck through.
    pub compare_at: Option<i64>,
    /// The price for a time.
    pub sale: Option<i64>,
    /// Lowest price allowed.
    pub min_price: Option<i64>,
    /// Highest price allowed.
    pub max_price: Option<i64>,
    /// Minimum advertised price.
    pub map_price: Option<i64>,
    /// Recommended retail price.
    pub rrp: Option<i64>,
}

/// How a file says that a product is sold.
const SOLD: &str = "active";

impl ProductRow {
    /// The currency of its cost.
    pub fn currency_of_cost(&self) -> Currency {
        self.cost_currency.unwrap_or(self.currency)
    }

    /// Whether it says any amount that is with or without VAT.
    pub fn states_amounts(&self) -> bool {
        let amounts = [
            self.price_minor,
            self.compare_at_minor,
            self.min_price_minor,
            self.max_price_minor,
            self.map_price_minor,
            self.rrp_minor,
        ];
        amounts.iter().any(Option::is_some) || matches!(self.sale, Some(SaleTerms::Sale { .. }))
    }

    /// What the file says of its life: a stage, or `active` where it says only that it is sold.
    pub fn stated_lifecycle(&self) -> Option<&'static str> {
        self.lifecycle.map(|lifecycle| lifecycle.as_str()).or(self.is_sold.then_some(SOLD))
    }
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
        let usual = cells.map.partial.filter(|_| cells.find(Column::Currency).is_none());
        let currency = usual.map_or_else(|| cells.currency(Column::Currency), Ok)?;
        let amounts = Amounts::read(cells, currency)?;
        let cost_currency =
            cells.find(Column::CostCurrency).map(|_| cells.currency(Column::CostCurrency)).transpose()?;
        let (stock, is_in_stock) = read_stock(cells)?;
        let is_sold = cells.find(Column::Lifecycle).is_some_and(|text| text.eq_ignore_ascii_case(SOLD));
        Ok(Self {
            line: cells.row.line,
            sku: cells.sku(Column::Sku)?,
            name: partly(cells, cells.text(Column::Name)?, Column::Name)?,
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
            deposit_minor: cells.surcharge(Column::Deposit, currency)?,
            own_brand: cells.yes_or_no(Column::OwnBrand)?,
            lifecycle: if is_sold { None } else { cells.value(Column::Lifecycle)? },
            is_sold,
            currency,
            names_no_currency: usual.is_some(),
            price_minor: amounts.price.map(|amount| amount.minor),
            compare_at_minor: amounts.compare_at.map(|amount| amount.minor),
            sale: amounts.sale,
            min_price_minor: amounts.min_price.map(|amount| amount.minor),
            max_price_minor: amounts.max_price.map(|amount| amount.minor),
            map_price_minor: amounts.map_price.map(|amount| amount.minor),
            rrp_minor: amounts.rrp.map(|amount| amount.minor),
            cost: cells.cost(Column::Cost, cost_currency.unwrap_or(currency))?,
            cost_type: cells.value(Column::CostType)?,
            cost_currency,
            vat_rate: read_rate(cells)?,
            price_includes_vat: cells.yes_or_no(Column::PriceIncludesVat)?,
            stock,
            is_in_stock,
            role: cells.value(Column::Role)?,
            key_value: cells.yes_or_no(Column::KeyValue)?,
            tags: read_tags(cells.find(Column::Tags)),
            attributes: cells.attributes()?,
            image_url: image_url(cells),
            fine: amounts.fine,
        })
    }

    fn identity(&self) -> Option<impl Hash> {
        Some(&self.sku)
    }

    fn identity_words(&self) -> String {
        format!("The article {}", self.sku)
    }
}

/// What every row must say, but those that may be partial.
fn partly<T>(cells: &Cells<'_>, stated: Option<T>, column: Column) -> Result<Option<T>, Refusal> {
    match stated {
        None if cells.map.partial.is_none() => Err(cells.missing(column)),
        stated => Ok(stated),
    }
}

/// Pieces in stock, and whether there are some in a number that is not said. A number says more than a word.
fn read_stock(cells: &Cells<'_>) -> Result<(Option<i64>, bool), Refusal> {
    let stock = cells.items(Column::Stock)?;
    let Some(text) = cells.find(Column::Availability).filter(|_| stock.is_none()) else { return Ok((stock, false)) };
    Ok(match pieces(text) {
        Some(Pieces::Some) => (None, true),
        Some(Pieces::None) => (Some(0), false),
        None => {
            cells.note(
                Column::Availability,
                format!("“{text}” does not say whether there is stock: write in_stock or out_of_stock."),
            );
            (None, false)
        }
    })
}

/// The VAT rate; that of a tax class that nobody stated is not known.
fn read_rate(cells: &Cells<'_>) -> Result<Option<BasisPoints>, Refusal> {
    let Some(class) = cells.find(Column::VatRate).and_then(|text| text.strip_prefix(UNREAD)) else {
        return cells.percent(Column::VatRate);
    };
    let remedy = format!("state it (--vat-class \"{class}=7\")");
    cells.note(Column::VatRate, format!("The VAT rate of the tax class “{class}” is not known: {remedy}."));
    Ok(None)
}

/// What a row says in money, with or without VAT as the row says.
struct Amounts {
    price: Option<FineAmount>,
    compare_at: Option<FineAmount>,
    sale: Option<SaleTerms>,
    min_price: Option<FineAmount>,
    max_price: Option<FineAmount>,
    map_price: Option<FineAmount>,
    rrp: Option<FineAmount>,
    fine: Option<FineAmounts>,
}

impl Amounts {
    fn read(cells: &Cells<'_>, currency: Currency) -> Result<Self, Refusal> {
        let is_net = cells.yes_or_no(Column::PriceIncludesVat)? == Some(false);
        let amount = |column: Column| cells.fine_price(column, currency, is_net);
        cells.refuse_zero_price(Column::Price)?;
        let price = partly(cells, amount(Column::Price)?, Column::Price)?;
        let marked = |mark: char| cells.find(Column::SalePrice).and_then(|text| text.strip_prefix(mark));
        let stated_sale = match (marked(UNREAD), marked(LESS)) {
            (Some(text), _) => {
                let remedy = "state it in percent, or import the sale as a promotion";
                cells.note(Column::SalePrice, format!("A discount of {text} is not read: {remedy}."));
                None
            }
            (None, Some(less)) => less_discount(cells, price, less, (currency, is_net))?.map(Some),
            (None, None) => Some(amount(Column::SalePrice)?),
        };
        let sale_price = stated_sale.flatten();
        let (compare_at, map_price, rrp) =
            (amount(Column::CompareAtPrice)?, amount(Column::MapPrice)?, amount(Column::Rrp)?);
        let (min_price, max_price) = (amount(Column::MinPrice)?, amount(Column::MaxPrice)?);
        if let (Some(lowest), Some(highest)) = (min_price, max_price)
            && lowest.minor > highest.minor
        {
            return Err(cells.refuse(Column::MinPrice, "The lowest price is above max_price. Correct one of the two."));
        }
        let micro = |amount: Option<FineAmount>| amount.and_then(|amount| amount.micro);
        let fine = FineAmounts {
            price: micro(price),
            compare_at: micro(compare_at),
            sale: micro(sale_price),
            min_price: micro(min_price),
            max_price: micro(max_price),
            map_price: micro(map_price),
            rrp: micro(rrp),
        };
        Ok(Self {
            price,
            compare_at,
            sale: if stated_sale.is_some() { read_sale(cells, sale_price)? } else { None },
            min_price,
            max_price,
            map_price,
            rrp,
            fine: (fine != FineAmounts::default()).then_some(fine),
        })
    }
}

/// A price less a discount of the price with VAT. `None`, with a note: it cannot be told.
fn less_discount(
    cells: &Cells<'_>,
    price: Option<FineAmount>,
    less: &str,
    (currency, is_net): (Currency, bool),
) -> Result<Option<FineAmount>, Refusal> {
    let Some(price) = price else {
        let remedy = "fill in its price, or import the sale as a promotion";
        cells.note(Column::SalePrice, format!("A discount of {less} is one of a price that the row lacks: {remedy}."));
        return Ok(None);
    };
    let scale = 10i64.pow(u32::from(6 - currency.minor_digits()));
    let rate = if is_net { cells.percent(Column::VatRate)? } else { Some(BasisPoints(0)) };
    let Some(rate) = rate else {
        let remedy = "state the VAT rate of the products, or import the sale as a promotion";
        cells.note(Column::SalePrice, format!("A discount of {less} is one of the price with VAT: {remedy}."));
        return Ok(None);
    };
    let whole = i128::from(BasisPoints::ONE) + i128::from(rate.0);
    let without_vat =
        |less: i64| i64::try_from((i128::from(less) * i128::from(BasisPoints::ONE) + whole / 2) / whole).ok();
    let micro = parse_scaled(less, 6).and_then(without_vat);
    let reduced = micro.map(|less| price.micro.unwrap_or(price.minor * scale) - less).filter(|left| *left >= scale);
    let Some(micro) = reduced else {
        cells.note(Column::SalePrice, format!("A discount of {less} leaves nothing of the price, so it is not read."));
        return Ok(None);
    };
    let minor = (micro + scale / 2).div_euclid(scale);
    Ok(Some(FineAmount { minor, micro: (is_net && micro % scale != 0).then_some(micro) }))
}

/// A file with a column of sale prices says of every product whether a sale runs: an empty cell ends the one that does.
fn read_sale(cells: &Cells<'_>, price: Option<FineAmount>) -> Result<Option<SaleTerms>, Refusal> {
    if !cells.has_column(Column::SalePrice) {
        return Ok(None);
    }
    let Some(price) = price else { return Ok(Some(SaleTerms::None)) };
    let (from, to) = (cells.valid_from(Column::SaleFrom)?, cells.valid_to(Column::SaleTo)?);
    cells.in_order(from, to, Column::SaleTo)?;
    Ok(Some(SaleTerms::Sale { price_minor: price.minor, from, to }))
}

/// Longer addresses are none that a shop writes.
const LONGEST_ADDRESS: usize = 2_000;

/// The address of a picture. What is none is left out with a note: a product is not refused for its picture.
fn image_url(cells: &Cells<'_>) -> Option<String> {
    let text = cells.find(Column::ImageUrl)?;
    if is_web_address(text) {
        return Some(text.to_owned());
    }
    let remedy = "give it whole, such as https://shop.example/kettle.jpg";
    cells.note(Column::ImageUrl, format!("“{text}” is no address of a picture on the web and is left out: {remedy}."));
    None
}

/// Whether a text is a whole address of the web.
pub(crate) fn is_web_address(text: &str) -> bool {
    let rest = ["https://", "http://"].iter().find_map(|scheme| {
        let start = text.get(..scheme.len())?;
        start.eq_ignore_ascii_case(scheme).then(|| &text[scheme.len()..])
    });
    let is_plain = |text: &str| !text.contains(|letter: char| letter.is_whitespace() || letter.is_control());
    rest.is_some_and(|rest| rest.starts_with(|letter: char| letter.is_alphanumeric() || letter == '['))
        && is_plain(text)
        && text.len() <= LONGEST_ADDRESS
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
