//! What is known of the variance in closed form; `tests/intervals.rs` simulates the rest.

use super::between;
use crate::grades::CategoryElasticity;
use crate::shrinkage::Estimate;

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
