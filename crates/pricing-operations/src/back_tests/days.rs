//! Day after day: the catalogue as it stood, the rules over it, what they change carried on.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};

use app_contract::BackTestDay;
use pricing_domain::{Currency, Instant, ProposalKind, Ratio, Rounding, RuleSet};
use pricing_rules::{CompiledRules, ListFlags, NONE, PriceMove, PricingRun, RowChange, Snapshot, price_all};
use pricing_store::{ProductFilter, SnapshotReader, Store};

use super::history::History;
use super::money;
use crate::OperationError;
use crate::pricing::net_micro;
use crate::snapshots::costs;

/// What came of the days.
pub(super) struct Outcome {
    pub(super) days: Vec<PlayedDay>,
    /// Rows that differ on the last day, by what they turn over.
    pub(super) differences: Vec<Difference>,
    pub(super) remarks: Vec<String>,
}

/// A row on the last day.
pub(super) struct Difference {
    pub(super) row: u32,
    pub(super) charged_minor: i64,
    pub(super) rule_minor: i64,
    pub(super) days: u32,
    stake: i128,
}

/// Sums of a day at one set of prices, in 10⁻⁹ of the major unit.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sums {
    pub(super) revenue: i128,
    pub(super) margin: i128,
    /// Price × units over all rows.
    basket: i128,
    /// The same over rows with an offer.
    matched: i128,
}

/// A day.
#[derive(Clone, Debug, Default)]
pub(super) struct PlayedDay {
    pub(super) day: i32,
    pub(super) rule_changes: u64,
    pub(super) charged_changes: u64,
    pub(super) coverage_bp: i32,
    pub(super) rule: Sums,
    pub(super) charged: Sums,
    products: u64,
    exceptions: u64,
    different: u64,
    /// Lowest offers × units.
    offers: i128,
}

impl PlayedDay {
    /// The index against the lowest offers by the rules, in hundredths.
    pub(super) fn rule_index(&self) -> Option<i64> {
        ratio_hundredths(self.rule.matched, self.offers)
    }

    /// The same as charged.
    pub(super) fn charged_index(&self) -> Option<i64> {
        ratio_hundredths(self.charged.matched, self.offers)
    }

    pub(super) fn view(&self, currency: Currency) -> BackTestDay {
        BackTestDay {
            day: History::at(i64::from(self.day)).utc_date(),
            products: self.products,
            rule_changes: self.rule_changes,
            charged_changes: self.charged_changes,
            exceptions: self.exceptions,
            different: self.different,
            level_hundredths: ratio_hundredths(self.rule.basket, self.charged.basket),
            rule_index_hundredths: self.rule_index(),
            charged_index_hundredths: self.charged_index(),
            coverage_bp: self.coverage_bp,
            rule_revenue: money(self.rule.revenue, currency),
            charged_revenue: money(self.charged.revenue, currency),
            rule_margin: money(self.rule.margin, currency),
            charged_margin: money(self.charged.margin, currency),
        }
    }
}

fn ratio_hundredths(over: i128, under: i128) -> Option<i64> {
    if under <= 0 {
        return None;
    }
    Some(Ratio { numerator: over * 10_000, denominator: under }.round(Rounding::Nearest))
}

/// Plays the days. `told` hears how many are done.
pub(super) fn play(
    store: &Store,
    history: &History,
    rules: &RuleSet,
    stop: &AtomicBool,
    told: &dyn Fn(u64),
) -> Result<Outcome, OperationError> {
    if history.is_empty() {
        return Err(OperationError::not_found("No own price is known from the past. Import the history of prices."));
    }
    let reader = store.snapshot_reader()?;
    let mut shelf = Shelf::new(history);
    let mut days = Vec::new();
    for day in history.days.0..=history.days.1 {
        if stop.load(Ordering::Relaxed) {
            return Err(OperationError::cancelled());
        }
        shelf.open(&reader, day)?;
        let compiled = CompiledRules::compile(rules, &shelf.snapshot).map_err(|problems| {
            let words: Vec<String> = problems.iter().map(ToString::to_string).collect();
            OperationError::refused(format!("The rules cannot be used: {}.", words.join("; ")))
        })?;
        let run = price_all(&compiled, &shelf.snapshot, history.list, History::at(day), stop, &|_| ());
        days.push(shelf.close(day, &run.ok_or_else(OperationError::cancelled)?));
        told(days.len() as u64);
    }
    Ok(shelf.end(days))
}

/// The catalogue of a day, with the prices that the rules have arrived at.
struct Shelf<'a> {
    history: &'a History,
    snapshot: Snapshot,
    /// By row: what the rules charge, or [`NONE`].
    prices: Vec<i64>,
    /// By row: what was charged on the day before, or [`NONE`].
    charged: Vec<i64>,
    /// By row: on how many days the two differ.
    different: Vec<u32>,
    /// By row: the rules' own changes, in the order of time.
    moves: Vec<Vec<PriceMove>>,
}

impl<'a> Shelf<'a> {
    fn new(history: &'a History) -> Self {
        let rows = history.snapshot.row_count();
        Self {
            history,
            snapshot: (*history.snapshot).clone(),
            prices: vec![NONE; rows],
            charged: vec![NONE; rows],
            different: vec![0; rows],
            moves: vec![Vec::new(); rows],
        }
    }

    /// Puts on the shelf what was known at noon of a day.
    fn open(&mut self, reader: &SnapshotReader, day: i64) -> Result<(), OperationError> {
        let at = History::at(day);
        let mut changes = self.offers(at);
        changes.extend(self.costs(reader, at)?);
        changes.extend(self.price_moves(at));
        self.snapshot = self.snapshot.updated(self.snapshot.sequence, at, changes);
        self.set_prices(at);
        self.set_flags(reader, at)
    }

    fn offers(&self, at: Instant) -> Vec<RowChange> {
        let key = |row: u32| self.snapshot.products.key.get(row as usize);
        let mut changes: Vec<RowChange> =
            self.history.offers_at(at).map(|(row, offers)| RowChange::Offers { key: key(row), offers }).collect();
        // Offers of today without a past were not there.
        let rows = u32::try_from(self.snapshot.row_count()).unwrap_or(u32::MAX);
        let gone = (0..rows)
            .filter(|row| !self.snapshot.offers.get(*row as usize).is_empty() && !self.history.has_spans(*row));
        changes.extend(gone.map(|row| RowChange::Offers { key: key(row), offers: Vec::new() }));
        changes
    }

    fn costs(&self, reader: &SnapshotReader, at: Instant) -> Result<Vec<RowChange>, OperationError> {
        let known = costs(reader, &ProductFilter::default(), at)?;
        let mut with_cost = HashSet::with_capacity(known.len());
        let mut changes = Vec::new();
        for (product, cost) in known {
            let row = u32::try_from(product).ok().and_then(|key| self.snapshot.row_of_key(key));
            let Some(row) = row else { continue };
            with_cost.insert(row);
            if self.snapshot.cost(row as usize) != Some(cost) {
                let key = self.snapshot.products.key.get(row as usize);
                changes.push(RowChange::Cost { key, cost: Some(cost) });
            }
        }
        let rows = u32::try_from(self.snapshot.row_count()).unwrap_or(u32::MAX);
        for row in (0..rows).filter(|row| !with_cost.contains(row) && self.snapshot.cost(*row as usize).is_some()) {
            changes.push(RowChange::Cost { key: self.snapshot.products.key.get(row as usize), cost: None });
        }
        Ok(changes)
    }

    /// The moves that guardrails look back at: competitors' and the rules' own.
    fn price_moves(&self, at: Instant) -> Vec<RowChange> {
        let since = u32::try_from(at.plus_days(-i64::from(PriceMove::KEPT_DAYS)).0 / 1_000_000).unwrap_or(0);
        let rows = u32::try_from(self.snapshot.row_count()).unwrap_or(u32::MAX);
        let mut changes = Vec::new();
        for row in 0..rows {
            let mut moves = self.history.moves_at(row, at);
            let own = &self.moves[row as usize];
            let first = own.partition_point(|one| one.at_s <= since).saturating_sub(1);
            if own.len() - first >= 2 {
                moves.extend(own[first..].iter().map(|one| PriceMove { at_s: one.at_s.max(since), ..*one }));
            }
            if !moves.is_empty() || !self.snapshot.moves.get(row as usize).is_empty() {
                changes.push(RowChange::Moves { key: self.snapshot.products.key.get(row as usize), moves });
            }
        }
        changes
    }

    /// The rules' prices on their list; on the others what was charged.
    fn set_prices(&mut self, at: Instant) {
        let rows = u32::try_from(self.prices.len()).unwrap_or(u32::MAX);
        let seconds = u32::try_from(at.0 / 1_000_000).unwrap_or(0);
        let own = u16::try_from(self.history.list).unwrap_or(0);
        for list in 0..self.snapshot.lists.len() {
            for row in 0..rows {
                let place = row as usize;
                let charged = self.history.charged(row, list, at);
                let mut price = charged.unwrap_or(NONE);
                if list == self.history.list {
                    // A product that was not sold has no price; with its first price the rules begin.
                    if charged.is_some() && self.prices[place] == NONE {
                        self.prices[place] = price;
                        self.moves[place].push(PriceMove::own(own, seconds, price));
                        self.snapshot.lists[list].price_since_s.set(place, seconds);
                    }
                    price = if charged.is_some() { self.prices[place] } else { NONE };
                }
                let columns = &mut self.snapshot.lists[list];
                if columns.price_minor.get(place) != price {
                    columns.price_minor.set(place, price);
                }
            }
        }
    }

    fn set_flags(&mut self, reader: &SnapshotReader, at: Instant) -> Result<(), OperationError> {
        for list in &mut self.snapshot.lists {
            for row in 0..self.prices.len() {
                let (flags, lasting) = (list.flags.get(row), list.flags.get(row) & ListFlags::OFFERS_WITH_VAT);
                if flags != lasting {
                    list.flags.set(row, lasting);
                }
            }
        }
        let mut marked: Vec<(usize, usize, u8)> = Vec::new();
        let snapshot = &self.snapshot;
        let mut mark = |product: i64, list: i64, flag: u8| {
            let row = u32::try_from(product).ok().and_then(|key| snapshot.row_of_key(key));
            marked.extend(row.zip(snapshot.list_of_key(list)).map(|(row, list)| (list, row as usize, flag)));
        };
        let all = ProductFilter::default();
        reader.stream_locks(&all, at, |product, list, _| mark(product, list, ListFlags::LOCKED))?;
        reader.stream_promotions(&all, at, |product, list| mark(product, list, ListFlags::PROMOTION))?;
        for (list, row, flag) in marked {
            let flags = &mut self.snapshot.lists[list].flags;
            flags.set(row, flags.get(row) | flag);
        }
        Ok(())
    }

    /// Carries the rules' changes on and sums the day up.
    fn close(&mut self, day: i64, run: &PricingRun) -> PlayedDay {
        let (at, list) = (History::at(day), self.history.list);
        let seconds = u32::try_from(at.0 / 1_000_000).unwrap_or(0);
        let own = u16::try_from(list).unwrap_or(0);
        let mut played = PlayedDay { day: i32::try_from(day).unwrap_or(i32::MAX), ..PlayedDay::default() };
        for decision in &run.decisions {
            let row = decision.row as usize;
            if decision.kind == ProposalKind::Change && self.prices[row] != NONE {
                played.rule_changes += 1;
                self.prices[row] = decision.new_minor;
                self.moves[row].push(PriceMove::own(own, seconds, decision.new_minor));
                self.snapshot.lists[list].price_since_s.set(row, seconds);
            } else if decision.kind == ProposalKind::Exception {
                played.exceptions += 1;
            }
        }
        let mut covered = 0u64;
        for row in 0..u32::try_from(self.prices.len()).unwrap_or(u32::MAX) {
            let Some(charged) = self.history.charged(row, list, at) else { continue };
            covered += u64::from(self.add(row as usize, charged, &mut played));
        }
        played.coverage_bp = match played.products {
            0 => 0,
            products => i32::try_from(covered * 10_000 / products).unwrap_or(10_000),
        };
        played
    }

    /// Adds a row to the sums. Gives whether it has a usable offer.
    fn add(&mut self, row: usize, charged: i64, played: &mut PlayedDay) -> bool {
        const DAYS: i128 = 28;
        let rule = self.prices[row];
        played.products += 1;
        let before = std::mem::replace(&mut self.charged[row], charged);
        played.charged_changes += u64::from(before != NONE && before != charged);
        if rule != charged {
            played.different += 1;
            self.different[row] += 1;
        }
        let columns = &self.snapshot.lists[self.history.list];
        let units = i128::from(columns.units_28d_milli.get(row).max(0));
        let cost = self.snapshot.list_cost(self.history.list, row);
        let lowest = columns.lowest_offer_minor.get(row);
        for (price, sums) in [(rule, &mut played.rule), (charged, &mut played.charged)] {
            let net = i128::from(net_micro(&self.snapshot, self.history.list, row, price).round(Rounding::Nearest));
            sums.revenue += net * units / DAYS;
            if let Some(cost) = cost {
                sums.margin += (net - i128::from(cost)) * units / DAYS;
            }
            // Products that do not sell count as one piece, so that the level is about all.
            sums.basket += i128::from(price) * units.max(1);
            if lowest != NONE {
                sums.matched += i128::from(price) * units.max(1);
            }
        }
        if lowest != NONE {
            played.offers += i128::from(lowest) * units.max(1);
        }
        lowest != NONE
    }

    fn end(self, days: Vec<PlayedDay>) -> Outcome {
        let columns = &self.snapshot.lists[self.history.list];
        let differs = |row: &usize| {
            self.prices[*row] != NONE && self.charged[*row] != NONE && self.prices[*row] != self.charged[*row]
        };
        let mut differences: Vec<Difference> = (0..self.prices.len())
            .filter(differs)
            .map(|row| Difference {
                row: u32::try_from(row).unwrap_or(u32::MAX),
                charged_minor: self.charged[row],
                rule_minor: self.prices[row],
                days: self.different[row],
                stake: i128::from((self.prices[row] - self.charged[row]).abs())
                    * i128::from(columns.units_28d_milli.get(row).max(1)),
            })
            .collect();
        differences.sort_by_key(|one| (std::cmp::Reverse(one.stake), one.row));
        let mut remarks = vec![
            "Volumes are fixed at the units of 28 days: how buyers would have answered is not in it.".to_owned(),
            "An exception waits for a person, so its price stays as it is.".to_owned(),
            "Stock, roles, VAT and limits are those of today; offers, costs, locks and promotions those of the day."
                .to_owned(),
        ];
        let unpriced = days.iter().filter(|day| day.products == 0).count();
        if unpriced > 0 {
            remarks.push(format!("On {unpriced} of {} days no own price is known.", days.len()));
        }
        if days.iter().all(|day| day.offers == 0) {
            remarks.push("No competitor's offer is known from these days.".to_owned());
        }
        Outcome { days, differences, remarks }
    }
}
