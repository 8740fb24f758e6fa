//! Items in stock, by location.

use std::hash::Hash;

use serde::{Deserialize, Serialize};

use crate::cells::{Cells, Range, Refusal};
use crate::columns::columns;
use crate::rows::FileRow;

columns! {
    Sku = "sku" Mandatory Text,
    Stock = "stock" Mandatory Decimal,
    Location = "location" Optional Text,
    Inbound = "inbound" Optional Decimal,
    InboundDate = "inbound_date" Optional Date,
}

/// What of one product is at one place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StockRow {
    /// Line of the file, from 1.
    pub line: u64,
    /// Article number.
    pub sku: String,
    /// Items; below zero when more were sold than there are.
    pub quantity: i64,
    /// Where; empty: in all.
    pub location: String,
    /// Items on their way; `None`: not stated.
    pub inbound: Option<i64>,
    /// When they arrive.
    pub inbound_date: Option<pricing_domain::CivilDate>,
}

impl FileRow for StockRow {
    fn read(cells: &Cells<'_>) -> Result<Self, Refusal> {
        Ok(Self {
            line: cells.row.line,
            sku: cells.sku(Column::Sku)?,
            quantity: cells.items(Column::Stock)?.ok_or_else(|| cells.missing(Column::Stock))?,
            location: cells.text(Column::Location)?.unwrap_or_default(),
            inbound: cells.number(Column::Inbound, 0, Range::NotNegative)?,
            inbound_date: cells.date(Column::InboundDate)?,
        })
    }

    fn identity(&self) -> Option<impl Hash> {
        Some((&self.sku, &self.location))
    }

    fn identity_words(&self) -> String {
        format!("The stock of {} at this place", self.sku)
    }
}
