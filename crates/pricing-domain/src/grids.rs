//! Questions to the product grid: filters, columns and order, with one spelling from the interface to the snapshot.

use serde::{Deserialize, Serialize};

use crate::products::{Lifecycle, Role};
use crate::text_enum::text_enum;

text_enum! {
    /// A column of the product grid that can be sorted by.
    #[derive(Default)]
    GridColumn {
        /// Article number.
        #[default]
        Sku = "sku",
        /// Name.
        Name = "name",
        /// Brand.
        Brand = "brand",
        /// Category.
        Category = "category",
        /// Role.
        Role = "role",
        /// Our price.
        Price = "price",
        /// Our cost.
        Cost = "cost",
        /// Margin of the net price.
        Margin = "margin",
        /// Lowest usable offer.
        Lowest = "lowest",
        /// Own price ÷ lowest offer − 1.
        Gap = "gap",
        /// Number of usable offers.
        Offers = "offers",
        /// Pieces in stock.
        Stock = "stock",
        /// Units sold in 28 days.
        Units = "units",
    }
}

/// Order of the grid; missing values come last either way, ties by SKU.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct GridSort {
    /// By which column.
    pub column: GridColumn,
    /// Largest first.
    #[serde(default)]
    pub descending: bool,
}

/// One filter of the grid; several must all hold.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GridFilter {
    /// This brand.
    Brand(String),
    /// This category or one below it.
    Category(String),
    /// This family.
    Family(String),
    /// This supplier.
    Supplier(String),
    /// This role.
    Role(Role),
    /// In this stage of life.
    Lifecycle(Lifecycle),
    /// Carries this tag.
    Tag(String),
    /// Carries the key-value flag.
    KeyValue,
    /// Is an own brand.
    OwnBrand,
    /// No price on the list.
    NoPrice,
    /// Net price below cost.
    BelowCost,
    /// No cost known.
    NoCost,
    /// No usable offer.
    NoOffers,
    /// At least one usable offer.
    HasOffers,
    /// Under a price lock.
    Locked,
    /// In a running promotion.
    OnPromotion,
    /// Has a proposal that waits.
    PendingProposal,
    /// Has an exception that waits.
    NeedsDecision,
    /// Nothing in stock.
    OutOfStock,
    /// Above the lowest usable offer.
    DearerThanLowest,
    /// At or below the lowest usable offer.
    LowestOrEqual,
}
