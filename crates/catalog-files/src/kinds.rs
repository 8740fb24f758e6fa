//! The kinds of files the project reads: one set of columns each.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::columns::ColumnSpec;
use crate::rows;

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// One product a row, with its price on the default list.
    Products,
    /// Prices by list, type and quantity.
    Prices,
    /// Dated costs.
    Costs,
    /// What was posted, from when to when.
    PriceHistory,
    /// Promotion prices with their dates.
    Promotions,
    /// Prices that automation must not touch.
    Locks,
    /// Our products on competitors' pages.
    Matches,
    /// Competitors' prices as seen.
    Observations,
    /// Units sold by product and day.
    Sales,
}

impl FileKind {
    /// Every kind, in the order of their declaration.
    pub const ALL: &'static [Self] = &[
        Self::Products,
        Self::Prices,
        Self::Costs,
        Self::PriceHistory,
        Self::Promotions,
        Self::Locks,
        Self::Matches,
        Self::Observations,
        Self::Sales,
    ];

    /// The one spelling.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Products => "products",
            Self::Prices => "prices",
            Self::Costs => "costs",
            Self::PriceHistory => "price_history",
            Self::Promotions => "promotions",
            Self::Locks => "locks",
            Self::Matches => "matches",
            Self::Observations => "observations",
            Self::Sales => "sales",
        }
    }

    /// The names of the columns in their usual order; those that must be there are marked `true`.
    pub fn column_names(self) -> impl Iterator<Item = (&'static str, bool)> {
        self.columns().iter().map(|spec| (spec.name, spec.is_mandatory()))
    }

    pub(crate) const fn columns(self) -> &'static [ColumnSpec] {
        match self {
            Self::Products => rows::products::COLUMNS,
            Self::Prices => rows::prices::COLUMNS,
            Self::Costs => rows::costs::COLUMNS,
            Self::PriceHistory => rows::price_history::COLUMNS,
            Self::Promotions => rows::promotions::COLUMNS,
            Self::Locks => rows::locks::COLUMNS,
            Self::Matches => rows::matches::COLUMNS,
            Self::Observations => rows::observations::COLUMNS,
            Self::Sales => rows::sales::COLUMNS,
        }
    }
}

impl fmt::Display for FileKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for FileKind {
    type Err = String;

    /// Accepts any case. The error lists what is possible.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wanted = text.trim();
        Self::ALL.iter().copied().find(|kind| kind.as_str().eq_ignore_ascii_case(wanted)).ok_or_else(|| {
            let known: Vec<&str> = Self::ALL.iter().map(|kind| kind.as_str()).collect();
            format!("“{wanted}” is not one of {}", known.join(", "))
        })
    }
}
