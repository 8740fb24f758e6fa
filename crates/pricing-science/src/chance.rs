//! Chance for tests.

use crate::distributions::normal_quantile;

/// Even numbers between 0 and 1 (SplitMix64: Steele, Lea and Flood 2014).
pub(crate) struct Chance(pub u64);

impl Chance {
    /// The next one.
    pub fn even(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A standard normal one.
    pub fn normal(&mut self) -> f64 {
        normal_quantile(self.even().clamp(1e-9, 1.0 - 1e-9))
    }
}
