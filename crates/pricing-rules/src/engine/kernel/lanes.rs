//! One block of rows as arrays side by side: what the kernel computes for each row, and the same as an [`Evaluation`].

use pricing_domain::{BasisPoints, ExceptionReason};

use super::places::Places;
use crate::columns::NONE;
use crate::engine::bounds::{Bounds, CeilingKind, FloorKind};
use crate::engine::compile::{ListContext, OTHERWISE};
use crate::engine::decide::{Evaluation, Outcome};
use crate::engine::family::{Standing, standing_of};
use crate::engine::view::{ChunkView, RowInputs};

/// Rows of a block: few enough for its arrays to stay near the processor, and not a power of two, because arrays whose
/// places differ by a multiple of 4 KiB push each other out of its nearest memory.
pub(crate) const ROWS: usize = 264;

/// The largest amount in minor units that the kernel computes with. Dearer products are priced one by one.
pub(super) const LIMIT: i64 = (1 << 28) - 1;

/// One value for each row of a block.
pub(super) type Lane = [i64; ROWS];

/// What became of a row, as a number.
pub(super) mod codes {
    pub(in crate::engine) const ENDED: i64 = 0;
    pub(in crate::engine) const ON_PROMOTION: i64 = 1;
    pub(in crate::engine) const LOCKED: i64 = 2;
    pub(in crate::engine) const NO_PRICE: i64 = 3;
    pub(in crate::engine) const UNCHANGED: i64 = 4;
    pub(in crate::engine) const LOWERED: i64 = 5;
    pub(in crate::engine) const RAISED: i64 = 6;
    /// From here on exceptions, by the place of their reason.
    pub(in crate::engine) const EXCEPTION: i64 = 7;
}

/// Where a bound comes from, as a number.
pub(super) mod kinds {
    pub(in crate::engine) const NOWHERE: i64 = 0;
    /// The own lowest or highest price.
    pub(in crate::engine) const OWN: i64 = 1;
    /// The cost, or the ceiling of the rule set.
    pub(in crate::engine) const GENERAL: i64 = 2;
    /// From here on further floors or ceilings, by their place; up to 32 of them.
    pub(in crate::engine) const FURTHER: i64 = 16;
    /// From here on margin floors, by their place.
    pub(in crate::engine) const MARGIN: i64 = 64;
}

/// A rule as a number: its place, doubled, and one more when its fallback decided. [`UNDECIDED`] before.
pub(super) const UNDECIDED: i64 = -1;

/// The “otherwise” of a rule set as such a number.
pub(super) const BY_OTHERWISE: i64 = (OTHERWISE as i64) << 1;

/// Set in [`Lanes::alone`] where a lock names the price: its family cannot move it.
pub(super) const FIXED_ALONE: i64 = 2;

/// The rows of a block. Amounts are minor units or [`NONE`]; a row beyond the last is never looked at.
pub(crate) struct Lanes {
    pub(super) places: Places,
    pub(super) price: Lane,
    pub(super) min: Lane,
    pub(super) max: Lane,
    pub(super) rrp: Lane,
    /// 1 + VAT in basis points.
    pub(super) with_vat: Lane,
    /// Cost in millionths × (1 + VAT) in basis points; 0 without a cost.
    pub(super) gross_cost: Lane,
    /// 1 where today's price began too recently to change.
    pub(super) soon: Lane,
    /// Figures of the ordinary usable offers.
    pub(super) offers: OfferLanes,
    pub(super) floor: Lane,
    pub(super) floor_kind: Lane,
    /// What a minor unit of price earns against `gross_cost`.
    pub(super) keeps: Lane,
    pub(super) ceiling: Lane,
    pub(super) ceiling_kind: Lane,
    pub(super) rule: Lane,
    pub(super) wanted: Lane,
    pub(super) low: Lane,
    pub(super) high: Lane,
    pub(super) new: Lane,
    pub(super) lawful: Lane,
    pub(super) code: Lane,
    /// Not 0 where a row is priced by itself; [`FIXED_ALONE`] among it where its price is fixed.
    pub(super) alone: Lane,
    pub(super) refused: [bool; ROWS],
    /// The side on which the ending of a price is taken: 1 above, −1 below, 0 the nearest.
    pub(super) preferred: Lane,
    /// Room for what is between two steps.
    pub(super) room: [Lane; 3],
}

/// Figures of the usable offers.
pub(super) struct OfferLanes {
    pub(super) count: Lane,
    pub(super) lowest: Lane,
    pub(super) second: Lane,
    /// The sum of the two middle ones; twice the middle one of an odd number.
    pub(super) middle: Lane,
    pub(super) sum: Lane,
}

impl Lanes {
    pub(crate) fn new() -> Box<Self> {
        const ZERO: Lane = [0; ROWS];
        Box::new(Self {
            places: Places::new(),
            price: ZERO,
            min: ZERO,
            max: ZERO,
            rrp: ZERO,
            with_vat: ZERO,
            gross_cost: ZERO,
            soon: ZERO,
            offers: OfferLanes { count: ZERO, lowest: ZERO, second: ZERO, middle: ZERO, sum: ZERO },
            floor: ZERO,
            floor_kind: ZERO,
            keeps: ZERO,
            ceiling: ZERO,
            ceiling_kind: ZERO,
            rule: ZERO,
            wanted: ZERO,
            low: ZERO,
            high: ZERO,
            new: ZERO,
            lawful: ZERO,
            code: ZERO,
            alone: ZERO,
            refused: [false; ROWS],
            preferred: ZERO,
            room: [ZERO; 3],
        })
    }

    /// The bounds of a row.
    pub(super) fn bounds(&self, row: usize) -> Bounds {
        let floor_kind = match self.floor_kind[row] {
            kinds::NOWHERE => FloorKind::None,
            kinds::OWN => FloorKind::OwnMinimum,
            kinds::GENERAL => FloorKind::Cost,
            further @ ..kinds::MARGIN => FloorKind::Further((further - kinds::FURTHER) as u16),
            margin => FloorKind::Margin((margin - kinds::MARGIN) as u16),
        };
        let ceiling_kind = match self.ceiling_kind[row] {
            kinds::NOWHERE => CeilingKind::None,
            kinds::OWN => CeilingKind::OwnMaximum,
            kinds::GENERAL => CeilingKind::RuleSet,
            further => CeilingKind::Further((further - kinds::FURTHER) as u16),
        };
        Bounds { floor: self.floor[row], floor_kind, ceiling: self.ceiling[row], ceiling_kind }
    }

    pub(super) fn set_bounds(&mut self, row: usize, bounds: &Bounds) {
        self.floor[row] = bounds.floor;
        self.floor_kind[row] = match bounds.floor_kind {
            FloorKind::None => kinds::NOWHERE,
            FloorKind::OwnMinimum => kinds::OWN,
            FloorKind::Cost => kinds::GENERAL,
            FloorKind::Further(place) => kinds::FURTHER + i64::from(place),
            FloorKind::Margin(place) => kinds::MARGIN + i64::from(place),
        };
        self.ceiling[row] = bounds.ceiling;
        self.ceiling_kind[row] = match bounds.ceiling_kind {
            CeilingKind::None => kinds::NOWHERE,
            CeilingKind::OwnMaximum => kinds::OWN,
            CeilingKind::RuleSet => kinds::GENERAL,
            CeilingKind::Further(place) => kinds::FURTHER + i64::from(place),
        };
    }

    /// The row as the slow way gives it, with `market` as the offers that a ceiling is measured by.
    pub(super) fn evaluation(
        &self,
        context: &ListContext,
        view: &ChunkView<'_>,
        row: usize,
        market: (i64, i64),
    ) -> Evaluation {
        let bounds = self.bounds(row);
        let inputs = view.inputs(context, self.places.of(row));
        let outcome = match self.code[row] {
            codes::ENDED => Outcome::Ended,
            codes::ON_PROMOTION => Outcome::OnPromotion,
            codes::LOCKED => Outcome::Locked,
            codes::NO_PRICE => Outcome::NoPrice,
            codes::UNCHANGED => Outcome::Unchanged,
            codes::LOWERED | codes::RAISED => Outcome::Change,
            exception => Outcome::Exception(reason(exception)),
        };
        Evaluation {
            inputs: RowInputs { offer_floor: bounds.floor_minor(), market, ..inputs },
            bounds,
            rule: (self.rule[row] >> 1) as u16,
            fallback: self.rule[row] & 1 == 1,
            wanted: self.wanted[row],
            low: self.low[row],
            high: self.high[row],
            new: self.new[row],
            lawful: self.lawful[row],
            outcome,
            refused_by_verification: self.refused[row],
        }
    }

    /// Whether a row was priced here, and not by itself.
    pub(crate) fn is_by_columns(&self, row: usize) -> bool {
        self.alone[row] == 0
    }

    /// How a row stands in its family.
    pub(crate) fn standing(&self, row: usize) -> Standing {
        let code = self.code[row];
        let price = match code {
            codes::ENDED | codes::ON_PROMOTION | codes::NO_PRICE => NONE,
            codes::LOWERED | codes::RAISED => self.new[row],
            codes::LOCKED | codes::UNCHANGED => self.price[row],
            exception => standing_of(reason(exception), self.price[row]),
        };
        let is_movable = (codes::UNCHANGED..=codes::RAISED).contains(&code) && self.alone[row] & FIXED_ALONE == 0;
        Standing::new(price, self.low[row], self.high[row], is_movable)
    }

    /// Takes over what the slow way gives.
    pub(super) fn put(&mut self, row: usize, evaluation: &Evaluation) {
        let inputs = &evaluation.inputs;
        self.set_bounds(row, &evaluation.bounds);
        self.price[row] = inputs.price;
        self.gross_cost[row] = i64::from(inputs.cost_micro != NONE);
        self.with_vat[row] = BasisPoints::ONE + inputs.vat_bp;
        self.rule[row] = (i64::from(evaluation.rule) << 1) | i64::from(evaluation.fallback);
        self.wanted[row] = evaluation.wanted;
        self.low[row] = evaluation.low;
        self.high[row] = evaluation.high;
        self.new[row] = evaluation.new;
        self.lawful[row] = evaluation.lawful;
        self.refused[row] = evaluation.refused_by_verification;
        self.code[row] = match evaluation.outcome {
            Outcome::Ended => codes::ENDED,
            Outcome::OnPromotion => codes::ON_PROMOTION,
            Outcome::Locked => codes::LOCKED,
            Outcome::NoPrice => codes::NO_PRICE,
            Outcome::Unchanged => codes::UNCHANGED,
            Outcome::Change if evaluation.new > evaluation.inputs.price => codes::RAISED,
            Outcome::Change => codes::LOWERED,
            Outcome::Exception(reason) => code_of(reason),
        };
    }
}

/// An exception as a number.
pub(super) const fn code_of(reason: ExceptionReason) -> i64 {
    codes::EXCEPTION + reason as i64
}

/// The reason of such a number.
pub(super) fn reason(code: i64) -> ExceptionReason {
    ExceptionReason::from_index((code - codes::EXCEPTION) as u8).expect("a code of an exception")
}

/// The amount, unless it is not above zero.
#[inline(always)]
pub(super) fn amount(value: i64) -> i64 {
    if value > 0 { value } else { NONE }
}

/// `one` or `other`, without a branch: written as a choice it becomes a store that happens or not, which a processor
/// does for one row at a time.
#[inline(always)]
pub(super) fn select(takes: bool, one: i64, other: i64) -> i64 {
    let all = -i64::from(takes);
    (one & all) | (other & !all)
}
