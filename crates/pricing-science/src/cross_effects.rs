//! The best prices of a few products that take sales from each other, by trying every combination.

use serde::{Deserialize, Serialize};

use crate::error::{Result, ScienceError};
use crate::parallel::map_parts;

/// Products with constant own and cross elasticities.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct CrossEffects {
    /// `elasticities[i][j]`: how units of product i follow the price of product j.
    pub elasticities: Vec<Vec<f64>>,
    /// Today's prices.
    pub prices: Vec<f64>,
    /// Unit costs.
    pub costs: Vec<f64>,
    /// Today's units.
    pub units: Vec<f64>,
    /// Allowed ratios to today's price.
    pub ratios: Vec<f64>,
}

/// What must hold.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct CrossLimits {
    /// `(a, b, m)`: the price of a is at most m times that of b.
    pub orders: Vec<(usize, usize, f64)>,
    /// Today's basket may cost at most this share.
    pub basket_at_most: Option<f64>,
    /// How many prices may change.
    pub most_changes: Option<usize>,
}

/// The best combination.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CrossOptimum {
    /// Profit.
    pub profit: f64,
    /// How many combinations satisfy the limits.
    pub feasible: u64,
    /// The ratio of each product.
    pub ratios: Vec<f64>,
}

/// Tries every combination: `ratios ^ products`, at most 10⁹.
pub fn best_combination(products: &CrossEffects, limits: &CrossLimits) -> Result<Option<CrossOptimum>> {
    const MOST: f64 = 1e9;
    let count = products.prices.len();
    let is_whole =
        products.costs.len() == count && products.units.len() == count && products.elasticities.len() == count;
    if !is_whole
        || count == 0
        || products.ratios.is_empty()
        || products.elasticities.iter().any(|row| row.len() != count)
    {
        return Err(ScienceError::Unsuitable(
            "each product needs a price, a cost, units and a row of elasticities".into(),
        ));
    }
    if (products.ratios.len() as f64).powi(count as i32) > MOST {
        return Err(ScienceError::Unsuitable("too many combinations to try; use fewer products or prices".to_owned()));
    }
    let search = Search::new(products, limits);
    // The first two products are dealt out to the threads.
    let levels = products.ratios.len();
    let split = if count > 2 { levels * levels } else { 1 };
    let found = map_parts(split, |part| {
        let mut state = State { chosen: Vec::new(), best: f64::NEG_INFINITY, levels: Vec::new(), feasible: 0 };
        let fixed: Vec<usize> = if split > 1 { vec![part / levels, part % levels] } else { Vec::new() };
        search.begin(&fixed, &mut state);
        state
    });
    let feasible = found.iter().map(|state| state.feasible).sum();
    let best = found.into_iter().reduce(|best, next| if next.best > best.best { next } else { best });
    Ok(best.filter(|best| best.best.is_finite()).map(|best| CrossOptimum {
        profit: best.best,
        feasible,
        ratios: best.levels.iter().map(|level| products.ratios[*level]).collect(),
    }))
}

struct Search<'a> {
    products: &'a CrossEffects,
    limits: &'a CrossLimits,
    /// `factors[j][level][i]`: what product j at that level makes of the units of product i.
    factors: Vec<Vec<Vec<f64>>>,
    basket_limit: f64,
}

struct State {
    chosen: Vec<usize>,
    best: f64,
    levels: Vec<usize>,
    feasible: u64,
}

impl<'a> Search<'a> {
    fn new(products: &'a CrossEffects, limits: &'a CrossLimits) -> Search<'a> {
        let count = products.prices.len();
        let factor = |j: usize, ratio: f64| (0..count).map(|i| ratio.powf(products.elasticities[i][j])).collect();
        let factors = (0..count).map(|j| products.ratios.iter().map(|ratio| factor(j, *ratio)).collect()).collect();
        let today: f64 = products.prices.iter().zip(&products.units).map(|(price, units)| price * units).sum();
        const ROUNDING: f64 = 1e-9;
        let basket_limit = limits.basket_at_most.map_or(f64::INFINITY, |share| share * today + ROUNDING);
        Search { products, limits, factors, basket_limit }
    }

    fn begin(&self, fixed: &[usize], state: &mut State) {
        let mut units = self.products.units.clone();
        let mut partial = Partial { basket: 0.0, changes: 0 };
        for level in fixed {
            match self.next(state, &units, &partial, *level) {
                Some((next_units, next)) => (units, partial) = (next_units, next),
                None => return,
            }
            state.chosen.push(*level);
        }
        self.extend(&units, &partial, state);
    }

    fn extend(&self, units: &[f64], partial: &Partial, state: &mut State) {
        if state.chosen.len() == self.products.prices.len() {
            state.feasible += 1;
            let price = |i: usize| self.products.prices[i] * self.products.ratios[state.chosen[i]];
            let profit: f64 = (0..units.len()).map(|i| (price(i) - self.products.costs[i]) * units[i]).sum();
            if profit > state.best {
                state.best = profit;
                state.levels.clone_from(&state.chosen);
            }
            return;
        }
        for level in 0..self.products.ratios.len() {
            if let Some((units, partial)) = self.next(state, units, partial, level) {
                state.chosen.push(level);
                self.extend(&units, &partial, state);
                state.chosen.pop();
            }
        }
    }

    /// The units and sums after the next product takes this level; `None` where a limit is broken for good.
    fn next(&self, state: &State, units: &[f64], partial: &Partial, level: usize) -> Option<(Vec<f64>, Partial)> {
        let place = state.chosen.len();
        let ratio = self.products.ratios[level];
        let price = self.products.prices[place] * ratio;
        let basket = partial.basket + self.products.units[place] * price;
        let changes = partial.changes + usize::from((ratio - 1.0).abs() > 1e-12);
        if basket > self.basket_limit || self.limits.most_changes.is_some_and(|most| changes > most) {
            return None;
        }
        let other = |product: usize| self.products.prices[product] * self.products.ratios[state.chosen[product]];
        const ROUNDING: f64 = 1e-12;
        for &(lower, upper, factor) in &self.limits.orders {
            let (lower, upper) = match (lower == place && upper < place, upper == place && lower < place) {
                (true, _) => (price, other(upper)),
                (_, true) => (other(lower), price),
                _ => continue,
            };
            if lower > factor * upper + ROUNDING {
                return None;
            }
        }
        let factors = &self.factors[place][level];
        let units = units.iter().zip(factors).map(|(units, factor)| units * factor).collect();
        Some((units, Partial { basket, changes }))
    }
}

struct Partial {
    basket: f64,
    changes: usize,
}
