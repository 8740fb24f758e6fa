//! Which competitor follows which other: how often beyond chance, how far, and how soon.
//!
//! A change of a leader's price is followed where the other moves the same way on the same product within the window and
//! before the leader's next change. How often chance gives that is counted, not modelled: the same changes of the leader
//! are held against what the other did in the same days with other products (a permutation of products: Good 2005,
//! “Permutation, Parametric and Bootstrap Tests of Hypotheses”). Whatever moves many prices at once, a sale, a weekly
//! round of repricing, a supplier's new list, is in that share too. The products compared are neighbours in an order of
//! what is alike: the same category, and about as many changes of the other's price.
//!
//! Every ordered pair and both directions are tested by the binomial law, and those count of which no more than one in
//! twenty is expected to be chance (Benjamini and Hochberg 1995). Who seems to follow a second leader only because both
//! follow the first is told apart step by step: what follows us, or a leader that explains more, is left out, and the
//! second leader is tested on what remains (forward selection). A product that is looked at first seems to lead: moves
//! seen less than half a day apart say nothing.

mod history;

use serde::{Deserialize, Serialize};
use statrs::function::beta::beta_reg;

use crate::reactions::{LARGEST, PastMove, middle};
use history::{History, Shared};

/// What is asked about.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FollowerRules {
    /// The length of the history in days.
    pub days: f64,
    /// Days within which an answer comes.
    pub window: f64,
    /// Changes of a leader that are needed.
    pub fewest_moves: usize,
}

/// What was found of one competitor after the changes of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum FollowVerdict {
    /// It follows, beyond chance.
    Follows,
    /// No more than chance gives, or so little more that it may be chance.
    Chance,
    /// It does so after changes that we, or a leader that explains more, made before; without these nothing is left to be
    /// told.
    Explained,
    /// There are too few changes of the leader on products that both have.
    NotEnough,
}

/// How a competitor moved after the cuts or the rises of another. Whole numbers, so that a kept answer plays the same
/// everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Following {
    /// Who moved first.
    pub leader: u32,
    /// Who moved after.
    pub follower: u32,
    /// Whether this is about cuts or rises.
    pub falls: bool,
    /// What was found.
    pub verdict: FollowVerdict,
    /// Changes of the leader on products that both have.
    pub moves: u32,
    /// Those after which the other moved the same way.
    pub followed: u32,
    /// The share that chance gives, in hundredths of a percent.
    pub by_chance: u32,
    /// The part of the leader's change that the other makes on average beyond chance, in hundredths of a percent.
    pub share: u32,
    /// The usual delay in tenths of a day; 0 where it never followed.
    pub delay: u32,
}

impl Following {
    /// After how many weeks the answer stands on the shelf: at least one.
    pub fn weeks(&self) -> usize {
        const TENTHS_A_WEEK: u32 = 70;
        self.delay.div_ceil(TENTHS_A_WEEK).max(1) as usize
    }

    /// The part of a leader's change that is made.
    pub fn part(&self) -> f64 {
        f64::from(self.share) / WHOLE
    }
}

/// Hundredths of a percent in all.
const WHOLE: f64 = 10_000.0;
const TENTHS: f64 = 10.0;
/// Of what counts as following so many may be chance.
const FALSE_SHARE: f64 = 0.05;
/// Products that each change of a leader is held against, on both sides in the order of what is alike.
const NEIGHBOURS: usize = 10;
/// Products of a pair that are looked at, spread evenly over all, and looks at histories in all.
const MOST_PRODUCTS: usize = 50_000;
const MOST_LOOKS: usize = 60_000_000;
/// Changes of a leader that are looked at in any case.
const LEAST_MOVES: usize = 200;

/// Tests every ordered pair of so many competitors in both directions. `moves` in the order of products, then of time;
/// `products` of each competitor in ascending order; `kind`: what is alike. What follows comes first for each follower, the
/// leader that explains most before the others.
pub fn followers(
    moves: &[PastMove],
    products: &[Vec<u32>],
    kind: &dyn Fn(u32) -> u32,
    rules: FollowerRules,
) -> Vec<Following> {
    let histories: Vec<History> = (0..products.len()).map(|who| History::of(moves, u32::try_from(who).ok())).collect();
    let ours = History::of(moves, None);
    let count = products.len();
    let most_moves = (MOST_LOOKS / (2 * NEIGHBOURS + 1) / (count * count).max(1)).max(LEAST_MOVES);
    let mut tests: Vec<Test> = Vec::new();
    for (leader, follower) in (0..count).flat_map(|leader| (0..count).map(move |follower| (leader, follower))) {
        if leader == follower {
            continue;
        }
        let shared = Shared::of(&products[leader], &products[follower], MOST_PRODUCTS);
        for falls in [true, false] {
            let order = shared.in_order(&histories[follower], falls, kind);
            let pair = Pair { leader, follower, falls, order, most_moves };
            let found = pair.counted(&histories, &[&ours], rules);
            tests.push(Test { probability: found.probability(), found, pair });
        }
    }
    let limit = discovered_up_to(tests.iter().filter(|test| test.is_enough(rules)).map(|test| test.probability));
    let mut found = Vec::new();
    for (follower, falls) in (0..count).flat_map(|follower| [true, false].map(|falls| (follower, falls))) {
        let mut of_one: Vec<&Test> =
            tests.iter().filter(|test| test.pair.follower == follower && test.pair.falls == falls).collect();
        of_one.sort_by(|one, other| {
            (one.probability.total_cmp(&other.probability))
                .then(other.found.followed.cmp(&one.found.followed))
                .then(one.pair.leader.cmp(&other.pair.leader))
        });
        let mut before = vec![&ours];
        for test in of_one {
            let mut kept = test.found.clone();
            let verdict = if !test.is_enough(rules) {
                FollowVerdict::NotEnough
            } else if test.probability > limit {
                FollowVerdict::Chance
            } else {
                // Our own changes are left out already.
                let is_first = before.len() == 1;
                let rest = if is_first { kept.clone() } else { test.pair.counted(&histories, &before, rules) };
                if is_first || (rest.moves >= rules.fewest_moves && rest.probability() <= limit) {
                    kept = rest;
                    FollowVerdict::Follows
                } else {
                    FollowVerdict::Explained
                }
            };
            if verdict == FollowVerdict::Follows {
                before.push(&histories[test.pair.leader]);
            }
            found.push(kept.told(&test.pair, verdict));
        }
    }
    found
}

/// The largest probability that counts, by Benjamini and Hochberg; negative where none does.
fn discovered_up_to(probabilities: impl Iterator<Item = f64>) -> f64 {
    let mut sorted: Vec<f64> = probabilities.collect();
    sorted.sort_by(f64::total_cmp);
    let count = sorted.len() as f64;
    let fits = |(place, probability): &(usize, f64)| *probability <= FALSE_SHARE * (*place + 1) as f64 / count;
    sorted.into_iter().enumerate().rfind(fits).map_or(-1.0, |(_, probability)| probability)
}

struct Test {
    pair: Pair,
    found: Counted,
    probability: f64,
}

impl Test {
    fn is_enough(&self, rules: FollowerRules) -> bool {
        self.found.moves >= rules.fewest_moves && self.pair.order.len() > 1
    }
}

/// Two competitors and a direction.
struct Pair {
    leader: usize,
    follower: usize,
    falls: bool,
    /// The products that both have; what is alike stands side by side.
    order: Vec<u32>,
    most_moves: usize,
}

/// What was counted.
#[derive(Clone, Default)]
struct Counted {
    moves: usize,
    followed: usize,
    /// How often another product stood beside a change, and how often the other moved it.
    beside: usize,
    moved_beside: usize,
    parts: Vec<f64>,
    delays: Vec<f64>,
}

impl Pair {
    /// Counts without the changes that stand in the window after one of `before`.
    fn counted(&self, histories: &[History], before: &[&History], rules: FollowerRules) -> Counted {
        let (leader, follower) = (&histories[self.leader], &histories[self.follower]);
        let mut found = Counted::default();
        let all: usize = self.order.iter().map(|product| leader.way(*product, self.falls).count()).sum();
        let every = all.div_ceil(self.most_moves).max(1);
        let is_free = |product: u32, day: f64| {
            !before.iter().any(|one| one.has_within(product, self.falls, day - rules.window, day))
        };
        let first = |product: u32, from: f64, until: f64| {
            let mut answers = follower.way(product, self.falls).filter(|one| one.day > from && one.day <= until);
            answers.find(|one| is_free(product, one.day)).copied()
        };
        let moves = self
            .order
            .iter()
            .enumerate()
            .flat_map(|(place, product)| leader.way(*product, self.falls).map(move |made| (place, *product, made)));
        for (place, product, made) in moves.step_by(every).filter(|(_, product, made)| is_free(*product, made.day)) {
            const LEAST_DELAY: f64 = 0.5;
            let from = made.day + LEAST_DELAY;
            let until = (made.day + rules.window).min(leader.next(product, made.day)).min(rules.days);
            if until <= from {
                continue;
            }
            found.moves += 1;
            if let Some(answer) = first(product, from, until) {
                found.followed += 1;
                found.parts.push((answer.change / made.change).clamp(0.0, LARGEST));
                found.delays.push(answer.day - made.day);
            }
            // Only where nothing stands before it either: what is free of that is more often free of it afterwards.
            let neighbours = (place.saturating_sub(NEIGHBOURS)..self.order.len().min(place + NEIGHBOURS + 1))
                .filter(|other| *other != place && is_free(self.order[*other], made.day));
            for other in neighbours {
                found.beside += 1;
                found.moved_beside += usize::from(first(self.order[other], from, until).is_some());
            }
        }
        found
    }
}

impl Counted {
    /// How often chance gives an answer; a little more than was counted, so that it is never none.
    fn by_chance(&self) -> f64 {
        (self.moved_beside as f64 + 0.5) / (self.beside as f64 + 1.0)
    }

    /// The probability of so many answers or more by chance.
    fn probability(&self) -> f64 {
        if self.followed == 0 {
            return 1.0;
        }
        let (followed, moves) = (self.followed as f64, self.moves as f64);
        // The binomial law's upper tail is an incomplete beta function.
        beta_reg(followed, moves - followed + 1.0, self.by_chance().min(1.0))
    }

    fn told(mut self, pair: &Pair, verdict: FollowVerdict) -> Following {
        let whole = |value: f64| value.round() as u32;
        let by_chance = if self.moves == 0 { 0.0 } else { self.by_chance() };
        let (mut share, mut delay) = (0.0, 0.0);
        if self.followed > 0 {
            let answered = self.followed as f64 / self.moves as f64;
            let beyond = ((answered - by_chance) / (1.0 - by_chance).max(1e-9)).max(0.0);
            share = beyond * middle(&mut self.parts);
            delay = middle(&mut self.delays);
        }
        Following {
            leader: pair.leader as u32,
            follower: pair.follower as u32,
            falls: pair.falls,
            verdict,
            moves: self.moves as u32,
            followed: self.followed as u32,
            by_chance: whole(WHOLE * by_chance),
            share: whole(WHOLE * share),
            delay: whole(TENTHS * delay),
        }
    }
}

#[cfg(test)]
mod tests;
