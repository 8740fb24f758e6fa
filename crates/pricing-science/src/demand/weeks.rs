//! From cleaned days to weeks, those without sales among them, and what all products did in a week.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::stock_outs::stock_outs;
use crate::cleaning::{Dropped, HistoryRow, clean};
use crate::grades::Evidence;

const DAYS_PER_WEEK: i64 = 7;
/// Other products that a week needs before they tell its season.
const FEWEST_OTHERS: f64 = 10.0;

/// A week of a product with sales.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SoldWeek {
    /// The day number divided by seven.
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
    pub seen: (f64, f64),
    pub dropped: Vec<(Dropped, usize)>,
    pub promotion_days: usize,
    pub repriced_days: usize,
}

impl History {
    /// Cleans and sums up. `open` are the days on which anything was sold, in order.
    pub fn of(days: &[(i64, HistoryRow)], open: &[i64]) -> History {
        let out = OutOfStock::of(days, open);
        let rows: Vec<HistoryRow> = days.iter().map(|(_, row)| *row).collect();
        let report = clean(&rows);
        let mut by_week: BTreeMap<i64, [f64; 3]> = BTreeMap::new();
        let mut seen = (f64::NAN, f64::NAN);
        for (place, price) in report.kept.iter().zip(&report.prices) {
            let (day, row) = &days[*place];
            seen = (seen.0.min(*price), seen.1.max(*price));
            if out.weeks.contains(&day.div_euclid(DAYS_PER_WEEK)) {
                continue;
            }
            let sums = by_week.entry(day.div_euclid(DAYS_PER_WEEK)).or_default();
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
        let mean = |of: &dyn Fn(&SoldWeek) -> f64| weeks.iter().map(of).sum::<f64>() / count;
        let mean_price = mean(&|week| week.price.ln());
        let price_variation = mean(&|week| (week.price.ln() - mean_price).powi(2)).sqrt();
        let mut dropped: BTreeMap<Dropped, usize> = BTreeMap::new();
        report.dropped.iter().for_each(|(_, reason)| *dropped.entry(*reason).or_default() += 1);
        if out.days > 0 {
            dropped.insert(Dropped::ProbablyOut, out.days);
        }
        let mut unknown = out.weeks;
        unknown.extend(report.dropped.iter().map(|(place, _)| days[*place].0.div_euclid(DAYS_PER_WEEK)));
        let all = with_empty_weeks(&weeks, &unknown);
        History {
            evidence: Evidence {
                weeks: weeks.len(),
                price_levels: report.price_levels,
                price_variation,
                units: weeks.iter().map(|week| week.units).sum(),
            },
            mean_units: all.iter().map(|week| week.units).sum::<f64>() / all.len().max(1) as f64,
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
    fn of(days: &[(i64, HistoryRow)], open: &[i64]) -> OutOfStock {
        let mut lacking: BTreeMap<i64, usize> = BTreeMap::new();
        for (from, to) in stock_outs(days, open) {
            for day in from..=to {
                *lacking.entry(day.div_euclid(DAYS_PER_WEEK)).or_default() += 1;
            }
        }
        let lost: usize = lacking.values().sum();
        let weeks: BTreeSet<i64> = lacking.into_keys().collect();
        let is_in = |day: &i64| weeks.contains(&day.div_euclid(DAYS_PER_WEEK));
        let sold = days.iter().filter(|(day, row)| row.units > 0.0 && is_in(day)).count();
        OutOfStock { days: lost + sold, weeks }
    }
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
    /// The logarithm of the mean share of the other products; 0 where they are too few.
    pub fn without(&self, week: &SoldWeek, history: &History) -> f64 {
        let (sum, count) = self.0.get(&week.week).copied().unwrap_or_default();
        let others = count - 1.0;
        let share = (sum - week.units / history.mean_units) / others;
        if others < FEWEST_OTHERS || share <= 0.0 { 0.0 } else { share.ln() }
    }
}
