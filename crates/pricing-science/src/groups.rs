//! The same formula fitted to each group of rows, and one coefficient of it shrunk over the groups.

use serde::{Deserialize, Serialize};

use crate::error::{Result, ScienceError};
use crate::fit::{FitReport, FitRequest, fit_prepared, prepared};
use crate::formula::{Expression, Formula, Term};
use crate::parallel::map_parts;
use crate::shrinkage::{BetweenVariance, Estimate, Shrinkage, shrink};
use crate::table::Table;

/// A group with its own fit, or why there is none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GroupFit {
    /// The group.
    pub group: String,
    /// Its fit; without coefficients where they are withheld.
    pub fit: Option<FitReport>,
    /// Why there is none, or why it is withheld.
    pub problem: Option<String>,
    /// The coefficient shrunk towards the mean of the groups, and its standard error.
    pub shrunk: Option<(f64, f64)>,
}

/// All groups, and what shrinkage found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GroupedReport {
    /// The groups in order.
    pub groups: Vec<GroupFit>,
    /// The coefficient shrunk, where one was named.
    pub shrinkage: Option<Shrinkage>,
}

/// Fits `request` to each group of `by`; `shrunk` names a coefficient and how the variance between groups is found.
pub fn fit_groups(
    table: &Table,
    request: &FitRequest,
    by: &str,
    shrunk: Option<(&str, BetweenVariance)>,
) -> Result<GroupedReport> {
    Formula::parse(&request.formula)?;
    let table = prepared(table, request)?;
    let grouping = Term { atoms: vec![Expression::parse(by)?] };
    let (codes, names) = match &grouping.atoms[..] {
        [Expression::Column(name)] => table.get(name)?.groups(),
        _ => return Err(ScienceError::Unsuitable("groups are named by one column".to_owned())),
    };
    let mut groups = map_parts(names.len(), |group| {
        let rows: Vec<bool> = codes.iter().map(|code| *code as usize == group).collect();
        let fitted = fit_prepared(&table.keep(&rows), request);
        let problem = match &fitted {
            Ok(report) => report.withheld.clone(),
            Err(error) => Some(error.to_string()),
        };
        GroupFit { group: names[group].clone(), fit: fitted.ok(), problem, shrunk: None }
    });
    let Some((name, between)) = shrunk else { return Ok(GroupedReport { groups, shrinkage: None }) };
    let mut places = Vec::new();
    let mut estimates = Vec::new();
    for (place, group) in groups.iter().enumerate() {
        let found = group.fit.as_ref().and_then(|fit| fit.find(name));
        if let Some(found) = found.filter(|found| found.standard_error > 0.0) {
            places.push(place);
            estimates.push(Estimate { value: found.estimate, variance: found.standard_error.powi(2) });
        }
    }
    let shrinkage = shrink(&estimates, between)?;
    for (place, shrunk) in places.iter().zip(&shrinkage.shrunk) {
        groups[*place].shrunk = Some((shrunk.value, shrunk.variance.sqrt()));
    }
    Ok(GroupedReport { groups, shrinkage: Some(shrinkage) })
}
