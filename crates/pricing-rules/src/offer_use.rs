//! Which offers count: an unusual reading is kept and listed with its reason, and a policy decides whether it is used.

use pricing_domain::{Availability, BasisPoints, Condition, Instant, MatchType, OfferKind, OfferPolicy, OfferUse};

use crate::columns::NONE;
use crate::snapshot::{Competitor, Offer, OffersInList};

/// An offer policy with its names resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CompiledPolicy {
    with_shipping: bool,
    in_stock_only: bool,
    exact_only: bool,
    max_age_s: i64,
    outlier: Option<BasisPoints>,
    /// By competitor: whether it counts. Empty: all do.
    only: Vec<bool>,
    ignore_below_floor: bool,
}

/// What offers are compared with: the currency of the price list and the time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OfferContext {
    pub(crate) currency: u8,
    pub(crate) now_s: i64,
    /// Offers below it do not count; [`NONE`]: all do.
    pub(crate) floor_minor: i64,
}

impl OfferContext {
    pub(crate) const fn new(currency: u8, now: Instant) -> Self {
        Self { currency, now_s: seconds(now), floor_minor: NONE }
    }
}

/// An offer that counts, at the amount that is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Usable {
    pub(crate) amount_minor: i64,
    /// Its place among the product's offers.
    pub(crate) place: u32,
    pub(crate) competitor: u16,
}

/// Seconds since 1970.
pub(crate) const fn seconds(now: Instant) -> i64 {
    now.0.div_euclid(1_000_000)
}

impl CompiledPolicy {
    pub(crate) fn new(policy: &OfferPolicy, competitors: &[Competitor]) -> Self {
        let named = |one: &Competitor| policy.only.iter().any(|name| same_name(name, &one.name));
        Self {
            with_shipping: policy.with_shipping,
            in_stock_only: policy.in_stock_only,
            exact_only: policy.exact_only,
            max_age_s: i64::from(policy.max_age_hours) * 3600,
            outlier: policy.outlier,
            ignore_below_floor: policy.ignore_below_floor,
            only: if policy.only.is_empty() { Vec::new() } else { competitors.iter().map(named).collect() },
        }
    }

    /// The ordinary one, in which no competitor is named.
    pub(crate) fn ordinary() -> Self {
        Self::new(&OfferPolicy::default(), &[])
    }

    /// The context with the row's own floor, where offers below it do not count.
    pub(crate) const fn context(&self, context: OfferContext, floor_minor: i64) -> OfferContext {
        OfferContext { floor_minor: if self.ignore_below_floor { floor_minor } else { NONE }, ..context }
    }

    /// The amount that is compared: with shipping where the policy says so and the shop states it, without VAT where the
    /// list has none. `None`: it cannot be compared.
    fn amount_minor(&self, offers: OffersInList<'_>, offer: &Offer) -> Option<i64> {
        let shipping = if self.with_shipping { i64::from(offer.shipping_minor.max(0)) } else { 0 };
        offers.amount(offer.amount_minor.saturating_add(shipping))
    }

    /// Whether an offer is left out because it is too old, and could be ordered when it was read: nobody knows what it is now.
    pub(crate) fn is_expired(&self, context: OfferContext, offers: OffersInList<'_>, offer: &Offer) -> bool {
        is_buyable(offer.availability) && self.use_alone(context, offers, offer) == OfferUse::Expired
    }

    /// Whether an offer counts where none is left out for being far from the others.
    pub(crate) fn counts_alone(&self, context: OfferContext, offers: OffersInList<'_>, offer: &Offer) -> bool {
        self.use_alone(context, offers, offer) == OfferUse::Used
    }

    /// Whether an offer counts, as far as it can be told without the others.
    fn use_alone(&self, context: OfferContext, offers: OffersInList<'_>, offer: &Offer) -> OfferUse {
        if offer.currency != context.currency {
            return OfferUse::OtherCurrency;
        }
        if offer.kind != OfferKind::Regular as u8 && offer.kind != OfferKind::Promotion as u8 {
            return OfferUse::NotForEverybody;
        }
        if offer.condition != Condition::New as u8 {
            return OfferUse::NotNew;
        }
        if self.exact_only && offer.match_type != MatchType::Exact as u8 {
            return OfferUse::NotExact;
        }
        if !self.only.is_empty() && !self.only.get(usize::from(offer.competitor)).is_some_and(|counts| *counts) {
            return OfferUse::NotNamed;
        }
        if context.now_s - i64::from(offer.last_seen_s) > self.max_age_s {
            return OfferUse::Expired;
        }
        if self.in_stock_only && !is_buyable(offer.availability) {
            return OfferUse::SoldOut;
        }
        if offer.amount_minor <= 0 {
            return OfferUse::Outlier;
        }
        match self.amount_minor(offers, offer) {
            None => OfferUse::VatUnknown,
            // NONE is the smallest number there is.
            Some(amount) if amount < context.floor_minor => OfferUse::BelowFloor,
            Some(_) => OfferUse::Used,
        }
    }
}

/// Whether two names of competitors mean the same: blanks around them and case do not matter.
pub(crate) fn same_name(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

pub(crate) fn is_buyable(availability: u8) -> bool {
    Availability::from_index(availability).is_none_or(Availability::buyable)
}

/// Puts the offers that count into `usable`, the lowest first; what was in it is forgotten.
pub(crate) fn collect_usable(
    policy: &CompiledPolicy,
    context: OfferContext,
    offers: OffersInList<'_>,
    usable: &mut Vec<Usable>,
) {
    collect_with_expiry(policy, context, offers, usable);
}

/// The same, and until when it holds: the second since 1970 after which the first of these offers is too old. Offers
/// that were left out as outliers count too, because they decide about others.
pub(crate) fn collect_with_expiry(
    policy: &CompiledPolicy,
    context: OfferContext,
    offers: OffersInList<'_>,
    usable: &mut Vec<Usable>,
) -> u32 {
    usable.clear();
    let mut oldest = u32::MAX;
    for (place, offer) in offers.shown().iter().enumerate() {
        if policy.use_alone(context, offers, offer) == OfferUse::Used
            && let Some(amount_minor) = policy.amount_minor(offers, offer)
        {
            oldest = oldest.min(offer.last_seen_s);
            usable.push(Usable { amount_minor, competitor: offer.competitor, place: place as u32 });
        }
    }
    usable.sort_unstable();
    if let Some(limit) = policy.outlier {
        drop_outliers(usable, limit);
    }
    u32::try_from(i64::from(oldest).saturating_add(policy.max_age_s)).unwrap_or(u32::MAX)
}

/// What a snapshot keeps of the usable offers of a product. Amounts are minor units, or [`NONE`] without an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OfferFigures {
    pub(crate) count: usize,
    pub(crate) lowest: i64,
    /// The second from below.
    pub(crate) second: i64,
    /// The sum of the two middle ones; twice the middle one of an odd number.
    pub(crate) middle: i64,
    pub(crate) sum: i64,
}

impl OfferFigures {
    /// Over usable offers, the lowest first.
    pub(crate) fn of(usable: &[Usable]) -> Self {
        let count = usable.len();
        let amount = |place: usize| usable.get(place).map(|offer| offer.amount_minor);
        let lowest = amount(0).unwrap_or(NONE);
        let middle = amount(count.saturating_sub(1) / 2).zip(amount(count / 2));
        Self {
            count,
            lowest,
            second: amount(1).unwrap_or(NONE),
            middle: middle.map_or(NONE, |(below, above)| below.saturating_add(above)),
            sum: usable.iter().fold(0, |sum: i64, offer| sum.saturating_add(offer.amount_minor)),
        }
    }
}

/// What became of each offer.
pub(crate) fn offer_uses(policy: &CompiledPolicy, context: OfferContext, offers: OffersInList<'_>) -> Vec<OfferUse> {
    let mut uses = Vec::new();
    add_offer_uses(policy, context, offers, &mut Vec::new(), &mut uses);
    uses
}

/// Adds what became of each offer; `usable` is scratch space.
pub(crate) fn add_offer_uses(
    policy: &CompiledPolicy,
    context: OfferContext,
    offers: OffersInList<'_>,
    usable: &mut Vec<Usable>,
    uses: &mut Vec<OfferUse>,
) {
    let first = uses.len();
    collect_usable(policy, context, offers, usable);
    uses.extend(offers.shown().iter().map(|offer| policy.use_alone(context, offers, offer)));
    for (place, used) in uses[first..].iter_mut().enumerate() {
        if *used == OfferUse::Used && !usable.iter().any(|one| one.place as usize == place) {
            *used = OfferUse::Outlier;
        }
    }
}

/// Leaves out what lies further than `limit` from the median of the others. Fewer than three have no others to be
/// judged by.
fn drop_outliers(usable: &mut Vec<Usable>, limit: BasisPoints) {
    if usable.len() < 3 || is_close(usable, limit) || !has_outlier(usable, limit) {
        return;
    }
    let all = usable.clone();
    let mut place = 0;
    usable.retain(|_| {
        place += 1;
        !is_outlier(&all, place - 1, limit)
    });
}

/// Whether even the two ends are no further apart than `limit` of the lowest: then nothing lies further than that from
/// any median. The ordinary case, in few steps.
fn is_close(sorted: &[Usable], limit: BasisPoints) -> bool {
    let (lowest, highest) = (sorted[0].amount_minor, sorted[sorted.len() - 1].amount_minor);
    let spread = highest.checked_sub(lowest).and_then(|spread| spread.checked_mul(BasisPoints::ONE));
    let allowed = lowest.checked_mul(i64::from(limit.0));
    matches!((spread, allowed), (Some(spread), Some(allowed)) if spread <= allowed)
}

fn has_outlier(sorted: &[Usable], limit: BasisPoints) -> bool {
    (0..sorted.len()).any(|place| is_outlier(sorted, place, limit))
}

/// Whether the distance to the median of the others exceeds `limit` of it. Of an even number of others every amount
/// between the two middle ones is a median, and the nearest counts: a mean of two would let one wrong reading condemn
/// two right ones.
fn is_outlier(sorted: &[Usable], place: usize, limit: BasisPoints) -> bool {
    let other = |n: usize| sorted[if n < place { n } else { n + 1 }].amount_minor;
    let others = sorted.len() - 1;
    let amount = sorted[place].amount_minor;
    let median = amount.clamp(other((others - 1) / 2), other(others / 2));
    let distance = amount.abs_diff(median);
    match (
        i64::try_from(distance).ok().and_then(|one| one.checked_mul(BasisPoints::ONE)),
        median.checked_mul(i64::from(limit.0)),
    ) {
        (Some(distance), Some(allowed)) => distance > allowed,
        _ => i128::from(distance) * i128::from(BasisPoints::ONE) > i128::from(limit.0) * i128::from(median),
    }
}
