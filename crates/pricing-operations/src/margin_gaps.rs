//! Why products have no margin: what is missing to compare a price with its cost.

use app_contract::{MarginGaps, MissingRate};
use pricing_domain::Lifecycle;
use pricing_rules::Snapshot;

/// The gaps of a list. One pass over the products.
pub(crate) fn margin_gaps(snapshot: &Snapshot, list: usize) -> MarginGaps {
    let (columns, products) = (&snapshot.lists[list], &snapshot.products);
    let mut gaps = MarginGaps::default();
    for row in 0..snapshot.row_count() {
        if products.lifecycle.get(row) == Lifecycle::Ended as u8 {
            continue;
        }
        if snapshot.list_cost(list, row).is_some() {
            gaps.without_vat += u64::from(columns.contained_vat_bp(row).is_none());
            continue;
        }
        match snapshot.cost(row).filter(|cost| cost.amount.0 > 0 && cost.currency != columns.currency) {
            Some(cost) => add(&mut gaps, MissingRate { from: cost.currency, to: columns.currency, products: 1 }),
            None => gaps.without_cost += 1,
        }
    }
    gaps
}

/// The gaps of all lists. A product counts once a lack, however many lists have it.
pub(crate) fn margin_gaps_of_all(snapshot: &Snapshot) -> MarginGaps {
    let mut all = MarginGaps::default();
    for gaps in (0..snapshot.lists.len()).map(|list| margin_gaps(snapshot, list)) {
        all.without_cost = all.without_cost.max(gaps.without_cost);
        all.without_vat = all.without_vat.max(gaps.without_vat);
        for rate in gaps.without_rate {
            match all.without_rate.iter_mut().find(|known| (known.from, known.to) == (rate.from, rate.to)) {
                Some(known) => known.products = known.products.max(rate.products),
                None => all.without_rate.push(rate),
            }
        }
    }
    all
}

fn add(gaps: &mut MarginGaps, rate: MissingRate) {
    match gaps.without_rate.iter_mut().find(|known| known.from == rate.from) {
        Some(known) => known.products += rate.products,
        None => gaps.without_rate.push(rate),
    }
}
