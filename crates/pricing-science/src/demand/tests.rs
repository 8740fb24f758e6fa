//! Demand with known elasticities, categories and seasons.

use super::{DemandRules, ProductSales, Source, fit_catalogue};
use crate::calendar::monday;
use crate::chance::Chance;
use crate::cleaning::{Dropped, HistoryRow};
use crate::grades::Grade;
use crate::shrinkage::Estimate;

/// A year of weeks at five prices with this elasticity; `noise` is its size in logarithms.
fn sold(category: Option<u32>, elasticity: f64, noise: f64, seed: usize) -> ProductSales {
    let day = |week: usize| {
        let price = 10.0 * (1.0 - 0.04 * ((week * 7 + seed) % 5) as f64);
        let wave = ((week * 13 + seed * 29) as f64 * 1.7).sin();
        let units = 500.0 * (price / 10.0).powf(elasticity) * (noise * wave).exp();
        let row = HistoryRow { units, revenue: None, price, stock: None, is_promotion: false, is_closed: false };
        (week as i64 * 7, row)
    };
    ProductSales { category, family: None, days: (0..52).map(day).collect() }
}

fn rules(default: Option<f64>) -> DemandRules {
    DemandRules { default: default.map(|value| Estimate { value, variance: 0.25 }), ..DemandRules::default() }
}

#[test]
fn known_elasticities_are_found_and_an_unsure_one_is_drawn_towards_its_category() {
    let mut products: Vec<ProductSales> =
        (0..8).map(|seed| sold(Some(0), -2.0 - 0.1 * seed as f64, 0.01, seed)).collect();
    products.push(sold(Some(0), -6.0, 1.2, 3));
    let demand = fit_catalogue(&products, &[None], &rules(None));
    let value = |place: usize| demand.products[place].graded.estimate.expect("fitted").value;
    for place in 0..8 {
        assert!((value(place) + 2.0 + 0.1 * place as f64).abs() < 0.1, "{place}: {}", value(place));
        assert_eq!(demand.products[place].graded.grade, Grade::OwnData);
    }
    let unsure = &demand.products[8];
    let own = unsure.own.expect("fitted").value;
    assert_eq!((unsure.graded.grade, unsure.source), (Grade::Shrunk, Some(Source::Category(0))));
    assert!((value(8) + 2.35).abs() < (own + 2.35).abs() / 4.0, "own {own}, shrunk {}", value(8));
}

#[test]
fn what_has_too_little_data_takes_its_category_and_without_one_says_what_is_missing() {
    let mut products: Vec<ProductSales> = (0..6).map(|seed| sold(Some(1), -2.0, 0.05, seed)).collect();
    let short = |category| ProductSales { days: sold(None, -2.0, 0.0, 1).days[..10].to_vec(), category, family: None };
    products.extend([short(Some(1)), short(Some(0)), short(None)]);
    // Category 1 lies below category 0.
    let demand = fit_catalogue(&products, &[None, Some(0)], &rules(None));
    let grades: Vec<Grade> = demand.products[6..].iter().map(|product| product.graded.grade).collect();
    assert_eq!(grades, [Grade::Category, Grade::Category, Grade::NotEnough]);
    assert_eq!(demand.products[8].graded.missing[0], "16 more weeks with sales");
    let with_default = fit_catalogue(&products, &[None, Some(0)], &rules(Some(-1.5)));
    assert_eq!(with_default.products[8].graded.grade, Grade::Default);
    assert_eq!(with_default.products[8].source, Some(Source::Default));
}

#[test]
fn a_product_that_sells_seldom_answers_its_price_all_the_same() {
    // Less than one a week; whole pieces leave when they have added up, prices stay for eight weeks.
    let slow = |seed: usize| {
        let (mut due, mut days) = (0.37 * seed as f64, Vec::new());
        for week in 0..160_usize {
            let price = [10.0, 8.0, 9.0, 7.0][(week / 8 + seed) % 4];
            due += 0.7 * (price / 10.0_f64).powf(-2.0);
            let units = due.floor();
            due -= units;
            let row = HistoryRow { units, revenue: None, price, stock: None, is_promotion: false, is_closed: false };
            days.extend((units > 0.0).then_some((week as i64 * 7, row)));
        }
        ProductSales { category: Some(0), family: None, days }
    };
    let products: Vec<ProductSales> = (0..8).map(slow).collect();
    let demand = fit_catalogue(&products, &[None], &rules(None));
    let mean = demand.sources[0].elasticity.mean.value;
    assert!((mean + 2.0).abs() < 0.3, "{mean}");
}

/// The shares of products whose elasticity lies in the 95 % interval that is stated and in that of their own estimate, and the
/// mean squares of what is wrong in both.
fn held(size: usize, categories: usize, spread: f64) -> [f64; 4] {
    let mut chance = Chance(size as u64);
    let (mut products, mut truths) = (Vec::new(), Vec::new());
    for category in 0..categories {
        let mean = -2.5 + 0.3 * chance.normal();
        for _ in 0..size {
            let truth = mean + spread * chance.normal();
            let mut price = 10.0;
            let mut day = |week: usize| {
                price = if week.is_multiple_of(2) { 10.0 - 0.5 * (5.0 * chance.even()).floor() } else { price };
                let units = 200.0 * (truth * (price / 10.0_f64).ln() + 0.35 * chance.normal()).exp();
                let row =
                    HistoryRow { units, revenue: None, price, stock: None, is_promotion: false, is_closed: false };
                (monday(week as i64), row)
            };
            let days = (0..78).map(&mut day).collect();
            products.push(ProductSales { category: Some(category as u32), family: None, days });
            truths.push(truth);
        }
    }
    let demand = fit_catalogue(&products, &vec![None; categories], &rules(None));
    let (mut sums, mut known) = ([0.0; 4], 0.0);
    for (found, truth) in demand.products.iter().zip(&truths) {
        // Few of the least elastic seem to sell more at higher prices, and are not believed.
        let Some((drawn, own)) = found.graded.estimate.zip(found.own) else { continue };
        known += 1.0;
        sums[0] += f64::from((drawn.value - truth).abs() <= 1.96 * found.error());
        sums[1] += f64::from((own.value - truth).abs() <= 1.96 * own.variance.sqrt());
        sums[2] += (drawn.value - truth).powi(2);
        sums[3] += (own.value - truth).powi(2);
    }
    println!("{categories} categories of {size}, spread {spread}: {sums:?} of {known}");
    sums.map(|sum| sum / known)
}

#[test]
fn stated_intervals_hold_what_they_say_in_categories_of_few_products_and_nothing_of_the_shrinkage_is_lost() {
    for (size, categories) in [(5, 200), (10, 100), (50, 20)] {
        for spread in [0.4, 0.8, 1.2] {
            let [stated, own, drawn, given] = held(size, categories, spread);
            assert!(stated >= own - 0.02 && (0.925..=0.98).contains(&stated), "{size} {spread}: {stated}, own {own}");
            assert!(drawn < given, "{size} {spread}: {drawn} {given}");
        }
    }
}

#[test]
fn demand_that_rises_with_the_price_is_not_believed() {
    let products: Vec<ProductSales> = (0..3).map(|seed| sold(None, 1.5, 0.01, seed)).collect();
    let demand = fit_catalogue(&products, &[], &rules(None));
    assert_eq!(demand.products[0].graded.grade, Grade::NotEnough);
    assert!(demand.products[0].graded.missing[0].contains("something else"));
}

#[test]
fn a_season_that_all_products_share_does_not_pass_for_an_effect_of_the_price() {
    // Everybody sells four times as much in the weeks in which prices happen to be low.
    let mut products: Vec<ProductSales> = (0..30).map(|_| sold(None, -2.0, 0.05, 0)).collect();
    for (place, product) in products.iter_mut().enumerate() {
        for (day, row) in &mut product.days {
            let week = (*day / 7) as usize;
            if place > 0 {
                // The others keep their price, so that the season can be told from it.
                row.price = 10.0;
                row.units = 500.0 * (0.05 * ((week * 13 + place) as f64).sin()).exp();
            }
            row.units *= if week % 5 == 4 { 4.0 } else { 1.0 };
        }
    }
    let demand = fit_catalogue(&products, &[], &rules(None));
    let value = demand.products[0].own.expect("fitted").value;
    assert!((value + 2.0).abs() < 0.6, "{value}");
}

#[test]
fn a_product_without_own_data_takes_its_familys_estimate_and_an_unsure_one_is_drawn_there() {
    // Three families of four whose elasticities lie far apart, and little within each.
    let of_family = |family: u32, noise: f64, seed: usize| {
        let elasticity = -1.5 - 1.5 * f64::from(family) + 0.04 * (seed % 3) as f64;
        ProductSales { family: Some(family), ..sold(Some(0), elasticity, noise, seed) }
    };
    let mut products: Vec<ProductSales> = (0..12_u32).map(|place| of_family(place / 4, 0.02, place as usize)).collect();
    products.push(of_family(2, 1.2, 3));
    let short = |family| ProductSales { days: products[0].days[..10].to_vec(), category: Some(0), family };
    let (of_last, of_none) = (short(Some(2)), short(None));
    products.extend([of_last, of_none]);
    let demand = fit_catalogue(&products, &[None], &rules(None));
    let value = |place: usize| demand.products[place].graded.estimate.expect("there is one").value;
    let grade = |place: usize| (demand.products[place].graded.grade, demand.products[place].source);
    assert_eq!(grade(12), (Grade::Shrunk, Some(Source::Family(2))));
    assert!((value(12) + 4.5).abs() < 0.2, "{}", value(12));
    assert_eq!(grade(13), (Grade::Category, Some(Source::Family(2))));
    assert!((value(13) + 4.5).abs() < 0.2, "{}", value(13));
    assert_eq!(grade(14), (Grade::Category, Some(Source::Category(0))));
    assert!((value(14) + 3.0).abs() < 0.6, "the mean of the families: {}", value(14));
    assert!(demand.products[14].own_error > 3.0 * demand.products[13].own_error, "a family says more than a category");
    let category = demand.sources.iter().find(|one| one.source == Source::Category(0)).expect("estimated");
    // The squares of -1.5, -3 and -4.5 around their mean sum up to 4.5; with even standard deviations, the inverse of the
    // variance follows a gamma law of half a degree with the rate 4.5 ÷ 2, whose mean is 1 ÷ 4.5.
    let between = category.between_families.expect("families are told apart");
    assert!((between - 4.5).abs() < 0.4 && category.elasticity.tau2 - between < 0.02, "{category:?}");
    let families = demand.sources.iter().filter(|one| one.within == Some(Source::Category(0)));
    assert_eq!(families.map(|one| one.products).collect::<Vec<_>>(), [4, 4, 5]);
}

#[test]
fn weeks_without_stock_are_left_out_and_no_longer_make_demand_look_weak() {
    // Sold on every day at three prices; nothing in three stretches at the lowest, where otherwise most is sold.
    let steady = |seed: usize| {
        let day = |day: i64| {
            let price = [10.0, 9.0, 8.0][((day / 28) as usize + seed) % 3];
            let units = 20.0 * (price / 10.0_f64).powf(-2.0);
            let row = HistoryRow { units, revenue: None, price, stock: None, is_promotion: false, is_closed: false };
            (monday(0) + day, row)
        };
        (0..364).map(day).collect::<Vec<_>>()
    };
    let is_out = |day: i64| [59..77, 143..161, 227..245].iter().any(|run| run.contains(&(day - monday(0))));
    let mut days = steady(0);
    assert!(days.iter().filter(|(day, _)| is_out(*day)).all(|(_, row)| row.price == 8.0));
    days.retain(|(day, _)| !is_out(*day));
    let mut products = vec![ProductSales { days, ..ProductSales::default() }];
    products.extend((1..3).map(|seed| ProductSales { days: steady(seed), ..ProductSales::default() }));
    let demand = fit_catalogue(&products, &[], &rules(None));
    let found = &demand.products[0];
    assert!((found.own.expect("fitted").value + 2.0).abs() < 0.05, "{:?}", found.own);
    let [(reason, days)] = found.dropped[..] else { panic!("one reason: {:?}", found.dropped) };
    // Three times eighteen days, each in three weeks from Monday to Sunday that are left out whole.
    assert_eq!((reason, days), (Dropped::ProbablyOut, 3 * 3 * 7));
    assert_eq!(demand.products[1].dropped, [], "what sells on every day lacks none");
    // From a Wednesday on, the first week is not whole.
    let late = |product: &ProductSales| ProductSales {
        days: product.days.iter().filter(|(day, _)| *day >= monday(0) + 2).copied().collect(),
        ..ProductSales::default()
    };
    let cut = fit_catalogue(&products.iter().map(late).collect::<Vec<_>>(), &[], &rules(None));
    assert_eq!(cut.products[1].dropped, [(Dropped::CutWeek, 5)]);
    assert!((cut.products[1].own.expect("fitted").value + 2.0).abs() < 0.01, "{:?}", cut.products[1].own);
}
