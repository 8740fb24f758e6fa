//! Prices by list, type and minimum quantity.

use std::hash::Hash;

use pricing_domain::{Currency, PriceType};
use serde::{Deserialize, Serialize};

use crate::cells::{Cells, Refusal};
use crate::columns::columns;
use crate::rows::FileRow;
use crate::validity::ValidityTime;

columns! {
    Sku = "sku" Mandatory Text,
    PriceList = "price_list" Mandatory Text,
    Type = "type" Optional Text,
    MinQuantity = "min_quantity" Optional Decimal,
    Price = "price" Mandatory Decimal,
    Currency = "currency" Mandatory Text,
    Unit = "unit" Optional Text,
    ValidFrom = "valid_from" Optional Date,
    ValidTo = "valid_to" Optional Date,
}

/// One price of one product on one list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PriceRow {
    /// Line of the file, from 1.
    pub line: u64,
    /// Article number.
    pub sku: String,
    /// Code of the list.
    pub price_list: String,
    /// Regular where the file does not say.
    pub price_type: PriceType,
    /// From how many items on; one where the file does not say.
    pub min_quantity: u32,
    /// Amount for one piece in minor units, above zero.
    pub price_minor: i64,
    /// Its currency.
    pub currency: Currency,
    /// From when; `None`: from now.
    pub valid_from: Option<ValidityTime>,
    /// Until when; `None`: open.
    pub valid_to: Option<ValidityTime>,
}

impl FileRow for PriceRow {
    fn read(cells: &Cells<'_>) -> Result<Self, Refusal> {
        let currency = cells.currency(Column::Currency)?;
        let stated = cells.needed_price(Column::Price, currency)?;
        let (valid_from, valid_to) = (cells.valid_from(Column::ValidFrom)?, cells.valid_to(Column::ValidTo)?);
        cells.in_order(valid_from, valid_to, Column::ValidTo)?;
        let price_type = cells.value(Column::Type)?.unwrap_or(PriceType::Regular);
        if price_type == PriceType::Promotion {
            // Without an end it would hold the price for ever.
            valid_from.ok_or_else(|| cells.missing(Column::ValidFrom))?;
            valid_to.ok_or_else(|| cells.missing(Column::ValidTo))?;
        }
        Ok(Self {
            line: cells.row.line,
            sku: cells.sku(Column::Sku)?,
            price_list: cells.needed_text(Column::PriceList)?,
            price_type,
            min_quantity: cells.count(Column::MinQuantity)?.unwrap_or(1),
            price_minor: cells.of_one(Column::Price, stated, cells.pieces(Column::Unit)?)?,
            currency,
            valid_from,
            valid_to,
        })
    }

    fn identity(&self) -> Option<impl Hash> {
        Some((&self.sku, &self.price_list, self.price_type, self.min_quantity, self.valid_from))
    }

    fn identity_words(&self) -> String {
        format!("This price of {} on list {} with the same type, quantity and beginning", self.sku, self.price_list)
    }
}
