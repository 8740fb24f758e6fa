//! What a priced block adds to a run: decisions, counts and the effect of its changes.

use pricing_domain::{BasisPoints, ExceptionReason, ProposalKind};

use super::division::{Divisor, LARGEST_DIVIDEND, Share};
use super::kept::Kept;
use super::lanes::{BY_OTHERWISE, LIMIT, Lane, Lanes, ROWS, code_of, codes, kinds, select};
use super::{OnRows, dispatch};
use crate::columns::{BESIDE, CHUNK, NONE, NarrowColumn, widened};
use crate::engine::compile::{ListContext, OTHERWISE};
use crate::engine::outcome::{Decision, Effect, RunCounts, is_refusal};
use crate::wide::wide;

const ONE: i64 = BasisPoints::ONE;

/// Kinds of outcomes that are counted by rule.
const KINDS: usize = 32;

/// Rows counted by rule and outcome; kept over the blocks of a chunk.
pub(crate) struct Tally {
    /// By the place of the rule, the last one for “otherwise”; for each [`KINDS`] outcomes, each counted in [`TURNS`] parts.
    by_rule: Vec<[u32; TURNS]>,
    without_cost: u64,
    refused: u64,
}

/// Rows in a row mostly count the same, and a count is only there for the next one after some time.
const TURNS: usize = 4;

impl Tally {
    pub(crate) fn new(rules: usize) -> Self {
        Self { by_rule: vec![[0; TURNS]; (rules + 1) * KINDS], without_cost: 0, refused: 0 }
    }

    /// Adds the rows of a block; `found` are those that change or need a person.
    pub(crate) fn add(&mut self, lanes: &mut Lanes, found: &Found) {
        let rows = lanes.places.count();
        let otherwise = ((self.by_rule.len() / KINDS - 1) * KINDS) as i64;
        let Lanes { rule, code, gross_cost, wanted, room: [places, ..], .. } = lanes;
        let (rule, code, gross_cost, wanted) = (&*rule, &*code, &*gross_cost, &*wanted);
        let without_cost = wide(|| counted_places(rows, (rule, code, gross_cost), otherwise, places));
        self.without_cost += without_cost as u64;
        for (row, place) in places[..rows].iter().enumerate() {
            self.by_rule[*place as usize][row % TURNS] += 1;
        }
        let refused =
            found.rows().map(|row| u64::from(REFUSALS[code[row] as usize & (KINDS - 1)] & (wanted[row] != NONE)));
        self.refused += refused.sum::<u64>();
    }

    /// Adds rows that keep their price, of which some have no cost.
    pub(crate) fn add_kept(&mut self, kept: &Kept) {
        let place = self.by_rule.len() - KINDS + codes::UNCHANGED as usize;
        let (count, without_cost) = kept.counts();
        self.by_rule[place][0] += count as u32;
        self.without_cost += without_cost as u64;
    }

    /// Adds everything to the counts of a run.
    pub(crate) fn give(&self, counts: &mut RunCounts) {
        counts.without_cost += self.without_cost;
        counts.refused += self.refused;
        let rules = self.by_rule.len() / KINDS - 1;
        for (place, kinds) in self.by_rule.chunks_exact(KINDS).enumerate() {
            let kinds: [u64; KINDS] = std::array::from_fn(|kind| kinds[kind].iter().copied().map(u64::from).sum());
            let of = |code: i64| kinds[code as usize];
            counts.products += kinds.iter().sum::<u64>();
            counts.ended += of(codes::ENDED);
            counts.on_promotion += of(codes::ON_PROMOTION);
            counts.locked += of(codes::LOCKED);
            counts.without_price += of(codes::NO_PRICE);
            counts.raised += of(codes::RAISED);
            counts.lowered += of(codes::LOWERED);
            counts.unchanged += of(codes::UNCHANGED);
            let rule = if place == rules { &mut counts.otherwise } else { &mut counts.rules[place] };
            rule.raised += of(codes::RAISED);
            rule.lowered += of(codes::LOWERED);
            rule.unchanged += of(codes::UNCHANGED);
            for (sum, count) in counts.exceptions.iter_mut().zip(&kinds[codes::EXCEPTION as usize..]) {
                *sum += count;
                rule.exceptions += count;
            }
            rule.products += kinds[codes::UNCHANGED as usize..].iter().sum::<u64>();
        }
    }
}

/// Where each row of a block is counted; gives how many have no cost.
#[inline(always)]
fn counted_places(
    rows: usize,
    (rule, code, gross_cost): (&Lane, &Lane, &Lane),
    otherwise: i64,
    places: &mut Lane,
) -> i64 {
    let mut without_cost = 0;
    for row in 0..rows.min(ROWS) {
        let of_rule = (rule[row] >> 1) * KINDS as i64;
        places[row] = select(rule[row] == BY_OTHERWISE, otherwise, of_rule) + (code[row] & (KINDS as i64 - 1));
        without_cost += i64::from((gross_cost[row] == 0) & (code[row] != codes::ENDED));
    }
    without_cost
}

/// The reason of each code; none of those that are no exception. Looked up, because which rows are exceptions cannot be
/// foreseen.
const REASONS: [Option<ExceptionReason>; KINDS] = {
    let mut reasons = [None; KINDS];
    let mut place = 0;
    while place < ExceptionReason::ALL.len() {
        reasons[code_of(ExceptionReason::ALL[place]) as usize] = Some(ExceptionReason::ALL[place]);
        place += 1;
    }
    reasons
};

/// Whether a guardrail refused what a rule wanted, by code.
const REFUSALS: [bool; KINDS] = {
    let mut refusals = [false; KINDS];
    let mut place = 0;
    while place < KINDS {
        refusals[place] = match REASONS[place] {
            Some(reason) => is_refusal(reason),
            None => false,
        };
        place += 1;
    }
    refusals
};

/// The rows of a block that change or need a person.
pub(crate) struct Found {
    rows: [u16; ROWS],
    count: usize,
}

impl Found {
    pub(crate) const fn new() -> Self {
        Self { rows: [0; ROWS], count: 0 }
    }

    /// Finds those of another block.
    pub(crate) fn find(&mut self, lanes: &Lanes) {
        let mut count = 0;
        for (row, code) in lanes.code[..lanes.places.count()].iter().enumerate() {
            self.rows[count.min(ROWS - 1)] = row as u16;
            count += usize::from(*code >= codes::LOWERED);
        }
        self.count = count;
    }

    fn rows(&self) -> impl Iterator<Item = usize> + '_ {
        self.rows[..self.count.min(ROWS)].iter().map(|row| usize::from(*row).min(ROWS - 1))
    }
}

/// Adds the decisions of a block, whose chunk begins with `first_row` of the snapshot.
pub(crate) fn decisions(lanes: &Lanes, found: &Found, first_row: usize, decisions: &mut Vec<Decision>) {
    decisions.extend(found.rows().map(|row| {
        let reason = REASONS[lanes.code[row] as usize & (KINDS - 1)];
        let some = |kind: i64, amount: i64| select(kind == kinds::NOWHERE, NONE, amount);
        Decision {
            row: (first_row + lanes.places.of(row)) as u32,
            kind: if reason.is_none() { ProposalKind::Change } else { ProposalKind::Exception },
            old_minor: lanes.price[row],
            new_minor: lanes.new[row],
            reason,
            lawful_minor: lanes.lawful[row],
            floor_minor: some(lanes.floor_kind[row], lanes.floor[row]),
            ceiling_minor: some(lanes.ceiling_kind[row], lanes.ceiling[row]),
            rule: (lanes.rule[row] >> 1) as u16,
        }
    }));
}

/// The changes of a block side by side; room that is kept between blocks.
pub(crate) struct Changes {
    old: Lane,
    new: Lane,
    with_vat: Lane,
    gross_cost: Lane,
    cost: Lane,
    units: Lane,
}

/// The same as columns; rows without units are no changes.
#[derive(Clone, Copy)]
struct ChangeColumns<'a> {
    old: &'a [i64],
    new: &'a [i64],
    with_vat: &'a [i64],
    gross_cost: &'a [i64],
    cost: &'a [i64],
    units: &'a [i64],
}

/// How much was sold of the products of a chunk.
#[derive(Clone, Copy)]
pub(crate) struct Units<'a> {
    column: &'a NarrowColumn,
    narrow: &'a [i32],
    first_row: usize,
}

impl<'a> Units<'a> {
    pub(crate) fn of_chunk(column: &'a NarrowColumn, chunk: usize) -> Self {
        Self { column, narrow: column.chunk(chunk), first_row: chunk * CHUNK }
    }

    #[inline(always)]
    fn get(self, place: usize) -> i64 {
        match self.narrow[place] {
            BESIDE => self.column.get(self.first_row + place),
            narrow => widened(narrow),
        }
    }
}

impl Changes {
    pub(crate) fn new() -> Box<Self> {
        const ZERO: Lane = [0; ROWS];
        Box::new(Self { old: ZERO, new: ZERO, with_vat: ZERO, gross_cost: ZERO, cost: ZERO, units: ZERO })
    }

    /// Adds the effect of a block's changes. `costs` and `units` are the columns of its chunk.
    pub(crate) fn add(
        &mut self,
        context: &ListContext,
        (lanes, found): (&Lanes, &Found),
        (costs, units): (&[i64], Units<'_>),
        effect: &mut Effect,
    ) {
        // Few changes are moved together; many are computed where they stand.
        let changes = if found.count * 2 < lanes.places.count() {
            self.collect(lanes, found, costs, units)
        } else {
            self.of_all(lanes, costs, units)
        };
        changes.add(context, effect);
    }

    fn collect(&mut self, lanes: &Lanes, found: &Found, costs: &[i64], units: Units<'_>) -> ChangeColumns<'_> {
        let mut count = 0;
        for row in found.rows() {
            let (place, of_chunk) = (count.min(ROWS - 1), lanes.places.of(row));
            self.old[place] = lanes.price[row];
            self.new[place] = lanes.new[row];
            self.with_vat[place] = lanes.with_vat[row];
            self.gross_cost[place] = lanes.gross_cost[row];
            self.cost[place] = costs[of_chunk];
            let sold = units.get(of_chunk);
            self.units[place] = sold;
            count += usize::from((lanes.code[row] <= codes::RAISED) & (sold > 0));
        }
        let count = count.min(ROWS);
        ChangeColumns {
            old: &self.old[..count],
            new: &self.new[..count],
            with_vat: &self.with_vat[..count],
            gross_cost: &self.gross_cost[..count],
            cost: &self.cost[..count],
            units: &self.units[..count],
        }
    }

    fn of_all<'a>(&'a mut self, lanes: &'a Lanes, costs: &'a [i64], units: Units<'_>) -> ChangeColumns<'a> {
        let count = lanes.places.count();
        let mut room = [0; ROWS];
        let narrow = lanes.places.pick(units.narrow, 0, &mut room);
        let sold = &mut self.units[..count];
        wide(|| {
            for ((sold, units), code) in sold.iter_mut().zip(narrow).zip(&lanes.code) {
                let is_change = (*code >= codes::LOWERED) & (*code <= codes::RAISED) & (*units > 0);
                *sold = if is_change { i64::from(*units) } else { 0 };
            }
        });
        if units.column.has_beside() {
            for (row, sold) in sold.iter_mut().enumerate().filter(|(_, sold)| **sold > 0) {
                *sold = units.get(lanes.places.of(row));
            }
        }
        ChangeColumns {
            old: &lanes.price[..count],
            new: &lanes.new[..count],
            with_vat: &lanes.with_vat[..count],
            gross_cost: &lanes.gross_cost[..count],
            cost: lanes.places.pick(costs, 0, &mut self.cost),
            units: sold,
        }
    }
}

impl ChangeColumns<'_> {
    fn add(self, context: &ListContext, effect: &mut Effect) {
        let micro = context.micro_per_minor as i64;
        let most = |amounts: &[i64]| wide(move || amounts.iter().fold(0, |most, amount| most.max(*amount)));
        let price = most(self.old).max(most(self.new));
        let amount = price.saturating_mul(micro).max(most(self.cost));
        let fits = amount.checked_mul(most(self.units).max(1)).is_some_and(|most| most <= LARGEST_DIVIDEND);
        match if price <= LIMIT && fits { self.by_rate(micro) } else { None } {
            Some(sums) => effect.merge(&sums),
            None => self.add_singly(context, effect),
        }
    }

    /// By VAT rate, of which there are few, so that each is a division by a number known beforehand. `None`: a rate is
    /// beyond the ordinary.
    fn by_rate(self, micro: i64) -> Option<Effect> {
        let (rates, mut effect) = (self.with_vat, Effect::default());
        let mut next = rates.first().copied();
        let mut done: Vec<i64> = Vec::new();
        while let Some(with_vat) = next {
            let net = Share::new(micro * ONE, with_vat)?;
            dispatch(Rate { changes: self, net, with_vat, effect: &mut effect });
            if wide(move || rates.iter().fold(0, |differs, rate| differs | (rate ^ with_vat))) == 0 {
                break;
            }
            done.push(with_vat);
            next = rates.iter().copied().find(|rate| !done.contains(rate));
        }
        Some(effect)
    }

    fn add_singly(self, context: &ListContext, effect: &mut Effect) {
        for row in (0..self.units.len()).filter(|row| self.units[*row] > 0) {
            let cost = if self.gross_cost[row] == 0 { NONE } else { self.cost[row] };
            let prices = (self.old[row], self.new[row]);
            let vat_bp = self.with_vat[row] - ONE;
            effect.merge(&Effect::of_change(context, prices, (cost, vat_bp), self.units[row]));
        }
    }
}

/// The changes under one VAT rate.
struct Rate<'a> {
    changes: ChangeColumns<'a>,
    /// Of a price without VAT, in millionths.
    net: Share,
    with_vat: i64,
    effect: &'a mut Effect,
}

impl OnRows for Rate<'_> {
    #[inline(always)]
    fn run(self) {
        let Self { changes, net, with_vat, effect } = self;
        let by_thousand = Divisor::new(1000);
        let (mut before, mut after, mut before_with_cost, mut after_with_cost, mut costs) =
            (0i64, 0i64, 0i64, 0i64, 0i64);
        let rows = changes.units.len();
        let ChangeColumns { old: prices, new: others, with_vat: rates, gross_cost, cost: unit_costs, units } = changes;
        let (prices, others, rates) = (&prices[..rows], &others[..rows], &rates[..rows]);
        let (gross_cost, unit_costs) = (&gross_cost[..rows], &unit_costs[..rows]);
        for row in 0..rows {
            let units = if rates[row] == with_vat { units[row] } else { 0 };
            let old = by_thousand.floor(units.wrapping_mul(net.nearest(prices[row])));
            let new = by_thousand.floor(units.wrapping_mul(net.nearest(others[row])));
            let has_cost = gross_cost[row] > 0;
            let cost = by_thousand.floor(units.wrapping_mul(if has_cost { unit_costs[row] } else { 0 }));
            before += old;
            after += new;
            before_with_cost += if has_cost { old } else { 0 };
            after_with_cost += if has_cost { new } else { 0 };
            costs += cost;
        }
        effect.revenue_before_micro += i128::from(before);
        effect.revenue_after_micro += i128::from(after);
        effect.margin_before_micro += i128::from(before_with_cost) - i128::from(costs);
        effect.margin_after_micro += i128::from(after_with_cost) - i128::from(costs);
    }
}

const _: () = assert!(OTHERWISE as i64 == BY_OTHERWISE >> 1, "a rule's number is its place, doubled");
