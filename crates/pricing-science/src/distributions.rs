//! Probabilities and quantiles; the distributions themselves are statrs's.

use statrs::distribution::{ChiSquared, ContinuousCDF, FisherSnedecor, StudentsT};

/// Probability that Student's t is above `x`; NaN where it is not defined.
pub fn t_above(x: f64, degrees: f64) -> f64 {
    if !x.is_finite() {
        return if x == f64::INFINITY { 0.0 } else { f64::NAN };
    }
    StudentsT::new(0.0, 1.0, degrees).map_or(f64::NAN, |t| t.sf(x))
}

/// The value of Student's t that `p` lie below; NaN where it is not defined.
pub fn t_quantile(p: f64, degrees: f64) -> f64 {
    StudentsT::new(0.0, 1.0, degrees).map_or(f64::NAN, |t| t.inverse_cdf(p))
}

/// Probability that χ² is above `x`; NaN where it is not defined.
pub fn chi_square_above(x: f64, degrees: f64) -> f64 {
    ChiSquared::new(degrees).map_or(f64::NAN, |distribution| distribution.sf(x))
}

/// Probability that F is above `x`; NaN where it is not defined.
pub fn f_above(x: f64, first: f64, second: f64) -> f64 {
    FisherSnedecor::new(first, second).map_or(f64::NAN, |distribution| distribution.sf(x))
}
