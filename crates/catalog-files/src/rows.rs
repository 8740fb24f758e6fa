//! One typed row for each kind of file.

use std::hash::Hash;

use serde::{Deserialize, Serialize};

use crate::cells::{Cells, Refusal};

pub(crate) mod costs;
pub(crate) mod locks;
pub(crate) mod matches;
pub(crate) mod observations;
pub(crate) mod price_history;
pub(crate) mod prices;
pub(crate) mod products;
pub(crate) mod promotions;
pub(crate) mod rates;
pub(crate) mod sales;
pub(crate) mod stock;

use costs::CostRow;
use locks::LockRow;
use matches::MatchRow;
use observations::ObservationRow;
use price_history::PriceHistoryRow;
use prices::PriceRow;
use products::ProductRow;
use promotions::PromotionRow;
use rates::RateRow;
use sales::SalesRow;
use stock::StockRow;

/// One batch of rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rows {
    /// From a file of products.
    Products(Vec<ProductRow>),
    /// From a file of prices.
    Prices(Vec<PriceRow>),
    /// From a file of costs.
    Costs(Vec<CostRow>),
    /// From a file of posted prices.
    PriceHistory(Vec<PriceHistoryRow>),
    /// From a file of promotions.
    Promotions(Vec<PromotionRow>),
    /// From a file of locks.
    Locks(Vec<LockRow>),
    /// From a file of matches.
    Matches(Vec<MatchRow>),
    /// From a file of observations.
    Observations(Vec<ObservationRow>),
    /// From a file of sales.
    Sales(Vec<SalesRow>),
    /// From a file of stock.
    Stock(Vec<StockRow>),
    /// From a file of exchange rates.
    Rates(Vec<RateRow>),
}

impl Rows {
    /// How many rows there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Products(rows) => rows.len(),
            Self::Prices(rows) => rows.len(),
            Self::Costs(rows) => rows.len(),
            Self::PriceHistory(rows) => rows.len(),
            Self::Promotions(rows) => rows.len(),
            Self::Locks(rows) => rows.len(),
            Self::Matches(rows) => rows.len(),
            Self::Observations(rows) => rows.len(),
            Self::Sales(rows) => rows.len(),
            Self::Stock(rows) => rows.len(),
            Self::Rates(rows) => rows.len(),
        }
    }

    /// Whether every row of the batch was refused.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A row that can be read from cells.
pub(crate) trait FileRow: Sized {
    /// Reads the row, or says what is wrong with it.
    fn read(cells: &Cells<'_>) -> Result<Self, Refusal>;

    /// What may be in a file only once; `None` where repetition is allowed.
    fn identity(&self) -> Option<impl Hash> {
        None::<()>
    }

    /// What is there twice, in words.
    fn identity_words(&self) -> String {
        String::new()
    }
}
