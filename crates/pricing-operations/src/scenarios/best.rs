//! The best prices of a scenario: on allowed endings inside the guardrails' windows, under the limits of its objective,
//! with the bound that is proven and what each limit costs. Chosen by [`pricing_science::optimise_ladder`], then judged
//! by the engine like any other prices. What is told of them is told of the judged prices; where guardrails, endings or
//! families move so many that a limit breaks, prices are chosen again from what the engine made of the first ones.
//!
//! Products that answer the prices of their families are chosen as if the others kept theirs first, and then again with
//! what they do to each other (see the module `alternating`). What the chosen prices bring is told with these answers; how
//! much more any allowed prices could bring with them is proven family by family (see the module `proof`).

mod alternating;
mod columns;
mod limits;
mod proof;

use std::collections::BTreeMap;

use app_contract::{ScenarioInput, ScenarioLimit, ScenarioObjective, ScenarioOptimum};
use pricing_domain::{ExceptionReason, ProposalKind, RuleSet, Strategy};
use pricing_rules::{CompiledRules, NONE, Snapshot, allowed_prices, windows_of};
use pricing_science::{
    Ladder, LadderEffort, LadderItem, LadderLimits, LadderOption, LadderSolution, Outcome, PairOrder, ScenarioState,
    SiblingPrices, optimise_ladder, outcome_beside, sibling_prices,
};
use rayon::prelude::{IntoParallelIterator, ParallelIterator};

use super::Basis;
use super::changes::{Changed, rows};
use super::planned::Planned;
use crate::OperationError;
use alternating::{Families, Rechosen};
use limits::Limit;

/// Prices that a product may choose from, beside today's.
const MOST_PRICES: usize = 24;
/// How often prices are chosen again where the engine moved some and a limit broke.
const MOST_ROUNDS: usize = 3;
/// A gain and a gap count from this part of the objective on; less is how sums of fractions end.
const ROUNDING: f64 = 1e-9;
/// Ends of a 95 % interval in standard errors.
const WIDTH: f64 = 1.96;

/// The chosen prices by the place in [`Basis::rows`], and what is proven about them.
pub(super) struct Best {
    pub prices: Vec<i64>,
    pub optimum: ScenarioOptimum,
}

/// Chooses.
pub(super) fn choose(
    basis: &Basis,
    input: &ScenarioInput,
    changed: &Changed,
    start: &ScenarioState,
) -> Result<Best, OperationError> {
    let mut problem = Problem::new(basis, &input.objective, changed, start)?;
    let (stated, limits) = problem.limits(&input.objective)?;
    let first = problem.solve(&stated).ok_or_else(|| {
        let why = problem.out_of_reach(&stated, &limits).map(|why| format!(" {why}")).unwrap_or_default();
        OperationError::refused(format!(
            "No allowed prices satisfy all limits of the objective.{why} Widen one of them, or the largest change of a price."
        ))
    })?;
    let bound = problem.bound(&input.objective, first.bound);
    let mut found = problem.judged(changed, first)?;
    for _ in 0..MOST_ROUNDS {
        if found.moved() == 0 || !problem.breaks(&limits, &found) {
            break;
        }
        problem.learn(&found);
        let (learnt, _) = problem.limits(&input.objective)?;
        let Some(solution) = problem.solve(&learnt) else { break };
        found = Judged { is_again: true, ..problem.judged(changed, solution)? };
    }
    let families = Families::of(&problem);
    let (found, rechosen) = problem.alternated(changed, &limits, &families, found)?;
    let (found, rechosen, bound) = problem.proven(changed, &limits, &families, (found, rechosen, bound))?;
    let optimum = problem.optimum(&found, &limits, bound, rechosen);
    Ok(Best { optimum, prices: found.prices })
}

/// Chosen prices and what the engine made of them.
struct Judged {
    solution: LadderSolution,
    chosen: Vec<i64>,
    prices: Vec<i64>,
    /// Whether they were chosen from what the engine had made of earlier ones.
    is_again: bool,
}

impl Judged {
    fn moved(&self) -> usize {
        self.prices.iter().zip(&self.chosen).filter(|(price, chosen)| price != chosen).count()
    }
}

/// What an option brings; 0 where tax or cost are not known.
#[derive(Clone, Copy, Default)]
struct Worth {
    units: f64,
    revenue: f64,
    margin: f64,
}

impl Worth {
    fn of(units: f64, revenue: f64, margin: f64) -> Worth {
        let known = |value: f64| if value.is_nan() { 0.0 } else { value };
        Worth { units, revenue: known(revenue), margin: known(margin) }
    }

    fn and(&self, more: &Worth) -> Worth {
        Worth {
            units: self.units + more.units,
            revenue: self.revenue + more.revenue,
            margin: self.margin + more.margin,
        }
    }

    fn less(&self, other: &Worth) -> Worth {
        self.and(&Worth { units: -other.units, revenue: -other.revenue, margin: -other.margin })
    }
}

/// Stock to be sold.
struct Clearance {
    weeks: f64,
    salvage: f64,
    /// Units in stock by place; NaN where nothing is to be cleared.
    stock: Vec<f64>,
}

struct Problem<'a> {
    basis: &'a Basis,
    /// The catalogue after the changes.
    snapshot: &'a Snapshot,
    start: &'a ScenarioState,
    /// The prices of families there.
    siblings: SiblingPrices,
    /// What a minor unit of margin, one of revenue and a unit sold count.
    weights: Worth,
    ladder: Ladder,
    worth: Vec<Worth>,
    /// Allowed prices in whose place stands what the engine made of them.
    replaced: BTreeMap<usize, Vec<f64>>,
    /// Places that may not move.
    fixed: u64,
    /// Places that may only rise because their cost is not known.
    without_cuts: u64,
    clearance: Option<Clearance>,
    /// Orders inside families that have to be kept.
    pairs: Vec<PairOrder>,
}

impl<'a> Problem<'a> {
    fn new(
        basis: &'a Basis,
        objective: &ScenarioObjective,
        changed: &'a Changed,
        start: &'a ScenarioState,
    ) -> Result<Self, OperationError> {
        let guards =
            RuleSet { rules: Vec::new(), otherwise: Strategy::Keep, tests: Vec::new(), ..changed.rules.clone() };
        let guards = CompiledRules::compile(&guards, &changed.snapshot)
            .map_err(|problems| OperationError::refused(format!("The guardrails cannot be used: {}.", problems[0])))?;
        let windows = windows_of(&guards, &changed.snapshot, basis.list, basis.now);
        let clearance = objective.clear.as_ref().map(|clear| clearance(basis, changed, clear)).transpose()?;
        let step = objective.step / 100.0;
        let places = 0..basis.rows.len();
        // What a price is worth cannot be told without tax or cost, where they count.
        let is_unknown = |place: usize| {
            (objective.margin > 0.0 && !basis.has_margin(place))
                || (objective.revenue > 0.0 && !basis.has_revenue(place))
        };
        if places.clone().all(is_unknown) {
            return Err(OperationError::refused(
                "The objective cannot be told of any product: the margin needs a cost and a VAT rate, the revenue a VAT \
                 rate. Import them, or weigh what is known.",
            ));
        }
        let cuts_need_costs = changed.rules.guardrails.no_cut_without_cost;
        let without_cost =
            |place: &usize| changed.snapshot.list_cost(basis.list, basis.rows[*place] as usize).is_none();
        let prices = |place: usize| {
            let today = start.price[place].round() as i64;
            let window = windows[basis.rows[place] as usize].filter(|_| !is_unknown(place));
            let Some((low, high)) = window else { return vec![today] };
            let reach = |ratio: f64| (today as f64 * ratio).round() as i64;
            let (low, high) = (low.max(reach(1.0 - step)), high.min(reach(1.0 + step)));
            let others =
                allowed_prices(&guards, basis.list, low, high, MOST_PRICES).into_iter().filter(|price| *price != today);
            std::iter::once(today).chain(others).collect()
        };
        let prices: Vec<Vec<i64>> = places.clone().into_par_iter().map(prices).collect();
        let mut problem = Problem {
            basis,
            snapshot: &changed.snapshot,
            start,
            siblings: sibling_prices(&basis.products, start),
            weights: Worth {
                units: objective.units * basis.minor_per_major(),
                revenue: objective.revenue,
                margin: objective.margin,
            },
            ladder: Ladder::default(),
            worth: Vec::new(),
            replaced: BTreeMap::new(),
            fixed: 0,
            without_cuts: 0,
            clearance,
            pairs: Vec::new(),
        };
        prices.iter().enumerate().for_each(|(place, prices)| problem.add(place, prices));
        let may_rise = |place: &usize| prices[*place].len() > 1;
        if cuts_need_costs {
            problem.without_cuts = places.filter(may_rise).filter(without_cost).count() as u64;
        }
        if objective.keep_families {
            problem.pairs = problem.family_pairs();
        }
        Ok(problem)
    }

    fn add(&mut self, place: usize, prices: &[i64]) {
        let first = self.ladder.options.len() as u32;
        let end = first + prices.len() as u32;
        let name = String::new();
        self.ladder.items.push(LadderItem { name, family: 0, role: String::new(), first, end });
        self.fixed += u64::from(prices.len() == 1);
        for price in prices {
            let (option, worth) = self.option(place, *price);
            self.ladder.options.push(option);
            self.worth.push(worth);
        }
    }

    fn option(&self, place: usize, price: i64) -> (LadderOption, Worth) {
        let worth = self.worth_of(place, price as f64, &self.siblings);
        let option = LadderOption {
            price: price as f64,
            profit: self.profit(&worth),
            revenue: worth.revenue,
            basket: price as f64 * self.basket_units(place),
            is_change: self.is_change(place, price as f64),
        };
        (option, worth)
    }

    fn is_change(&self, place: usize, price: f64) -> bool {
        price != self.start.price[place].round()
    }

    fn basket_units(&self, place: usize) -> f64 {
        self.basis.products.units[place] * self.start.volume[place]
    }

    fn profit(&self, worth: &Worth) -> f64 {
        self.weights.margin * worth.margin + self.weights.revenue * worth.revenue + self.weights.units * worth.units
    }

    /// A week at a price. What is to be cleared sells no more than there is, and what is left is written off.
    fn worth_of(&self, place: usize, price: f64, siblings: &SiblingPrices) -> Worth {
        self.worth_beside(place, price, siblings.of(place))
    }

    /// The same where the siblings' prices stand so far from today's, in logarithms.
    fn worth_beside(&self, place: usize, price: f64, siblings: f64) -> Worth {
        let Outcome { units, revenue, margin } =
            outcome_beside(&self.basis.products, self.start, siblings, place, price);
        let stock = self.clearance.as_ref().map(|clear| (clear, clear.stock[place])).filter(|(_, s)| s.is_finite());
        let Some((clear, stock)) = stock else { return Worth::of(units, revenue, margin) };
        let sold = (units * clear.weeks).min(stock);
        let (net, cost) = (price / self.start.tax[place], self.start.cost[place]);
        let brought = net * sold + clear.salvage * cost * (stock - sold) - cost * stock;
        Worth::of(sold / clear.weeks, net * sold / clear.weeks, brought / clear.weeks)
    }

    /// Every price that a product may have.
    fn prices_of(&self, place: usize) -> impl Iterator<Item = f64> {
        let item = &self.ladder.items[place];
        let options = self.ladder.options[item.first as usize..item.end as usize].iter().map(|option| option.price);
        options.chain(self.replaced.get(&place).into_iter().flatten().copied())
    }

    /// `None`: no choice satisfies the limits.
    fn solve(&self, limits: &LadderLimits) -> Option<LadderSolution> {
        optimise_ladder(&self.ladder, limits, LadderEffort::usual(self.ladder.items.len())).ok()
    }

    fn judged(&self, changed: &Changed, solution: LadderSolution) -> Result<Judged, OperationError> {
        let chosen: Vec<i64> = (0..self.basis.rows.len())
            .map(|place| self.ladder.chosen(place, &solution.choice).price.round() as i64)
            .collect();
        let prices = self.engine_makes_of(changed, &chosen)?;
        Ok(Judged { solution, chosen, prices, is_again: false })
    }

    /// The prices after the engine has judged those that differ from the prices before. What it would do to others is no
    /// matter of the choice; what needs a person only because the change is large counts as decided.
    fn engine_makes_of(&self, changed: &Changed, chosen: &[i64]) -> Result<Vec<i64>, OperationError> {
        let basis = self.basis;
        let mut prices: Vec<i64> = self.start.price.iter().map(|price| price.round() as i64).collect();
        let differs = |place: &usize| chosen[*place] != prices[*place];
        let places: Vec<usize> = (0..chosen.len()).filter(differs).collect();
        let plan = places.iter().map(|place| (basis.rows[*place], chosen[*place]));
        let planned = Planned::new(&changed.snapshot, basis.list, &changed.rules, "best prices", plan)?;
        let run = planned.judged(basis.list, basis.now, &basis.stop).ok_or_else(OperationError::cancelled)?;
        for decision in run.decisions {
            let Ok(place) = basis.rows.binary_search(&decision.row) else { continue };
            let new = match (decision.kind, decision.reason) {
                (ProposalKind::Change, _) => decision.new_minor,
                (_, Some(ExceptionReason::LargeChange)) => decision.lawful_minor,
                _ => NONE,
            };
            if new != NONE && places.binary_search(&place).is_ok() {
                prices[place] = new;
            }
        }
        Ok(prices)
    }

    /// Puts what the engine made of a chosen price in its place.
    fn learn(&mut self, found: &Judged) {
        for (place, choice) in found.solution.choice.iter().enumerate() {
            if found.prices[place] != found.chosen[place] {
                let option = (self.ladder.items[place].first + choice) as usize;
                self.replaced.entry(place).or_default().push(self.ladder.options[option].price);
                (self.ladder.options[option], self.worth[option]) = self.option(place, found.prices[place]);
            }
        }
    }

    /// What prices bring, with what products of a family do to each other.
    fn worth_at(&self, prices: &[i64]) -> Vec<Worth> {
        let siblings = self.siblings_at(|place| prices[place] as f64);
        prices.iter().enumerate().map(|(place, price)| self.worth_of(place, *price as f64, &siblings)).collect()
    }

    fn siblings_at(&self, price: impl Fn(usize) -> f64) -> SiblingPrices {
        let price = (0..self.ladder.items.len()).map(price).collect();
        sibling_prices(&self.basis.products, &ScenarioState { price, ..ScenarioState::default() })
    }

    /// What no allowed prices can pass. `alone` is that where every product's family keeps its prices; what answers to them
    /// could add at most is added for each option, at the lowest and at the highest prices that the siblings may have.
    fn bound(&self, objective: &ScenarioObjective, alone: f64) -> f64 {
        if self.basis.products.families.is_empty() {
            return alone;
        }
        let options = |place: usize| {
            let item = &self.ladder.items[place];
            item.first as usize..item.end as usize
        };
        let price = |option: usize| self.ladder.options[option].price;
        let lowest = self.siblings_at(|place| options(place).map(price).fold(f64::INFINITY, f64::min));
        let highest = self.siblings_at(|place| options(place).map(price).fold(0.0, f64::max));
        let most = |place: usize, option: usize| {
            let at = |siblings| self.profit(&self.worth_of(place, price(option), siblings));
            at(&lowest).max(at(&highest))
        };
        let largest = |of: &dyn Fn(usize, usize) -> f64| -> f64 {
            let of_item =
                |place: usize| options(place).map(|option| of(place, option)).fold(f64::NEG_INFINITY, f64::max);
            (0..self.ladder.items.len()).map(of_item).sum()
        };
        let free = largest(&most);
        let added = largest(&|place, option| most(place, option) - self.ladder.options[option].profit);
        // What must be sold or earned at least is not known of products that answer each other: such a limit proves nothing.
        let limits = [objective.revenue_at_least, objective.margin_at_least, objective.units_at_least];
        if limits.iter().any(Option::is_some) { free } else { free.min(alone + added) }
    }

    /// Searches the families for prices that bring more, takes them where every limit holds, and proves what none can pass.
    fn proven(
        &self,
        changed: &Changed,
        limits: &[Limit],
        families: &Families,
        (mut found, mut rechosen, bound): (Judged, Rechosen, f64),
    ) -> Result<(Judged, Rechosen, f64), OperationError> {
        if families.members.is_empty() {
            return Ok((found, rechosen, bound));
        }
        let proof = self.proof(families, limits, &found.solution.limits, &found);
        rechosen.open = proof.open;
        let value = self.objective_at(&found.prices);
        if let Some(prices) = self.combined(families, limits, &found, &proof.sets) {
            let better = self.rejudged(changed, &found, &prices)?;
            let more = self.objective_at(&better.prices) - value;
            if more > ROUNDING * value.abs() && !self.breaks(limits, &better) {
                (found, rechosen.gain, rechosen.steps) = (better, rechosen.gain + more, rechosen.steps + 1);
            }
        }
        // Prices that were reached are allowed, whatever rounding made of them.
        let bound = bound.min(proof.bound).max(self.objective_at(&found.prices));
        Ok((found, rechosen, bound))
    }

    /// Whether a limit does not hold for the judged prices.
    fn breaks(&self, limits: &[Limit], found: &Judged) -> bool {
        let worth = self.worth_at(&found.prices);
        let mut stated = limits.iter().zip(&found.solution.limits);
        stated.any(|(limit, stated)| limit.is_broken(limit.used(self, &found.prices, &worth), stated.bound))
    }

    fn optimum(&self, found: &Judged, limits: &[Limit], bound: f64, rechosen: Rechosen) -> ScenarioOptimum {
        let (prices, worth) = (&found.prices, self.worth_at(&found.prices));
        let before = |place: usize| self.ladder.options[self.ladder.items[place].first as usize].profit;
        let gain = |place: usize| self.profit(&worth[place]) - before(place);
        let is_unseen = |place: &usize| {
            let (low, high) = self.basis.products.seen[*place];
            (prices[*place] as f64) < low || prices[*place] as f64 > high
        };
        let value: f64 = worth.iter().map(|worth| self.profit(worth)).sum();
        let places = 0..prices.len();
        let all: f64 = places.clone().map(gain).sum();
        let unseen: f64 = places.clone().filter(is_unseen).map(gain).sum();
        let limit = |(limit, stated): (&Limit, &pricing_science::LimitResult)| {
            let used = limit.used(self, prices, &worth);
            ScenarioLimit {
                name: limit.name.clone(),
                bound: stated.bound / limit.scale,
                used: used / limit.scale,
                binds: stated.binds,
                broken: limit.is_broken(used, stated.bound),
                worth: (stated.shadow_price * limit.scale).round() as i64,
            }
        };
        let moved = found.moved() as u64;
        let at_bound = |fits: &dyn Fn(f64, f64) -> bool| {
            let fits = |place: &usize| fits(self.basis.products.elasticity[*place], self.basis.products.error(*place));
            places.clone().filter(fits).filter(|place| self.is_at_bound(*place, prices[*place])).count() as u64
        };
        ScenarioOptimum {
            before: places.clone().map(before).sum::<f64>().round() as i64,
            value: value.round() as i64,
            bound: bound.round() as i64,
            proven: match self.basis.products.families.is_empty() {
                true => found.solution.is_optimal && moved == 0 && !found.is_again,
                false => bound - value <= ROUNDING * bound.abs() && !self.breaks(limits, found),
            },
            products: self.ladder.items.len() as u64 - self.fixed,
            fixed: self.fixed,
            changes: places.clone().filter(|place| self.is_change(*place, prices[*place] as f64)).count() as u64,
            moved_by_guardrails: moved,
            at_bound: at_bound(&|elasticity, _| elasticity >= -1.0),
            perhaps_at_bound: at_bound(&|elasticity, error| elasticity < -1.0 && elasticity + WIDTH * error >= -1.0),
            without_cuts: self.without_cuts,
            families_gain: rechosen.gain.round() as i64,
            families_steps: rechosen.steps,
            families_cut: rechosen.is_cut,
            families_open: rechosen.open,
            extrapolated_gain: if all > 0.0 { (100.0 * unseen / all).clamp(0.0, 100.0) } else { 0.0 },
            cleared: self.cleared(&worth),
            limits: limits.iter().zip(&found.solution.limits).map(limit).collect(),
        }
    }

    /// Whether a product stands at the highest price that it may choose, and a higher one would bring more.
    fn is_at_bound(&self, place: usize, price: i64) -> bool {
        const LITTLE: f64 = 1.01;
        let item = &self.ladder.items[place];
        let options = &self.ladder.options[item.first as usize..item.end as usize];
        let price = price as f64;
        let at = |price: f64| self.profit(&self.worth_of(place, price, &self.siblings));
        let is_highest = options.len() > 1 && options.iter().all(|option| option.price <= price);
        is_highest && at(price * LITTLE) > at(price)
    }

    fn cleared(&self, worth: &[Worth]) -> Option<(f64, f64, f64)> {
        let clear = self.clearance.as_ref()?;
        let places = (0..self.ladder.items.len()).filter(|place| clear.stock[*place].is_finite());
        let mut sums = (0.0, 0.0, 0.0);
        for place in places {
            sums.0 += clear.stock[place];
            sums.1 += clear.weeks * self.worth[self.ladder.items[place].first as usize].units;
            sums.2 += clear.weeks * worth[place].units;
        }
        Some(sums)
    }
}

fn clearance(
    basis: &Basis,
    changed: &Changed,
    clear: &app_contract::ScenarioClearance,
) -> Result<Clearance, OperationError> {
    let wanted = rows(basis, &clear.only)?;
    let stock = basis.rows.iter().map(|row| match changed.snapshot.products.stock.get(*row as usize) {
        NONE => f64::NAN,
        _ if wanted.binary_search(row).is_err() => f64::NAN,
        pieces => pieces.max(0) as f64,
    });
    let stock: Vec<f64> = stock.collect();
    if !stock.iter().any(|pieces| pieces.is_finite()) {
        return Err(OperationError::refused("No product that is to be cleared has a stock. Import the stock first."));
    }
    Ok(Clearance { weeks: f64::from(clear.weeks), salvage: clear.salvage / 100.0, stock })
}
