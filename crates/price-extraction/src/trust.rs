//! What is unusual about a reading, and whether it may be no price at all. Recording and use are apart: whatever these
//! say, the reading is kept; a flagged one may count, a quarantined one waits for a person.
//!
//! All amounts are whole minor units of one currency and like for like. Comparisons are exact.

use pricing_domain::{Confidence, Currency, OfferFlag, OfferKind, QuarantineCause};

/// How far from the usual is far. Percentages are of the amount compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrustLimits {
    /// Least number of earlier readings that make a usual range.
    pub usual_from: usize,
    /// How far outside the listing's range an amount is unusual, in percent of its nearer end.
    pub listing_percent: i64,
    /// Least number of other competitors that can be compared with.
    pub others_from: usize,
    /// An amount this many times above or below the middle of the others is far from them, in percent (250 = 2.5 times).
    pub others_percent: i64,
    /// Less than this much of our cost is far from it, in percent.
    pub cost_least_percent: i64,
    /// More than this much of our cost is far from it, in percent.
    pub cost_most_percent: i64,
}

impl Default for TrustLimits {
    fn default() -> Self {
        Self {
            usual_from: 3,
            listing_percent: 40,
            others_from: 2,
            others_percent: 250,
            cost_least_percent: 40,
            cost_most_percent: 1_000,
        }
    }
}

/// A reading to be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrustReading {
    /// What was read.
    pub amount_minor: i64,
    /// Its currency.
    pub currency: Currency,
    /// For everybody, reduced, for members, with a coupon.
    pub kind: OfferKind,
    /// How sure the page made it.
    pub confidence: Confidence,
}

/// What is known beside a reading.
#[derive(Clone, Copy, Debug, Default)]
pub struct Circumstances<'a> {
    /// Earlier amounts of this listing that counted, in any order.
    pub usual: &'a [i64],
    /// The currency of these.
    pub usual_currency: Option<Currency>,
    /// Amounts of the same competitor's other products, read in the same run.
    pub neighbours: &'a [i64],
    /// What the other competitors charge for this product.
    pub others: &'a [i64],
    /// Our cost with tax, as prices have it.
    pub cost_minor: Option<i64>,
    /// The currency of the price list.
    pub list_currency: Option<Currency>,
    /// Amounts of this listing that a person took out of quarantine.
    pub accepted: &'a [i64],
    /// Amounts of this listing that a person rejected.
    pub rejected: &'a [i64],
}

/// What a reading is judged to be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trust {
    /// What is unusual.
    pub flags: Vec<OfferFlag>,
    /// Why it waits for a person; `None` when it may count.
    pub quarantine: Option<QuarantineCause>,
}

/// Judges a reading.
pub fn judge(reading: &TrustReading, known: &Circumstances<'_>, limits: &TrustLimits) -> Trust {
    let amount = reading.amount_minor;
    let range = usual_range(reading, known, limits);
    let unusual = range.is_some_and(|(least, most)| outside(amount, least, most, limits.listing_percent));
    let middle = (known.others.len() >= limits.others_from).then(|| median(known.others)).flatten();
    let far_from_others = middle.is_some_and(|middle| far(amount, middle, limits.others_percent));
    let far_from_cost = known.cost_minor.filter(|cost| *cost > 0).is_some_and(|cost| {
        percent_of(amount, cost) < i128::from(limits.cost_least_percent)
            || percent_of(amount, cost) > i128::from(limits.cost_most_percent)
    });
    let equal_to_neighbour = known.neighbours.contains(&amount);
    let other_currency = known.list_currency.is_some_and(|currency| currency != reading.currency);
    // What a person took for a price of this product is not unusual any more.
    let open = !is_accepted(amount, known.accepted);
    let flags = [
        (unusual && open, OfferFlag::UnusualForListing),
        (equal_to_neighbour && open, OfferFlag::EqualToNeighbour),
        (far_from_others && open, OfferFlag::FarFromOthers),
        (far_from_cost && open, OfferFlag::FarFromCost),
        (reading.confidence == Confidence::Low && open, OfferFlag::LowConfidence),
        (other_currency, OfferFlag::OtherCurrency),
        (matches!(reading.kind, OfferKind::Promotion), OfferFlag::Promotion),
        (matches!(reading.kind, OfferKind::Member | OfferKind::Coupon), OfferFlag::UnderConditions),
    ];
    let flags: Vec<OfferFlag> = flags.into_iter().filter(|(holds, _)| *holds).map(|(_, flag)| flag).collect();
    let quarantine = quarantine(reading, known, range, &flags);
    Trust { flags, quarantine }
}

/// What a person decided outweighs every rule.
fn quarantine(
    reading: &TrustReading,
    known: &Circumstances<'_>,
    range: Option<(i64, i64)>,
    flags: &[OfferFlag],
) -> Option<QuarantineCause> {
    let amount = reading.amount_minor;
    let is = |flag: OfferFlag| flags.contains(&flag);
    if known.rejected.contains(&amount) {
        return Some(QuarantineCause::RejectedBefore);
    }
    if is_accepted(amount, known.accepted) {
        return None;
    }
    if known.usual_currency.is_some_and(|currency| currency != reading.currency) {
        return Some(QuarantineCause::OtherCountry);
    }
    if range.is_some_and(|(least, most)| is_slip(amount, least, most)) {
        return Some(QuarantineCause::DecimalSlip);
    }
    let tiny = |other: i64| other > 0 && i128::from(amount) * 8 < i128::from(other);
    let far_below = range.is_some_and(|(least, _)| tiny(least))
        || is(OfferFlag::FarFromOthers) && median(known.others).is_some_and(tiny)
        || range.is_none() && known.others.is_empty() && known.cost_minor.is_some_and(tiny);
    if far_below {
        return Some(QuarantineCause::UnitPrice);
    }
    let far = is(OfferFlag::FarFromOthers) || is(OfferFlag::FarFromCost);
    let strange = is(OfferFlag::UnusualForListing) || range.is_none() && far;
    (is(OfferFlag::EqualToNeighbour) && strange).then_some(QuarantineCause::NeighboursPrice)
}

/// Whether an amount is within a tenth of one that a person accepted.
fn is_accepted(amount: i64, accepted: &[i64]) -> bool {
    accepted.iter().any(|accepted| {
        let (amount, accepted) = (i128::from(amount), i128::from(*accepted));
        (amount - accepted).abs() * 10 <= accepted
    })
}

/// The least and the most of the earlier readings, where these are enough and in the same currency.
fn usual_range(reading: &TrustReading, known: &Circumstances<'_>, limits: &TrustLimits) -> Option<(i64, i64)> {
    let same = known.usual_currency.is_none_or(|currency| currency == reading.currency);
    let enough = same && known.usual.len() >= limits.usual_from;
    let range = || Some((*known.usual.iter().min()?, *known.usual.iter().max()?));
    enough.then(range).flatten()
}

fn outside(amount: i64, least: i64, most: i64, percent: i64) -> bool {
    let (amount, least, most, percent) = (i128::from(amount), i128::from(least), i128::from(most), i128::from(percent));
    amount * 100 < least * (100 - percent) || amount * 100 > most * (100 + percent)
}

fn far(amount: i64, middle: i64, percent: i64) -> bool {
    let (amount, middle, percent) = (i128::from(amount), i128::from(middle), i128::from(percent));
    amount * 100 > middle * percent || amount * percent < middle * 100
}

fn percent_of(part: i64, whole: i64) -> i128 {
    i128::from(part) * 100 / i128::from(whole.max(1))
}

/// Whether an amount is a power of ten away from the range, to the percent.
fn is_slip(amount: i64, least: i64, most: i64) -> bool {
    let within = |amount: i128| {
        let (least, most) = (i128::from(least), i128::from(most));
        amount * 100 >= least * 99 && amount * 100 <= most * 101
    };
    let wide = i128::from(amount);
    [10i128, 100, 1_000].into_iter().any(|power| {
        let above = wide % power == 0 && within(wide / power);
        (above || within(wide * power)) && !within(wide)
    })
}

/// The middle of some amounts; the lower one of two.
fn median(amounts: &[i64]) -> Option<i64> {
    let mut sorted = amounts.to_vec();
    sorted.sort_unstable();
    sorted.get(sorted.len().checked_sub(1)? / 2).copied()
}

#[cfg(test)]
mod tests {
    use pricing_domain::{Confidence, Currency, OfferFlag, OfferKind, QuarantineCause};
    use proptest::prelude::{ProptestConfig, proptest};

    use super::{Circumstances, Trust, TrustLimits, TrustReading, judge};

    const USUAL: [i64; 4] = [9_990, 9_490, 9_990, 10_490];

    fn reading(amount_minor: i64) -> TrustReading {
        TrustReading { amount_minor, currency: Currency::EUR, kind: OfferKind::Regular, confidence: Confidence::High }
    }

    fn judged(amount: i64, known: &Circumstances<'_>) -> Trust {
        judge(&reading(amount), known, &TrustLimits::default())
    }

    fn usual() -> Circumstances<'static> {
        Circumstances { usual: &USUAL, usual_currency: Some(Currency::EUR), ..Circumstances::default() }
    }

    #[test]
    fn a_usual_price_has_no_flags() {
        assert_eq!(judged(9_990, &usual()), Trust::default());
        assert_eq!(judged(8_000, &usual()), Trust::default());
    }

    #[test]
    fn what_a_page_does_not_say_clearly_is_flagged_until_a_person_accepts_it() {
        let unclear = TrustReading { confidence: Confidence::Low, ..reading(9_990) };
        let limits = TrustLimits::default();
        assert_eq!(judge(&unclear, &usual(), &limits).flags, [OfferFlag::LowConfidence]);
        let accepted = Circumstances { accepted: &[9_990], ..usual() };
        assert_eq!(judge(&unclear, &accepted, &limits), Trust::default());
    }

    #[test]
    fn black_friday_is_flagged_and_counts() {
        let sale = TrustReading { kind: OfferKind::Promotion, ..reading(5_000) };
        let trust = judge(&sale, &usual(), &TrustLimits::default());
        assert_eq!(trust.flags, [OfferFlag::UnusualForListing, OfferFlag::Promotion]);
        assert_eq!(trust.quarantine, None);
    }

    #[test]
    fn colours_at_one_price_are_flagged_and_count() {
        let trust = judged(9_990, &Circumstances { neighbours: &[9_990, 9_990], ..usual() });
        assert_eq!((trust.flags.as_slice(), trust.quarantine), (&[OfferFlag::EqualToNeighbour][..], None));
    }

    #[test]
    fn what_may_be_no_price_waits_for_a_person() {
        let quarantine = |amount, known: Circumstances<'_>| judged(amount, &known).quarantine;
        assert_eq!(quarantine(999_000, usual()), Some(QuarantineCause::DecimalSlip));
        assert_eq!(quarantine(100, usual()), Some(QuarantineCause::DecimalSlip));
        assert_eq!(quarantine(250, usual()), Some(QuarantineCause::UnitPrice));
        assert_eq!(
            quarantine(4_500, Circumstances { neighbours: &[4_500], ..usual() }),
            Some(QuarantineCause::NeighboursPrice)
        );
        let first = Circumstances { neighbours: &[2_900], cost_minor: Some(8_000), ..Circumstances::default() };
        assert_eq!(quarantine(2_900, first), Some(QuarantineCause::NeighboursPrice));
        assert_eq!(quarantine(3_900, first), None, "nobody else's price");
        assert_eq!(
            quarantine(250, Circumstances { others: &[9_000, 9_900, 9_500], ..Circumstances::default() }),
            Some(QuarantineCause::UnitPrice)
        );
        let abroad = TrustReading { currency: Currency::GBP, ..reading(9_990) };
        let trust = judge(&abroad, &usual(), &TrustLimits::default());
        assert_eq!(trust.quarantine, Some(QuarantineCause::OtherCountry));
    }

    #[test]
    fn what_a_person_decided_is_remembered() {
        let taught = Circumstances { accepted: &[4_500], neighbours: &[4_500], ..usual() };
        assert_eq!(judged(4_500, &taught), Trust::default(), "accepted once, it is an ordinary price");
        assert_eq!(judged(4_700, &taught).quarantine, None);
        let rejected = Circumstances { rejected: &[9_990], ..usual() };
        assert_eq!(judged(9_990, &rejected).quarantine, Some(QuarantineCause::RejectedBefore));
    }

    #[test]
    fn cost_and_others_are_compared_with() {
        let known = Circumstances { cost_minor: Some(30_000), others: &[29_000, 31_000], ..Circumstances::default() };
        let trust = judged(9_990, &known);
        assert_eq!(trust.flags, [OfferFlag::FarFromOthers, OfferFlag::FarFromCost]);
        assert_eq!(trust.quarantine, None);
        let list = Circumstances { list_currency: Some(Currency::GBP), ..Circumstances::default() };
        assert_eq!(judged(9_990, &list).flags, [OfferFlag::OtherCurrency]);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_price_that_was_seen_before_is_never_held_back(amount in 1i64..10_000_000, more in proptest::collection::vec(1i64..10_000_000, 2..6)) {
            let mut usual = more;
            usual.push(amount);
            let known = Circumstances { usual: &usual, usual_currency: Some(Currency::EUR), ..Circumstances::default() };
            let trust = judged(amount, &known);
            assert_eq!(trust.quarantine, None);
            assert!(!trust.flags.contains(&OfferFlag::UnusualForListing));
        }

        #[test]
        fn no_amount_breaks_the_judgement(amount: i64, usual: Vec<i64>, cost: Option<i64>) {
            let known = Circumstances { usual: &usual, others: &usual, cost_minor: cost, ..Circumstances::default() };
            let _ = judged(amount, &known);
        }
    }
}
