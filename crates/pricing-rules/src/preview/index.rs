//! The price index against each competitor, with today's prices and with those of a run.

use std::sync::atomic::{AtomicBool, Ordering};

use pricing_domain::{Instant, Lifecycle, OfferPolicy, Rounding};
use serde::{Deserialize, Serialize};

use crate::columns::CHUNK;
use crate::engine::Decision;
use crate::engine::exact::round;
use crate::offer_use::{CompiledPolicy, OfferContext, Usable, collect_usable};
use crate::parallel::map_chunks;
use crate::snapshot::Snapshot;

/// The price index against one competitor: Σ(q × own) ÷ Σ(q × competitor) × 100 over sellable products with a price
/// and a usable offer of that competitor (its lowest), q the units sold in 28 days. In hundredths: 11,890 is 118.90.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexChange {
    /// The competitor's name.
    pub competitor: String,
    /// With today's prices; `None` when no compared product was sold.
    pub before_hundredths: Option<i64>,
    /// With the prices that the rules change without asking anybody.
    pub after_hundredths: Option<i64>,
    /// Products compared.
    pub matched: u64,
}

#[derive(Clone, Copy, Default)]
struct Sums {
    before: i128,
    after: i128,
    theirs: i128,
    matched: u64,
}

/// The index against every competitor. `decisions` are in row order. `None`: cancelled.
pub(super) fn changes(
    snapshot: &Snapshot,
    list: usize,
    decisions: &[Decision],
    now: Instant,
    cancel: &AtomicBool,
) -> Option<Vec<IndexChange>> {
    let policy = CompiledPolicy::new(&OfferPolicy::default(), &snapshot.competitors);
    let context = OfferContext::new(snapshot.lists[list].currency_number, now);
    let chunks = map_chunks(snapshot.row_count().div_ceil(CHUNK), |chunk| {
        if cancel.load(Ordering::Relaxed) {
            return None;
        }
        let mut sums = vec![Sums::default(); snapshot.competitors.len()];
        let mut usable = Vec::new();
        let first = chunk * CHUNK;
        let mut changed = decisions[decisions.partition_point(|one| (one.row as usize) < first)..].iter().peekable();
        for row in first..(first + CHUNK).min(snapshot.row_count()) {
            let change = changed.next_if(|one| one.row as usize == row).filter(|one| one.reason.is_none());
            let price = snapshot.lists[list].price_minor.get(row);
            let units = snapshot.lists[list].units_28d_milli.get(row);
            let is_sold = snapshot.products.lifecycle.get(row) != Lifecycle::Ended as u8;
            if price > 0 && is_sold {
                collect_usable(&policy, context, snapshot.offers_in(list, row), &mut usable);
                let after = change.map_or(price, |change| change.new_minor);
                add(&mut sums, &usable, (price, after), i128::from(units.max(0)));
            }
        }
        Some(sums)
    });
    let mut all = vec![Sums::default(); snapshot.competitors.len()];
    for chunk in chunks {
        for (sum, more) in all.iter_mut().zip(chunk?) {
            sum.before += more.before;
            sum.after += more.after;
            sum.theirs += more.theirs;
            sum.matched += more.matched;
        }
    }
    let index = |own: i128, theirs: i128| (theirs > 0).then(|| round(own * 10_000, theirs, Rounding::Nearest));
    let named = snapshot.competitors.iter().zip(all);
    Some(
        named
            .map(|(competitor, sums)| IndexChange {
                competitor: competitor.name.clone(),
                before_hundredths: index(sums.before, sums.theirs),
                after_hundredths: index(sums.after, sums.theirs),
                matched: sums.matched,
            })
            .collect(),
    )
}

/// `usable` has the lowest first, so that the first of each competitor is its lowest.
fn add(sums: &mut [Sums], usable: &[Usable], (before, after): (i64, i64), units: i128) {
    for (place, offer) in usable.iter().enumerate() {
        let is_first = !usable[..place].iter().any(|one| one.competitor == offer.competitor);
        if let Some(sum) = sums.get_mut(usize::from(offer.competitor)).filter(|_| is_first) {
            sum.before += units * i128::from(before);
            sum.after += units * i128::from(after);
            sum.theirs += units * i128::from(offer.amount_minor);
            sum.matched += 1;
        }
    }
}
