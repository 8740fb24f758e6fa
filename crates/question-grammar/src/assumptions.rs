//! What a question assumes: changes of prices, costs and offers, and the price of a drafted rule.

use pricing_domain::BasisPoints;
use serde::{Deserialize, Serialize};

/// The price of a drafted rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DraftStrategy {
    /// Against competitors.
    Against {
        /// Whom; `None`: the lowest of all.
        competitor: Option<String>,
        /// How far from it; negative: below.
        change: BasisPoints,
    },
    /// Cost plus a margin of the net price.
    Margin(BasisPoints),
}

/// An assumed change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Supposed {
    /// Our prices change by a share.
    Prices(BasisPoints),
    /// Our prices change by an amount, in hundredths of the major unit.
    PricesBy(i64),
    /// Our prices become an amount, in hundredths of the major unit.
    PriceAt(i64),
    /// A competitor's offer for one product becomes an amount, in hundredths of the major unit.
    OfferAt {
        /// Who.
        name: String,
        /// How much.
        amount: i64,
    },
    /// Costs change by a share.
    Costs(BasisPoints),
    /// A competitor's prices, or all of them, change by a share.
    Competitor {
        /// Who; `None`: all.
        name: Option<String>,
        /// By how much.
        change: BasisPoints,
    },
    /// We take the lowest offer, or a named competitor's.
    Match {
        /// Whose; `None`: the lowest.
        name: Option<String>,
    },
}
