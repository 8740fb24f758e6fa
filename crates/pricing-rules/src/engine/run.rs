//! Prices a whole list: chunks of rows side by side, then the families that came out of order.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use pricing_domain::{ExceptionReason, Instant};

use super::compile::{CompiledRules, ListContext};
use super::decide::{Evaluation, Outcome, evaluate, verified};
use super::family::{CompiledLaw, Component, LawsOfRows, Member, Settled, Standing, family_parts, settle};
use super::followed::with_decided;
use super::kernel::{Changes, Found, Kept, Lanes, Plan, ROWS, Rows, STRETCH, Tally, Units, Work, decisions};
use super::marks::{Guards, Marks};
use super::outcome::{Decision, Effect, PricingRun, RunCounts};
use super::reach::Reach;
use super::soft::warnings_of;
use super::view::ChunkView;
use crate::columns::CHUNK;
use crate::offer_use::Usable;
use crate::parallel::{fold_chunks, map_chunks, threads};
use crate::snapshot::Snapshot;

/// What some chunks that follow each other give.
struct Part {
    decisions: Vec<Decision>,
    counts: RunCounts,
    effect: Effect,
    /// By chunk how each row stands in its family; empty when no order is kept.
    standing: Vec<Vec<Standing>>,
    reach: Reach,
}

impl Part {
    /// With room for as many decisions as there mostly are, because growing it would copy them.
    fn new(rules: usize, decisions: usize) -> Self {
        Self {
            decisions: Vec::with_capacity(decisions),
            counts: RunCounts::new(rules),
            effect: Effect::default(),
            standing: Vec::new(),
            reach: Reach::new(rules),
        }
    }

    /// That of the chunk that is being priced.
    fn standing(&mut self) -> &mut Vec<Standing> {
        self.standing.last_mut().expect("a chunk begins with its own")
    }

    /// Adds the part that follows.
    fn append(&mut self, next: Self) {
        self.decisions.extend_from_slice(&next.decisions);
        self.counts.merge(&next.counts);
        self.effect.merge(&next.effect);
        self.standing.extend(next.standing);
        self.reach.merge(next.reach);
    }
}

/// Prices every product of a list. `progress` is told how many rows are done. `None`: cancelled.
///
/// The result is the same for any number of threads.
pub fn price_all(
    rules: &CompiledRules,
    snapshot: &Snapshot,
    list: usize,
    now: Instant,
    cancel: &AtomicBool,
    progress: &(dyn Fn(u64) + Sync),
) -> Option<PricingRun> {
    price_and_count(rules, snapshot, list, now, cancel, progress, false).map(|(run, _)| run)
}

/// The same, with how far each rule reaches where that is wanted.
pub(crate) fn price_and_count(
    rules: &CompiledRules,
    snapshot: &Snapshot,
    list: usize,
    now: Instant,
    cancel: &AtomicBool,
    progress: &(dyn Fn(u64) + Sync),
    counts_reach: bool,
) -> Option<(PricingRun, Reach)> {
    if !rules.fits(snapshot) {
        let rules = rules.for_snapshot(snapshot);
        return price_and_count(&rules, snapshot, list, now, cancel, progress, counts_reach);
    }
    let decided = with_decided(rules, snapshot, list, now);
    let snapshot = decided.as_ref();
    let context = ListContext::new(snapshot, list, now);
    let plan = Plan::new(rules, &context);
    let run = Run { rules, plan: plan.as_ref(), context: &context, snapshot, counts_reach };
    let done = AtomicU64::new(0);
    let part = || Part::new(rules.rules.len(), snapshot.row_count() / 4 / threads());
    let start = || (Room::default(), part());
    let parts = fold_chunks(snapshot.row_count().div_ceil(CHUNK), start, |(mut room, mut part), chunk| {
        if !cancel.load(Ordering::Relaxed) {
            let view = ChunkView::new(snapshot, list, chunk);
            run.price_chunk(&view, &mut room, &mut part);
            let rows = view.places().len() as u64;
            progress(done.fetch_add(rows, Ordering::Relaxed) + rows);
        }
        (room, part)
    });
    if done.into_inner() < snapshot.row_count() as u64 {
        return None;
    }
    let mut parts = parts.into_iter().map(|(_, part)| part);
    let mut all = parts.next().unwrap_or_else(part);
    parts.for_each(|part| all.append(part));
    let Part { decisions, counts, effect, standing, reach } = all;
    let mut run = PricingRun { decisions, counts, effect, ..PricingRun::default() };
    if !rules.families.is_empty() {
        settle_families(rules, &context, snapshot, &standing, &mut run);
    }
    run.warnings = warnings_of(rules, &context, snapshot, &run.decisions);
    (!cancel.load(Ordering::Relaxed)).then_some((run, reach))
}

/// Room for pricing a chunk, kept by each thread.
#[derive(Default)]
struct Room {
    marks: Marks,
    usable: Vec<Usable>,
    kernel: Option<Kernel>,
}

/// Room for pricing blocks.
struct Kernel {
    lanes: Box<Lanes>,
    changes: Box<Changes>,
    found: Box<Found>,
    kept: Box<Kept>,
}

impl Kernel {
    fn new() -> Self {
        Self { lanes: Lanes::new(), changes: Changes::new(), found: Box::new(Found::new()), kept: Kept::new() }
    }
}

/// What a run is about.
#[derive(Clone, Copy)]
struct Run<'a> {
    rules: &'a CompiledRules,
    /// `None`: every row is priced by itself.
    plan: Option<&'a Plan>,
    context: &'a ListContext,
    snapshot: &'a Snapshot,
    counts_reach: bool,
}

impl Run<'_> {
    fn price_chunk(&self, view: &ChunkView<'_>, room: &mut Room, part: &mut Part) {
        let (rules, rows) = (self.rules, view.places().len());
        part.standing.push(Vec::with_capacity(if rules.families.is_empty() { 0 } else { rows }));
        let mut tally = Tally::new(rules.rules.len());
        let stretch = if self.looks_for_kept() { STRETCH } else { ROWS };
        for start in view.places().step_by(stretch) {
            room.marks.find(rules, view, self.context, start..(start + stretch).min(rows));
            match self.plan {
                Some(plan) => self.price_stretch(plan, view, room, &mut tally, part),
                None => self.price_singly(view, room, part),
            }
        }
        tally.give(&mut part.counts);
    }

    /// Whether rows that keep their price need not be priced: families and the reach of rules ask for every row.
    fn looks_for_kept(&self) -> bool {
        let is_asked_for_all = !self.rules.families.is_empty() || self.counts_reach;
        !is_asked_for_all && self.plan.is_some_and(Plan::can_keep)
    }

    /// The quick way: where nothing is asked of every row, only those that may not keep their price.
    fn price_stretch(&self, plan: &Plan, view: &ChunkView<'_>, room: &mut Room, tally: &mut Tally, part: &mut Part) {
        let kernel = room.kernel.get_or_insert_with(Kernel::new);
        let (marks, usable) = (&room.marks, &mut room.usable);
        let work = Work { plan, rules: self.rules, context: self.context, view, marks };
        if self.looks_for_kept() && kernel.kept.find(&work) {
            let Kernel { lanes, changes, found, kept } = kernel;
            tally.add_kept(kept);
            for places in kept.others().chunks(ROWS) {
                work.price(Rows::Apart(places), lanes, usable);
                self.add_block(view, (lanes, changes, found), tally, part);
            }
            return;
        }
        let Kernel { lanes, changes, found, .. } = kernel;
        let end = marks.start() + marks.rows();
        for start in (marks.start()..end).step_by(ROWS) {
            let range = start..(start + ROWS).min(end);
            work.price(Rows::Together(&range), lanes, usable);
            self.add_block(view, (lanes, changes, found), tally, part);
            if !self.rules.families.is_empty() {
                part.standing().extend((0..range.len()).map(|row| lanes.standing(row)));
            }
            if self.counts_reach {
                for (row, place) in range.enumerate() {
                    let evaluation = work.evaluation(lanes, row, usable);
                    part.reach.count((view.first_row() + place) as u32, marks, place, &evaluation);
                }
            }
        }
    }

    /// Adds what a priced block gives.
    fn add_block(
        &self,
        view: &ChunkView<'_>,
        (lanes, changes, found): (&mut Lanes, &mut Changes, &mut Found),
        tally: &mut Tally,
        part: &mut Part,
    ) {
        let units = Units::of_chunk(&self.snapshot.lists[self.context.list].units_28d_milli, view.chunk());
        found.find(lanes);
        tally.add(lanes, found);
        changes.add(self.context, (lanes, found), (view.cost_micro, units), &mut part.effect);
        decisions(lanes, found, view.first_row(), &mut part.decisions);
    }

    /// Row by row.
    fn price_singly(&self, view: &ChunkView<'_>, room: &mut Room, part: &mut Part) {
        let marks = &room.marks;
        let range = marks.start()..marks.start() + marks.rows();
        let units = self.snapshot.lists[self.context.list].units_28d_milli.values(view.chunk(), range.clone());
        for (place, units) in range.zip(units) {
            let row = (view.first_row() + place) as u32;
            let evaluation = evaluate(self.rules, self.context, view, marks, place, &mut room.usable);
            part.counts.count(&evaluation, 1);
            part.effect.count(self.context, &evaluation, units, 1);
            if self.counts_reach {
                part.reach.count(row, marks, place, &evaluation);
            }
            part.decisions.extend(Decision::of(row, &evaluation));
            if !self.rules.families.is_empty() {
                part.standing().push(Standing::of(&evaluation));
            }
        }
    }
}

/// Evaluates a single row without its family.
pub(crate) fn evaluate_row(
    rules: &CompiledRules,
    context: &ListContext,
    snapshot: &Snapshot,
    row: usize,
) -> Evaluation {
    let view = ChunkView::new(snapshot, context.list, row / CHUNK);
    let place = row % CHUNK;
    let marks = Marks::new(rules, &view, context, place..place + 1);
    evaluate(rules, context, &view, &marks, place, &mut Vec::new())
}

/// The rule that decides a row without its family; `u16::MAX`: none does.
pub(crate) fn deciding_rule(rules: &CompiledRules, snapshot: &Snapshot, list: usize, row: usize, now: Instant) -> u16 {
    evaluate_row(rules, &ListContext::new(snapshot, list, now), snapshot, row).rule
}

/// What settling changes of one row.
pub(crate) struct Amended {
    pub(crate) row: u32,
    pub(crate) before: Evaluation,
    pub(crate) after: Evaluation,
}

/// What the order of families changes, given how every row stands by its own rules, by chunk.
pub(crate) fn amendments(
    rules: &CompiledRules,
    context: &ListContext,
    snapshot: &Snapshot,
    standing: &[Vec<Standing>],
) -> Vec<Amended> {
    let laws = LawsOfRows::find(&rules.families, context, snapshot);
    let families = Families { rules, context, snapshot, standing };
    let index = &snapshot.family_index;
    let parts = map_chunks(index.group_count().div_ceil(CHUNK), |part| {
        let (mut amended, mut ranked) = (Vec::new(), Vec::new());
        for group in part * CHUNK..((part + 1) * CHUNK).min(index.group_count()) {
            if index.component_of(group).is_some() {
                continue;
            }
            for (number, law) in laws.laws().iter().enumerate() {
                for rows in family_parts(snapshot, index.group(group), law) {
                    ranked.clear();
                    let under_it = rows.iter().filter(|row| laws.number(**row as usize) == Some(number));
                    ranked.extend(under_it.filter_map(|row| Some((law.rank(snapshot, *row as usize)?, *row))));
                    families.settle(law, &mut ranked, &mut amended);
                }
            }
        }
        amended
    });
    let joint = map_chunks(index.components().len(), |number| families.settle_together(&laws, number));
    parts.into_iter().chain(joint).flatten().collect()
}

/// The rows under the law of a row that it is held against, itself among them, each with its rank: one set for each of its
/// families.
pub(crate) fn families_under_law(
    snapshot: &Snapshot,
    law: &CompiledLaw,
    row: usize,
    law_of: impl Fn(usize) -> bool,
) -> Vec<Vec<(i64, u32)>> {
    let under_it = |group: usize| {
        let parts = family_parts(snapshot, snapshot.family_index.group(group), law);
        let own = parts.into_iter().find(|rows| rows.contains(&(row as u32))).unwrap_or_default();
        let ranked = own.iter().filter_map(|other| Some((law.rank(snapshot, *other as usize)?, *other)));
        ranked.filter(|(_, other)| law_of(*other as usize)).collect()
    };
    snapshot.groups_of(row).into_iter().map(under_it).collect()
}

fn settle_families(
    rules: &CompiledRules,
    context: &ListContext,
    snapshot: &Snapshot,
    standing: &[Vec<Standing>],
    run: &mut PricingRun,
) {
    let mut decisions: BTreeMap<u32, Option<Decision>> = BTreeMap::new();
    for Amended { row, before, after } in amendments(rules, context, snapshot, standing) {
        let units = snapshot.lists[context.list].units_28d_milli.get(row as usize);
        run.counts.count(&before, -1);
        run.effect.count(context, &before, units, -1);
        run.counts.count(&after, 1);
        run.effect.count(context, &after, units, 1);
        decisions.insert(row, Decision::of(row, &after));
    }
    if decisions.is_empty() {
        return;
    }
    run.decisions.retain(|decision| !decisions.contains_key(&decision.row));
    run.decisions.extend(decisions.into_values().flatten());
    run.decisions.sort_by_key(|decision| decision.row);
}

/// A run whose families are settled.
struct Families<'a> {
    rules: &'a CompiledRules,
    context: &'a ListContext,
    snapshot: &'a Snapshot,
    /// How every row stands by its own rules, by chunk.
    standing: &'a [Vec<Standing>],
}

impl Families<'_> {
    fn stands(&self, row: usize) -> Standing {
        self.standing[row / CHUNK][row % CHUNK]
    }

    /// Settles families that share products.
    fn settle_together(&self, laws: &LawsOfRows<'_>, number: usize) -> Vec<Amended> {
        let Self { rules, context, snapshot, .. } = *self;
        let groups = &snapshot.family_index.components()[number];
        let law_of = |row| laws.number(row);
        let component = Component::find(snapshot, context.list, groups, laws.laws(), law_of, |row| self.stands(row));
        let settled = component.settle(rules.endings(context.list), rules.approval_limit());
        let changed = component.rows.iter().zip(settled.unwrap_or_default()).filter(|(_, one)| *one != Settled::AsIs);
        changed.map(|(row, settled)| self.amended(*row, settled)).collect()
    }

    fn amended(&self, row: u32, settled: Settled) -> Amended {
        let Self { rules, context, snapshot, .. } = *self;
        let before = evaluate_row(rules, context, snapshot, row as usize);
        let guards = guards_of_row(rules, context, snapshot, row as usize);
        Amended { row, before, after: amend(rules, context, guards, before, settled) }
    }

    /// Settles some rows under one law, given with their ranks, where they break it.
    fn settle(&self, law: &CompiledLaw, ranked: &mut [(i64, u32)], amended: &mut Vec<Amended>) {
        let stands = |row: u32| self.stands(row as usize);
        if !ranked.is_sorted_by_key(|(rank, _)| *rank) {
            ranked.sort_unstable();
        }
        if !law.order.is_broken(ranked.iter().map(|(rank, row)| (*rank, stands(*row).price))) {
            return;
        }
        let Self { rules, context, snapshot, .. } = *self;
        let member = |(rank, row): &(i64, u32)| {
            Some((*row, member_of(snapshot, context.list, *row as usize, *rank, stands(*row))?))
        };
        let (rows, members): (Vec<u32>, Vec<Member>) = ranked.iter().filter_map(member).unzip();
        let settled = settle(&members, law.order, rules.endings(context.list), rules.approval_limit());
        let changed = rows.into_iter().zip(settled.unwrap_or_default()).filter(|(_, one)| *one != Settled::AsIs);
        amended.extend(changed.map(|(row, settled)| self.amended(row, settled)));
    }
}

/// The row as a member of its family; `None` when it takes no part.
pub(crate) fn member_of(snapshot: &Snapshot, list: usize, row: usize, rank: i64, standing: Standing) -> Option<Member> {
    Member::new(snapshot.products.key.get(row), rank, snapshot.lists[list].price_minor.get(row), standing)
}

/// The guardrails that match a row.
pub(crate) fn guards_of_row(rules: &CompiledRules, context: &ListContext, snapshot: &Snapshot, row: usize) -> Guards {
    let view = ChunkView::new(snapshot, context.list, row / CHUNK);
    Marks::new(rules, &view, context, row % CHUNK..row % CHUNK + 1).guards(row % CHUNK)
}

/// A row after its family was settled; a moved price is verified like any other.
pub(crate) fn amend(
    rules: &CompiledRules,
    context: &ListContext,
    guards: Guards,
    row: Evaluation,
    settled: Settled,
) -> Evaluation {
    match settled {
        Settled::AsIs => row,
        Settled::Moved { to, reason: None } if to == row.inputs.price => {
            Evaluation { new: crate::columns::NONE, outcome: Outcome::Unchanged, ..row }
        }
        Settled::Moved { to, reason: None } => {
            verified(rules, context, guards, Evaluation { new: to, outcome: Outcome::Change, ..row })
        }
        Settled::Moved { to, reason: Some(reason) } => {
            Evaluation { new: to, lawful: to, outcome: Outcome::Exception(reason), ..row }
        }
        Settled::OutOfOrder => {
            let outcome = Outcome::Exception(ExceptionReason::FamilyOrder);
            Evaluation { lawful: crate::columns::NONE, outcome, ..row }
        }
    }
}
