//! Families that keep an order among their prices. [`order`] says what holds, [`laws`] for which products, [`repair`] finds
//! the least change that brings it about; here is what becomes of each member.

mod components;
mod laws;
mod order;
mod repair;
mod standing;

use pricing_domain::{BasisPoints, ExceptionReason};

use super::bounds::exceeds;
use super::decide::{Evaluation, Outcome};
use super::endings::Endings;
use crate::columns::NONE;

pub(crate) use components::{Component, family_parts};
pub(crate) use laws::{CompiledLaw, LawsOfRows, law_of};
pub(crate) use order::Order;
pub use standing::{FamilyStanding, family_standing};

/// A member of a family as the order sees it. Amounts are minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) key: u32,
    /// Its place in the order; of content, millionths of the unit.
    pub(crate) rank: i64,
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
    pub(crate) fn new(key: u32, rank: i64, today: i64, standing: Standing) -> Option<Self> {
        let Standing { price, low, high, movable } = standing;
        (price != NONE).then_some(Self { key, rank, today, price, low, high, movable })
    }
}

/// Brings members in order, in any order they are given; `None` when they already are.
pub(crate) fn settle(members: &[Member], order: Order, endings: &Endings, limit: BasisPoints) -> Option<Vec<Settled>> {
    let mut places: Vec<usize> = (0..members.len()).collect();
    places.sort_by_key(|n| (members[*n].rank, members[*n].price, members[*n].key));
    let sorted: Vec<Member> = places.iter().map(|n| members[*n]).collect();
    if !order.is_broken(sorted.iter().map(|member| (member.rank, member.price))) {
        return None;
    }
    let mut settled = match repair::repair(&sorted, order, endings) {
        Some(prices) => moved(&sorted, &prices, order, limit),
        None => out_of_order(&sorted, order),
    };
    hold_back(&sorted, order, &mut settled);
    let mut by_member = vec![Settled::AsIs; members.len()];
    places.iter().zip(settled).for_each(|(n, settled)| by_member[*n] = settled);
    Some(by_member)
}

/// A move that follows from a rule's change is a change; one that mends what is wrong today waits for a person.
fn moved_to(member: &Member, to: i64, wrong_today: bool, limit: BasisPoints) -> Settled {
    if to == member.price {
        return Settled::AsIs;
    }
    let reason = if wrong_today && member.price == member.today {
        Some(ExceptionReason::FamilyOrder)
    } else {
        exceeds(member.today, to, limit).then_some(ExceptionReason::LargeChange)
    };
    Settled::Moved { to, reason }
}

fn moved(sorted: &[Member], prices: &[i64], order: Order, limit: BasisPoints) -> Vec<Settled> {
    let wrong_today = order.is_broken(sorted.iter().map(|member| (member.rank, member.today)));
    let settled = |(member, to): (&Member, &i64)| moved_to(member, *to, wrong_today, limit);
    sorted.iter().zip(prices).map(settled).collect()
}

fn breaking(sorted: &[Member], order: Order, price: impl Fn(usize) -> i64) -> Vec<bool> {
    let pairs: Vec<(i64, i64)> = sorted.iter().enumerate().map(|(n, member)| (member.rank, price(n))).collect();
    order.breaking(&pairs)
}

fn out_of_order(sorted: &[Member], order: Order) -> Vec<Settled> {
    let by_price = breaking(sorted, order, |n| sorted[n].price);
    let by_today = breaking(sorted, order, |n| sorted[n].today);
    let settled = |(n, member): (usize, &Member)| {
        let wrong = by_price[n] || by_today[n];
        if wrong && member.movable { Settled::OutOfOrder } else { Settled::AsIs }
    };
    sorted.iter().enumerate().map(settled).collect()
}

/// Holds back every change that would be out of order beside the prices that really stand after the run.
fn hold_back(sorted: &[Member], order: Order, settled: &mut [Settled]) {
    loop {
        let stands = |n: usize| match settled[n] {
            Settled::AsIs => sorted[n].price,
            Settled::Moved { to, reason: None } => to,
            Settled::Moved { .. } | Settled::OutOfOrder => sorted[n].today,
        };
        let breaks = breaking(sorted, order, stands);
        let wrong = (0..sorted.len()).find(|n| breaks[*n] && stands(*n) != sorted[*n].today);
        let Some(wrong) = wrong else { return };
        let to = stands(wrong);
        settled[wrong] = Settled::Moved { to, reason: Some(ExceptionReason::FamilyOrder) };
    }
}

#[cfg(test)]
mod tests {
    use pricing_domain::{BasisPoints, EndingBand, ExceptionReason, PriceEnding};

    use super::{Member, Order, Settled, settle};
    use crate::engine::endings::Endings;

    const LIMIT: BasisPoints = BasisPoints(5000);

    fn endings() -> Endings {
        Endings::new(&[EndingBand::nearest(0, PriceEnding { step_minor: 10, ending_minor: 9 })])
    }

    fn member(key: u32, rank: i64, today: i64, price: i64) -> Member {
        Member { key, rank, today, price, low: 1, high: 100_000, movable: true }
    }

    #[test]
    fn a_rule_that_breaks_the_order_is_repaired_by_the_nearest_single_move() {
        let family = [member(1, 1, 1009, 1009), member(2, 2, 1509, 999), member(3, 3, 2009, 2009)];
        let settled = settle(&family, Order::RISES, &endings(), LIMIT).expect("out of order");
        let moved = [Settled::Moved { to: 999, reason: None }, Settled::AsIs, Settled::AsIs];
        let other = [Settled::AsIs, Settled::Moved { to: 1009, reason: None }, Settled::AsIs];
        assert!(settled == moved || settled == other, "{settled:?}");
    }

    #[test]
    fn one_move_is_better_than_two_smaller_ones() {
        let family = [member(1, 1, 999, 999), member(2, 2, 1019, 1019), member(3, 3, 1019, 899)];
        let settled = settle(&family, Order::RISES, &endings(), LIMIT).expect("out of order");
        assert_eq!(settled, [Settled::AsIs, Settled::AsIs, Settled::Moved { to: 1019, reason: None }]);
    }

    #[test]
    fn what_is_wrong_today_waits_for_a_person() {
        let family = [member(1, 1, 999, 999), member(2, 2, 899, 899)];
        let settled = settle(&family, Order::RISES, &endings(), LIMIT).expect("out of order");
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
        assert_eq!(
            settle(&[capped, locked], Order::RISES, &endings(), LIMIT),
            Some(vec![Settled::OutOfOrder, Settled::AsIs])
        );
    }

    #[test]
    fn equal_content_may_differ_in_price() {
        let family = [member(1, 1, 999, 999), member(2, 1, 899, 899), member(3, 2, 999, 999)];
        assert_eq!(settle(&family, Order::RISES, &endings(), LIMIT), None);
    }

    /// What stands for each member after settling, where nothing waits for a person.
    fn settled_prices(family: &[Member], order: Order) -> Vec<i64> {
        let settled = settle(family, order, &endings(), LIMIT).expect("out of order");
        let price = |(member, settled): (&Member, Settled)| match settled {
            Settled::AsIs => member.price,
            Settled::Moved { to, reason: None } => to,
            other => panic!("{member:?} is {other:?}"),
        };
        family.iter().zip(settled).map(price).collect()
    }

    #[test]
    fn variants_follow_the_price_that_moves_the_fewest() {
        let family = [member(1, 0, 999, 949), member(2, 0, 999, 949), member(3, 0, 999, 999)];
        assert_eq!(settled_prices(&family, Order::Same), [949, 949, 949]);
        let locked = Member { movable: false, ..family[2] };
        assert_eq!(settled_prices(&[family[0], family[1], locked], Order::Same), [999, 999, 999]);
    }

    #[test]
    fn a_variant_that_waits_for_a_person_holds_the_others_back() {
        let capped = Member { high: 1_500, ..member(1, 0, 999, 999) };
        let locked = Member { movable: false, ..member(2, 0, 999, 999) };
        let dear = Member { low: 1_909, ..member(3, 0, 999, 1_999) };
        let settled = settle(&[capped, locked, dear], Order::Same, &endings(), LIMIT).expect("out of order");
        assert_eq!(settled, [Settled::OutOfOrder, Settled::AsIs, Settled::OutOfOrder]);
    }

    #[test]
    fn a_distance_between_ranks_is_kept_on_the_grid() {
        let tenth_more = Order::Rises { more: 11_000, than: 10_000 };
        let good_better_best = [member(1, 1, 999, 999), member(2, 2, 1_109, 1_009), member(3, 3, 1_309, 1_309)];
        assert_eq!(settled_prices(&good_better_best, tenth_more), [909, 1_009, 1_309]);
        let pinned = Member { low: 999, ..good_better_best[0] };
        assert_eq!(
            settled_prices(&[pinned, good_better_best[1], good_better_best[2]], tenth_more),
            [999, 1_099, 1_309]
        );
    }

    #[test]
    fn a_larger_pack_costs_more_and_less_for_each_unit() {
        let family = [member(1, 100, 999, 999), member(2, 200, 1_899, 2_109), member(3, 500, 4_509, 4_509)];
        assert_eq!(settled_prices(&family, Order::RisesAndFallsPerUnit), [1_059, 2_109, 4_509]);
        let family = [Member { high: 999, ..family[0] }, family[1], family[2]];
        assert_eq!(settled_prices(&family, Order::RisesAndFallsPerUnit), [999, 1_989, 4_509]);
        let equal = [member(1, 100, 999, 999), member(2, 200, 1_899, 1_899), member(3, 200, 1_899, 899)];
        assert_eq!(settled_prices(&equal, Order::RisesAndFallsPerUnit), [999, 1_899, 999]);
    }

    #[test]
    fn no_repair_moves_more_than_every_other_way() {
        let mut state = 11u64;
        let mut next = |most: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ((state >> 33) % most) as i64
        };
        let endings = Endings::new(&[EndingBand::nearest(0, PriceEnding { step_minor: 10, ending_minor: 9 })]);
        let orders = [Order::RISES, Order::Rises { more: 12, than: 10 }, Order::RisesAndFallsPerUnit, Order::Same];
        for (order, _) in orders.iter().cycle().zip(0..400) {
            let family: Vec<Member> = (0..3)
                .map(|key| {
                    let price = 29 + 10 * next(8);
                    let (low, high) = (price - 10 * next(5), price + 10 * next(5));
                    let rank = if *order == Order::Same { 0 } else { 1 + next(3) };
                    Member { low, high, movable: next(5) > 0, ..member(key, rank, price, price) }
                })
                .collect();
            let choices = |member: &Member| {
                let grid =
                    (9..200).step_by(10).filter(|price| member.movable && (member.low..=member.high).contains(price));
                grid.chain([member.price]).collect::<Vec<i64>>()
            };
            let holds = |prices: [i64; 3]| {
                let mut pairs: Vec<(i64, i64)> =
                    family.iter().zip(prices).map(|(one, price)| (one.rank, price)).collect();
                pairs.sort_unstable();
                !order.is_broken(pairs.into_iter())
            };
            let takes = |prices: [i64; 3]| {
                let moves = family.iter().zip(prices).filter(|(one, price)| one.price != *price);
                moves.fold((0, 0), |sum, (one, price)| (sum.0 + 1, sum.1 + (one.price - price).abs()))
            };
            let mut best = None;
            for one in choices(&family[0]) {
                for two in choices(&family[1]) {
                    for three in choices(&family[2]) {
                        let prices = [one, two, three];
                        if holds(prices) {
                            best = [best, Some(takes(prices))].into_iter().flatten().min();
                        }
                    }
                }
            }
            let mut sorted = family.clone();
            sorted.sort_by_key(|member| (member.rank, member.price, member.key));
            let found = super::repair::repair(&sorted, *order, &endings).map(|prices| {
                let moves = sorted.iter().zip(prices).filter(|(one, price)| one.price != *price);
                moves.fold((0, 0), |sum, (one, price)| (sum.0 + 1, sum.1 + (one.price - price).abs()))
            });
            assert_eq!(found, best, "{order:?} {sorted:?}");
        }
    }
}
