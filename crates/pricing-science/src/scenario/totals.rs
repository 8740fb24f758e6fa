//! What a state of a scenario sells and earns in a week: for each product, and in sums with their intervals.
//!
//! Demand has constant elasticities around today's price and today's competitor price. Intervals come from the
//! elasticities alone, by the delta method: the products' own errors are independent, those of one source go together, and
//! so does what the sources of one category share, once for all of them. Answers to competitors err together where they are
//! assumed, and where they are learnt by the category that they were drawn towards. Own and cross elasticity of a product come from one
//! fit, and their own errors go together as they did there. What stock limits is sold however demand answers,
//! so that nothing about it is unsure. Revenue and margin leave out what tax or cost are not known of.

use std::collections::BTreeMap;

use super::{ScenarioProducts, ScenarioState, ScenarioWeek, SiblingPrices, Total, sibling_prices};
use crate::parallel::map_parts;

/// Products that one part of parallel work takes.
const PART: usize = 8192;

/// What a product sells and earns in a week.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Outcome {
    /// Expected units.
    pub units: f64,
    /// Net revenue; 0 where the tax is not known.
    pub revenue: f64,
    /// Net revenue less cost; 0 where tax or cost are not known.
    pub margin: f64,
}

/// Every product's week.
pub fn outcomes(products: &ScenarioProducts, state: &ScenarioState) -> Vec<Outcome> {
    let count = state.price.len();
    let siblings = sibling_prices(products, state);
    let sold = |row: usize| Sold::of(products, state, &siblings, row);
    let parts = map_parts(count.div_ceil(PART), |part| {
        (part * PART..count.min((part + 1) * PART)).map(|row| sold(row).outcome()).collect()
    });
    let parts: Vec<Vec<Outcome>> = parts;
    parts.into_iter().flatten().collect()
}

/// What a product would sell and earn in a week at another price, everything else as in `state`; `siblings` are the prices
/// of its family as [`sibling_prices`] tells them.
pub fn outcome_at(
    products: &ScenarioProducts,
    state: &ScenarioState,
    siblings: &SiblingPrices,
    row: usize,
    price: f64,
) -> Outcome {
    outcome_beside(products, state, siblings.of(row), row, price)
}

/// The same where the prices of its family stand so far from today's, in logarithms.
pub fn outcome_beside(
    products: &ScenarioProducts,
    state: &ScenarioState,
    siblings: f64,
    row: usize,
    price: f64,
) -> Outcome {
    Sold::at(products, state, siblings, row, price).outcome()
}

/// The week of each group of rows; rows whose group is not below `groups` are left out.
pub fn totals_by(
    products: &ScenarioProducts,
    state: &ScenarioState,
    group_of: &[u32],
    groups: usize,
) -> Vec<ScenarioWeek> {
    let mut rows = vec![Vec::new(); groups];
    for (row, group) in group_of.iter().enumerate() {
        if let Some(rows) = rows.get_mut(*group as usize) {
            rows.push(row);
        }
    }
    let siblings = sibling_prices(products, state);
    map_parts(groups, |group| {
        let mut sums = Sums::default();
        rows[group].iter().for_each(|row| sums.add(products, &Sold::of(products, state, &siblings, *row), *row));
        sums.week()
    })
}

pub(super) fn week(products: &ScenarioProducts, state: &ScenarioState) -> ScenarioWeek {
    let siblings = sibling_prices(products, state);
    summed(state.price.len(), |sums, row| sums.add(products, &Sold::of(products, state, &siblings, row), row))
}

/// By how much a week of one state differs from a week of another: both err by the same elasticities, so that what they
/// have in common is not unsure. The share of prices never seen is left at 0.
pub fn difference(products: &ScenarioProducts, from: &ScenarioState, to: &ScenarioState) -> ScenarioWeek {
    let (before, after) = (sibling_prices(products, from), sibling_prices(products, to));
    summed(to.price.len(), |sums, row| {
        let (before, after) = (Sold::of(products, from, &before, row), Sold::of(products, to, &after, row));
        sums.add_difference(products, &before, &after, row);
    })
}

fn summed(count: usize, add: impl Fn(&mut Sums, usize) + Sync + Send) -> ScenarioWeek {
    let parts = map_parts(count.div_ceil(PART), |part| {
        let mut sums = Sums::default();
        (part * PART..count.min((part + 1) * PART)).for_each(|row| add(&mut sums, row));
        sums
    });
    let mut all = Sums::default();
    parts.iter().for_each(|part| all.merge(part));
    all.week()
}

/// The source that the answers to competitors' prices share; no product's own estimate has it.
const OF_COMPETITORS: u64 = u32::MAX as u64;
/// From here on the pools of cross elasticities are counted.
const OF_FAMILIES: u64 = 1 << u32::BITS;
/// From here on those of learnt answers to competitors.
const OF_RIVALS: u64 = 1 << (u32::BITS + 1);

/// A product's week with what it depends on.
struct Sold {
    units: f64,
    net_price: f64,
    margin: f64,
    /// How the logarithm of the units follows the elasticity.
    log_ratio: f64,
    /// The same for the competitor's price.
    rival: f64,
    /// The same for the siblings' prices.
    siblings: f64,
    price: f64,
}

impl Sold {
    fn of(products: &ScenarioProducts, state: &ScenarioState, siblings: &SiblingPrices, row: usize) -> Sold {
        Self::at(products, state, siblings.of(row), row, state.price[row])
    }

    fn at(products: &ScenarioProducts, state: &ScenarioState, siblings: f64, row: usize, price: f64) -> Sold {
        let log_ratio = (price / products.price[row]).ln();
        let rival = (state.competitor[row] / products.competitor[row]).ln();
        let rival = if rival.is_finite() { rival } else { 0.0 };
        let answered = if siblings == 0.0 { 0.0 } else { products.families[row].elasticity * siblings };
        let followed = products.elasticity[row] * log_ratio + products.cross_elasticity[row] * rival + answered;
        let wanted = products.units[row] * state.volume[row] * followed.exp();
        let net_price = price / state.tax[row];
        let sold =
            Sold { units: wanted, net_price, margin: net_price - state.cost[row], log_ratio, rival, siblings, price };
        let most = state.most.get(row).copied().unwrap_or(f64::NAN);
        if wanted > most { Sold { units: most, log_ratio: 0.0, rival: 0.0, siblings: 0.0, ..sold } } else { sold }
    }

    /// Units, revenue and margin.
    fn worth(&self) -> [f64; 3] {
        let known = |worth: f64| if worth.is_nan() { 0.0 } else { worth };
        [1.0, known(self.net_price), known(self.margin)].map(|worth| worth * self.units)
    }

    fn outcome(&self) -> Outcome {
        let [units, revenue, margin] = self.worth();
        Outcome { units, revenue, margin }
    }
}

/// By how much units, revenue and margin of a product move with its elasticity, its answer to competitors and that to its
/// family.
struct Moved {
    by_elasticity: [f64; 3],
    by_rival: [f64; 3],
    by_siblings: [f64; 3],
}

/// Sums of units, revenue and margin, in this order.
#[derive(Default, Clone)]
struct Sums {
    values: [f64; 3],
    /// Variance of what is the products' own.
    own: [f64; 3],
    /// Deviations by source; each source's variance is the square of its sum.
    common: BTreeMap<u64, [f64; 3]>,
    products: usize,
    price_change: f64,
    unseen: f64,
}

impl Sums {
    fn add(&mut self, products: &ScenarioProducts, sold: &Sold, row: usize) {
        let worth = sold.worth();
        self.add_worth(
            products,
            row,
            worth,
            Moved {
                by_elasticity: worth.map(|worth| worth * sold.log_ratio),
                by_rival: worth.map(|worth| worth * sold.rival),
                by_siblings: worth.map(|worth| worth * sold.siblings),
            },
        );
        self.price_change += sold.price / products.price[row] - 1.0;
        let (low, high) = products.seen[row];
        if sold.price < low || sold.price > high {
            self.unseen += sold.units;
        }
    }

    fn add_difference(&mut self, products: &ScenarioProducts, from: &Sold, to: &Sold, row: usize) {
        let (before, after) = (from.worth(), to.worth());
        let less = |of: &dyn Fn(usize) -> (f64, f64)| std::array::from_fn(|place| of(place).1 - of(place).0);
        self.add_worth(
            products,
            row,
            less(&|place| (before[place], after[place])),
            Moved {
                by_elasticity: less(&|place| (before[place] * from.log_ratio, after[place] * to.log_ratio)),
                by_rival: less(&|place| (before[place] * from.rival, after[place] * to.rival)),
                by_siblings: less(&|place| (before[place] * from.siblings, after[place] * to.siblings)),
            },
        );
        self.price_change += (to.price - from.price) / products.price[row];
    }

    /// Adds what a product is worth, and by how much that moves.
    fn add_worth(&mut self, products: &ScenarioProducts, row: usize, worth: [f64; 3], moved: Moved) {
        let Moved { by_elasticity, by_rival, by_siblings } = moved;
        for (sum, worth) in self.values.iter_mut().zip(worth) {
            *sum += worth;
        }
        // Today's price is no guess: without a change there is nothing to be unsure of.
        if by_elasticity != [0.0; 3] {
            let common = self.common.entry(u64::from(products.source[row])).or_default();
            for (place, moved) in by_elasticity.into_iter().enumerate() {
                self.own[place] += (moved * products.elasticity_error[row]).powi(2);
                common[place] += moved * products.common_error[row];
            }
            if let Some(wider) = products.wider.get(row).filter(|wider| wider.error > 0.0) {
                let shared = self.common.entry(u64::from(wider.source)).or_default();
                shared.iter_mut().zip(by_elasticity).for_each(|(deviation, moved)| *deviation += moved * wider.error);
            }
        }
        if by_rival != [0.0; 3] {
            let learnt = products.rival(row);
            let (source, error) = match learnt {
                Some(rival) => (OF_RIVALS + u64::from(rival.pool), rival.common),
                None => (OF_COMPETITORS, products.cross_error),
            };
            let common = self.common.entry(source).or_default();
            common.iter_mut().zip(by_rival).for_each(|(deviation, moved)| *deviation += moved * error);
            let own = learnt.map_or(0.0, |rival| rival.own);
            self.own.iter_mut().zip(by_rival).for_each(|(sum, moved)| *sum += (moved * own).powi(2));
        }
        if by_siblings != [0.0; 3] {
            let effect = &products.families[row];
            let common = self.common.entry(OF_FAMILIES + u64::from(effect.pool)).or_default();
            for (place, moved) in by_siblings.into_iter().enumerate() {
                let together = 2.0 * by_elasticity[place] * moved * effect.covariance;
                self.own[place] += (moved * effect.error).powi(2) + together;
                common[place] += moved * effect.common_error;
            }
        }
        self.products += 1;
    }

    fn merge(&mut self, other: &Sums) {
        for place in 0..self.values.len() {
            self.values[place] += other.values[place];
            self.own[place] += other.own[place];
        }
        for (source, deviations) in &other.common {
            let own = self.common.entry(*source).or_default();
            own.iter_mut().zip(deviations).for_each(|(sum, more)| *sum += more);
        }
        self.products += other.products;
        self.price_change += other.price_change;
        self.unseen += other.unseen;
    }

    fn week(&self) -> ScenarioWeek {
        let total = |place: usize| {
            const COVERED: f64 = 1.96;
            let common: f64 = self.common.values().map(|deviations| deviations[place].powi(2)).sum();
            // Errors that go against each other may leave less than nothing by rounding.
            let variance = self.own[place] + common;
            let width = if variance < 0.0 { 0.0 } else { COVERED * variance.sqrt() };
            Total { value: self.values[place], low: self.values[place] - width, high: self.values[place] + width }
        };
        let share = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { 0.0 };
        ScenarioWeek {
            units: total(0),
            revenue: total(1),
            margin: total(2),
            price_change: share(self.price_change, self.products as f64),
            extrapolated_share: share(self.unseen, self.values[0]),
        }
    }
}
