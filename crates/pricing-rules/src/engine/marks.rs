//! Which rules and guardrails each row of a stretch matches, and what its formulas give, before any row is decided.

use std::ops::Range;

use super::bounds::Bounds;
use super::compile::{CompiledRules, ListContext};
use super::scope::CompiledScope;
use super::strategy::CompiledStrategy;
use super::view::ChunkView;
use crate::columns::NONE;
use crate::language::{Block, Registers};
use crate::wide::wide;

/// Stands for “no floor matches”.
pub(crate) const NO_FLOOR: u16 = u16::MAX;

/// The guardrails that match a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Guards {
    /// The first margin floor, or [`NO_FLOOR`].
    pub(crate) floor: u16,
    /// The first channel fee, or [`NO_FLOOR`].
    pub(crate) fee: u16,
    /// A bit for each further floor.
    pub(crate) price_floors: u32,
    /// A bit for each further ceiling.
    pub(crate) ceilings: u32,
}

/// The matches of a stretch of rows. The room it takes is kept from one stretch to the next.
#[derive(Default)]
pub(crate) struct Marks {
    start: usize,
    rows: usize,
    /// Where each gate holds.
    masks: Vec<Vec<u8>>,
    /// The gate of each rule.
    gates: Vec<usize>,
    /// The first margin floor of each row, or [`NO_FLOOR`].
    floors: Vec<u16>,
    /// Each number that is in `floors`, once.
    floors_present: Vec<u16>,
    /// Empty where the rule set has none; so are the next two.
    fees: Vec<u16>,
    price_floors: Vec<u32>,
    ceilings: Vec<u32>,
    /// For each formula the prices of the stretch; empty where no row asks for them.
    formulas: Vec<Vec<i64>>,
    registers: Registers,
    mask: Vec<u8>,
}

impl Marks {
    /// Finds the matches of `range`.
    pub(crate) fn new(rules: &CompiledRules, view: &ChunkView<'_>, context: &ListContext, range: Range<usize>) -> Self {
        let mut marks = Self::default();
        marks.find(rules, view, context, range);
        marks
    }

    /// Finds which guardrails `range` is under, and no rules.
    pub(crate) fn of_guards(
        rules: &CompiledRules,
        view: &ChunkView<'_>,
        context: &ListContext,
        range: Range<usize>,
    ) -> Self {
        let mut marks = Self { start: range.start, rows: range.len(), ..Self::default() };
        marks.find_guards(rules, view, context);
        marks
    }

    /// Finds the matches of another stretch; what was found before is forgotten.
    pub(crate) fn find(
        &mut self,
        rules: &CompiledRules,
        view: &ChunkView<'_>,
        context: &ListContext,
        range: Range<usize>,
    ) {
        (self.start, self.rows) = (range.start, range.len());
        self.formulas.resize_with(rules.formulas, Vec::new);
        self.formulas.iter_mut().for_each(Vec::clear);
        self.masks.resize_with(rules.gates.len(), Vec::new);
        self.gates.clear();
        self.gates.extend(rules.rules.iter().map(|rule| *rule.gates.last().expect("a rule has a gate")));
        self.find_guards(rules, view, context);
        self.find_rules(rules, view, context);
    }

    fn find_guards(&mut self, rules: &CompiledRules, view: &ChunkView<'_>, context: &ListContext) {
        let range = self.start..self.start + self.rows;
        let mask = &mut self.mask;
        let mut matches = |scope: &CompiledScope, each: &mut dyn FnMut(&[u8])| {
            mask.clear();
            mask.resize(range.len(), 1);
            scope.narrow(view, context, range.clone(), mask);
            each(mask);
        };
        let mut first = |scopes: &mut dyn Iterator<Item = &CompiledScope>, found: &mut Vec<u16>| {
            found.clear();
            found.resize(range.len(), NO_FLOOR);
            for (number, scope) in scopes.enumerate() {
                matches(scope, &mut |mask| take_first(found, mask, number as u16));
            }
        };
        first(&mut rules.floors.iter().map(|floor| &floor.scope), &mut self.floors);
        self.fees.clear();
        if !rules.fees.is_empty() {
            first(&mut rules.fees.iter(), &mut self.fees);
        }
        let mut bits = |scopes: &[CompiledScope], found: &mut Vec<u32>| {
            found.clear();
            if scopes.is_empty() {
                return;
            }
            found.resize(range.len(), 0);
            for (number, scope) in scopes.iter().enumerate() {
                matches(scope, &mut |mask| {
                    found.iter_mut().zip(mask).for_each(|(bits, kept)| *bits |= u32::from(*kept) << number);
                });
            }
        };
        bits(&rules.price_floors, &mut self.price_floors);
        bits(&rules.ceilings, &mut self.ceilings);
        self.floors_present.clear();
        let mut rows = 0;
        for number in (0..rules.floors.len() as u16).chain([NO_FLOOR]) {
            // What is left for later numbers is nothing once every row has its own.
            let found = if rows < self.floors.len() { count_of(&self.floors, number) } else { 0 };
            if found > 0 {
                self.floors_present.push(number);
                rows += found;
            }
        }
    }

    fn find_rules(&mut self, rules: &CompiledRules, view: &ChunkView<'_>, context: &ListContext) {
        let (mut masks, mut registers) = (std::mem::take(&mut self.masks), std::mem::take(&mut self.registers));
        let mut formulas = std::mem::take(&mut self.formulas);
        let floor = |place: usize| {
            let inputs = view.inputs(context, place);
            Bounds::new(rules, context, &inputs, self.guards(place)).floor_minor()
        };
        let range = self.start..self.start + self.rows;
        let all = Block { view, context, range, needed: &[], floor: &floor };
        let mut next_gate = 0;
        for rule in &rules.rules {
            let own = *rule.gates.last().expect("a rule has a gate");
            // Gates stand in the order of their first use, a group's before those inside it.
            while next_gate <= own {
                narrow_gate(rules, next_gate, &all, &mut registers, &mut masks);
                next_gate += 1;
            }
            let mask = &masks[own];
            for strategy in std::iter::once(&rule.strategy).chain(&rule.fallback) {
                if let CompiledStrategy::Formula(formula) = strategy
                    && is_any(mask)
                {
                    formula.program.values(&all.only(mask), &mut registers, &mut formulas[formula.slot]);
                }
            }
        }
        if let CompiledStrategy::Formula(formula) = &rules.otherwise {
            formula.program.values(&all, &mut registers, &mut formulas[formula.slot]);
        }
        (self.masks, self.registers, self.formulas) = (masks, registers, formulas);
    }

    /// The place of the first row in its chunk.
    pub(crate) const fn start(&self) -> usize {
        self.start
    }

    /// How many rows there are.
    pub(crate) const fn rows(&self) -> usize {
        self.rows
    }

    /// Where a rule matches, by row of the stretch.
    pub(crate) fn mask(&self, rule: usize) -> &[u8] {
        &self.masks[self.gates[rule]]
    }

    /// Where a gate holds, by row of the stretch.
    pub(crate) fn gate(&self, number: usize) -> &[u8] {
        &self.masks[number]
    }

    /// The rules that match a row, in order.
    pub(crate) fn rules(&self, place: usize) -> impl Iterator<Item = u16> + '_ {
        let row = place - self.start;
        let matching = self.gates.iter().enumerate().filter(move |(_, gate)| self.masks[**gate][row] != 0);
        matching.map(|(number, _)| number as u16)
    }

    /// The first margin floor of each row of the stretch, or [`NO_FLOOR`].
    pub(crate) fn floors(&self) -> &[u16] {
        &self.floors
    }

    /// Each number that is in [`Self::floors`], once.
    pub(crate) fn floors_present(&self) -> &[u16] {
        &self.floors_present
    }

    /// The guardrails that match a row.
    pub(crate) fn guards(&self, place: usize) -> Guards {
        let row = place - self.start;
        Guards {
            floor: self.floors[row],
            fee: self.fees.get(row).copied().unwrap_or(NO_FLOOR),
            price_floors: self.price_floors.get(row).copied().unwrap_or(0),
            ceilings: self.ceilings.get(row).copied().unwrap_or(0),
        }
    }

    /// What a formula gives for a row, in millionths, or [`NONE`].
    pub(crate) fn formula(&self, slot: usize, place: usize) -> i64 {
        self.formulas[slot].get(place - self.start).copied().unwrap_or(NONE)
    }
}

/// Whether a mask keeps any row.
fn is_any(mask: &[u8]) -> bool {
    wide(move || mask.iter().fold(0, |any, kept| any | kept)) != 0
}

/// Gives rows that have no number yet and are kept by a mask this one.
fn take_first(found: &mut [u16], mask: &[u8], number: u16) {
    wide(move || {
        for (found, kept) in found.iter_mut().zip(mask) {
            *found = if (*found == NO_FLOOR) & (*kept != 0) { number } else { *found };
        }
    });
}

/// How often a number is there.
fn count_of(numbers: &[u16], wanted: u16) -> usize {
    // A stretch lies in a chunk, which has fewer rows than this counts to.
    wide(move || numbers.iter().fold(0u16, |count, number| count.wrapping_add(u16::from(*number == wanted)))).into()
}

/// Finds where a gate holds: inside its group's, by its own validity, scope and condition.
fn narrow_gate(
    rules: &CompiledRules,
    number: usize,
    all: &Block<'_>,
    registers: &mut Registers,
    masks: &mut [Vec<u8>],
) {
    let gate = &rules.gates[number];
    let (before, own) = masks.split_at_mut(number);
    let mask = &mut own[0];
    match gate.parent {
        Some(parent) => mask.clone_from(&before[parent]),
        None => {
            mask.clear();
            mask.resize(all.range.len(), 1);
        }
    }
    if !gate.enabled || !all.context.is_in_force(&gate.valid) {
        return mask.fill(0);
    }
    gate.scope.narrow(all.view, all.context, all.range.clone(), mask);
    if let Some(condition) = gate.condition.as_ref().filter(|_| is_any(mask)) {
        let needed = mask.clone();
        condition.narrow(&all.only(&needed), registers, mask);
    }
}
