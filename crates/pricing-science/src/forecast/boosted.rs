//! What the pooled model leaves over, learnt by boosted regression trees over all pools together: thresholds, and
//! promotions that work differently at different prices.
//!
//! Friedman (2001), “Greedy function approximation: a gradient boosting machine”, with histograms of binned features.
//! Prices of others and the season are left out on purpose: they name single weeks, which trees would learn by heart.

use super::panel::{Kind, Pool};
use super::pooled::Fitted;
use crate::parallel::map_parts;

const TREES: usize = 120;
const DEPTH: usize = 4;
const RATE: f64 = 0.06;
/// Bins of a feature.
const BINS: usize = 48;
/// The least weight of a leaf, in rows.
const LEAST: f64 = 150.0;
/// What a leaf's mean is held back with, in rows.
const HELD_BACK: f64 = 50.0;

/// Corrections of the logarithm for every row of every pool.
pub(super) fn corrections(pools: &[Pool], fitted: &[Option<Fitted>], until: f64) -> Vec<Vec<f64>> {
    let features = Features::new(pools, fitted, until);
    let mut left = features.left_over.clone();
    let mut sums = vec![0.0; features.rows];
    for _ in 0..TREES {
        let leaves = features.grow(&left);
        for (row, leaf) in leaves.into_iter().enumerate() {
            sums[row] += RATE * leaf;
            left[row] -= RATE * leaf;
        }
    }
    let mut start = 0;
    let of = |pool: &Pool| {
        let corrections = sums[start..start + pool.rows.len()].to_vec();
        start += pool.rows.len();
        corrections
    };
    pools.iter().map(of).collect()
}

/// All rows of all pools, binned.
struct Features {
    rows: usize,
    /// The bin of each row, feature by feature.
    bins: Vec<Vec<u8>>,
    /// What the pooled model leaves over; meaningless where the weight is zero.
    left_over: Vec<f64>,
    /// 1 for rows learnt from.
    weights: Vec<f64>,
}

#[derive(Clone, Copy)]
struct Split {
    gain: f64,
    feature: usize,
    bin: u8,
}

impl Features {
    fn new(pools: &[Pool], fitted: &[Option<Fitted>], until: f64) -> Features {
        let mut columns: Vec<Vec<f64>> = Vec::new();
        let (mut left_over, mut weights) = (Vec::new(), Vec::new());
        for (number, (pool, fitted)) in pools.iter().zip(fitted).enumerate() {
            let width = pool.width();
            let kept: Vec<usize> =
                (0..width).filter(|column| matches!(pool.kinds[*column], Kind::Own | Kind::Before)).collect();
            columns.resize_with(kept.len() + 3, Vec::new);
            for place in 0..pool.rows.len() {
                let fit = fitted.as_ref().map_or(0.0, |fitted| fitted.log_fit[place]);
                for (feature, column) in kept.iter().enumerate() {
                    columns[feature].push(pool.values[place * width + column]);
                }
                let own = pool.values[place * width];
                let before = kept.iter().find(|column| pool.kinds[**column] == Kind::Before);
                let step = before.map_or(0.0, |column| own - pool.values[place * width + column]);
                columns[kept.len()].push(step);
                columns[kept.len() + 1].push(number as f64);
                columns[kept.len() + 2].push(fit);
                let is_learnt =
                    fitted.is_some() && pool.time[place] <= until && pool.units[place] > 0.0 && pool.is_learnt[place];
                weights.push(if is_learnt { 1.0 } else { 0.0 });
                left_over.push(if is_learnt { pool.units[place].ln() - fit } else { 0.0 });
            }
        }
        let bins = map_parts(columns.len(), |feature| binned(&columns[feature], &weights));
        Features { rows: weights.len(), bins, left_over, weights }
    }

    /// Grows a tree and gives each row the mean of its leaf.
    fn grow(&self, left: &[f64]) -> Vec<f64> {
        let mut nodes: Vec<u8> = vec![0; self.rows];
        for depth in 0..DEPTH {
            let splits = self.splits(left, &nodes, 1 << depth);
            for (row, node) in nodes.iter_mut().enumerate() {
                let goes_right = splits[*node as usize].is_some_and(|split| self.bins[split.feature][row] > split.bin);
                *node = 2 * *node + u8::from(goes_right);
            }
        }
        let mut sums = [(0.0, 0.0); 1 << DEPTH];
        for ((node, left), weight) in nodes.iter().zip(left).zip(&self.weights) {
            let sum = &mut sums[*node as usize];
            sum.0 += weight * left;
            sum.1 += weight;
        }
        nodes.iter().map(|node| sums[*node as usize].0 / (sums[*node as usize].1 + HELD_BACK)).collect()
    }

    /// The best split of each node, if one gains anything.
    fn splits(&self, left: &[f64], nodes: &[u8], count: usize) -> Vec<Option<Split>> {
        let found = map_parts(self.bins.len(), |feature| {
            let mut sums = vec![[(0.0, 0.0); BINS]; count];
            for row in 0..self.rows {
                let sum = &mut sums[nodes[row] as usize][self.bins[feature][row] as usize];
                sum.0 += self.weights[row] * left[row];
                sum.1 += self.weights[row];
            }
            sums.iter().map(|sums| best_split(feature, sums)).collect::<Vec<_>>()
        });
        let better = |a: Option<Split>, b: Option<Split>| match (a, b) {
            (Some(a), Some(b)) => Some(if b.gain > a.gain { b } else { a }),
            (a, b) => a.or(b),
        };
        (0..count).map(|node| found.iter().map(|splits| splits[node]).fold(None, better)).collect()
    }
}

fn best_split(feature: usize, sums: &[(f64, f64); BINS]) -> Option<Split> {
    let (total, weight) = sums.iter().fold((0.0, 0.0), |all, bin| (all.0 + bin.0, all.1 + bin.1));
    let score = |sum: f64, weight: f64| sum * sum / (weight + HELD_BACK);
    let whole = score(total, weight);
    let (mut below, mut below_weight) = (0.0, 0.0);
    let mut best: Option<Split> = None;
    for (bin, sum) in sums.iter().enumerate().take(BINS - 1) {
        below += sum.0;
        below_weight += sum.1;
        if below_weight < LEAST || weight - below_weight < LEAST {
            continue;
        }
        let gain = score(below, below_weight) + score(total - below, weight - below_weight) - whole;
        if gain > best.map_or(0.0, |best| best.gain) {
            best = Some(Split { gain, feature, bin: bin as u8 });
        }
    }
    best
}

/// Bins at the quantiles of the rows learnt from.
fn binned(column: &[f64], weights: &[f64]) -> Vec<u8> {
    let mut learnt: Vec<f64> =
        column.iter().zip(weights).filter(|(_, weight)| **weight > 0.0).map(|(value, _)| *value).collect();
    learnt.sort_by(f64::total_cmp);
    let mut limits: Vec<f64> = (1..BINS).filter_map(|bin| learnt.get(bin * learnt.len() / BINS).copied()).collect();
    limits.dedup();
    column.iter().map(|value| limits.partition_point(|limit| limit < value) as u8).collect()
}
