//! Limits for what sells seldom: whole pieces by a negative binomial law around the forecast mean.
//!
//! The law is that of Poisson sales whose rate varies (Greenwood and Yule 1920; variance μ + φ·μ²); φ by maximum likelihood
//! from the errors at rolling origins (Lawless 1987, “Negative binomial and mixed Poisson regression”). Where the law does
//! not fit, the share of past sales below each of its levels says so (the non-randomised integral transform of Czado,
//! Gneiting and Held 2009), and limits are taken at the level that did hold the wanted share: split conformal prediction
//! on that transform (Chernozhukov, Wüthrich and Zhu 2021). Quantiles are exact; nothing is simulated.

use statrs::function::beta::beta_reg;
use statrs::function::gamma::ln_gamma;

use super::tuning::Forecast;

/// A law for what sells seldom.
pub(super) struct Counts {
    /// How much the rate varies.
    dispersion: f64,
    /// The share of past sales below each level of the law, at even steps from 0 to 1.
    below: Vec<f64>,
}

/// Steps of the levels.
const STEPS: usize = 1000;
/// A rate that varies by less is taken as constant, nearly.
const LEAST_DISPERSION: f64 = 1e-3;
const MOST_DISPERSION: f64 = 100.0;
/// Means beyond which nothing is told apart.
const LEAST_MEAN: f64 = 1e-4;
const MOST_MEAN: f64 = 1e9;

impl Counts {
    /// The law of some forecasts; there is at least one.
    pub fn of(known: &[&Forecast]) -> Counts {
        let dispersion = dispersion(known);
        let mut counts = Counts { dispersion, below: vec![0.0; STEPS + 1] };
        for row in known {
            let sold = row.actual.round();
            let (from, to) = (counts.at_most(row, sold - 1.0), counts.at_most(row, sold));
            // A sale lies evenly between the levels of its neighbours.
            for (step, below) in counts.below.iter_mut().enumerate() {
                let level = step as f64 / STEPS as f64;
                *below += if level >= to { 1.0 } else { ((level - from) / (to - from)).max(0.0) };
            }
        }
        counts.below.iter_mut().for_each(|below| *below /= known.len() as f64);
        counts
    }

    /// The fewest pieces that `share` of such sales do not exceed.
    pub fn quantile(&self, row: &Forecast, share: f64) -> f64 {
        let level = self.level(share);
        if self.at_most(row, 0.0) >= level {
            return 0.0;
        }
        let (mut low, mut high) = (0.0, 1.0);
        const MOST: f64 = 1e9;
        while self.at_most(row, high) < level && high < MOST {
            (low, high) = (high, 2.0 * high);
        }
        while high - low > 1.0 {
            let middle = ((low + high) / 2.0_f64).floor();
            if self.at_most(row, middle) < level { low = middle } else { high = middle }
        }
        high
    }

    /// The level of the law below which that share of past sales lay.
    fn level(&self, share: f64) -> f64 {
        const HIGHEST: f64 = 1.0 - 1e-6;
        let step = self.below.partition_point(|below| *below < share);
        if step == 0 || step > STEPS {
            return if step == 0 { 0.0 } else { HIGHEST };
        }
        let (before, after) = (self.below[step - 1], self.below[step]);
        let part = if after > before { (share - before) / (after - before) } else { 1.0 };
        ((step as f64 - 1.0 + part) / STEPS as f64).min(HIGHEST)
    }

    /// The probability of at most so many pieces.
    fn at_most(&self, row: &Forecast, pieces: f64) -> f64 {
        if pieces < 0.0 {
            return 0.0;
        }
        let shape = 1.0 / self.dispersion;
        beta_reg(shape, pieces + 1.0, shape / (shape + mean(row)))
    }
}

/// A fit that is no number is taken as next to nothing.
fn mean(row: &Forecast) -> f64 {
    let fitted = row.mean_fit.exp();
    if fitted >= LEAST_MEAN { fitted.min(MOST_MEAN) } else { LEAST_MEAN }
}

/// The likeliest dispersion, by golden section over its logarithm.
fn dispersion(known: &[&Forecast]) -> f64 {
    const GOLDEN: f64 = 0.618_033_988_749_894_9;
    const ROUNDS: usize = 30;
    let likelihood = |logarithm: f64| {
        let shape = (-logarithm).exp();
        let of = |row: &&Forecast| {
            let (sold, mean) = (row.actual.round(), mean(row));
            ln_gamma(sold + shape) - ln_gamma(shape)
                + shape * (shape / (shape + mean)).ln()
                + sold * (mean / (shape + mean)).ln()
        };
        known.iter().map(of).sum::<f64>()
    };
    let (mut low, mut high) = (LEAST_DISPERSION.ln(), MOST_DISPERSION.ln());
    let (mut left, mut right) = (high - GOLDEN * (high - low), low + GOLDEN * (high - low));
    let (mut at_left, mut at_right) = (likelihood(left), likelihood(right));
    for _ in 0..ROUNDS {
        if at_left < at_right {
            (low, left, at_left) = (left, right, at_right);
            right = low + GOLDEN * (high - low);
            at_right = likelihood(right);
        } else {
            (high, right, at_right) = (right, left, at_left);
            left = high - GOLDEN * (high - low);
            at_left = likelihood(left);
        }
    }
    ((low + high) / 2.0).exp()
}

#[cfg(test)]
mod tests {
    use super::super::classes::DemandClass;
    use super::{Counts, Forecast};

    fn forecast(mean: f64, actual: f64) -> Forecast {
        let fit = mean.ln();
        Forecast {
            pool: 0,
            place: 0,
            time: 0.0,
            actual,
            is_learnt: true,
            log_fit: fit,
            mean_fit: fit,
            spread: 1.0,
            class: DemandClass::Intermittent,
        }
    }

    /// As many sales of each size as a geometric law of mean 1 has among 4,096: half of them none, a quarter one piece, …
    fn geometric() -> Vec<Forecast> {
        (0..12).flat_map(|size| vec![forecast(1.0, f64::from(size)); 4096 >> (size + 1)]).collect()
    }

    #[test]
    fn a_geometric_law_is_a_negative_binomial_one_with_dispersion_one() {
        let known = geometric();
        let counts = Counts::of(&known.iter().collect::<Vec<_>>());
        assert!((counts.dispersion - 1.0).abs() < 0.02, "{}", counts.dispersion);
        let row = forecast(1.0, 0.0);
        // At most 0, 1, 2, 3 pieces: 1/2, 3/4, 7/8, 15/16.
        let quantiles = [0.1, 0.45, 0.6, 0.8, 0.9, 0.95].map(|share| counts.quantile(&row, share));
        assert_eq!(quantiles, [0.0, 0.0, 1.0, 2.0, 3.0, 4.0]);
        // Of mean 3, (3/4)^(k+1) lies above k: a tenth above 8 pieces, since (3/4)^8 = 0.1001 and (3/4)^9 = 0.075.
        assert_eq!(counts.quantile(&forecast(3.0, 0.0), 0.91), 8.0);
    }

    #[test]
    fn where_the_law_does_not_fit_limits_are_those_that_held() {
        // Ten pieces or none: 90 % none, which no law of one mean has like that.
        let known: Vec<Forecast> =
            (0..1000).map(|place| forecast(1.0, if place % 10 == 0 { 10.0 } else { 0.0 })).collect();
        let counts = Counts::of(&known.iter().collect::<Vec<_>>());
        let within = |share: f64| {
            let limit = counts.quantile(&forecast(1.0, 0.0), share);
            known.iter().filter(|row| row.actual <= limit).count() as f64 / 1000.0
        };
        assert_eq!((within(0.85), within(0.97)), (0.9, 1.0));
    }

    #[test]
    fn means_from_nothing_to_thousands_have_limits() {
        let known: Vec<Forecast> = [0.01, 1.0, 40.0, 5_000.0].map(|mean| forecast(mean, mean)).to_vec();
        let counts = Counts::of(&known.iter().collect::<Vec<_>>());
        for row in &known {
            let (low, high) = (counts.quantile(row, 0.1), counts.quantile(row, 0.9));
            assert!(low.is_finite() && high.is_finite() && low <= high && high < 1e6, "{low} to {high}");
        }
        assert_eq!(counts.quantile(&forecast(1e-30, 0.0), 0.5), 0.0);
    }
}
