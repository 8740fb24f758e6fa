//! Fits a formula to a table: least squares (weighted, with fixed effects, with instruments), PPML, or a mixed model,
//! and reports coefficients with their standard errors and what they rest on.

mod least_squares;
mod report;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::covariance::Convention;
use crate::design::Design;
use crate::error::Result;
use crate::formula::{Evaluated, Expression, Formula, evaluate, numbers};
use crate::table::{Table, Values};
use crate::{mixed, ppml};

pub(crate) use least_squares::{Pieces, least_squares};
pub use report::{Coefficient, FirstStage, FitReport, Overidentification, VarianceComponent};
pub(crate) use report::{coefficient, rows_of};

/// How the coefficients are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Least squares; with instruments two-stage least squares; with random effects REML.
    #[default]
    Linear,
    /// Poisson pseudo maximum likelihood: the logarithm of the expected outcome is linear.
    Ppml,
}

/// What becomes of an estimate by weak instruments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WeakInstruments {
    /// It is withheld: only the first stages are reported, with the reason.
    #[default]
    Withhold,
    /// It is shown with a warning: to compute published figures again, never to decide by.
    Show,
}

/// What to fit.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct FitRequest {
    /// `y ~ a + b | fixed effects | endogenous ~ instruments`
    pub formula: String,
    /// Columns to compute first, in order: name and expression.
    pub definitions: Vec<(String, String)>,
    /// Which rows count.
    pub condition: Option<String>,
    /// How the coefficients are found.
    pub method: Method,
    /// How standard errors are computed; without it CR1 where there are clusters, HC1 for PPML and instruments, else
    /// classical.
    pub convention: Option<Convention>,
    /// What the errors are clustered by.
    pub clusters: Vec<String>,
    /// Weights of the rows.
    pub weights: Option<String>,
    /// Sums of coefficients to report as well: name and the coefficients' names.
    pub sums: Vec<(String, Vec<String>)>,
    /// What becomes of estimates by weak instruments.
    pub weak_instruments: WeakInstruments,
}

/// Prepares the table as the request says: definitions first, then the condition.
pub(crate) fn prepared<'a>(table: &'a Table, request: &FitRequest) -> Result<Cow<'a, Table>> {
    let mut table = Cow::Borrowed(table);
    for (name, expression) in &request.definitions {
        let values = match evaluate(&Expression::parse(expression)?, &table)? {
            Evaluated::Scalar(number) => Values::Number(vec![number; table.row_count()]),
            Evaluated::Text(text) => Values::from_texts(&vec![text; table.row_count()]),
            Evaluated::Rows(values) => values,
            Evaluated::Factor { codes, levels } => Values::Text { codes, levels },
        };
        table.to_mut().set(name, values);
    }
    let Some(condition) = &request.condition else { return Ok(table) };
    let truths = numbers(&Expression::parse(condition)?, &table)?;
    let is_true: Vec<bool> = truths.iter().map(|truth| *truth != 0.0 && !truth.is_nan()).collect();
    Ok(Cow::Owned(table.keep(&is_true)))
}

pub(crate) fn design(table: &Table, request: &FitRequest) -> Result<Design> {
    let formula = Formula::parse(&request.formula)?;
    let clusters = request.clusters.iter().map(|text| Expression::parse(text)).collect::<Result<Vec<_>>>()?;
    let weights = request.weights.as_deref().map(Expression::parse).transpose()?;
    Design::build(table, &formula, &clusters, weights.as_ref())
}

/// Fits the request to the table.
pub fn fit(table: &Table, request: &FitRequest) -> Result<FitReport> {
    let table = prepared(table, request)?;
    fit_prepared(&table, request)
}

pub(crate) fn fit_prepared(table: &Table, request: &FitRequest) -> Result<FitReport> {
    let design = design(table, request)?;
    let pieces = match (request.method, &design.random) {
        (Method::Ppml, _) => ppml::fit(design)?,
        (Method::Linear, Some(_)) => return mixed::fit(&design)?.with_sums(&request.sums),
        (Method::Linear, None) => least_squares(design)?,
    };
    let convention = request.convention.unwrap_or_else(|| match &pieces.design {
        design if !design.clusters.is_empty() => Convention::Cr1,
        design if request.method == Method::Ppml || !design.instruments.is_empty() => Convention::Hc1,
        _ => Convention::Classical,
    });
    let left_out = pieces.design.left_out;
    report::report(&pieces, convention, request).map_err(|error| error.with_left_out(left_out))
}
