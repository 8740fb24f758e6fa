//! Limits of the best prices: what each of them measures, for the options of the ladder and for prices after the engine
//! has judged them.

use std::collections::BTreeMap;

use app_contract::{ScenarioIndexLimit, ScenarioObjective};
use pricing_rules::{NONE, category_is_within};
use pricing_science::{FurtherLimit, LadderLimits, PairOrder};

use super::super::changes::competitor;
use super::{Problem, Worth};
use crate::OperationError;

/// Categories whose baskets can be limited each by themselves.
const MOST_CATEGORIES: usize = 20;
/// A bound is passed by more than this part of it; less is how sums of fractions end.
const ROUNDING: f64 = 1e-7;

/// A limit, in words.
pub(super) struct Limit {
    pub name: String,
    /// What one of its units is.
    pub scale: f64,
    at_least: bool,
    measure: Measure,
}

/// What a limit is about.
enum Measure {
    /// The basket of today's units.
    Basket,
    /// The same of the products that are in.
    BasketOf(Vec<bool>),
    Changes,
    Revenue,
    Margin,
    Units,
    /// What a minor unit of each price adds to an index.
    Index(Vec<f64>),
}

impl Measure {
    /// What a product adds at a price.
    fn of(&self, problem: &Problem<'_>, place: usize, price: f64, worth: &Worth) -> f64 {
        let basket = || price * problem.basket_units(place);
        match self {
            Measure::Basket => basket(),
            Measure::BasketOf(is_in) => {
                if is_in[place] {
                    basket()
                } else {
                    0.0
                }
            }
            Measure::Changes => f64::from(u8::from(problem.is_change(place, price))),
            Measure::Revenue => worth.revenue,
            Measure::Margin => worth.margin,
            Measure::Units => worth.units,
            Measure::Index(weights) => weights[place] * price,
        }
    }

    /// The sum at the prices before.
    fn today(&self, problem: &Problem<'_>) -> f64 {
        let of = |(place, item): (usize, &pricing_science::LadderItem)| {
            let first = item.first as usize;
            self.of(problem, place, problem.ladder.options[first].price, &problem.worth[first])
        };
        problem.ladder.items.iter().enumerate().map(of).sum()
    }

    /// What each option of the ladder adds.
    fn uses(&self, problem: &Problem<'_>) -> Vec<f64> {
        let mut uses = Vec::with_capacity(problem.ladder.options.len());
        for (place, item) in problem.ladder.items.iter().enumerate() {
            for option in item.first as usize..item.end as usize {
                uses.push(self.of(problem, place, problem.ladder.options[option].price, &problem.worth[option]));
            }
        }
        uses
    }
}

impl Limit {
    /// What a product adds at a price.
    pub fn of(&self, problem: &Problem<'_>, place: usize, price: f64, worth: &Worth) -> f64 {
        self.measure.of(problem, place, price, worth)
    }

    /// Whether the sum must reach its bound, not stay below it.
    pub const fn at_least(&self) -> bool {
        self.at_least
    }

    /// What prices come to.
    pub fn used(&self, problem: &Problem<'_>, prices: &[i64], worth: &[Worth]) -> f64 {
        let all = prices.iter().zip(worth).enumerate();
        all.map(|(place, (price, worth))| self.measure.of(problem, place, *price as f64, worth)).sum()
    }

    pub fn is_broken(&self, used: f64, bound: f64) -> bool {
        let room = if self.at_least { used - bound } else { bound - used };
        room < -ROUNDING * bound.abs().max(1.0)
    }
}

/// One percent of a sum; where there is nothing to take a percentage of, the sum's own unit.
fn hundredth(today: f64) -> f64 {
    if today == 0.0 { 1.0 } else { today / 100.0 }
}

/// The limits for the optimiser, and each of them in its order.
#[derive(Default)]
struct Stated {
    ladder: LadderLimits,
    limits: Vec<Limit>,
}

impl Stated {
    /// Adds a bound on a sum.
    fn add(&mut self, problem: &Problem<'_>, limit: Limit, bound: f64) {
        let uses = limit.measure.uses(problem);
        let (name, at_least) = (limit.name.clone(), limit.at_least);
        self.ladder.further.push(FurtherLimit { name, bound, at_least, uses });
        self.limits.push(limit);
    }
}

impl Problem<'_> {
    /// The limits for the optimiser, and each of them in its order with what it measures.
    pub(super) fn limits(&self, objective: &ScenarioObjective) -> Result<(LadderLimits, Vec<Limit>), OperationError> {
        let mut stated = Stated::default();
        let share = |percent: Option<f64>| percent.map(|percent| percent / 100.0);
        let limit = |name: &str, scale: f64, at_least: bool, measure: Measure| Limit {
            name: name.to_owned(),
            scale,
            at_least,
            measure,
        };
        if let Some(at_most) = share(objective.basket_at_most) {
            stated.ladder.basket_at_most = Some(at_most);
            let scale = hundredth(Measure::Basket.today(self));
            stated.limits.push(limit("price level, percent of before", scale, false, Measure::Basket));
        }
        if let Some(at_most) = share(objective.changes_at_most) {
            stated.ladder.changes_at_most = Some(at_most);
            stated.limits.push(limit("prices that change", 1.0, false, Measure::Changes));
        }
        let sums = [
            ("revenue, percent of before", objective.revenue_at_least, Measure::Revenue),
            ("margin, percent of before", objective.margin_at_least, Measure::Margin),
            ("units, percent of before", objective.units_at_least, Measure::Units),
        ];
        for (name, at_least, measure) in sums {
            let Some(at_least) = share(at_least) else { continue };
            let today = measure.today(self);
            stated.add(self, limit(name, hundredth(today), true, measure), at_least * today);
        }
        self.limit_indexes(objective, &mut stated)?;
        self.limit_categories(objective, &mut stated)?;
        stated.ladder.pairs.clone_from(&self.pairs);
        Ok((stated.ladder, stated.limits))
    }

    /// Indexes of the whole catalogue, of categories, and against several competitors hold side by side.
    fn limit_indexes(&self, objective: &ScenarioObjective, stated: &mut Stated) -> Result<(), OperationError> {
        let indexes = objective.index.iter().chain(&objective.indexes);
        indexes.into_iter().try_for_each(|index| self.limit_index(index, stated))
    }

    fn limit_index(&self, index: &ScenarioIndexLimit, stated: &mut Stated) -> Result<(), OperationError> {
        let snapshot = self.snapshot;
        let who = competitor(snapshot, &index.competitor)?;
        let list = &snapshot.lists[self.basis.list];
        let is_in = self.are_in(index)?;
        let mut theirs = 0.0;
        let mut weights = vec![0.0; self.basis.rows.len()];
        for (place, row) in self.basis.rows.iter().enumerate().filter(|(place, _)| is_in[*place]) {
            let offers = self.start_offers(*row as usize).filter(|offer| offer.competitor == who);
            let lowest = offers.map(|offer| offer.amount_minor).min();
            let in_list = |lowest: i64| self.snapshot.offer_amount_in(self.basis.list, *row as usize, lowest);
            let Some(lowest) = lowest.and_then(in_list) else { continue };
            weights[place] = list.units_28d_milli.get(*row as usize) as f64;
            theirs += weights[place] * lowest as f64;
        }
        if theirs <= 0.0 {
            let (who, title) = (&index.competitor, index.title());
            return Err(OperationError::refused(format!("{who} has no offer of these products ({title}).")));
        }
        weights.iter_mut().for_each(|weight| *weight *= 100.0 / theirs);
        for (bound, at_least) in [(index.at_least, true), (index.at_most, false)] {
            let Some(bound) = bound else { continue };
            let side = if at_least { "at least" } else { "at most" };
            let name = format!("{}, {side}", index.title());
            let measure = Measure::Index(weights.clone());
            stated.add(self, Limit { name, scale: 1.0, at_least, measure }, bound);
        }
        Ok(())
    }

    /// The products that an index is about.
    fn are_in(&self, index: &ScenarioIndexLimit) -> Result<Vec<bool>, OperationError> {
        let Some(path) = &index.category else { return Ok(vec![true; self.basis.rows.len()]) };
        let (categories, of) = (&self.snapshot.categories, &self.snapshot.products.category);
        let is_in = |row: &u32| category_is_within(categories.text(of.get(*row as usize)), path);
        let is_in: Vec<bool> = self.basis.rows.iter().map(is_in).collect();
        if is_in.contains(&true) {
            return Ok(is_in);
        }
        Err(OperationError::refused(format!(
            "No product with a price and sales is in the category “{path}”. Write it as in the catalogue, with “>” between levels."
        )))
    }

    fn start_offers(&self, row: usize) -> impl Iterator<Item = &pricing_rules::Offer> {
        let currency = self.snapshot.lists[self.basis.list].currency_number;
        let offers = self.snapshot.offers.get(row).iter();
        offers.filter(move |offer| offer.currency == currency && offer.amount_minor > 0)
    }

    fn limit_categories(&self, objective: &ScenarioObjective, stated: &mut Stated) -> Result<(), OperationError> {
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
            let mut is_in = vec![false; self.basis.rows.len()];
            places.into_iter().for_each(|place| is_in[place] = true);
            let name = if name.is_empty() { "products without a category" } else { &name };
            let name = format!("price level of {name}, percent of before");
            let measure = Measure::BasketOf(is_in);
            let today = measure.today(self);
            stated.add(
                self,
                Limit { name, scale: hundredth(today), at_least: false, measure },
                percent / 100.0 * today,
            );
        }
        Ok(())
    }

    /// Why no prices satisfy the limits: the first of them that no allowed prices reach even alone.
    pub(super) fn out_of_reach(&self, stated: &LadderLimits, limits: &[Limit]) -> Option<String> {
        let further = limits.iter().rev().zip(stated.further.iter().rev()).collect::<Vec<_>>();
        further.into_iter().rev().find_map(|(limit, stated)| {
            let best = |item: &pricing_science::LadderItem| {
                let uses = stated.uses[item.first as usize..item.end as usize].iter().copied();
                if limit.at_least { uses.fold(f64::NEG_INFINITY, f64::max) } else { uses.fold(f64::INFINITY, f64::min) }
            };
            let reached: f64 = self.ladder.items.iter().map(best).sum();
            limit.is_broken(reached, stated.bound).then(|| {
                let (reached, asked) = (reached / limit.scale, stated.bound / limit.scale);
                format!("{}: {asked:.1} is asked, and allowed prices reach {reached:.1}.", limit.name)
            })
        })
    }

    /// Neighbours in the order of content, of products of several families in the first by name. Families with members of equal content are left to the engine, which mends
    /// them afterwards.
    pub(super) fn family_pairs(&self) -> Vec<PairOrder> {
        let mut families: BTreeMap<u32, Vec<(i64, usize)>> = BTreeMap::new();
        let products = &self.basis.snapshot.products;
        for (place, row) in self.basis.rows.iter().enumerate() {
            let content = products.net_content_micro.get(*row as usize);
            let family = self.basis.snapshot.first_family(*row as usize);
            if content != NONE && family != 0 {
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
}
