//! Ordinary, weighted and two-stage least squares with absorbed effects.
//!
//! Frisch and Waugh (1933) and Lovell (1963) for absorbed effects; Theil (1953) and Basmann (1957) for two stages.

use faer::Mat;

use crate::absorb::Absorber;
use crate::covariance::{Convention, Sandwich};
use crate::design::{Columns, Design};
use crate::error::{Result, ScienceError};
use crate::linear::{Solved, combined, cross_products, dot};

/// A fit before its standard errors: everything that they are made of.
pub(crate) struct Pieces {
    /// The method's name.
    pub method: &'static str,
    /// The design, its columns with the effects taken out.
    pub design: Design,
    /// Names of all regressors, exogenous first.
    pub names: Vec<String>,
    /// The regressors that could be estimated.
    pub kept: Vec<usize>,
    /// Their coefficients.
    pub coefficients: Vec<f64>,
    /// The inverse of their cross products.
    pub inverse: Mat<f64>,
    /// The columns that the scores are made of; with instruments the first stage's predictions.
    pub score_columns: Vec<Vec<f64>>,
    /// The residuals.
    pub residuals: Vec<f64>,
    /// Weights of the rows in the last step.
    pub weights: Option<Vec<f64>>,
    /// Sum of squares of the outcome around its mean (around zero without a constant).
    pub total_squares: f64,
    /// The same after the effects were taken out.
    pub within_squares: f64,
    /// For PPML the share of deviance explained.
    pub pseudo_r_squared: Option<f64>,
    /// What the reader should know.
    pub remarks: Vec<String>,
}

/// Fits by least squares.
pub(crate) fn least_squares(mut design: Design) -> Result<Pieces> {
    let weights = design.weights.clone();
    let total_squares = centred_squares(&design);
    let mut totals = squares(&design.exogenous, &design);
    totals.extend(squares(&design.endogenous, &design));
    take_effects_out(&mut design, weights.as_deref())?;
    let within_squares = if design.absorbed.is_empty() {
        total_squares
    } else {
        dot(&design.outcome, &design.outcome, weights.as_deref())
    };
    let regressors = joined(&design.exogenous, &design.endogenous);
    let score_columns = if design.instruments.is_empty() {
        regressors.values.clone()
    } else {
        totals.truncate(design.exogenous.len());
        totals.resize(regressors.len(), 0.0);
        first_stage_predictions(&design, &regressors)?
    };
    let gram = cross_products(&score_columns, &score_columns, weights.as_deref());
    let solved = Solved::new(&gram, &totals)?;
    let right = cross_products(&score_columns, std::slice::from_ref(&design.outcome), weights.as_deref());
    let solution = solved.solve(&right);
    let coefficients: Vec<f64> = (0..solved.kept.len()).map(|i| solution[(i, 0)]).collect();
    let used: Vec<&Vec<f64>> = solved.kept.iter().map(|&i| &regressors.values[i]).collect();
    let fitted = combined(&used, &coefficients, design.row_count());
    let residuals = design.outcome.iter().zip(&fitted).map(|(y, fit)| y - fit).collect();
    let score_columns = solved.kept.iter().map(|&i| score_columns[i].clone()).collect();
    Ok(Pieces {
        method: if design.instruments.is_empty() { "least squares" } else { "two-stage least squares" },
        names: regressors.names,
        kept: solved.kept,
        coefficients,
        inverse: solved.inverse,
        score_columns,
        residuals,
        weights,
        total_squares,
        within_squares,
        pseudo_r_squared: None,
        remarks: Vec::new(),
        design,
    })
}

fn take_effects_out(design: &mut Design, weights: Option<&[f64]>) -> Result<()> {
    let absorbed = std::mem::take(&mut design.absorbed);
    let Design { outcome, exogenous, endogenous, instruments, .. } = design;
    let mut columns: Vec<&mut Vec<f64>> = [exogenous, endogenous, instruments]
        .into_iter()
        .flat_map(|columns| columns.values.iter_mut())
        .chain(std::iter::once(outcome))
        .collect();
    let result = Absorber::new(&absorbed, weights).absorb(&mut columns);
    design.absorbed = absorbed;
    result
}

fn joined(left: &Columns, right: &Columns) -> Columns {
    Columns {
        names: left.names.iter().chain(&right.names).cloned().collect(),
        values: left.values.iter().chain(&right.values).cloned().collect(),
    }
}

/// Squares of the columns around their means where effects are absorbed, so that collinearity is judged by what varies.
fn squares(columns: &Columns, design: &Design) -> Vec<f64> {
    let is_centred = !design.absorbed.is_empty();
    columns.values.iter().map(|column| around(column, design.weights.as_deref(), is_centred)).collect()
}

fn centred_squares(design: &Design) -> f64 {
    let has_constant = design.has_intercept || !design.absorbed.is_empty();
    around(&design.outcome, design.weights.as_deref(), has_constant)
}

fn around(column: &[f64], weights: Option<&[f64]>, is_centred: bool) -> f64 {
    let weight = |row: usize| weights.map_or(1.0, |weights| weights[row]);
    let mean = if is_centred {
        let total: f64 = (0..column.len()).map(weight).sum();
        (0..column.len()).map(|row| column[row] * weight(row)).sum::<f64>() / total
    } else {
        0.0
    };
    (0..column.len()).map(|row| (column[row] - mean).powi(2) * weight(row)).sum()
}

/// The regressors as the exogenous columns and the instruments predict them.
fn first_stage_predictions(design: &Design, regressors: &Columns) -> Result<Vec<Vec<f64>>> {
    if design.instruments.len() < design.endogenous.len() {
        return Err(ScienceError::Unsuitable(format!(
            "{} instruments cannot identify {} endogenous regressors; name at least as many",
            design.instruments.len(),
            design.endogenous.len()
        )));
    }
    let weights = design.weights.as_deref();
    let known = joined(&design.exogenous, &design.instruments);
    let gram = cross_products(&known.values, &known.values, weights);
    let solved = Solved::new(&gram, &vec![0.0; known.len()])?;
    let solution = solved.solve(&cross_products(&known.values, &design.endogenous.values, weights));
    let used: Vec<&Vec<f64>> = solved.kept.iter().map(|&i| &known.values[i]).collect();
    let predicted = (0..design.endogenous.len()).map(|endogenous| {
        let coefficients: Vec<f64> = (0..used.len()).map(|i| solution[(i, endogenous)]).collect();
        combined(&used, &coefficients, design.row_count())
    });
    Ok(regressors.values[..design.exogenous.len()].iter().cloned().chain(predicted).collect())
}

impl Pieces {
    /// Levels of the absorbed effects that count, each further effect without one level.
    fn effect_levels(&self, counts: impl Fn(usize) -> bool) -> usize {
        let absorbed = &self.design.absorbed;
        let counted = (0..absorbed.len()).filter(|place| counts(*place));
        let levels: usize = counted.map(|place| absorbed[place].count - usize::from(place > 0)).sum();
        // The constant hides in the effects, so one level stays even where all are nested.
        if absorbed.is_empty() { 0 } else { levels.max(1) }
    }

    /// What the standard errors are made of.
    pub fn sandwich(&self) -> Sandwich<'_> {
        let slopes = self.coefficients.len();
        let is_nested = |place: usize| {
            let effect = &self.design.absorbed[place];
            self.design.clusters.iter().any(|clusters| effect.is_nested_in(clusters))
        };
        Sandwich {
            columns: self.score_columns.iter().collect(),
            residuals: &self.residuals,
            weights: self.weights.as_deref(),
            inverse: &self.inverse,
            parameters: slopes + self.effect_levels(|_| true),
            parameters_not_nested: slopes + self.effect_levels(|place| !is_nested(place)),
            clusters: &self.design.clusters,
            absorbed: &self.design.absorbed,
        }
    }

    /// An auxiliary regression on the exogenous columns and the instruments, with the effects counted as here.
    fn auxiliary(&self, outcome: &[f64]) -> Result<Pieces> {
        let design = &self.design;
        let mut pieces = least_squares(Design {
            outcome: outcome.to_vec(),
            exogenous: joined(&design.exogenous, &design.instruments),
            clusters: design.clusters.clone(),
            weights: design.weights.clone(),
            has_intercept: design.has_intercept,
            ..Design::default()
        })?;
        pieces.design.absorbed.clone_from(&design.absorbed);
        Ok(pieces)
    }

    /// The Wald statistic of the instruments in this auxiliary regression, and how many there are.
    fn wald_of_instruments(&self, auxiliary: &Pieces, convention: Convention) -> Result<(f64, usize)> {
        let first = self.design.exogenous.len();
        let tested: Vec<usize> = (0..auxiliary.kept.len()).filter(|&i| auxiliary.kept[i] >= first).collect();
        let covariance = auxiliary.sandwich().covariance(convention)?;
        Ok((wald(&auxiliary.coefficients, &covariance, &tested)?, tested.len()))
    }

    /// For each endogenous regressor and each convention, F of the excluded instruments: their Wald statistic over
    /// their number.
    pub fn first_stages<const N: usize>(&self, conventions: [Convention; N]) -> Result<Vec<(String, [f64; N], usize)>> {
        let endogenous = &self.design.endogenous;
        let stage = |(name, outcome): (&String, &Vec<f64>)| {
            let auxiliary = self.auxiliary(outcome)?;
            let mut count = 0;
            let mut f = [f64::NAN; N];
            for (f, convention) in f.iter_mut().zip(conventions) {
                let (wald, instruments) = self.wald_of_instruments(&auxiliary, convention)?;
                count = instruments;
                *f = wald / instruments as f64;
            }
            Ok((name.clone(), f, count))
        };
        endogenous.names.iter().zip(&endogenous.values).map(stage).collect()
    }

    /// The J statistic of the overidentifying restrictions and its degrees: m·F of the residuals on all instruments,
    /// for equal variances (Stock and Watson, chapter 12).
    pub fn overidentification(&self) -> Result<Option<(f64, usize)>> {
        let degrees = self.design.instruments.len().saturating_sub(self.design.endogenous.len());
        if degrees == 0 {
            return Ok(None);
        }
        let auxiliary = self.auxiliary(&self.residuals)?;
        Ok(Some((self.wald_of_instruments(&auxiliary, Convention::Classical)?.0, degrees)))
    }
}

/// b' V⁻¹ b over the coefficients tested.
fn wald(coefficients: &[f64], covariance: &Mat<f64>, tested: &[usize]) -> Result<f64> {
    let of = Mat::from_fn(tested.len(), tested.len(), |i, j| covariance[(tested[i], tested[j])]);
    let right = Mat::from_fn(tested.len(), 1, |i, _| coefficients[tested[i]]);
    let solved = crate::linear::solve_positive(&of, &right)
        .ok_or_else(|| ScienceError::Unsuitable("the instruments are collinear".to_owned()))?;
    Ok((0..tested.len()).map(|i| solved[(i, 0)] * right[(i, 0)]).sum())
}
