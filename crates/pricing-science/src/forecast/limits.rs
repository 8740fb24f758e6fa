//! How far forecasts were off at rolling origins, and the limits that this gives to the next ones.
//!
//! Split conformal prediction (Vovk et al. 2005; Lei et al. 2018) on standardised errors of the logarithm. Errors are kept
//! apart by how much is expected (Mondrian prediction, Vovk et al. 2005, section 4.5): a period without a sale says much
//! about what sells one piece in it, and nothing about what sells hundreds. Such a period is an error without a bottom,
//! so that a limit may be zero.

use std::collections::BTreeSet;

use super::tuning::Forecast;

/// Expected units of a period from which errors are another group's.
const LEVELS: [f64; 3] = [1.0, 4.0, 16.0];
/// Errors that a group needs to stand alone.
const FEWEST: usize = 100;

/// Errors by how much was expected.
pub(super) struct Limits {
    groups: Vec<Group>,
    all: Group,
}

/// Sorted errors, and how many pools and periods they come from.
#[derive(Default)]
struct Group {
    errors: Vec<f64>,
    events: usize,
}

impl Limits {
    /// The limits that these forecasts give.
    pub fn new(known: &[Forecast]) -> Limits {
        let groups = (0..=LEVELS.len()).map(|level| Group::of(known.iter().filter(|row| level_of(row) == level)));
        Limits { groups: groups.collect(), all: Group::of(known.iter()) }
    }

    /// How many errors there are in all.
    pub fn count(&self) -> usize {
        self.all.errors.len()
    }

    /// The value of `row` that `share` of what is sold is expected to lie below.
    pub fn at(&self, row: &Forecast, share: f64) -> f64 {
        let own = &self.groups[level_of(row)];
        let group = if own.errors.len() < FEWEST { &self.all } else { own };
        (row.blended() + quantile(&group.errors, corrected(share, group.events)) * row.spread).exp()
    }
}

impl Group {
    fn of<'a>(rows: impl Iterator<Item = &'a Forecast>) -> Group {
        let mut events = BTreeSet::new();
        let mut errors: Vec<f64> = Vec::new();
        for row in rows {
            events.insert((row.pool, row.time.to_bits()));
            errors.push(error_of(row));
        }
        errors.sort_by(f64::total_cmp);
        Group { errors, events: events.len() }
    }
}

fn level_of(row: &Forecast) -> usize {
    let expected = row.blended().exp();
    LEVELS.iter().filter(|level| expected >= **level).count()
}

fn error_of(row: &Forecast) -> f64 {
    if row.actual > 0.0 { (row.actual.ln() - row.blended()) / row.spread } else { f64::NEG_INFINITY }
}

/// The share at which a limit of a split conformal interval is taken: further out than asked by one part in their
/// number. Errors of a product in one period go together, for a promotion is in every store, so that these count and not
/// the rows.
fn corrected(share: f64, events: usize) -> f64 {
    let wider = 1.0 + 1.0 / events.max(1) as f64;
    let outside = 0.5 + (share - 0.5).abs();
    let outside = if outside > 0.5 { (outside * wider).min(1.0) } else { outside };
    if share < 0.5 { 1.0 - outside } else { outside }
}

/// The value that a share of the sorted errors lies below.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let place = (share * (sorted.len() as f64 + 1.0) - 1.0).clamp(0.0, sorted.len() as f64 - 1.0);
    let (below, part) = (place.floor() as usize, place.fract());
    let above = (below + 1).min(sorted.len() - 1);
    if sorted[below] == f64::NEG_INFINITY {
        return f64::NEG_INFINITY;
    }
    sorted[below] * (1.0 - part) + sorted[above] * part
}

#[cfg(test)]
mod tests {
    use super::{Forecast, Limits, corrected, quantile};

    #[test]
    fn the_fewer_events_the_wider_an_interval_and_its_middle_stays() {
        assert!((corrected(0.9, 50) - 0.918).abs() < 1e-12 && (corrected(0.1, 50) - 0.082).abs() < 1e-12);
        assert_eq!((corrected(0.5, 3), corrected(0.975, 10)), (0.5, 1.0));
    }

    #[test]
    fn quantiles_lie_between_neighbours() {
        let sorted: Vec<f64> = (1..=9).map(f64::from).collect();
        assert_eq!(quantile(&sorted, 0.5), 5.0);
        assert_eq!(quantile(&sorted, 0.1), 1.0);
        assert_eq!(quantile(&sorted, 0.85), 8.5);
    }

    fn forecast(period: usize, expected: f64, actual: f64) -> Forecast {
        let fit = expected.ln();
        Forecast { pool: 0, place: period, time: period as f64, actual, log_fit: fit, mean_fit: fit, spread: 0.5 }
    }

    #[test]
    fn a_period_without_sales_makes_the_lower_limit_zero_for_what_sells_seldom_alone() {
        // A third of the periods of the slow seller are empty; the fast one is off by up to a factor of two either way.
        let slow = (0..300).map(|period| forecast(period, 2.0, if period % 3 == 0 { 0.0 } else { 3.0 }));
        let fast = (0..300).map(|period| forecast(period, 100.0, 50.0 * 4.0_f64.powf(period as f64 / 299.0)));
        let limits = Limits::new(&slow.chain(fast).collect::<Vec<_>>());
        let (slow, fast) = (forecast(0, 2.0, 0.0), forecast(0, 100.0, 0.0));
        assert_eq!(limits.at(&slow, 0.1), 0.0);
        assert!((limits.at(&slow, 0.5) - 3.0).abs() < 1e-9, "half of them sell three");
        assert!((limits.at(&fast, 0.5) - 100.0).abs() < 1e-9);
        // Of errors that are even on the logarithm, a tenth lies below 50 × 4^0.1; fewer events reach a little further.
        let tenth = limits.at(&fast, 0.1);
        assert!(tenth <= 50.0 * 4.0_f64.powf(0.1) && tenth > 50.0 * 4.0_f64.powf(0.09), "{tenth}");
        assert_eq!(limits.count(), 600);
    }

    #[test]
    fn a_group_with_few_errors_takes_those_of_all() {
        let fast = (0..200).map(|period| forecast(period, 100.0, 110.0));
        let known: Vec<Forecast> = fast.chain([forecast(0, 2.0, 0.0)]).collect();
        let limits = Limits::new(&known);
        assert!((limits.at(&forecast(0, 2.0, 0.0), 0.5) - 2.2).abs() < 1e-9);
    }
}
