//! The multipliers that make the Lagrangian bound smallest.

use super::blocks::{Blocks, Relaxed};
use super::master::Master;
use super::no_solution;
use crate::error::Result;

/// The best bound and where it was found.
pub(super) struct Dual {
    /// What using one unit of each row costs.
    pub multipliers: Vec<f64>,
    /// The Lagrangian bound.
    pub bound: f64,
    /// The best solution met on the way that satisfies all bounds, with its profit.
    pub feasible: Option<(f64, Vec<u32>)>,
    /// Whole solutions near the multipliers, the newest last.
    pub near: Vec<Vec<u32>>,
}

/// Rounds of column generation.
const MOST_ROUNDS: usize = 150;
/// Relative distance between bound and mixture at rest.
const ENOUGH: f64 = 1e-10;
/// How many solutions near the end are kept for repair.
const NEAR: usize = 6;

/// Finds the multipliers.
pub(super) fn solve(blocks: &Blocks) -> Result<Dual> {
    let scales = scales(blocks);
    let start = vec![0.0; scales.len()];
    let mut penalties: Vec<f64> = scales.iter().map(|scale| 20.0 * scale).collect();
    const WIDER: f64 = 1000.0;
    for _ in 0..3 {
        let (dual, is_exceeded) = descend(blocks, &start, &penalties);
        if !is_exceeded {
            return Ok(dual);
        }
        penalties.iter_mut().for_each(|penalty| *penalty *= WIDER);
    }
    Err(no_solution())
}

/// What profit there is to win for a unit of each row: the size that multipliers may have.
fn scales(blocks: &Blocks) -> Vec<f64> {
    let range = |item: usize, of: &dyn Fn(usize) -> f64| {
        let (first, end) = (blocks.ladder.items[item].first as usize, blocks.ladder.items[item].end as usize);
        let (low, high) = (first..end)
            .map(of)
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
        high - low
    };
    let total = |of: &dyn Fn(usize) -> f64| (0..blocks.ladder.items.len()).map(|item| range(item, of)).sum::<f64>();
    let profit = total(&|option| blocks.ladder.options[option].profit);
    let scale = |row: &super::blocks::Row| profit / total(&|option| row.uses[option]).max(f64::MIN_POSITIVE);
    blocks.rows.iter().map(scale).collect()
}

fn room(blocks: &Blocks, relaxed: &Relaxed) -> Vec<f64> {
    blocks.rows.iter().zip(&relaxed.usage).map(|(row, used)| row.bound - used).collect()
}

fn descend(blocks: &Blocks, start: &[f64], penalties: &[f64]) -> (Dual, bool) {
    let mut dual = Dual { multipliers: start.to_vec(), bound: f64::INFINITY, feasible: None, near: Vec::new() };
    let first = blocks.relax(start);
    let mut master = Master::new(first.profit, room(blocks, &first), penalties);
    dual.take(blocks, start, first);
    let mut is_exceeded = false;
    // Steps half way to the best point known damp the swings of column generation (Wentges 1997).
    for round in 0..MOST_ROUNDS {
        let mixture = master.solve();
        is_exceeded = mixture.exceeded > 1e-9;
        if dual.bound - mixture.value <= ENOUGH * dual.bound.abs() {
            break;
        }
        let is_damped = round % 3 != 2;
        let towards = |at: usize| {
            if is_damped { (mixture.multipliers[at] + dual.multipliers[at]) / 2.0 } else { mixture.multipliers[at] }
        };
        let multipliers: Vec<f64> = (0..start.len()).map(towards).collect();
        let relaxed = blocks.relax(&multipliers);
        master.add(relaxed.profit, room(blocks, &relaxed));
        dual.take(blocks, &multipliers, relaxed);
    }
    (dual, is_exceeded)
}

impl Dual {
    fn take(&mut self, blocks: &Blocks, multipliers: &[f64], relaxed: Relaxed) {
        let is_feasible = room(blocks, &relaxed).iter().all(|room| *room >= 0.0);
        if is_feasible && self.feasible.as_ref().is_none_or(|(profit, _)| relaxed.profit > *profit) {
            self.feasible = Some((relaxed.profit, relaxed.choice.clone()));
        }
        if relaxed.value < self.bound {
            self.bound = relaxed.value;
            self.multipliers = multipliers.to_vec();
        }
        self.near.push(relaxed.choice);
        if self.near.len() > NEAR {
            self.near.remove(0);
        }
    }
}
