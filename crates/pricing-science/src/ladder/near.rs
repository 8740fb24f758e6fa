//! The choices of families near the best ones: those that lose least, one after the other.
//!
//! A family of eight products with twenty-four prices each has more choices than any memory holds, and most of them lose
//! next to nothing. They are therefore never listed: from the exact values of what is below each product, the next best
//! choice is found by best-first search over beginnings of choices (Hart, Nilsson and Raphael 1968; the loss of a beginning
//! is exactly that of its best end, so that none is followed in vain). Only as many are taken as the caller can use, and
//! what many families offer already stops the search of the others.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use super::blocks::{Block, Blocks, PART, Scratch, best_allowed};
use crate::parallel::map_parts;

/// Options of the items of a block, in the block's order, and what they lose against the block's best.
pub(super) struct Alternative {
    /// The block.
    pub block: usize,
    pub options: Vec<u32>,
    pub loss: f64,
}

/// Alternatives of all blocks.
pub(super) struct Near {
    /// By block and loss where all are here, else by loss and block.
    pub found: Vec<Alternative>,
    /// Whether every alternative that was asked for is here.
    pub is_whole: bool,
    /// Options that were looked at beyond the best choices.
    #[cfg_attr(not(test), allow(dead_code, reason = "tests bound the work"))]
    pub looks: usize,
}

/// The alternatives that lose at most `most` against their block's best: no more than `keep`, those that lose least.
pub(super) fn near(blocks: &Blocks, multipliers: &[f64], most: f64, keep: usize) -> Near {
    // One more tells whether there are more.
    let enough = keep.saturating_add(1);
    let most = most.min(least_of_roots(blocks, multipliers, enough));
    let parts = blocks.blocks.len().div_ceil(PART);
    let found = map_parts(parts, |part| {
        let mut kept = Kept { most, enough, heap: BinaryHeap::new() };
        let (mut scratch, mut looks) = (Scratch::default(), 0);
        let from = part * PART;
        for (place, block) in blocks.blocks.iter().enumerate().skip(from).take(PART) {
            block.best(blocks, multipliers, &mut scratch);
            let mut choices = Choices::new(block, &scratch, enough);
            while let Some(alternative) = choices.next(place, kept.limit()) {
                kept.add(alternative);
            }
            looks += choices.looks;
        }
        (kept.heap.into_vec(), looks)
    });
    let looks = found.iter().map(|(_, looks)| looks).sum();
    let mut found: Vec<Ranked> = found.into_iter().flat_map(|(found, _)| found).collect();
    found.sort_unstable();
    let is_whole = found.len() <= keep;
    if is_whole {
        found.sort_by_key(|one| one.0.block);
    }
    found.truncate(keep);
    Near { found: found.into_iter().map(|one| one.0).collect(), is_whole, looks }
}

/// The loss of so many alternatives at least: what changing the first product of each block costs. Infinite where there
/// are fewer blocks.
fn least_of_roots(blocks: &Blocks, multipliers: &[f64], count: usize) -> f64 {
    if blocks.blocks.len() < count {
        return f64::INFINITY;
    }
    let parts = blocks.blocks.len().div_ceil(PART);
    let losses = map_parts(parts, |part| {
        let mut scratch = Scratch::default();
        let of = |block: &Block| {
            let best = block.best(blocks, multipliers, &mut scratch);
            let chosen = scratch.chosen[0] as usize;
            let others = scratch.values[0].iter().enumerate().filter(|(option, _)| *option != chosen);
            best - others.map(|(_, value)| *value).fold(f64::NEG_INFINITY, f64::max)
        };
        blocks.blocks[part * PART..blocks.blocks.len().min((part + 1) * PART)].iter().map(of).collect::<Vec<f64>>()
    });
    let mut losses: Vec<f64> = losses.into_iter().flatten().collect();
    *losses.select_nth_unstable_by(count - 1, f64::total_cmp).1
}

/// The best alternatives so far of the blocks of a part.
struct Kept {
    most: f64,
    enough: usize,
    heap: BinaryHeap<Ranked>,
}

impl Kept {
    /// What the next one may lose. Of those that lose the same, earlier ones stay.
    fn limit(&self) -> Limit {
        match self.heap.peek().filter(|_| self.heap.len() >= self.enough) {
            Some(worst) if worst.0.loss <= self.most => Limit { loss: worst.0.loss, is_allowed: false },
            _ => Limit { loss: self.most, is_allowed: true },
        }
    }

    fn add(&mut self, alternative: Alternative) {
        if self.heap.len() >= self.enough {
            self.heap.pop();
        }
        self.heap.push(Ranked(alternative));
    }
}

/// A loss that counts, or only smaller ones.
#[derive(Clone, Copy)]
struct Limit {
    loss: f64,
    is_allowed: bool,
}

impl Limit {
    fn allows(self, loss: f64) -> bool {
        if self.is_allowed { loss <= self.loss } else { loss < self.loss }
    }
}

/// By loss, then block, then the order of options.
struct Ranked(Alternative);

impl Ord for Ranked {
    fn cmp(&self, other: &Ranked) -> Ordering {
        let (one, other) = (&self.0, &other.0);
        one.loss.total_cmp(&other.loss).then(one.block.cmp(&other.block)).then_with(|| one.options.cmp(&other.options))
    }
}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Ranked) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Ranked {
    fn eq(&self, other: &Ranked) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Ranked {}

/// The beginning of a choice: an option more than the one before it.
struct Beginning {
    before: usize,
    option: u32,
}

/// A beginning that is still to be followed: what its best end loses, how long it is, and where it stands. Of those that
/// lose the same the longest is next, then the earliest.
#[derive(PartialEq)]
struct Open {
    loss: f64,
    length: Reverse<usize>,
    place: usize,
}

impl Eq for Open {}

impl Ord for Open {
    fn cmp(&self, other: &Open) -> Ordering {
        self.loss.total_cmp(&other.loss).then(self.length.cmp(&other.length)).then(self.place.cmp(&other.place))
    }
}

impl PartialOrd for Open {
    fn partial_cmp(&self, other: &Open) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The choices of a block other than its best, those that lose least first.
struct Choices<'a> {
    block: &'a Block,
    scratch: &'a Scratch,
    /// How many may still be asked for.
    left: usize,
    beginnings: Vec<Beginning>,
    open: BinaryHeap<Reverse<Open>>,
    looks: usize,
}

impl<'a> Choices<'a> {
    fn new(block: &'a Block, scratch: &'a Scratch, count: usize) -> Choices<'a> {
        let nothing = Open { loss: 0.0, length: Reverse(0), place: usize::MAX };
        let open = BinaryHeap::from([Reverse(nothing)]);
        Choices { block, scratch, left: count, beginnings: Vec::new(), open, looks: 0 }
    }

    /// The next one; `None` where the rest lose more than the limit.
    fn next(&mut self, block: usize, limit: Limit) -> Option<Alternative> {
        while let Some(Reverse(Open { loss, length: Reverse(length), place })) = self.open.pop() {
            if !limit.allows(loss) {
                return None;
            }
            if length < self.block.nodes.len() {
                self.follow(loss, length, place, limit);
                continue;
            }
            let options = self.options(length, place);
            if options != self.scratch.chosen {
                self.left = self.left.saturating_sub(1);
                return Some(Alternative { block, options, loss });
            }
        }
        None
    }

    /// Adds every option of the next item that may stand behind a beginning.
    fn follow(&mut self, lost: f64, length: usize, before: usize, limit: Limit) {
        let values = &self.scratch.values[length];
        let (allowed, best) = match self.block.nodes[length].parent {
            Some(parent) => {
                let option = self.option(length, before, parent) as usize;
                (self.block.nodes[length].allowed[option], self.scratch.messages[length][option])
            }
            None => (u64::MAX, best_allowed(values, u64::MAX).1),
        };
        self.looks += values.len();
        for (option, value) in values.iter().enumerate() {
            let loss = lost + (best - value);
            if allowed >> option & 1 == 1 && limit.allows(loss) {
                let place = self.beginnings.len();
                self.beginnings.push(Beginning { before, option: option as u32 });
                self.open.push(Reverse(Open { loss, length: Reverse(length + 1), place }));
            }
        }
        // Each of them leads to a choice that loses the same: the rest is not needed any more. The block's best is one.
        let needed = self.left.saturating_add(1);
        if self.open.len() > needed.saturating_mul(2) {
            let mut open = std::mem::take(&mut self.open).into_vec();
            open.sort_unstable_by(|one, other| other.cmp(one));
            open.truncate(needed);
            self.open = open.into();
        }
    }

    /// The option of an item in a beginning of so many.
    fn option(&self, length: usize, mut place: usize, item: usize) -> u32 {
        for _ in item + 1..length {
            place = self.beginnings[place].before;
        }
        self.beginnings[place].option
    }

    fn options(&self, length: usize, mut place: usize) -> Vec<u32> {
        let mut options = vec![0; length];
        for option in options.iter_mut().rev() {
            *option = self.beginnings[place].option;
            place = self.beginnings[place].before;
        }
        options
    }
}

#[cfg(test)]
mod tests;
