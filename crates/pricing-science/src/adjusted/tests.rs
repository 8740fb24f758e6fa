//! Intervals of groups whose truth is known.

use super::between;
use crate::chance::Chance;
use crate::grades::CategoryElasticity;
use crate::shrinkage::{BetweenVariance, Estimate, shrink};

/// What came of many categories.
#[derive(Debug, Default)]
struct Held {
    /// Shares inside the 95 % interval: of groups with an estimate, and of another group without one.
    inside: f64,
    other: f64,
    /// Mean squares of what is wrong, of drawn estimates and of those given.
    drawn: f64,
    given: f64,
    /// Mean width as a share of the estimate's own.
    width: f64,
}

/// Categories of so many groups that differ by `tau` where the errors are around 1, some twice and some half as large.
fn held(groups: usize, tau: f64, between: BetweenVariance) -> Held {
    held_at(groups, &format!("spread {tau}"), &|_| tau, between)
}

/// The same where each category has a spread of its own.
fn held_at(groups: usize, words: &str, spread: &dyn Fn(f64) -> f64, between: BetweenVariance) -> Held {
    let rounds = 40_000 / groups;
    let mut chance = Chance(groups as u64 * 1_000 + (10.0 * spread(0.5)) as u64);
    let (mut held, mut all, mut counted) = (Held::default(), 0.0, 0.0);
    for round in 0..rounds {
        let tau = spread((round as f64 + 0.5) / rounds as f64);
        let truths: Vec<f64> = (0..groups).map(|_| -2.0 + tau * chance.normal()).collect();
        let mut of = |truth: &f64| {
            let error = (0.4 * chance.normal()).exp();
            Estimate { value: truth + error * chance.normal(), variance: error * error }
        };
        let given: Vec<Estimate> = truths.iter().map(&mut of).collect();
        // Fisher scoring does not always come to an end for the plain likelihood.
        let Ok(found) = shrink(&given, between) else { continue };
        counted += 1.0;
        for ((truth, own), drawn) in truths.iter().zip(&given).zip(&found.shrunk) {
            let left = own.variance / (own.variance + found.tau2);
            let error = drawn.variance.sqrt().hypot(left * found.mean_error);
            all += 1.0;
            held.inside += f64::from((drawn.value - truth).abs() <= 1.96 * error);
            held.drawn += (drawn.value - truth).powi(2) / own.variance;
            held.given += (own.value - truth).powi(2) / own.variance;
            held.width += error / own.variance.sqrt();
        }
        let other = -2.0 + tau * chance.normal();
        let error = found.tau2.sqrt().hypot(found.mean_error);
        held.other += f64::from((found.mean - other).abs() <= 1.96 * error);
    }
    held.other /= counted;
    [&mut held.inside, &mut held.drawn, &mut held.given, &mut held.width].into_iter().for_each(|sum| *sum /= all);
    println!("{groups} groups, {words}: {held:?}");
    held
}

#[test]
fn intervals_hold_what_they_say_for_few_groups_as_for_many() {
    for groups in [3, 4, 5, 10, 50] {
        for tau in [0.6, 1.0, 2.0, 4.0] {
            let held = held(groups, tau, BetweenVariance::Adjusted);
            assert!((0.93..=0.985).contains(&held.inside), "{groups} {tau}: {held:?}");
            assert!(tau < 0.8 || held.inside <= 0.97, "{groups} {tau}: {held:?}");
            assert!(held.other >= if groups == 3 { 0.9 } else { 0.925 }, "{groups} {tau}: {held:?}");
            assert!(held.drawn < held.given && held.width < 1.0, "{groups} {tau}: {held:?}");
        }
    }
}

#[test]
fn groups_that_hardly_differ_are_still_drawn_together_and_their_intervals_only_hold_more() {
    for (groups, most) in [(3, 0.85), (5, 0.75), (10, 0.45), (50, 0.2)] {
        for tau in [0.0, 0.3] {
            let held = held(groups, tau, BetweenVariance::Adjusted);
            assert!(held.inside >= 0.95, "{groups} {tau}: {held:?}");
            assert!(held.drawn < most * held.given && held.width < 0.95, "{groups} {tau}: {held:?}");
        }
    }
}

#[test]
fn intervals_hold_on_average_over_all_spreads_what_they_say() {
    // No interval can do so at every single one: few groups that hardly differ look like those that do a little.
    for groups in [4, 5, 10, 20] {
        for most in [1.0_f64, 3.0] {
            let words = format!("variances evenly up to {}", most * most);
            let held = held_at(groups, &words, &|part| most * part.sqrt(), BetweenVariance::Adjusted);
            assert!((0.94..=0.975).contains(&held.inside), "{groups} {most}: {held:?}");
            assert!(most < 2.0 || held.inside <= 0.96, "{groups} {most}: {held:?}");
        }
    }
}

#[test]
fn the_plain_likelihood_holds_less_than_it_says() {
    let plain = held(5, 1.0, BetweenVariance::Reml);
    assert!(plain.inside < 0.88 && plain.other < 0.85, "{plain:?}");
}

#[test]
fn equal_errors_have_a_closed_form() {
    // With errors of variance D and the sum of squares S, five groups leave u = D ÷ (tau2 + D) an exponential law with the
    // rate S ÷ 2 D, cut off at 1 (Morris 1983).
    let values = [-1.0_f64, -1.6, -2.2, -3.0, -2.7];
    let error = 0.3;
    let given: Vec<Estimate> = values.iter().map(|value| Estimate { value: *value, variance: error }).collect();
    let mean = values.iter().sum::<f64>() / 5.0;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    let rate = squares / (2.0 * error);
    let cut = 1.0 / (rate.exp() - 1.0);
    let (mean, variance) = (1.0 / rate - cut, 1.0 / (rate * rate) - cut * (cut + 1.0));
    let found = between(&given).expect("enough");
    let left = error / (found.tau2 + error);
    let of_share = found.unsure * (left * (1.0 - left)).powi(2);
    assert!(
        (left / mean - 1.0).abs() < 0.002 && (of_share / variance - 1.0).abs() < 0.01,
        "{found:?} {mean} {variance}"
    );
    // All alike are not taken for certain to be: u is as likely anywhere.
    let alike = vec![Estimate { value: -2.0, variance: 0.1 }; 5];
    let found = between(&alike).expect("enough");
    assert!((found.tau2 / 0.1 - 1.0).abs() < 0.02 && (found.unsure / (16.0 / 12.0) - 1.0).abs() < 0.05, "{found:?}");
    assert_eq!(between(&alike[..2]), None);
}

#[test]
fn what_is_unsure_about_the_variance_widens_what_lies_far_from_the_mean() {
    let mean = Estimate { value: -2.0, variance: 0.0 };
    let category = CategoryElasticity { mean, tau2: 0.25, unsure: 0.8 };
    let at = |value: f64| category.draw(Estimate { value, variance: 0.25 }).variance;
    assert!((at(-2.0) - 0.125).abs() < 1e-12);
    assert!((at(-4.0) - (0.125 + 0.8 * 0.0625 * 4.0)).abs() < 1e-12);
}
