//! Roles that many products get at once, and roles that are suggested.

use pricing_domain::{ChangeSetId, GridFilter, PriceListId, ProductId, Role};
use serde::{Deserialize, Serialize};

/// Which products get a role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoleSelection {
    /// These.
    Products(Vec<ProductId>),
    /// Those with these article numbers.
    Skus(Vec<String>),
    /// Every row of the product grid.
    Grid {
        /// Whose prices the filters are about.
        price_list: PriceListId,
        /// Words that must all occur.
        search: String,
        /// All must hold.
        filters: Vec<GridFilter>,
    },
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleReport {
    /// Products with another role now.
    pub changed: u64,
    /// Products that had the role already.
    pub unchanged: u64,
    /// Article numbers that no product has.
    pub unknown: Vec<String>,
    /// To undo it; `None`: nothing changed.
    pub change_set: Option<ChangeSetId>,
}

/// Roles suggested from the sales of 28 days on a list and from its competition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleSuggestions {
    /// Products that were judged.
    pub judged: u64,
    /// Products on sale that are too new to be judged.
    pub too_new: u64,
    /// Products that would get another role.
    pub changes: u64,
    /// How many products have each role and would have it.
    pub counts: Vec<RoleCount>,
    /// The first of those that would change, by article number.
    pub rows: Vec<RoleSuggestionRow>,
}

/// How many products a role has and would have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleCount {
    /// `None`: without a role.
    pub role: Option<Role>,
    /// Now.
    pub now: u64,
    /// With the suggestions applied.
    pub suggested: u64,
}

/// A product that would get another role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleSuggestionRow {
    /// Article number.
    pub sku: String,
    /// Name.
    pub name: String,
    /// Its role now.
    pub now: Option<Role>,
    /// The suggested one.
    pub suggested: Role,
    /// Why, with the numbers.
    pub reason: String,
}
