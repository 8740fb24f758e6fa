//! Families that share products.

use pricing_domain::{BasisPoints, EndingBand, ExceptionReason, PriceEnding};

use super::{Component, Member, Order, Part, Settled};
use crate::engine::endings::Endings;

const LIMIT: BasisPoints = BasisPoints(10_000);

fn endings() -> Endings {
    Endings::new(&[EndingBand::nearest(0, PriceEnding { step_minor: 10, ending_minor: 9 })])
}

fn member(key: u32, today: i64, price: i64) -> Member {
    Member { key, rank: 0, today, price, low: 1, high: 100_000, movable: true }
}

fn component(members: &[Member], parts: &[(Order, &[(i64, usize)])]) -> Component {
    let parts = parts.iter().map(|(order, places)| Part { order: *order, places: places.to_vec() }).collect();
    Component { rows: (0..members.len() as u32).collect(), members: members.to_vec(), parts }
}

/// What stands after the run, and whether a person is asked.
fn standing(component: &Component, settled: &[Settled]) -> Vec<(i64, bool)> {
    let price = |(member, settled): (&Member, &Settled)| match settled {
        Settled::AsIs => (member.price, false),
        Settled::Moved { to, reason: None } => (*to, false),
        Settled::Moved { .. } | Settled::OutOfOrder => (member.today, true),
    };
    component.members.iter().zip(settled).map(price).collect()
}

#[test]
fn a_product_of_two_families_that_pull_apart_is_moved_by_one_and_the_other_moves_something_else() {
    // A larger pack costs no less, and variants cost the same: the shared product is the small pack and a variant.
    let members = [member(1, 999, 1_099), member(2, 1_009, 1_009), member(3, 999, 999)];
    let parts: [(Order, &[(i64, usize)]); 2] = [(Order::RISES, &[(1, 0), (2, 1)]), (Order::Same, &[(0, 0), (0, 2)])];
    let component = component(&members, &parts);
    let settled = component.settle(&endings(), LIMIT).expect("out of order");
    let stands = standing(&component, &settled);
    assert!(stands.iter().all(|(_, is_asked)| !is_asked), "{settled:?}");
    assert!(stands[0].0 <= stands[1].0 && stands[0].0 == stands[2].0, "{settled:?}");
}

#[test]
fn families_that_no_prices_bring_in_order_wait_for_a_person() {
    let dear = Member { low: 1_999, ..member(1, 1_999, 1_999) };
    let cheap = Member { high: 999, ..member(3, 999, 999) };
    let parts: [(Order, &[(i64, usize)]); 2] = [(Order::Same, &[(0, 0), (0, 1)]), (Order::Same, &[(0, 1), (0, 2)])];
    let component = component(&[dear, member(2, 1_999, 1_499), cheap], &parts);
    let settled = component.settle(&endings(), LIMIT).expect("out of order");
    let asked = standing(&component, &settled).iter().filter(|(_, is_asked)| *is_asked).count();
    assert!(asked >= 2, "{settled:?}");
    assert!(settled.iter().all(|one| !matches!(one, Settled::Moved { reason: None, .. })), "{settled:?}");
}

#[test]
fn what_is_in_order_everywhere_is_left_alone() {
    let parts: [(Order, &[(i64, usize)]); 2] = [(Order::RISES, &[(1, 0), (2, 1)]), (Order::Same, &[(0, 0), (0, 2)])];
    let members = [member(1, 999, 999), member(2, 1_099, 1_099), member(3, 999, 999)];
    assert_eq!(component(&members, &parts).settle(&endings(), LIMIT), None);
}

#[test]
fn no_price_is_published_out_of_order_in_any_family() {
    let mut state = 23u64;
    let mut next = |most: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 33) % most) as i64
    };
    let orders = [Order::RISES, Order::Rises { more: 11, than: 10 }, Order::RisesAndFallsPerUnit, Order::Same];
    let (mut mended, mut asked) = (0, 0);
    for _ in 0..400 {
        let count = 3 + next(6) as usize;
        let members: Vec<Member> = (0..count as u32)
            .map(|key| {
                let today = 209 + 10 * next(9);
                let price = if next(3) == 0 { today } else { 209 + 10 * next(9) };
                let (low, high) = (today.min(price) - 10 * next(7), today.max(price) + 10 * next(7));
                let movable = next(6) > 0;
                let price = if movable { price } else { today };
                Member { low, high, movable, ..member(key, today, price) }
            })
            .collect();
        let parts: Vec<(Order, Vec<(i64, usize)>)> = (0..2 + next(3))
            .map(|_| {
                let order = orders[next(4) as usize];
                let rank = |n: usize, by: i64| (if order == Order::Same { 0 } else { 1 + (n as i64 + by) % 3 }, n);
                let by = next(3);
                let mut places: Vec<(i64, usize)> = (0..count).filter(|_| next(3) > 0).map(|n| rank(n, by)).collect();
                places.sort_unstable();
                (order, places)
            })
            .collect();
        let borrowed: Vec<(Order, &[(i64, usize)])> =
            parts.iter().map(|(order, places)| (*order, places.as_slice())).collect();
        let component = component(&members, &borrowed);
        let Some(settled) = component.settle(&endings(), LIMIT) else { continue };
        let stands = standing(&component, &settled);
        let has_exception = stands.iter().any(|(_, is_asked)| *is_asked);
        if has_exception {
            asked += 1
        } else {
            mended += 1
        }
        for part in &component.parts {
            // A person sees the exceptions, and what may not move is not ours to order.
            let own = |(rank, place): &(i64, usize)| {
                let movable = members[*place].movable;
                (!stands[*place].1 && movable).then_some((*rank, stands[*place].0))
            };
            let published: Vec<(i64, i64)> = part.places.iter().filter_map(own).collect();
            assert!(!part.order.is_broken(published.iter().copied()), "{:?} {:?} {settled:?}", part.order, part.places);
            // A change is in order beside all that stands.
            let all: Vec<i64> = stands.iter().map(|(price, _)| *price).collect();
            for ((_, place), breaks) in part.places.iter().zip(part.breaking(&all)) {
                assert!(!breaks || all[*place] == members[*place].today, "{settled:?}");
            }
        }
        for (member, settled) in members.iter().zip(&settled) {
            if let Settled::Moved { to, reason } = settled {
                let is_inside = (member.low..=member.high).contains(to);
                assert!(is_inside || *reason == Some(ExceptionReason::FamilyOrder), "{member:?} {settled:?}");
            }
        }
    }
    assert!(mended > 20 && asked > 20, "so many were mended and so many asked for a person: {mended}, {asked}");
}
