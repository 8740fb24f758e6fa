//! Variances between groups from the restricted likelihood times the variance itself.
//!
//! With few groups the restricted likelihood is often highest at a variance of zero, which says that all are alike, and
//! intervals that follow from it are far too narrow. Times the variance it never is (Morris 1983, “Parametric empirical Bayes
//! inference”; Li and Lahiri 2010, “An adjusted maximum likelihood method for solving small area estimation problems”; Morris
//! and Tang 2011, “Estimating random effects via adjustment for density maximization”).
//!
//! Where the groups are too few for one variance to stand for all that are plausible, it is not the maximum that counts but
//! the mean over all of them, every variance as plausible before as any other: Stein's prior, by which intervals hold on
//! average what they say (Morris 1983; Christiansen and Morris 1997, “Hierarchical Poisson regression modeling”). It takes
//! four groups; of three no variance is ruled out by it, however large. What is kept are mean and variance of the share by
//! which an estimate of usual error is drawn, in the form of a variance between groups and of how unsure its logarithm is;
//! the latter goes into the error of what is drawn.

use crate::families::Sums;
use crate::shrinkage::Estimate;

/// What the least number of groups multiplies by: the root of the variance, since the product would rise without end.
const LEAST_GROUPS: usize = 3;
/// How far below and above the variances that matter for the maximum those lie that matter for the mean, in logarithms: few
/// groups do not rule out large ones soon.
pub(crate) const BEYOND: (f64, f64) = (4.0, 8.0);
/// Steps of a second difference in the logarithm.
pub(crate) const STEP: f64 = 0.05;
/// A maximum that is flatter than this says nothing of where the variance lies.
const FLATTEST: f64 = 1e-3;

/// Where the logarithm of the variance is surer than this, its most plausible value stands for all.
pub(crate) const SHARP: f64 = 0.02;

/// A variance between groups.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Between {
    /// The variance.
    pub tau2: f64,
    /// The variance of its logarithm.
    pub unsure: f64,
}

/// The power of the variance that the likelihood of so many groups is multiplied by.
pub(crate) fn power(groups: usize) -> f64 {
    if groups <= LEAST_GROUPS { 0.5 } else { 1.0 }
}

/// The variance of a logarithm from the second difference of a log likelihood around its maximum.
pub(crate) fn unsure(below: f64, at: f64, above: f64) -> f64 {
    1.0 / ((2.0 * at - below - above) / (STEP * STEP)).max(FLATTEST)
}

/// The variance between the estimates; `None` where there are fewer than three.
pub(crate) fn between(estimates: &[Estimate]) -> Option<Between> {
    const COARSE: usize = 32;
    const STEPS: usize = 40;
    if estimates.len() < LEAST_GROUPS {
        return None;
    }
    let power = power(estimates.len());
    let worth = |log: f64| {
        let sums = Sums::of(estimates, log.exp());
        power * log - (sums.logarithms + sums.weight.ln() + sums.squares) / 2.0
    };
    // Below the first the power outweighs all else; far above the spread and the errors nothing is left of the likelihood.
    let count = estimates.len() as f64;
    let (mut least, mut most) = (f64::INFINITY, 0.0_f64);
    estimates.iter().for_each(|estimate| (least, most) = (least.min(estimate.variance), most.max(estimate.variance)));
    let mean = estimates.iter().map(|estimate| estimate.value).sum::<f64>() / count;
    let spread = estimates.iter().map(|estimate| (estimate.value - mean).powi(2)).sum::<f64>();
    let (from, to) = ((least / count).ln() - 1.0, (10.0 * (spread + most)).ln());
    let width = (to - from) / COARSE as f64;
    let places = (0..=COARSE).map(|place| from + width * place as f64).map(|log| (worth(log), log));
    let (_, best) = places.max_by(|one, other| one.0.total_cmp(&other.0))?;
    let log = highest(&worth, best - width, best + width, STEPS);
    let tau2 = log.exp();
    let unsure = unsure(worth(log - STEP), worth(log), worth(log + STEP));
    let highest = (tau2.is_finite() && tau2 > 0.0 && unsure.is_finite()).then_some(Between { tau2, unsure });
    if unsure > SHARP && estimates.len() > LEAST_GROUPS {
        let usual = count / estimates.iter().map(|estimate| 1.0 / estimate.variance).sum::<f64>();
        // The variance that the likelihood is multiplied by is that of an even density of it, told of its logarithm. Where
        // groups differ beyond all comparison with their errors, every share is one.
        return mean_share(&worth, usual, (from - BEYOND.0, to + BEYOND.1)).or(highest);
    }
    highest
}

/// The variance whose share of that of an estimate is the mean one, from a density over its logarithm, by the trapezoidal
/// rule.
fn mean_share(density: &dyn Fn(f64) -> f64, usual: f64, (from, to): (f64, f64)) -> Option<Between> {
    const PLACES: usize = 160;
    let logs = (0..=PLACES).map(|place| from + (to - from) * place as f64 / PLACES as f64);
    let at: Vec<(f64, f64)> = logs.map(|log| (density(log), log.exp() / (log.exp() + usual))).collect();
    let highest = at.iter().map(|(density, _)| *density).fold(f64::NEG_INFINITY, f64::max);
    let (mut all, mut sum, mut squares) = (0.0, 0.0, 0.0);
    for (density, share) in at {
        let weight = (density - highest).exp();
        (all, sum, squares) = (all + weight, sum + weight * share, squares + weight * share * share);
    }
    let (share, square) = (sum / all, squares / all);
    let both = share * (1.0 - share);
    let found = Between { tau2: usual * share / (1.0 - share), unsure: (square - share * share) / (both * both) };
    (found.tau2.is_finite() && found.tau2 > 0.0 && found.unsure.is_finite()).then_some(found)
}

/// Where a function with one maximum in an interval has it, by golden sections.
fn highest(worth: &dyn Fn(f64) -> f64, mut low: f64, mut high: f64, steps: usize) -> f64 {
    const GOLDEN: f64 = 0.618_033_988_749_894_9;
    let mut inner = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)];
    let mut worths = inner.map(worth);
    for _ in 0..steps {
        if worths[0] < worths[1] {
            (low, inner[0], worths[0]) = (inner[0], inner[1], worths[1]);
            inner[1] = low + GOLDEN * (high - low);
            worths[1] = worth(inner[1]);
        } else {
            (high, inner[1], worths[1]) = (inner[1], inner[0], worths[0]);
            inner[0] = high - GOLDEN * (high - low);
            worths[0] = worth(inner[0]);
        }
    }
    f64::midpoint(low, high)
}

#[cfg(test)]
mod tests;
