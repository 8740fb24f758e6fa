//! Products that others follow: their prices are decided before all others, each after those that it follows itself, so
//! that a run follows the prices that it gives. What a product needs is asked as its rules are asked: in order, and no
//! further than the rule that decides. Products that need each other in a circle wait for a person.
//!
//! What is followed is the price that the product's own rules give it. The order of its family, and the number of
//! labels, are looked at once every product has one.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use pricing_domain::Instant;

use super::compile::{CompiledRules, Gate, ListContext, OTHERWISE};
use super::decide::{Evaluation, Outcome, evaluate};
use super::marks::Marks;
use super::strategy::CompiledStrategy;
use super::view::ChunkView;
use crate::columns::CHUNK;
use crate::language::Program;
use crate::snapshot::{DecidedPrices, ListFlags, Snapshot};

impl CompiledRules {
    /// A snapshot in which the products that others follow have the price that a run now gives them. `None`: no rule
    /// follows a product. It is for this run alone: prices, time and rules decided it.
    pub fn decide_followed(&self, snapshot: &Snapshot, list: usize, now: Instant) -> Option<Snapshot> {
        if !self.fits(snapshot) {
            return self.for_snapshot(snapshot).decide_followed(snapshot, list, now);
        }
        match with_decided(self, snapshot, list, now) {
            Cow::Owned(decided) => Some(decided),
            Cow::Borrowed(_) => None,
        }
    }
}

/// The snapshot itself where no rule follows a product, or where that was decided before.
pub(super) fn with_decided<'a>(
    rules: &CompiledRules,
    snapshot: &'a Snapshot,
    list: usize,
    now: Instant,
) -> Cow<'a, Snapshot> {
    if snapshot.lists[list].decided.is_some() {
        return Cow::Borrowed(snapshot);
    }
    let rows: BTreeSet<u32> = rules.programs().flat_map(|program| rows_of(program, snapshot)).collect();
    if rows.is_empty() {
        return Cow::Borrowed(snapshot);
    }
    let context = ListContext::new(snapshot, list, now);
    let mut search = Search { rules, context, snapshot: snapshot.clone() };
    search.snapshot.lists[list].decided = Some(Arc::default());
    rows.into_iter().for_each(|row| search.decide(row));
    Cow::Owned(search.snapshot)
}

/// The products that a program looks at.
fn rows_of<'a>(program: &'a Program, snapshot: &'a Snapshot) -> impl Iterator<Item = u32> + 'a {
    program.followed_skus.iter().filter_map(|sku| snapshot.row_of_sku(sku))
}

struct Search<'a> {
    rules: &'a CompiledRules,
    context: ListContext,
    snapshot: Snapshot,
}

impl Search<'_> {
    fn decided(&mut self) -> &mut DecidedPrices {
        Arc::make_mut(self.snapshot.lists[self.context.list].decided.get_or_insert_default())
    }

    /// Decides a product after those that it needs.
    fn decide(&mut self, row: u32) {
        // Each needs the one behind it.
        let mut open = vec![row];
        while let Some(row) = open.last().copied() {
            if self.decided().prices.contains_key(&row) {
                open.pop();
                continue;
            }
            match self.look(row) {
                Err(price_minor) => {
                    self.decided().prices.insert(row, price_minor);
                }
                Ok(needed) => match open.iter().position(|one| *one == needed) {
                    Some(start) => self.close(&open[start..]),
                    None => open.push(needed),
                },
            }
        }
    }

    /// Products in a circle keep today's prices.
    fn close(&mut self, circle: &[u32]) {
        let start = circle.iter().enumerate().min_by_key(|(_, row)| **row).map_or(0, |(place, _)| place);
        let in_order: Arc<[u32]> = circle[start..].iter().chain(&circle[..start]).copied().collect();
        for row in circle {
            let today = self.snapshot.lists[self.context.list].price_minor.get(*row as usize);
            let decided = self.decided();
            decided.prices.insert(*row, today);
            decided.circles.insert(*row, in_order.clone());
        }
    }

    /// The first product that is needed and not decided, or the price where none is.
    fn look(&self, row: u32) -> Result<u32, i64> {
        let (chunk, place) = (row as usize / CHUNK, row as usize % CHUNK);
        let view = ChunkView::new(&self.snapshot, self.context.list, chunk);
        let marks = Marks::new(self.rules, &view, &self.context, place..place + 1);
        let evaluation = evaluate(self.rules, &self.context, &view, &marks, place, &mut Vec::new());
        let price_minor = if evaluation.outcome == Outcome::Change { evaluation.new } else { view.price(place) };
        let decided = self.snapshot.lists[self.context.list].decided.as_deref();
        let is_open = |one: &u32| *one != row && decided.is_none_or(|decided| !decided.prices.contains_key(one));
        let asked = Asked { rules: self.rules, context: &self.context, view: &view, marks: &marks, place };
        let needed =
            asked.programs(&evaluation).into_iter().flat_map(|program| rows_of(program, &self.snapshot)).find(is_open);
        needed.ok_or(price_minor)
    }
}

/// A product whose rules are asked.
struct Asked<'a> {
    rules: &'a CompiledRules,
    context: &'a ListContext,
    view: &'a ChunkView<'a>,
    marks: &'a Marks,
    place: usize,
}

impl<'a> Asked<'a> {
    /// The programs that were looked at up to the rule that decided, in the order in which they were.
    fn programs(&self, row: &Evaluation) -> Vec<&'a Program> {
        let mut programs = Vec::new();
        let is_locked = row.inputs.flags & ListFlags::LOCKED != 0;
        if is_locked || matches!(row.outcome, Outcome::Ended | Outcome::OnPromotion) {
            return programs;
        }
        for (number, rule) in self.rules.rules.iter().enumerate().take(usize::from(row.rule).saturating_add(1)) {
            let holds = rule.gates.iter().all(|gate| self.holds(&self.rules.gates[*gate], *gate, &mut programs));
            if !holds {
                continue;
            }
            programs.extend(rule.strategy.program());
            let is_decided = number == usize::from(row.rule);
            if !is_decided || row.fallback {
                programs.extend(rule.fallback.as_ref().and_then(CompiledStrategy::program));
            }
        }
        if row.rule == OTHERWISE {
            programs.extend(self.rules.otherwise.program());
        }
        programs
    }

    /// Whether a rule or group holds; its condition is asked only where its scope holds.
    fn holds(&self, gate: &'a Gate, number: usize, programs: &mut Vec<&'a Program>) -> bool {
        let is_for_it = gate.enabled
            && self.context.is_in_force(&gate.valid)
            && gate.scope.first_failing(self.view, self.context, self.place).is_none();
        if is_for_it {
            programs.extend(&gate.condition);
        }
        is_for_it && self.marks.gate(number).first().is_some_and(|kept| *kept != 0)
    }
}
