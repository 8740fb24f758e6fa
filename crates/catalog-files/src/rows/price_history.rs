//! What was posted, from when to when.

use std::hash::Hash;

use pricing_domain::{Currency, PriceType};
use serde::{Deserialize, Serialize};

use crate::cells::{Cells, Refusal};
use crate::columns::columns;
use crate::rows::FileRow;
use crate::validity::ValidityTime;

columns! {
    Sku = "sku" Mandatory Text,
    PriceList = "price_list" Optional Text,
    Price = "price" Mandatory Decimal,
    Currency = "currency" Mandatory Text,
    Type = "type" Optional Text,
    ValidFrom = "valid_from" Mandatory Date,
    ValidTo = "valid_to" Optional Date,
}

/// A price that was posted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PriceHistoryRow {
    /// Line of the file, from 1.
    pub line: u64,
    /// Article number.
    pub sku: String,
    /// Code of the list; `None`: the default list.
    pub price_list: Option<String>,
    /// Amount in minor units, above zero.
    pub price_minor: i64,
    /// Its currency.
    pub currency: Currency,
    /// Regular where the file does not say.
    pub price_type: PriceType,
    /// From when.
    pub valid_from: ValidityTime,
    /// Until when; `None`: until the next one, or still.
    pub valid_to: Option<ValidityTime>,
}

impl FileRow for PriceHistoryRow {
    fn read(cells: &Cells<'_>) -> Result<Self, Refusal> {
        let currency = cells.currency(Column::Currency)?;
        let valid_from = cells.valid_from(Column::ValidFrom)?.ok_or_else(|| cells.missing(Column::ValidFrom))?;
        let valid_to = cells.valid_to(Column::ValidTo)?;
        cells.in_order(Some(valid_from), valid_to, Column::ValidTo)?;
        Ok(Self {
            line: cells.row.line,
            sku: cells.sku(Column::Sku)?,
            price_list: cells.text(Column::PriceList)?,
            price_minor: cells.needed_price(Column::Price, currency)?,
            currency,
            price_type: cells.value(Column::Type)?.unwrap_or(PriceType::Regular),
            valid_from,
            valid_to,
        })
    }

    fn identity(&self) -> Option<impl Hash> {
        Some((&self.sku, &self.price_list, self.price_type, self.valid_from))
    }

    fn identity_words(&self) -> String {
        format!("A price of {} with the same list, type and beginning", self.sku)
    }
}
