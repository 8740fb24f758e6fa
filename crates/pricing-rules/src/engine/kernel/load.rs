//! Columns into lanes.

use pricing_domain::{BasisPoints, Lifecycle, TaxMode};

use super::Work;
use super::division::Share;
use super::lanes::{FIXED_ALONE, LIMIT, Lanes, OfferLanes, ROWS, amount, codes};
use crate::columns::{NONE, widened};
use crate::offer_use::{OfferFigures, Usable, collect_with_expiry};
use crate::snapshot::{FigureColumns, ListFlags};

const ONE: i64 = BasisPoints::ONE;

/// Costs up to this are computed with: with VAT they stay within a dividend.
pub(super) const LARGEST_COST: i64 = 1 << 46;

/// 1 + VAT beyond this is left to the slow way.
pub(super) const LARGEST_WITH_VAT: i64 = 3 * ONE;

/// Sums of offers up to this are computed with.
const LARGEST_SUM: i64 = 1 << 40;

/// Prices, limits, costs and states.
#[inline(always)]
pub(super) fn rows(work: &Work<'_>, lanes: &mut Lanes) {
    let (rows, view) = (lanes.places.count(), work.view);
    lanes.alone[..rows].fill(0);
    lanes.refused[..rows].fill(false);
    let Lanes { places, price, min, max, rrp, gross_cost, alone, .. } = lanes;
    let amounts = [view.price, view.min, view.max, view.rrp];
    // One that stands beside its column is above every limit.
    places.fetch(amounts, [&mut *price, &mut *min, &mut *max, &mut *rrp], i64::from);
    places.fetch([view.cost_micro], [gross_cost], |cost| cost);
    for lane in [price, min, max, rrp] {
        for (value, alone) in lane[..rows].iter_mut().zip(alone.iter_mut()) {
            *alone |= i64::from(*value > LIMIT);
            *value = amount(*value);
        }
    }
    costs(work, lanes);
    let mut room = ([0; ROWS], [0; ROWS]);
    let lifecycle = lanes.places.pick(view.lifecycle, 0, &mut room.0);
    let flags = lanes.places.pick(view.flags, 0, &mut room.1);
    for (((lifecycle, flags), code), alone) in
        lifecycle.iter().zip(flags).zip(lanes.code.iter_mut()).zip(lanes.alone.iter_mut())
    {
        let locked = if flags & ListFlags::LOCKED != 0 { codes::LOCKED } else { codes::UNCHANGED };
        let standing = if flags & ListFlags::PROMOTION != 0 { codes::ON_PROMOTION } else { locked };
        *code = if *lifecycle == Lifecycle::Ended as u8 { codes::ENDED } else { standing };
        *alone |= i64::from(ListFlags::is_fixed(*flags)) * FIXED_ALONE;
    }
    if work.rules.looks_back {
        for row in 0..rows {
            lanes.alone[row] |= i64::from(!view.moves(lanes.places.of(row)).is_empty());
        }
    }
    for place in view.circles() {
        if let Some(row) = lanes.places.row_of(place) {
            lanes.alone[row] = 1;
        }
    }
    match work.plan.soon_after_s {
        Some(after_s) => {
            let mut room = [0; ROWS];
            let since = lanes.places.pick(view.price_since_s, 0, &mut room);
            for (since_s, soon) in since.iter().zip(lanes.soon.iter_mut()) {
                *soon = i64::from((*since_s != 0) & (i64::from(*since_s) > after_s));
            }
        }
        None => lanes.soon[..rows].fill(0),
    }
}

/// Costs, which stand in their lane, as gross costs.
#[inline(always)]
fn costs(work: &Work<'_>, lanes: &mut Lanes) {
    let (rows, mut room) = (lanes.places.count(), [0; ROWS]);
    let rates = &lanes.places.pick(work.view.vat_bp, 0, &mut room)[..rows];
    let contains_vat = work.context.tax_mode == TaxMode::Gross;
    for row in 0..rows {
        let rate = if contains_vat { i64::from(rates[row]) } else { 0 };
        let (is_known, with_vat) = (rate >= 0, ONE + rate.max(0));
        let cost = lanes.gross_cost[row];
        let is_cost = cost > 0;
        let is_usable = is_cost & is_known;
        lanes.with_vat[row] = with_vat;
        lanes.gross_cost[row] = if is_usable { cost.wrapping_mul(with_vat) } else { 0 };
        // A cost without a rate of VAT has a floor of its own.
        lanes.alone[row] |= i64::from((cost > LARGEST_COST) | (with_vat > LARGEST_WITH_VAT) | (is_cost & !is_known));
    }
}

/// The figures of the ordinary offers, as the snapshot keeps them or, where offers have expired since, anew.
#[inline(always)]
pub(super) fn offers(work: &Work<'_>, lanes: &mut Lanes, usable: &mut Vec<Usable>) {
    if work.plan.figures == [false; 4] {
        return;
    }
    match work.view.figures(work.context) {
        Some(kept) => {
            let is_stale = copy(work, lanes, kept);
            for row in (0..lanes.places.count()).filter(|_| is_stale) {
                if lanes.offers.count[row] < 0 {
                    anew(work, lanes, row, usable);
                }
            }
        }
        None => (0..lanes.places.count()).for_each(|row| anew(work, lanes, row, usable)),
    }
    let OfferLanes { lowest, second, middle, sum, .. } = &lanes.offers;
    // The middle is kept twice.
    let largest = [LIMIT, LIMIT, 2 * LIMIT, LARGEST_SUM];
    for ((lane, largest), is_read) in [lowest, second, middle, sum].into_iter().zip(largest).zip(work.plan.figures) {
        if is_read {
            for (amount, alone) in lane[..lanes.places.count()].iter().zip(lanes.alone.iter_mut()) {
                *alone |= i64::from(*amount > largest);
            }
        }
    }
}

/// Copies what strategies read; a count of −1 marks rows of which some offer has expired. Whether there is any.
#[inline(always)]
fn copy(work: &Work<'_>, lanes: &mut Lanes, kept: FigureColumns<'_>) -> bool {
    let rows = lanes.places.count();
    let mut room = ([0; ROWS], [0; ROWS]);
    let now_s = work.context.offers.now_s;
    let OfferLanes { count, lowest, second, middle, sum } = &mut lanes.offers;
    let mut is_stale = false;
    let counts = &lanes.places.pick(kept.count, 0, &mut room.0)[..rows];
    let until = &lanes.places.pick(kept.until_s, 0, &mut room.1)[..rows];
    for row in 0..rows {
        let stale = (i64::from(until[row]) < now_s) | (counts[row] == u16::MAX);
        count[row] = if stale { -1 } else { i64::from(counts[row]) };
        is_stale |= stale;
    }
    let [_, _, _, reads_sum] = work.plan.figures;
    let columns = [(kept.lowest, lowest), (kept.second, second), (kept.middle, middle)];
    for ((column, lane), is_read) in columns.into_iter().zip(work.plan.figures) {
        if is_read {
            lanes.places.fetch([column], [lane], widened);
        }
    }
    if reads_sum {
        lanes.places.fetch([kept.sum], [sum], |sum| sum);
    }
    is_stale
}

fn anew(work: &Work<'_>, lanes: &mut Lanes, row: usize, usable: &mut Vec<Usable>) {
    let offers = work.view.offers(lanes.places.of(row));
    collect_with_expiry(&work.plan.ordinary, work.context.offers, offers, usable);
    let figures = OfferFigures::of(usable);
    lanes.offers.count[row] = figures.count as i64;
    lanes.offers.lowest[row] = figures.lowest;
    lanes.offers.second[row] = figures.second;
    lanes.offers.middle[row] = figures.middle;
    lanes.offers.sum[row] = figures.sum;
}

const _: () = assert!(NONE < 0, "what is missing is below every limit");

const _: () = assert!(2 * LIMIT <= Share::LARGEST, "a share is taken of every ordinary amount");
