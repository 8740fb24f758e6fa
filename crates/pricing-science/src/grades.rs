//! How much an elasticity can be relied on: a grade for each product, and what is missing for a better one.

use serde::{Deserialize, Serialize};

use crate::shrinkage::{Estimate, posterior_unsure};

/// What an elasticity rests on, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// The product's own data.
    OwnData,
    /// Own data, drawn towards its category.
    Shrunk,
    /// The category's estimate.
    Category,
    /// The value that the company uses where it knows nothing.
    Default,
    /// Nothing that could be used.
    NotEnough,
}

/// What a product's history offers.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Evidence {
    /// Weeks with sales and a price.
    pub weeks: usize,
    /// Different prices that were really charged.
    pub price_levels: usize,
    /// Standard deviation of the logarithm of the price.
    pub price_variation: f64,
    /// Units sold in all.
    pub units: f64,
}

/// What must be there for an estimate from own data.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct GradeRules {
    /// Weeks.
    pub weeks: usize,
    /// Price levels.
    pub price_levels: usize,
    /// Standard deviation of the logarithm of the price.
    pub price_variation: f64,
    /// Units.
    pub units: f64,
    /// Own data counts alone where this share of its weight is its own after shrinkage.
    pub own_share: f64,
}

impl Default for GradeRules {
    /// Half a year, three prices, three percent of variation: below, simulated estimates are mostly noise.
    fn default() -> Self {
        GradeRules { weeks: 26, price_levels: 3, price_variation: 0.03, units: 50.0, own_share: 0.9 }
    }
}

/// A category's elasticity: its mean and how much products differ around it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CategoryElasticity {
    /// The mean with the variance of that mean.
    pub mean: Estimate,
    /// The variance between products.
    pub tau2: f64,
    /// The variance of the logarithm of that; 0 where it is taken as known.
    #[serde(default)]
    pub unsure: f64,
}

impl CategoryElasticity {
    /// An own estimate drawn to the mean. In its variance is what is unsure about how far it is drawn, and not what is
    /// unsure about the mean.
    pub fn draw(&self, own: Estimate) -> Estimate {
        posterior_unsure(own, self.tau2, self.unsure, self.mean.value)
    }
}

/// An elasticity with its grade.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GradedElasticity {
    /// What it rests on.
    pub grade: Grade,
    /// The value to use, where there is one.
    pub estimate: Option<Estimate>,
    /// What is missing for an estimate from own data, in words with numbers.
    pub missing: Vec<String>,
    /// Whether demand is inelastic, so that no best price exists inside and a bound must be used.
    pub is_inelastic: bool,
}

/// Grades a product: `own` is its own estimate, where the fit converged.
pub fn grade(
    evidence: &Evidence,
    own: Option<Estimate>,
    category: Option<CategoryElasticity>,
    default: Option<Estimate>,
    rules: &GradeRules,
) -> GradedElasticity {
    let mut missing = missing(evidence, rules);
    let usable = own.filter(|own| own.value.is_finite() && own.variance.is_finite() && own.variance > 0.0);
    if missing.is_empty() && usable.is_none() {
        missing.push("the fit did not converge or its error is not known".to_owned());
    }
    let usable = usable.filter(|_| missing.is_empty());
    let (grade, estimate) = match (usable, category, default) {
        (Some(own), Some(category), _) => {
            let shrunk = category.draw(own);
            let own_share = category.tau2 / (category.tau2 + own.variance);
            (if own_share >= rules.own_share { Grade::OwnData } else { Grade::Shrunk }, Some(shrunk))
        }
        (Some(own), None, _) => (Grade::OwnData, Some(own)),
        (None, Some(category), _) => {
            let variance = category.mean.variance + category.tau2;
            (Grade::Category, Some(Estimate { value: category.mean.value, variance }))
        }
        (None, None, Some(default)) => (Grade::Default, Some(default)),
        (None, None, None) => (Grade::NotEnough, None),
    };
    let is_inelastic = estimate.is_some_and(|estimate| estimate.value >= -1.0);
    GradedElasticity { grade, estimate, missing, is_inelastic }
}

/// Whether a history offers what an estimate from own data needs.
pub(crate) fn is_enough(evidence: &Evidence, rules: &GradeRules) -> bool {
    missing(evidence, rules).is_empty()
}

fn missing(evidence: &Evidence, rules: &GradeRules) -> Vec<String> {
    let mut missing = Vec::new();
    if evidence.weeks < rules.weeks {
        missing.push(format!("{} more weeks with sales", rules.weeks - evidence.weeks));
    }
    if evidence.price_levels < rules.price_levels {
        missing.push(format!("{} more price levels", rules.price_levels - evidence.price_levels));
    }
    if evidence.price_variation < rules.price_variation {
        missing.push(format!(
            "price variation of {:.1} % instead of {:.1} %",
            100.0 * rules.price_variation,
            100.0 * evidence.price_variation
        ));
    }
    if evidence.units < rules.units {
        missing.push(format!("{:.0} more units sold", (rules.units - evidence.units).ceil()));
    }
    missing
}

/// Whether a price lies outside the prices seen, so that what is said about it is extrapolated.
pub fn is_extrapolated(price: f64, seen: &[f64]) -> bool {
    const ROUNDING: f64 = 1e-9;
    let low = seen.iter().copied().fold(f64::INFINITY, f64::min);
    let high = seen.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    price < low - ROUNDING || price > high + ROUNDING
}

#[cfg(test)]
mod tests {
    use super::{CategoryElasticity, Estimate, Evidence, Grade, GradeRules, grade, is_extrapolated};

    const GOOD: Evidence = Evidence { weeks: 104, price_levels: 6, price_variation: 0.08, units: 900.0 };

    fn estimate(value: f64, variance: f64) -> Estimate {
        Estimate { value, variance }
    }

    #[test]
    fn sure_own_data_counts_alone_and_unsure_data_is_shrunk() {
        let category = Some(CategoryElasticity { mean: estimate(-2.0, 0.01), tau2: 0.25, unsure: 0.0 });
        let rules = GradeRules::default();
        let sure = grade(&GOOD, Some(estimate(-3.0, 0.01)), category, None, &rules);
        let unsure = grade(&GOOD, Some(estimate(-3.0, 0.25)), category, None, &rules);
        assert_eq!((sure.grade, unsure.grade), (Grade::OwnData, Grade::Shrunk));
        assert_eq!(unsure.estimate.map(|found| found.value), Some(-2.5));
    }

    #[test]
    fn what_is_missing_is_named_with_numbers() {
        let poor = Evidence { weeks: 20, price_levels: 1, price_variation: 0.0, units: 900.0 };
        let graded = grade(&poor, Some(estimate(-3.0, 0.01)), None, None, &GradeRules::default());
        assert_eq!(graded.grade, Grade::NotEnough);
        assert_eq!(graded.missing[..2], ["6 more weeks with sales", "2 more price levels"]);
    }

    #[test]
    fn inelastic_demand_and_unseen_prices_are_marked() {
        let graded = grade(&Evidence::default(), None, None, Some(estimate(-0.7, 0.1)), &GradeRules::default());
        assert!(graded.is_inelastic && graded.grade == Grade::Default);
        assert!(is_extrapolated(9.0, &[10.0, 12.0]) && !is_extrapolated(11.0, &[10.0, 12.0]));
    }
}
