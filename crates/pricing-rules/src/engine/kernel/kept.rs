//! Rows that keep their price: no rule matches them, and it lies within its bounds. They need no window, no ending and no
//! offers, so that only the others are priced.

use pricing_domain::{BasisPoints, Lifecycle, TaxMode};

use super::Work;
use super::division::product;
use super::lanes::LIMIT;
use super::load::{LARGEST_COST, LARGEST_WITH_VAT};
use super::plan::CeilingPlan;
use super::{OnRows, ROWS, STRETCH, dispatch};
use crate::engine::exact::LARGEST_MINOR;
use crate::engine::marks::NO_FLOOR;
use crate::snapshot::ListFlags;
use crate::wide::wide;

const ONE: i64 = BasisPoints::ONE;

/// The rows of a stretch that keep their price, and the places of the others.
pub(crate) struct Kept {
    count: u32,
    /// How many of those have no cost.
    without_cost: u32,
    places: [u16; STRETCH],
    others: usize,
    /// Not 0 where a rule matches or the price may not stay.
    asked: [u8; STRETCH],
}

impl Kept {
    pub(crate) fn new() -> Box<Self> {
        Box::new(Self { count: 0, without_cost: 0, places: [0; STRETCH], others: 0, asked: [0; STRETCH] })
    }

    /// The places of the rows that are priced, in their order.
    pub(crate) fn others(&self) -> &[u16] {
        &self.places[..self.others]
    }

    /// How many rows keep their price, and how many of those have no cost.
    pub(crate) const fn counts(&self) -> (usize, usize) {
        (self.count as usize, self.without_cost as usize)
    }

    /// Finds those of another stretch. False: too few to be worth it, or they cannot be told beforehand.
    pub(crate) fn find(&mut self, work: &Work<'_>) -> bool {
        let rows = work.marks.rows();
        assert!(rows <= STRETCH, "a stretch has at most {STRETCH} rows");
        if !work.plan.can_keep() {
            return false;
        }
        let asked = &mut self.asked[..rows];
        asked.fill(0);
        for number in 0..work.plan.rules.len() {
            let mask = work.marks.mask(number);
            wide(|| asked.iter_mut().zip(mask).for_each(|(asked, kept)| *asked |= kept));
        }
        let count = wide(|| asked.iter().fold(0u16, |count, asked| count + u16::from(*asked != 0)));
        if usize::from(count) * 4 > rows * 3 {
            return false;
        }
        dispatch(Marking { kept: self, work, rows });
        for place in work.view.circles() {
            if let Some(asked) = place.checked_sub(work.marks.start()).and_then(|row| self.asked[..rows].get_mut(row)) {
                *asked = 1;
            }
        }
        self.collect(work, rows);
        true
    }

    /// Marks rows whose cost is not ordinary, or whose price does not earn what their floor says.
    #[inline(always)]
    fn mark_by_floor(&mut self, work: &Work<'_>, rows: usize) {
        let plans = &work.plan.floors;
        let keeps_of = |number: u16| match number {
            NO_FLOOR => plans[plans.len() - 1].keeps,
            number => plans[usize::from(number)].keeps,
        };
        let numbers = &work.marks.floors()[..rows];
        match work.marks.floors_present() {
            [] => {}
            // Mostly there are few.
            [one] => self.mark_uncovered(work, rows, |_| keeps_of(*one)),
            [one, other] => {
                let (one, keeps, others) = (*one, keeps_of(*one), keeps_of(*other));
                self.mark_uncovered(work, rows, |row| if numbers[row] == one { keeps } else { others });
            }
            _ => self.mark_uncovered(work, rows, |row| keeps_of(numbers[row])),
        }
    }

    /// The same with what a minor unit of price earns against the gross cost. The floor is multiplied out, as where
    /// prices are verified.
    #[inline(always)]
    fn mark_uncovered(&mut self, work: &Work<'_>, rows: usize, keeps: impl Fn(usize) -> i64) {
        let (view, range) = (work.view, work.marks.start()..work.marks.start() + rows);
        let (prices, costs, rates) = (&view.price[range.clone()], &view.cost_micro[range.clone()], &view.vat_bp[range]);
        let contains_vat = work.context.tax_mode == TaxMode::Gross;
        let asked = &mut self.asked[..rows];
        for row in 0..rows {
            let cost = costs[row];
            let rate = if contains_vat { i64::from(rates[row]) } else { 0 };
            let (is_known, with_vat) = (rate >= 0, ONE + rate.max(0));
            let earns = product(i64::from(prices[row]), keeps(row)) >= product(with_vat, cost);
            let is_covered = is_known & (cost <= LARGEST_COST) & (with_vat <= LARGEST_WITH_VAT) & earns;
            asked[row] |= u8::from(!((cost <= 0) | is_covered));
        }
    }

    /// Marks rows that are not ordinary, or whose price lies outside its bounds.
    #[inline(always)]
    fn mark_others(&mut self, work: &Work<'_>, rows: usize) {
        let (view, range) = (work.view, work.marks.start()..work.marks.start() + rows);
        let (share, amount) = match work.plan.ceiling {
            Some(CeilingPlan::OfRecommended(share, _)) => (Some(share), LARGEST_MINOR),
            Some(CeilingPlan::AmountMinor(amount)) => (None, amount),
            None => (None, LARGEST_MINOR),
        };
        let (prices, mins, maxs) = (&view.price[range.clone()], &view.min[range.clone()], &view.max[range.clone()]);
        let (lifecycles, flags) = (&view.lifecycle[range.clone()], &view.flags[range.clone()]);
        self.mark_by_floor(work, rows);
        let asked = &mut self.asked[..rows];
        for row in 0..rows {
            let standing = (lifecycles[row] == Lifecycle::Ended as u8)
                | (flags[row] & (ListFlags::PROMOTION | ListFlags::LOCKED) != 0);
            asked[row] |= u8::from(standing);
        }
        let largest = amount.clamp(0, LIMIT) as i32;
        for row in 0..rows {
            let (price, max) = (prices[row], maxs[row]);
            let is_usual = (price > 0) & (price <= largest);
            let is_own = (price >= mins[row]) & ((max <= 0) | (price <= max));
            asked[row] |= u8::from(!(is_usual & is_own));
        }
        if let Some(share) = share {
            let recommended = &view.rrp[range];
            for row in 0..rows {
                let (price, rrp) = (i64::from(prices[row]), i64::from(recommended[row]));
                let is_below = (rrp <= LIMIT) & (product(price, ONE) <= product(rrp, share));
                asked[row] |= u8::from(!((rrp <= 0) | is_below));
            }
        }
    }

    /// Counts what keeps its price and lists the rest.
    fn collect(&mut self, work: &Work<'_>, rows: usize) {
        let start = work.marks.start();
        let mut others = 0;
        for (row, asked) in self.asked[..rows].iter().enumerate() {
            self.places[others.min(STRETCH - 1)] = (start + row) as u16;
            others += usize::from(*asked != 0);
        }
        self.others = others;
        self.count = (rows - others) as u32;
        let (asked, costs) = (&self.asked[..rows], &work.view.cost_micro[start..start + rows]);
        let without_cost = wide(|| {
            let none = |(asked, cost): (&u8, &i64)| u32::from((*asked == 0) & (*cost <= 0));
            asked.iter().zip(costs).map(none).sum()
        });
        self.without_cost = without_cost;
    }
}

/// The part that runs on whichever vector instructions the processor has.
struct Marking<'a> {
    kept: &'a mut Kept,
    work: &'a Work<'a>,
    rows: usize,
}

impl OnRows for Marking<'_> {
    #[inline(always)]
    fn run(self) {
        self.kept.mark_others(self.work, self.rows);
    }
}

const _: () = assert!(STRETCH.is_multiple_of(ROWS), "a stretch is cut into whole blocks");
