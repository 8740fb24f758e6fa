//! Shrinkage over two levels: products within families, families within a category.
//!
//! θ = mean + family + product, each with a normal law, observed with a known error. The two variances by restricted
//! likelihood (Patterson and Thompson 1971; Harville 1977), over all that are plausible as for categories (see the modules
//! `adjusted` and `plausible`), families and products by empirical Bayes (Morris 1983; Raudenbush and Bryk 2002,
//! “Hierarchical Linear Models”, chapter 3). A product without a family is one of its own.

mod plausible;

use std::collections::BTreeMap;

use crate::adjusted::{SHARP, STEP, power, unsure};
use crate::error::{Result, ScienceError};
use crate::shrinkage::{BetweenVariance, Estimate, share_variance, shrink};
use crate::simplex::{RESTARTS, minimise};
use plausible::{Plausible, plausible};

/// Families with at least two estimates that are needed to tell families from products.
pub(crate) const FEWEST_FAMILIES: usize = 3;

/// What the two levels have in common.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Nested {
    /// Variance between families.
    pub between_families: f64,
    /// Variance between the products of a family.
    pub within_families: f64,
    /// The variances of the logarithms of the latter, and of both together.
    pub within_unsure: f64,
    pub unsure: f64,
    /// The mean of all, with the variance of that mean.
    pub mean: Estimate,
    /// Each family.
    pub families: BTreeMap<u32, FamilyMean>,
}

/// A family's mean.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct FamilyMean {
    /// With its variance; that of the mean of all is in it.
    pub mean: Estimate,
    /// The part of that variance that comes from the mean of all, and is therefore every family's.
    pub shared_variance: f64,
    /// How many estimates it has.
    pub products: usize,
}

/// Estimates in sums that depend on the variance between them.
pub(crate) struct Sums {
    pub weight: f64,
    pub mean: f64,
    /// Weighted squares around that mean.
    pub squares: f64,
    /// Sum of the logarithms of the variances.
    pub logarithms: f64,
}

impl Sums {
    pub fn of(estimates: &[Estimate], within: f64) -> Sums {
        let (mut weight, mut sum, mut logarithms) = (0.0, 0.0, 0.0);
        for estimate in estimates {
            let variance = estimate.variance + within;
            weight += 1.0 / variance;
            sum += estimate.value / variance;
            logarithms += variance.ln();
        }
        let mean = sum / weight;
        let squares =
            estimates.iter().map(|estimate| (estimate.value - mean).powi(2) / (estimate.variance + within)).sum();
        Sums { weight, mean, squares, logarithms }
    }

    /// The variance of the family's mean around the mean of all.
    fn variance(&self, between: f64) -> f64 {
        between + 1.0 / self.weight
    }
}

/// The mean of all and the sum of the families' weights.
fn common(families: &[Sums], between: f64) -> (f64, f64) {
    let (weight, sum) = families.iter().fold((0.0, 0.0), |(weight, sum), family| {
        let own = 1.0 / family.variance(between);
        (weight + own, sum + own * family.mean)
    });
    (sum / weight, weight)
}

/// Minus twice the restricted log likelihood, without its constant.
fn deviance(groups: &[Vec<Estimate>], between: f64, within: f64) -> f64 {
    let families: Vec<Sums> = groups.iter().map(|group| Sums::of(group, within)).collect();
    let (mean, weight) = common(&families, between);
    let of = |family: &Sums| {
        let variance = family.variance(between);
        family.logarithms + (variance * family.weight).ln() + family.squares + (family.mean - mean).powi(2) / variance
    };
    families.iter().map(of).sum::<f64>() + weight.ln()
}

/// Draws families towards the mean of all. `estimates` name their family.
pub(crate) fn shrink_families(estimates: &[(Option<u32>, Estimate)]) -> Result<Nested> {
    let mut named: BTreeMap<u32, Vec<Estimate>> = BTreeMap::new();
    let mut groups = Vec::new();
    for (family, estimate) in estimates {
        match family {
            Some(family) => named.entry(*family).or_default().push(*estimate),
            None => groups.push(vec![*estimate]),
        }
    }
    let several = named.values().filter(|group| group.len() > 1).count();
    if several < FEWEST_FAMILIES {
        return Err(ScienceError::NotEnough(format!(
            "families are told from products by at least {FEWEST_FAMILIES} with two estimates, there are {several}"
        )));
    }
    groups.extend(named.values().cloned());
    let all: Vec<Estimate> = estimates.iter().map(|(_, estimate)| *estimate).collect();
    let start = (shrink(&all, BetweenVariance::Moments)?.tau2 / 2.0).sqrt().max(0.05);
    let found = minimise(&[2.0 * start.ln(); 2], 1.0, &|logs| -adjusted(&groups, [logs[0], logs[1]]));
    let (logs, _) = found.ok_or(ScienceError::NotConverged {
        method: "the variances between and within families",
        iterations: RESTARTS,
    })?;
    Ok(nested(&groups, &named, variances(&groups, [logs[0], logs[1]])))
}

/// The restricted log likelihood times both variances, whose logarithms are given.
fn adjusted(groups: &[Vec<Estimate>], logs: [f64; 2]) -> f64 {
    let power = power(groups.len());
    power * logs[0] + logs[1] - deviance(groups, logs[0].exp(), logs[1].exp()) / 2.0
}

/// How unsure the logarithms of both variances are around the maximum, each with the other where it is.
fn unsure_at(groups: &[Vec<Estimate>], logs: [f64; 2]) -> [f64; 2] {
    let at = adjusted(groups, logs);
    [0, 1].map(|moved| {
        let beside = |step: f64| {
            let mut beside = logs;
            beside[moved] += step;
            adjusted(groups, beside)
        };
        unsure(beside(-STEP), at, beside(STEP))
    })
}

/// Over all plausible variances; the most plausible ones, whose logarithms are given, where they are sure enough.
fn variances(groups: &[Vec<Estimate>], logs: [f64; 2]) -> Plausible {
    let [between, within] = logs.map(f64::exp);
    let [between_unsure, within_unsure] = unsure_at(groups, logs);
    let unsure = (between * between * between_unsure + within * within * within_unsure) / (between + within).powi(2);
    let highest = Plausible { between, within, between_unsure, within_unsure, unsure };
    if between_unsure.max(within_unsure) > SHARP { plausible(groups, logs).unwrap_or(highest) } else { highest }
}

fn nested(groups: &[Vec<Estimate>], named: &BTreeMap<u32, Vec<Estimate>>, variances: Plausible) -> Nested {
    let Plausible { between, within, between_unsure, within_unsure, unsure } = variances;
    let sums: Vec<Sums> = groups.iter().map(|group| Sums::of(group, within)).collect();
    let (mean, weight) = common(&sums, between);
    let family = |group: &Vec<Estimate>| {
        let own = Sums::of(group, within);
        let share = between / own.variance(between);
        let left = 1.0 - share;
        let shared_variance = left * left / weight;
        let far = share_variance(share, between_unsure) * (own.mean - mean).powi(2);
        let drawn =
            Estimate { value: mean + share * (own.mean - mean), variance: share / own.weight + far + shared_variance };
        FamilyMean { mean: drawn, shared_variance, products: group.len() }
    };
    Nested {
        between_families: between,
        within_families: within,
        within_unsure,
        unsure,
        mean: Estimate { value: mean, variance: 1.0 / weight },
        families: named.iter().map(|(name, group)| (*name, family(group))).collect(),
    }
}

#[cfg(test)]
mod tests {
    use faer::Mat;
    use faer::linalg::solvers::{DenseSolveCore, Solve};

    use super::{FamilyMean, Nested, deviance, shrink_families};
    use crate::chance::Chance;
    use crate::error::ScienceError;
    use crate::grades::CategoryElasticity;
    use crate::shrinkage::Estimate;

    fn estimate(value: f64, variance: f64) -> Estimate {
        Estimate { value, variance }
    }

    #[test]
    fn families_of_one_size_with_equal_errors_have_the_mean_shares_of_their_squares() {
        // Four families of three, error variance 0.04: the likelihood is that of two sums of squares.
        let families = [[-1.0, -1.6, -2.2], [-3.0, -3.3, -4.2], [-2.0, -1.1, -2.9], [-4.1, -5.0, -3.8]];
        let (count, size, error) = (4.0, 3.0, 0.04);
        let given: Vec<(Option<u32>, Estimate)> = (0..4)
            .flat_map(|family| families[family as usize].map(|value| (Some(family), estimate(value, error))))
            .collect();
        let means = families.map(|family| family.iter().sum::<f64>() / size);
        let grand = means.iter().sum::<f64>() / count;
        let between = size * means.iter().map(|mean| (mean - grand).powi(2)).sum::<f64>();
        let squares =
            families.iter().zip(means).map(|(family, mean)| family.iter().map(|v| (v - mean).powi(2)).sum::<f64>());
        let within = squares.sum::<f64>();
        let found = shrink_families(&given).expect("enough families");
        // Of products around their family, eight degrees of freedom, and of families, three. With P the variance of a
        // product and Q that of a family's sum, both even, what is left of the shares is D ÷ P on the mean, and for families
        // that of the variance between them beside the error that a family's mean then has.
        let of_product = found.within_families + error;
        let of_family = size * found.between_families + of_product;
        let (mut all, mut of_products, mut of_families) = (0.0, 0.0, 0.0);
        for step in 0..1_500 {
            // Even places of D ÷ P and of the root of P ÷ Q between 0 and 1, near which the density of the latter is bounded.
            let to_product = (f64::from(step) + 0.5) / 1_500.0;
            let product = error / to_product;
            for step in 0..1_500 {
                let root = (f64::from(step) + 0.5) / 1_500.0;
                let to_family = root * root;
                let family = product / to_family;
                let density =
                    -4.0 * product.ln() - within / (2.0 * product) - 1.5 * family.ln() - between / (2.0 * family);
                let weight = density.exp() * product * product * family / root;
                all += weight;
                of_products += weight * to_product;
                of_families += weight * of_product / (family - product + of_product);
            }
        }
        let (left_of_product, left_of_family) = (of_products / all, of_families / all);
        assert!((error / of_product / left_of_product - 1.0).abs() < 0.01, "{found:?} {left_of_product}");
        assert!((of_product / of_family / left_of_family - 1.0).abs() < 0.01, "{found:?} {left_of_family}");
        assert!((found.mean.value - grand).abs() < 1e-9);
        assert!((found.mean.variance - of_family / (count * size)).abs() < 1e-9);
        let share = 1.0 - of_product / of_family;
        for (family, mean) in means.iter().enumerate() {
            let family = found.families[&(family as u32)];
            assert!((family.mean.value - (grand + share * (mean - grand))).abs() < 1e-9 && family.products == 3);
            // What a family shares with the others is what it takes of the mean of all.
            let shared = (1.0 - share).powi(2) * of_family / (count * size);
            assert!((family.shared_variance - shared).abs() < 1e-9, "{family:?}");
        }
    }

    fn uneven() -> Vec<(Option<u32>, Estimate)> {
        let errors = [0.02, 0.3, 0.09, 0.5];
        let values = [-1.2, -2.9, -2.4, -3.6, -1.9, -0.7, -2.2, -4.4, -2.5, -1.1, -3.1];
        let families = [Some(0), Some(0), Some(1), Some(1), Some(1), None, Some(2), Some(2), None, Some(3), Some(0)];
        let with = |place: usize| (families[place], estimate(values[place], errors[place % 4]));
        (0..values.len()).map(with).collect()
    }

    /// The whole covariance of the estimates, and whether two are of one family.
    fn dense(given: &[(Option<u32>, Estimate)], between: f64, within: f64) -> (Mat<f64>, Vec<f64>) {
        let is_one = |i: usize, j: usize| i == j || given[i].0.is_some() && given[i].0 == given[j].0;
        let of = |i: usize, j: usize| {
            let family = if is_one(i, j) { between } else { 0.0 };
            family + if i == j { within + given[i].1.variance } else { 0.0 }
        };
        (Mat::from_fn(given.len(), given.len(), of), given.iter().map(|(_, estimate)| estimate.value).collect())
    }

    fn dense_deviance(given: &[(Option<u32>, Estimate)], between: f64, within: f64) -> f64 {
        let (covariance, values) = dense(given, between, within);
        let inverse = covariance.llt(faer::Side::Lower).expect("positive").inverse();
        let count = values.len();
        let sum = |of: &dyn Fn(usize, usize) -> f64| {
            (0..count).flat_map(|i| (0..count).map(move |j| (i, j))).map(|(i, j)| of(i, j)).sum::<f64>()
        };
        let weight = sum(&|i, j| inverse[(i, j)]);
        let mean = sum(&|i, j| inverse[(i, j)] * values[j]) / weight;
        let squares = sum(&|i, j| (values[i] - mean) * inverse[(i, j)] * (values[j] - mean));
        covariance.determinant().ln() + squares + weight.ln()
    }

    #[test]
    fn uneven_families_are_those_of_the_whole_covariance_over_all_variances() {
        let given = uneven();
        let found = shrink_families(&given).expect("enough families");
        let groups: Vec<Vec<Estimate>> = [Some(0), Some(1), Some(2), Some(3)]
            .map(|family| given.iter().filter(|(own, _)| *own == family).map(|(_, one)| *one).collect())
            .into_iter()
            .chain(given.iter().filter(|(own, _)| own.is_none()).map(|(_, one)| vec![*one]))
            .collect();
        assert!((deviance(&groups, 0.3, 0.2) - dense_deviance(&given, 0.3, 0.2)).abs() < 1e-9);
        let usual = given.len() as f64 / given.iter().map(|(_, one)| 1.0 / one.variance).sum::<f64>();
        let logs = || (0..=70).map(|place| -11.0 + 0.25 * f64::from(place));
        let (mut all, mut shares) = (0.0, 0.0);
        for within in logs() {
            for between in logs() {
                let deviance = dense_deviance(&given, between.exp(), within.exp());
                let weight = (between + within - deviance / 2.0).exp();
                all += weight;
                shares += weight * within.exp() / (within.exp() + usual);
            }
        }
        let share = found.within_families / (found.within_families + usual);
        assert!((share / (shares / all) - 1.0).abs() < 0.01, "{share} {}", shares / all);
        best_of_dense(&given, &found);
    }

    /// Families as the best linear prediction over the whole covariance (Goldberger 1962).
    fn best_of_dense(given: &[(Option<u32>, Estimate)], found: &Nested) {
        let (between, within) = (found.between_families, found.within_families);
        let (covariance, values) = dense(given, between, within);
        let factor = covariance.llt(faer::Side::Lower).expect("positive");
        let count = values.len();
        let ones = factor.solve(&Mat::from_fn(count, 1, |_, _| 1.0));
        let weight: f64 = (0..count).map(|i| ones[(i, 0)]).sum();
        let mean = (0..count).map(|i| ones[(i, 0)] * values[i]).sum::<f64>() / weight;
        assert!((found.mean.value - mean).abs() < 1e-9 && (found.mean.variance - 1.0 / weight).abs() < 1e-9);
        for (family, FamilyMean { mean: drawn, shared_variance, .. }) in &found.families {
            let shared = |i: usize| if given[i].0 == Some(*family) { between } else { 0.0 };
            let solved = factor.solve(&Mat::from_fn(count, 1, |i, _| shared(i)));
            let value = mean + (0..count).map(|i| solved[(i, 0)] * (values[i] - mean)).sum::<f64>();
            let explained: f64 = (0..count).map(|i| solved[(i, 0)] * shared(i)).sum();
            let left = 1.0 - (0..count).map(|i| solved[(i, 0)]).sum::<f64>();
            assert!((drawn.value - value).abs() < 1e-9, "{family}: {} instead of {value}", drawn.value);
            // More than where the variances were known.
            let known = between - explained + left * left / weight;
            assert!(drawn.variance > known && drawn.variance < 1.5 * known, "{drawn:?} {known}");
            assert!((shared_variance - left * left / weight).abs() < 1e-9);
        }
    }

    #[test]
    fn intervals_of_products_and_families_hold_what_they_say() {
        for (families, size) in [(3, 3), (5, 4), (10, 5)] {
            for (between, within) in [(0.3_f64, 0.3_f64), (1.0, 0.5), (2.0, 1.0)] {
                let mut chance = Chance(families as u64);
                let (mut inside, mut of_family, mut all) = (0.0, 0.0, 0.0);
                for _ in 0..4_000 / (families * size) {
                    let mut truths = Vec::new();
                    let mut given = Vec::new();
                    for family in 0..families {
                        let mean = -2.0 + between * chance.normal();
                        for _ in 0..size {
                            let truth = mean + within * chance.normal();
                            let error = 0.5 * (0.4 * chance.normal()).exp();
                            truths.push((mean, truth));
                            given.push((Some(family as u32), estimate(truth + error * chance.normal(), error * error)));
                        }
                    }
                    let found = shrink_families(&given).expect("enough families");
                    for ((mean, truth), (family, own)) in truths.iter().zip(&given) {
                        let family = found.families[&family.expect("named")];
                        let of = CategoryElasticity {
                            mean: family.mean,
                            tau2: found.within_families,
                            unsure: found.within_unsure,
                        };
                        let drawn = of.draw(*own);
                        let left = own.variance / (own.variance + found.within_families);
                        let error = drawn.variance.sqrt().hypot(left * family.mean.variance.sqrt());
                        all += 1.0;
                        inside += f64::from((drawn.value - truth).abs() <= 1.96 * error);
                        of_family += f64::from((family.mean.value - mean).abs() <= 1.96 * family.mean.variance.sqrt());
                    }
                }
                let [inside, of_family] = [inside / all, of_family / all];
                println!("{families} of {size}, {between} and {within}: {inside} {of_family}");
                assert!((0.935..=0.98).contains(&inside), "{families} of {size}, {between}, {within}: {inside}");
                assert!((0.935..0.99).contains(&of_family), "{families} of {size}, {between}, {within}: {of_family}");
            }
        }
    }

    #[test]
    fn two_families_do_not_tell_families_from_products() {
        let few: Vec<_> = uneven().into_iter().filter(|(family, _)| family.is_none_or(|family| family < 2)).collect();
        assert!(matches!(shrink_families(&few), Err(ScienceError::NotEnough(_))));
    }
}
