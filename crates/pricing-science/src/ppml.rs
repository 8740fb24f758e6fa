//! Poisson pseudo maximum likelihood with absorbed effects, by iteratively reweighted least squares.
//!
//! Santos Silva and Tenreyro (2006), “The Log of Gravity”; Correia, Guimarães and Zylkin (2020), “Fast Poisson
//! estimation with high-dimensional fixed effects”, and (2019), “Verifying the existence of maximum likelihood
//! estimates for generalized linear models” for finding separation.

use crate::design::{Design, Grouping};
use crate::error::{Result, ScienceError};
use crate::fit::{Pieces, least_squares};
use crate::linear::combined;

/// Relative change of the deviance at rest.
const TOLERANCE: f64 = 1e-12;
/// Steps before giving up.
const MOST_STEPS: usize = 100;

/// Fits, or says why there is no maximum.
pub(crate) fn fit(mut design: Design) -> Result<Pieces> {
    if !design.endogenous.is_empty() {
        return Err(ScienceError::Unsuitable("PPML takes no instruments here; use least squares".to_owned()));
    }
    if design.outcome.iter().any(|value| *value < 0.0) {
        return Err(ScienceError::Unsuitable("PPML needs an outcome that is never negative".to_owned()));
    }
    let mut remarks = Vec::new();
    let rows = design.row_count();
    leave_out_groups_without_sales(&mut design);
    if design.row_count() < rows {
        remarks.push(format!("{} rows of groups that never sell were left out", rows - design.row_count()));
    }
    refuse_separation(&design)?;
    let own_weights = design.weights.clone();
    let own = |row: usize| own_weights.as_ref().map_or(1.0, |weights| weights[row]);
    let outcome = design.outcome.clone();
    let mean = outcome.iter().sum::<f64>() / outcome.len() as f64;
    if mean <= 0.0 {
        return Err(ScienceError::NotEnough("nothing was sold in any row".to_owned()));
    }
    let mut linear: Vec<f64> = outcome.iter().map(|value| ((value + mean) / 2.0).ln()).collect();
    let mut deviance = f64::INFINITY;
    for _ in 0..MOST_STEPS {
        let expected: Vec<f64> = linear.iter().map(|value| value.exp()).collect();
        let weights: Vec<f64> = expected.iter().enumerate().map(|(row, mu)| mu * own(row)).collect();
        let working: Vec<f64> =
            (0..outcome.len()).map(|row| linear[row] + (outcome[row] - expected[row]) / expected[row]).collect();
        let step = Design { outcome: working.clone(), weights: Some(weights), ..design.clone() };
        let mut pieces = least_squares(step)?;
        // The fit of the full model, effects included, is the working outcome less its residual.
        linear = working.iter().zip(&pieces.residuals).map(|(working, residual)| working - residual).collect();
        let now = deviance_of(&outcome, &linear, own);
        if (deviance - now).abs() <= TOLERANCE * (now.abs() + 1.0) {
            pieces.residuals =
                (0..outcome.len()).map(|row| (outcome[row] - linear[row].exp()) / linear[row].exp()).collect();
            pieces.method = "PPML";
            let null = vec![mean.ln(); outcome.len()];
            pieces.pseudo_r_squared = Some(1.0 - now / deviance_of(&outcome, &null, own));
            pieces.design.outcome = outcome;
            pieces.remarks = remarks;
            return Ok(pieces);
        }
        deviance = now;
    }
    Err(ScienceError::NotConverged { method: "PPML", iterations: MOST_STEPS })
}

fn deviance_of(outcome: &[f64], linear: &[f64], weight: impl Fn(usize) -> f64) -> f64 {
    let of = |(row, (y, eta)): (usize, (&f64, &f64))| {
        let mu = eta.exp();
        let gain = if *y > 0.0 { y * (y.ln() - eta) } else { 0.0 };
        2.0 * weight(row) * (gain - (y - mu))
    };
    outcome.iter().zip(linear).enumerate().map(of).sum()
}

/// A group whose outcomes are all zero has an effect of minus infinity and says nothing about the rest.
fn leave_out_groups_without_sales(design: &mut Design) {
    loop {
        let sells = |grouping: &Grouping| {
            let mut sells = vec![false; grouping.count];
            grouping.codes.iter().zip(&design.outcome).for_each(|(code, y)| sells[*code as usize] |= *y > 0.0);
            sells
        };
        let selling: Vec<Vec<bool>> = design.absorbed.iter().map(sells).collect();
        let keep: Vec<bool> = (0..design.row_count())
            .map(|row| design.absorbed.iter().zip(&selling).all(|(group, sells)| sells[group.codes[row] as usize]))
            .collect();
        if keep.iter().all(|keep| *keep) || keep.iter().all(|keep| !*keep) {
            return;
        }
        design.retain(&keep);
    }
}

/// The iterative rectifier: looks for a combination of regressors and effects that is zero wherever something was sold
/// and positive somewhere else.
fn refuse_separation(design: &Design) -> Result<()> {
    const CERTAIN: f64 = 1e5;
    const ENOUGH: f64 = 1e-5;
    const ROUNDS: usize = 100;
    let is_zero: Vec<bool> = design.outcome.iter().map(|value| *value == 0.0).collect();
    if design.exogenous.is_empty() || is_zero.iter().all(|zero| !*zero) {
        return Ok(());
    }
    let weights: Vec<f64> = is_zero.iter().map(|zero| if *zero { 1.0 } else { CERTAIN }).collect();
    let mut rectified: Vec<f64> = is_zero.iter().map(|zero| if *zero { 1.0 } else { 0.0 }).collect();
    for _ in 0..ROUNDS {
        let step = Design { outcome: rectified.clone(), weights: Some(weights.clone()), ..design.clone() };
        let pieces = least_squares(step)?;
        let predicted: Vec<f64> = rectified.iter().zip(&pieces.residuals).map(|(u, residual)| u - residual).collect();
        if predicted.iter().zip(&is_zero).all(|(value, zero)| !*zero || *value <= ENOUGH) {
            return Ok(());
        }
        let is_fitted = pieces.residuals.iter().all(|residual| residual.abs() < ENOUGH);
        if is_fitted {
            let observations = predicted.iter().filter(|value| **value > ENOUGH).count();
            return Err(ScienceError::Separated { term: strongest(&pieces), observations });
        }
        rectified =
            predicted.iter().zip(&is_zero).map(|(value, zero)| if *zero { value.max(0.0) } else { 0.0 }).collect();
    }
    Ok(())
}

/// The regressor that carries most of the separating combination.
fn strongest(pieces: &Pieces) -> String {
    let reach = |place: usize| {
        let column = &pieces.score_columns[place];
        combined(&[column], &[pieces.coefficients[place]], column.len()).iter().map(|value| value.abs()).sum::<f64>()
    };
    let best = (0..pieces.kept.len()).max_by(|a, b| reach(*a).total_cmp(&reach(*b)));
    best.map_or_else(String::new, |place| pieces.names[pieces.kept[place]].clone())
}

#[cfg(test)]
mod tests {
    use crate::error::ScienceError;
    use crate::fit::{FitRequest, Method, fit};
    use crate::table::{Table, Values};

    fn request(formula: &str) -> FitRequest {
        FitRequest { formula: formula.to_owned(), method: Method::Ppml, ..FitRequest::default() }
    }

    fn table(q: Vec<f64>, x: Vec<f64>) -> Table {
        Table::new(vec![("q".into(), Values::Number(q)), ("x".into(), Values::Number(x))]).expect("valid")
    }

    #[test]
    fn group_means_are_fitted_exactly() {
        let report =
            fit(&table(vec![2.0, 4.0, 10.0, 14.0], vec![0.0, 0.0, 1.0, 1.0]), &request("q ~ x")).expect("valid");
        assert!((report.find("(Intercept)").expect("valid").estimate - 3.0_f64.ln()).abs() < 1e-9);
        assert!((report.find("x").expect("valid").estimate - 4.0_f64.ln()).abs() < 1e-9);
    }

    #[test]
    fn a_separated_model_is_refused_and_names_the_term() {
        let data = table(vec![2.0, 4.0, 0.0, 0.0, 3.0], vec![0.0, 0.0, 1.0, 1.0, 0.0]);
        let error = fit(&data, &request("q ~ x")).expect_err("refused");
        assert_eq!(error, ScienceError::Separated { term: "x".into(), observations: 2 });
    }
}
