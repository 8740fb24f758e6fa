//! The elasticities of a whole catalogue from its sales: cleaned, summed up by week, fitted product by product, drawn
//! towards their category, and graded by what they rest on.
//!
//! Each product: units ~ exp(ln price + promotion + season) by Poisson pseudo maximum likelihood (Gourieroux, Monfort and
//! Trognon 1984; Santos Silva and Tenreyro 2006), standard errors HC1. Weeks in which nothing was sold take part: without
//! them a product that sells seldom seems not to answer its price. The season is what the other products did in that
//! week, so that a year of data is enough. Shrinkage: empirical Bayes with REML within the category, or the nearest category above it with enough
//! estimates, or the whole catalogue (see [`crate::shrink`]).

mod weeks;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::cleaning::{Dropped, HistoryRow};
use crate::covariance::Convention;
use crate::fit::{FitRequest, Method, fit};
use crate::grades::{CategoryElasticity, Evidence, Grade, GradeRules, GradedElasticity, grade};
use crate::parallel::map_parts;
use crate::shrinkage::{BetweenVariance, Estimate, shrink};
use crate::table::{Table, Values};

pub use weeks::SoldWeek;
use weeks::{History, seasons};

/// The sales of a product.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ProductSales {
    /// Its category, by its place; `None` where there is none.
    pub category: Option<u32>,
    /// Days with sales in order, numbered from any day on.
    pub days: Vec<(i64, HistoryRow)>,
}

/// How a catalogue is fitted.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct DemandRules {
    /// What an estimate from own data needs.
    pub grades: GradeRules,
    /// What is used where nothing is known.
    pub default: Option<Estimate>,
}

/// Estimates that a category needs before its products are drawn towards it.
pub const FEWEST_ESTIMATES: usize = 5;

/// What a product's elasticity is drawn towards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A category, by its place.
    Category(u32),
    /// The whole catalogue: no category has enough.
    Catalogue,
    /// The company's own value.
    Default,
}

/// A product's demand.
#[derive(Debug, Clone, PartialEq)]
pub struct ProductDemand {
    /// The elasticity with its grade and what is missing.
    pub graded: GradedElasticity,
    /// The product's own estimate, before it is drawn anywhere.
    pub own: Option<Estimate>,
    /// What the history offers.
    pub evidence: Evidence,
    /// What it was drawn towards, or comes from.
    pub source: Option<Source>,
    /// The part of the standard error that is the product's own.
    pub own_error: f64,
    /// The part that it shares with all products of its source.
    pub common_error: f64,
    /// The lowest and highest price charged; NaN without any.
    pub seen: (f64, f64),
    /// Days left out, by reason.
    pub dropped: Vec<(Dropped, usize)>,
    /// Days in a promotion.
    pub promotion_days: usize,
    /// Days on which another price was charged than asked.
    pub repriced_days: usize,
    /// What it sold, week by week.
    pub weeks: Vec<SoldWeek>,
}

/// What a category's products have in common.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SourceElasticity {
    /// Which.
    pub source: Source,
    /// Products with an own estimate.
    pub products: usize,
    /// Mean and variance between products.
    pub elasticity: CategoryElasticity,
}

/// The demand of a catalogue.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CatalogueDemand {
    /// In the order given.
    pub products: Vec<ProductDemand>,
    /// What was drawn towards, categories first.
    pub sources: Vec<SourceElasticity>,
}

/// Fits every product. `parents` has the category above each category.
pub fn fit_catalogue(products: &[ProductSales], parents: &[Option<u32>], rules: &DemandRules) -> CatalogueDemand {
    let histories = map_parts(products.len(), |product| History::of(&products[product].days));
    let seasons = seasons(&histories);
    let own = map_parts(products.len(), |product| own_estimate(&histories[product], &seasons, &rules.grades));
    let sources = sources(products, parents, &own);
    let by_source: BTreeMap<Source, CategoryElasticity> =
        sources.iter().map(|found| (found.source, found.elasticity)).collect();
    let demands = histories.into_iter().zip(&own).zip(products).map(|((history, own), product)| {
        let above = std::iter::successors(product.category, |category| parents.get(*category as usize).copied()?);
        let category = above.map(Source::Category).find(|source| by_source.contains_key(source));
        let source = category.or_else(|| by_source.contains_key(&Source::Catalogue).then_some(Source::Catalogue));
        decide(history, *own, source.map(|source| (source, by_source[&source])), rules)
    });
    CatalogueDemand { products: demands.collect(), sources }
}

/// The elasticity from the product's own weeks; `None` where they cannot carry it.
fn own_estimate(history: &History, seasons: &weeks::Seasons, rules: &GradeRules) -> Option<Estimate> {
    if !crate::grades::is_enough(&history.evidence, rules) {
        return None;
    }
    let number = |value: &dyn Fn(&SoldWeek) -> f64| Values::Number(history.all.iter().map(value).collect());
    let columns = [
        ("units", number(&|week| week.units)),
        ("price", number(&|week| week.price.ln())),
        ("promotion", number(&|week| week.promotion)),
        ("season", number(&|week| seasons.without(week, history))),
    ];
    let columns = columns.into_iter().map(|(name, values)| (name.to_owned(), values)).collect();
    let request = FitRequest {
        formula: "units ~ price + promotion + season".to_owned(),
        method: Method::Ppml,
        convention: Some(Convention::Hc1),
        ..FitRequest::default()
    };
    let report = fit(&Table::new(columns).ok()?, &request).ok()?;
    let found = report.find("price")?;
    let variance = found.standard_error.powi(2);
    (found.estimate.is_finite() && variance.is_finite() && variance > 0.0)
        .then_some(Estimate { value: found.estimate, variance })
}

fn sources(products: &[ProductSales], parents: &[Option<u32>], own: &[Option<Estimate>]) -> Vec<SourceElasticity> {
    let mut estimates: BTreeMap<Source, Vec<Estimate>> = BTreeMap::new();
    for (product, own) in products.iter().zip(own) {
        let Some(own) = own else { continue };
        // A category counts its own products and those of every category below it.
        let above = std::iter::successors(product.category, |category| parents.get(*category as usize).copied()?);
        above.map(Source::Category).chain([Source::Catalogue]).for_each(|source| {
            estimates.entry(source).or_default().push(*own);
        });
    }
    let shrunk = |(source, estimates): (Source, Vec<Estimate>)| {
        if estimates.len() < FEWEST_ESTIMATES {
            return None;
        }
        let found = shrink(&estimates, BetweenVariance::Reml);
        let found = found.or_else(|_| shrink(&estimates, BetweenVariance::Moments)).ok()?;
        let mean = Estimate { value: found.mean, variance: found.mean_error.powi(2) };
        let elasticity = CategoryElasticity { mean, tau2: found.tau2 };
        Some(SourceElasticity { source, products: estimates.len(), elasticity })
    };
    estimates.into_iter().filter_map(shrunk).collect()
}

fn decide(
    history: History,
    own: Option<Estimate>,
    towards: Option<(Source, CategoryElasticity)>,
    rules: &DemandRules,
) -> ProductDemand {
    let elasticity = towards.map(|(_, elasticity)| elasticity);
    // The whole catalogue steadies an estimate; it does not stand for a product that has none.
    let stands_for = towards.filter(|(source, _)| matches!(source, Source::Category(_)));
    let without_own = || {
        let category = stands_for.map(|(_, elasticity)| elasticity);
        grade(&history.evidence, None, category, rules.default, &rules.grades)
    };
    let mut graded = match own {
        Some(_) => grade(&history.evidence, own, elasticity, rules.default, &rules.grades),
        None => without_own(),
    };
    let is_upward = own.is_some() && graded.estimate.is_some_and(|estimate| estimate.value >= 0.0);
    if is_upward {
        graded = without_own();
        graded.missing = vec!["more sold at higher prices: something else than the price moved the sales".to_owned()];
    }
    let source = match graded.grade {
        Grade::OwnData | Grade::Shrunk => towards.map(|(source, _)| source),
        Grade::Category => stands_for.map(|(source, _)| source),
        Grade::Default => Some(Source::Default),
        Grade::NotEnough => None,
    };
    let (own_error, common_error) = match (graded.grade, graded.estimate, elasticity) {
        (Grade::OwnData | Grade::Shrunk, Some(estimate), Some(towards)) => {
            let left = own.map_or(0.0, |own| own.variance / (own.variance + towards.tau2));
            (estimate.variance.sqrt(), left * towards.mean.variance.sqrt())
        }
        (Grade::Category, _, Some(towards)) => (towards.tau2.sqrt(), towards.mean.variance.sqrt()),
        (Grade::Default, Some(estimate), _) => (0.0, estimate.variance.sqrt()),
        (_, estimate, _) => (estimate.map_or(0.0, |estimate| estimate.variance.sqrt()), 0.0),
    };
    ProductDemand {
        graded,
        own: own.filter(|_| !is_upward),
        evidence: history.evidence,
        source,
        own_error,
        common_error,
        seen: history.seen,
        dropped: history.dropped,
        promotion_days: history.promotion_days,
        repriced_days: history.repriced_days,
        weeks: history.weeks,
    }
}

#[cfg(test)]
mod tests;
