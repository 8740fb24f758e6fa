//! Dated costs.

use std::hash::Hash;

use pricing_domain::{CivilDate, CostType, Currency, MicroAmount};
use serde::{Deserialize, Serialize};

use crate::cells::{Cells, Refusal};
use crate::columns::columns;
use crate::rows::FileRow;

columns! {
    Sku = "sku" Mandatory Text,
    Cost = "cost" Mandatory Decimal,
    CostType = "cost_type" Optional Text,
    Supplier = "supplier" Optional Text,
    Currency = "currency" Mandatory Text,
    Unit = "unit" Optional Text,
    ValidFrom = "valid_from" Optional Date,
}

/// One cost of one product.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CostRow {
    /// Line of the file, from 1.
    pub line: u64,
    /// Article number.
    pub sku: String,
    /// Of one piece, above zero.
    pub cost: MicroAmount,
    /// Which cost it is.
    pub cost_type: Option<CostType>,
    /// Who asks for it.
    pub supplier: Option<String>,
    /// Its currency.
    pub currency: Currency,
    /// What it is for, for example `piece`.
    pub unit: Option<String>,
    /// First day; `None`: from now.
    pub valid_from: Option<CivilDate>,
}

impl FileRow for CostRow {
    fn read(cells: &Cells<'_>) -> Result<Self, Refusal> {
        let currency = cells.currency(Column::Currency)?;
        let stated = cells.cost(Column::Cost, currency)?.ok_or_else(|| cells.missing(Column::Cost))?;
        let pieces = cells.pieces(Column::Unit)?;
        let unit = if pieces == 1 { cells.text(Column::Unit)? } else { Some("piece".to_owned()) };
        let cost = MicroAmount(cells.of_one(Column::Cost, stated.0, pieces)?);
        Ok(Self {
            line: cells.row.line,
            sku: cells.sku(Column::Sku)?,
            cost,
            cost_type: cells.value(Column::CostType)?,
            supplier: cells.text(Column::Supplier)?,
            currency,
            unit,
            valid_from: cells.date(Column::ValidFrom)?,
        })
    }

    fn identity(&self) -> Option<impl Hash> {
        Some((&self.sku, self.cost_type, &self.supplier, &self.unit, self.valid_from))
    }

    fn identity_words(&self) -> String {
        format!("A cost of {} with the same type, supplier and beginning", self.sku)
    }
}
