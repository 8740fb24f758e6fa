//! How the units of a product follow competitors' prices, from weeks in which both are known.
//!
//! units ~ exp(ln price, ln lowest competitor, promotion, season, trend), by Poisson pseudo maximum likelihood: own and
//! cross elasticity come from one fit, since who follows competitors changes both prices together. The season is what the
//! other products did. The error is the larger of HC3 and of clusters of four weeks, as for families (see the module
//! `siblings`). Where the competitor's price did not vary apart from all of that, nothing can be told, and that is said.
//!
//! Estimates are drawn towards the mean of the category, or the nearest above it with five, by the same empirical Bayes. Whether
//! they differ from none is not asked: that competitors hardly matter is an answer too. What counts is how sure they are:
//! an effect whose standard error passes a quarter says no more than an assumption does, and is not used.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::siblings::{CLUSTER, Drawn, FamilyPool, WEEKS_OF_A_YEAR, WIDTH, apart, estimates_of, pool};
use super::weeks::{History, Seasons, SoldWeek};
use super::{ProductSales, Source, above};
use crate::fit::{FitRequest, Method};
use crate::grades::{Grade, GradeRules};
use crate::parallel::map_parts;
use crate::shrinkage::Estimate;
use crate::table::{Table, Values};

/// The largest standard error of an effect that is used.
const LARGEST_ERROR: f64 = 0.25;
/// From this share of its own on, an effect rests on own data.
const MOSTLY_OWN: f64 = 0.9;
/// The part of a product's weeks that have to have a competitor's price before the own elasticity is taken from them.
const MOST_WEEKS: f64 = 0.8;

/// The lowest competitor of a product in each week, in order.
pub type RivalWeeks = Vec<(i64, f64)>;

/// How a product answers competitors' prices.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct RivalAnswer {
    /// Weeks with sales and a competitor's price.
    pub weeks: usize,
    /// Its own estimate, before it is drawn anywhere.
    pub own: Option<Estimate>,
    /// What is used, or why nothing is.
    pub found: RivalEffect,
}

/// The effect of the lowest competitor's price on a product, or why none is used.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RivalEffect {
    /// No competitor's price is known in any week.
    #[default]
    NoOffers,
    /// There are too few weeks with sales and a competitor's price.
    FewWeeks,
    /// The competitor's price hardly varied, or only together with ours.
    Together,
    /// The fit did not converge.
    NotFitted,
    /// What is known of it is too unsure.
    Unsure,
    /// Less would be sold where competitors are dearer.
    Implausible,
    /// It is used.
    Used {
        /// Change of units in percent when the lowest competitor gets one percent dearer.
        value: f64,
        /// The part of the standard error that is the product's own.
        own_error: f64,
        /// The part that it shares with all products of its source.
        common_error: f64,
        /// What it was drawn towards.
        source: Source,
        /// What it rests on: own data, drawn towards the category, or the category's.
        grade: Grade,
    },
}

/// What was asked about a product's competitors.
#[derive(Clone, Copy)]
pub(super) struct Asked {
    answer: RivalAnswer,
    /// Its own elasticity beside the competitor's price, where most of its weeks have one.
    price: Option<Estimate>,
}

/// Asks every product.
pub(super) fn ask(histories: &[History], rivals: &[RivalWeeks], seasons: &Seasons, rules: &GradeRules) -> Vec<Asked> {
    map_parts(histories.len(), |place| {
        let nothing = Asked { answer: RivalAnswer::default(), price: None };
        let Some(rivals) = rivals.get(place).filter(|rivals| !rivals.is_empty()) else { return nothing };
        one(&histories[place], rivals, seasons, rules)
    })
}

fn one(history: &History, rivals: &RivalWeeks, seasons: &Seasons, rules: &GradeRules) -> Asked {
    let theirs = |week: &SoldWeek| {
        let place = rivals.binary_search_by_key(&week.week, |(week, _)| *week).ok()?;
        Some((*week, rivals[place].1.ln())).filter(|(_, price)| price.is_finite())
    };
    let weeks: Vec<(SoldWeek, f64)> = history.all.iter().filter_map(theirs).collect();
    let sold = weeks.iter().filter(|(week, _)| week.units > 0.0).count();
    let with = |found| Asked { answer: RivalAnswer { weeks: sold, own: None, found }, price: None };
    let units: f64 = weeks.iter().map(|(week, _)| week.units).sum();
    if sold < rules.weeks || units < rules.units {
        return with(RivalEffect::FewWeeks);
    }
    let first = weeks[0].0.week;
    let column = |value: &dyn Fn(&(SoldWeek, f64)) -> f64| weeks.iter().map(value).collect::<Vec<f64>>();
    let season = |week: &SoldWeek| seasons.without(week, week.units / history.mean_units, 1.0);
    let columns = [
        ("promotion", column(&|(week, _)| week.promotion)),
        ("season", column(&|(week, _)| season(week))),
        ("trend", column(&|(week, _)| (week.week - first) as f64 / WEEKS_OF_A_YEAR)),
        ("price", column(&|(week, _)| week.price.ln())),
        ("rival", column(&|(_, theirs)| *theirs)),
    ];
    let [own_varies, theirs_varies] = apart(&columns).map(|deviation| deviation >= rules.price_variation);
    if !theirs_varies {
        return with(RivalEffect::Together);
    }
    let number = |(name, values): (&str, Vec<f64>)| (name.to_owned(), Values::Number(values));
    let mut columns: Vec<(String, Values)> = columns.into_iter().map(number).collect();
    columns.push(number(("units", column(&|(week, _)| week.units))));
    columns.push(number(("stretch", column(&|(week, _)| week.week.div_euclid(CLUSTER) as f64))));
    let request = FitRequest {
        formula: "units ~ promotion + season + trend + price + rival".to_owned(),
        method: Method::Ppml,
        clusters: vec!["stretch".to_owned()],
        ..FitRequest::default()
    };
    let fitted = Table::new(columns).ok().and_then(|table| estimates_of(&table, &request, "price", "rival"));
    let Some((price, rival)) = fitted else { return with(RivalEffect::NotFitted) };
    let covers = weeks.len() as f64 >= MOST_WEEKS * history.all.len() as f64;
    let answer = RivalAnswer { weeks: sold, own: Some(rival), found: RivalEffect::Unsure };
    Asked { answer, price: price.filter(|_| own_varies && covers) }
}

/// What effects of competitors are drawn towards.
pub(super) struct Pools<'a> {
    parents: &'a [Option<u32>],
    found: BTreeMap<Source, FamilyPool>,
}

impl Pools<'_> {
    pub fn of<'a>(products: &[ProductSales], parents: &'a [Option<u32>], asked: &[Asked]) -> Pools<'a> {
        let mut estimates: BTreeMap<Source, Vec<(u32, Estimate)>> = BTreeMap::new();
        for ((place, product), asked) in (0..).zip(products).zip(asked) {
            let Some(own) = asked.answer.own else { continue };
            above(product, parents).map(Source::Category).chain([Source::Catalogue]).for_each(|source| {
                estimates.entry(source).or_default().push((place, own));
            });
        }
        let all: Vec<(Source, Vec<(u32, Estimate)>)> = estimates.into_iter().collect();
        let pools = map_parts(all.len(), |place| pool(all[place].0, &all[place].1));
        let found = pools.into_iter().flatten().map(|(pool, _)| (pool.source, pool)).collect();
        Pools { parents, found }
    }

    /// All of them, categories first.
    pub fn all(&self) -> Vec<FamilyPool> {
        self.found.values().copied().collect()
    }

    /// What is used of a product, and the own elasticity beside it.
    pub fn decide(&self, product: &ProductSales, asked: &Asked) -> (RivalAnswer, Option<Estimate>) {
        let categories = above(product, self.parents).map(Source::Category);
        let pool = categories.chain([Source::Catalogue]).find_map(|source| self.found.get(&source));
        let (drawn, source, grade) = match (asked.answer.own, pool) {
            (Some(own), Some(pool)) => {
                let drawn = Drawn::of(own, pool);
                let grade = if drawn.share >= MOSTLY_OWN { Grade::OwnData } else { Grade::Shrunk };
                (drawn, pool.source, grade)
            }
            (Some(own), None) => {
                let alone = Drawn { value: own.value, own_error: own.variance.sqrt(), common_error: 0.0, share: 1.0 };
                (alone, Source::Catalogue, Grade::OwnData)
            }
            // Only a real category stands for a product.
            (None, Some(pool)) if pool.source != Source::Catalogue => {
                let (own_error, common_error) = (pool.tau2.sqrt(), pool.mean.variance.sqrt());
                let category = Drawn { value: pool.mean.value, own_error, common_error, share: 0.0 };
                (category, pool.source, Grade::Category)
            }
            _ => return (asked.answer, None),
        };
        let found = if drawn.error() > LARGEST_ERROR {
            // Why there is no own estimate says more than that the category's is unsure.
            if grade == Grade::Category { asked.answer.found } else { RivalEffect::Unsure }
        } else if drawn.value < -WIDTH * drawn.error() {
            RivalEffect::Implausible
        } else {
            let (own_error, common_error) = (drawn.own_error, drawn.common_error);
            RivalEffect::Used { value: drawn.value.max(0.0), own_error, common_error, source, grade }
        };
        let price = asked.price.filter(|_| matches!(found, RivalEffect::Used { .. }));
        (RivalAnswer { found, ..asked.answer }, price)
    }
}

#[cfg(test)]
mod tests;
