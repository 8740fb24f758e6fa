//! What no allowed prices can pass where products of families answer each other, and the best prices of each family.
//!
//! Limits are paid for instead of kept (Lagrangian relaxation: Fisher 1981, “The Lagrangian relaxation method for solving
//! integer programming problems”): any multipliers that are not negative give a bound, and steps along the subgradient
//! (Polyak 1969) look for better ones. What is left falls apart into families, and the products of a family meet in one
//! number only, the weighted sum of the logarithms of its prices. At a given price the worth of a product goes one way
//! along that sum, so that within an interval of it the most stands at one of the ends.
//!
//! Each family is searched by branch and bound over its prices (Land and Doig 1960) with that. Where the search is given up,
//! the most that is left open bounds the family, or, where that is less, the most over cells of the sum, in each of which
//! every product takes what suits it best and a price for the sum keeps their choices near the cell.

use pricing_science::{LimitResult, PairOrder};
use rayon::prelude::{IndexedParallelIterator, IntoParallelIterator, IntoParallelRefIterator, ParallelIterator};

use super::alternating::Families;
use super::limits::Limit;
use super::{Judged, Problem};

/// Cells into which the sum of a family is cut, at least and at most, and what all of them together may cost in worths.
const CELLS: (usize, usize) = (4, 32);
const CELL_WORTHS: usize = 60_000_000;
/// Nodes of all searches together, and of one family at least and at most.
const MOST_NODES: usize = 6_000_000;
const FAMILY_NODES: (usize, usize) = (500, 200_000);
/// Worths that may be computed while multipliers are looked for, and the steps that are worth it.
const MOST_WORTHS: usize = 30_000_000;
const STEPS: (usize, usize) = (3, 30);
/// What limits cost beside the best multipliers, for other sets of prices; and the options of families up to which these
/// are looked for.
const PARTS: [f64; 6] = [0.0, 0.3, 0.6, 1.5, 2.5, 5.0];
const SEVERAL: usize = 500_000;
/// Prices in order may differ by so much of a minor unit.
const TOGETHER: f64 = 1e-9;
/// A node has to promise more than this part of the best; less is how sums of fractions end.
const ROUNDING: f64 = 1e-12;

/// What is proven.
pub(super) struct Proof {
    /// No allowed prices that hold the limits bring more.
    pub bound: f64,
    /// The best prices that were found for each family, at limits that cost more or less; whether these hold or not.
    pub sets: Vec<Vec<i64>>,
    /// Families whose prices were not searched to the end: of them only the bound is known.
    pub open: u64,
}

/// A multiplier for each limit.
struct Priced<'a> {
    problem: &'a Problem<'a>,
    limits: &'a [Limit],
    /// How each limit counts: what it costs to use it, negative where it has to be reached.
    costs: Vec<f64>,
    /// Into how many cells the sums of families are cut.
    cells: usize,
}

impl Priced<'_> {
    /// What a product brings at a price, less what it uses of the limits.
    fn worth(&self, place: usize, price: f64, siblings: f64) -> f64 {
        let worth = self.problem.worth_beside(place, price, siblings);
        let used = self.limits.iter().zip(&self.costs).filter(|(_, cost)| **cost != 0.0);
        let paid: f64 = used.map(|(limit, cost)| cost * limit.of(self.problem, place, price, &worth)).sum();
        self.problem.profit(&worth) - paid
    }
}

/// A price that a member of a family may have.
struct Choice {
    price: f64,
    /// What it adds to the family's sum.
    moved: f64,
    /// What the product brings at each end of the cells.
    at: Vec<f64>,
}

struct Member {
    place: usize,
    choices: Vec<Choice>,
    /// The most of any choice at each end of the cells.
    most: Vec<f64>,
}

/// A family as the search sees it.
struct Family<'a> {
    priced: &'a Priced<'a>,
    members: Vec<Member>,
    /// The family's sum at the first end of a cell, and the width of cells.
    lowest: f64,
    width: f64,
    /// What the members from each on can add to the sum at least and at most.
    rest: Vec<(f64, f64)>,
    /// Members whose prices are in order: that of the first is at most so many times that of the second.
    pairs: Vec<(usize, usize, f64)>,
}

/// The best prices of a family that were found, and what none of its prices can pass.
struct Found {
    prices: Vec<f64>,
    bound: f64,
    /// Whether the search was given up before its end.
    is_open: bool,
}

impl<'a> Family<'a> {
    /// Without the order of its prices, which only the search keeps.
    fn new(priced: &'a Priced<'a>, places: &[usize]) -> Family<'a> {
        let problem = priced.problem;
        let effects = &problem.basis.products.families;
        let with_sum = |place: usize| problem.prices_of(place).map(move |price| (price, problem.sum_at(place, price)));
        let all: Vec<Vec<(f64, f64)>> = places.iter().map(|place| with_sum(*place).collect()).collect();
        let ends = |choices: &Vec<(f64, f64)>| {
            let sums = choices.iter().map(|(_, moved)| *moved);
            (sums.clone().fold(f64::INFINITY, f64::min), sums.fold(f64::NEG_INFINITY, f64::max))
        };
        let mut rest = vec![(0.0, 0.0); places.len() + 1];
        for number in (0..places.len()).rev() {
            let (least, most) = ends(&all[number]);
            rest[number] = (rest[number + 1].0 + least, rest[number + 1].1 + most);
        }
        let (lowest, highest) = rest[0];
        let cells = priced.cells;
        let width = ((highest - lowest) / cells as f64).max(f64::MIN_POSITIVE);
        let member = |(place, choices): (&usize, Vec<(f64, f64)>)| {
            let effect = &effects[*place];
            let choice = |(price, moved): (f64, f64)| {
                let beside = |sum: f64| if effect.answers() { (sum - moved) / effect.others } else { 0.0 };
                let end = |end: usize| priced.worth(*place, price, beside(lowest + width * end as f64));
                Choice { price, moved, at: (0..=cells).map(end).collect() }
            };
            let mut choices: Vec<Choice> = choices.into_iter().map(choice).collect();
            // The most promising first, so that the search soon has something to compare with.
            choices.sort_by(|one, other| other.at[cells / 2].total_cmp(&one.at[cells / 2]));
            let most = (0..=cells).map(|end| choices.iter().map(|one| one.at[end]).fold(f64::NEG_INFINITY, f64::max));
            Member { place: *place, most: most.collect(), choices }
        };
        let members: Vec<Member> = places.iter().zip(all).map(member).collect();
        Family { priced, members, lowest, width, rest, pairs: Vec::new() }
    }

    /// The ends of cells around a stretch of the sum.
    fn ends(&self, from: f64, to: f64) -> (usize, usize) {
        const OVERLAP: f64 = 1e-9;
        let place = |sum: f64| ((sum - self.lowest) / self.width).clamp(0.0, self.priced.cells as f64);
        (
            (place(from) - OVERLAP).max(0.0).floor() as usize,
            ((place(to) + OVERLAP).ceil() as usize).min(self.priced.cells),
        )
    }

    /// What prices bring together.
    fn value(&self, prices: &[f64]) -> f64 {
        let effects = &self.priced.problem.basis.products.families;
        let moved: Vec<f64> = self
            .members
            .iter()
            .zip(prices)
            .map(|(member, price)| self.priced.problem.sum_at(member.place, *price))
            .collect();
        let sum: f64 = moved.iter().sum();
        let of = |((member, price), moved): ((&Member, &f64), &f64)| {
            let effect = &effects[member.place];
            let beside = if effect.answers() { (sum - moved) / effect.others } else { 0.0 };
            self.priced.worth(member.place, *price, beside)
        };
        self.members.iter().zip(prices).zip(&moved).map(of).sum()
    }

    /// The most over the cells, and where it is. No prices of the family bring more.
    fn by_cells(&self, enough: f64) -> (f64, usize) {
        (0..self.priced.cells)
            .map(|cell| (self.in_cell(cell, enough), cell))
            .fold((f64::NEG_INFINITY, 0), |most, next| if next.0 > most.0 { next } else { most })
    }

    /// The most where the sum lies in a cell; not looked at closely where it is no more than enough.
    fn in_cell(&self, cell: usize, enough: f64) -> f64 {
        const STEPS: usize = 24;
        let (from, to) = (self.lowest + self.width * cell as f64, self.lowest + self.width * (cell + 1) as f64);
        // What a price for the sum makes of the most, and the sum that is then chosen.
        let at = |price: f64| {
            let (mut all, mut sum) = (0.0, 0.0);
            for member in &self.members {
                let of = |choice: &Choice| choice.at[cell].max(choice.at[cell + 1]) + price * choice.moved;
                let (mut most, mut moved) = (f64::NEG_INFINITY, 0.0);
                for choice in &member.choices {
                    let worth = of(choice);
                    if worth > most {
                        (most, moved) = (worth, choice.moved);
                    }
                }
                (all, sum) = (all + most, sum + moved);
            }
            (all - (price * from).min(price * to), sum)
        };
        let (mut most, mut sum) = at(0.0);
        if most <= enough || (from..=to).contains(&sum) {
            return most;
        }
        // Down where too much is chosen, up where too little; first further and further, then in halves.
        let mut step = (most.abs() / (self.width * self.priced.cells as f64)).max(f64::MIN_POSITIVE);
        let (mut low, mut high) = (f64::NEG_INFINITY, f64::INFINITY);
        let mut price = 0.0;
        for _ in 0..STEPS {
            if sum > to {
                high = price
            } else {
                low = price
            }
            price = match (low.is_finite(), high.is_finite()) {
                (true, true) => f64::midpoint(low, high),
                (true, false) => low + step,
                _ => high - step,
            };
            step *= 2.0;
            let (next, chosen) = at(price);
            (most, sum) = (most.min(next), chosen);
            if most <= enough || (from..=to).contains(&sum) {
                break;
            }
        }
        most
    }

    /// Searches for the best prices, from those that are known.
    fn search(&self, known: &[f64], nodes: usize) -> Found {
        let mut search =
            Search { family: self, best: known.to_vec(), value: self.value(known), open: f64::NEG_INFINITY, nodes };
        search.extend(&mut Vec::with_capacity(self.members.len()), 0.0);
        let Search { best, value, open, .. } = search;
        let by_search = value.max(open);
        let bound = if by_search > value { by_search.min(self.by_cells(value).0.max(value)) } else { value };
        Found { prices: best, bound, is_open: bound > value }
    }
}

struct Search<'a> {
    family: &'a Family<'a>,
    best: Vec<f64>,
    value: f64,
    /// The most that was left unsearched.
    open: f64,
    /// How many may still be looked at.
    nodes: usize,
}

impl Search<'_> {
    fn extend(&mut self, chosen: &mut Vec<usize>, sum: f64) {
        let family = self.family;
        let number = chosen.len();
        if number == family.members.len() {
            let price = |(member, choice): (&Member, &usize)| member.choices[*choice].price;
            let prices: Vec<f64> = family.members.iter().zip(chosen.iter()).map(price).collect();
            let value = family.value(&prices);
            if value > self.value {
                (self.value, self.best) = (value, prices);
            }
            return;
        }
        for choice in 0..family.members[number].choices.len() {
            chosen.push(choice);
            let sum = sum + family.members[number].choices[choice].moved;
            if self.is_in_order(chosen) {
                let most = self.most(chosen, sum);
                if most > self.value + ROUNDING * self.value.abs() {
                    if self.nodes == 0 {
                        self.open = self.open.max(most);
                    } else {
                        self.nodes -= 1;
                        self.extend(chosen, sum);
                    }
                }
            }
            chosen.pop();
        }
    }

    /// The most that the chosen prices can bring with any of the rest.
    fn most(&self, chosen: &[usize], sum: f64) -> f64 {
        let family = self.family;
        let (least, most) = family.rest[chosen.len()];
        let (from, to) = family.ends(sum + least, sum + most);
        let of_chosen = family.members.iter().zip(chosen).map(|(member, choice)| {
            let at = &member.choices[*choice].at;
            at[from].max(at[to])
        });
        let of_rest = family.members[chosen.len()..].iter().map(|member| member.most[from].max(member.most[to]));
        of_chosen.chain(of_rest).sum()
    }

    /// Whether the newest price keeps the order of those that were chosen before.
    fn is_in_order(&self, chosen: &[usize]) -> bool {
        let newest = chosen.len() - 1;
        let price = |number: usize| self.family.members[number].choices[chosen[number]].price;
        let is_decided = |pair: &&(usize, usize, f64)| pair.0.max(pair.1) == newest;
        let keeps = |pair: &(usize, usize, f64)| price(pair.0) <= pair.2 * price(pair.1) + TOGETHER;
        self.family.pairs.iter().filter(is_decided).all(keeps)
    }
}

/// A bound, and how much of each limit its prices leave unused: negative where they break it.
struct Relaxed {
    bound: f64,
    left: Vec<f64>,
}

impl Problem<'_> {
    /// What a price adds to the sum of its family.
    pub(super) fn sum_at(&self, place: usize, price: f64) -> f64 {
        let effect = &self.basis.products.families[place];
        if effect.weight > 0.0 { effect.weight * (price / self.basis.products.price[place]).ln() } else { 0.0 }
    }

    /// Bounds what prices can bring, from those that were chosen. `stated` are the limits' bounds and multipliers of the
    /// separate choice.
    pub(super) fn proof(&self, families: &Families, limits: &[Limit], stated: &[LimitResult], now: &Judged) -> Proof {
        let value = self.objective_at(&now.prices);
        let mut multipliers: Vec<f64> = stated.iter().map(|limit| limit.shadow_price.max(0.0)).collect();
        let outside = (0..self.ladder.items.len()).filter(|place| families.of[*place].is_none());
        let outside: Vec<usize> = outside.collect();
        let in_families: usize = families.members.iter().flatten().map(|place| self.prices_of(*place).count()).sum();
        let cells = (CELL_WORTHS / in_families.max(1)).clamp(CELLS.0, CELLS.1);
        if !limits.is_empty() {
            let each = (cells + 1) * in_families + self.ladder.options.len();
            let steps = (MOST_WORTHS / each).min(STEPS.1);
            if steps >= STEPS.0 {
                let known = (multipliers, value);
                multipliers = self.best_multipliers(families, &outside, (limits, stated), known, (steps, cells));
            }
        }
        let priced = self.priced(limits, &multipliers, cells);
        let nodes = (MOST_NODES / families.members.len().max(1)).clamp(FAMILY_NODES.0, FAMILY_NODES.1);
        let known = |places: &[usize]| places.iter().map(|place| now.prices[*place] as f64).collect::<Vec<f64>>();
        let pairs = self.pairs_of(families);
        let searched = |priced: &Priced<'_>, nodes: usize| -> Vec<Found> {
            let search = |(places, pairs): (&Vec<usize>, &Vec<(usize, usize, f64)>)| {
                Family { pairs: pairs.clone(), ..Family::new(priced, places) }.search(&known(places), nodes)
            };
            families.members.par_iter().zip(&pairs).map(search).collect()
        };
        let found = searched(&priced, nodes);
        let of_outside: Vec<f64> = outside.par_iter().map(|place| self.most_alone(&priced, *place).0).collect();
        let prices = |found: &[Found]| {
            let mut prices = now.prices.clone();
            for (places, found) in families.members.iter().zip(found) {
                places.iter().zip(&found.prices).for_each(|(place, price)| prices[*place] = price.round() as i64);
            }
            prices
        };
        let mut sets = vec![prices(&found)];
        if !limits.is_empty() && in_families <= SEVERAL {
            for part in PARTS {
                let dearer: Vec<f64> = multipliers.iter().map(|multiplier| part * multiplier).collect();
                sets.push(prices(&searched(&self.priced(limits, &dearer, cells), nodes / PARTS.len())));
            }
        }
        let all = found.iter().map(|family| family.bound).chain(of_outside).sum::<f64>();
        let open = found.iter().filter(|family| family.is_open).count() as u64;
        Proof { bound: all + paid_back(&priced.costs, stated), sets, open }
    }

    /// The orders of prices within each family.
    fn pairs_of(&self, families: &Families) -> Vec<Vec<(usize, usize, f64)>> {
        let mut pairs = vec![Vec::new(); families.members.len()];
        let today = |place: usize| self.ladder.options[self.ladder.items[place].first as usize].price;
        for PairOrder { lower, upper } in &self.pairs {
            if let (Some((family, first)), Some((other, second))) = (families.of[*lower], families.of[*upper])
                && family == other
            {
                pairs[family].push((first, second, (today(*lower) / today(*upper)).max(1.0)));
            }
        }
        pairs
    }

    fn priced<'a>(&'a self, limits: &'a [Limit], multipliers: &[f64], cells: usize) -> Priced<'a> {
        let cost = |(limit, multiplier): (&Limit, &f64)| if limit.at_least() { -multiplier } else { *multiplier };
        Priced { problem: self, limits, costs: limits.iter().zip(multipliers).map(cost).collect(), cells }
    }

    /// The most that a product without siblings that matter brings, and the price for that.
    fn most_alone(&self, priced: &Priced<'_>, place: usize) -> (f64, f64) {
        let of = |price: f64| (priced.worth(place, price, self.siblings.of(place)), price);
        self.prices_of(place).map(of).fold(
            (f64::NEG_INFINITY, 0.0),
            |most, next| {
                if next.0 > most.0 { next } else { most }
            },
        )
    }

    /// Multipliers whose bound is small, from those given, by steps along the subgradient towards what is reached.
    fn best_multipliers(
        &self,
        families: &Families,
        outside: &[usize],
        (limits, stated): (&[Limit], &[LimitResult]),
        (mut multipliers, reached): (Vec<f64>, f64),
        (steps, cells): (usize, usize),
    ) -> Vec<f64> {
        let (mut best, mut least, mut length) = (multipliers.clone(), f64::INFINITY, 1.0);
        for _ in 0..steps {
            let priced = self.priced(limits, &multipliers, cells);
            let relaxed = self.relaxed(families, outside, &priced, stated);
            if relaxed.bound < least {
                (least, best) = (relaxed.bound, multipliers.clone());
            } else {
                length /= 2.0;
            }
            let left: Vec<f64> = relaxed.left.iter().zip(limits).map(|(left, limit)| left / limit.scale).collect();
            let squares: f64 = left.iter().map(|left| left * left).sum();
            let far = relaxed.bound - reached;
            if squares == 0.0 || far <= 0.0 {
                break;
            }
            let step = length * far / squares;
            for ((multiplier, left), limit) in multipliers.iter_mut().zip(&left).zip(limits) {
                *multiplier = (*multiplier - step * left / limit.scale).max(0.0);
            }
        }
        best
    }

    /// The bound of multipliers by cells alone.
    fn relaxed(&self, families: &Families, outside: &[usize], priced: &Priced<'_>, stated: &[LimitResult]) -> Relaxed {
        let limits = priced.limits;
        let used = |place: usize, price: f64, siblings: f64| {
            let worth = self.worth_beside(place, price, siblings);
            limits.iter().map(|limit| limit.of(self, place, price, &worth)).collect::<Vec<f64>>()
        };
        let of_outside = outside.par_iter().map(|place| {
            let (most, price) = self.most_alone(priced, *place);
            (most, used(*place, price, self.siblings.of(*place)))
        });
        let of_family = |number: usize| {
            let family = Family::new(priced, &families.members[number]);
            let (most, cell) = family.by_cells(f64::NEG_INFINITY);
            let middle = family.lowest + family.width * (cell as f64 + 0.5);
            let mut all = vec![0.0; limits.len()];
            for member in &family.members {
                let worth = |choice: &&Choice| choice.at[cell].max(choice.at[cell + 1]);
                let Some(choice) = member.choices.iter().max_by(|one, other| worth(one).total_cmp(&worth(other)))
                else {
                    continue;
                };
                let effect = &self.basis.products.families[member.place];
                let beside = if effect.answers() { (middle - choice.moved) / effect.others } else { 0.0 };
                let of_member = used(member.place, choice.price, beside);
                all.iter_mut().zip(of_member).for_each(|(sum, more)| *sum += more);
            }
            (most, all)
        };
        let mut parts: Vec<(f64, Vec<f64>)> = of_outside.collect();
        parts.extend((0..families.members.len()).into_par_iter().map(of_family).collect::<Vec<_>>());
        let bound = parts.iter().map(|(most, _)| most).sum::<f64>() + paid_back(&priced.costs, stated);
        let left = stated.iter().enumerate().map(|(number, stated)| {
            let used: f64 = parts.iter().map(|(_, used)| used[number]).sum();
            if limits[number].at_least() { used - stated.bound } else { stated.bound - used }
        });
        Relaxed { bound, left: left.collect() }
    }
}

/// What may be used of the limits costs nothing.
fn paid_back(costs: &[f64], stated: &[LimitResult]) -> f64 {
    costs.iter().zip(stated).map(|(cost, stated)| cost * stated.bound).sum()
}
