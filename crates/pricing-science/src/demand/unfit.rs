//! Weeks that do not show what could have been sold, for forecasts: cleaned as the history that elasticities come from is.
//!
//! A forecast is of whole weeks, so that a week which lost a day to the cleaning is left out whole. Days on which more
//! came back than was sold, or without a price, take their week along only where nothing else was sold at a price in it.

use std::collections::{BTreeMap, BTreeSet};

use super::weeks::cut_weeks;
use super::{ProductSales, open_days, stock_outs};
use crate::calendar::{monday, week_of};
use crate::cleaning::{Dropped, HistoryRow, clean};
use crate::parallel::map_parts;

/// The weeks of each product that are not to be learnt from, with the reason. Nothing after the week `last`, which is
/// whole, is looked at: a back-test must not know what came later.
pub fn unfit_weeks(products: &[ProductSales], last: i64) -> Vec<BTreeMap<i64, Dropped>> {
    let end = monday(last + 1);
    let known: Vec<&[(i64, HistoryRow)]> =
        products.iter().map(|product| &product.days[..product.days.partition_point(|(day, _)| *day < end)]).collect();
    let open = open_days(known.iter().copied());
    let runs = map_parts(known.len(), |product| stock_outs::runs(known[product], &open));
    let without_stock = stock_outs::believed(&runs);
    let mut cut = cut_weeks(&open);
    cut.retain(|week| *week < last);
    map_parts(known.len(), |product| of_product(known[product], &without_stock[product], &cut))
}

fn of_product(days: &[(i64, HistoryRow)], runs: &[stock_outs::Run], cut: &BTreeSet<i64>) -> BTreeMap<i64, Dropped> {
    let mut unfit: BTreeMap<i64, Dropped> = BTreeMap::new();
    let out = runs.iter().flat_map(|run| run.from..=run.to).map(week_of);
    unfit.extend(out.map(|week| (week, Dropped::ProbablyOut)));
    let rows: Vec<HistoryRow> = days.iter().map(|(_, row)| *row).collect();
    let report = clean(&rows);
    let week = |place: usize| week_of(days[place].0);
    let sold: BTreeSet<i64> =
        report.kept.iter().filter(|place| rows[**place].units > 0.0).map(|place| week(*place)).collect();
    for (place, reason) in &report.dropped {
        let is_lost = match reason {
            Dropped::Returns => !sold.contains(&week(*place)),
            Dropped::NoPrice => rows[*place].units > 0.0 && !sold.contains(&week(*place)),
            _ => true,
        };
        if is_lost {
            unfit.entry(week(*place)).or_insert(*reason);
        }
    }
    let in_cut = days.iter().map(|(day, _)| week_of(*day)).filter(|week| cut.contains(week));
    in_cut.for_each(|week| {
        unfit.entry(week).or_insert(Dropped::CutWeek);
    });
    unfit
}

#[cfg(test)]
mod tests {
    use super::{ProductSales, unfit_weeks};
    use crate::calendar::monday;
    use crate::cleaning::{Dropped, HistoryRow};

    const WEEKS: i64 = 30;

    fn day(units: f64) -> HistoryRow {
        HistoryRow { units, revenue: None, price: 5.0, stock: None, is_promotion: false, is_closed: false }
    }

    /// Every day ten or eleven pieces, those of `change` otherwise.
    fn steady(change: impl Fn(i64) -> Option<HistoryRow>) -> ProductSales {
        let days = (0..7 * WEEKS).filter_map(|place| {
            let row = change(place).unwrap_or_else(|| day(10.0 + (place % 2) as f64));
            (row.units != 0.0).then_some((monday(100) + place, row))
        });
        ProductSales { days: days.collect(), ..ProductSales::default() }
    }

    #[test]
    fn weeks_that_lost_a_day_are_left_out_with_the_reason_and_others_are_not() {
        let mended = steady(|place| match place {
            // Nothing from a Wednesday to a Tuesday two weeks later.
            72..85 => Some(day(0.0)),
            33 => Some(day(4_000.0)),
            47 => Some(day(-3.0)),
            54 => Some(HistoryRow { price: f64::NAN, ..day(9.0) }),
            _ => None,
        });
        let found = unfit_weeks(&[mended, steady(|_| None)], 100 + WEEKS - 1);
        let weeks: Vec<(i64, Dropped)> = found[0].iter().map(|(week, reason)| (week - 100, *reason)).collect();
        let out = [10, 11, 12].map(|week| (week, Dropped::ProbablyOut));
        assert_eq!(weeks, [[(4, Dropped::Outlier)].as_slice(), &out].concat());
        assert!(found[1].is_empty());
    }

    #[test]
    fn a_week_with_returns_alone_or_without_any_price_is_left_out() {
        let weekly = |place: i64, row: HistoryRow| (monday(100 + place), row);
        let days = (0..WEEKS).map(|place| match place {
            3 => weekly(place, day(-2.0)),
            5 => weekly(place, HistoryRow { price: f64::NAN, ..day(8.0) }),
            // Nothing sold needs no price.
            7 => weekly(place, HistoryRow { price: f64::NAN, ..day(0.0) }),
            _ => weekly(place, day(10.0)),
        });
        let product = ProductSales { days: days.collect(), ..ProductSales::default() };
        let found = unfit_weeks(&[product], 100 + WEEKS - 1);
        assert_eq!(
            found[0].iter().map(|(week, reason)| (week - 100, *reason)).collect::<Vec<_>>(),
            [(3, Dropped::Returns), (5, Dropped::NoPrice)]
        );
    }

    #[test]
    fn what_comes_after_the_last_week_is_not_known() {
        // Nothing is sold in the four weeks before the last one asked about; that it was sold again comes later.
        let lacks = steady(|place| (126..154).contains(&place).then(|| day(0.0)));
        let all = [lacks, steady(|_| None)];
        assert!(unfit_weeks(&all, 121)[0].is_empty(), "a run without an end may be the end of the product");
        assert_eq!(unfit_weeks(&all, 100 + WEEKS - 1)[0].len(), 4);
        // An outlier among few days is one among many only.
        let jumps = steady(|place| (place == 210 - 3).then(|| day(4_000.0)));
        assert!(unfit_weeks(std::slice::from_ref(&jumps), 100 + WEEKS - 2)[0].is_empty());
        assert_eq!(unfit_weeks(&[jumps], 100 + WEEKS - 1)[0].len(), 1);
    }
}
