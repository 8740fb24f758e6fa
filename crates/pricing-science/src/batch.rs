//! Least squares for many products at once, a few regressors each: sums of products and a small Cholesky
//! factorisation on the stack, without building a table for each product.

#![allow(clippy::needless_range_loop, reason = "triangular loops are clearer with their indices")]

use crate::error::{Result, ScienceError};
use crate::linear::dot;
use crate::parallel::map_parts;

/// The most regressors, constant included.
pub const MOST_REGRESSORS: usize = 8;
/// Products that one part of parallel work takes.
const PART: usize = 256;

/// Rows of many products, one product after the other.
#[derive(Debug, Clone, Copy)]
pub struct BatchData<'a> {
    /// Where each product's rows begin; the last entry is the number of rows.
    pub starts: &'a [usize],
    /// The outcome.
    pub outcome: &'a [f64],
    /// The regressors without the constant, a column each.
    pub regressors: &'a [Vec<f64>],
}

/// A product's fit. Entries beyond the regressors are zero.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BatchFit {
    /// The constant first, then the regressors.
    pub coefficients: [f64; MOST_REGRESSORS],
    /// Classical standard errors.
    pub standard_errors: [f64; MOST_REGRESSORS],
    /// Rows used.
    pub observations: usize,
}

/// Fits every product; `None` where its rows are too few or its regressors do not vary.
pub fn fit_batch(data: &BatchData) -> Result<Vec<Option<BatchFit>>> {
    let rows = data.outcome.len();
    let is_whole = data.starts.last() == Some(&rows) && data.regressors.iter().all(|column| column.len() == rows);
    if !is_whole || data.regressors.len() >= MOST_REGRESSORS || data.starts.windows(2).any(|pair| pair[0] > pair[1]) {
        return Err(ScienceError::Unsuitable(format!(
            "a batch needs columns of one length, and at most {} regressors",
            MOST_REGRESSORS - 1
        )));
    }
    let products = data.starts.len() - 1;
    let fitted = map_parts(products.div_ceil(PART), |part| {
        let range = part * PART..products.min((part + 1) * PART);
        range.map(|product| fit_one(data, data.starts[product], data.starts[product + 1])).collect::<Vec<_>>()
    });
    Ok(fitted.into_iter().flatten().collect())
}

fn fit_one(data: &BatchData, start: usize, end: usize) -> Option<BatchFit> {
    let count = data.regressors.len();
    let (rows, size) = (end - start, count + 1);
    if rows <= size {
        return None;
    }
    let number = rows as f64;
    let y = &data.outcome[start..end];
    let column = |place: usize| &data.regressors[place][start..end];
    let y_mean = y.iter().sum::<f64>() / number;
    let mut means = [0.0; MOST_REGRESSORS];
    (0..count).for_each(|i| means[i] = column(i).iter().sum::<f64>() / number);
    // Around the means, so that the constant does not cost precision.
    let mut gram = [[0.0; MOST_REGRESSORS]; MOST_REGRESSORS];
    let mut right = [0.0; MOST_REGRESSORS];
    for i in 0..count {
        for j in 0..=i {
            gram[i][j] = dot(column(i), column(j), None) - number * means[i] * means[j];
        }
        right[i] = dot(column(i), y, None) - number * means[i] * y_mean;
    }
    let factor = cholesky(&gram, count)?;
    let inverse = inverse(&factor, count);
    let mut fit =
        BatchFit { coefficients: [0.0; MOST_REGRESSORS], standard_errors: [0.0; MOST_REGRESSORS], observations: rows };
    for i in 0..count {
        fit.coefficients[i + 1] = (0..count).map(|j| inverse[i][j] * right[j]).sum();
    }
    fit.coefficients[0] = y_mean - (0..count).map(|i| fit.coefficients[i + 1] * means[i]).sum::<f64>();
    let total = dot(y, y, None) - number * y_mean * y_mean;
    let explained: f64 = (0..count).map(|i| fit.coefficients[i + 1] * right[i]).sum();
    let variance = (total - explained).max(0.0) / (rows - size) as f64;
    let mut constant = 1.0 / number;
    for i in 0..count {
        fit.standard_errors[i + 1] = (variance * inverse[i][i]).sqrt();
        constant += (0..count).map(|j| means[i] * inverse[i][j] * means[j]).sum::<f64>();
    }
    fit.standard_errors[0] = (variance * constant).sqrt();
    Some(fit)
}

type Square = [[f64; MOST_REGRESSORS]; MOST_REGRESSORS];

/// The lower factor; `None` where a column hardly varies beside those before it.
fn cholesky(gram: &Square, size: usize) -> Option<Square> {
    const COLLINEAR: f64 = 1e-10;
    let mut factor = [[0.0; MOST_REGRESSORS]; MOST_REGRESSORS];
    for i in 0..size {
        for j in 0..=i {
            let left = gram[i][j] - (0..j).map(|k| factor[i][k] * factor[j][k]).sum::<f64>();
            if i == j {
                if left.is_nan() || left <= COLLINEAR * gram[i][i] {
                    return None;
                }
                factor[i][i] = left.sqrt();
            } else {
                factor[i][j] = left / factor[j][j];
            }
        }
    }
    Some(factor)
}

/// The inverse of the matrix with this factor.
fn inverse(factor: &Square, size: usize) -> Square {
    let mut lower = [[0.0; MOST_REGRESSORS]; MOST_REGRESSORS];
    for i in 0..size {
        lower[i][i] = 1.0 / factor[i][i];
        for j in 0..i {
            lower[i][j] = -(j..i).map(|k| factor[i][k] * lower[k][j]).sum::<f64>() / factor[i][i];
        }
    }
    let mut inverse = [[0.0; MOST_REGRESSORS]; MOST_REGRESSORS];
    for i in 0..size {
        for j in 0..size {
            inverse[i][j] = (i.max(j)..size).map(|k| lower[k][i] * lower[k][j]).sum();
        }
    }
    inverse
}

#[cfg(test)]
mod tests {
    use super::{BatchData, fit_batch};
    use crate::fit::{FitRequest, fit};
    use crate::table::{Table, Values};

    #[test]
    fn a_batch_gives_what_one_fit_gives() {
        let wave = |row: usize, speed: f64| (row as f64 * speed).sin();
        let first: Vec<f64> = (0..60).map(|row| wave(row, 0.7) + 5.0).collect();
        let second: Vec<f64> = (0..60).map(|row| wave(row, 1.9)).collect();
        let outcome: Vec<f64> =
            (0..60).map(|row| 3.0 - 2.0 * first[row] + second[row] + 0.3 * wave(row, 3.3)).collect();
        let regressors = [first.clone(), second.clone()];
        let batch = fit_batch(&BatchData { starts: &[0, 30, 60], outcome: &outcome, regressors: &regressors });
        let batch = batch.expect("valid");
        for (product, range) in [(0, 0..30), (1, 30..60)] {
            let column = |name: &str, values: &[f64]| (name.to_owned(), Values::Number(values[range.clone()].to_vec()));
            let table = Table::new(vec![column("y", &outcome), column("a", &first), column("b", &second)]);
            let request = FitRequest { formula: "y ~ a + b".to_owned(), ..FitRequest::default() };
            let one = fit(&table.expect("valid"), &request).expect("valid");
            let many = batch[product].expect("fitted");
            for (place, coefficient) in one.coefficients.iter().enumerate() {
                assert!((many.coefficients[place] - coefficient.estimate).abs() < 1e-9);
                assert!((many.standard_errors[place] - coefficient.standard_error).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn a_price_that_never_changed_gives_no_fit() {
        let data = BatchData { starts: &[0, 5], outcome: &[1.0, 2.0, 3.0, 2.0, 1.0], regressors: &[vec![9.9; 5]] };
        assert!(fit_batch(&data).expect("valid")[0].is_none());
    }
}
