//! The variances between and within families over all that are plausible, as the module `adjusted` has it for one level:
//! every pair of variances as likely before as any other (Stein's prior for each: Morris 1983; Christiansen and Morris
//! 1997). What is kept are mean and variance of the shares by which usual estimates are drawn: a product's towards its
//! family, a family's mean towards the mean of all. Of three groups, whose variance has no such prior, the prior of the
//! standard deviation counts between them instead (Gelman 2006, “Prior distributions for variance parameters in
//! hierarchical models”).

use crate::adjusted::{BEYOND, power};
use crate::families::Sums;
use crate::shrinkage::Estimate;

/// Places along each logarithm where it is looked for what is plausible, and where that is added up.
const COARSE: usize = 24;
const FINE: usize = 48;
/// What is less plausible by so much, in logarithms of the density, no longer counts.
const DROP: f64 = 15.0;

/// A mean share with its variance.
#[derive(Debug, Clone, Copy)]
struct Share {
    mean: f64,
    variance: f64,
}

impl Share {
    /// The variance of the logarithm of the ratio that the share stands for.
    fn unsure(&self) -> f64 {
        let both = self.mean * (1.0 - self.mean);
        self.variance / (both * both)
    }

    /// Of variances with their weights, beside another one.
    fn of(variances: impl Iterator<Item = (f64, f64)>, usual: f64) -> Share {
        let (mut all, mut sum, mut squares) = (0.0, 0.0, 0.0);
        for (variance, weight) in variances {
            let share = variance / (variance + usual);
            (all, sum, squares) = (all + weight, sum + weight * share, squares + weight * share * share);
        }
        let mean = sum / all;
        Share { mean, variance: (squares / all - mean * mean).max(0.0) }
    }

    /// The variance of which this is the share beside another one.
    fn beside(&self, usual: f64) -> f64 {
        usual * self.mean / (1.0 - self.mean)
    }
}

/// Both variances with those of their logarithms, and that of the logarithm of their sum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Plausible {
    pub between: f64,
    pub within: f64,
    pub between_unsure: f64,
    pub within_unsure: f64,
    pub unsure: f64,
}

/// The estimates of a category, family by family.
struct Category<'a> {
    groups: &'a [Vec<Estimate>],
}

/// The families where products differ by a variance within them.
struct At {
    sums: Vec<Sums>,
    /// The error variance of a usual family's mean, of families with several estimates.
    usual: f64,
}

impl Category<'_> {
    fn at(&self, within: f64) -> At {
        let sums: Vec<Sums> = self.groups.iter().map(|group| Sums::of(group, within)).collect();
        let several = self.groups.iter().zip(&sums).filter(|(group, _)| group.len() > 1);
        let (count, weight) = several.fold((0.0, 0.0), |(count, all), (_, sums)| (count + 1.0, all + sums.weight));
        At { sums, usual: count / weight }
    }

    /// The logarithm of the density over both logarithms.
    fn density(&self, at: &At, between: f64, within: f64) -> f64 {
        let (mut weight, mut sum, mut rest) = (0.0, 0.0, 0.0);
        for family in &at.sums {
            let own = 1.0 / family.variance(between);
            weight += own;
            sum += own * family.mean;
            rest += family.logarithms + (family.weight / own).ln() + family.squares;
        }
        let mean = sum / weight;
        let squares = at.sums.iter().map(|family| (family.mean - mean).powi(2) / family.variance(between)).sum::<f64>();
        power(self.groups.len()) * between.ln() + within.ln() - (rest + squares + weight.ln()) / 2.0
    }
}

/// Over all plausible variances, from those that are the most plausible; `None` where they cannot be told.
pub(super) fn plausible(groups: &[Vec<Estimate>], highest: [f64; 2]) -> Option<Plausible> {
    let all: Vec<&Estimate> = groups.iter().flatten().collect();
    let count = all.len() as f64;
    let least = all.iter().map(|estimate| estimate.variance).fold(f64::INFINITY, f64::min);
    let most = all.iter().map(|estimate| estimate.variance).fold(0.0, f64::max);
    let mean = all.iter().map(|estimate| estimate.value).sum::<f64>() / count;
    let spread = all.iter().map(|estimate| (estimate.value - mean).powi(2)).sum::<f64>();
    let bounds = ((least / count).ln() - 1.0 - BEYOND.0, (10.0 * (spread + most)).ln() + BEYOND.1);
    let usual = count / all.iter().map(|estimate| 1.0 / estimate.variance).sum::<f64>();
    let category = Category { groups };
    let [between, within] = category.reach(bounds, highest);
    let logs = |reach| places(reach, FINE).map(f64::exp).collect::<Vec<f64>>();
    let (between, within) = (logs(between), logs(within));
    let weights = category.weights(&between, &within);
    let along = |number: usize| weights.iter().map(move |row| row[number]).sum::<f64>();
    let of_product = Share::of(within.iter().copied().zip(weights.iter().map(|row| row.iter().sum())), usual);
    let pairs = within
        .iter()
        .zip(&weights)
        .flat_map(|(within, row)| between.iter().zip(row).map(move |(between, weight)| (between + within, *weight)));
    let of_both = Share::of(pairs, usual);
    let within = of_product.beside(usual);
    let of_mean = category.at(within).usual;
    let of_family = Share::of(between.iter().enumerate().map(|(number, between)| (*between, along(number))), of_mean);
    let found = Plausible {
        between: of_family.beside(of_mean),
        within,
        between_unsure: of_family.unsure(),
        within_unsure: of_product.unsure(),
        unsure: of_both.unsure(),
    };
    let are_told = [found.between, found.within].into_iter().all(|variance| variance.is_finite() && variance > 0.0);
    let unsure = [found.between_unsure, found.within_unsure, found.unsure];
    (are_told && unsure.into_iter().all(f64::is_finite)).then_some(found)
}

fn places((from, to): (f64, f64), count: usize) -> impl Iterator<Item = f64> + Clone {
    (0..=count).map(move |place| from + (to - from) * place as f64 / count as f64)
}

impl Category<'_> {
    /// From where to where each logarithm is plausible.
    fn reach(&self, bounds: (f64, f64), highest: [f64; 2]) -> [(f64, f64); 2] {
        let wide = (bounds.0.min(highest[0]).min(highest[1]), bounds.1.max(highest[0]).max(highest[1]));
        let step = (wide.1 - wide.0) / COARSE as f64;
        let top = self.density(&self.at(highest[1].exp()), highest[0].exp(), highest[1].exp());
        let mut reach = highest.map(|log| (log, log));
        for within in places(wide, COARSE) {
            let at = self.at(within.exp());
            for between in places(wide, COARSE) {
                if self.density(&at, between.exp(), within.exp()) > top - DROP {
                    for (reach, log) in reach.iter_mut().zip([between, within]) {
                        *reach = (reach.0.min(log), reach.1.max(log));
                    }
                }
            }
        }
        reach.map(|(from, to)| ((from - step).max(wide.0 - step), (to + step).min(wide.1 + step)))
    }

    /// How plausible each pair is, the variances within families by rows.
    fn weights(&self, between: &[f64], within: &[f64]) -> Vec<Vec<f64>> {
        let row = |within: &f64| {
            let at = self.at(*within);
            between.iter().map(|between| self.density(&at, *between, *within)).collect::<Vec<f64>>()
        };
        let mut weights: Vec<Vec<f64>> = within.iter().map(row).collect();
        let highest = weights.iter().flatten().copied().fold(f64::NEG_INFINITY, f64::max);
        weights.iter_mut().flatten().for_each(|density| *density = (*density - highest).exp());
        weights
    }
}
