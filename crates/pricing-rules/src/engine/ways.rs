//! The ways to all prices of a list as compact data: everything that decided, without words. Words for one of them are
//! made when somebody asks, from [`super::inputs_of`] and [`super::price_from_inputs`].

use std::sync::atomic::{AtomicBool, Ordering};

use pricing_domain::{Instant, OfferUse};

use super::bounds::{CeilingKind, FloorKind};
use super::compile::{CompiledRule, CompiledRules, Gate, ListContext, OTHERWISE};
use super::decide::{Evaluation, Outcome, evaluate};
use super::family::Standing;
use super::followed::with_decided;
use super::kernel::{Lanes, Plan, ROWS, Rows, Work};
use super::marks::Marks;
use super::run::{Amended, amendments};
use super::strategy::CompiledStrategy;
use super::view::ChunkView;
use crate::columns::CHUNK;
use crate::offer_use::{CompiledPolicy, Usable, add_offer_uses};
use crate::parallel::map_chunks_with;
use crate::snapshot::Snapshot;

/// How one price came about. Amounts are minor units, or [`crate::NONE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowWay {
    /// The row of the snapshot.
    pub row: u32,
    /// The rule that decided; `u16::MAX`: none.
    pub rule: u16,
    /// Whether its fallback did.
    pub by_fallback: bool,
    /// Whether the order of its family changed the result.
    pub by_family: bool,
    /// Whether the last check refused the new price.
    pub refused: bool,
    /// What became of it.
    pub outcome: Outcome,
    /// Where the floor comes from.
    pub floor_from: FloorKind,
    /// Where the ceiling comes from.
    pub ceiling_from: CeilingKind,
    /// Today's price.
    pub price_minor: i64,
    /// The cost that margins were computed with, in millionths.
    pub cost_micro: i64,
    /// What the rule wants; today's price where there is none.
    pub wanted_minor: i64,
    /// The floor.
    pub floor_minor: i64,
    /// The ceiling.
    pub ceiling_minor: i64,
    /// The lowest price within bounds and steps.
    pub low_minor: i64,
    /// The highest price within bounds and steps.
    pub high_minor: i64,
    /// The new price, on its ending.
    pub new_minor: i64,
    /// What the higher guardrail allows.
    pub lawful_minor: i64,
    passed_end: u32,
    offers_end: u32,
}

/// A rule that was passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PassedOver {
    /// Its place in the flat list.
    pub rule: u16,
    /// The group or rule on the way to it that does not hold, counted from the outermost; of a missing input the rule.
    pub part: u8,
    /// Why.
    pub why: PassedReason,
}

/// Why a rule was passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PassedReason {
    /// Switched off.
    Off,
    /// Not in force now.
    NotInForce,
    /// The test of its scope at this place does not hold.
    Scope(u8),
    /// Its condition does not hold.
    Condition,
    /// An input of its strategy, and of its fallback, is missing.
    MissingInput,
}

/// The ways of a stretch of rows.
#[derive(Clone, Debug, Default)]
struct ChunkWays {
    rows: Vec<RowWay>,
    passed: Vec<PassedOver>,
    offers: Vec<OfferUse>,
    standing: Vec<Standing>,
}

/// The ways to all prices of a list.
#[derive(Clone, Debug, Default)]
pub struct Ways {
    chunks: Vec<ChunkWays>,
}

/// One way with what belongs to it.
#[derive(Clone, Copy, Debug)]
pub struct Way<'a> {
    /// Its amounts.
    pub row: &'a RowWay,
    /// The rules before the one that decided.
    pub passed_over: &'a [PassedOver],
    /// What became of each offer, in the order of the snapshot.
    pub offers: &'a [OfferUse],
}

impl Ways {
    /// The way of a row of the snapshot.
    pub fn get(&self, row: usize) -> Option<Way<'_>> {
        let chunk = self.chunks.get(row / CHUNK)?;
        let place = row % CHUNK;
        let way = chunk.rows.get(place)?;
        let before = place.checked_sub(1).and_then(|before| chunk.rows.get(before));
        let (passed, offers) = before.map_or((0, 0), |before| (before.passed_end, before.offers_end));
        Some(Way {
            row: way,
            passed_over: &chunk.passed[passed as usize..way.passed_end as usize],
            offers: &chunk.offers[offers as usize..way.offers_end as usize],
        })
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.rows.len()).sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.chunks.is_empty()
    }

    /// Bytes that they take.
    pub fn memory_bytes(&self) -> usize {
        let bytes = |chunk: &ChunkWays| {
            chunk.rows.capacity() * size_of::<RowWay>()
                + chunk.passed.capacity() * size_of::<PassedOver>()
                + chunk.offers.capacity() * size_of::<OfferUse>()
        };
        self.chunks.iter().map(bytes).sum()
    }
}

/// Finds the ways to all prices of a list. `None`: cancelled.
pub fn ways_to_all(
    rules: &CompiledRules,
    snapshot: &Snapshot,
    list: usize,
    now: Instant,
    cancel: &AtomicBool,
) -> Option<Ways> {
    if !rules.fits(snapshot) {
        return ways_to_all(&rules.for_snapshot(snapshot), snapshot, list, now, cancel);
    }
    let decided = with_decided(rules, snapshot, list, now);
    let snapshot = decided.as_ref();
    let context = ListContext::new(snapshot, list, now);
    let plan = Plan::new(rules, &context);
    let policies = Policies::new(rules);
    let search = Search { rules, plan: plan.as_ref(), context: &context, policies: &policies };
    let chunks = map_chunks_with(snapshot.row_count().div_ceil(CHUNK), Room::default, |room, chunk| {
        let view = ChunkView::new(snapshot, list, chunk);
        (!cancel.load(Ordering::Relaxed)).then(|| search.chunk(&view, room))
    });
    let mut ways = Ways { chunks: chunks.into_iter().collect::<Option<_>>()? };
    if !rules.families.is_empty() {
        let standing: Vec<Vec<Standing>> =
            ways.chunks.iter_mut().map(|chunk| std::mem::take(&mut chunk.standing)).collect();
        for Amended { row, after, .. } in amendments(rules, &context, snapshot, &standing) {
            let (chunk, place) = (row as usize / CHUNK, row as usize % CHUNK);
            let way = &mut ways.chunks[chunk].rows[place];
            let (passed_end, offers_end) = (way.passed_end, way.offers_end);
            *way = RowWay { by_family: true, passed_end, offers_end, ..RowWay::of(row, &after) };
        }
    }
    Some(ways)
}

impl RowWay {
    fn of(row: u32, evaluation: &Evaluation) -> Self {
        let bounds = &evaluation.bounds;
        Self {
            row,
            rule: evaluation.rule,
            by_fallback: evaluation.fallback,
            by_family: false,
            refused: evaluation.refused_by_verification,
            outcome: evaluation.outcome,
            floor_from: bounds.floor_kind,
            ceiling_from: bounds.ceiling_kind,
            price_minor: evaluation.inputs.price,
            cost_micro: evaluation.inputs.cost_micro,
            wanted_minor: evaluation.wanted,
            floor_minor: bounds.floor_minor(),
            ceiling_minor: bounds.ceiling_minor(),
            low_minor: evaluation.low,
            high_minor: evaluation.high,
            new_minor: evaluation.new,
            lawful_minor: evaluation.lawful,
            passed_end: 0,
            offers_end: 0,
        }
    }
}

/// Whose offers a way lists: those of the rule that decided, of the first rule about competitors, or the ordinary ones.
pub(crate) struct Policies {
    by_rule: Vec<CompiledPolicy>,
    otherwise: CompiledPolicy,
}

/// The first policy of a rule.
fn of_rule(rule: &CompiledRule) -> Option<&CompiledPolicy> {
    std::iter::once(&rule.strategy).chain(&rule.fallback).find_map(CompiledStrategy::policy)
}

impl Policies {
    pub(crate) fn new(rules: &CompiledRules) -> Self {
        let enabled = |rule: &&CompiledRule| rule.gates.iter().all(|gate| rules.gates[*gate].enabled);
        let any =
            rules.rules.iter().filter(enabled).find_map(of_rule).cloned().unwrap_or_else(CompiledPolicy::ordinary);
        Self {
            by_rule: rules.rules.iter().map(|rule| of_rule(rule).unwrap_or(&any).clone()).collect(),
            otherwise: rules.otherwise.policy().unwrap_or(&any).clone(),
        }
    }

    /// The policy where a rule decided.
    pub(crate) fn of(&self, rule: u16) -> &CompiledPolicy {
        if rule == OTHERWISE { &self.otherwise } else { &self.by_rule[usize::from(rule)] }
    }
}

/// Room kept by each thread.
#[derive(Default)]
struct Room {
    marks: Marks,
    usable: Vec<Usable>,
    lanes: Option<Box<Lanes>>,
    /// For each gate, why it does not hold, by row.
    closed: Vec<Vec<Option<PassedReason>>>,
    mask: Vec<u8>,
}

struct Search<'a> {
    rules: &'a CompiledRules,
    plan: Option<&'a Plan>,
    context: &'a ListContext,
    policies: &'a Policies,
}

impl Search<'_> {
    fn chunk(&self, view: &ChunkView<'_>, room: &mut Room) -> ChunkWays {
        let rows = view.places().len();
        let mut ways = ChunkWays { rows: Vec::with_capacity(rows), ..ChunkWays::default() };
        for start in view.places().step_by(ROWS) {
            room.marks.find(self.rules, view, self.context, start..(start + ROWS).min(rows));
            self.find_closed(view, room);
            self.block(view, room, &mut ways);
        }
        ways
    }

    fn find_closed(&self, view: &ChunkView<'_>, room: &mut Room) {
        let (start, rows) = (room.marks.start(), room.marks.rows());
        room.closed.resize_with(self.rules.gates.len(), Vec::new);
        for (number, gate) in self.rules.gates.iter().enumerate() {
            let closed = &mut room.closed[number];
            closed.clear();
            closed.resize(rows, self.closed_to_all(gate));
            if closed.first().is_some_and(Option::is_some) {
                continue;
            }
            gate.scope.each_test(|place, test| {
                room.mask.clear();
                room.mask.resize(rows, 1);
                test.narrow(view, self.context, start..start + rows, &mut room.mask);
                let why = PassedReason::Scope(u8::try_from(place).unwrap_or(u8::MAX));
                note(closed, &room.mask, why);
            });
            if gate.condition.is_some() {
                // The mask of a gate holds what its group, its scope and its condition leave.
                note(closed, room.marks.gate(number), PassedReason::Condition);
            }
        }
    }

    fn closed_to_all(&self, gate: &Gate) -> Option<PassedReason> {
        if !gate.enabled {
            Some(PassedReason::Off)
        } else if !self.context.is_in_force(&gate.valid) {
            Some(PassedReason::NotInForce)
        } else {
            None
        }
    }

    fn block(&self, view: &ChunkView<'_>, room: &mut Room, ways: &mut ChunkWays) {
        let Room { marks, usable, lanes, closed, .. } = room;
        let marks: &Marks = marks;
        let keeps_order = !self.rules.families.is_empty();
        let work = self.plan.map(|plan| Work { plan, rules: self.rules, context: self.context, view, marks });
        let lanes = lanes.get_or_insert_with(Lanes::new);
        if let Some(work) = work {
            work.price(Rows::Together(&(marks.start()..marks.start() + marks.rows())), lanes, usable);
        }
        for row in 0..marks.rows() {
            let place = marks.start() + row;
            let evaluation = match work {
                Some(work) => work.evaluation(lanes, row, usable),
                None => evaluate(self.rules, self.context, view, marks, place, usable),
            };
            if is_asked(&evaluation) {
                self.pass_over(closed, row, evaluation.rule, &mut ways.passed);
            }
            let policy = self.policies.of(evaluation.rule);
            let context = policy.context(self.context.offers, evaluation.inputs.offer_floor);
            add_offer_uses(policy, context, view.offers(place), usable, &mut ways.offers);
            let way = RowWay::of((view.first_row() + place) as u32, &evaluation);
            let (passed_end, offers_end) = (ways.passed.len() as u32, ways.offers.len() as u32);
            ways.rows.push(RowWay { passed_end, offers_end, ..way });
            if keeps_order {
                ways.standing.push(Standing::of(&evaluation));
            }
        }
    }

    fn pass_over(&self, closed: &[Vec<Option<PassedReason>>], row: usize, decided: u16, passed: &mut Vec<PassedOver>) {
        for (number, rule) in self.rules.rules.iter().enumerate().take(usize::from(decided)) {
            let first = rule.gates.iter().enumerate().find_map(|(part, gate)| Some((part, closed[*gate][row]?)));
            let (part, why) = first.unwrap_or((rule.gates.len() - 1, PassedReason::MissingInput));
            passed.push(PassedOver { rule: number as u16, part: part as u8, why });
        }
    }
}

/// Whether the rules were asked about a row.
const fn is_asked(row: &Evaluation) -> bool {
    let locks = row.inputs.flags & crate::snapshot::ListFlags::LOCKED != 0;
    !locks && !matches!(row.outcome, Outcome::Ended | Outcome::OnPromotion)
}

/// Notes why, for the rows that a mask lacks and that have no reason yet.
fn note(closed: &mut [Option<PassedReason>], mask: &[u8], why: PassedReason) {
    for (closed, _) in closed.iter_mut().zip(mask).filter(|(_, kept)| **kept == 0) {
        *closed = closed.or(Some(why));
    }
}
