//! Scenarios of two products, by hand.

use super::{
    Change, FamilyEffect, Reaction, RivalError, Scenario, ScenarioProducts, ScenarioState, Wider, difference,
    outcome_at, outcomes, play, sibling_prices, totals_by,
};

fn products() -> ScenarioProducts {
    ScenarioProducts {
        price: vec![10.0, 20.0],
        tax: vec![1.0, 1.0],
        cost: vec![6.0, 15.0],
        foreign_share: vec![0.5, 0.0],
        competitor: vec![11.0, f64::NAN],
        units: vec![100.0, 10.0],
        elasticity: vec![-2.0, -1.5],
        elasticity_error: vec![0.2, 0.1],
        common_error: vec![0.0, 0.0],
        source: vec![0, 0],
        wider: Vec::new(),
        families: Vec::new(),
        cross_elasticity: vec![0.5, 0.5],
        cross_error: 0.25,
        rivals: Vec::new(),
        seen: vec![(9.0, 11.0), (20.0, 20.0)],
    }
}

fn keep(state: &ScenarioState) -> Vec<f64> {
    state.price.clone()
}

#[test]
fn changes_apply_in_order_to_their_rows_only() {
    let changes = vec![(Change::Cost(1.04), None), (Change::Currency(1.1), None), (Change::Cost(2.0), Some(vec![1]))];
    let result = play(&products(), &Scenario { changes, ..Scenario::default() }, &mut keep).expect("valid");
    let margin = 100.0 * (10.0 - 6.0 * 1.04 * 1.05) + 10.0 * (20.0 - 15.0 * 1.04 * 2.0);
    assert!((result.weeks[0].margin.value - margin).abs() < 1e-9);
    assert_eq!(result.today.margin.value, 450.0);
}

#[test]
fn a_changed_price_has_an_interval_and_an_unseen_one_is_marked() {
    let changes = vec![(Change::Price(1.05), None)];
    let result = play(&products(), &Scenario { changes, ..Scenario::default() }, &mut keep).expect("valid");
    let week = &result.weeks[0];
    assert!(week.units.low < week.units.value && week.units.value < week.units.high);
    assert!(week.extrapolated_share > 0.0 && week.extrapolated_share < 0.2);
    assert_eq!(result.today.units.low, result.today.units.high);
}

#[test]
fn products_of_one_source_err_together() {
    let mut products = products();
    let changes = vec![(Change::Price(1.05), None)];
    let scenario = Scenario { changes, ..Scenario::default() };
    let width = |products: &ScenarioProducts| {
        let units = play(products, &scenario, &mut keep).expect("valid").weeks[0].units;
        units.high - units.value
    };
    products.elasticity_error = vec![0.0; 2];
    products.common_error = vec![0.2; 2];
    let together = width(&products);
    products.source = vec![0, 1];
    assert!(together > 1.05 * width(&products));
}

#[test]
fn what_families_of_one_category_share_is_counted_once_for_all_of_them_together() {
    // Two families of one category. By hand, for a rise of 5 %: a product's units deviate by units · ln 1.05 · error.
    let mut products = products();
    products.cross_elasticity = vec![0.0; 2];
    products.elasticity_error = vec![0.0; 2];
    products.common_error = vec![0.3, 0.2];
    products.source = vec![10, 11];
    products.wider = vec![Wider { source: 3, error: 0.4 }, Wider { source: 3, error: 0.1 }];
    let changes = vec![(Change::Price(1.05), None)];
    let scenario = Scenario { changes, ..Scenario::default() };
    let width = |products: &ScenarioProducts| {
        let units = play(products, &scenario, &mut keep).expect("valid").weeks[0].units;
        units.high - units.value
    };
    let step = 1.05_f64.ln();
    let (first, second) = (100.0 * 1.05_f64.powf(-2.0) * step, 10.0 * 1.05_f64.powf(-1.5) * step);
    let own = (0.3 * first).powi(2) + (0.2 * second).powi(2);
    let together = 1.96 * (own + (0.4 * first + 0.1 * second).powi(2)).sqrt();
    assert!((width(&products) - together).abs() < 1e-9);
    // A product without a family is drawn straight to that mean, and errs with it.
    let straight = ScenarioProducts {
        source: vec![10, 3],
        common_error: vec![0.3, 0.1],
        wider: vec![Wider { source: 3, error: 0.4 }, Wider::default()],
        ..products.clone()
    };
    let by_hand = 1.96 * ((0.3 * first).powi(2) + (0.4 * first + 0.1 * second).powi(2)).sqrt();
    assert!((width(&straight) - by_hand).abs() < 1e-9);
    // Of two categories each has its own.
    products.wider[1].source = 4;
    let apart = 1.96 * (own + (0.4 * first).powi(2) + (0.1 * second).powi(2)).sqrt();
    assert!((width(&products) - apart).abs() < 1e-9 && apart < together);
    assert!((products.error(0) - 0.5).abs() < 1e-12, "0.3 and 0.4");
}

#[test]
fn a_rise_of_the_tax_is_paid_by_the_margin_while_the_shelf_price_stays() {
    let mut products = products();
    products.tax = vec![1.19; 2];
    let changes = vec![(Change::Tax(1.21 / 1.19), None)];
    let result = play(&products, &Scenario { changes, ..Scenario::default() }, &mut keep).expect("valid");
    let week = &result.weeks[0];
    assert!((week.revenue.value - 1200.0 / 1.21).abs() < 1e-9);
    assert_eq!(week.units.value, result.today.units.value);
    assert!(week.margin.value < result.today.margin.value);
}

#[test]
fn what_is_not_known_of_a_product_leaves_the_other_sums_alone() {
    let mut products = products();
    products.cost[0] = f64::NAN;
    let changes = vec![(Change::Price(1.05), None)];
    let scenario = Scenario { changes, ..Scenario::default() };
    let without_cost = play(&products, &scenario, &mut keep).expect("valid");
    assert_eq!((without_cost.today.revenue.value, without_cost.today.margin.value), (1200.0, 50.0));
    products.tax[1] = f64::NAN;
    let result = play(&products, &scenario, &mut keep).expect("valid");
    assert_eq!((result.today.units.value, result.today.revenue.value), (110.0, 1000.0));
    assert_eq!((result.weeks[0].margin.value, result.weeks[0].margin.high), (0.0, 0.0));
    assert!(result.weeks[0].units.high > result.weeks[0].units.value);
}

#[test]
fn no_more_is_sold_than_there_is_and_then_nothing_is_unsure() {
    let products = products();
    let state = ScenarioState { price: vec![9.0, 20.0], most: vec![30.0, f64::NAN], ..products.today() };
    let limited = totals_by(&products, &state, &[0, 0], 1).remove(0);
    assert_eq!((limited.units.value, limited.units.low, limited.units.high), (40.0, 40.0, 40.0));
    let enough = ScenarioState { most: vec![1e6, f64::NAN], ..state };
    assert!(totals_by(&products, &enough, &[0, 0], 1)[0].units.value > 120.0);
}

#[test]
fn what_two_states_share_is_not_unsure_in_their_difference() {
    let products = products();
    let at = |price: f64| ScenarioState { price: vec![price, 20.0], ..products.today() };
    let same = difference(&products, &at(11.0), &at(11.0));
    assert_eq!((same.margin.value, same.margin.low, same.margin.high), (0.0, 0.0, 0.0));
    // By hand: what the units at 11 and at 12 deviate by for one standard error of the elasticity, 0.2.
    let deviation = |price: f64| 100.0 * (price / 10.0_f64).powf(-2.0) * (price / 10.0).ln() * 0.2;
    let change = difference(&products, &at(11.0), &at(12.0)).units;
    let wide = 1.96 * (deviation(12.0) - deviation(11.0)).abs();
    assert!((change.high - change.value - wide).abs() < 1e-9);
    let value = 100.0 * (1.2_f64.powf(-2.0) - 1.1_f64.powf(-2.0));
    assert!((change.value - value).abs() < 1e-9);
}

#[test]
fn a_competitor_answers_each_cut_once() {
    let scenario = Scenario {
        changes: vec![(Change::Price(0.9), Some(vec![0]))],
        reaction: Reaction::FollowsDown { share: 0.5 },
        weeks: 5,
        ..Scenario::default()
    };
    let result = play(&products(), &scenario, &mut keep).expect("valid");
    assert!((result.state.competitor[0] - 11.0 * 0.95).abs() < 1e-9, "{}", result.state.competitor[0]);
}

#[test]
fn a_price_war_is_seen_and_stopped() {
    let mut undercut = |state: &ScenarioState| -> Vec<f64> {
        let below = |(own, other): (&f64, &f64)| if other.is_nan() { *own } else { own.min(other * 0.97) };
        state.price.iter().zip(&state.competitor).map(below).collect()
    };
    let scenario = Scenario {
        changes: vec![(Change::Competitor(0.85), Some(vec![0]))],
        reaction: Reaction::MatchesLowest,
        weeks: 52,
        stop_at_fall: Some(0.2),
    };
    let result = play(&products(), &scenario, &mut undercut).expect("valid");
    assert!(result.is_price_war && result.is_stopped && result.weeks.len() < 52);
    assert!(result.state.price[1] == 20.0);
    // Who plays on sees it as well.
    let on = play(&products(), &Scenario { stop_at_fall: None, ..scenario }, &mut undercut).expect("valid");
    assert_eq!((on.is_price_war, on.is_stopped, on.weeks.len()), (true, false, 52));
}

#[test]
fn a_fall_that_nobody_answers_is_no_price_war() {
    let mut ever_lower = |state: &ScenarioState| state.price.iter().map(|price| price * 0.9).collect();
    let scenario = |reaction| Scenario { changes: Vec::new(), reaction, weeks: 8, stop_at_fall: Some(0.15) };
    let alone = play(&products(), &scenario(Reaction::None), &mut ever_lower).expect("valid");
    assert_eq!((alone.is_price_war, alone.weeks.len()), (false, 8));
    let cut = Scenario { changes: vec![(Change::Price(0.7), None)], ..scenario(Reaction::MatchesLowest) };
    let once = play(&products(), &cut, &mut keep).expect("valid");
    assert_eq!((once.is_price_war, once.weeks.len()), (false, 8), "they follow once, and we stay");
    let both = play(&products(), &scenario(Reaction::MatchesLowest), &mut ever_lower).expect("valid");
    assert!(both.is_price_war && both.weeks.len() < 8);
}

/// Two siblings, of which the second weighs a third, and a third one that takes no part and weighs as much as the second.
fn siblings() -> ScenarioProducts {
    let member = FamilyEffect { family: 7, error: 0.1, common_error: 0.05, pool: 2, ..FamilyEffect::default() };
    ScenarioProducts {
        cross_elasticity: vec![0.0; 2],
        families: vec![
            FamilyEffect { weight: 3.0, others: 2.0, elasticity: 0.8, covariance: -0.01, ..member },
            FamilyEffect { weight: 1.0, others: 4.0, elasticity: -0.4, covariance: 0.004, ..member },
        ],
        ..products()
    }
}

#[test]
fn siblings_follow_each_others_prices_and_their_errors_go_together() {
    let products = siblings();
    let state = ScenarioState { price: vec![9.0, 22.0], ..products.today() };
    // By hand: half of what the first one's siblings weigh moved, three quarters of the second one's.
    let (first, second) = ((0.9_f64).ln(), (1.1_f64).ln());
    let (of_first, of_second) = (second / 2.0, 0.75 * first);
    let units = [100.0 * (-2.0 * first + 0.8 * of_first).exp(), 10.0 * (-1.5 * second - 0.4 * of_second).exp()];
    let sold = outcomes(&products, &state);
    assert!(sold.iter().zip(units).all(|(sold, units)| (sold.units - units).abs() < 1e-9), "{sold:?} {units:?}");
    let week = totals_by(&products, &state, &[0, 0], 1).remove(0);
    let own = |units: f64, price: f64, error: f64, siblings: f64, covariance: f64| {
        units * units * ((price * error).powi(2) + (siblings * 0.1).powi(2) + 2.0 * price * siblings * covariance)
    };
    let own = own(units[0], first, 0.2, of_first, -0.01) + own(units[1], second, 0.1, of_second, 0.004);
    let common = 0.05 * (units[0] * of_first + units[1] * of_second);
    let wide = 1.96 * (own + common * common).sqrt();
    assert!((week.units.high - week.units.value - wide).abs() < 1e-9, "{week:?} {wide}");
    // The own price of the first alone leaves its own answer to others as it is.
    let prices = sibling_prices(&products, &state);
    let other = outcome_at(&products, &state, &prices, 0, 8.0).units;
    assert!((other - 100.0 * (-2.0 * (0.8_f64).ln() + 0.8 * of_first).exp()).abs() < 1e-9);
    // What both states share is not unsure.
    let same = difference(&products, &state, &state);
    assert_eq!((same.units.value, same.units.low, same.units.high), (0.0, 0.0, 0.0));
}

#[test]
fn without_an_effect_families_change_nothing_to_the_last_bit() {
    let changes = vec![(Change::Price(1.07), Some(vec![0])), (Change::Price(0.93), Some(vec![1]))];
    let scenario = Scenario { changes, weeks: 3, reaction: Reaction::MatchesLowest, ..Scenario::default() };
    let mut with = products();
    with.families = siblings().families;
    with.families.iter_mut().for_each(|effect| effect.elasticity = 0.0);
    let (with, without) = (play(&with, &scenario, &mut keep), play(&products(), &scenario, &mut keep));
    assert_eq!(with.expect("valid").weeks, without.expect("valid").weeks);
}

#[test]
fn a_learnt_answer_to_competitors_errs_by_itself_and_an_assumed_one_with_all_others() {
    let mut assumed = products();
    assumed.competitor = vec![11.0, 22.0];
    let learnt = |own: f64, common: f64, pool: u32| RivalError { is_learnt: true, own, common, pool };
    let width = |products: &ScenarioProducts| {
        let scenario = Scenario { changes: vec![(Change::Competitor(0.9), None)], ..Scenario::default() };
        let units = play(products, &scenario, &mut keep).expect("valid").weeks[0].units;
        (units.high - units.value) / 1.96
    };
    // What 0.1 less does to 100 and 10 units, for each unit of the elasticity.
    let moved = [100.0, 10.0].map(|units| units * f64::powf(0.9, 0.5) * f64::ln(0.9).abs());
    assert!((width(&assumed) - 0.25 * (moved[0] + moved[1])).abs() < 1e-9);
    let alone = ScenarioProducts { rivals: vec![learnt(0.1, 0.0, 0), RivalError::default()], ..assumed.clone() };
    assert!((width(&alone) - (0.1 * moved[0]).hypot(0.25 * moved[1])).abs() < 1e-9);
    let together = ScenarioProducts { rivals: vec![learnt(0.0, 0.1, 3), learnt(0.0, 0.2, 3)], ..assumed.clone() };
    assert!((width(&together) - (0.1 * moved[0] + 0.2 * moved[1])).abs() < 1e-9);
    let apart = ScenarioProducts { rivals: vec![learnt(0.0, 0.1, 3), learnt(0.0, 0.2, 4)], ..assumed };
    assert!((width(&apart) - (0.1 * moved[0]).hypot(0.2 * moved[1])).abs() < 1e-9);
}
