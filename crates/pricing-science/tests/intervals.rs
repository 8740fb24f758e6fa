//! Intervals of products whose truth is known.

#[path = "support/intervals.rs"]
mod intervals;

use intervals::{held, held_at};
use pricing_science::BetweenVariance;

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
            let held = held_at(groups, &|part| most * part.sqrt(), BetweenVariance::Adjusted);
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
