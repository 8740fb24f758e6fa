//! Week after week: competitors' answers go into the catalogue, the engine decides, promotions begin and end, and an index
//! is held.

mod answering;
mod stock;

use app_contract::{ScenarioInput, ScenarioOptimum, ScenarioPrices, ScenarioReaction};
use pricing_domain::ProposalKind;
use pricing_rules::{CompiledRules, ListFlags, NONE, Snapshot, price_all};
use pricing_science::{Scenario, ScenarioResult, ScenarioState, outcome_at, play_with, sibling_prices};

use super::best::choose;
use super::changes::{Changed, IndexTarget, Promotion, scaled, with_offers};
use super::{Basis, asks_rules, cost_minor, reaction, tax_of};
use crate::OperationError;
use answering::Learning;
use stock::Stock;

/// What a promotion leaves of the units of others at least: nothing, but so that they come back when it ends.
const LEAST_LEFT: f64 = 1e-9;
/// A change of a price that nobody would notice.
const UNCHANGED: f64 = 1e-9;

/// A scenario played out.
pub(super) struct Played {
    pub result: ScenarioResult,
    /// The catalogue at the end.
    pub snapshot: Snapshot,
    /// Products that need a person in the last week.
    pub exceptions: u64,
    /// What the best prices reach, where they were asked for.
    pub optimum: Option<ScenarioOptimum>,
    /// What became of the stock that products sell from.
    pub stock: Stock,
}

/// Plays the weeks of a changed catalogue.
pub(super) fn play_weeks(
    basis: &Basis,
    input: &ScenarioInput,
    changed: Changed,
    reacts: ScenarioReaction,
) -> Result<Played, OperationError> {
    let rules = CompiledRules::compile(&changed.rules, &changed.snapshot).map_err(|problems| {
        let words: Vec<String> = problems.iter().map(ToString::to_string).collect();
        OperationError::refused(format!("The rules cannot be used: {}.", words.join("; ")))
    })?;
    let scenario = Scenario {
        changes: Vec::new(),
        reaction: reaction(reacts),
        weeks: input.weeks as usize,
        stop_at_fall: input.stop_at_fall.map(|percent| percent / 100.0),
    };
    let stock = Stock::of(basis, &changed.snapshot, &changed.stocked);
    let start = ScenarioState { most: stock.most(basis.rows.len()), ..state_of(basis, &changed) };
    let best = match input.prices {
        ScenarioPrices::Best => Some(choose(basis, input, &changed, &start)?),
        ScenarioPrices::Rules | ScenarioPrices::Keep => None,
    };
    let (best, optimum) = best.map_or((None, None), |best| (Some(best.prices), Some(best.optimum)));
    let mut shelf = Shelf {
        basis,
        offers_at: start.competitor.clone(),
        rules: asks_rules(input).then_some(rules),
        best,
        targets: &changed.targets,
        promotions: &changed.promotions,
        others: vec![Vec::new(); changed.promotions.len()],
        base: &changed.snapshot,
        snapshot: changed.snapshot.clone(),
        exceptions: 0,
        stock,
        learnt: match reacts {
            ScenarioReaction::Learnt { .. } => Some(Learning::new(basis, &changed.snapshot)),
            _ => None,
        },
        week: 0,
    };
    let result = play_with(&basis.products, start, &scenario, &mut |state| shelf.begin_week(state))?;
    if basis.is_stopped() {
        return Err(OperationError::cancelled());
    }
    let Shelf { snapshot, exceptions, stock, .. } = shelf;
    Ok(Played { result, snapshot, exceptions, optimum, stock })
}

/// The state that a changed catalogue stands for. Of what is not known today nothing is known later: a week with it would
/// not compare with one without.
fn state_of(basis: &Basis, changed: &Changed) -> ScenarioState {
    let (snapshot, list) = (&changed.snapshot, &changed.snapshot.lists[basis.list]);
    let of = |value: &dyn Fn(usize) -> f64| basis.rows.iter().map(|row| value(*row as usize)).collect::<Vec<f64>>();
    ScenarioState {
        price: of(&|row| list.price_minor.get(row) as f64),
        tax: as_known(
            of(&|row| tax_of(basis.snapshot.lists[basis.list].contained_vat_bp(row))),
            &basis.products.tax,
            of(&|row| tax_of(list.contained_vat_bp(row))),
        ),
        cost: as_known(
            basis.products.cost.clone(),
            &basis.products.cost,
            of(&|row| cost_minor(snapshot, basis.list, row)),
        ),
        competitor: of(&|row| lowest(snapshot, basis.list, row)),
        volume: of(&|row| changed.volume[row]),
        most: Vec::new(),
    }
}

/// What has changed, where something is `known` today; elsewhere what is used today.
fn as_known(known: Vec<f64>, today: &[f64], mut changed: Vec<f64>) -> Vec<f64> {
    let unknown = known.iter().zip(today).enumerate().filter(|(_, (known, _))| known.is_nan());
    unknown.for_each(|(place, (_, today))| changed[place] = *today);
    changed
}

fn lowest(snapshot: &Snapshot, list: usize, row: usize) -> f64 {
    match snapshot.lists[list].lowest_offer_minor.get(row) {
        NONE => f64::NAN,
        lowest => lowest as f64,
    }
}

/// What stands on the shelf.
struct Shelf<'a> {
    basis: &'a Basis,
    /// The engine, where it decides.
    rules: Option<CompiledRules>,
    /// The best prices, where they were asked for.
    best: Option<Vec<i64>>,
    targets: &'a [IndexTarget],
    promotions: &'a [Promotion],
    /// For each promotion the products that lose units to it, by place, with what is left to them.
    others: Vec<Vec<(usize, f64)>>,
    /// Where the offers come from that competitors' answers multiply.
    base: &'a Snapshot,
    /// The lowest offers of `base`.
    offers_at: Vec<f64>,
    snapshot: Snapshot,
    exceptions: u64,
    stock: Stock,
    /// Where competitors answer as they did in the past: what they can answer.
    learnt: Option<Learning>,
    week: usize,
}

impl Shelf<'_> {
    /// What changes at the beginning of a week.
    fn begin_week(&mut self, state: &mut ScenarioState) {
        match self.learnt {
            Some(_) => self.answer_as_learnt(state),
            None => self.follow(state),
        }
        self.end_promotions(state);
        self.stock.begin_week(self.basis, &mut self.snapshot, state);
        if let Some(rules) = &self.rules {
            let (list, now) = (self.basis.list, self.basis.now);
            let run = price_all(rules, &self.snapshot, list, now, &self.basis.stop, &|_| ());
            // A stopped run decides nothing; the play is thrown away at its end.
            let run = run.unwrap_or_default();
            self.exceptions = run.counts.exceptions.iter().sum();
            let prices = &mut self.snapshot.lists[list].price_minor;
            for decision in run.decisions.iter().filter(|decision| decision.kind == ProposalKind::Change) {
                prices.set(decision.row as usize, decision.new_minor);
            }
        }
        if let Some(best) = self.best.take() {
            let prices = &mut self.snapshot.lists[self.basis.list].price_minor;
            self.basis.rows.iter().zip(best).for_each(|(row, price)| prices.set(*row as usize, price));
        }
        for target in self.targets {
            self.hold(target);
        }
        let prices = &self.snapshot.lists[self.basis.list].price_minor;
        state.price = self.basis.rows.iter().map(|row| prices.get(*row as usize) as f64).collect();
        if self.week == 0 {
            self.begin_promotions(state);
        }
        if let Some(learnt) = &mut self.learnt {
            learnt.stood.push(state.price.clone());
        }
        self.stock.sell(&self.basis.products, state, self.week);
        self.week += 1;
    }

    /// The reduced prices stand already; what sells beside them, what the supplier pays, and what others lose beyond what the
    /// lower prices take from their families.
    fn begin_promotions(&mut self, state: &mut ScenarioState) {
        let products = &self.basis.products;
        for (number, promotion) in self.promotions.iter().enumerate() {
            let places = self.places(promotion);
            let mut unreduced = ScenarioState { price: state.price.clone(), ..ScenarioState::default() };
            places.iter().for_each(|(place, before, _)| unreduced.price[*place] = *before as f64);
            let (before, now) = (sibling_prices(products, &unreduced), sibling_prices(products, state));
            let mut extra = std::collections::BTreeMap::<u32, f64>::new();
            let category = |place: usize| self.basis.snapshot.products.category.get(self.basis.rows[place] as usize);
            for (place, price, funded) in &places {
                let unreduced = outcome_at(products, state, &before, *place, *price as f64).units;
                state.volume[*place] *= promotion.lift;
                state.cost[*place] -= funded;
                let reduced = outcome_at(products, state, &now, *place, state.price[*place]).units;
                *extra.entry(category(*place)).or_default() += (reduced - unreduced).max(0.0);
            }
            if promotion.cannibalised > 0.0 {
                let is_in = |place: usize| places.binary_search_by_key(&place, |(place, ..)| *place).is_ok();
                let others = (0..state.price.len()).filter(|place| extra.contains_key(&category(*place)));
                let others: Vec<usize> = others.filter(|place| !is_in(*place)).collect();
                let mut sold = std::collections::BTreeMap::<u32, f64>::new();
                for place in &others {
                    let units = outcome_at(products, state, &now, *place, state.price[*place]).units;
                    *sold.entry(category(*place)).or_default() += units;
                }
                let left = |place: &usize| {
                    let lost = promotion.cannibalised * extra[&category(*place)] / sold[&category(*place)];
                    (1.0 - lost).clamp(LEAST_LEFT, 1.0)
                };
                self.others[number] = others.iter().map(|place| (*place, left(place))).collect();
                self.others[number].iter().for_each(|(place, left)| state.volume[*place] *= left);
            }
        }
    }

    fn end_promotions(&mut self, state: &mut ScenarioState) {
        for (number, promotion) in self.promotions.iter().enumerate() {
            if self.week != promotion.weeks as usize {
                continue;
            }
            for (place, _, funded) in self.places(promotion) {
                state.volume[place] /= promotion.lift;
                state.cost[place] += funded;
            }
            for (place, left) in &self.others[number] {
                state.volume[*place] /= left;
            }
            let list = &mut self.snapshot.lists[self.basis.list];
            for (row, before, _) in &promotion.rows {
                let flags = list.flags.get(*row as usize) & !ListFlags::PROMOTION;
                list.price_minor.set(*row as usize, *before);
                list.flags.set(*row as usize, flags);
            }
        }
    }

    /// The products of a promotion that the scenario is about, by place.
    fn places(&self, promotion: &Promotion) -> Vec<(usize, i64, f64)> {
        let place = |(row, before, funded): &(u32, i64, f64)| {
            Some((self.basis.rows.binary_search(row).ok()?, *before, *funded))
        };
        promotion.rows.iter().filter_map(place).collect()
    }

    /// Brings the offers to where competitors have answered to.
    fn follow(&mut self, state: &ScenarioState) {
        let ratios: Vec<(u32, f64)> = (self.basis.rows.iter().copied())
            .zip(state.competitor.iter().zip(&self.offers_at))
            .filter(|(_, (now, before))| now.is_finite() && (*now - *before).abs() > UNCHANGED)
            .map(|(row, (now, before))| (row, now / before))
            .collect();
        if ratios.is_empty() {
            return;
        }
        let rows: Vec<u32> = ratios.iter().map(|(row, _)| *row).collect();
        let ratio = |row: u32| {
            let place = ratios.binary_search_by_key(&row, |(row, _)| *row);
            place.map_or(1.0, |place| ratios[place].1)
        };
        let answered = with_offers(self.base, self.basis, &rows, |row, _| ratio(row));
        self.take_offers(answered);
    }

    fn take_offers(&mut self, answered: Snapshot) {
        self.snapshot.offers = answered.offers;
        // Rules read every figure of the usable offers, in whichever list.
        for (list, answered) in self.snapshot.lists.iter_mut().zip(answered.lists) {
            list.lowest_offer_minor = answered.lowest_offer_minor;
            list.offer_count = answered.offer_count;
            list.second_offer_minor = answered.second_offer_minor;
            list.middle_offers_minor = answered.middle_offers_minor;
            list.offer_sum_minor = answered.offer_sum_minor;
            list.offers_until_s = answered.offers_until_s;
        }
    }

    /// Moves the prices of matched products by one factor until the index is met, or as near as costs allow.
    fn hold(&mut self, target: &IndexTarget) {
        const ROUNDS: usize = 4;
        for _ in 0..ROUNDS {
            let matched = self.matched(target.competitor);
            let sums = matched.iter().fold((0.0, 0.0), |sums, one| {
                (sums.0 + one.units * one.price as f64, sums.1 + one.units * one.theirs as f64)
            });
            if sums.0 <= 0.0 || sums.1 <= 0.0 {
                return;
            }
            let factor = target.ratio * sums.1 / sums.0;
            let prices = &mut self.snapshot.lists[self.basis.list].price_minor;
            for one in matched.iter().filter(|one| one.may_move) {
                prices.set(one.row, scaled(one.price, factor).max(one.least));
            }
        }
    }

    fn matched(&self, competitor: u16) -> Vec<Matched> {
        let list = &self.snapshot.lists[self.basis.list];
        let of = |row: u32| {
            let row = row as usize;
            let offers = self.snapshot.offers.get(row).iter().filter(|offer| {
                offer.competitor == competitor && offer.currency == list.currency_number && offer.amount_minor > 0
            });
            let lowest = offers.map(|offer| offer.amount_minor).min()?;
            let theirs = self.snapshot.offer_amount_in(self.basis.list, row, lowest)?;
            let floor = cost_minor(&self.snapshot, self.basis.list, row) * tax_of(list.contained_vat_bp(row));
            let price = list.price_minor.get(row);
            Some(Matched {
                row,
                price,
                theirs,
                units: list.units_28d_milli.get(row) as f64,
                // A price below cost today is not lowered further.
                least: (floor.ceil() as i64).min(price).max(1),
                may_move: list.flags.get(row) & (ListFlags::LOCKED | ListFlags::PROMOTION) == 0,
            })
        };
        self.basis.rows.iter().filter_map(|row| of(*row)).collect()
    }
}

/// A product that a competitor has too.
struct Matched {
    row: usize,
    price: i64,
    theirs: i64,
    units: f64,
    least: i64,
    may_move: bool,
}
