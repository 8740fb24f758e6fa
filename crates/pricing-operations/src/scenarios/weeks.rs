//! Week after week: competitors' answers go into the catalogue, the engine decides, and an index is held.

use app_contract::{ScenarioInput, ScenarioReaction};
use pricing_domain::ProposalKind;
use pricing_rules::{CompiledRules, ListFlags, NONE, Snapshot, price_all};
use pricing_science::{Scenario, ScenarioResult, ScenarioState, play_from};

use super::changes::{Changed, IndexTarget, scaled, with_offers};
use super::{Basis, asks_rules, cost_minor, reaction, tax_of};
use crate::OperationError;

/// A scenario played out.
pub(super) struct Played {
    pub result: ScenarioResult,
    /// The catalogue at the end.
    pub snapshot: Snapshot,
    /// Products that need a person in the last week.
    pub exceptions: u64,
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
    let start = state_of(basis, &changed);
    let mut shelf = Shelf {
        basis,
        offers_at: start.competitor.clone(),
        rules: asks_rules(input).then_some(rules),
        targets: &changed.targets,
        base: &changed.snapshot,
        snapshot: changed.snapshot.clone(),
        exceptions: 0,
    };
    let result = play_from(&basis.products, start, &scenario, &mut |state| shelf.decide(state))?;
    if basis.is_stopped() {
        return Err(OperationError::cancelled());
    }
    let Shelf { snapshot, exceptions, .. } = shelf;
    Ok(Played { result, snapshot, exceptions })
}

/// The state that a changed catalogue stands for.
fn state_of(basis: &Basis, changed: &Changed) -> ScenarioState {
    let (snapshot, list) = (&changed.snapshot, &changed.snapshot.lists[basis.list]);
    let of = |value: &dyn Fn(usize) -> f64| basis.rows.iter().map(|row| value(*row as usize)).collect::<Vec<f64>>();
    ScenarioState {
        price: of(&|row| list.price_minor.get(row) as f64),
        tax: of(&|row| tax_of(list.contained_vat_bp(row))),
        cost: of(&|row| cost_minor(snapshot, basis.list, row)),
        competitor: of(&|row| match list.lowest_offer_minor.get(row) {
            NONE => f64::NAN,
            lowest => lowest as f64,
        }),
        volume: of(&|row| changed.volume[row]),
    }
}

/// What stands on the shelf.
struct Shelf<'a> {
    basis: &'a Basis,
    /// The engine, where it decides.
    rules: Option<CompiledRules>,
    targets: &'a [IndexTarget],
    /// Where the offers come from that competitors' answers multiply.
    base: &'a Snapshot,
    /// The lowest offers of `base`.
    offers_at: Vec<f64>,
    snapshot: Snapshot,
    exceptions: u64,
}

impl Shelf<'_> {
    /// The prices of a week.
    fn decide(&mut self, state: &ScenarioState) -> Vec<f64> {
        self.follow(state);
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
        for target in self.targets {
            self.hold(target);
        }
        let prices = &self.snapshot.lists[self.basis.list].price_minor;
        self.basis.rows.iter().map(|row| prices.get(*row as usize) as f64).collect()
    }

    /// Brings the offers to where competitors have answered to.
    fn follow(&mut self, state: &ScenarioState) {
        let ratios: Vec<(u32, f64)> = (self.basis.rows.iter().copied())
            .zip(state.competitor.iter().zip(&self.offers_at))
            .filter(|(_, (now, before))| now.is_finite() && (*now - *before).abs() > 1e-9)
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
        self.snapshot.offers = answered.offers;
        let answered = &answered.lists[self.basis.list];
        let list = &mut self.snapshot.lists[self.basis.list];
        list.lowest_offer_minor = answered.lowest_offer_minor.clone();
        list.offer_count = answered.offer_count.clone();
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
            let theirs = offers.map(|offer| offer.amount_minor).min()?;
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
