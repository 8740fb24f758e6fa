//! What the sales say of demand, by the rows of a snapshot: fitted elsewhere, so that a grid can be filtered and ordered by
//! it.

use pricing_domain::ElasticityGrade;

use crate::columns::NONE;

/// Grades and elasticities by row; rows beyond the last have neither.
#[derive(Clone, Debug, Default)]
pub struct GridDemand {
    /// The place of each row's grade in [`ElasticityGrade::ALL`].
    grades: Vec<u8>,
    /// Elasticities in thousandths.
    elasticities: Vec<i64>,
}

/// An elasticity of this and above earns more at every higher price.
const INELASTIC_MILLI: i64 = -1_000;

impl GridDemand {
    /// Adds the next row.
    pub fn push(&mut self, grade: ElasticityGrade, elasticity: Option<f64>) {
        const MILLI: f64 = 1_000.0;
        self.grades.push(grade as u8);
        let thousandths = elasticity.filter(|value| value.is_finite()).map(|value| (value * MILLI).round() as i64);
        self.elasticities.push(thousandths.unwrap_or(NONE));
    }

    pub(super) fn has(&self, grade: ElasticityGrade, row: usize) -> bool {
        self.grades.get(row) == Some(&(grade as u8))
    }

    pub(super) fn elasticity_milli(&self, row: usize) -> Option<i64> {
        self.elasticities.get(row).copied().filter(|value| *value != NONE)
    }

    pub(super) fn is_inelastic(&self, row: usize) -> bool {
        self.elasticity_milli(row).is_some_and(|value| value >= INELASTIC_MILLI)
    }
}
