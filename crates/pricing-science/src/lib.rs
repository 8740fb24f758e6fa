//! Demand, elasticity, forecasts and optimisation: pure and deterministic; data comes in as tables in memory.
//!
//! `f64` is used for statistics only; what enters pricing is stored as whole numbers by the caller.

mod absorb;
mod covariance;
mod design;
mod distributions;
mod error;
mod fit;
mod formula;
mod groups;
mod linear;
mod mixed;
mod parallel;
mod ppml;
mod shrinkage;
mod simplex;
mod table;

pub use covariance::Convention;
pub use error::{Result, ScienceError};
pub use fit::{Coefficient, FirstStage, FitReport, FitRequest, Method, Overidentification, VarianceComponent, fit};
pub use groups::{GroupFit, GroupedReport, fit_groups};
pub use shrinkage::{BetweenVariance, Estimate, Shrinkage, posterior, shrink};
pub use table::{Table, Values};
