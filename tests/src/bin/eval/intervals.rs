//! Intervals of elasticities, simulated: how many products' truths lie inside, drawn together in categories of few and of
//! many products that differ by nothing up to twice the errors of their estimates.

use pricing_science::{BetweenVariance, Estimate, shrink};

use crate::scoring::Score;

/// Products for each figure.
const PRODUCTS: usize = 20_000;
/// Ends of a 95 % interval in standard errors.
const WIDTH: f64 = 1.96;

/// Normal numbers, always the same ones (SplitMix64: Steele, Lea and Flood 2014; Box and Muller 1958).
struct Chance(u64);

impl Chance {
    fn even(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        let far = (-2.0 * (1.0 - self.even()).ln()).sqrt();
        far * (std::f64::consts::TAU * self.even()).cos()
    }
}

/// Shares inside, squared errors against the own estimates, and widths against theirs.
pub fn score_intervals() -> Score {
    let mut score = Score { name: "science: intervals of elasticities, simulated".to_owned(), ..Score::default() };
    for groups in [3, 5, 10, 50] {
        for spread in [0.0, 0.3, 0.6, 1.0, 2.0] {
            let [inside, squares, width] = held(groups, spread);
            let name = format!("{groups} products, spread {spread}");
            score.figures.push((format!("{name}: inside the 95 % interval, percent"), 100.0 * inside));
            score.figures.push((format!("{name}: squared error against the own estimate"), squares));
            score.figures.push((format!("{name}: width against the own interval"), width));
        }
    }
    score
}

fn held(groups: usize, spread: f64) -> [f64; 3] {
    let mut chance = Chance(groups as u64 * 1_000 + (10.0 * spread) as u64);
    let (mut inside, mut drawn, mut given, mut width, mut all) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for _ in 0..PRODUCTS / groups {
        let mut truths = Vec::with_capacity(groups);
        let mut estimates = Vec::with_capacity(groups);
        for _ in 0..groups {
            let truth = -2.0 + spread * chance.normal();
            let error = (0.4 * chance.normal()).exp();
            truths.push(truth);
            estimates.push(Estimate { value: truth + error * chance.normal(), variance: error * error });
        }
        let Ok(found) = shrink(&estimates, BetweenVariance::Adjusted) else { continue };
        for ((truth, own), shrunk) in truths.iter().zip(&estimates).zip(&found.shrunk) {
            let left = own.variance / (own.variance + found.tau2);
            let error = shrunk.variance.sqrt().hypot(left * found.mean_error);
            inside += f64::from((shrunk.value - truth).abs() <= WIDTH * error);
            drawn += (shrunk.value - truth).powi(2) / own.variance;
            given += (own.value - truth).powi(2) / own.variance;
            width += error / own.variance.sqrt();
            all += 1.0;
        }
    }
    [inside / all, drawn / given, width / all]
}
