//! Makes the relaxed solution satisfy every bound, then better by exchanging the choices of one or two families.

use super::blocks::Blocks;
use super::core::Core;
use super::dual::Dual;
use super::no_solution;
use crate::error::Result;

/// A solution that satisfies every bound.
pub(super) struct Repaired {
    pub choice: Vec<u32>,
    pub profit: f64,
}

/// Moves that are tried in pairs.
const MOST_MOVES: usize = 1500;
/// Improving exchanges before it is enough.
const MOST_EXCHANGES: usize = 300;

/// Repairs and improves.
pub(super) fn repair(blocks: &Blocks, dual: &Dual) -> Result<Repaired> {
    let mut best = dual.feasible.as_ref().map(|(profit, choice)| Repaired { choice: choice.clone(), profit: *profit });
    let mut most = initial_width(blocks, dual);
    const WIDER: f64 = 8.0;
    const ROUNDS: usize = 8;
    for _ in 0..ROUNDS {
        let core = Core::new(blocks, &dual.multipliers, most, MOST_MOVES);
        if let Some(choice) = Walk::new(&core).run().filter(|choice| blocks.is_feasible(choice)) {
            let profit = blocks.ladder.objective(&choice);
            if best.as_ref().is_none_or(|known| profit > known.profit) {
                best = Some(Repaired { choice, profit });
            }
            break;
        }
        if !core.is_whole {
            // More moves would be the same ones again.
            break;
        }
        most *= WIDER;
    }
    best.ok_or_else(no_solution)
}

/// What a choice may lose at first: a little more than the average family earns, by a thousandth.
fn initial_width(blocks: &Blocks, dual: &Dual) -> f64 {
    dual.bound.abs() / blocks.blocks.len() as f64 * 0.02
}

/// A walk over solutions: at most one move in each block.
struct Walk<'a> {
    core: &'a Core<'a>,
    /// The move taken in each block that has one.
    taken: std::collections::BTreeMap<usize, usize>,
    room: Vec<f64>,
    /// What exceeding a row by one unit counts as.
    penalties: Vec<f64>,
    least: Vec<f64>,
}

/// An exchange: the move after which a block stands; `None` is the block's best.
type Step = (usize, Option<usize>);

impl<'a> Walk<'a> {
    fn new(core: &'a Core<'a>) -> Walk<'a> {
        const DEARER: f64 = 50.0;
        let largest = |row: usize| {
            let of = core.moves.iter().map(|known| known.loss / known.uses[row].abs().max(1e-12));
            let fair = of.filter(|ratio| ratio.is_finite()).fold(0.0, f64::max).min(1e9);
            core.multipliers[row].max(fair / DEARER)
        };
        let penalties = (0..core.room.len()).map(|row| DEARER * largest(row)).collect();
        Walk { core, taken: Default::default(), room: core.room.clone(), penalties, least: core.least_room() }
    }

    /// The loss of this room: what is left unused at the multiplier, what is exceeded at the penalty.
    fn cost(&self, room: impl Fn(usize) -> f64) -> f64 {
        let of = |row: usize| {
            let room = room(row);
            if room < self.least[row] { -room * self.penalties[row] } else { room * self.core.multipliers[row] }
        };
        (0..self.room.len()).map(of).sum()
    }

    /// What a step changes: loss and use of each row.
    fn change(&self, step: Step) -> (f64, Vec<f64>) {
        let mut loss = 0.0;
        let mut uses = vec![0.0; self.room.len()];
        let mut add = |place: usize, sign: f64| {
            let known = &self.core.moves[place];
            loss += sign * known.loss;
            uses.iter_mut().zip(&known.uses).for_each(|(uses, own)| *uses += sign * own);
        };
        if let Some(place) = self.taken.get(&step.0) {
            add(*place, -1.0);
        }
        if let Some(place) = step.1 {
            add(place, 1.0);
        }
        (loss, uses)
    }

    fn steps(&self) -> Vec<(Step, f64, Vec<f64>)> {
        let back = self.taken.keys().map(|block| (*block, None));
        let on = (0..self.core.moves.len()).map(|place| (self.core.moves[place].block, Some(place)));
        let is_new = |step: &Step| self.taken.get(&step.0).copied() != step.1;
        back.chain(on)
            .filter(is_new)
            .map(|step| {
                let (loss, uses) = self.change(step);
                (step, loss, uses)
            })
            .collect()
    }

    fn take(&mut self, step: Step) {
        let (_, uses) = self.change(step);
        self.room.iter_mut().zip(uses).for_each(|(room, uses)| *room -= uses);
        match step.1 {
            Some(place) => self.taken.insert(step.0, place),
            None => self.taken.remove(&step.0),
        };
    }

    fn run(mut self) -> Option<Vec<u32>> {
        const ENOUGH: f64 = 1e-12;
        for _ in 0..MOST_EXCHANGES {
            let steps = self.steps();
            let now = self.cost(|row| self.room[row]);
            let single = self.best_single(&steps);
            if let Some((change, step)) = single.filter(|(change, _)| *change < -ENOUGH * now.abs().max(1.0)) {
                let _ = change;
                self.take(step);
                continue;
            }
            let Some((first, second)) = self.best_pair(&steps, now) else { break };
            self.take(first);
            self.take(second);
        }
        let is_feasible = self.room.iter().zip(&self.least).all(|(room, least)| room >= least);
        is_feasible.then(|| self.core.choice(self.taken.values().copied()))
    }

    fn best_single(&self, steps: &[(Step, f64, Vec<f64>)]) -> Option<(f64, Step)> {
        let now = self.cost(|row| self.room[row]);
        let change = |(step, loss, uses): &(Step, f64, Vec<f64>)| {
            (loss + self.cost(|row| self.room[row] - uses[row]) - now, *step)
        };
        steps.iter().map(change).min_by(|a, b| a.0.total_cmp(&b.0))
    }

    fn best_pair(&self, steps: &[(Step, f64, Vec<f64>)], now: f64) -> Option<(Step, Step)> {
        let parts = steps.len();
        let found = crate::parallel::map_parts(parts, |i| {
            let (first, first_loss, first_uses) = &steps[i];
            let mut best = (0.0, None);
            for (second, second_loss, second_uses) in &steps[i + 1..] {
                if first.0 == second.0 {
                    continue;
                }
                let change =
                    first_loss + second_loss + self.cost(|row| self.room[row] - first_uses[row] - second_uses[row])
                        - now;
                if change < best.0 {
                    best = (change, Some((*first, *second)));
                }
            }
            best
        });
        let best = found.into_iter().min_by(|a, b| a.0.total_cmp(&b.0))?;
        best.1.filter(|_| best.0 < -1e-12 * now.abs().max(1.0))
    }
}
