//! From cleaned days to weeks, those without sales among them, and what all products did in a week.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::stock_outs::Run;
use crate::calendar::week_of;
use crate::cleaning::{Dropped, HistoryRow, clean};
use crate::grades::Evidence;

/// Other products that a week needs before they tell its season.
const FEWEST_OTHERS: f64 = 10.0;

/// A week of a product with sales.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SoldWeek {
    /// Its number, from Monday to Sunday (see [`crate::week_of`]).
    pub week: i64,
    /// Units sold.
    pub units: f64,
    /// The mean price charged, weighed by units.
    pub price: f64,
    /// The share of the units sold in a promotion.
    pub promotion: f64,
}

/// A product's history, cleaned.
pub(super) struct History {
    /// Weeks with sales.
    pub weeks: Vec<SoldWeek>,
    /// With those between the first and the last in which nothing was sold, at the price of the nearest week with sales.
    pub all: Vec<SoldWeek>,
    pub evidence: Evidence,
    /// Units of a week on average, those without sales among them.
    pub mean_units: f64,
    /// The mean of the logarithm of the price, over the same weeks.
    pub mean_log_price: f64,
    pub seen: (f64, f64),
    pub dropped: Vec<(Dropped, usize)>,
    pub promotion_days: usize,
    pub repriced_days: usize,
}

impl History {
    /// Cleans and sums up. In `runs` there was probably nothing to sell; `cut` are weeks that are not whole.
    pub fn of(days: &[(i64, HistoryRow)], runs: &[Run], cut: &BTreeSet<i64>) -> History {
        let out = OutOfStock::of(days, runs);
        let rows: Vec<HistoryRow> = days.iter().map(|(_, row)| *row).collect();
        let report = clean(&rows);
        let mut by_week: BTreeMap<i64, [f64; 3]> = BTreeMap::new();
        let mut seen = (f64::NAN, f64::NAN);
        let mut in_cut = 0;
        for (place, price) in report.kept.iter().zip(&report.prices) {
            let (day, row) = &days[*place];
            seen = (seen.0.min(*price), seen.1.max(*price));
            let week = week_of(*day);
            if cut.contains(&week) {
                in_cut += 1;
                continue;
            }
            if out.weeks.contains(&week) {
                continue;
            }
            let sums = by_week.entry(week).or_default();
            sums[0] += row.units;
            sums[1] += row.units * price;
            sums[2] += if row.is_promotion { row.units } else { 0.0 };
        }
        let weeks: Vec<SoldWeek> = by_week
            .into_iter()
            .filter(|(_, sums)| sums[0] > 0.0)
            .map(|(week, [units, worth, promoted])| SoldWeek {
                week,
                units,
                price: worth / units,
                promotion: promoted / units,
            })
            .collect();
        let count = weeks.len().max(1) as f64;
        // The sum of nothing is -0, which nobody should read.
        let mean = |of: &dyn Fn(&SoldWeek) -> f64| (0.0 + weeks.iter().map(of).sum::<f64>()) / count;
        let mean_price = mean(&|week| week.price.ln());
        let price_variation = mean(&|week| (week.price.ln() - mean_price).powi(2)).sqrt();
        let mut dropped: BTreeMap<Dropped, usize> = BTreeMap::new();
        report.dropped.iter().for_each(|(_, reason)| *dropped.entry(*reason).or_default() += 1);
        if out.days > 0 {
            dropped.insert(Dropped::ProbablyOut, out.days);
        }
        if in_cut > 0 {
            dropped.insert(Dropped::CutWeek, in_cut);
        }
        let mut unknown = out.weeks;
        unknown.extend(cut);
        unknown.extend(report.dropped.iter().map(|(place, _)| week_of(days[*place].0)));
        let all = with_empty_weeks(&weeks, &unknown);
        History {
            evidence: Evidence {
                weeks: weeks.len(),
                price_levels: report.price_levels,
                price_variation,
                units: 0.0 + weeks.iter().map(|week| week.units).sum::<f64>(),
            },
            mean_units: all.iter().map(|week| week.units).sum::<f64>() / all.len().max(1) as f64,
            mean_log_price: all.iter().map(|week| week.price.ln()).sum::<f64>() / all.len().max(1) as f64,
            seen,
            dropped: dropped.into_iter().collect(),
            promotion_days: report.promotions,
            repriced_days: report.repriced,
            all,
            weeks,
        }
    }
}

/// Weeks in which there was probably nothing to sell on some days; what is left of them says too little of a week.
struct OutOfStock {
    weeks: BTreeSet<i64>,
    /// Days of such runs, and days with sales that are left out with their weeks.
    days: usize,
}

impl OutOfStock {
    fn of(days: &[(i64, HistoryRow)], runs: &[Run]) -> OutOfStock {
        let mut lacking: BTreeMap<i64, usize> = BTreeMap::new();
        for day in runs.iter().flat_map(|run| run.from..=run.to) {
            *lacking.entry(week_of(day)).or_default() += 1;
        }
        let lost: usize = lacking.values().sum();
        let weeks: BTreeSet<i64> = lacking.into_keys().collect();
        let is_in = |day: &i64| weeks.contains(&week_of(*day));
        let sold = days.iter().filter(|(day, row)| row.units > 0.0 && is_in(day)).count();
        OutOfStock { days: lost + sold, weeks }
    }
}

/// The first and the last week of all sales where they have fewer days with sales than weeks usually have: what was sold
/// before and after is not known. `open` are the days on which anything was sold, in order.
pub(super) fn cut_weeks(open: &[i64]) -> BTreeSet<i64> {
    let mut days: BTreeMap<i64, usize> = BTreeMap::new();
    open.iter().for_each(|day| *days.entry(week_of(*day)).or_default() += 1);
    let mut counts: Vec<usize> = days.values().copied().collect();
    counts.sort_unstable();
    let usual = counts.get(counts.len() / 2).copied().unwrap_or(0);
    let ends = [days.first_key_value(), days.last_key_value()];
    ends.into_iter().flatten().filter(|(_, count)| **count < usual).map(|(week, _)| *week).collect()
}

/// The weeks from the first to the last; of which days were left out, nothing is known.
fn with_empty_weeks(weeks: &[SoldWeek], unknown: &BTreeSet<i64>) -> Vec<SoldWeek> {
    let mut all = Vec::new();
    for pair in weeks.windows(2) {
        all.push(pair[0]);
        let between = (pair[0].week + 1..pair[1].week).filter(|week| !unknown.contains(week));
        // When the price changed in between is not known; half way is as likely as any time.
        let nearest = |week: i64| if week - pair[0].week <= pair[1].week - week { pair[0] } else { pair[1] };
        all.extend(between.map(|week| SoldWeek { week, units: 0.0, promotion: 0.0, ..nearest(week) }));
    }
    all.extend(weeks.last());
    all
}

/// What products sell in a week as a share of their mean, week by week.
pub(super) struct Seasons(BTreeMap<i64, (f64, f64)>);

pub(super) fn seasons(histories: &[History]) -> Seasons {
    let mut sums: BTreeMap<i64, (f64, f64)> = BTreeMap::new();
    for history in histories.iter().filter(|history| history.mean_units > 0.0) {
        for week in &history.all {
            let sum = sums.entry(week.week).or_default();
            sum.0 += week.units / history.mean_units;
            sum.1 += 1.0;
        }
    }
    Seasons(sums)
}

impl Seasons {
    /// The logarithm of the mean share of the other products, without so many that have sold `units` as shares of their
    /// means; 0 where the others are too few.
    pub fn without(&self, week: &SoldWeek, units: f64, products: f64) -> f64 {
        let (sum, count) = self.0.get(&week.week).copied().unwrap_or_default();
        let others = count - products;
        let share = (sum - units) / others;
        if others < FEWEST_OTHERS || share <= 0.0 { 0.0 } else { share.ln() }
    }
}

#[cfg(test)]
mod tests {
    use super::cut_weeks;
    use crate::calendar::monday;

    #[test]
    fn weeks_at_the_ends_are_cut_where_days_are_missing_that_other_weeks_have() {
        // From a Wednesday to a Tuesday, never on Sundays.
        let open: Vec<i64> = (monday(10) + 2..=monday(20) + 1).filter(|day| (day - monday(0)) % 7 != 6).collect();
        assert_eq!(cut_weeks(&open).into_iter().collect::<Vec<i64>>(), [10, 20]);
        let whole: Vec<i64> = (monday(10)..monday(20)).filter(|day| (day - monday(0)) % 7 != 6).collect();
        assert!(cut_weeks(&whole).is_empty());
        // One row a week is all there is.
        assert!(cut_weeks(&(0..10).map(|week| monday(week) + 3).collect::<Vec<i64>>()).is_empty());
        assert!(cut_weeks(&[]).is_empty());
    }
}
