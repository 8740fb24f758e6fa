//! Families chosen as wholes: the prices that searches found for each, at limits that cost more or less, are put together so
//! that every limit holds.
//!
//! What a family brings and uses with all its prices is known exactly, so that one choice among ladders with a step for each
//! set of prices decides over all of them (columns, after Dantzig and Wolfe 1960, “Decomposition principle for linear
//! programs”). Products outside of families choose beside them.

use pricing_science::{
    FurtherLimit, Ladder, LadderEffort, LadderItem, LadderLimits, LadderOption, PairOrder, optimise_ladder,
};

use super::alternating::Families;
use super::limits::Limit;
use super::{Judged, Problem};

/// Options of products outside of families, beyond which these keep their prices: to put families together is worth less
/// there than it takes.
const MOST_OPTIONS: usize = 2_000_000;

/// The ladders of wholes, and what stands behind their steps.
#[derive(Default)]
struct Columns {
    ladder: Ladder,
    /// What each option uses of each limit.
    uses: Vec<Vec<f64>>,
    /// The prices of each option, of the places of its item.
    prices: Vec<Vec<i64>>,
    places: Vec<Vec<usize>>,
}

impl Problem<'_> {
    /// The best prices put together from those that stand and from `sets` of others; `None` where that is what stands.
    pub(super) fn combined(
        &self,
        families: &Families,
        limits: &[Limit],
        now: &Judged,
        sets: &[Vec<i64>],
    ) -> Option<Vec<i64>> {
        let mut columns = Columns::default();
        let today: Vec<i64> = self.start.price.iter().map(|price| price.round() as i64).collect();
        for places in &families.members {
            let of = |prices: &Vec<i64>| places.iter().map(|place| prices[*place]).collect::<Vec<i64>>();
            let mut wholes = vec![of(&now.prices)];
            for prices in std::iter::once(&today).chain(sets).map(of) {
                if !wholes.contains(&prices) {
                    wholes.push(prices);
                }
            }
            columns.add(self, limits, places, wholes);
        }
        // Without limits they have chosen already.
        let others_choose = !limits.is_empty() && self.ladder.options.len() <= MOST_OPTIONS;
        let mut items = vec![None; now.prices.len()];
        for place in (0..now.prices.len()).filter(|place| families.of[*place].is_none()) {
            items[place] = Some(columns.places.len());
            let others = self.prices_of(place).map(|price| price.round() as i64);
            let others = others.filter(|price| others_choose && *price != now.prices[place]);
            let wholes = std::iter::once(now.prices[place]).chain(others).map(|price| vec![price]).collect();
            columns.add(self, limits, &[place], wholes);
        }
        let worth = self.worth_at(&now.prices);
        let further = limits.iter().zip(&now.solution.limits).enumerate().map(|(number, (limit, stated))| {
            // Where prices now pass a bound by a rounding, they stay allowed.
            let used = limit.used(self, &now.prices, &worth);
            let bound = if limit.at_least() { stated.bound.min(used) } else { stated.bound.max(used) };
            let uses = columns.uses.iter().map(|uses| uses[number]).collect();
            FurtherLimit { name: limit.name.clone(), bound, at_least: limit.at_least(), uses }
        });
        // What families keep in order, the searches kept.
        let pair = |pair: &PairOrder| Some(PairOrder { lower: items[pair.lower]?, upper: items[pair.upper]? });
        let pairs = self.pairs.iter().filter_map(pair).collect();
        let limits = LadderLimits { further: further.collect(), pairs, ..LadderLimits::default() };
        let effort = LadderEffort::usual(columns.ladder.items.len());
        let solution = optimise_ladder(&columns.ladder, &limits, effort).ok()?;
        let mut prices = now.prices.clone();
        for (item, choice) in solution.choice.iter().enumerate() {
            let option = (columns.ladder.items[item].first + choice) as usize;
            columns.places[item].iter().zip(&columns.prices[option]).for_each(|(place, price)| prices[*place] = *price);
        }
        (prices != now.prices).then_some(prices)
    }
}

impl Columns {
    /// Adds products that are chosen together, with the prices that they may have.
    fn add(&mut self, problem: &Problem<'_>, limits: &[Limit], places: &[usize], wholes: Vec<Vec<i64>>) {
        let first = self.ladder.options.len() as u32;
        let effects = &problem.basis.products.families;
        for prices in wholes {
            let sum: f64 = places.iter().zip(&prices).map(|(place, price)| problem.sum_at(*place, *price as f64)).sum();
            let mut profit = 0.0;
            let mut uses = vec![0.0; limits.len()];
            for (place, price) in places.iter().zip(&prices) {
                let price = *price as f64;
                let beside = match effects.get(*place).filter(|_| places.len() > 1) {
                    Some(effect) if effect.answers() => (sum - problem.sum_at(*place, price)) / effect.others,
                    Some(_) => 0.0,
                    None => problem.siblings.of(*place),
                };
                let worth = problem.worth_beside(*place, price, beside);
                profit += problem.profit(&worth);
                let used = limits.iter().map(|limit| limit.of(problem, *place, price, &worth));
                uses.iter_mut().zip(used).for_each(|(sum, used)| *sum += used);
            }
            // Only the prices of products by themselves are in order.
            let price = if places.len() == 1 { prices[0] as f64 } else { 0.0 };
            self.ladder.options.push(LadderOption { price, profit, revenue: 0.0, basket: 0.0, is_change: false });
            self.uses.push(uses);
            self.prices.push(prices);
        }
        let end = self.ladder.options.len() as u32;
        self.ladder.items.push(LadderItem { name: String::new(), family: 0, role: String::new(), first, end });
        self.places.push(places.to_vec());
    }
}
