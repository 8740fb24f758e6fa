//! Hierarchical shrinkage of estimates by empirical Bayes: each group's estimate is drawn towards the mean of all, the
//! more the less sure it is.
//!
//! Morris (1983), “Parametric empirical Bayes inference”; the variance between groups by DerSimonian and Laird (1986),
//! by REML (Raudenbush 2009) or over all that are plausible (see the module `adjusted`).

use serde::{Deserialize, Serialize};

use crate::adjusted;
use crate::error::{Result, ScienceError};

/// How the variance between groups is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BetweenVariance {
    /// From moments, in one step (DerSimonian and Laird).
    Moments,
    /// By restricted maximum likelihood.
    #[default]
    Reml,
    /// Over all variances by how well the estimates fit them (of many groups: the best one), so that few groups are never taken
    /// for all alike; intervals hold what they say.
    Adjusted,
}

/// An estimate with its variance.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The value.
    pub value: f64,
    /// The square of its standard error.
    pub variance: f64,
}

/// What shrinkage found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Shrinkage {
    /// The variance between groups, τ².
    pub tau2: f64,
    /// The variance of its logarithm; 0 where it is taken as known.
    #[serde(default)]
    pub unsure: f64,
    /// The mean of the groups.
    pub mean: f64,
    /// Its standard error.
    pub mean_error: f64,
    /// Cochran's Q: how much more the estimates differ than their errors explain.
    pub q: f64,
    /// The groups' shrunk estimates, each with its posterior variance, in the order given. What is unsure about the mean
    /// is not in it.
    pub shrunk: Vec<Estimate>,
    /// Standard deviation of the estimates given.
    pub raw_deviation: f64,
    /// Standard deviation of the shrunk estimates.
    pub shrunk_deviation: f64,
}

/// Shrinks the estimates towards their common mean. Linear in their number for each step.
pub fn shrink(estimates: &[Estimate], between: BetweenVariance) -> Result<Shrinkage> {
    if estimates.len() < 3 {
        return Err(ScienceError::NotEnough(format!(
            "shrinkage needs at least three groups with an estimate, there are {}",
            estimates.len()
        )));
    }
    if estimates
        .iter()
        .any(|estimate| !estimate.value.is_finite() || estimate.variance.is_nan() || estimate.variance <= 0.0)
    {
        return Err(ScienceError::Unsuitable("every estimate needs a positive variance".to_owned()));
    }
    let fixed = pooled(estimates, 0.0);
    let q = estimates.iter().map(|e| (e.value - fixed.mean).powi(2) / e.variance).sum::<f64>();
    let groups = estimates.len() as f64;
    let moments = ((q - (groups - 1.0)) / (fixed.weight - fixed.squares / fixed.weight)).max(0.0);
    let (tau2, unsure) = match between {
        BetweenVariance::Moments => (moments, 0.0),
        BetweenVariance::Reml => (reml(estimates, moments)?, 0.0),
        BetweenVariance::Adjusted => {
            let lost = ScienceError::NotConverged { method: "the variance between groups", iterations: 1 };
            let found = adjusted::between(estimates).ok_or(lost)?;
            (found.tau2, found.unsure)
        }
    };
    let all = pooled(estimates, tau2);
    let shrunk: Vec<Estimate> =
        estimates.iter().map(|estimate| posterior_unsure(*estimate, tau2, unsure, all.mean)).collect();
    let raw_deviation = deviation(estimates);
    let shrunk_deviation = deviation(&shrunk);
    Ok(Shrinkage {
        tau2,
        unsure,
        mean: all.mean,
        mean_error: all.weight.recip().sqrt(),
        q,
        shrunk,
        raw_deviation,
        shrunk_deviation,
    })
}

/// An estimate drawn towards a mean with this variance around it.
pub fn posterior(estimate: Estimate, tau2: f64, mean: f64) -> Estimate {
    let share = tau2 / (tau2 + estimate.variance);
    Estimate { value: mean + share * (estimate.value - mean), variance: share * estimate.variance }
}

/// The same, where the logarithm of the variance is known with this variance: what lies far from the mean is less sure
/// (Morris 1983; Morris and Tang 2011).
pub fn posterior_unsure(estimate: Estimate, tau2: f64, unsure: f64, mean: f64) -> Estimate {
    let drawn = posterior(estimate, tau2, mean);
    let share = share_variance(tau2 / (tau2 + estimate.variance), unsure);
    Estimate { variance: drawn.variance + share * (estimate.value - mean).powi(2), ..drawn }
}

/// How unsure a share of a variance in a sum is, where the variance's logarithm is unsure; no share is less sure than one
/// that is 0 or 1.
pub(crate) fn share_variance(share: f64, unsure: f64) -> f64 {
    let both = share * (1.0 - share);
    (both * both * unsure).min(both)
}

struct Pooled {
    mean: f64,
    weight: f64,
    squares: f64,
}

fn pooled(estimates: &[Estimate], tau2: f64) -> Pooled {
    let (mut weight, mut sum, mut squares) = (0.0, 0.0, 0.0);
    for estimate in estimates {
        let own = 1.0 / (estimate.variance + tau2);
        weight += own;
        sum += own * estimate.value;
        squares += own * own;
    }
    Pooled { mean: sum / weight, weight, squares }
}

/// Fisher scoring on the restricted likelihood.
fn reml(estimates: &[Estimate], start: f64) -> Result<f64> {
    const STEPS: usize = 200;
    const ENOUGH: f64 = 1e-12;
    let mut tau2 = start;
    for _ in 0..STEPS {
        let all = pooled(estimates, tau2);
        let (mut spread, mut cubes) = (0.0, 0.0);
        for estimate in estimates {
            let own = 1.0 / (estimate.variance + tau2);
            spread += own * own * (estimate.value - all.mean).powi(2);
            cubes += own * own * own;
        }
        let trace = all.weight - all.squares / all.weight;
        let information = all.squares - 2.0 * cubes / all.weight + (all.squares / all.weight).powi(2);
        let next = (tau2 + (spread - trace) / information).max(0.0);
        if (next - tau2).abs() <= ENOUGH * (1.0 + tau2) {
            return Ok(next);
        }
        tau2 = next;
    }
    Err(ScienceError::NotConverged { method: "the variance between groups", iterations: STEPS })
}

fn deviation(estimates: &[Estimate]) -> f64 {
    let count = estimates.len() as f64;
    let mean = estimates.iter().map(|estimate| estimate.value).sum::<f64>() / count;
    (estimates.iter().map(|estimate| (estimate.value - mean).powi(2)).sum::<f64>() / (count - 1.0)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::{BetweenVariance, Estimate, shrink};

    fn estimates(values: &[(f64, f64)]) -> Vec<Estimate> {
        values.iter().map(|&(value, variance)| Estimate { value, variance }).collect()
    }

    #[test]
    fn equal_variances_have_a_closed_form() {
        let shrinkage =
            shrink(&estimates(&[(1.0, 0.5), (2.0, 0.5), (6.0, 0.5)]), BetweenVariance::Reml).expect("valid");
        assert!((shrinkage.tau2 - (7.0 - 0.5)).abs() < 1e-9);
        assert!((shrinkage.mean - 3.0).abs() < 1e-12);
    }

    #[test]
    fn the_less_sure_estimate_is_drawn_further() {
        let given = estimates(&[(-1.0, 0.01), (-2.0, 0.01), (-3.0, 0.01), (-6.0, 4.0)]);
        let shrinkage = shrink(&given, BetweenVariance::Moments).expect("valid");
        assert!(shrinkage.shrunk[3].value > -3.2 && shrinkage.shrunk[2].value < -2.9);
    }
}
