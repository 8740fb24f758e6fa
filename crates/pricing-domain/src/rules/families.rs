//! What the prices of a family keep to among each other.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use super::Scope;
use crate::money::BasisPoints;

/// A law for the families of some products. A product is under the first law whose scope it is in, and is held against
/// those of its family that are under the same one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FamilyLaw {
    /// Which products it is for.
    #[serde(default)]
    pub scope: Scope,
    /// What holds among them.
    pub order: FamilyOrder,
}

impl FamilyLaw {
    /// A law for every product.
    pub const fn everywhere(order: FamilyOrder) -> Self {
        Self { scope: Scope(Vec::new()), order }
    }
}

/// The order a family keeps. Products of different content units are not held against each other where content decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FamilyOrder {
    /// More content never costs less: the price does not fall as net content grows.
    PriceRisesWithContent,
    /// That, and the price of a unit of content does not rise as net content grows.
    UnitPriceFallsWithContent,
    /// All cost the same, as variants in colours do.
    SamePrice,
    /// Own brands cost at least so much less than the cheapest other brand.
    OwnBrandBelow(BasisPoints),
    /// Good, better, best: a product with a later one of these tags costs at least so much more than those with earlier
    /// ones. Of several tags the latest counts; products with none of them take no part.
    RisesThroughTags {
        /// From the cheapest to the dearest.
        tags: Vec<String>,
        /// The least distance from one to the next that is there.
        by: BasisPoints,
    },
}

impl fmt::Display for FamilyOrder {
    /// As a sentence goes on after “within a family, ”.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PriceRisesWithContent => formatter.write_str("more content never costs less"),
            Self::UnitPriceFallsWithContent => {
                formatter.write_str("more content never costs less, and never more for each unit")
            }
            Self::SamePrice => formatter.write_str("all cost the same"),
            Self::OwnBrandBelow(distance) => write!(formatter, "own brands cost at least {distance} less than others"),
            Self::RisesThroughTags { tags, by } => {
                write!(formatter, "each of {} costs at least {by} more than the one before", tags.join(", "))
            }
        }
    }
}

/// Reads laws, and the single order of every family that stood there before there were several.
pub(super) fn laws<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<FamilyLaw>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Stated {
        Laws(Vec<FamilyLaw>),
        Order(FamilyOrder),
        None(()),
    }
    Ok(match Stated::deserialize(deserializer)? {
        Stated::Laws(laws) => laws,
        Stated::Order(order) => vec![FamilyLaw::everywhere(order)],
        Stated::None(()) => Vec::new(),
    })
}
