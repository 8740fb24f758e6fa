//! What can be asked of a file of competitors' prices.

use pricing_domain::BasisPoints;
use serde::{Deserialize, Serialize};

use crate::intents::{Limit, Scope, Side};

/// A question about a file of competitors' prices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileQuestion {
    /// What about it.
    pub about: FileAspect,
    /// Only these competitors; empty: all.
    pub competitors: Vec<String>,
    /// Only these products.
    pub scope: Scope,
    /// Only differences beyond this share.
    pub beyond: Option<(Side, BasisPoints)>,
    /// How many rows are wanted.
    pub limit: Limit,
}

/// What about a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileAspect {
    /// What it holds, in short.
    Overview,
    /// Where its prices are below ours.
    Cheaper,
    /// Where they are above ours.
    Dearer,
    /// How they stand beside ours.
    Compared,
    /// What differs from what is stored of the same competitors.
    Changed,
    /// Rows that an import would refuse.
    Refused,
    /// Who is in it.
    Competitors,
    /// Its rows of some products.
    Rows,
    /// That it be imported, which only a person does.
    Import,
}
