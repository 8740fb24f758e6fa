//! Prices that automation must not touch: leaflets, contracts, fixed-price goods.

use std::hash::Hash;

use pricing_domain::Currency;
use serde::{Deserialize, Serialize};

use crate::cells::{Cells, Refusal};
use crate::columns::columns;
use crate::rows::FileRow;
use crate::validity::ValidityTime;

columns! {
    Sku = "sku" Mandatory Text,
    PriceList = "price_list" Optional Text,
    Price = "price" Optional Decimal,
    Currency = "currency" Optional Text,
    ValidFrom = "valid_from" Optional Date,
    ValidTo = "valid_to" Optional Date,
    Reason = "reason" Mandatory Text,
}

/// A locked price.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LockRow {
    /// Line of the file, from 1.
    pub line: u64,
    /// Article number.
    pub sku: String,
    /// Code of the list; `None`: every list.
    pub price_list: Option<String>,
    /// At which price in minor units with its currency; `None`: at the one that stands.
    pub price: Option<pricing_domain::Money>,
    /// From when; `None`: from now.
    pub valid_from: Option<ValidityTime>,
    /// Until when; `None`: open.
    pub valid_to: Option<ValidityTime>,
    /// Why it is locked.
    pub reason: String,
}

impl FileRow for LockRow {
    fn read(cells: &Cells<'_>) -> Result<Self, Refusal> {
        let (valid_from, valid_to) = (cells.valid_from(Column::ValidFrom)?, cells.valid_to(Column::ValidTo)?);
        cells.in_order(valid_from, valid_to, Column::ValidTo)?;
        Ok(Self {
            line: cells.row.line,
            sku: cells.sku(Column::Sku)?,
            price_list: cells.text(Column::PriceList)?,
            price: read_price(cells)?,
            valid_from,
            valid_to,
            reason: cells.needed_text(Column::Reason)?,
        })
    }

    fn identity(&self) -> Option<impl Hash> {
        Some((&self.sku, &self.price_list, self.valid_from))
    }

    fn identity_words(&self) -> String {
        format!("A lock of {} on the same list with the same beginning", self.sku)
    }
}

fn read_price(cells: &Cells<'_>) -> Result<Option<pricing_domain::Money>, Refusal> {
    if cells.find(Column::Price).is_none() {
        return Ok(None);
    }
    let currency: Currency = cells.currency(Column::Currency)?;
    Ok(Some(pricing_domain::Money::new(cells.needed_price(Column::Price, currency)?, currency)))
}
