//! The best prices of a scenario: on allowed endings inside the guardrails' windows, under the limits of its objective,
//! with the bound that is proven and what each limit costs. Chosen by [`pricing_science::optimise_ladder`], then judged
//! by the engine like any other prices.

use std::collections::BTreeMap;

use app_contract::{ScenarioInput, ScenarioLimit, ScenarioObjective, ScenarioOptimum};
use pricing_domain::{ExceptionReason, ProposalKind, RuleSet, Strategy};
use pricing_rules::{CompiledRules, NONE, Snapshot, allowed_prices, windows_of};
use pricing_science::{
    FurtherLimit, Ladder, LadderEffort, LadderItem, LadderLimits, LadderOption, LadderSolution, Outcome, PairOrder,
    ScenarioState, optimise_ladder, outcome_at,
};
use rayon::prelude::{IntoParallelIterator, ParallelIterator};

use super::Basis;
use super::changes::{Changed, competitor, rows};
use super::planned::Planned;
use crate::OperationError;

/// Prices that a product may choose from, beside today's.
const MOST_PRICES: usize = 24;
/// Categories whose baskets can be limited each by themselves.
const MOST_CATEGORIES: usize = 20;

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
    let objective = &input.objective;
    let problem = Problem::new(basis, objective, changed, start)?;
    let (limits, scales) = problem.limits(objective)?;
    let effort = LadderEffort::usual(problem.ladder.items.len());
    let solution = optimise_ladder(&problem.ladder, &limits, effort).map_err(|_| {
        OperationError::refused(
            "No allowed prices satisfy all limits of the objective. Widen one of them, or the largest change of a price.",
        )
    })?;
    let chosen: Vec<i64> = (0..basis.rows.len()).map(|place| problem.price(&solution.choice, place)).collect();
    let prices = judged(basis, changed, &chosen)?;
    let moved = prices.iter().zip(&chosen).filter(|(judged, chosen)| judged != chosen).count() as u64;
    Ok(Best { optimum: problem.optimum(&solution, &scales, moved), prices })
}

/// The prices after the engine has judged them. What needs a person only because the change is large counts as decided.
fn judged(basis: &Basis, changed: &Changed, chosen: &[i64]) -> Result<Vec<i64>, OperationError> {
    let list = &changed.snapshot.lists[basis.list];
    let plan = basis.rows.iter().copied().zip(chosen.iter().copied());
    let planned = Planned::new(&changed.snapshot, basis.list, &changed.rules, "best prices", plan)?;
    let run = planned.judged(basis.list, basis.now, &basis.stop).ok_or_else(OperationError::cancelled)?;
    let mut prices: Vec<i64> = basis.rows.iter().map(|row| list.price_minor.get(*row as usize)).collect();
    for decision in run.decisions {
        let Ok(place) = basis.rows.binary_search(&decision.row) else { continue };
        let new = match (decision.kind, decision.reason) {
            (ProposalKind::Change, _) => decision.new_minor,
            (_, Some(ExceptionReason::LargeChange)) => decision.lawful_minor,
            _ => NONE,
        };
        if new != NONE {
            prices[place] = new;
        }
    }
    Ok(prices)
}

/// What an option brings.
#[derive(Clone, Copy)]
struct Worth {
    units: f64,
    revenue: f64,
    margin: f64,
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
    ladder: Ladder,
    worth: Vec<Worth>,
    /// Places that may not move.
    fixed: u64,
    clearance: Option<Clearance>,
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
        let prices = |place: usize| {
            let today = start.price[place].round() as i64;
            let Some((low, high)) = windows[basis.rows[place] as usize] else { return vec![today] };
            let reach = |ratio: f64| (today as f64 * ratio).round() as i64;
            let (low, high) = (low.max(reach(1.0 - step)), high.min(reach(1.0 + step)));
            let others =
                allowed_prices(&guards, basis.list, low, high, MOST_PRICES).into_iter().filter(|price| *price != today);
            std::iter::once(today).chain(others).collect()
        };
        let prices: Vec<Vec<i64>> = (0..basis.rows.len()).into_par_iter().map(prices).collect();
        let mut problem = Problem {
            basis,
            snapshot: &changed.snapshot,
            start,
            ladder: Ladder::default(),
            worth: Vec::new(),
            fixed: 0,
            clearance,
        };
        for (place, prices) in prices.iter().enumerate() {
            problem.add(place, prices, objective);
        }
        Ok(problem)
    }

    fn add(&mut self, place: usize, prices: &[i64], objective: &ScenarioObjective) {
        let first = self.ladder.options.len() as u32;
        let end = first + prices.len() as u32;
        let name = String::new();
        self.ladder.items.push(LadderItem { name, family: 0, role: String::new(), first, end });
        self.fixed += u64::from(prices.len() == 1);
        let basket = self.basis.products.units[place] * self.start.volume[place];
        for (option, price) in prices.iter().enumerate() {
            let price = *price as f64;
            let worth = self.worth_of(place, price);
            let minor = self.basis.minor_per_major();
            self.ladder.options.push(LadderOption {
                price,
                profit: objective.margin * worth.margin
                    + objective.revenue * worth.revenue
                    + objective.units * minor * worth.units,
                revenue: worth.revenue,
                basket: price * basket,
                is_change: option > 0,
            });
            self.worth.push(worth);
        }
    }

    /// A week at a price. What is to be cleared sells no more than there is, and what is left is written off.
    fn worth_of(&self, place: usize, price: f64) -> Worth {
        let Outcome { units, revenue, margin } = outcome_at(&self.basis.products, self.start, place, price);
        let stock = self.clearance.as_ref().map(|clear| (clear, clear.stock[place])).filter(|(_, s)| s.is_finite());
        let Some((clear, stock)) = stock else { return Worth { units, revenue, margin } };
        let sold = (units * clear.weeks).min(stock);
        let (net, cost) = (price / self.start.tax[place], self.start.cost[place]);
        let brought = net * sold + clear.salvage * cost * (stock - sold) - cost * stock;
        Worth { units: sold / clear.weeks, revenue: net * sold / clear.weeks, margin: brought / clear.weeks }
    }

    fn price(&self, choice: &[u32], place: usize) -> i64 {
        self.ladder.chosen(place, choice).price.round() as i64
    }

    /// Sum over the first options.
    fn today(&self, of: &dyn Fn(usize) -> f64) -> f64 {
        self.ladder.items.iter().map(|item| of(item.first as usize)).sum()
    }

    /// The limits for the optimiser, and for each of them, in its order, the name in words and what one of its units is.
    fn limits(&self, objective: &ScenarioObjective) -> Result<(LadderLimits, Vec<(String, f64)>), OperationError> {
        let mut limits = LadderLimits::default();
        let mut scales = Vec::new();
        let share = |percent: Option<f64>| percent.map(|percent| percent / 100.0);
        if let Some(at_most) = share(objective.basket_at_most) {
            limits.basket_at_most = Some(at_most);
            let today = self.today(&|option| self.ladder.options[option].basket);
            scales.push(("price level, percent of before".to_owned(), today / 100.0));
        }
        if let Some(at_most) = share(objective.changes_at_most) {
            limits.changes_at_most = Some(at_most);
            scales.push(("prices that change".to_owned(), 1.0));
        }
        type Of = fn(&Worth) -> f64;
        let sums: [(&str, Option<f64>, Of); 3] = [
            ("revenue, percent of before", objective.revenue_at_least, |worth| worth.revenue),
            ("margin, percent of before", objective.margin_at_least, |worth| worth.margin),
            ("units, percent of before", objective.units_at_least, |worth| worth.units),
        ];
        for (name, at_least, of) in sums {
            let Some(at_least) = share(at_least) else { continue };
            let today = self.today(&|option| of(&self.worth[option]));
            let uses = self.worth.iter().map(of).collect();
            let name = name.to_owned();
            limits.further.push(FurtherLimit { name: name.clone(), bound: at_least * today, at_least: true, uses });
            scales.push((name, today / 100.0));
        }
        self.limit_index(objective, &mut limits, &mut scales)?;
        self.limit_categories(objective, &mut limits, &mut scales)?;
        if objective.keep_families {
            limits.pairs = self.family_pairs();
        }
        Ok((limits, scales))
    }

    fn limit_index(
        &self,
        objective: &ScenarioObjective,
        limits: &mut LadderLimits,
        scales: &mut Vec<(String, f64)>,
    ) -> Result<(), OperationError> {
        let Some(index) = &objective.index else { return Ok(()) };
        let snapshot = self.snapshot;
        let who = competitor(snapshot, &index.competitor)?;
        let list = &snapshot.lists[self.basis.list];
        let mut theirs = 0.0;
        let mut uses = vec![0.0; self.ladder.options.len()];
        for (place, row) in self.basis.rows.iter().enumerate() {
            let offers = self.start_offers(*row as usize).filter(|offer| offer.competitor == who);
            let Some(lowest) = offers.map(|offer| offer.amount_minor).min() else { continue };
            let units = list.units_28d_milli.get(*row as usize) as f64;
            theirs += units * lowest as f64;
            let item = &self.ladder.items[place];
            let own = item.first as usize..item.end as usize;
            for (used, option) in uses[own.clone()].iter_mut().zip(&self.ladder.options[own]) {
                *used = units * option.price;
            }
        }
        if theirs <= 0.0 {
            return Err(OperationError::refused(format!("{} has no offer of these products.", index.competitor)));
        }
        uses.iter_mut().for_each(|uses| *uses *= 100.0 / theirs);
        for (bound, at_least) in [(index.at_least, true), (index.at_most, false)] {
            let Some(bound) = bound else { continue };
            let name = format!("index against {}", index.competitor);
            limits.further.push(FurtherLimit { name: name.clone(), bound, at_least, uses: uses.clone() });
            scales.push((name, 1.0));
        }
        Ok(())
    }

    fn start_offers(&self, row: usize) -> impl Iterator<Item = &pricing_rules::Offer> {
        let currency = self.snapshot.lists[self.basis.list].currency_number;
        let offers = self.snapshot.offers.get(row).iter();
        offers.filter(move |offer| offer.currency == currency && offer.amount_minor > 0)
    }

    fn limit_categories(
        &self,
        objective: &ScenarioObjective,
        limits: &mut LadderLimits,
        scales: &mut Vec<(String, f64)>,
    ) -> Result<(), OperationError> {
        let Some(percent) = objective.category_at_most else { return Ok(()) };
        let snapshot = &self.basis.snapshot;
        let top = |place: usize| {
            let code = snapshot.products.category.get(self.basis.rows[place] as usize);
            snapshot.categories.text(code).split('>').next().unwrap_or_default().trim().to_owned()
        };
        let mut places: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        (0..self.basis.rows.len()).for_each(|place| places.entry(top(place)).or_default().push(place));
        if places.len() > MOST_CATEGORIES {
            return Err(OperationError::refused(format!(
                "There are {} categories at the top; limits of each are possible for {MOST_CATEGORIES}.",
                places.len()
            )));
        }
        for (name, places) in places {
            let mut uses = vec![0.0; self.ladder.options.len()];
            let mut today = 0.0;
            for item in places.iter().map(|place| &self.ladder.items[*place]) {
                let options = item.first as usize..item.end as usize;
                today += self.ladder.options[options.start].basket;
                options.for_each(|option| uses[option] = self.ladder.options[option].basket);
            }
            let name = if name.is_empty() { "products without a category" } else { &name };
            let name = format!("price level of {name}, percent of before");
            let bound = percent / 100.0 * today;
            limits.further.push(FurtherLimit { name: name.clone(), bound, at_least: false, uses });
            scales.push((name, today / 100.0));
        }
        Ok(())
    }

    /// Neighbours in the order of content. Families with members of equal content are left to the engine, which mends
    /// them afterwards.
    fn family_pairs(&self) -> Vec<PairOrder> {
        let mut families: BTreeMap<u32, Vec<(i64, usize)>> = BTreeMap::new();
        let products = &self.basis.snapshot.products;
        for (place, row) in self.basis.rows.iter().enumerate() {
            let (family, content) = (products.family.get(*row as usize), products.net_content_micro.get(*row as usize));
            if content != NONE && !self.basis.snapshot.families.text(family).is_empty() {
                families.entry(family).or_default().push((content, place));
            }
        }
        let chain = |mut members: Vec<(i64, usize)>| {
            members.sort_unstable();
            let is_strict = members.windows(2).all(|pair| pair[0].0 < pair[1].0);
            let pairs = members.windows(2).map(|pair| PairOrder { lower: pair[0].1, upper: pair[1].1 });
            if is_strict { pairs.collect() } else { Vec::new() }
        };
        families.into_values().flat_map(chain).collect()
    }

    fn optimum(&self, solution: &LadderSolution, scales: &[(String, f64)], moved: u64) -> ScenarioOptimum {
        let gain = |place: usize| {
            let item = &self.ladder.items[place];
            let (first, chosen) = (item.first as usize, (item.first + solution.choice[place]) as usize);
            self.ladder.options[chosen].profit - self.ladder.options[first].profit
        };
        let is_unseen = |place: &usize| {
            let (low, high) = self.basis.products.seen[*place];
            let price = self.ladder.chosen(*place, &solution.choice).price;
            price < low || price > high
        };
        let all: f64 = (0..self.ladder.items.len()).map(gain).sum();
        let unseen: f64 = (0..self.ladder.items.len()).filter(is_unseen).map(gain).sum();
        let limit = |(found, (name, scale)): (&pricing_science::LimitResult, &(String, f64))| ScenarioLimit {
            name: name.clone(),
            bound: found.bound / scale,
            used: found.used / scale,
            binds: found.binds,
            worth: (found.shadow_price * scale).round() as i64,
        };
        ScenarioOptimum {
            before: solution.base_objective.round() as i64,
            value: solution.objective.round() as i64,
            bound: solution.bound.round() as i64,
            proven: solution.is_optimal,
            products: self.ladder.items.len() as u64 - self.fixed,
            fixed: self.fixed,
            changes: solution.changes as u64,
            moved_by_guardrails: moved,
            extrapolated_gain: if all > 0.0 { (100.0 * unseen / all).clamp(0.0, 100.0) } else { 0.0 },
            cleared: self.cleared(&solution.choice),
            limits: solution.limits.iter().zip(scales).map(limit).collect(),
        }
    }

    fn cleared(&self, choice: &[u32]) -> Option<(f64, f64, f64)> {
        let clear = self.clearance.as_ref()?;
        let places = (0..self.ladder.items.len()).filter(|place| clear.stock[*place].is_finite());
        let mut sums = (0.0, 0.0, 0.0);
        for place in places {
            let first = self.ladder.items[place].first;
            sums.0 += clear.stock[place];
            sums.1 += clear.weeks * self.worth[first as usize].units;
            sums.2 += clear.weeks * self.worth[(first + choice[place]) as usize].units;
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
