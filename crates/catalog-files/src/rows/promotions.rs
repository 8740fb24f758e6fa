//! Promotion prices with their dates.

use std::hash::Hash;

use pricing_domain::{Currency, MicroAmount};
use serde::{Deserialize, Serialize};

use crate::cells::{Cells, Range, Refusal};
use crate::columns::columns;
use crate::rows::FileRow;
use crate::validity::ValidityTime;

columns! {
    Sku = "sku" Mandatory Text,
    PriceList = "price_list" Optional Text,
    Name = "name" Optional Text,
    Price = "price" Mandatory Decimal,
    Currency = "currency" Mandatory Text,
    ValidFrom = "valid_from" Mandatory Date,
    ValidTo = "valid_to" Mandatory Date,
    Funding = "funding" Optional Decimal,
}

/// A price for the days of a promotion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PromotionRow {
    /// Line of the file, from 1.
    pub line: u64,
    /// Article number.
    pub sku: String,
    /// Code of the list; `None`: the default list.
    pub price_list: Option<String>,
    /// What people call the promotion.
    pub name: Option<String>,
    /// Amount in minor units, above zero.
    pub price_minor: i64,
    /// Its currency.
    pub currency: Currency,
    /// From when.
    pub valid_from: ValidityTime,
    /// Until when.
    pub valid_to: ValidityTime,
    /// What the supplier pays for each item sold.
    pub funding: Option<MicroAmount>,
}

impl FileRow for PromotionRow {
    fn read(cells: &Cells<'_>) -> Result<Self, Refusal> {
        let currency = cells.currency(Column::Currency)?;
        let valid_from = cells.valid_from(Column::ValidFrom)?.ok_or_else(|| cells.missing(Column::ValidFrom))?;
        let valid_to = cells.valid_to(Column::ValidTo)?.ok_or_else(|| cells.missing(Column::ValidTo))?;
        cells.in_order(Some(valid_from), Some(valid_to), Column::ValidTo)?;
        Ok(Self {
            line: cells.row.line,
            sku: cells.sku(Column::Sku)?,
            price_list: cells.text(Column::PriceList)?,
            name: cells.text(Column::Name)?,
            price_minor: cells.needed_price(Column::Price, currency)?,
            currency,
            valid_from,
            valid_to,
            funding: cells.micro(Column::Funding, Range::NotNegative)?,
        })
    }

    fn identity(&self) -> Option<impl Hash> {
        Some((&self.sku, &self.price_list, self.valid_from))
    }

    fn identity_words(&self) -> String {
        format!("A promotion of {} on the same list with the same beginning", self.sku)
    }
}
