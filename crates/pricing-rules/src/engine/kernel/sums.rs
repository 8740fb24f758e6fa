//! What a priced block adds to a run: decisions, counts and the effect of its changes.

use pricing_domain::{BasisPoints, ProposalKind};

use super::division::{Divisor, LARGEST_DIVIDEND};
use super::lanes::{BY_OTHERWISE, LIMIT, Lane, Lanes, ROWS, codes, kinds, reason};
use crate::columns::NONE;
use crate::engine::compile::{ListContext, OTHERWISE};
use crate::engine::outcome::{Decision, Effect, RunCounts, is_refusal};

const ONE: i64 = BasisPoints::ONE;

/// Kinds of outcomes that are counted by rule.
const KINDS: usize = 32;

/// Rows counted by rule and outcome; kept over the blocks of a chunk.
pub(crate) struct Tally {
    /// By the place of the rule, the last one for “otherwise”; for each [`KINDS`] outcomes.
    by_rule: Vec<u32>,
    without_cost: u64,
    refused: u64,
}

impl Tally {
    pub(crate) fn new(rules: usize) -> Self {
        Self { by_rule: vec![0; (rules + 1) * KINDS], without_cost: 0, refused: 0 }
    }

    /// Adds the rows of a block.
    pub(crate) fn add(&mut self, lanes: &Lanes) {
        let otherwise = self.by_rule.len() / KINDS - 1;
        let rows = lanes.rows.min(ROWS);
        for row in 0..rows {
            let rule = lanes.rule[row];
            let rule = if rule == BY_OTHERWISE { otherwise } else { (rule >> 1) as usize };
            self.by_rule[rule * KINDS + (lanes.code[row] as usize & (KINDS - 1))] += 1;
        }
        let mut without_cost = 0;
        for row in 0..rows {
            without_cost += i64::from((lanes.gross_cost[row] == 0) & (lanes.code[row] != codes::ENDED));
        }
        self.without_cost += without_cost as u64;
        let is_refused = |row: &usize| lanes.wanted[*row] != NONE && is_refusal(reason(lanes.code[*row]));
        self.refused += (0..rows).filter(|row| lanes.code[*row] >= codes::EXCEPTION).filter(is_refused).count() as u64;
    }

    /// Adds everything to the counts of a run.
    pub(crate) fn give(&self, counts: &mut RunCounts) {
        counts.without_cost += self.without_cost;
        counts.refused += self.refused;
        let rules = self.by_rule.len() / KINDS - 1;
        for (place, kinds) in self.by_rule.chunks_exact(KINDS).enumerate() {
            let of = |code: i64| u64::from(kinds[code as usize]);
            counts.products += kinds.iter().map(|count| u64::from(*count)).sum::<u64>();
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
                *sum += u64::from(*count);
                rule.exceptions += u64::from(*count);
            }
            rule.products += rule_products(kinds);
        }
    }
}

fn rule_products(kinds: &[u32]) -> u64 {
    kinds[codes::UNCHANGED as usize..].iter().map(|count| u64::from(*count)).sum()
}

/// Adds the decisions of a block, whose first row is `first_row` of the snapshot.
pub(crate) fn decisions(lanes: &Lanes, first_row: usize, decisions: &mut Vec<Decision>) {
    let rows = lanes.rows.min(ROWS);
    let mut found = [0u16; ROWS];
    let mut count = 0;
    for row in 0..rows {
        found[count.min(ROWS - 1)] = row as u16;
        count += usize::from(lanes.code[row] >= codes::LOWERED);
    }
    decisions.extend(found[..count].iter().map(|row| {
        let row = usize::from(*row);
        let code = lanes.code[row];
        let is_change = code < codes::EXCEPTION;
        let some = |kind: i64, amount: i64| if kind == kinds::NOWHERE { NONE } else { amount };
        Decision {
            row: (first_row + row) as u32,
            kind: if is_change { ProposalKind::Change } else { ProposalKind::Exception },
            old_minor: lanes.price[row],
            new_minor: lanes.new[row],
            reason: (!is_change).then(|| reason(code)),
            lawful_minor: lanes.lawful[row],
            floor_minor: some(lanes.floor_kind[row], lanes.floor[row]),
            ceiling_minor: some(lanes.ceiling_kind[row], lanes.ceiling[row]),
            rule: (lanes.rule[row] >> 1) as u16,
        }
    }));
}

/// The changes of a block side by side; room that is kept between blocks.
pub(crate) struct Changes {
    count: usize,
    old: Lane,
    new: Lane,
    with_vat: Lane,
    gross_cost: Lane,
    cost: Lane,
    units: Lane,
}

impl Changes {
    pub(crate) fn new() -> Box<Self> {
        const ZERO: Lane = [0; ROWS];
        Box::new(Self { count: 0, old: ZERO, new: ZERO, with_vat: ZERO, gross_cost: ZERO, cost: ZERO, units: ZERO })
    }

    /// Adds the effect of a block's changes. `costs` and `units` are the columns of its rows.
    pub(crate) fn add(
        &mut self,
        context: &ListContext,
        lanes: &Lanes,
        (costs, units): (&[i64], &[i64]),
        effect: &mut Effect,
    ) {
        self.collect(lanes, costs, units);
        let micro = context.micro_per_minor as i64;
        let most = |lane: &Lane| lane[..self.count].iter().copied().max().unwrap_or(0);
        let price = most(&self.old).max(most(&self.new));
        let amount = price.saturating_mul(micro).max(most(&self.cost));
        let fits = amount.checked_mul(most(&self.units).max(1)).is_some_and(|most| most <= LARGEST_DIVIDEND);
        if price <= LIMIT && fits {
            self.add_by_rate(micro, effect);
        } else {
            self.add_singly(context, effect);
        }
    }

    fn collect(&mut self, lanes: &Lanes, costs: &[i64], units: &[i64]) {
        let mut found = [0u16; ROWS];
        let mut count = 0;
        for row in 0..lanes.rows.min(units.len()).min(ROWS) {
            let is_change = (lanes.code[row] == codes::LOWERED) | (lanes.code[row] == codes::RAISED);
            found[count.min(ROWS - 1)] = row as u16;
            count += usize::from(is_change & (units[row] > 0));
        }
        self.count = count.min(ROWS);
        for (place, row) in found[..self.count].iter().enumerate() {
            let row = usize::from(*row).min(ROWS - 1);
            self.old[place] = lanes.price[row];
            self.new[place] = lanes.new[row];
            self.with_vat[place] = lanes.with_vat[row];
            self.gross_cost[place] = lanes.gross_cost[row];
            self.cost[place] = costs[row];
            self.units[place] = units[row];
        }
    }

    /// By VAT rate, of which there are few, so that each is a division by a number known beforehand.
    fn add_by_rate(&self, micro: i64, effect: &mut Effect) {
        let mut rates = Vec::with_capacity(4);
        for rate in &self.with_vat[..self.count] {
            if !rates.contains(rate) {
                rates.push(*rate);
            }
        }
        for with_vat in rates {
            dispatch(Rate { changes: self, micro, with_vat, effect });
        }
    }

    fn add_singly(&self, context: &ListContext, effect: &mut Effect) {
        for row in 0..self.count {
            let cost = if self.gross_cost[row] == 0 { NONE } else { self.cost[row] };
            let prices = (self.old[row], self.new[row]);
            let vat_bp = self.with_vat[row] - ONE;
            effect.merge(&Effect::of_change(context, prices, (cost, vat_bp), self.units[row]));
        }
    }
}

/// The changes under one VAT rate.
struct Rate<'a> {
    changes: &'a Changes,
    micro: i64,
    with_vat: i64,
    effect: &'a mut Effect,
}

impl Rate<'_> {
    #[inline(always)]
    fn run(self) {
        let Self { changes, micro, with_vat, effect } = self;
        let (by_vat, by_thousand) = (Divisor::new(with_vat), Divisor::new(1000));
        let one = micro * ONE;
        let (mut before, mut after, mut before_with_cost, mut after_with_cost, mut costs) =
            (0i64, 0i64, 0i64, 0i64, 0i64);
        for row in 0..changes.count.min(ROWS) {
            let units = if changes.with_vat[row] == with_vat { changes.units[row] } else { 0 };
            let net = |price: i64| by_vat.nearest(price.wrapping_mul(one));
            let old = by_thousand.floor(units.wrapping_mul(net(changes.old[row])));
            let new = by_thousand.floor(units.wrapping_mul(net(changes.new[row])));
            let has_cost = changes.gross_cost[row] > 0;
            let cost = by_thousand.floor(units.wrapping_mul(if has_cost { changes.cost[row] } else { 0 }));
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

#[cfg(not(target_arch = "wasm32"))]
impl pulp::WithSimd for Rate<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _instructions: S) {
        self.run();
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn dispatch(rate: Rate<'_>) {
    pulp::Arch::new().dispatch(rate);
}

#[cfg(target_arch = "wasm32")]
fn dispatch(rate: Rate<'_>) {
    rate.run();
}

const _: () = assert!(OTHERWISE as i64 == BY_OTHERWISE >> 1, "a rule's number is its place, doubled");
