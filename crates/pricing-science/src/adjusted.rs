//! Variances between groups from the restricted likelihood times the variance itself.
//!
//! With few groups the restricted likelihood is often highest at a variance of zero, which says that all are alike, and
//! intervals that follow from it are far too narrow. Times the variance it never is (Morris 1983, “Parametric empirical Bayes
//! inference”; Li and Lahiri 2010, “An adjusted maximum likelihood method for solving small area estimation problems”; Morris
//! and Tang 2011, “Estimating random effects via adjustment for density maximization”). How sharp the maximum is in the
//! logarithm of the variance says how unsure the variance is, and goes into the error of what is drawn.

use crate::families::Sums;
use crate::shrinkage::Estimate;

/// What the least number of groups multiplies by: the root of the variance, since the product would rise without end.
const LEAST_GROUPS: usize = 3;
/// Steps of a second difference in the logarithm.
pub(crate) const STEP: f64 = 0.05;
/// A maximum that is flatter than this says nothing of where the variance lies.
const FLATTEST: f64 = 1e-3;

/// A variance between groups.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Between {
    /// Where the adjusted likelihood is highest.
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
    (tau2.is_finite() && tau2 > 0.0 && unsure.is_finite()).then_some(Between { tau2, unsure })
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
