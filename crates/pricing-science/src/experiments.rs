//! Price tests: how many units of observation they need, what they say, and how long to explore.

use serde::{Deserialize, Serialize};

use crate::distributions::{noncentral_t_above, normal_quantile, t_above, t_quantile};
use crate::error::{Result, ScienceError};

/// Observations in each of two groups to find a difference of two proportions, two-sided.
///
/// Fleiss, Levin and Paik (2003), “Statistical Methods for Rates and Proportions”; as `power.prop.test` in R.
pub fn size_for_proportions(first: f64, second: f64, significance: f64, power: f64) -> f64 {
    let (alpha, beta) = (normal_quantile(1.0 - significance / 2.0), normal_quantile(power));
    let both = first + second;
    let pooled = (both * (1.0 - both / 2.0)).sqrt();
    let apart = (first * (1.0 - first) + second * (1.0 - second)).sqrt();
    ((alpha * pooled + beta * apart) / (first - second)).powi(2)
}

/// Observations in each of two groups to find a difference of two means, two-sided; as `power.t.test` in R.
pub fn size_for_means(difference: f64, deviation: f64, significance: f64, power: f64) -> Result<f64> {
    size(difference / deviation, significance, power, &|size| (2.0 * (size - 1.0), size / 2.0))
}

/// Pairs of observations to find that their differences, which deviate by so much, are not 0 on average, two-sided; as
/// `power.t.test` in R with `type = "paired"`.
pub fn size_for_pairs(difference: f64, deviation: f64, significance: f64, power: f64) -> Result<f64> {
    size(difference / deviation, significance, power, &|size| (size - 1.0, size))
}

/// The smallest size with that power; `of` has the degrees of freedom and the information of a size.
fn size(standardised: f64, significance: f64, power: f64, of: &dyn Fn(f64) -> (f64, f64)) -> Result<f64> {
    if !standardised.is_finite() || standardised == 0.0 {
        return Err(ScienceError::Unsuitable(
            "a difference that is not zero and a positive deviation are needed".into(),
        ));
    }
    let reached = |size: f64| {
        let (degrees, information) = of(size);
        let limit = t_quantile(1.0 - significance / 2.0, degrees);
        noncentral_t_above(limit, degrees, information.sqrt() * standardised.abs())
    };
    let (mut low, mut high) = (2.0, 4.0);
    const MOST: f64 = 1e9;
    while reached(high) < power {
        if high > MOST {
            return Err(ScienceError::Unsuitable("the difference is too small to be found by any test".to_owned()));
        }
        low = high;
        high *= 2.0;
    }
    const HALVINGS: usize = 80;
    for _ in 0..HALVINGS {
        let middle = (low + high) / 2.0;
        if reached(middle) < power { low = middle } else { high = middle }
    }
    Ok((low + high) / 2.0)
}

/// What a test says.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// The effect.
    pub estimate: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Degrees of freedom (Satterthwaite).
    pub degrees: f64,
    /// The probability of a larger |effect| where there is none.
    pub p: f64,
    /// The lower end of the 95 % interval.
    pub low: f64,
    /// The upper end of the 95 % interval.
    pub high: f64,
}

/// Difference in differences: each unit's change from before to after, treated ones against the others, with Welch's
/// standard error, so that a unit counts once however many weeks it was watched (Bertrand, Duflo and Mullainathan 2004).
pub fn difference_in_differences(treated: &[f64], others: &[f64]) -> Result<Difference> {
    if treated.len() < 2 || others.len() < 2 {
        return Err(ScienceError::NotEnough(
            "a test needs at least two units with the new price and two without".into(),
        ));
    }
    let moments = |changes: &[f64]| {
        let count = changes.len() as f64;
        let mean = changes.iter().sum::<f64>() / count;
        let variance = changes.iter().map(|change| (change - mean).powi(2)).sum::<f64>() / (count - 1.0);
        (mean, variance / count, count)
    };
    let (first, second) = (moments(treated), moments(others));
    let variance = first.1 + second.1;
    let degrees = variance.powi(2) / (first.1.powi(2) / (first.2 - 1.0) + second.1.powi(2) / (second.2 - 1.0));
    let (estimate, standard_error) = (first.0 - second.0, variance.sqrt());
    let width = t_quantile(0.975, degrees) * standard_error;
    let p = 2.0 * t_above((estimate / standard_error).abs(), degrees);
    Ok(Difference { estimate, standard_error, degrees, p, low: estimate - width, high: estimate + width })
}

/// What the differences within pairs are on average (Student 1908): of a switchback, of each pair of periods that of the
/// new price against the old one, so that what a period has in common counts once.
pub fn paired_difference(differences: &[f64]) -> Result<Difference> {
    if differences.len() < 2 {
        return Err(ScienceError::NotEnough("a test of pairs needs at least two".into()));
    }
    let count = differences.len() as f64;
    let estimate = differences.iter().sum::<f64>() / count;
    let variance = differences.iter().map(|one| (one - estimate).powi(2)).sum::<f64>() / (count - 1.0);
    let (standard_error, degrees) = ((variance / count).sqrt(), count - 1.0);
    let width = t_quantile(0.975, degrees) * standard_error;
    let p = 2.0 * t_above((estimate / standard_error).abs(), degrees);
    Ok(Difference { estimate, standard_error, degrees, p, low: estimate - width, high: estimate + width })
}

/// The Gittins index of an arm that has paid `successes − 1` and failed `failures − 1` times: the sure payment for which
/// one would stop trying it.
///
/// Gittins (1979), “Bandit processes and dynamic allocation indices”; by calibration against a sure arm, with the
/// horizon cut where the discount leaves less than 1e-12.
pub fn gittins_index(successes: u32, failures: u32, discount: f64) -> f64 {
    const NEGLIGIBLE: f64 = 1e-12;
    const HALVINGS: usize = 45;
    let horizon = (NEGLIGIBLE.ln() / discount.ln()).ceil() as usize;
    let (a, b) = (f64::from(successes), f64::from(failures));
    let (mut low, mut high) = (a / (a + b), 1.0);
    for _ in 0..HALVINGS {
        let sure = (low + high) / 2.0;
        if is_worth_trying(a, b, discount, sure, horizon) { low = sure } else { high = sure }
    }
    (low + high) / 2.0
}

/// Whether trying once and then going on as is best pays more than the sure arm for ever.
fn is_worth_trying(a: f64, b: f64, discount: f64, sure: f64, horizon: usize) -> bool {
    let retire = sure / (1.0 - discount);
    let last =
        (0..=horizon).map(|wins| f64::max(retire, (a + wins as f64) / (a + b + horizon as f64) / (1.0 - discount)));
    let mut later: Vec<f64> = last.collect();
    for tried in (0..horizon).rev() {
        let total = a + b + tried as f64;
        for wins in 0..=tried {
            let chance = (a + wins as f64) / total;
            let go_on = chance * (1.0 + discount * later[wins + 1]) + (1.0 - chance) * discount * later[wins];
            if tried == 0 {
                return go_on > retire;
            }
            later[wins] = f64::max(retire, go_on);
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::{
        difference_in_differences, gittins_index, paired_difference, size_for_means, size_for_pairs,
        size_for_proportions,
    };

    #[test]
    fn sizes_are_those_of_the_manual_of_r() {
        assert!((size_for_proportions(0.5, 0.75, 0.05, 0.9) - 76.706_928_4).abs() < 1e-6);
        assert!((size_for_means(1.0, 1.0, 0.05, 0.9).expect("valid") - 22.021_095_57).abs() < 1e-6);
        assert!((size_for_pairs(0.5, 1.0, 0.05, 0.8).expect("valid") - 33.367_13).abs() < 1e-4);
        assert!(size_for_pairs(0.0, 1.0, 0.05, 0.8).is_err() && size_for_pairs(0.5, 0.0, 0.05, 0.8).is_err());
    }

    #[test]
    fn pairs_have_the_test_of_their_differences() {
        // Mean 2, deviation 1, three of them: t = 2 ÷ (1 ÷ √3) = 3.4641 with two degrees, p = 0.0742, ±4.3027 ÷ √3.
        let found = paired_difference(&[1.0, 2.0, 3.0]).expect("three");
        assert!((found.estimate - 2.0).abs() < 1e-12 && (found.p - 0.074_179_9).abs() < 1e-6, "{found:?}");
        assert!((found.high - 2.0 - 4.302_652_73 / 3.0_f64.sqrt()).abs() < 1e-6, "{found:?}");
        assert!(paired_difference(&[1.0]).is_err());
    }

    #[test]
    fn the_index_of_an_untried_arm_is_the_published_one() {
        assert!((gittins_index(1, 1, 0.9) - 0.7029).abs() < 5e-5);
        assert!((gittins_index(1, 1, 0.5) - 0.5590).abs() < 5e-5);
    }

    #[test]
    fn a_common_trend_is_no_effect() {
        let same = difference_in_differences(&[1.0, 2.0, 3.0], &[1.0, 2.0, 3.0]).expect("valid");
        assert_eq!(same.estimate, 0.0);
        assert!(same.low < 0.0 && same.high > 0.0 && (same.p - 1.0).abs() < 1e-12);
    }
}
