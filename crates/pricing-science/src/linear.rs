//! Least squares by normal equations on scaled columns, with collinear columns found and named.

use faer::linalg::solvers::{DenseSolveCore, Solve};
use faer::{Mat, Side};

use crate::error::{Result, ScienceError};

/// A column whose share that the columns before it do not explain is below this is collinear with them.
const COLLINEAR: f64 = 1e-10;

/// Cross products of columns, optionally weighted: `k × k`, symmetric.
pub(crate) fn cross_products(left: &[Vec<f64>], right: &[Vec<f64>], weights: Option<&[f64]>) -> Mat<f64> {
    Mat::from_fn(left.len(), right.len(), |i, j| dot(&left[i], &right[j], weights))
}

/// The sum of products, in eight lanes so that rounding errors stay small and the loop is vectorised.
pub(crate) fn dot(left: &[f64], right: &[f64], weights: Option<&[f64]>) -> f64 {
    const LANES: usize = 8;
    let mut sums = [0.0; LANES];
    let whole = left.len() / LANES * LANES;
    match weights {
        None => {
            for (l, r) in left[..whole].chunks_exact(LANES).zip(right[..whole].chunks_exact(LANES)) {
                (0..LANES).for_each(|lane| sums[lane] += l[lane] * r[lane]);
            }
            sums.iter().sum::<f64>() + (whole..left.len()).map(|row| left[row] * right[row]).sum::<f64>()
        }
        Some(weights) => {
            for row in (0..whole).step_by(LANES) {
                (0..LANES).for_each(|lane| sums[lane] += left[row + lane] * right[row + lane] * weights[row + lane]);
            }
            sums.iter().sum::<f64>() + (whole..left.len()).map(|row| left[row] * right[row] * weights[row]).sum::<f64>()
        }
    }
}

/// A symmetric, positive definite system, solved and inverted over its independent columns.
pub(crate) struct Solved {
    /// The columns kept, in order.
    pub kept: Vec<usize>,
    /// The inverse over the columns kept.
    pub inverse: Mat<f64>,
}

impl Solved {
    /// Factorises `gram`, leaving out columns that the ones before them explain. `totals` are the columns' sums of
    /// squares before anything was taken out of them (fixed effects), against which collinearity is judged.
    pub fn new(gram: &Mat<f64>, totals: &[f64]) -> Result<Solved> {
        let kept = independent(gram, totals);
        if kept.is_empty() {
            return Err(ScienceError::NotEnough("no regressor varies".to_owned()));
        }
        let scale: Vec<f64> = kept.iter().map(|&i| 1.0 / gram[(i, i)].sqrt()).collect();
        let scaled = Mat::from_fn(kept.len(), kept.len(), |i, j| gram[(kept[i], kept[j])] * scale[i] * scale[j]);
        let factor = scaled
            .llt(Side::Lower)
            .map_err(|_| ScienceError::Unsuitable("the regressors are too close to collinear".to_owned()))?;
        let inverse = factor.inverse();
        let inverse = Mat::from_fn(kept.len(), kept.len(), |i, j| inverse[(i, j)] * scale[i] * scale[j]);
        Ok(Solved { kept, inverse })
    }

    /// The inverse times these cross products with the outcome, over the columns kept.
    pub fn solve(&self, right: &Mat<f64>) -> Mat<f64> {
        let right = Mat::from_fn(self.kept.len(), right.ncols(), |i, j| right[(self.kept[i], j)]);
        &self.inverse * right
    }
}

/// The columns that those before them do not explain, by Cholesky steps on the scaled matrix.
fn independent(gram: &Mat<f64>, totals: &[f64]) -> Vec<usize> {
    let size = gram.nrows();
    let mut rows: Vec<Vec<f64>> = Vec::new();
    let mut kept: Vec<usize> = Vec::new();
    for column in 0..size {
        let total = totals[column].max(gram[(column, column)]);
        let mut row = Vec::with_capacity(kept.len() + 1);
        for (place, &other) in kept.iter().enumerate() {
            let explained: f64 = row.iter().zip(&rows[place]).map(|(a, b)| a * b).sum();
            row.push((gram[(column, other)] - explained) / rows[place][place]);
        }
        let left = gram[(column, column)] - row.iter().map(|value| value * value).sum::<f64>();
        if left > COLLINEAR * total && left > 0.0 {
            row.push(left.sqrt());
            rows.push(row);
            kept.push(column);
        }
    }
    kept
}

/// Solves a small symmetric positive definite system; `None` where it is not.
pub(crate) fn solve_positive(matrix: &Mat<f64>, right: &Mat<f64>) -> Option<Mat<f64>> {
    matrix.llt(Side::Lower).ok().map(|factor| factor.solve(right))
}

/// `columns · coefficients`
pub(crate) fn combined(columns: &[&Vec<f64>], coefficients: &[f64], rows: usize) -> Vec<f64> {
    let mut sum = vec![0.0; rows];
    for (column, coefficient) in columns.iter().zip(coefficients) {
        sum.iter_mut().zip(column.iter()).for_each(|(sum, value)| *sum += coefficient * value);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::{Solved, cross_products};

    #[test]
    fn a_collinear_column_is_left_out() {
        let columns = vec![vec![1.0; 4], vec![1.0, 2.0, 3.0, 4.0], vec![3.0, 5.0, 7.0, 9.0], vec![0.0, 1.0, 0.0, 0.0]];
        let gram = cross_products(&columns, &columns, None);
        let totals: Vec<f64> = (0..4).map(|i| gram[(i, i)]).collect();
        assert_eq!(Solved::new(&gram, &totals).expect("valid").kept, [0, 1, 3]);
    }
}
