//! Coefficients, standard errors and tests against known values, by collection.

use std::path::Path;

use crate::reference::{Comparison, compare_all};
use crate::scoring::Score;

/// Scores every known value: how many of each data set agree.
pub fn score_fits(data: &Path) -> Score {
    let comparisons = compare_all(data);
    let mut score = Score { name: "science: fits".to_owned(), ..Score::default() };
    let mut families: Vec<&str> = comparisons.iter().map(|comparison| family(&comparison.id)).collect();
    families.dedup();
    for name in families {
        let of: Vec<&Comparison> = comparisons.iter().filter(|comparison| family(&comparison.id) == name).collect();
        let agreeing = of.iter().filter(|comparison| comparison.agrees).count();
        score.figures.push((format!("{name}: agree of {}", of.len()), agreeing as f64));
    }
    let all = comparisons.iter().filter(|comparison| comparison.agrees).count();
    score.figures.push((format!("agree of {}", comparisons.len()), all as f64));
    let missed = comparisons.iter().filter(|comparison| !comparison.agrees);
    score.misses = missed.map(|c| format!("{} {}: {} instead of {}", c.id, c.what, c.computed, c.expected)).collect();
    score
}

fn family(id: &str) -> &str {
    id.split('.').next().unwrap_or(id)
}
