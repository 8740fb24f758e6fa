//! The figures of the market and of sales, each with its formula and source: exact, in whole numbers.
//!
//! A figure is a sum that rows are added to. Sums of parts merge into the sum of the whole, in any order and with the
//! same result, so that a catalogue is summed up in parallel and by any grouping ([`by_group`]). Nothing is rounded
//! before the last step: an index is a fraction of whole numbers until it is asked for.

mod bridge;
mod changes;
mod coverage;
mod distances;
mod floors;
mod index;
mod leadership;
mod logarithms;
mod prior_price;
mod promotions;
mod standing;
mod stock;

use std::collections::BTreeMap;

pub use bridge::{Bridge, BridgeSums, PeriodSales};
pub use changes::{ChangeSums, PriceChange, Volatility};
pub use coverage::{AGE_STEPS_HOURS, CoverageSums, FreshnessSums};
pub use distances::{DISTANCE_EDGES_BP, DistanceSums};
pub use floors::{AdvertisedSums, FloorSums, map_shortfall};
pub use index::IndexSums;
pub use leadership::{Follower, Leader, leadership};
pub use prior_price::{AppliedPrice, PriorPrice, prior_price, reduction};
pub use promotions::{PromotionSums, uplift};
pub use standing::{StandingSums, distance_to_next, gap, outcome, position};
pub use stock::days_of_cover;

/// A sum that parts of the rows are added to.
pub trait Figure {
    /// Adds what another part has summed up.
    fn merge(&mut self, other: &Self);
}

/// Sums rows up by a key: product, brand, category, competitor, role, price list, day, or several of them.
pub fn by_group<Row, Key: Ord, Sum: Default>(
    rows: impl IntoIterator<Item = Row>,
    key: impl Fn(&Row) -> Key,
    mut add: impl FnMut(&mut Sum, &Row),
) -> BTreeMap<Key, Sum> {
    let mut groups = BTreeMap::new();
    for row in rows {
        add(groups.entry(key(&row)).or_default(), &row);
    }
    groups
}

/// `part` ÷ `whole` in basis points, to the nearest; `None` of nothing.
pub fn share_bp(part: u64, whole: u64) -> Option<i32> {
    ratio_bp(i128::from(part), i128::from(whole))
}

/// `part` ÷ `whole` in basis points, to the nearest; `None` where `whole` is not positive.
pub(crate) fn ratio_bp(part: i128, whole: i128) -> Option<i32> {
    let numerator = part.checked_mul(10_000)?;
    let ratio = (whole > 0).then_some(pricing_domain::Ratio { numerator, denominator: whole })?;
    Some(clamped(ratio.round(pricing_domain::Rounding::Nearest)))
}

/// As many basis points as 32 bits hold.
pub(crate) fn clamped(basis_points: i64) -> i32 {
    i32::try_from(basis_points).unwrap_or(if basis_points > 0 { i32::MAX } else { i32::MIN })
}
