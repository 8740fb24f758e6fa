//! The elasticities of a whole catalogue from its sales: cleaned, summed up by week, fitted product by product, drawn
//! towards their category, and graded by what they rest on.
//!
//! Each product: units ~ exp(ln price + promotion + season) by Poisson pseudo maximum likelihood (Gourieroux, Monfort and
//! Trognon 1984; Santos Silva and Tenreyro 2006), standard errors HC1. Weeks in which nothing was sold take part: without
//! them a product that sells seldom seems not to answer its price. The season is what the other products did in that
//! week, so that a year of data is enough. Weeks in which there was probably nothing to sell take no part.
//!
//! Shrinkage: empirical Bayes with an adjusted restricted likelihood, whose intervals hold for few products too, within the category, or the nearest category above it with enough estimates, or the
//! whole catalogue (see [`crate::shrink`]); where a category's families can be told from its products, products are drawn
//! towards their family and families towards the category.
//!
//! Where the prices of a product's family move its units, both elasticities come from one fit that knows both prices, and
//! never from two (see the module `siblings`).

mod rivals;
mod siblings;
mod stock_outs;
mod unfit;
mod weeks;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::cleaning::{Dropped, HistoryRow};
use crate::covariance::Convention;
use crate::families::{FamilyMean, Nested, shrink_families};
use crate::fit::{FitRequest, Method, fit};
use crate::grades::{CategoryElasticity, Evidence, Grade, GradeRules, GradedElasticity, grade};
use crate::parallel::map_parts;
use crate::shrinkage::{BetweenVariance, Estimate, shrink};
use crate::table::{Table, Values};

pub use rivals::{RivalAnswer, RivalEffect, RivalWeeks};
pub use siblings::{CrossEffect, FamilyAnswer, FamilyPool};
pub use unfit::unfit_weeks;
pub use weeks::SoldWeek;
use weeks::{History, cut_weeks, seasons};

/// The sales of a product.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ProductSales {
    /// Its category, by its place; `None` where there is none.
    pub category: Option<u32>,
    /// Its family, by its place; `None` where there is none.
    pub family: Option<u32>,
    /// Days with sales in order, counted from 1970-01-01, so that weeks begin on Mondays.
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
    /// A family within its category, by its place.
    Family(u32),
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
    /// Where the source is a family: the part that it shares with all families of their category, and which that is.
    pub wider: Option<(Source, f64)>,
    /// How it answers the prices of its family.
    pub family: FamilyAnswer,
    /// How it answers competitors' prices.
    pub rival: RivalAnswer,
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

impl ProductDemand {
    /// The whole standard error of the elasticity: of the product, of its source, of what that was drawn towards.
    pub fn error(&self) -> f64 {
        self.own_error.hypot(self.common_error).hypot(self.wider.map_or(0.0, |(_, error)| error))
    }
}

/// What the products of a category or family have in common.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SourceElasticity {
    /// Which.
    pub source: Source,
    /// For a family: the category that it is drawn towards.
    pub within: Option<Source>,
    /// Products with an own estimate.
    pub products: usize,
    /// Mean and variance between products.
    pub elasticity: CategoryElasticity,
    /// For a family: the part of the mean's variance that it shares with the other families of its category.
    pub shared_variance: f64,
    /// For a category whose families can be told from its products: the part of that variance that is between families.
    pub between_families: Option<f64>,
}

/// The demand of a catalogue.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CatalogueDemand {
    /// In the order given.
    pub products: Vec<ProductDemand>,
    /// What was drawn towards, categories first.
    pub sources: Vec<SourceElasticity>,
    /// What cross elasticities of families were drawn towards, categories first.
    pub family_pools: Vec<FamilyPool>,
    /// What effects of competitors' prices were drawn towards, categories first.
    pub rival_pools: Vec<FamilyPool>,
}

/// Fits every product. `parents` has the category above each category.
pub fn fit_catalogue(products: &[ProductSales], parents: &[Option<u32>], rules: &DemandRules) -> CatalogueDemand {
    fit_beside_rivals(products, &[], parents, rules)
}

/// The same where competitors' prices are known: `rivals` has those of each product, or nothing.
pub fn fit_beside_rivals(
    products: &[ProductSales],
    rivals: &[RivalWeeks],
    parents: &[Option<u32>],
    rules: &DemandRules,
) -> CatalogueDemand {
    let open = open_days(products.iter().map(|product| product.days.as_slice()));
    let runs = map_parts(products.len(), |product| stock_outs::runs(&products[product].days, &open));
    let without_stock = stock_outs::believed(&runs);
    let cut = cut_weeks(&open);
    let history = |product: usize| History::of(&products[product].days, &without_stock[product], &cut);
    let histories = map_parts(products.len(), history);
    let seasons = seasons(&histories);
    let mut own = map_parts(products.len(), |product| own_estimate(&histories[product], &seasons, &rules.grades));
    let asked = rivals::ask(&histories, rivals, &seasons, &rules.grades);
    let rival_pools = rivals::Pools::of(products, parents, &asked);
    let answers = products.iter().zip(&asked).map(|(product, asked)| rival_pools.decide(product, asked));
    let answers: Vec<(RivalAnswer, Option<Estimate>)> = answers.collect();
    // Who follows competitors changes both prices together: the own elasticity is that of the same fit.
    own.iter_mut().zip(&answers).for_each(|(own, (_, beside))| *own = own.and(*beside).or(*own));
    let rival_answers: Vec<RivalAnswer> = answers.into_iter().map(|(answer, _)| answer).collect();
    let mut sources = Sources::of(products, parents, &own);
    let asked = siblings::ask(products, &histories, &seasons, &|product| own[product].is_some(), &rules.grades);
    let pools = siblings::Pools::of(products, parents, &asked);
    let answers: Vec<siblings::Decided> = map_parts(products.len(), |place| {
        let towards = sources.of_product(&products[place]).map(|towards| towards.elasticity);
        let drawn = |own: Estimate| towards.map_or(own.value, |all| all.draw(own).value);
        pools.decide(&products[place], &asked[place], &drawn)
    });
    if answers.iter().any(|answer| answer.own.is_some()) {
        own.iter_mut().zip(&answers).for_each(|(own, answer)| *own = answer.own.or(*own));
        sources = Sources::of(products, parents, &own);
    }
    let decided = histories.into_iter().zip(own).zip(products).zip(answers).zip(rival_answers);
    let decided = decided.map(|((((history, own), product), answer), rival)| {
        let found = decide(history, own, sources.of_product(product), rules, answer.answer);
        ProductDemand { rival, ..found }
    });
    CatalogueDemand {
        products: decided.collect(),
        sources: sources.found,
        family_pools: pools.all(),
        rival_pools: rival_pools.all(),
    }
}

/// The days on which anything was sold, in order.
fn open_days<'a>(products: impl Iterator<Item = &'a [(i64, HistoryRow)]>) -> Vec<i64> {
    let sold = products.flatten().filter(|(_, row)| row.units > 0.0);
    let days: std::collections::BTreeSet<i64> = sold.map(|(day, _)| *day).collect();
    days.into_iter().collect()
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
        ("season", number(&|week| seasons.without(week, week.units / history.mean_units, 1.0))),
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

/// Own estimates of products, with their families.
type OwnEstimates = Vec<(Option<u32>, Estimate)>;

/// Everything that products can be drawn towards.
struct Sources<'a> {
    parents: &'a [Option<u32>],
    /// Categories first, then families, then the catalogue.
    found: Vec<SourceElasticity>,
    /// Places of them; families with their category.
    places: BTreeMap<(Source, Option<Source>), usize>,
}

/// What a product is drawn towards.
#[derive(Clone, Copy)]
struct Towards {
    source: Source,
    elasticity: CategoryElasticity,
    /// The category of a family, with the part of the mean's variance that it shares with others there.
    wider: Option<(Source, f64)>,
    /// Whether it stands for a product without an own estimate; the whole catalogue only steadies one.
    stands_for: bool,
}

impl Towards {
    /// The standard errors that a product takes from here with this weight: what it shares with its source alone, and
    /// what it shares with the other families of the category. Both are independent of each other.
    fn shared(&self, weight: f64) -> (f64, Option<(Source, f64)>) {
        let shared = self.wider.map_or(0.0, |(_, variance)| variance);
        let alone = (self.elasticity.mean.variance - shared).max(0.0).sqrt();
        (weight * alone, self.wider.map(|(category, variance)| (category, weight * variance.sqrt())))
    }
}

impl Sources<'_> {
    fn of<'a>(products: &[ProductSales], parents: &'a [Option<u32>], own: &[Option<Estimate>]) -> Sources<'a> {
        let mut estimates: BTreeMap<Source, OwnEstimates> = BTreeMap::new();
        for (product, own) in products.iter().zip(own) {
            let Some(own) = own else { continue };
            // A category counts its own products and those of every category below it.
            above(product, parents).map(Source::Category).chain([Source::Catalogue]).for_each(|source| {
                estimates.entry(source).or_default().push((product.family, *own));
            });
        }
        estimates.retain(|_, estimates| estimates.len() >= FEWEST_ESTIMATES);
        let all: Vec<(Source, OwnEstimates)> = estimates.into_iter().collect();
        let found = map_parts(all.len(), |place| {
            let (source, estimates) = &all[place];
            // Families count within a category; those of the whole catalogue have little in common.
            let nested = matches!(source, Source::Category(_)).then(|| shrink_families(estimates).ok()).flatten();
            match nested {
                Some(nested) => of_families(*source, estimates.len(), &nested),
                None => one_level(*source, estimates).into_iter().collect(),
            }
        });
        let mut found: Vec<SourceElasticity> = found.into_iter().flatten().collect();
        found.sort_by_key(|one| (one.source, one.within));
        let places = found.iter().enumerate().map(|(place, one)| ((one.source, one.within), place)).collect();
        Sources { parents, found, places }
    }

    fn find(&self, source: Source, within: Option<Source>) -> Option<Towards> {
        let found = &self.found[*self.places.get(&(source, within))?];
        let stands_for = source != Source::Catalogue;
        let wider = within.map(|category| (category, found.shared_variance));
        Some(Towards { source, elasticity: found.elasticity, wider, stands_for })
    }

    /// The nearest category with enough estimates, or the product's family in it, or the catalogue.
    fn of_product(&self, product: &ProductSales) -> Option<Towards> {
        let category = above(product, self.parents).map(Source::Category).find_map(|source| self.find(source, None));
        let Some(category) = category else { return self.find(Source::Catalogue, None) };
        let family = product.family.and_then(|family| self.find(Source::Family(family), Some(category.source)));
        family.or(Some(category))
    }
}

/// The product's category and those above it.
fn above<'a>(product: &ProductSales, parents: &'a [Option<u32>]) -> impl Iterator<Item = u32> + use<'a> {
    std::iter::successors(product.category, |category| parents.get(*category as usize).copied()?)
}

fn one_level(source: Source, estimates: &[(Option<u32>, Estimate)]) -> Option<SourceElasticity> {
    let estimates: Vec<Estimate> = estimates.iter().map(|(_, estimate)| *estimate).collect();
    let found = shrink(&estimates, BetweenVariance::Adjusted).ok()?;
    let mean = Estimate { value: found.mean, variance: found.mean_error.powi(2) };
    let elasticity = CategoryElasticity { mean, tau2: found.tau2, unsure: found.unsure };
    Some(SourceElasticity {
        source,
        within: None,
        products: estimates.len(),
        elasticity,
        shared_variance: 0.0,
        between_families: None,
    })
}

/// The category and its families.
fn of_families(source: Source, products: usize, nested: &Nested) -> Vec<SourceElasticity> {
    let tau2 = nested.between_families + nested.within_families;
    let category = SourceElasticity {
        source,
        within: None,
        products,
        elasticity: CategoryElasticity { mean: nested.mean, tau2, unsure: nested.unsure },
        shared_variance: 0.0,
        between_families: Some(nested.between_families),
    };
    let family = |(family, found): (&u32, &FamilyMean)| SourceElasticity {
        source: Source::Family(*family),
        within: Some(source),
        products: found.products,
        elasticity: CategoryElasticity { mean: found.mean, tau2: nested.within_families, unsure: nested.within_unsure },
        shared_variance: found.shared_variance,
        between_families: None,
    };
    std::iter::once(category).chain(nested.families.iter().map(family)).collect()
}

fn decide(
    history: History,
    own: Option<Estimate>,
    towards: Option<Towards>,
    rules: &DemandRules,
    family: FamilyAnswer,
) -> ProductDemand {
    let elasticity = towards.map(|towards| towards.elasticity);
    let stands_for = towards.filter(|towards| towards.stands_for);
    let without_own = || {
        let category = stands_for.map(|towards| towards.elasticity);
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
        Grade::OwnData | Grade::Shrunk => towards.map(|towards| towards.source),
        Grade::Category => stands_for.map(|towards| towards.source),
        Grade::Default => Some(Source::Default),
        Grade::NotEnough => None,
    };
    let (own_error, common_error, wider) = match (graded.grade, graded.estimate, towards) {
        (Grade::OwnData | Grade::Shrunk, Some(estimate), Some(towards)) => {
            let left = own.map_or(0.0, |own| own.variance / (own.variance + towards.elasticity.tau2));
            let (common, wider) = towards.shared(left);
            (estimate.variance.sqrt(), common, wider)
        }
        (Grade::Category, _, Some(towards)) => {
            let (common, wider) = towards.shared(1.0);
            (towards.elasticity.tau2.sqrt(), common, wider)
        }
        (Grade::Default, Some(estimate), _) => (0.0, estimate.variance.sqrt(), None),
        (_, estimate, _) => (estimate.map_or(0.0, |estimate| estimate.variance.sqrt()), 0.0, None),
    };
    // What the product's own fit has in the elasticity that is used.
    let own_share = match (graded.grade, own, elasticity) {
        (Grade::OwnData | Grade::Shrunk, Some(own), Some(all)) => Some(all.tau2 / (own.variance + all.tau2)),
        (Grade::OwnData | Grade::Shrunk, Some(_), None) => Some(1.0),
        _ => None,
    };
    ProductDemand {
        family: FamilyAnswer { found: family.found.beside(own_share), ..family },
        graded,
        rival: RivalAnswer::default(),
        own: own.filter(|_| !is_upward),
        evidence: history.evidence,
        source,
        own_error,
        common_error,
        wider,
        seen: history.seen,
        dropped: history.dropped,
        promotion_days: history.promotion_days,
        repriced_days: history.repriced_days,
        weeks: history.weeks,
    }
}

#[cfg(test)]
mod tests;
