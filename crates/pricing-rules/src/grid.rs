//! Search, filter, sort and count over the whole catalogue, answered from the snapshot.

mod demand;
mod filter;
mod search;
mod sort;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use pricing_domain::{GridColumn, GridFilter, GridSort};
use serde::{Deserialize, Serialize};

use crate::columns::{CHUNK, NONE};
use crate::engine::exact;
use crate::parallel::map_chunks;
use crate::snapshot::Snapshot;

pub use demand::GridDemand;
pub(crate) use filter::is_below_cost;

/// What a grid shows, and in which order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct GridQuery {
    /// The place of the price list.
    pub list: usize,
    /// Words that all occur in article number, name, brand or GTINs; empty: every product.
    #[serde(default)]
    pub search: String,
    /// Tests that all hold.
    #[serde(default)]
    pub filters: Vec<GridFilter>,
    /// The order.
    #[serde(default)]
    pub sort: GridSort,
}

impl GridQuery {
    /// Whether it asks for what the sales say of demand.
    pub fn is_of_demand(&self) -> bool {
        self.sort.column == GridColumn::Demand || self.filters.iter().any(GridFilter::is_of_demand)
    }
}

/// The rows of a grid.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GridResult {
    /// Rows of the snapshot, in the order asked for.
    pub rows: Vec<u32>,
}

/// Finds the rows that a query asks for. A cancelled query gives no rows; the host asks anew or drops it.
/// A list that is not there gives no rows; a test of demand that is not given holds for none.
pub fn run_grid(
    snapshot: &Snapshot,
    demand: Option<&GridDemand>,
    query: &GridQuery,
    cancel: &AtomicBool,
) -> Arc<GridResult> {
    if query.list >= snapshot.lists.len() {
        return Arc::new(GridResult::default());
    }
    let search = search::Search::new(&query.search);
    let filters: Vec<filter::CompiledFilter> =
        query.filters.iter().map(|filter| filter::CompiledFilter::new(filter, snapshot, demand)).collect();
    let masks = map_chunks(snapshot.row_count().div_ceil(CHUNK), |chunk| {
        let mut mask = vec![1u8; snapshot.products.key.chunk(chunk).len()];
        if cancel.load(Ordering::Relaxed) {
            mask.fill(0);
            return mask;
        }
        search.narrow(snapshot.products.search.chunk(chunk), &mut mask);
        for filter in &filters {
            filter.narrow(snapshot, query.list, chunk, &mut mask);
        }
        mask
    });
    let rows = sort::sorted_rows(snapshot, demand, query.list, query.sort, &masks);
    let rows = if cancel.load(Ordering::Relaxed) { Vec::new() } else { rows };
    Arc::new(GridResult { rows })
}

/// Margin of the net price in basis points: (net price − cost) ÷ net price, to the nearest. `None` without a price
/// or a cost in the list's currency.
pub fn margin_bp(snapshot: &Snapshot, list: usize, row: usize) -> Option<i32> {
    let columns = &snapshot.lists[list];
    let price = columns.price_minor.get(row);
    let cost = usable_cost(snapshot, list, row);
    if price <= 0 || cost == NONE {
        return None;
    }
    let with_vat = i128::from(10_000 + columns.contained_vat_bp(row)?);
    let gross = i128::from(price) * i128::from(columns.currency.micro_per_minor()) * 10_000;
    let rate = exact::round((gross - i128::from(cost) * with_vat) * 10_000, gross, pricing_domain::Rounding::Nearest);
    Some(rate.clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32)
}

/// Today's price against the lowest usable offer in basis points: own ÷ lowest − 1, to the nearest. `None` when one
/// of them is missing.
pub fn gap_bp(snapshot: &Snapshot, list: usize, row: usize) -> Option<i32> {
    let columns = &snapshot.lists[list];
    let (price, lowest) = (columns.price_minor.get(row), columns.lowest_offer_minor.get(row));
    if price <= 0 || lowest <= 0 {
        return None;
    }
    let difference = i128::from(price) - i128::from(lowest);
    let rate = exact::round(difference * 10_000, i128::from(lowest), pricing_domain::Rounding::Nearest);
    Some(rate.clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32)
}

/// The cost that margins in a list can be computed with, in millionths, or [`NONE`].
pub(crate) fn usable_cost(snapshot: &Snapshot, list: usize, row: usize) -> i64 {
    let columns = &snapshot.lists[list];
    let cost = columns.cost_micro.get(row);
    let usable = cost > 0 && columns.contained_vat_bp(row).is_some();
    if usable { cost } else { NONE }
}
