//! The offers that count for a product, for whoever compares with single competitors.

use pricing_domain::{Instant, OfferPolicy};

use crate::offer_use::{CompiledPolicy, OfferContext, Usable, collect_usable};
use crate::snapshot::Snapshot;

/// An offer that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UsableOffer {
    /// The place in [`Snapshot::competitors`].
    pub competitor: u16,
    /// The amount that is compared, in minor units of the list's currency.
    pub amount_minor: i64,
}

/// Finds the offers that count under the ordinary policy: those behind the lowest offer and the price indexes.
pub struct UsableOffers<'a> {
    snapshot: &'a Snapshot,
    list: usize,
    policy: CompiledPolicy,
    context: OfferContext,
    scratch: Vec<Usable>,
}

impl<'a> UsableOffers<'a> {
    /// For a price list, at a time.
    pub fn new(snapshot: &'a Snapshot, list: usize, now: Instant) -> Self {
        Self {
            snapshot,
            list,
            policy: CompiledPolicy::new(&OfferPolicy::default(), &snapshot.competitors),
            context: OfferContext::new(snapshot.lists[list].currency_number, now),
            scratch: Vec::new(),
        }
    }

    /// The offers of a row that count, the lowest first.
    pub fn of(&mut self, row: usize) -> impl Iterator<Item = UsableOffer> + '_ {
        let offers = self.snapshot.offers_in(self.list, row);
        collect_usable(&self.policy, self.context, offers, &mut self.scratch);
        self.scratch.iter().map(|one| UsableOffer { competitor: one.competitor, amount_minor: one.amount_minor })
    }
}
