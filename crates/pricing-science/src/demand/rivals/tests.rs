//! Catalogues whose answers to competitors' prices are known.

use super::super::{CatalogueDemand, DemandRules, ProductSales, fit_beside_rivals, fit_catalogue};
use super::{RivalEffect, RivalWeeks};
use crate::calendar::monday;
use crate::chance::Chance;
use crate::cleaning::HistoryRow;
use crate::grades::Grade;

const WEEKS: usize = 104;

/// How a catalogue is made.
#[derive(Debug, Clone, Copy)]
struct Made {
    products: usize,
    /// The mean cross elasticity, and how far products differ.
    cross: (f64, f64),
    /// How much of our changes follows the competitor's, 0 to 1.
    follows: f64,
    /// How far the competitor's prices spread, in logarithms.
    spread: f64,
    /// How far units of a week stray from what is expected, in logarithms.
    noise: f64,
}

const USUAL: Made = Made { products: 20, cross: (0.7, 0.15), follows: 0.4, spread: 0.3, noise: 0.15 };

/// Products of one category with the competitor's prices, and the true own and cross elasticities.
fn made(how: Made, seed: u64) -> (Vec<ProductSales>, Vec<RivalWeeks>, Vec<(f64, f64)>) {
    let mut chance = Chance(seed);
    let (mut products, mut rivals, mut truths) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..how.products {
        let truth = (-2.2 + 0.2 * chance.normal(), how.cross.0 + how.cross.1 * chance.normal());
        let (mut theirs, mut own) = (0.0, 0.0);
        let (mut days, mut of_rival) = (Vec::new(), Vec::new());
        for week in 0..WEEKS {
            if week % 3 == 0 {
                theirs = -how.spread * (chance.even() * 4.0).floor() / 3.0;
            }
            if week % 2 == 0 {
                own = how.follows * theirs - 0.06 * (chance.even() * 4.0).floor();
            }
            let units = 200.0 * (truth.0 * own + truth.1 * theirs + how.noise * chance.normal()).exp();
            let price = 10.0 * f64::exp(own);
            let row = HistoryRow {
                units: units.round(),
                revenue: None,
                price,
                stock: None,
                is_promotion: false,
                is_closed: false,
            };
            days.push((monday(week as i64), row));
            of_rival.push((week as i64, 9.5 * f64::exp(theirs)));
        }
        products.push(ProductSales { category: Some(0), family: None, days });
        rivals.push(of_rival);
        truths.push(truth);
    }
    (products, rivals, truths)
}

fn fitted(products: &[ProductSales], rivals: &[RivalWeeks]) -> CatalogueDemand {
    fit_beside_rivals(products, rivals, &[None, None], &DemandRules::default())
}

fn used(found: RivalEffect) -> Option<(f64, f64, Grade)> {
    match found {
        RivalEffect::Used { value, own_error, common_error, grade, .. } => {
            Some((value, own_error.hypot(common_error), grade))
        }
        _ => None,
    }
}

#[test]
fn what_a_competitor_does_to_units_is_found_within_its_error() {
    let (mut inside, mut all, mut wrong) = (0, 0, 0.0);
    for seed in 0..8 {
        let (products, rivals, truths) = made(USUAL, seed);
        for (found, (_, cross)) in fitted(&products, &rivals).products.iter().zip(truths) {
            let (value, error, grade) = used(found.rival.found).expect("two years of a varying competitor");
            assert!(error < 0.2 && matches!(grade, Grade::OwnData | Grade::Shrunk), "{value} {error} {grade:?}");
            inside += usize::from((value - cross).abs() <= 1.96 * error);
            wrong += value - cross;
            all += 1;
        }
    }
    assert!((0.9..=0.99).contains(&(f64::from(inside as u32) / f64::from(all))), "{inside} of {all}");
    assert!((wrong / f64::from(all)).abs() < 0.02, "{}", wrong / f64::from(all));
}

#[test]
fn own_elasticities_of_who_follows_competitors_are_no_longer_too_small() {
    let how = Made { follows: 0.8, ..USUAL };
    let (products, rivals, truths) = made(how, 3);
    let mean = |demand: CatalogueDemand| {
        let off = demand
            .products
            .iter()
            .zip(&truths)
            .map(|(found, truth)| found.graded.estimate.map_or(f64::NAN, |estimate| estimate.value) - truth.0);
        off.sum::<f64>() / truths.len() as f64
    };
    let (without, beside) =
        (mean(fit_catalogue(&products, &[None], &DemandRules::default())), mean(fitted(&products, &rivals)));
    assert!(without > 0.15 && beside.abs() < 0.08, "{without} {beside}");
}

#[test]
fn that_competitors_do_not_matter_is_learnt_as_well() {
    let (products, rivals, _) = made(Made { cross: (0.0, 0.0), ..USUAL }, 5);
    let demand = fitted(&products, &rivals);
    for found in &demand.products {
        let (value, error, _) = used(found.rival.found).expect("it is sure");
        assert!((0.0..0.15).contains(&value) && error < 0.12, "{value} {error}");
    }
}

#[test]
fn without_variation_nothing_is_learnt_and_why_is_known() {
    let still = |_: usize, weeks: &RivalWeeks| weeks.iter().map(|(week, _)| (*week, 9.5)).collect::<RivalWeeks>();
    let (products, rivals, _) = made(USUAL, 1);
    let all = |change: &dyn Fn(usize, &RivalWeeks) -> RivalWeeks| {
        let changed: Vec<RivalWeeks> = rivals.iter().enumerate().map(|(place, weeks)| change(place, weeks)).collect();
        let demand = fitted(&products, &changed);
        demand.products.iter().map(|found| found.rival.found).collect::<Vec<_>>()
    };
    assert!(all(&still).iter().all(|found| *found == RivalEffect::Together));
    // A competitor that is always as much cheaper than we are.
    let mirrored = |place: usize, _: &RivalWeeks| {
        products[place].days.iter().zip(0..).map(|((_, row), week)| (week, 0.95 * row.price)).collect()
    };
    assert!(all(&mirrored).iter().all(|found| *found == RivalEffect::Together));
    let few = |_: usize, weeks: &RivalWeeks| weeks[..20].to_vec();
    assert!(all(&few).iter().all(|found| *found == RivalEffect::FewWeeks));
    assert!(all(&|_, _| Vec::new()).iter().all(|found| *found == RivalEffect::NoOffers));
    // Two products whose sales jump about are too unsure.
    let (products, rivals, _) = made(Made { products: 2, noise: 1.2, ..USUAL }, 2);
    let demand = fitted(&products, &rivals);
    assert!(
        demand.products.iter().all(|found| found.rival.found == RivalEffect::Unsure),
        "{:?}",
        demand.products[0].rival
    );
}

#[test]
fn a_category_stands_for_its_products_without_a_history_of_offers() {
    let (mut products, mut rivals, _) = made(Made { cross: (0.7, 0.05), ..USUAL }, 9);
    rivals[0].clear();
    products[1].category = Some(1);
    rivals[1].clear();
    let demand = fitted(&products, &rivals);
    let (value, error, grade) = used(demand.products[0].rival.found).expect("its category is sure");
    assert!((value - 0.7).abs() < 2.0 * error && grade == Grade::Category, "{value} {error} {grade:?}");
    assert_eq!(
        demand.products[1].rival.found,
        RivalEffect::NoOffers,
        "no category of its own, and the whole does not stand for it"
    );
    assert_eq!(demand.rival_pools[0].products, 18);
}
