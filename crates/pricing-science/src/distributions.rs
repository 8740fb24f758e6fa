//! Probabilities and quantiles; the distributions themselves are statrs's.

use statrs::distribution::{ChiSquared, ContinuousCDF, FisherSnedecor, Normal, StudentsT};
use statrs::function::gamma::ln_gamma;

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
/// Probability that a standard normal value is at most `x`.
pub fn normal_below(x: f64) -> f64 {
    Normal::standard().cdf(x)
}

/// The standard normal value that `p` lie below.
pub fn normal_quantile(p: f64) -> f64 {
    Normal::standard().inverse_cdf(p)
}

/// Probability that a non-central t with this shift is above `x`, by Simpson's rule over the scale.
///
/// Johnson, Kotz and Balakrishnan (1995), “Continuous Univariate Distributions” 2, chapter 31.
pub fn noncentral_t_above(x: f64, degrees: f64, shift: f64) -> f64 {
    const STEPS: usize = 4000;
    let log_constant = std::f64::consts::LN_2 + degrees / 2.0 * (degrees / 2.0).ln() - ln_gamma(degrees / 2.0);
    let end = 1.0 + 12.0 / degrees.sqrt();
    let step = end / STEPS as f64;
    let density = |scale: f64| {
        if scale <= 0.0 {
            return 0.0;
        }
        let log = log_constant + (degrees - 1.0) * scale.ln() - degrees * scale * scale / 2.0;
        log.exp() * normal_below(shift - x * scale)
    };
    let inner: f64 =
        (1..STEPS).map(|place| density(place as f64 * step) * if place % 2 == 1 { 4.0 } else { 2.0 }).sum();
    (density(0.0) + inner + density(end)) * step / 3.0
}

/// The principal branch of Lambert's W for `x ≥ 0`, from the logarithm of `x` so that large values do not overflow.
///
/// Corless, Gonnet, Hare, Jeffrey and Knuth (1996), “On the Lambert W function”.
pub fn lambert_w_of_exp(log_x: f64) -> f64 {
    const STEPS: usize = 100;
    let mut w = if log_x > 1.0 { log_x - log_x.ln() } else { log_x.exp().min(1.0) };
    for _ in 0..STEPS {
        // Newton on w + ln w = ln x, which is well behaved for every positive w.
        let next = w * (1.0 + log_x - w.ln()) / (1.0 + w);
        if (next - w).abs() <= 1e-16 * w.abs() {
            return next;
        }
        w = next.max(f64::MIN_POSITIVE);
    }
    w
}
