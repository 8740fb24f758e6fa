//! Families whose cross elasticities are known.

use super::super::{CatalogueDemand, DemandRules, ProductSales, Source, fit_catalogue};
use super::CrossEffect;
use crate::calendar::monday;
use crate::chance::Chance;
use crate::cleaning::HistoryRow;

const WEEKS: usize = 104;
const SIZE: usize = 3;

/// How families are made.
#[derive(Debug, Clone, Copy)]
struct Made {
    families: usize,
    /// The mean cross elasticity, and how far products differ.
    cross: (f64, f64),
    /// How much of every price the family has in common, 0 to 1.
    together: f64,
    /// How much of the noise of a week stays in the next.
    lasting: f64,
}

const USUAL: Made = Made { families: 8, cross: (0.6, 0.15), together: 0.3, lasting: 0.0 };

/// Products of one category with their true own and cross elasticities.
fn made(how: Made, seed: u64) -> (Vec<ProductSales>, Vec<(f64, f64)>) {
    let mut chance = Chance(seed);
    let (mut products, mut truths) = (Vec::new(), Vec::new());
    for family in 0..how.families {
        // Prices stay for two weeks.
        let mut level = |held: &mut f64, week: usize| {
            *held = if week.is_multiple_of(2) { (chance.even() * 5.0).floor() * -0.06 } else { *held };
            *held
        };
        let mut held = [0.0; SIZE + 1];
        let logs: Vec<[f64; SIZE]> = (0..WEEKS)
            .map(|week| {
                let levels: Vec<f64> = held.iter_mut().map(|held| level(held, week)).collect();
                std::array::from_fn(|own| how.together * levels[SIZE] + (1.0 - how.together) * levels[own])
            })
            .collect();
        for own in 0..SIZE {
            let truth = (-2.5 + 0.2 * chance.normal(), how.cross.0 + how.cross.1 * chance.normal());
            let mut noise = 0.0;
            let mut day = |week: usize| {
                let log = &logs[week];
                let siblings = (log.iter().sum::<f64>() - log[own]) / (SIZE - 1) as f64;
                noise = how.lasting * noise + 0.15 * (1.0 - how.lasting * how.lasting).sqrt() * chance.normal();
                let units = 200.0 * (truth.0 * log[own] + truth.1 * siblings + noise).exp();
                let price = 10.0 * log[own].exp();
                let row =
                    HistoryRow { units, revenue: None, price, stock: None, is_promotion: false, is_closed: false };
                (monday(week as i64), row)
            };
            let days = (0..WEEKS).map(&mut day).collect();
            products.push(ProductSales { category: Some(0), family: Some(family as u32), days });
            truths.push(truth);
        }
    }
    (products, truths)
}

fn fitted(products: &[ProductSales]) -> CatalogueDemand {
    fit_catalogue(products, &[None, None], &DemandRules::default())
}

fn without_families(products: &[ProductSales]) -> Vec<ProductSales> {
    products.iter().map(|product| ProductSales { family: None, ..product.clone() }).collect()
}

/// The share of products whose cross elasticity is used, and the shares of them whose truth lies in the interval: of the own
/// elasticity of that fit, of its cross elasticity, and of the one that is used.
fn held(how: Made, seeds: u64) -> [f64; 4] {
    let (mut all, mut used, mut own, mut cross, mut raw) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for seed in 0..seeds {
        let (products, truths) = made(how, seed);
        for (found, truth) in fitted(&products).products.iter().zip(truths) {
            all += 1.0;
            let Some((value, error)) = found.family.found.used() else { continue };
            used += 1.0;
            let (own_fit, cross_fit) = (found.own.expect("of one fit"), found.family.own.expect("of one fit"));
            own += f64::from((own_fit.value - truth.0).abs() <= 1.96 * own_fit.variance.sqrt());
            raw += f64::from((cross_fit.value - truth.1).abs() <= 1.96 * cross_fit.variance.sqrt());
            cross += f64::from((value - truth.1).abs() <= 1.96 * error);
        }
    }
    println!("{how:?}: {used} of {all} used; inside {own} of the own, {raw} of the cross, {cross} of those used");
    [used / all, own / used, raw / used, cross / used]
}

#[test]
fn known_cross_elasticities_are_found_and_lie_in_their_intervals_as_often_as_those_say() {
    let [used, own, raw, drawn] = held(USUAL, 25);
    assert!(used > 0.95, "{used}");
    for share in [own, raw, drawn] {
        assert!((0.925..0.985).contains(&share), "own {own}, cross {raw}, drawn {drawn}");
    }
}

#[test]
fn complements_are_found_as_substitutes_are() {
    let [used, _, raw, drawn] = held(Made { cross: (-0.5, 0.1), ..USUAL }, 10);
    assert!(used > 0.9 && raw > 0.92 && drawn > 0.92, "{used} {raw} {drawn}");
}

#[test]
fn where_there_is_no_effect_hardly_any_is_used_and_own_elasticities_stay_as_they_were() {
    for lasting in [0.0, 0.5] {
        let (mut all, mut used) = (0, 0);
        for seed in 0..25 {
            let (products, _) = made(Made { cross: (0.0, 0.0), lasting, ..USUAL }, seed);
            let (with, without) = (fitted(&products), fitted(&without_families(&products)));
            for (found, before) in with.products.iter().zip(&without.products) {
                all += 1;
                match found.family.found {
                    CrossEffect::Used { .. } => used += 1,
                    reason => {
                        assert_eq!(reason, CrossEffect::NotDistinct);
                        assert_eq!(found.own, before.own);
                    }
                }
            }
        }
        println!("{used} of {all} where {lasting} of the noise lasts");
        assert!(used * 12 < all, "{used} of {all}");
    }
}

#[test]
fn siblings_whose_prices_move_together_say_nothing_of_each_other() {
    let (products, truths) = made(Made { together: 1.0, ..USUAL }, 1);
    let (with, without) = (fitted(&products), fitted(&without_families(&products)));
    for ((found, before), truth) in with.products.iter().zip(&without.products).zip(truths) {
        assert_eq!((found.family.found, found.family.own), (CrossEffect::Together, None));
        assert_eq!(found.own, before.own);
        // What is estimated is the answer to all of them moving.
        let own = found.own.expect("fitted");
        assert!((own.value - truth.0 - truth.1).abs() < 4.0 * own.variance.sqrt(), "{own:?} {truth:?}");
    }
    assert_eq!(with.family_pools, []);
}

#[test]
fn products_without_siblings_are_fitted_as_before_to_the_last_bit() {
    let (mut products, _) = made(USUAL, 2);
    let (alone, _) = made(USUAL, 3);
    let first = products.len();
    products.extend(alone.into_iter().map(|product| ProductSales { category: Some(1), family: None, ..product }));
    let (with, without) = (fitted(&products), fitted(&without_families(&products)));
    assert!(with.products[..first].iter().any(|found| found.family.found.used().is_some()));
    assert_eq!(with.products[first..], without.products[first..]);
    assert_eq!(with.products[first].family.found, CrossEffect::NoSiblings);
}

#[test]
fn too_few_families_say_nothing_and_what_is_used_is_of_one_fit() {
    let few = made(Made { families: 2, ..USUAL }, 4).0;
    let found = fitted(&few);
    assert!(found.products.iter().all(|product| product.family.found == CrossEffect::FewEstimates));
    assert!(found.products.iter().all(|product| product.family.own.is_some()));
    // A family of one product has no siblings, and short sales are not asked.
    let (mut products, _) = made(USUAL, 4);
    products.truncate(products.len() - 2);
    products[0].days.truncate(10);
    let found = fitted(&products);
    assert_eq!(found.products[0].family.found, CrossEffect::NotEnough);
    assert_eq!(found.products[0].family.siblings, 2);
    assert_eq!(found.products[products.len() - 1].family.found, CrossEffect::NoSiblings);
    let CrossEffect::Used { source, covariance, own_error, .. } = found.products[4].family.found else {
        panic!("{:?}", found.products[4].family)
    };
    assert_eq!(source, Source::Category(0));
    // Prices that partly move together have estimates that err against each other.
    assert!(covariance < 0.0 && -covariance <= own_error * found.products[4].own_error, "{covariance}");
    let [pool, ..] = found.family_pools[..] else { panic!("a category and the catalogue") };
    assert!(pool.is_distinct && pool.families == 7 && pool.products == 20, "{pool:?}");
}
