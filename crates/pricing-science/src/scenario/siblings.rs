//! How far the prices of each product's family stand from today's: what the units of products that answer them follow.
//!
//! Units are multiplied by exp(γ · Σ w ln(price / today's price) / Σ w) over the siblings, with the weights of the fit that
//! γ comes from. Sums of families without the product itself make that linear in the number of products.

use serde::{Deserialize, Serialize};

use super::{ScenarioProducts, ScenarioState};
use crate::parallel::map_parts;

/// Products that one part of parallel work takes.
const PART: usize = 8192;

/// A product in its family. One that stands alone has no weight, and one that answers nobody an elasticity of 0.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct FamilyEffect {
    /// Which family, counted from 0.
    pub family: u32,
    /// What the product weighs among the siblings of others.
    pub weight: f64,
    /// What its siblings weigh together, those that take no part among them: their prices stay.
    pub others: f64,
    /// How its units follow the prices of its siblings.
    pub elasticity: f64,
    /// The standard error that is the product's own.
    pub error: f64,
    /// How that goes together with the product's own error of its own elasticity: a covariance.
    pub covariance: f64,
    /// The standard error that it shares with every product of its pool.
    pub common_error: f64,
    /// Which products share it, counted from 0.
    pub pool: u32,
}

impl FamilyEffect {
    /// Whether it answers the prices of its siblings.
    pub fn answers(&self) -> bool {
        self.elasticity != 0.0 && self.others > 0.0
    }

    /// How far its siblings' prices move where that of one of them moves by so much, all in logarithms; 0 where it does not
    /// answer them.
    pub fn moved_by(&self, sibling: &FamilyEffect, log_ratio: f64) -> f64 {
        if self.answers() && sibling.weight > 0.0 { sibling.weight * log_ratio / self.others } else { 0.0 }
    }
}

/// The siblings' prices of each product, in logarithms against today's.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SiblingPrices(Vec<f64>);

impl SiblingPrices {
    /// Those of a product; 0 where no product answers its family.
    pub fn of(&self, row: usize) -> f64 {
        self.0.get(row).copied().unwrap_or(0.0)
    }
}

/// The siblings' prices in a state.
pub fn sibling_prices(products: &ScenarioProducts, state: &ScenarioState) -> SiblingPrices {
    let effects = &products.families;
    if effects.iter().all(|effect| effect.elasticity == 0.0) {
        return SiblingPrices::default();
    }
    let moved = in_parts(effects.len(), &|row| {
        let (effect, ratio) = (&effects[row], state.price[row] / products.price[row]);
        if effect.weight > 0.0 { effect.weight * ratio.ln() } else { 0.0 }
    });
    let families = effects.iter().map(|effect| effect.family as usize + 1).max().unwrap_or(0);
    let mut sums = vec![0.0; families];
    effects.iter().zip(&moved).for_each(|(effect, moved)| sums[effect.family as usize] += moved);
    SiblingPrices(in_parts(effects.len(), &|row| {
        let effect = &effects[row];
        if effect.answers() { (sums[effect.family as usize] - moved[row]) / effect.others } else { 0.0 }
    }))
}

fn in_parts(count: usize, value: &(dyn Fn(usize) -> f64 + Sync)) -> Vec<f64> {
    let parts: Vec<Vec<f64>> =
        map_parts(count.div_ceil(PART), |part| (part * PART..count.min((part + 1) * PART)).map(value).collect());
    parts.into_iter().flatten().collect()
}
