//! Intervals of elasticities, simulated: the figures of docs/measurements.md.

#[path = "../../../../crates/pricing-science/tests/support/intervals.rs"]
mod simulated;

use pricing_science::BetweenVariance;
use simulated::{PRODUCTS, held, held_at};

use crate::scoring::Score;

/// Shares inside, squared errors against the own estimates, and widths against theirs, of products that differ by nothing up
/// to four times the errors of their estimates.
pub fn score_intervals() -> Score {
    let mut score = Score { name: "science: intervals".to_owned(), ..Score::default() };
    score.figures.push(("products simulated for each figure".to_owned(), PRODUCTS as f64));
    for products in [3, 5, 10, 50] {
        for spread in [0.0, 0.3, 0.6, 1.0, 2.0, 4.0] {
            let held = held(products, spread, BetweenVariance::Adjusted);
            let name = format!("{products} products, spread {spread}");
            score.figures.push((format!("{name}: inside the 95 % interval, percent"), 100.0 * held.inside));
            score.figures.push((format!("{name}: squared error against the own estimate"), held.drawn / held.given));
            score.figures.push((format!("{name}: width against the own interval"), held.width));
        }
    }
    let plain = held(5, 1.0, BetweenVariance::Reml);
    let now = held(5, 1.0, BetweenVariance::Adjusted);
    for (name, held) in [("plain likelihood", &plain), ("as it is", &now)] {
        let name = format!("5 products, spread 1, {name}");
        score.figures.push((format!("{name}: inside the 95 % interval, percent"), 100.0 * held.inside));
        score.figures.push((format!("{name}: without an own estimate, percent"), 100.0 * held.other));
        score.figures.push((format!("{name}: squared error against the own estimate"), held.drawn / held.given));
    }
    for products in [5, 10] {
        // Variances evenly from 0 to nine times those of the errors.
        let held = held_at(products, &|part| 3.0 * part.sqrt(), BetweenVariance::Adjusted);
        score.figures.push((
            format!("{products} products, all spreads: inside the 95 % interval, percent"),
            100.0 * held.inside,
        ));
    }
    score
}
