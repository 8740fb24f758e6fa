//! Standard errors by a named convention.
//!
//! HC0 White (1980); HC1 to HC3 MacKinnon and White (1985); CR0 and CR1 Liang and Zeger (1986) with the small-sample
//! factor of Stata; several clusterings by Cameron, Gelbach and Miller (2011), with the factor of the coarsest one.

use faer::Mat;
use serde::{Deserialize, Serialize};

use crate::design::Grouping;
use crate::error::{Result, ScienceError};

/// How standard errors are computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Convention {
    /// Equal variances: s²(X'X)⁻¹ with n − k degrees of freedom.
    Classical,
    /// Robust to unequal variances, without a small-sample factor.
    Hc0,
    /// HC0 times n / (n − k).
    Hc1,
    /// Squared residuals over 1 − h.
    Hc2,
    /// Squared residuals over (1 − h)².
    Hc3,
    /// Robust to dependence within clusters, without a small-sample factor.
    Cr0,
    /// CR0 times G / (G − 1) · (n − 1) / (n − k); effects nested in a cluster do not count in k.
    Cr1,
    /// CR0 times (n − 1) / (n − k), as the package linearmodels does: a single effect nested in a cluster does not count
    /// in k, of several effects every level counts.
    Crd,
}

impl Convention {
    /// Every convention with its name.
    pub const ALL: [(&'static str, Convention); 8] = [
        ("classical", Convention::Classical),
        ("HC0", Convention::Hc0),
        ("HC1", Convention::Hc1),
        ("HC2", Convention::Hc2),
        ("HC3", Convention::Hc3),
        ("CR0", Convention::Cr0),
        ("CR1", Convention::Cr1),
        ("CRD", Convention::Crd),
    ];

    /// The name that is printed.
    pub fn name(self) -> &'static str {
        Convention::ALL.iter().find(|(_, known)| *known == self).map_or("", |(name, _)| name)
    }

    /// The convention of that name, in any case.
    pub fn find(name: &str) -> Result<Convention> {
        let found = Convention::ALL.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, convention)| *convention).ok_or_else(|| {
            ScienceError::Unsuitable(format!(
                "there is no convention “{name}”; there are classical, HC0 to HC3, CR0, CR1 and CRD"
            ))
        })
    }

    /// Whether it needs clusters.
    pub fn is_clustered(self) -> bool {
        matches!(self, Convention::Cr0 | Convention::Cr1 | Convention::Crd)
    }
}

/// What the sandwich is made of.
pub(crate) struct Sandwich<'a> {
    /// The columns that the scores are made of, over the independent ones.
    pub columns: Vec<&'a Vec<f64>>,
    /// The residuals.
    pub residuals: &'a [f64],
    /// Weights, where not all are one.
    pub weights: Option<&'a [f64]>,
    /// The inverse of the columns' cross products.
    pub inverse: &'a Mat<f64>,
    /// Regressors and levels of absorbed effects, all counted.
    pub parameters: usize,
    /// The same without effects nested in a clustering.
    pub parameters_not_nested: usize,
    /// The clusterings.
    pub clusters: &'a [Grouping],
    /// The absorbed effects.
    pub absorbed: &'a [Grouping],
}

impl Sandwich<'_> {
    /// The covariance matrix of the coefficients.
    pub fn covariance(&self, convention: Convention) -> Result<Mat<f64>> {
        let rows = self.residuals.len();
        if rows <= self.parameters {
            return Err(ScienceError::NotEnough(format!(
                "{rows} observations for {} parameters leave nothing to measure the error with",
                self.parameters
            )));
        }
        let freedom = (rows - self.parameters) as f64;
        let weight = |row: usize| self.weights.map_or(1.0, |weights| weights[row]);
        match convention {
            Convention::Classical => {
                let variance = (0..rows).map(|row| self.residuals[row].powi(2) * weight(row)).sum::<f64>() / freedom;
                Ok(scaled(self.inverse, variance))
            }
            Convention::Hc0 => Ok(self.robust(|row| (self.residuals[row] * weight(row)).powi(2))),
            Convention::Hc1 => {
                let robust = self.robust(|row| (self.residuals[row] * weight(row)).powi(2));
                Ok(scaled(&robust, rows as f64 / freedom))
            }
            Convention::Hc2 | Convention::Hc3 => {
                let leverage = self.leverages()?;
                let power = if convention == Convention::Hc2 { 1 } else { 2 };
                Ok(self.robust(|row| (self.residuals[row] * weight(row)).powi(2) / (1.0 - leverage[row]).powi(power)))
            }
            Convention::Cr0 | Convention::Cr1 | Convention::Crd => self.clustered(convention),
        }
    }

    fn robust(&self, square: impl Fn(usize) -> f64) -> Mat<f64> {
        let squares: Vec<f64> = (0..self.residuals.len()).map(square).collect();
        let size = self.columns.len();
        let meat =
            Mat::from_fn(size, size, |i, j| crate::linear::dot(self.columns[i], self.columns[j], Some(&squares)));
        self.inverse * meat * self.inverse
    }

    fn leverages(&self) -> Result<Vec<f64>> {
        if self.absorbed.len() > 1 {
            return Err(ScienceError::Unsuitable(
                "HC2 and HC3 need leverages, which are not computed under several absorbed effects; use HC1 or CR1"
                    .into(),
            ));
        }
        let size = self.columns.len();
        let mut totals = self.absorbed.first().map(|grouping| vec![0.0; grouping.count]);
        if let (Some(totals), Some(grouping)) = (&mut totals, self.absorbed.first()) {
            for (row, code) in grouping.codes.iter().enumerate() {
                totals[*code as usize] += self.weights.map_or(1.0, |weights| weights[row]);
            }
        }
        let leverage = |row: usize| {
            let mut sum = totals.as_ref().map_or(0.0, |totals| 1.0 / totals[self.absorbed[0].codes[row] as usize]);
            for i in 0..size {
                for j in 0..size {
                    sum += self.columns[i][row] * self.inverse[(i, j)] * self.columns[j][row];
                }
            }
            sum * self.weights.map_or(1.0, |weights| weights[row])
        };
        Ok((0..self.residuals.len()).map(leverage).collect())
    }

    /// The sum over the non-empty sets of clusterings, odd ones added and even ones taken away.
    fn clustered(&self, convention: Convention) -> Result<Mat<f64>> {
        let fewest = self.clusters.iter().map(|clusters| clusters.count).min().unwrap_or(0);
        if fewest < 2 {
            return Err(ScienceError::NotEnough(
                "clustered errors need at least two clusters in each clustering".into(),
            ));
        }
        let size = self.columns.len();
        let mut meat = Mat::<f64>::zeros(size, size);
        for set in 1_u32..1 << self.clusters.len() {
            let mut members =
                (0..self.clusters.len()).filter(|place| set >> place & 1 == 1).map(|place| &self.clusters[place]);
            let first = members.next().expect("the set is not empty").clone();
            let crossed = members.fold(first, |all, next| all.crossed(next));
            let sign = if set.count_ones() % 2 == 1 { 1.0 } else { -1.0 };
            meat += scaled(&self.cluster_meat(&crossed), sign);
        }
        let sandwich = self.inverse * meat * self.inverse;
        let (rows, clusters) = (self.residuals.len() as f64, fewest as f64);
        let counted = |parameters: usize| (rows - 1.0) / (rows - parameters as f64);
        let factor = match convention {
            Convention::Cr1 => clusters / (clusters - 1.0) * counted(self.parameters_not_nested),
            Convention::Crd if self.absorbed.len() > 1 => {
                let levels: usize = self.absorbed.iter().map(|effect| effect.count).sum();
                counted(size + levels)
            }
            Convention::Crd => counted(self.parameters_not_nested),
            _ => 1.0,
        };
        Ok(scaled(&sandwich, factor))
    }

    fn cluster_meat(&self, clusters: &Grouping) -> Mat<f64> {
        let size = self.columns.len();
        let scores: Vec<f64> = (0..self.residuals.len())
            .map(|row| self.residuals[row] * self.weights.map_or(1.0, |weights| weights[row]))
            .collect();
        let mut sums = vec![vec![0.0; clusters.count]; size];
        for (column, sums) in self.columns.iter().zip(&mut sums) {
            for ((value, score), code) in column.iter().zip(&scores).zip(&clusters.codes) {
                sums[*code as usize] += value * score;
            }
        }
        crate::linear::cross_products(&sums, &sums, None)
    }
}

pub(crate) fn scaled(matrix: &Mat<f64>, factor: f64) -> Mat<f64> {
    Mat::from_fn(matrix.nrows(), matrix.ncols(), |i, j| matrix[(i, j)] * factor)
}
