//! Families in order: more content never costs less.
//!
//! The repair is exact: over all ways to bring the family in order with allowed prices inside each member's own
//! window, it takes one that moves the fewest members and, of those, one that moves them by the smallest sum. It walks
//! the members by ascending content and keeps, for every price that can matter, the cheapest way to have come so far
//! without exceeding it (dynamic programming over members × prices). The prices that can matter are today's and the
//! ruled prices, their neighbours on the grid of endings, and the ends of the windows. Members of equal content keep
//! the order of their prices while they are moved.

use pricing_domain::{BasisPoints, ExceptionReason};

use super::bounds::exceeds;
use super::decide::{Evaluation, Outcome};
use super::endings::Endings;
use crate::columns::NONE;

/// A member of a family as the order sees it. Amounts are minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) key: u32,
    /// Net content in millionths of its unit.
    pub(crate) content_micro: i64,
    pub(crate) today: i64,
    /// What its rule made of it.
    pub(crate) price: i64,
    /// Where it may be moved to.
    pub(crate) low: i64,
    pub(crate) high: i64,
    /// Locked members and those that wait for a person stay.
    pub(crate) movable: bool,
}

/// What the order does to a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Settled {
    /// Nothing.
    AsIs,
    /// Another price; a person is asked when there is a reason.
    Moved { to: i64, reason: Option<ExceptionReason> },
    /// Out of order, and no price inside its bounds mends it.
    OutOfOrder,
}

/// How a row stands in its family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    /// The price for the order, or [`NONE`] for rows that take no part: not sold, on promotion, without a price, or at
    /// a price that cannot stay.
    pub(crate) price: i64,
    /// Where it may be moved to.
    low: i64,
    high: i64,
    movable: bool,
}

impl Standing {
    pub(crate) const fn new(price: i64, low: i64, high: i64, movable: bool) -> Self {
        Self { price, low, high, movable }
    }

    pub(crate) fn of(evaluation: &Evaluation) -> Self {
        let price = match evaluation.outcome {
            Outcome::Ended | Outcome::OnPromotion | Outcome::NoPrice => NONE,
            Outcome::Change => evaluation.new,
            Outcome::Locked | Outcome::Unchanged => evaluation.inputs.price,
            Outcome::Exception(reason) => standing_of(reason, evaluation.inputs.price),
        };
        let movable =
            matches!(evaluation.outcome, Outcome::Unchanged | Outcome::Change) && evaluation.inputs.fixed == NONE;
        Self { price, low: evaluation.low, high: evaluation.high, movable }
    }
}

/// The price with which a row that waits for a person takes part in the order: today's, unless it cannot stay.
pub(crate) const fn standing_of(reason: ExceptionReason, today: i64) -> i64 {
    match reason {
        ExceptionReason::BelowFloorToday | ExceptionReason::BelowCostToday | ExceptionReason::NoPriceYet => NONE,
        _ => today,
    }
}

impl Member {
    /// The row as a member; `None` when it takes no part.
    pub(crate) fn new(key: u32, content_micro: i64, today: i64, standing: Standing) -> Option<Self> {
        let Standing { price, low, high, movable } = standing;
        (price != NONE).then_some(Self { key, content_micro, today, price, low, high, movable })
    }
}

/// Whether a price falls as content grows. Pairs of content and price by ascending content; [`NONE`] takes no part.
pub(crate) fn is_out_of_order(members: impl Iterator<Item = (i64, i64)>) -> bool {
    let (mut content, mut highest, mut highest_below) = (i64::MIN, i64::MIN, i64::MIN);
    for (of, price) in members.filter(|(_, price)| *price != NONE) {
        if of > content {
            (content, highest_below) = (of, highest);
        }
        if price < highest_below {
            return true;
        }
        highest = highest.max(price);
    }
    false
}

/// Brings members in order, in any order they are given; `None` when they already are.
pub(crate) fn settle(members: &[Member], endings: &Endings, limit: BasisPoints) -> Option<Vec<Settled>> {
    let mut order: Vec<usize> = (0..members.len()).collect();
    order.sort_by_key(|n| (members[*n].content_micro, members[*n].price, members[*n].key));
    let sorted: Vec<Member> = order.iter().map(|n| members[*n]).collect();
    if !is_out_of_order(sorted.iter().map(|member| (member.content_micro, member.price))) {
        return None;
    }
    let mut settled = match repair(&sorted, endings) {
        Some(prices) => moved(&sorted, &prices, limit),
        None => out_of_order(&sorted),
    };
    hold_back(&sorted, &mut settled);
    let mut by_member = vec![Settled::AsIs; members.len()];
    order.iter().zip(settled).for_each(|(n, settled)| by_member[*n] = settled);
    Some(by_member)
}

/// The prices after the repair; `None` when no way leads through.
fn repair(sorted: &[Member], endings: &Endings) -> Option<Vec<i64>> {
    let prices = prices_that_matter(sorted, endings);
    let on_grid: Vec<bool> = prices.iter().map(|price| endings.allows(*price)).collect();
    // For each price: members moved so far and by how much in total, when none exceeds it.
    let mut best: Vec<Option<(u32, i128)>> = vec![Some((0, 0)); prices.len()];
    let mut chosen: Vec<Vec<u32>> = Vec::with_capacity(sorted.len());
    for member in sorted {
        let mut lowest: Option<((u32, i128), usize)> = None;
        let mut choices = Vec::with_capacity(prices.len());
        for (place, price) in prices.iter().enumerate() {
            let here = best[place]
                .zip(effort(member, *price, on_grid[place]))
                .map(|(so_far, effort)| ((so_far.0 + effort.0, so_far.1 + effort.1), place));
            lowest = [lowest, here].into_iter().flatten().min();
            best[place] = lowest.map(|(sum, _)| sum);
            choices.push(lowest.map_or(0, |(_, place)| place as u32));
        }
        chosen.push(choices);
    }
    (*best.last()?)?;
    let mut place = prices.len() - 1;
    let mut result: Vec<i64> = chosen
        .iter()
        .rev()
        .map(|choices| {
            place = choices[place] as usize;
            prices[place]
        })
        .collect();
    result.reverse();
    Some(result)
}

fn prices_that_matter(sorted: &[Member], endings: &Endings) -> Vec<i64> {
    let of_member = |member: &Member| {
        let ends = member.movable.then(|| [endings.up(member.low), endings.down(member.high)]);
        let around = [endings.up(member.price), endings.down(member.price), Some(member.price), Some(member.today)];
        around.into_iter().chain(ends.into_iter().flatten()).flatten().collect::<Vec<i64>>()
    };
    let mut prices: Vec<i64> = sorted.iter().flat_map(of_member).collect();
    prices.sort_unstable();
    prices.dedup();
    prices
}

/// What it takes to bring a member to a price: moves and distance; `None` where it must not go.
fn effort(member: &Member, price: i64, is_on_grid: bool) -> Option<(u32, i128)> {
    if price == member.price {
        return Some((0, 0));
    }
    let allowed =
        member.movable && (member.low..=member.high).contains(&price) && (price == member.today || is_on_grid);
    allowed.then(|| (1, i128::from((price - member.price).abs())))
}

/// Moves that follow from a rule's change are changes; moves that mend what is wrong today wait for a person.
fn moved(sorted: &[Member], prices: &[i64], limit: BasisPoints) -> Vec<Settled> {
    let wrong_today = is_out_of_order(sorted.iter().map(|member| (member.content_micro, member.today)));
    let settled = |(member, to): (&Member, &i64)| {
        if *to == member.price {
            return Settled::AsIs;
        }
        let reason = if wrong_today && member.price == member.today {
            Some(ExceptionReason::FamilyOrder)
        } else {
            exceeds(member.today, *to, limit).then_some(ExceptionReason::LargeChange)
        };
        Settled::Moved { to: *to, reason }
    };
    sorted.iter().zip(prices).map(settled).collect()
}

fn out_of_order(sorted: &[Member]) -> Vec<Settled> {
    let by_price = breaking(sorted, |n| sorted[n].price);
    let by_today = breaking(sorted, |n| sorted[n].today);
    let settled = |(n, member): (usize, &Member)| {
        let wrong = by_price[n] || by_today[n];
        if wrong && member.movable { Settled::OutOfOrder } else { Settled::AsIs }
    };
    sorted.iter().enumerate().map(settled).collect()
}

/// Which members break the order at these prices: dearer than one with more content, or cheaper than one with less. One
/// pass from either side over members by ascending content.
fn breaking(sorted: &[Member], price: impl Fn(usize) -> i64) -> Vec<bool> {
    let mut breaks = vec![false; sorted.len()];
    let is_same = |one: usize, other: usize| sorted[one].content_micro == sorted[other].content_micro;
    let (mut below, mut here) = (i64::MIN, i64::MIN);
    for (n, breaks) in breaks.iter_mut().enumerate() {
        if n > 0 && !is_same(n, n - 1) {
            (below, here) = (below.max(here), i64::MIN);
        }
        here = here.max(price(n));
        *breaks = price(n) < below;
    }
    let (mut above, mut here) = (i64::MAX, i64::MAX);
    for n in (0..sorted.len()).rev() {
        if n + 1 < sorted.len() && !is_same(n, n + 1) {
            (above, here) = (above.min(here), i64::MAX);
        }
        here = here.min(price(n));
        breaks[n] |= price(n) > above;
    }
    breaks
}

/// Holds back every change that would be out of order beside the prices that really stand after the run.
fn hold_back(sorted: &[Member], settled: &mut [Settled]) {
    loop {
        let stands = |n: usize| match settled[n] {
            Settled::AsIs => sorted[n].price,
            Settled::Moved { to, reason: None } => to,
            Settled::Moved { .. } | Settled::OutOfOrder => sorted[n].today,
        };
        let breaks = breaking(sorted, stands);
        let wrong = (0..sorted.len()).find(|n| breaks[*n] && stands(*n) != sorted[*n].today);
        let Some(wrong) = wrong else { return };
        let to = stands(wrong);
        settled[wrong] = Settled::Moved { to, reason: Some(ExceptionReason::FamilyOrder) };
    }
}

#[cfg(test)]
mod tests {
    use pricing_domain::{BasisPoints, EndingBand, ExceptionReason, PriceEnding};

    use super::{Member, Settled, breaking, settle};
    use crate::engine::endings::Endings;

    const LIMIT: BasisPoints = BasisPoints(5000);

    fn endings() -> Endings {
        Endings::new(&[EndingBand::nearest(0, PriceEnding { step_minor: 10, ending_minor: 9 })])
    }

    fn member(key: u32, content: i64, today: i64, price: i64) -> Member {
        Member { key, content_micro: content, today, price, low: 1, high: 100_000, movable: true }
    }

    #[test]
    fn a_rule_that_breaks_the_order_is_repaired_by_the_nearest_single_move() {
        let family = [member(1, 1, 1009, 1009), member(2, 2, 1509, 999), member(3, 3, 2009, 2009)];
        let settled = settle(&family, &endings(), LIMIT).expect("out of order");
        let moved = [Settled::Moved { to: 999, reason: None }, Settled::AsIs, Settled::AsIs];
        let other = [Settled::AsIs, Settled::Moved { to: 1009, reason: None }, Settled::AsIs];
        assert!(settled == moved || settled == other, "{settled:?}");
    }

    #[test]
    fn one_move_is_better_than_two_smaller_ones() {
        let family = [member(1, 1, 999, 999), member(2, 2, 1019, 1019), member(3, 3, 1019, 899)];
        let settled = settle(&family, &endings(), LIMIT).expect("out of order");
        assert_eq!(settled, [Settled::AsIs, Settled::AsIs, Settled::Moved { to: 1019, reason: None }]);
    }

    #[test]
    fn what_is_wrong_today_waits_for_a_person() {
        let family = [member(1, 1, 999, 999), member(2, 2, 899, 899)];
        let settled = settle(&family, &endings(), LIMIT).expect("out of order");
        let reasons: Vec<_> = settled
            .iter()
            .filter_map(|settled| match settled {
                Settled::Moved { reason, .. } => *reason,
                _ => None,
            })
            .collect();
        assert_eq!(reasons, [ExceptionReason::FamilyOrder]);
    }

    #[test]
    fn a_family_that_cannot_be_mended_is_reported() {
        let locked = Member { movable: false, ..member(1, 1, 2009, 2009) };
        let capped = Member { high: 1509, ..member(2, 2, 1509, 1509) };
        assert_eq!(settle(&[capped, locked], &endings(), LIMIT), Some(vec![Settled::OutOfOrder, Settled::AsIs]));
    }

    #[test]
    fn who_breaks_the_order_is_told_like_by_every_pair() {
        let mut state = 7u64;
        let mut next = |most: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ((state >> 33) % most) as i64
        };
        for _ in 0..400 {
            let mut family: Vec<Member> = (0..9).map(|key| member(key, next(4), 0, 900 + next(6))).collect();
            family.sort_by_key(|member| member.content_micro);
            let pairs = |one: &Member| {
                family.iter().any(|other| {
                    (one.content_micro < other.content_micro && one.price > other.price)
                        || (one.content_micro > other.content_micro && one.price < other.price)
                })
            };
            let expected: Vec<bool> = family.iter().map(pairs).collect();
            assert_eq!(breaking(&family, |n| family[n].price), expected, "{family:?}");
        }
    }

    #[test]
    fn equal_content_may_differ_in_price() {
        let family = [member(1, 1, 999, 999), member(2, 1, 899, 899), member(3, 2, 999, 999)];
        assert_eq!(settle(&family, &endings(), LIMIT), None);
    }
}
