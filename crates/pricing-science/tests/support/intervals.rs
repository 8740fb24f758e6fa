//! Intervals of elasticities, simulated: how many products' truths lie inside, drawn together in categories of few and of
//! many products. One source for the tests, for `cargo xtask eval science` and for the table of docs/measurements.md.

use pricing_science::{BetweenVariance, Estimate, shrink};

/// Products for each figure.
pub const PRODUCTS: usize = 40_000;
/// Ends of a 95 % interval in standard errors.
const WIDTH: f64 = 1.96;

/// What came of many categories.
#[derive(Debug, Default)]
pub struct Held {
    /// Shares inside the 95 % interval: of products with an estimate, and of another product without one.
    pub inside: f64,
    pub other: f64,
    /// Mean squares of what is wrong, of drawn estimates and of those given.
    pub drawn: f64,
    pub given: f64,
    /// Mean width as a share of the estimate's own.
    pub width: f64,
}

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

/// Categories of so many products that differ by `spread` where the errors are around 1, some twice and some half as large.
pub fn held(products: usize, spread: f64, between: BetweenVariance) -> Held {
    held_at(products, &|_| spread, between)
}

/// The same where each category has a spread of its own, by its place among all of them.
pub fn held_at(products: usize, spread: &dyn Fn(f64) -> f64, between: BetweenVariance) -> Held {
    let rounds = PRODUCTS / products;
    let mut chance = Chance(products as u64 * 1_000 + (10.0 * spread(0.5)) as u64);
    let (mut held, mut all, mut counted) = (Held::default(), 0.0, 0.0);
    for round in 0..rounds {
        let spread = spread((round as f64 + 0.5) / rounds as f64);
        let truths: Vec<f64> = (0..products).map(|_| -2.0 + spread * chance.normal()).collect();
        let mut of = |truth: &f64| {
            let error = (0.4 * chance.normal()).exp();
            Estimate { value: truth + error * chance.normal(), variance: error * error }
        };
        let given: Vec<Estimate> = truths.iter().map(&mut of).collect();
        let other = -2.0 + spread * chance.normal();
        // Fisher scoring does not always come to an end for the plain likelihood.
        let Ok(found) = shrink(&given, between) else { continue };
        counted += 1.0;
        for ((truth, own), drawn) in truths.iter().zip(&given).zip(&found.shrunk) {
            let left = own.variance / (own.variance + found.tau2);
            let error = drawn.variance.sqrt().hypot(left * found.mean_error);
            all += 1.0;
            held.inside += f64::from((drawn.value - truth).abs() <= WIDTH * error);
            held.drawn += (drawn.value - truth).powi(2) / own.variance;
            held.given += (own.value - truth).powi(2) / own.variance;
            held.width += error / own.variance.sqrt();
        }
        let error = found.tau2.sqrt().hypot(found.mean_error);
        held.other += f64::from((found.mean - other).abs() <= WIDTH * error);
    }
    held.other /= counted;
    [&mut held.inside, &mut held.drawn, &mut held.given, &mut held.width].into_iter().for_each(|sum| *sum /= all);
    held
}
