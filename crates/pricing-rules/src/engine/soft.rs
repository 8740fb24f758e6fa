//! Guardrails that only warn. They are looked at once prices are decided, and never change one; rule sets without any
//! are priced as if there were no such thing.

use std::ops::Range;

use pricing_domain::{BasisPoints, Ceiling, FloorAmount, SoftLimit};

use super::bounds::{channel_fee, exceeds, highest, lowest_with_margin, lowest_with_markup, places};
use super::compile::{CompiledRules, ListContext};
use super::marks::NO_FLOOR;
use super::outcome::Decision;
use super::scope::CompiledScope;
use super::verify::{earns, is_above, is_below};
use super::view::{ChunkView, RowInputs};
use crate::columns::{CHUNK, NONE};
use crate::offer_use::{Usable, collect_usable};
use crate::parallel::map_chunks;
use crate::snapshot::Snapshot;

/// How many limits the price of each decision crosses, in their order; empty where the rule set has none.
pub(crate) fn warnings_of(
    rules: &CompiledRules,
    context: &ListContext,
    snapshot: &Snapshot,
    decisions: &[Decision],
) -> Vec<u8> {
    if rules.warnings.is_empty() {
        return Vec::new();
    }
    let groups: Vec<&[Decision]> =
        decisions.chunk_by(|one, other| one.row as usize / CHUNK == other.row as usize / CHUNK).collect();
    let counted = map_chunks(groups.len(), |group| {
        let decisions = groups[group];
        let view = ChunkView::new(snapshot, context.list, decisions[0].row as usize / CHUNK);
        let found = Matching::new(rules, context, &view, view.places());
        let mut usable = Vec::new();
        let count = |decision: &Decision| {
            let price = if decision.reason.is_some() { decision.lawful_minor } else { decision.new_minor };
            let place = decision.row as usize % CHUNK;
            let inputs = found.inputs(rules, context, &view, place, &mut usable);
            found.crossed(rules, context, place, &inputs, price).count_ones() as u8
        };
        decisions.iter().map(count).collect::<Vec<u8>>()
    });
    counted.concat()
}

/// Which limits and fees are for the rows of a stretch.
pub(crate) struct Matching {
    start: usize,
    /// A bit for each limit.
    limits: Vec<u32>,
    /// The first channel fee, or [`NO_FLOOR`]; empty where there is none.
    fees: Vec<u16>,
}

impl Matching {
    pub(crate) fn new(rules: &CompiledRules, context: &ListContext, view: &ChunkView<'_>, range: Range<usize>) -> Self {
        let matches = |scope: &CompiledScope| {
            let mut mask = vec![1u8; range.len()];
            scope.narrow(view, context, range.clone(), &mut mask);
            mask
        };
        let mut limits = vec![0u32; range.len()];
        for (number, scope) in rules.warnings.iter().enumerate() {
            let mask = matches(scope);
            limits.iter_mut().zip(mask).for_each(|(bits, kept)| *bits |= u32::from(kept) << number);
        }
        let mut fees = vec![NO_FLOOR; if rules.fees.is_empty() { 0 } else { range.len() }];
        for (number, scope) in rules.fees.iter().enumerate() {
            let mask = matches(scope);
            for (found, kept) in fees.iter_mut().zip(mask) {
                *found = if *found == NO_FLOOR && kept != 0 { number as u16 } else { *found };
            }
        }
        Self { start: range.start, limits, fees }
    }

    fn fee(&self, place: usize) -> u16 {
        self.fees.get(place - self.start).copied().unwrap_or(NO_FLOOR)
    }

    /// The inputs of a row, with what ceilings are measured by.
    fn inputs(
        &self,
        rules: &CompiledRules,
        context: &ListContext,
        view: &ChunkView<'_>,
        place: usize,
        usable: &mut Vec<Usable>,
    ) -> RowInputs {
        let inputs = view.inputs(context, place).with_fee(self.fee(place));
        let Some(policy) = &rules.market else { return inputs };
        collect_usable(policy, context.offers, view.offers(place), usable);
        let sum = usable.iter().fold(0i64, |sum, offer| sum.saturating_add(offer.amount_minor));
        RowInputs { market: (sum, usable.len() as i64), ..inputs }
    }

    /// The limits that a price crosses: a bit for each.
    pub(crate) fn crossed(
        &self,
        rules: &CompiledRules,
        context: &ListContext,
        place: usize,
        inputs: &RowInputs,
        price: i64,
    ) -> u32 {
        if price == NONE {
            return 0;
        }
        let fee = channel_fee(rules, context, self.fee(place));
        let limits = &rules.set.guardrails.warnings;
        let is_crossed = |place: &usize| is_crossed(context, inputs, limits[*place].limit, fee, price);
        places(self.limits[place - self.start]).filter(is_crossed).fold(0, |bits, place| bits | 1 << place)
    }
}

fn is_crossed(context: &ListContext, inputs: &RowInputs, limit: SoftLimit, fee: (i128, i128), price: i64) -> bool {
    let today = inputs.price;
    match limit {
        SoftLimit::Margin(_) | SoftLimit::Markup(_) if inputs.cost_micro == NONE => false,
        SoftLimit::Margin(margin) => !earns(context, inputs, price, margin, fee),
        SoftLimit::Markup(markup) => !is_above(context, inputs, price, FloorAmount::Markup(markup)),
        SoftLimit::AtLeastMinor(amount) => price < amount,
        SoftLimit::Ceiling(ceiling) => !is_below(inputs, price, ceiling),
        SoftLimit::StepUp(_) | SoftLimit::StepDown(_) if today == NONE => false,
        SoftLimit::StepUp(step) => price > today && exceeds(today, price, step),
        SoftLimit::StepDown(step) => price < today && exceeds(today, price, step),
    }
}

/// The amount that a limit stands for; `None` for steps, and where no price reaches it.
pub(crate) fn amount_of(
    rules: &CompiledRules,
    context: &ListContext,
    inputs: &RowInputs,
    fee: u16,
    limit: SoftLimit,
) -> Option<i64> {
    match limit {
        SoftLimit::Margin(margin) => lowest_with_margin(context, inputs, margin, channel_fee(rules, context, fee)),
        SoftLimit::Markup(markup) => Some(lowest_with_markup(context, inputs, markup)),
        SoftLimit::AtLeastMinor(amount) => Some(amount),
        SoftLimit::Ceiling(ceiling) => highest(ceiling, inputs),
        SoftLimit::StepUp(_) | SoftLimit::StepDown(_) => None,
    }
}

/// “margin 10 % of the net price”.
pub(crate) fn words_of(limit: SoftLimit) -> String {
    let percent = |rate: BasisPoints| rate.to_string();
    match limit {
        SoftLimit::Margin(margin) => format!("a margin of {}", percent(margin)),
        SoftLimit::Markup(markup) => format!("a markup of {}", percent(markup)),
        SoftLimit::AtLeastMinor(_) => "the lowest price that does not warn".into(),
        SoftLimit::Ceiling(Ceiling::OfRecommended(share)) => format!("{} of the recommended price", percent(share)),
        SoftLimit::Ceiling(Ceiling::OfCompetitors(share)) => format!("{} of the competitors' average", percent(share)),
        SoftLimit::Ceiling(Ceiling::AmountMinor(_)) => "the highest price that does not warn".into(),
        SoftLimit::StepUp(step) => format!("{} up at once", percent(step)),
        SoftLimit::StepDown(step) => format!("{} down at once", percent(step)),
    }
}
