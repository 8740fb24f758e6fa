//! Units sold by product and day.

use pricing_domain::{CivilDate, MicroAmount};
use serde::{Deserialize, Serialize};

use crate::cells::{Cells, Range, Refusal};
use crate::columns::columns;
use crate::rows::FileRow;

columns! {
    Sku = "sku" Mandatory Text,
    Date = "date" Mandatory Date,
    Units = "units" Mandatory Decimal,
    NetRevenue = "net_revenue" Optional Decimal,
    Price = "price" Optional Decimal,
    Promotion = "promotion" Optional Text,
    PriceList = "price_list" Optional Text,
}

/// What was sold of one product on one day. Several rows for one day are passed on as they stand: files of this kind
/// are larger than memory, so the reader keeps no list of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SalesRow {
    /// Line of the file, from 1.
    pub line: u64,
    /// Article number.
    pub sku: String,
    /// The day.
    pub date: CivilDate,
    /// Units in thousandths; below zero when more came back than were sold.
    pub units_milli: i64,
    /// Revenue without VAT; below zero with returns.
    pub net_revenue: Option<MicroAmount>,
    /// The day's average price.
    pub price: Option<MicroAmount>,
    /// Name of the promotion that ran.
    pub promotion: Option<String>,
    /// Code of the list it was sold on, whose currency the revenue has; `None`: the default list.
    pub price_list: Option<String>,
}

impl FileRow for SalesRow {
    fn read(cells: &Cells<'_>) -> Result<Self, Refusal> {
        Ok(Self {
            line: cells.row.line,
            sku: cells.sku(Column::Sku)?,
            date: cells.date(Column::Date)?.ok_or_else(|| cells.missing(Column::Date))?,
            units_milli: cells.number(Column::Units, 3, Range::Signed)?.ok_or_else(|| cells.missing(Column::Units))?,
            net_revenue: cells.micro(Column::NetRevenue, Range::Signed)?,
            price: cells.micro(Column::Price, Range::NotNegative)?,
            promotion: cells.text(Column::Promotion)?,
            price_list: cells.text(Column::PriceList)?,
        })
    }
}
