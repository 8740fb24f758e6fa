//! How the units of a product follow the prices of the other products of its family.
//!
//! The siblings' prices enter as one index with fixed weights (Stone's price index as in Deaton and Muellbauer 1980, “An
//! almost ideal demand system”, in place of one price each, which a year of weeks cannot tell apart): the mean of ln
//! price less its own mean, weighed by what each sibling sells in a week. A sibling that is not on sale takes no part.
//! Own and cross elasticity come from one fit: units ~ exp(ln price, siblings' prices, promotion, siblings' promotions,
//! season, trend), by Poisson pseudo maximum likelihood. The season is what products outside of the family did, since
//! what the family sells is what the question is about; the trend keeps two lives of products apart that only age
//! together. The error of the cross elasticity is the larger of HC3 (MacKinnon and White 1985), since a few weeks of
//! promotions carry most of what is known, and of clusters of four weeks (Liang and Zeger 1986), since sales that stay
//! high or low for weeks say less about prices that stay as well.
//!
//! Cross elasticities of families are small beside their errors, so that none stands alone: they are drawn together by
//! empirical Bayes, as Montgomery (1997, “Creating micro-marketing pricing strategies using supermarket scanner data”) does it
//! for own and cross elasticities, within the nearest category with five estimates of three families, or over the whole
//! catalogue. The variance between products is that of the restricted likelihood, adjusted so that it is never zero (Li and
//! Lahiri 2010, “An adjusted maximum likelihood method for solving small area estimation problems”; Morris and Tang 2011):
//! with few products the maximum often is, and intervals are then too narrow. The mean's error is robust to what a family
//! has in common. Means, and products of which the mean is not, count as different from none by Benjamini and Hochberg (1995)
//! over all of them.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::weeks::{History, Seasons, SoldWeek};
use super::{FEWEST_ESTIMATES, ProductSales, Source, above};
use crate::adjusted::between;
use crate::covariance::Convention;
use crate::distributions::{normal_below, t_above};
use crate::families::FEWEST_FAMILIES;
use crate::fit::{FitRequest, Method, Pieces, design};
use crate::grades::GradeRules;
use crate::linear::{Solved, cross_products};
use crate::parallel::map_parts;
use crate::ppml;
use crate::shrinkage::{Estimate, posterior};
use crate::table::{Table, Values};

/// Ends of a 95 % interval in standard errors.
pub(super) const WIDTH: f64 = 1.96;
/// The level at which the mean of a category is told from none.
const LEVEL: f64 = 0.05;
/// Weeks of one cluster.
pub(super) const CLUSTER: i64 = 4;
pub(super) const WEEKS_OF_A_YEAR: f64 = 52.0;

/// How a product answers the prices of its family.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct FamilyAnswer {
    /// Other products of its family with sales.
    pub siblings: usize,
    /// What it weighs among the siblings of others: its mean units of a week.
    pub weight: f64,
    /// What its siblings weigh together.
    pub others: f64,
    /// Its own estimate, before it is drawn anywhere.
    pub own: Option<Estimate>,
    /// What is used, or why nothing is.
    pub found: CrossEffect,
}

/// The cross elasticity of a product, or why none is used.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CrossEffect {
    /// It has no family, or no sibling that sells.
    #[default]
    NoSiblings,
    /// Its sales do not carry an elasticity of its own.
    NotEnough,
    /// Its own price and its siblings' did not vary apart from each other: its own elasticity is that of both together.
    Together,
    /// The fit did not converge.
    NotFitted,
    /// No category, and not the whole catalogue, has enough estimates to be drawn together.
    FewEstimates,
    /// It cannot be told from none.
    NotDistinct,
    /// Siblings' prices would matter more than its own, or its own not as prices do.
    Implausible,
    /// It is used.
    Used {
        /// Change of units in percent when the siblings' prices rise by one percent.
        value: f64,
        /// The part of the standard error that is the product's own.
        own_error: f64,
        /// The part that it shares with all products of its source.
        common_error: f64,
        /// What it was drawn towards.
        source: Source,
        /// How the own part errs together with that of the own elasticity, which comes from the same fit: a covariance.
        covariance: f64,
    },
}

impl CrossEffect {
    /// The elasticity that is used with its standard error.
    pub fn used(&self) -> Option<(f64, f64)> {
        match self {
            CrossEffect::Used { value, own_error, common_error, .. } => Some((*value, own_error.hypot(*common_error))),
            _ => None,
        }
    }

    /// Brings it to an own elasticity of which this share is its own estimate; `None`: that is not used.
    pub(super) fn beside(self, own_share: Option<f64>) -> CrossEffect {
        match (self, own_share) {
            (CrossEffect::Used { value, own_error, common_error, source, covariance }, Some(share)) => {
                CrossEffect::Used { value, own_error, common_error, source, covariance: share * covariance }
            }
            (CrossEffect::Used { .. }, None) => CrossEffect::Implausible,
            (other, _) => other,
        }
    }
}

/// What a family has in a week, in sums over its products.
#[derive(Default, Clone, Copy)]
struct FamilyWeek {
    /// Weighed deviations of ln price.
    prices: f64,
    /// Weighed shares sold in promotions.
    promotions: f64,
    /// Units as shares of each product's mean, and how many products.
    units: f64,
    products: f64,
}

/// A family with its weeks.
struct Family {
    products: usize,
    weight: f64,
    /// The week of the first entry.
    first: i64,
    weeks: Vec<FamilyWeek>,
}

/// Own and cross elasticity of one fit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Joint {
    /// The own elasticity.
    pub price: Estimate,
    /// The cross elasticity.
    siblings: Estimate,
    covariance: f64,
}

/// What was asked about a product's siblings.
#[derive(Clone, Copy)]
pub(super) struct Asked {
    answer: FamilyAnswer,
    joint: Option<Joint>,
}

/// Asks every product; `carries` says which sales carry an own elasticity.
pub(super) fn ask(
    products: &[ProductSales],
    histories: &[History],
    seasons: &Seasons,
    carries: &(dyn Fn(usize) -> bool + Sync),
    rules: &GradeRules,
) -> Vec<Asked> {
    let families = families(products, histories, carries);
    map_parts(products.len(), |place| {
        let nothing = Asked { answer: FamilyAnswer::default(), joint: None };
        let (history, family) = (&histories[place], products[place].family.and_then(|family| families.get(&family)));
        let Some(family) = family.filter(|_| history.mean_units > 0.0) else { return nothing };
        let weight = history.mean_units;
        let mut answer = FamilyAnswer {
            siblings: family.products - 1,
            weight,
            others: family.weight - weight,
            own: None,
            found: CrossEffect::NotEnough,
        };
        if !carries(place) {
            return Asked { answer, joint: None };
        }
        let rows = Rows { history, family, weight, others: answer.others, seasons };
        let joint = rows.fit(rules);
        answer.own = joint.ok().map(|joint| joint.siblings);
        answer.found = joint.err().unwrap_or(CrossEffect::FewEstimates);
        Asked { answer, joint: joint.ok() }
    })
}

/// The families with at least two products that sell; those of which none can be asked without their weeks.
fn families(
    products: &[ProductSales],
    histories: &[History],
    carries: &(dyn Fn(usize) -> bool + Sync),
) -> BTreeMap<u32, Family> {
    let mut members: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (place, product) in products.iter().enumerate().filter(|(place, _)| histories[*place].mean_units > 0.0) {
        if let Some(family) = product.family {
            members.entry(family).or_default().push(place);
        }
    }
    members.retain(|_, members| members.len() > 1);
    let members: Vec<(u32, Vec<usize>)> = members.into_iter().collect();
    let of = |place: usize| {
        let members = &members[place].1;
        let is_asked = members.iter().any(|product| carries(*product));
        Family::of(members.iter().map(|product| &histories[*product]), is_asked)
    };
    let families = map_parts(members.len(), of);
    members.iter().map(|(code, _)| *code).zip(families).collect()
}

impl Family {
    fn of<'a>(histories: impl Iterator<Item = &'a History> + Clone, is_asked: bool) -> Family {
        let weeks = || histories.clone().flat_map(|history| &history.all).map(|week| week.week);
        let (first, last) = (weeks().min().unwrap_or(0), weeks().max().unwrap_or(0));
        let weeks = usize::try_from(last - first).map_or(1, |more| more + 1);
        let mut family = Family {
            products: 0,
            weight: 0.0,
            first,
            weeks: vec![FamilyWeek::default(); if is_asked { weeks } else { 0 }],
        };
        for history in histories {
            family.products += 1;
            family.weight += history.mean_units;
            for week in history.all.iter().filter(|_| is_asked) {
                let sums = &mut family.weeks[(week.week - first) as usize];
                sums.prices += history.mean_units * (week.price.ln() - history.mean_log_price);
                sums.promotions += history.mean_units * week.promotion;
                sums.units += week.units / history.mean_units;
                sums.products += 1.0;
            }
        }
        family
    }

    fn week(&self, week: &SoldWeek) -> FamilyWeek {
        let place = usize::try_from(week.week - self.first).ok();
        place.and_then(|place| self.weeks.get(place)).copied().unwrap_or_default()
    }
}

/// What a product's weeks say beside its siblings'.
struct Rows<'a> {
    history: &'a History,
    family: &'a Family,
    weight: f64,
    others: f64,
    seasons: &'a Seasons,
}

impl Rows<'_> {
    /// The siblings' prices, in logarithms around their means.
    fn prices(&self, week: &SoldWeek) -> f64 {
        let own = self.weight * (week.price.ln() - self.history.mean_log_price);
        (self.family.week(week).prices - own) / self.others
    }

    fn promotions(&self, week: &SoldWeek) -> f64 {
        (self.family.week(week).promotions - self.weight * week.promotion) / self.others
    }

    fn season(&self, week: &SoldWeek) -> f64 {
        let family = self.family.week(week);
        self.seasons.without(week, family.units, family.products)
    }

    fn fit(&self, rules: &GradeRules) -> Result<Joint, CrossEffect> {
        let weeks = &self.history.all;
        let first = weeks.first().map_or(0, |week| week.week);
        let column = |value: &dyn Fn(&SoldWeek) -> f64| weeks.iter().map(value).collect::<Vec<f64>>();
        let columns = [
            ("promotion", column(&|week| week.promotion)),
            ("siblings_promotion", column(&|week| self.promotions(week))),
            ("season", column(&|week| self.season(week))),
            ("trend", column(&|week| (week.week - first) as f64 / WEEKS_OF_A_YEAR)),
            ("price", column(&|week| week.price.ln())),
            ("siblings", column(&|week| self.prices(week))),
        ];
        if apart(&columns).iter().any(|deviation| *deviation < rules.price_variation) {
            return Err(CrossEffect::Together);
        }
        let number = |(name, values): (&str, Vec<f64>)| (name.to_owned(), Values::Number(values));
        let mut columns: Vec<(String, Values)> = columns.into_iter().map(number).collect();
        columns.push(number(("units", column(&|week| week.units))));
        columns.push(number(("stretch", column(&|week| week.week.div_euclid(CLUSTER) as f64))));
        fitted(columns).filter(Joint::is_usable).ok_or(CrossEffect::NotFitted)
    }
}

/// The standard deviations of the last two columns that neither each other nor the columns before them explain.
pub(super) fn apart(columns: &[(&str, Vec<f64>)]) -> [f64; 2] {
    let rows = columns[0].1.len();
    let mut all = vec![vec![1.0; rows]];
    all.extend(columns.iter().map(|(_, values)| values.clone()));
    let gram = cross_products(&all, &all, None);
    let Ok(solved) = Solved::new(&gram, &vec![0.0; all.len()]) else { return [0.0; 2] };
    [all.len() - 2, all.len() - 1].map(|column| match solved.kept.iter().position(|kept| *kept == column) {
        // What is left of a column's squares is one over its place in the inverse.
        Some(place) => (1.0 / solved.inverse[(place, place)] / rows as f64).max(0.0).sqrt(),
        None => 0.0,
    })
}

fn fitted(columns: Vec<(String, Values)>) -> Option<Joint> {
    let request = FitRequest {
        formula: "units ~ promotion + siblings_promotion + season + trend + price + siblings".to_owned(),
        method: Method::Ppml,
        clusters: vec!["stretch".to_owned()],
        ..FitRequest::default()
    };
    let pieces = ppml::fit(design(&Table::new(columns).ok()?, &request).ok()?).ok()?;
    let place = |name: &str| pieces.kept.iter().position(|column| pieces.names[*column] == name);
    joint(&pieces, place("price")?, place("siblings")?)
}

fn joint(pieces: &Pieces, price: usize, siblings: usize) -> Option<Joint> {
    let sandwich = pieces.sandwich();
    let robust = sandwich.covariance(Convention::Hc1).ok()?;
    let of = |convention| Some(sandwich.covariance(convention).ok()?[(siblings, siblings)]);
    let variance = of(Convention::Hc3)?.max(of(Convention::Cr1)?);
    Some(Joint {
        price: Estimate { value: pieces.coefficients[price], variance: robust[(price, price)] },
        siblings: Estimate { value: pieces.coefficients[siblings], variance },
        covariance: robust[(price, siblings)],
    })
}

/// A coefficient that may be missing, and one that may not, of one fit; `None` where it is no use.
pub(super) fn estimates_of(
    table: &Table,
    request: &FitRequest,
    own: &str,
    cross: &str,
) -> Option<(Option<Estimate>, Estimate)> {
    let pieces = ppml::fit(design(table, request).ok()?).ok()?;
    let place = |name: &str| pieces.kept.iter().position(|column| pieces.names[*column] == name);
    let cross = place(cross)?;
    let sandwich = pieces.sandwich();
    let variance = |convention, at: usize| Some(sandwich.covariance(convention).ok()?[(at, at)]);
    let is_usable = |one: &Estimate| one.value.is_finite() && one.variance.is_finite() && one.variance > 0.0;
    let own = place(own).and_then(|at| {
        let variance = variance(Convention::Hc1, at)?;
        Some(Estimate { value: pieces.coefficients[at], variance }).filter(is_usable)
    });
    let variance = variance(Convention::Hc3, cross)?.max(variance(Convention::Cr1, cross)?);
    let cross = Some(Estimate { value: pieces.coefficients[cross], variance }).filter(is_usable)?;
    Some((own, cross))
}

impl Joint {
    fn is_usable(&self) -> bool {
        let of = |one: &Estimate| one.value.is_finite() && one.variance.is_finite() && one.variance > 0.0;
        of(&self.price) && of(&self.siblings) && self.covariance.is_finite()
    }
}

/// What the cross elasticities of a category have in common.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FamilyPool {
    /// The category, or the whole catalogue.
    pub source: Source,
    /// Products with an own estimate.
    pub products: usize,
    /// Their families.
    pub families: usize,
    /// The mean, with the square of an error that is robust to what a family has in common.
    pub mean: Estimate,
    /// The variance between products.
    pub tau2: f64,
    /// Whether the mean is told from none.
    pub is_distinct: bool,
}

/// What cross elasticities are drawn towards.
pub(super) struct Pools<'a> {
    parents: &'a [Option<u32>],
    found: BTreeMap<Source, FamilyPool>,
    /// So improbable a product must be where there is no effect, and the mean of its pool is not told from none.
    least: f64,
}

/// A cross elasticity after it was drawn.
pub(super) struct Drawn {
    pub value: f64,
    pub own_error: f64,
    pub common_error: f64,
    /// What of it is the product's own.
    pub share: f64,
}

impl Drawn {
    pub fn of(own: Estimate, pool: &FamilyPool) -> Drawn {
        let drawn = posterior(own, pool.tau2, pool.mean.value);
        let share = pool.tau2 / (pool.tau2 + own.variance);
        let common_error = (1.0 - share) * pool.mean.variance.sqrt();
        Drawn { value: drawn.value, own_error: drawn.variance.sqrt(), common_error, share }
    }

    pub fn error(&self) -> f64 {
        self.own_error.hypot(self.common_error)
    }

    /// The probability of as much where there is none.
    fn chance(&self) -> f64 {
        2.0 * normal_below(-self.value.abs() / self.error())
    }
}

impl Pools<'_> {
    pub fn of<'a>(products: &[ProductSales], parents: &'a [Option<u32>], asked: &[Asked]) -> Pools<'a> {
        let mut estimates: BTreeMap<Source, Vec<(u32, Estimate)>> = BTreeMap::new();
        for (product, asked) in products.iter().zip(asked) {
            let (Some(family), Some(joint)) = (product.family, asked.joint) else { continue };
            above(product, parents).map(Source::Category).chain([Source::Catalogue]).for_each(|source| {
                estimates.entry(source).or_default().push((family, joint.siblings));
            });
        }
        let all: Vec<(Source, Vec<(u32, Estimate)>)> = estimates.into_iter().collect();
        let pools = map_parts(all.len(), |place| pool(all[place].0, &all[place].1));
        let mut pools: Vec<(FamilyPool, f64)> = pools.into_iter().flatten().collect();
        let least = improbable(pools.iter().map(|(_, chance)| *chance).collect());
        pools.iter_mut().for_each(|(pool, chance)| pool.is_distinct = *chance <= least);
        let found = pools.into_iter().map(|(pool, _)| (pool.source, pool)).collect();
        let mut pools = Pools { parents, found, least: 0.0 };
        let alone = products.iter().zip(asked).filter_map(|(product, asked)| {
            let pool = pools.of_product(product).filter(|pool| !pool.is_distinct)?;
            Some(Drawn::of(asked.joint?.siblings, pool).chance())
        });
        pools.least = improbable(alone.collect());
        pools
    }

    /// All of them, categories first.
    pub fn all(&self) -> Vec<FamilyPool> {
        self.found.values().copied().collect()
    }

    fn of_product(&self, product: &ProductSales) -> Option<&FamilyPool> {
        let mut sources = above(product, self.parents).map(Source::Category).chain([Source::Catalogue]);
        sources.find_map(|source| self.found.get(&source))
    }

    /// What is used of a product. `own` draws the own elasticity of the same fit to where it is drawn.
    pub fn decide(&self, product: &ProductSales, asked: &Asked, own: &dyn Fn(Estimate) -> f64) -> Decided {
        let with = |found: CrossEffect| Decided { answer: FamilyAnswer { found, ..asked.answer }, own: None };
        let (Some(joint), Some(pool)) = (asked.joint, self.of_product(product)) else {
            return with(asked.answer.found);
        };
        let drawn = Drawn::of(joint.siblings, pool);
        if !pool.is_distinct && drawn.chance() > self.least {
            return with(CrossEffect::NotDistinct);
        }
        // Where a whole family gets dearer, no more of it is sold; what passes that by its error is held there.
        let most = -own(joint.price);
        if most <= 0.0 || drawn.value.abs() - most > WIDTH * drawn.error() {
            return with(CrossEffect::Implausible);
        }
        let found = CrossEffect::Used {
            value: drawn.value.clamp(-most, most),
            own_error: drawn.own_error,
            common_error: drawn.common_error,
            source: pool.source,
            covariance: drawn.share * joint.covariance,
        };
        Decided { own: Some(joint.price), ..with(found) }
    }
}

/// What is used of a product.
pub(super) struct Decided {
    pub answer: FamilyAnswer,
    /// The own elasticity of the same fit, where its cross elasticity is used.
    pub own: Option<Estimate>,
}

/// What estimates have in common, and how probable such a mean is where there is no effect.
pub(super) fn pool(source: Source, estimates: &[(u32, Estimate)]) -> Option<(FamilyPool, f64)> {
    let families: BTreeSet<u32> = estimates.iter().map(|(family, _)| *family).collect();
    if estimates.len() < FEWEST_ESTIMATES || families.len() < FEWEST_FAMILIES {
        return None;
    }
    let values: Vec<Estimate> = estimates.iter().map(|(_, estimate)| *estimate).collect();
    let tau2 = between(&values)?.tau2;
    let weights = |estimate: &Estimate| 1.0 / (estimate.variance + tau2);
    let weight: f64 = values.iter().map(weights).sum();
    let mean = values.iter().map(|estimate| weights(estimate) * estimate.value).sum::<f64>() / weight;
    let mut of_family = BTreeMap::<u32, f64>::new();
    for (family, estimate) in estimates {
        *of_family.entry(*family).or_default() += weights(estimate) * (estimate.value - mean);
    }
    let count = families.len() as f64;
    let robust = (count / (count - 1.0) * of_family.values().map(|sum| sum * sum).sum::<f64>()).sqrt() / weight;
    let error = weight.recip().sqrt().max(robust);
    let chance = 2.0 * t_above((mean / error).abs(), count - 1.0);
    let mean = Estimate { value: mean, variance: error * error };
    let pool =
        FamilyPool { source, products: estimates.len(), families: families.len(), mean, tau2, is_distinct: false };
    Some((pool, chance))
}

/// The highest of these chances that is believed, so that no more than one in twenty of those believed is chance; 0: none is.
fn improbable(mut chances: Vec<f64>) -> f64 {
    chances.sort_by(f64::total_cmp);
    let count = chances.len() as f64;
    let holds = |(place, chance): (usize, &f64)| (*chance <= LEVEL * (place + 1) as f64 / count).then_some(*chance);
    chances.iter().enumerate().rev().find_map(holds).unwrap_or(0.0)
}

#[cfg(test)]
mod tests;
