//! From cleaned days to weeks, and what all products did in a week.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

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
    pub weeks: Vec<SoldWeek>,
    pub evidence: Evidence,
    pub mean_log_units: f64,
    pub seen: (f64, f64),
    pub dropped: Vec<(Dropped, usize)>,
    pub promotion_days: usize,
    pub repriced_days: usize,
}

impl History {
    pub fn of(days: &[(i64, HistoryRow)]) -> History {
        let rows: Vec<HistoryRow> = days.iter().map(|(_, row)| *row).collect();
        let report = clean(&rows);
        let mut by_week: BTreeMap<i64, [f64; 3]> = BTreeMap::new();
        let mut seen = (f64::NAN, f64::NAN);
        for (place, price) in report.kept.iter().zip(&report.prices) {
            let (day, row) = &days[*place];
            seen = (seen.0.min(*price), seen.1.max(*price));
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
        History {
            evidence: Evidence {
                weeks: weeks.len(),
                price_levels: report.price_levels,
                price_variation,
                units: weeks.iter().map(|week| week.units).sum(),
            },
            mean_log_units: mean(&|week| week.units.ln()),
            seen,
            dropped: dropped.into_iter().collect(),
            promotion_days: report.promotions,
            repriced_days: report.repriced,
            weeks,
        }
    }
}

/// How far all products together lie above their means, week by week.
pub(super) struct Seasons(BTreeMap<i64, (f64, f64)>);

pub(super) fn seasons(histories: &[History]) -> Seasons {
    let mut sums: BTreeMap<i64, (f64, f64)> = BTreeMap::new();
    for history in histories {
        for week in &history.weeks {
            let sum = sums.entry(week.week).or_default();
            sum.0 += week.units.ln() - history.mean_log_units;
            sum.1 += 1.0;
        }
    }
    Seasons(sums)
}

impl Seasons {
    /// The week's mean over the other products; 0 where they are too few.
    pub fn without(&self, week: &SoldWeek, mean_log_units: f64) -> f64 {
        let (sum, count) = self.0.get(&week.week).copied().unwrap_or_default();
        if count - 1.0 < FEWEST_OTHERS {
            return 0.0;
        }
        (sum - (week.units.ln() - mean_log_units)) / (count - 1.0)
    }
}
