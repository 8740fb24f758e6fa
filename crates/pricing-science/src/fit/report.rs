//! What a fit says, in numbers and in warnings.

use serde::{Deserialize, Serialize};

use super::{FitRequest, Pieces, WeakInstruments};
use crate::covariance::Convention;
use crate::distributions::{chi_square_above, f_above, t_above, t_quantile};
use crate::error::{Result, ScienceError};
use crate::linear::dot;

/// Below this first-stage F instruments are weak: two-stage least squares is then biased towards least squares and its
/// errors are too small (Staiger and Stock 1997, “Instrumental variables regression with weak instruments”).
pub(crate) const WEAK_F: f64 = 10.0;

/// A coefficient with its uncertainty.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Coefficient {
    /// The term's name.
    pub name: String,
    /// The estimate.
    pub estimate: f64,
    /// Its standard error by the report's convention.
    pub standard_error: f64,
    /// The estimate over its standard error.
    pub t: f64,
    /// The probability of a larger |t| where there is no effect.
    pub p: f64,
    /// The lower end of the 95 % interval.
    pub low: f64,
    /// The upper end of the 95 % interval.
    pub high: f64,
}

/// How strongly the instruments move a regressor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FirstStage {
    /// The endogenous regressor.
    pub name: String,
    /// F of the excluded instruments by the report's convention.
    pub f: f64,
    /// The number of instruments.
    pub instruments: usize,
    /// F for equal variances.
    pub f_classical: f64,
    /// F robust to unequal variances, without a small-sample factor (HC0).
    pub f_robust: f64,
    /// The probability of a larger F where the instruments do nothing.
    pub p: f64,
    /// Whether F is below 10 (Staiger and Stock 1997), so that the estimate is withheld.
    pub is_weak: bool,
}

/// The test of the overidentifying restrictions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Overidentification {
    /// J for equal variances.
    pub j: f64,
    /// Its degrees of freedom.
    pub degrees: usize,
    /// The probability of a larger J where all instruments are valid.
    pub p: f64,
}

/// A variance component of a mixed model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VarianceComponent {
    /// The random effect, or two of them joined by a comma for a correlation.
    pub name: String,
    /// Standard deviation, or correlation.
    pub value: f64,
}

/// A fit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct FitReport {
    /// The method.
    pub method: String,
    /// The convention of the standard errors.
    pub convention: String,
    /// Rows used.
    pub observations: usize,
    /// Rows left out because something was missing or not finite.
    pub left_out: usize,
    /// Observations minus parameters, absorbed ones included.
    pub degrees_of_freedom: usize,
    /// Share of the outcome's variance explained, effects included; of the deviance for PPML. NaN where the estimate is
    /// withheld, and so is the residuals' deviation.
    pub r_squared: f64,
    /// Share explained within the absorbed effects.
    pub within_r_squared: Option<f64>,
    /// Standard deviation of the residuals.
    pub residual_deviation: f64,
    /// The coefficients.
    pub coefficients: Vec<Coefficient>,
    /// Sums of coefficients that were asked for.
    pub sums: Vec<Coefficient>,
    /// Regressors left out because others explain them.
    pub collinear: Vec<String>,
    /// Absorbed effects with their numbers of levels.
    pub absorbed: Vec<(String, usize)>,
    /// Clusterings with their numbers of clusters.
    pub clusters: Vec<(String, usize)>,
    /// The first stages.
    pub first_stages: Vec<FirstStage>,
    /// The test of the overidentifying restrictions.
    pub overidentification: Option<Overidentification>,
    /// Variance components of a mixed model.
    pub variance_components: Vec<VarianceComponent>,
    /// The restricted log likelihood of a mixed model.
    pub log_likelihood: Option<f64>,
    /// The coefficients' covariance, row by row.
    pub covariance: Vec<Vec<f64>>,
    /// What the reader should know before using this.
    pub remarks: Vec<String>,
    /// Why there is no estimate although there was data: coefficients, sums and covariance are then empty.
    pub withheld: Option<String>,
}

impl FitReport {
    /// A coefficient or a sum by its name.
    pub fn find(&self, name: &str) -> Option<&Coefficient> {
        self.coefficients.iter().chain(&self.sums).find(|coefficient| coefficient.name == name)
    }

    /// Adds sums of coefficients with their standard errors.
    pub(crate) fn with_sums(mut self, sums: &[(String, Vec<String>)]) -> Result<FitReport> {
        for (name, parts) in sums {
            let place = |part: &String| {
                self.coefficients
                    .iter()
                    .position(|known| known.name == *part)
                    .ok_or_else(|| ScienceError::Unsuitable(format!("{name}: there is no coefficient “{part}” to add")))
            };
            let places = parts.iter().map(place).collect::<Result<Vec<usize>>>()?;
            let estimate = places.iter().map(|&i| self.coefficients[i].estimate).sum();
            let pairs = places.iter().flat_map(|&i| places.iter().map(move |&j| (i, j)));
            let variance: f64 = pairs.map(|(i, j)| self.covariance[i][j]).sum();
            self.sums.push(coefficient(name.clone(), estimate, variance.sqrt(), self.t_degrees()));
        }
        Ok(self)
    }

    /// Degrees of freedom of the t distribution: the fewest clusters less one, or the residuals'.
    fn t_degrees(&self) -> f64 {
        let clusters = self.clusters.iter().map(|(_, count)| count - 1).min();
        clusters.unwrap_or(self.degrees_of_freedom) as f64
    }
}

/// A coefficient with what follows from its standard error.
pub(crate) fn coefficient(name: String, estimate: f64, standard_error: f64, degrees: f64) -> Coefficient {
    const COVERED: f64 = 0.975;
    let t = estimate / standard_error;
    let width = t_quantile(COVERED, degrees) * standard_error;
    let p = 2.0 * t_above(t.abs(), degrees);
    Coefficient { name, estimate, standard_error, t, p, low: estimate - width, high: estimate + width }
}

pub(crate) fn report(pieces: &Pieces, convention: Convention, request: &FitRequest) -> Result<FitReport> {
    let design = &pieces.design;
    if convention.is_clustered() && design.clusters.is_empty() {
        return Err(ScienceError::Unsuitable(format!("{} needs clusters; name what they are", convention.name())));
    }
    let sandwich = pieces.sandwich();
    let covariance = sandwich.covariance(convention)?;
    let degrees_of_freedom = design.row_count() - sandwich.parameters;
    let squares = dot(&pieces.residuals, &pieces.residuals, pieces.weights.as_deref());
    let used_clusters = if convention.is_clustered() { &design.clusters[..] } else { &[] };
    let sizes = |groupings: &[crate::design::Grouping]| {
        groupings.iter().map(|grouping| (grouping.name.clone(), grouping.count)).collect::<Vec<_>>()
    };
    let mut report = FitReport {
        method: pieces.method.to_owned(),
        convention: convention.name().to_owned(),
        observations: design.row_count(),
        left_out: design.left_out,
        degrees_of_freedom,
        r_squared: pieces.pseudo_r_squared.unwrap_or(1.0 - squares / pieces.total_squares),
        within_r_squared: (!design.absorbed.is_empty() && pieces.pseudo_r_squared.is_none())
            .then(|| 1.0 - squares / pieces.within_squares),
        residual_deviation: (squares / degrees_of_freedom as f64).sqrt(),
        absorbed: sizes(&design.absorbed),
        clusters: sizes(used_clusters),
        covariance: rows_of(&covariance),
        remarks: pieces.remarks.clone(),
        ..FitReport::default()
    };
    let degrees = report.t_degrees();
    for (place, &column) in pieces.kept.iter().enumerate() {
        let error = covariance[(place, place)].max(0.0).sqrt();
        let name = pieces.names[column].clone();
        report.coefficients.push(coefficient(name, pieces.coefficients[place], error, degrees));
    }
    let collinear = (0..pieces.names.len()).filter(|column| !pieces.kept.contains(column));
    report.collinear = collinear.map(|column| pieces.names[column].clone()).collect();
    if !design.instruments.is_empty() {
        instruments(pieces, convention, &mut report)?;
    }
    match (weakness(&report), request.weak_instruments) {
        (Some(reason), WeakInstruments::Withhold) => Ok(withheld(report, reason)),
        (Some(reason), WeakInstruments::Show) => {
            report.remarks.push(format!("{reason} Do not use this estimate."));
            report.with_sums(&request.sums)
        }
        (None, _) => report.with_sums(&request.sums),
    }
}

/// What is wrong with the instruments, where they are weak.
fn weakness(report: &FitReport) -> Option<String> {
    let weak: Vec<String> = report
        .first_stages
        .iter()
        .filter(|stage| stage.is_weak)
        .map(|stage| format!("{} (first-stage F = {:.2})", stage.name, stage.f))
        .collect();
    (!weak.is_empty()).then(|| {
        format!(
            "The instruments are weak for {}: F is below {WEAK_F} (Staiger and Stock 1997), so that the estimate would lean \
             towards least squares and its error be too small.",
            weak.join(", ")
        )
    })
}

/// The report without all that the weak instruments were meant to tell.
fn withheld(report: FitReport, reason: String) -> FitReport {
    FitReport {
        r_squared: f64::NAN,
        within_r_squared: None,
        residual_deviation: f64::NAN,
        coefficients: Vec::new(),
        sums: Vec::new(),
        overidentification: None,
        covariance: Vec::new(),
        withheld: Some(reason),
        ..report
    }
}

/// A matrix row by row.
pub(crate) fn rows_of(matrix: &faer::Mat<f64>) -> Vec<Vec<f64>> {
    (0..matrix.nrows()).map(|i| (0..matrix.ncols()).map(|j| matrix[(i, j)]).collect()).collect()
}

fn instruments(pieces: &Pieces, convention: Convention, report: &mut FitReport) -> Result<()> {
    let freedom = report.degrees_of_freedom as f64;
    for (name, f, instruments) in pieces.first_stages([convention, Convention::Classical, Convention::Hc0])? {
        let [f, f_classical, f_robust] = f;
        // A stage whose F cannot be told is no strong one.
        let is_weak = f.is_nan() || f < WEAK_F;
        let p = f_above(f, instruments as f64, freedom);
        report.first_stages.push(FirstStage { name, f, instruments, f_classical, f_robust, p, is_weak });
    }
    report.overidentification = pieces.overidentification()?.map(|(j, degrees)| Overidentification {
        j,
        degrees,
        p: chi_square_above(j, degrees as f64),
    });
    Ok(())
}

#[cfg(test)]
mod tests;
