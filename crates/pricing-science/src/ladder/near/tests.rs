//! The choices near the best one come in order of loss, and only as many as are asked for.

use super::near;
use crate::ladder::blocks::Blocks;
use crate::{Ladder, LadderItem, LadderLimits, LadderOption, PairOrder};

/// Families of so many products with prices on a grid whose order has to be kept; near the best price margins are flat.
fn families(count: usize, size: usize, options: usize) -> (Ladder, LadderLimits) {
    let (mut ladder, mut limits) = (Ladder::default(), LadderLimits::default());
    for item in 0..count * size {
        let first = ladder.options.len() as u32;
        let best = 10.0 + 0.3 * (item % size) as f64 + (item * 7 % 13) as f64 / 13.0;
        for option in 0..options {
            // Today's price first, then the others around it.
            let price = 10.0 + 0.3 * (item % size) as f64 + ((option + options / 2) % options) as f64 / options as f64;
            ladder.options.push(LadderOption {
                price,
                profit: 100.0 - (1.0 + (item % 5) as f64) * (price - best).powi(2),
                revenue: price,
                basket: price,
                is_change: option > 0,
            });
        }
        let end = ladder.options.len() as u32;
        ladder.items.push(LadderItem { name: String::new(), family: 0, role: String::new(), first, end });
        if item % size > 0 {
            limits.pairs.push(PairOrder { lower: item - 1, upper: item });
        }
    }
    (ladder, limits)
}

/// Every choice of a family in order, with what it loses.
fn all_choices(blocks: &Blocks, family: usize, size: usize, options: usize) -> Vec<(f64, Vec<u32>)> {
    let ladder = blocks.ladder;
    let best = blocks.relax(&[]).choice;
    let value = |choice: &[u32]| -> f64 {
        choice
            .iter()
            .enumerate()
            .map(|(at, option)| ladder.options_of(family * size + at)[*option as usize].profit)
            .sum()
    };
    let best = &best[family * size..(family + 1) * size];
    let mut found = Vec::new();
    for code in 0..options.pow(size as u32) {
        let choice: Vec<u32> = (0..size).map(|at| (code / options.pow(at as u32) % options) as u32).collect();
        let price = |at: usize| ladder.options_of(family * size + at)[choice[at] as usize].price;
        let today = |at: usize| ladder.options_of(family * size + at)[0].price;
        let is_ordered =
            (1..size).all(|at| price(at - 1) <= f64::max(1.0, today(at - 1) / today(at)) * price(at) + 1e-9);
        if is_ordered && choice != best {
            found.push((value(best) - value(&choice), choice));
        }
    }
    found.sort_by(|one, other| one.0.total_cmp(&other.0));
    found
}

#[test]
fn the_choices_that_lose_least_are_those_of_trying_everything() {
    let (count, size, options) = (3, 3, 6);
    let (ladder, limits) = families(count, size, options);
    let blocks = Blocks::new(&ladder, &limits).expect("families");
    let mut all: Vec<f64> =
        (0..count).flat_map(|family| all_choices(&blocks, family, size, options)).map(|(loss, _)| loss).collect();
    all.sort_by(f64::total_cmp);
    let within = all.iter().filter(|loss| **loss <= 1.0).count();
    assert!(within > 20 && within < all.len(), "{within} of {}", all.len());
    for keep in [0, 1, 7, 20, within, within + 1, 10_000] {
        let found = near(&blocks, &[], 1.0, keep);
        assert_eq!(found.is_whole, within <= keep, "{keep}");
        assert_eq!(found.found.len(), within.min(keep), "{keep}");
        let mut losses: Vec<f64> = found.found.iter().map(|one| one.loss).collect();
        losses.sort_by(f64::total_cmp);
        assert!(losses.iter().zip(&all).all(|(one, other)| (one - other).abs() < 1e-9), "{keep}");
        if found.is_whole {
            assert!(found.found.is_sorted_by_key(|one| one.block), "{keep}");
        }
    }
}

#[test]
fn families_of_eight_are_looked_at_a_few_times_and_never_listed() {
    // 24 prices each: a family has up to 10^11 choices, most of which lose next to nothing.
    const KEEP: usize = 1_500;
    let looks = |count: usize| {
        let (ladder, limits) = families(count, 8, 24);
        let blocks = Blocks::new(&ladder, &limits).expect("families");
        let found = near(&blocks, &[], 1_000.0, KEEP);
        assert_eq!((found.found.len(), found.is_whole), (KEEP, false));
        found.looks as f64 / ladder.options.len() as f64
    };
    let (few, many) = (looks(128), looks(1_280));
    assert!(few < 40.0 && many < 10.0, "options looked at, for each option of the ladder: {few} and {many}");
}

#[test]
fn what_loses_nothing_is_no_reason_to_list_it_all() {
    let (mut ladder, limits) = families(200, 8, 24);
    ladder.options.iter_mut().for_each(|option| option.profit = 0.0);
    let blocks = Blocks::new(&ladder, &limits).expect("families");
    let found = near(&blocks, &[], 0.0, 100);
    assert_eq!((found.found.len(), found.is_whole), (100, false));
    assert!(found.looks < 20 * ladder.options.len(), "{} looks", found.looks);
}
