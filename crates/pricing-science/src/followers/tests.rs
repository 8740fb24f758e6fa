//! Planted leaders and followers are found, and independent competitors are not.

use std::collections::BTreeMap;

use super::{FollowVerdict, FollowerRules, Following, followers};
use crate::PastMove;
use crate::chance::Chance;

const RULES: FollowerRules = FollowerRules { days: 365.0, window: 14.0, fewest_moves: 8 };
const PRODUCTS: u32 = 120;

/// A market in which some move by themselves and others answer them.
struct Market {
    chance: Chance,
    moves: Vec<PastMove>,
}

impl Market {
    fn new(seed: u64) -> Market {
        Market { chance: Chance(seed), moves: Vec::new() }
    }

    /// Moves by itself, on average so many days apart on a product.
    fn by_itself(mut self, by: Option<u32>, apart: f64) -> Market {
        for product in 0..PRODUCTS {
            let mut day = 0.0;
            loop {
                day += -apart * (1.0 - self.chance.even()).ln();
                if day >= RULES.days {
                    break;
                }
                let size = 0.02 + 0.1 * self.chance.even();
                let change = if self.chance.even() < 0.5 { -size } else { size };
                self.moves.push(PastMove { product, by, day, change });
            }
        }
        self
    }

    /// Answers so many of the leader's changes with a part of them, some days later.
    fn answers(mut self, who: u32, leader: Option<u32>, often: f64, part: f64, later: (f64, f64)) -> Market {
        let led: Vec<PastMove> = self.moves.iter().filter(|one| one.by == leader).copied().collect();
        for made in led {
            if self.chance.even() < often {
                let day = made.day + later.0 + (later.1 - later.0) * self.chance.even();
                self.moves.push(PastMove { by: Some(who), day, change: part * made.change, ..made });
            }
        }
        self
    }

    fn found(mut self, count: u32) -> Vec<Following> {
        self.moves.sort_by(|one, other| one.product.cmp(&other.product).then(one.day.total_cmp(&other.day)));
        self.moves.retain(|one| one.day < RULES.days);
        let all: Vec<Vec<u32>> = (0..count).map(|_| (0..PRODUCTS).collect()).collect();
        followers(&self.moves, &all, &|product| product / 30, RULES)
    }
}

fn pairs(found: &[Following], verdict: FollowVerdict) -> Vec<(u32, u32)> {
    let mut pairs: Vec<(u32, u32)> =
        found.iter().filter(|one| one.verdict == verdict).map(|one| (one.leader, one.follower)).collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

#[test]
fn who_follows_another_is_found_with_how_far_and_how_soon() {
    let market = Market::new(7).by_itself(Some(0), 60.0).by_itself(Some(1), 90.0).by_itself(Some(2), 50.0);
    let found = market.answers(1, Some(0), 0.8, 0.5, (3.0, 5.0)).found(3);
    assert_eq!(found.len(), 3 * 2 * 2);
    assert_eq!(pairs(&found, FollowVerdict::Follows), [(0, 1)], "{found:?}");
    for one in found.iter().filter(|one| one.verdict == FollowVerdict::Follows) {
        assert!(one.moves > 200 && one.followed as f64 > 0.7 * one.moves as f64, "{one:?}");
        assert!((0.3..0.5).contains(&one.part()) && (35..=45).contains(&one.delay), "{one:?}");
        assert!(one.by_chance < 1_500 && one.weeks() == 1, "{one:?}");
    }
}

#[test]
fn independent_competitors_hardly_ever_seem_to_follow() {
    let mut seeming = 0;
    for seed in 0..40 {
        let market = (0..5).fold(Market::new(1_000 + seed), |market, who| {
            market.by_itself(Some(who), 20.0 + 25.0 * f64::from(who)).by_itself(None, 80.0)
        });
        seeming += usize::from(!pairs(&market.found(5), FollowVerdict::Follows).is_empty());
    }
    assert!(seeming <= 5, "{seeming} of 40 markets without any follower");
}

#[test]
fn a_sale_of_all_at_the_same_time_is_no_following() {
    // Twice a month everybody changes half of its prices within a few days, each others.
    let mut market = Market::new(11);
    for round in 0..24 {
        let day = 10.0 + 14.5 * f64::from(round);
        for (who, product) in (0..3).flat_map(|who| (0..PRODUCTS).map(move |product| (who, product))) {
            if market.chance.even() < 0.5 {
                let day = day + f64::from(who) + market.chance.even();
                let change = if round % 2 == 0 { -0.05 } else { 0.05 };
                market.moves.push(PastMove { product, by: Some(who), day, change });
            }
        }
    }
    let found = market.found(3);
    assert_eq!(pairs(&found, FollowVerdict::Follows), [], "{found:?}");
    let one = found.iter().find(|one| (one.leader, one.follower, one.falls) == (0, 2, true)).expect("tested");
    assert!(one.verdict == FollowVerdict::Chance && one.by_chance > 3_500 && one.followed > one.moves / 3, "{one:?}");
}

#[test]
fn who_follows_us_does_not_seem_to_follow_another_who_does_so_sooner() {
    let market = Market::new(3).by_itself(None, 50.0).by_itself(Some(2), 60.0);
    let market = market.answers(0, None, 0.9, 0.8, (1.0, 3.0)).answers(1, None, 0.9, 0.8, (5.0, 7.0));
    let found = market.found(3);
    assert_eq!(pairs(&found, FollowVerdict::Follows), [], "{found:?}");
}

#[test]
fn two_that_follow_one_leader_do_not_seem_to_follow_each_other() {
    let market = Market::new(5).by_itself(Some(0), 60.0);
    let market = market.answers(1, Some(0), 0.7, 0.8, (1.0, 3.0)).answers(2, Some(0), 0.9, 0.8, (5.0, 7.0));
    let found = market.found(3);
    assert_eq!(pairs(&found, FollowVerdict::Follows), [(0, 1), (0, 2)], "{found:?}");
    assert_eq!(pairs(&found, FollowVerdict::Explained), [(1, 2)], "{found:?}");
}

#[test]
fn a_chain_is_found_link_by_link() {
    let market = Market::new(9).by_itself(Some(0), 60.0).by_itself(Some(1), 120.0);
    let market = market.answers(1, Some(0), 0.7, 0.8, (2.0, 4.0)).answers(2, Some(1), 0.9, 1.0, (2.0, 4.0));
    let found = market.found(3);
    assert_eq!(pairs(&found, FollowVerdict::Follows), [(0, 1), (1, 2)], "{found:?}");
}

#[test]
fn few_changes_are_too_few_and_what_both_do_not_have_does_not_count() {
    let market = Market::new(1).by_itself(Some(0), 3_000.0).answers(1, Some(0), 1.0, 1.0, (1.0, 2.0));
    let of_seven: Vec<PastMove> = market.moves.iter().filter(|one| one.product < 40).copied().collect();
    let both = vec![(0..PRODUCTS).collect::<Vec<u32>>(); 2];
    let found = followers(&of_seven, &both, &|_| 0, RULES);
    assert!(found.iter().all(|one| one.verdict == FollowVerdict::NotEnough), "{found:?}");
    let apart = vec![(0..60).collect(), (60..PRODUCTS).collect()];
    let found = followers(&market.moves, &apart, &|_| 0, RULES);
    assert!(found.iter().all(|one| one.verdict == FollowVerdict::NotEnough && one.moves == 0), "{found:?}");
}

#[test]
fn false_discoveries_beside_true_ones_stay_few() {
    let (mut right, mut wrong) = (0, 0);
    for seed in 0..20 {
        let market = (0..6).fold(Market::new(50 + seed), |market, who| market.by_itself(Some(who), 70.0));
        let market = market.answers(1, Some(0), 0.6, 0.7, (2.0, 8.0)).answers(3, Some(2), 0.4, 1.0, (4.0, 10.0));
        let mut counts = BTreeMap::<(u32, u32), usize>::new();
        pairs(&market.found(6), FollowVerdict::Follows)
            .into_iter()
            .for_each(|pair| *counts.entry(pair).or_default() += 1);
        right += [(0, 1), (2, 3)].iter().filter_map(|pair| counts.remove(pair)).sum::<usize>();
        wrong += counts.len();
    }
    assert_eq!(right, 40, "every planted follower is found");
    assert!(wrong <= 8, "{wrong} false beside {right} true ones");
}
