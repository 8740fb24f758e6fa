//! Which rules and guardrails each row of a stretch matches, and what its formulas give, before any row is decided.

use std::ops::Range;

use super::bounds::Bounds;
use super::compile::{CompiledRules, ListContext};
use super::scope::CompiledScope;
use super::strategy::CompiledStrategy;
use super::view::ChunkView;
use crate::columns::NONE;
use crate::language::{Block, Registers};

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

const NO_GUARDS: Guards = Guards { floor: NO_FLOOR, fee: NO_FLOOR, price_floors: 0, ceilings: 0 };

/// The matches of a stretch of rows.
pub(crate) struct Marks {
    /// `words` words a row; bit n of word w: rule 64·w + n matches.
    rules: Vec<u64>,
    words: usize,
    guards: Vec<Guards>,
    /// For each formula the prices of the stretch; empty where no row asks for them.
    formulas: Vec<Vec<i64>>,
    start: usize,
}

/// Room that is kept between stretches.
#[derive(Default)]
pub(crate) struct MarkRoom {
    registers: Registers,
    /// Where each gate holds.
    masks: Vec<Vec<u8>>,
}

impl Marks {
    /// Finds the matches of `range`.
    pub(crate) fn new(rules: &CompiledRules, view: &ChunkView<'_>, context: &ListContext, range: Range<usize>) -> Self {
        Self::with_room(rules, view, context, range, &mut MarkRoom::default())
    }

    pub(crate) fn with_room(
        rules: &CompiledRules,
        view: &ChunkView<'_>,
        context: &ListContext,
        range: Range<usize>,
        room: &mut MarkRoom,
    ) -> Self {
        let words = rules.rules.len().div_ceil(64);
        let mut marks = Self {
            rules: vec![0; range.len() * words],
            words,
            guards: vec![NO_GUARDS; range.len()],
            formulas: vec![Vec::new(); rules.formulas],
            start: range.start,
        };
        marks.find_guards(rules, view, context, &range);
        marks.find_rules(rules, view, context, &range, room);
        marks
    }

    fn find_guards(
        &mut self,
        rules: &CompiledRules,
        view: &ChunkView<'_>,
        context: &ListContext,
        range: &Range<usize>,
    ) {
        let mut mask = vec![0u8; range.len()];
        let guards = &mut self.guards;
        let mut each = |scope: &CompiledScope, set: &mut dyn FnMut(&mut Guards)| {
            mask.fill(1);
            scope.narrow(view, context, range.clone(), &mut mask);
            guards.iter_mut().zip(&mask).filter(|(_, kept)| **kept != 0).for_each(|(guards, _)| set(guards));
        };
        let first = |found: &mut u16, number: usize| {
            if *found == NO_FLOOR {
                *found = number as u16;
            }
        };
        for (number, floor) in rules.floors.iter().enumerate() {
            each(&floor.scope, &mut |guards| first(&mut guards.floor, number));
        }
        for (number, scope) in rules.fees.iter().enumerate() {
            each(scope, &mut |guards| first(&mut guards.fee, number));
        }
        for (number, scope) in rules.price_floors.iter().enumerate() {
            each(scope, &mut |guards| guards.price_floors |= 1 << number);
        }
        for (number, scope) in rules.ceilings.iter().enumerate() {
            each(scope, &mut |guards| guards.ceilings |= 1 << number);
        }
    }

    fn find_rules(
        &mut self,
        rules: &CompiledRules,
        view: &ChunkView<'_>,
        context: &ListContext,
        range: &Range<usize>,
        room: &mut MarkRoom,
    ) {
        let MarkRoom { registers, masks } = room;
        masks.resize_with(rules.gates.len().max(masks.len()), Vec::new);
        let guards = std::mem::take(&mut self.guards);
        let floor = |place: usize| {
            let inputs = view.inputs(context, place);
            Bounds::new(rules, context, &inputs, guards[place - range.start]).floor_minor()
        };
        let all = Block { view, context, range: range.clone(), needed: &[], floor: &floor };
        let mut next_gate = 0;
        for (number, rule) in rules.rules.iter().enumerate() {
            let own = *rule.gates.last().expect("a rule has a gate");
            // Gates stand in the order of their first use, a group's before those inside it.
            while next_gate <= own {
                narrow_gate(rules, next_gate, &all, registers, masks);
                next_gate += 1;
            }
            let mask = &masks[own];
            if !mask.iter().any(|kept| *kept != 0) {
                continue;
            }
            let of_rule = self.rules.iter_mut().skip(number / 64).step_by(self.words);
            of_rule.zip(mask).for_each(|(word, kept)| *word |= u64::from(*kept) << (number % 64));
            for strategy in std::iter::once(&rule.strategy).chain(&rule.fallback) {
                if let CompiledStrategy::Formula(formula) = strategy {
                    formula.program.values(&all.only(mask), registers, &mut self.formulas[formula.slot]);
                }
            }
        }
        if let CompiledStrategy::Formula(formula) = &rules.otherwise {
            formula.program.values(&all, registers, &mut self.formulas[formula.slot]);
        }
        self.guards = guards;
    }

    /// The rules that match a row, in order.
    pub(crate) fn rules(&self, place: usize) -> impl Iterator<Item = u16> + '_ {
        let first = (place - self.start) * self.words;
        self.rules[first..first + self.words].iter().enumerate().flat_map(|(word, bits)| {
            let mut bits = *bits;
            std::iter::from_fn(move || {
                let number = (bits != 0).then(|| bits.trailing_zeros())?;
                bits &= bits - 1;
                Some((word * 64) as u16 + number as u16)
            })
        })
    }

    /// The guardrails that match a row.
    pub(crate) fn guards(&self, place: usize) -> Guards {
        self.guards[place - self.start]
    }

    /// What a formula gives for a row, in millionths, or [`NONE`].
    pub(crate) fn formula(&self, slot: usize, place: usize) -> i64 {
        self.formulas[slot].get(place - self.start).copied().unwrap_or(NONE)
    }
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
    if let Some(condition) = gate.condition.as_ref().filter(|_| mask.iter().any(|kept| *kept != 0)) {
        let needed = mask.clone();
        condition.narrow(&all.only(&needed), registers, mask);
    }
}
