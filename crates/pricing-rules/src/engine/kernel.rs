//! The quick way: blocks of rows priced column by column, with whole numbers of 64 bits and without branches, so that
//! the processor works on several rows at once.
//!
//! It gives what [`super::decide::evaluate`] gives, to the cent and with the same bounds, or leaves the row to it: rows
//! with amounts beyond the ordinary, first prices, prices that moved lately under a guardrail that looks back, and
//! whatever else is rare. Every product of two amounts is known to
//! fit before it is computed: prices stay below 2²⁸ minor units, costs below 2⁴⁶ millionths, VAT below 200 %, and what
//! a rule set says is looked at in [`Plan::new`].

#![allow(clippy::needless_range_loop, reason = "one index over many arrays is what the processor is given")]

mod bounds;
mod choose;
mod decide;
mod division;
mod endings;
mod kept;
mod lanes;
mod load;
mod places;
mod plan;
mod sums;

use super::compile::{CompiledRules, ListContext};
use super::decide::{Evaluation, evaluate};
use super::marks::Marks;
use super::recent::Recent;
use super::view::{ChunkView, RowInputs};
use crate::offer_use::{Usable, collect_usable};
use crate::wide::wide;

pub(crate) use kept::Kept;
pub(crate) use lanes::{Lanes, ROWS};
pub(crate) use places::Rows;
pub(crate) use plan::Plan;
pub(crate) use sums::{Changes, Found, Tally, Units, decisions};

/// Rows of a stretch, whose rules and guardrails are found together: a few blocks.
pub(crate) const STRETCH: usize = 8 * ROWS;

/// What the blocks of a stretch are priced with.
#[derive(Clone, Copy)]
pub(crate) struct Work<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) rules: &'a CompiledRules,
    pub(crate) context: &'a ListContext,
    pub(crate) view: &'a ChunkView<'a>,
    /// The matches of the stretch's rows.
    pub(crate) marks: &'a Marks,
}

impl Work<'_> {
    /// Prices a block: some of the rows that `marks` are about.
    pub(crate) fn price(self, rows: Rows<'_>, lanes: &mut Lanes, usable: &mut Vec<Usable>) {
        lanes.places.set(rows);
        let rows = lanes.places.count();
        dispatch(Block { work: self, lanes, usable });
        let alone = &lanes.alone[..rows];
        if wide(move || alone.iter().fold(0, |any, one| any | one)) == 0 {
            return;
        }
        for row in 0..rows {
            if lanes.alone[row] != 0 {
                let place = lanes.places.of(row);
                let evaluation = evaluate(self.rules, self.context, self.view, self.marks, place, usable);
                lanes.put(row, &evaluation);
            }
        }
    }

    /// A row of a priced block as the slow way gives it.
    pub(crate) fn evaluation(&self, lanes: &Lanes, row: usize, usable: &mut Vec<Usable>) -> Evaluation {
        let place = lanes.places.of(row);
        let evaluation = lanes.evaluation(self.context, self.view, row, self.market(place, usable));
        let inputs = evaluation.inputs.with_fee(self.marks.guards(place).fee);
        let evaluation = Evaluation { inputs, ..evaluation };
        if !self.rules.looks_back {
            return evaluation;
        }
        let recent = Recent::of(&self.rules.set.guardrails, self.context, self.view.moves(place));
        Evaluation { inputs: RowInputs { recent, ..evaluation.inputs }, ..evaluation }
    }

    /// Sum and number of the offers that a ceiling is measured by.
    fn market(&self, place: usize, usable: &mut Vec<Usable>) -> (i64, i64) {
        let Some(policy) = &self.rules.market else { return (0, 0) };
        collect_usable(policy, self.context.offers, self.view.offers(place), usable);
        let sum = usable.iter().fold(0i64, |sum, offer| sum.saturating_add(offer.amount_minor));
        (sum, usable.len() as i64)
    }
}

/// The part that runs on whichever vector instructions the processor has.
struct Block<'a> {
    work: Work<'a>,
    lanes: &'a mut Lanes,
    usable: &'a mut Vec<Usable>,
}

impl OnRows for Block<'_> {
    #[inline(always)]
    fn run(self) {
        let Self { work, lanes, usable } = self;
        load::rows(&work, lanes);
        load::offers(&work, lanes, usable);
        bounds::floors(&work, lanes);
        bounds::ceilings(&work, lanes);
        bounds::further(&work, lanes, usable);
        choose::prices(&work, lanes, usable);
        decide::rows(&work, lanes);
        decide::verify(&work, lanes, usable);
    }
}

/// Loops over rows that run on whichever vector instructions the processor has.
trait OnRows {
    fn run(self);
}

#[cfg(not(target_arch = "wasm32"))]
struct Wide<T>(T);

#[cfg(not(target_arch = "wasm32"))]
impl<T: OnRows> pulp::WithSimd for Wide<T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _instructions: S) {
        self.0.run();
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn dispatch(work: impl OnRows) {
    pulp::Arch::new().dispatch(Wide(work));
}

#[cfg(target_arch = "wasm32")]
fn dispatch(work: impl OnRows) {
    work.run();
}
