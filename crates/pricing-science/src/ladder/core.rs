//! What is left to decide near the multipliers: for each family its best choice and the few that lose little.
//!
//! With the multipliers λ every solution's margin is the bound less what its choices lose and less λ times the room that
//! it leaves. Finding the best solution means finding the smallest such loss, in numbers near zero where rounding is
//! harmless.

use super::blocks::{Blocks, tolerance};
use super::near::near;

/// Another choice for a family.
pub(super) struct Move {
    /// The family.
    pub block: usize,
    /// What it loses.
    pub loss: f64,
    /// How much more it uses of each row.
    pub uses: Vec<f64>,
    /// The options of the block's items.
    pub options: Vec<u32>,
}

/// The choices around the best relaxed solution.
pub(super) struct Core<'a> {
    pub blocks: &'a Blocks<'a>,
    /// The relaxed solution.
    pub base: Vec<u32>,
    /// The room it leaves in each row; negative where it exceeds one.
    pub room: Vec<f64>,
    /// The multipliers.
    pub multipliers: Vec<f64>,
    /// Other choices that lose at most what was asked for.
    pub moves: Vec<Move>,
    /// Whether these are all of them.
    pub is_whole: bool,
}

impl<'a> Core<'a> {
    /// The core of the choices that lose at most `most`: no more than `keep`, those that lose least.
    pub fn new(blocks: &'a Blocks<'a>, multipliers: &[f64], most: f64, keep: usize) -> Core<'a> {
        let relaxed = blocks.relax(multipliers);
        let ladder = blocks.ladder;
        let near = near(blocks, multipliers, most, keep);
        let mut moves = Vec::with_capacity(near.found.len());
        for alternative in near.found {
            let options = blocks.blocks[alternative.block].items().zip(&alternative.options);
            let mut uses = vec![0.0; blocks.rows.len()];
            for (item, option) in options {
                let first = ladder.items[item].first;
                let (now, then) = ((first + relaxed.choice[item]) as usize, (first + option) as usize);
                uses.iter_mut().zip(&blocks.rows).for_each(|(uses, row)| *uses += row.uses[then] - row.uses[now]);
            }
            moves.push(Move { block: alternative.block, loss: alternative.loss, uses, options: alternative.options });
        }
        let room = blocks.rows.iter().zip(&relaxed.usage).map(|(row, used)| row.bound - used).collect();
        Core { blocks, base: relaxed.choice, room, multipliers: multipliers.to_vec(), moves, is_whole: near.is_whole }
    }

    /// The smallest room that counts as none exceeded.
    pub fn least_room(&self) -> Vec<f64> {
        self.blocks.rows.iter().map(|row| -tolerance(row)).collect()
    }

    /// The options of all items after these moves.
    pub fn choice(&self, moves: impl IntoIterator<Item = usize>) -> Vec<u32> {
        let mut choice = self.base.clone();
        for place in moves {
            let taken = &self.moves[place];
            let items = self.blocks.blocks[taken.block].items();
            items.zip(&taken.options).for_each(|(item, option)| choice[item] = *option);
        }
        choice
    }
}
