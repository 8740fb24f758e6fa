//! Takes fixed effects out of columns by alternating projections.
//!
//! Guimarães and Portugal (2010), “A simple feasible procedure to fit models with high-dimensional fixed effects”;
//! Gaure (2013), “OLS with multiple high dimensional category variables”; accelerated by Irons and Tuck (1969), as in
//! Bergé (2018).

use crate::design::Grouping;
use crate::error::{Result, ScienceError};
use crate::parallel::for_each_mut;

/// The change of a value, relative to the column's spread, below which nothing moves any more.
const TOLERANCE: f64 = 1e-10;
/// Sweeps before giving up.
const MOST_SWEEPS: usize = 5000;

/// The means that are taken out, prepared once for all columns.
pub(crate) struct Absorber<'a> {
    groupings: &'a [Grouping],
    weights: Option<&'a [f64]>,
    /// For each grouping, one over the weight of each group.
    shares: Vec<Vec<f64>>,
}

impl<'a> Absorber<'a> {
    pub fn new(groupings: &'a [Grouping], weights: Option<&'a [f64]>) -> Absorber<'a> {
        let share = |grouping: &Grouping| {
            let mut totals = vec![0.0; grouping.count];
            for (row, code) in grouping.codes.iter().enumerate() {
                totals[*code as usize] += weights.map_or(1.0, |weights| weights[row]);
            }
            totals.iter().map(|total| 1.0 / total).collect()
        };
        Absorber { groupings, weights, shares: groupings.iter().map(share).collect() }
    }

    /// Takes the effects out of each column.
    pub fn absorb(&self, columns: &mut [&mut Vec<f64>]) -> Result<()> {
        if self.groupings.is_empty() {
            return Ok(());
        }
        let mut outcomes: Vec<(&mut Vec<f64>, bool)> = columns.iter_mut().map(|column| (&mut **column, true)).collect();
        for_each_mut(&mut outcomes, |_, (column, has_converged)| *has_converged = self.absorb_one(column));
        if outcomes.iter().all(|(_, has_converged)| *has_converged) {
            Ok(())
        } else {
            Err(ScienceError::NotConverged { method: "absorbing the fixed effects", iterations: MOST_SWEEPS })
        }
    }

    /// Whether it came to rest.
    fn absorb_one(&self, column: &mut Vec<f64>) -> bool {
        self.sweep(column);
        if self.groupings.len() == 1 {
            return true;
        }
        let spread = (column.iter().map(|value| value * value).sum::<f64>() / column.len() as f64).sqrt();
        let enough = TOLERANCE * spread.max(f64::MIN_POSITIVE);
        let (mut once, mut twice) = (column.clone(), Vec::new());
        for _ in 0..MOST_SWEEPS / 2 {
            self.sweep(&mut once);
            if most_moved(column, &once) <= enough {
                *column = once;
                return true;
            }
            twice.clone_from(&once);
            self.sweep(&mut twice);
            accelerate(column, &once, &twice);
            once.clone_from(column);
        }
        false
    }

    /// Takes every grouping's means out once, one after the other; the next grouping's sums are gathered on the way.
    fn sweep(&self, column: &mut [f64]) {
        let mut means = vec![0.0; self.groupings[0].count];
        for (row, (code, value)) in self.groupings[0].codes.iter().zip(column.iter()).enumerate() {
            means[*code as usize] += value * self.weight(row);
        }
        for (place, grouping) in self.groupings.iter().enumerate() {
            means.iter_mut().zip(&self.shares[place]).for_each(|(mean, share)| *mean *= share);
            let Some(next) = self.groupings.get(place + 1) else {
                grouping.codes.iter().zip(column.iter_mut()).for_each(|(code, value)| *value -= means[*code as usize]);
                return;
            };
            let mut sums = vec![0.0; next.count];
            let codes = grouping.codes.iter().zip(&next.codes);
            for (row, ((code, next), value)) in codes.zip(column.iter_mut()).enumerate() {
                *value -= means[*code as usize];
                sums[*next as usize] += *value * self.weight(row);
            }
            means = sums;
        }
    }

    #[inline]
    fn weight(&self, row: usize) -> f64 {
        self.weights.map_or(1.0, |weights| weights[row])
    }
}

fn most_moved(before: &[f64], after: &[f64]) -> f64 {
    before.iter().zip(after).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

/// Irons and Tuck's step from three successive sweeps: `start` becomes the extrapolation.
fn accelerate(start: &mut [f64], once: &[f64], twice: &[f64]) {
    let (mut product, mut square) = (0.0, 0.0);
    for ((x, gx), ggx) in start.iter().zip(once).zip(twice) {
        let second = ggx - gx;
        let bend = second - (gx - x);
        product += second * bend;
        square += bend * bend;
    }
    let step = if square > 0.0 { product / square } else { 0.0 };
    for ((x, gx), ggx) in start.iter_mut().zip(once).zip(twice) {
        *x = ggx - step * (ggx - gx);
    }
}

#[cfg(test)]
mod tests {
    use super::Absorber;
    use crate::design::Grouping;

    #[test]
    fn what_is_left_is_orthogonal_to_every_group() {
        let rows = 400_u32;
        let first: Vec<u32> = (0..rows).map(|row| row * row % 17).collect();
        let second: Vec<u32> = (0..rows).map(|row| row % 23).collect();
        let groupings = [Grouping::new("a", &first), Grouping::new("b", &second)];
        let mut column: Vec<f64> = (0..rows).map(|row| f64::from(row * 7919 % 101)).collect();
        Absorber::new(&groupings, None).absorb(&mut [&mut column]).expect("valid");
        for grouping in &groupings {
            for group in 0..grouping.count as u32 {
                let of = grouping.codes.iter().zip(&column).filter(|(code, _)| **code == group);
                assert!(of.map(|(_, value)| value).sum::<f64>().abs() < 1e-6);
            }
        }
        assert!(column.iter().any(|value| value.abs() > 1.0));
    }
}
