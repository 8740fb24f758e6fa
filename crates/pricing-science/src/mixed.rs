//! Linear mixed models `y ~ x + (1 + z | group)` by restricted maximum likelihood.
//!
//! Patterson and Thompson (1971) for REML; the profiled deviance over the relative covariance factor is Bates, Mächler,
//! Bolker and Walker (2015), “Fitting Linear Mixed-Effects Models Using lme4”. Groups enter through their cross
//! products only, so that a step costs the number of groups, not of rows.

use faer::{Mat, Side};

use crate::design::Design;
use crate::error::{Result, ScienceError};
use crate::fit::{FitReport, VarianceComponent, coefficient, rows_of};
use crate::linear::cross_products;
use crate::simplex::{RESTARTS, minimise};

/// Cross products of a group's rows: random columns with themselves and with the fixed columns and the outcome.
struct GroupProducts {
    /// Z'Z
    random: Mat<f64>,
    /// Z'[X y]
    mixed: Mat<f64>,
}

struct Model {
    groups: Vec<GroupProducts>,
    /// [X y]'[X y]
    fixed: Mat<f64>,
    rows: usize,
    fixed_count: usize,
    random_count: usize,
}

/// The solution at one relative factor.
struct Solution {
    coefficients: Vec<f64>,
    inverse: Mat<f64>,
    variance: f64,
    deviance: f64,
}

/// Fits; standard errors are those of the coefficients given the variance components.
pub(crate) fn fit(design: &Design) -> Result<FitReport> {
    if !design.absorbed.is_empty() || !design.endogenous.is_empty() || design.weights.is_some() {
        return Err(ScienceError::Unsuitable(
            "random effects stand without absorbed effects, instruments and weights".to_owned(),
        ));
    }
    let model = Model::new(design)?;
    let mut start = Vec::new();
    for column in 0..model.random_count {
        start.extend((0..=column).map(|row| if row == column { 1.0 } else { 0.0 }));
    }
    let deviance = |theta: &[f64]| model.solve(theta).map_or(f64::INFINITY, |solution| solution.deviance);
    let lost = || ScienceError::NotConverged { method: "REML", iterations: RESTARTS };
    let (theta, _) = minimise(&start, 0.3, &deviance).ok_or_else(lost)?;
    let solution = model.solve(&theta).ok_or_else(lost)?;
    Ok(report(design, &model, &theta, &solution))
}

impl Model {
    fn new(design: &Design) -> Result<Model> {
        let Some((grouping, random)) = &design.random else {
            return Err(ScienceError::Unsuitable("there are no random effects".to_owned()));
        };
        let mut columns = design.exogenous.values.clone();
        columns.push(design.outcome.clone());
        let (fixed_count, random_count) = (design.exogenous.len(), random.len());
        if design.row_count() <= fixed_count + grouping.count {
            return Err(ScienceError::NotEnough("a mixed model needs several rows in each group".to_owned()));
        }
        let empty = || GroupProducts {
            random: Mat::zeros(random_count, random_count),
            mixed: Mat::zeros(random_count, fixed_count + 1),
        };
        let mut groups: Vec<GroupProducts> = (0..grouping.count).map(|_| empty()).collect();
        for (row, code) in grouping.codes.iter().enumerate() {
            let group = &mut groups[*code as usize];
            for i in 0..random_count {
                let z = random.values[i][row];
                (0..random_count).for_each(|j| group.random[(i, j)] += z * random.values[j][row]);
                (0..=fixed_count).for_each(|j| group.mixed[(i, j)] += z * columns[j][row]);
            }
        }
        let fixed = cross_products(&columns, &columns, None);
        Ok(Model { groups, fixed, rows: design.row_count(), fixed_count, random_count })
    }

    /// The lower triangular relative factor: column by column of the lower triangle, written row by row.
    fn factor(&self, theta: &[f64]) -> Mat<f64> {
        let mut factor = Mat::zeros(self.random_count, self.random_count);
        let mut values = theta.iter();
        for row in 0..self.random_count {
            for column in 0..=row {
                factor[(row, column)] = *values.next().expect("one value for each place of the triangle");
            }
        }
        factor
    }

    fn solve(&self, theta: &[f64]) -> Option<Solution> {
        let factor = self.factor(theta);
        let mut reduced = self.fixed.clone();
        let mut log_determinant = 0.0;
        for group in &self.groups {
            let mut inner = factor.transpose() * &group.random * &factor;
            (0..self.random_count).for_each(|i| inner[(i, i)] += 1.0);
            let cholesky = inner.llt(Side::Lower).ok()?;
            log_determinant += 2.0 * (0..self.random_count).map(|i| cholesky.L()[(i, i)].ln()).sum::<f64>();
            let spread = factor.transpose() * &group.mixed;
            let solved = faer::linalg::solvers::Solve::solve(&cholesky, &spread);
            reduced -= spread.transpose() * solved;
        }
        let size = self.fixed_count;
        let gram = Mat::from_fn(size, size, |i, j| reduced[(i, j)]);
        let right = Mat::from_fn(size, 1, |i, _| reduced[(i, size)]);
        let cholesky = gram.llt(Side::Lower).ok()?;
        let solution = faer::linalg::solvers::Solve::solve(&cholesky, &right);
        let explained: f64 = (0..size).map(|i| solution[(i, 0)] * right[(i, 0)]).sum();
        let squares = reduced[(size, size)] - explained;
        let freedom = (self.rows - size) as f64;
        let variance = squares / freedom;
        let log_fixed = 2.0 * (0..size).map(|i| cholesky.L()[(i, i)].ln()).sum::<f64>();
        let deviance = log_determinant + log_fixed + freedom * (1.0 + (2.0 * std::f64::consts::PI * variance).ln());
        (variance > 0.0).then(|| Solution {
            coefficients: (0..size).map(|i| solution[(i, 0)]).collect(),
            inverse: faer::linalg::solvers::DenseSolveCore::inverse(&cholesky),
            variance,
            deviance,
        })
    }
}

fn report(design: &Design, model: &Model, theta: &[f64], solution: &Solution) -> FitReport {
    let factor = model.factor(theta);
    let spread = &factor * factor.transpose();
    let deviation = |i: usize| (spread[(i, i)] * solution.variance).sqrt();
    let (grouping, random) = design.random.as_ref().expect("a mixed model has random effects");
    let mut variance_components = Vec::new();
    for i in 0..model.random_count {
        let name = format!("{} | {}", random.names[i], grouping.name);
        variance_components.push(VarianceComponent { name, value: deviation(i) });
        for j in 0..i {
            let name = format!("{}, {} | {}", random.names[j], random.names[i], grouping.name);
            let value = spread[(i, j)] * solution.variance / (deviation(i) * deviation(j));
            variance_components.push(VarianceComponent { name, value });
        }
    }
    variance_components.push(VarianceComponent { name: "residual".to_owned(), value: solution.variance.sqrt() });
    let degrees = (model.rows - model.fixed_count) as f64;
    let covariance = crate::covariance::scaled(&solution.inverse, solution.variance);
    let coefficients = (0..model.fixed_count).map(|i| {
        let name = design.exogenous.names[i].clone();
        coefficient(name, solution.coefficients[i], covariance[(i, i)].sqrt(), degrees)
    });
    let mean = design.outcome.iter().sum::<f64>() / model.rows as f64;
    let total: f64 = design.outcome.iter().map(|value| (value - mean).powi(2)).sum();
    let columns: Vec<&Vec<f64>> = design.exogenous.values.iter().collect();
    let fitted = crate::linear::combined(&columns, &solution.coefficients, model.rows);
    let left: f64 = design.outcome.iter().zip(&fitted).map(|(y, fit)| (y - fit).powi(2)).sum();
    FitReport {
        method: "REML".to_owned(),
        convention: "given the variance components".to_owned(),
        observations: model.rows,
        left_out: design.left_out,
        degrees_of_freedom: model.rows - model.fixed_count,
        r_squared: 1.0 - left / total,
        residual_deviation: solution.variance.sqrt(),
        coefficients: coefficients.collect(),
        variance_components,
        log_likelihood: Some(-solution.deviance / 2.0),
        covariance: rows_of(&covariance),
        ..FitReport::default()
    }
}
