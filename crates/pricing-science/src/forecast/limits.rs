//! How far forecasts were off at rolling origins, and the limits that this gives to the next ones.
//!
//! Split conformal prediction (Vovk et al. 2005; Lei et al. 2018) on standardised errors of the logarithm. Errors are kept
//! apart by how much is expected (Mondrian prediction, Vovk et al. 2005, section 4.5): a period without a sale says much
//! about what sells one piece in it, and nothing about what sells hundreds. Such a period is an error without a bottom,
//! so that a limit may be zero. What sells seldom has no logarithm that says much; its limits are whole pieces of a law of
//! their own ([`Counts`]).

use std::collections::BTreeMap;

use super::counts::Counts;
use super::tuning::Forecast;

/// Expected units of a period from which errors are another group's.
const LEVELS: [f64; 3] = [1.0, 4.0, 16.0];
/// Errors that a group needs to stand alone.
const FEWEST: usize = 100;

/// Errors by how much was expected, those of what sells seldom by themselves.
pub(super) struct Limits {
    groups: Vec<Group>,
    all: Group,
    seldom: Seldom,
    errors: usize,
}

/// The laws of what sells seldom, by how much was expected.
struct Seldom {
    groups: Vec<Option<Counts>>,
    all: Option<Counts>,
}

/// Sorted errors, and how many independent ones they are worth.
#[derive(Default)]
struct Group {
    errors: Vec<f64>,
    events: usize,
}

impl Limits {
    /// The limits that these forecasts give.
    pub fn new(known: &[Forecast]) -> Limits {
        let (seldom, often): (Vec<&Forecast>, Vec<&Forecast>) = known.iter().partition(|row| row.class.is_seldom());
        let of_level = |level: usize| Group::of(often.iter().copied().filter(|row| level_of(row) == level));
        let groups = (0..=LEVELS.len()).map(of_level).collect();
        // Where next to nothing sells often, what is known of the others is better than nothing.
        let all = if often.len() < FEWEST { Group::of(known.iter()) } else { Group::of(often.into_iter()) };
        Limits { groups, all, seldom: Seldom::new(&seldom), errors: known.len() }
    }

    /// How many errors there are in all.
    pub fn count(&self) -> usize {
        self.errors
    }

    /// The value of `row` that `share` of what is sold is expected to lie below.
    pub fn at(&self, row: &Forecast, share: f64) -> f64 {
        if row.class.is_seldom()
            && let Some(counts) = self.seldom.of(level_of(row))
        {
            return counts.quantile(row, share);
        }
        let own = &self.groups[level_of(row)];
        let group = if own.errors.len() < FEWEST { &self.all } else { own };
        (row.blended() + quantile(&group.errors, corrected(share, group.events)) * row.spread).exp()
    }
}

impl Seldom {
    fn new(known: &[&Forecast]) -> Seldom {
        let law = |rows: &[&Forecast], fewest: usize| (rows.len() >= fewest).then(|| Counts::of(rows));
        let of_level = |level: usize| known.iter().copied().filter(|row| level_of(row) == level).collect::<Vec<_>>();
        let groups = (0..=LEVELS.len()).map(|level| law(&of_level(level), FEWEST)).collect();
        Seldom { groups, all: law(known, 1) }
    }

    fn of(&self, level: usize) -> Option<&Counts> {
        self.groups[level].as_ref().or(self.all.as_ref())
    }
}

impl Group {
    fn of<'a>(rows: impl Iterator<Item = &'a Forecast> + Clone) -> Group {
        let mut errors: Vec<f64> = rows.clone().map(error_of).collect();
        errors.sort_by(f64::total_cmp);
        Group { errors, events: events(rows) }
    }
}

/// How many errors these are worth that know nothing of each other: one for each pool and period where all of one go
/// together, as those of a promotion that is in every store; one each where they do not.
///
/// The design effect of Kish (1965), “Survey Sampling”, with the intraclass correlation of the analysis of variance (Donner
/// and Koval 1980).
fn events<'a>(rows: impl Iterator<Item = &'a Forecast>) -> usize {
    /// From so many pools and periods on it makes no difference.
    const MANY: usize = 200;
    let mut together: BTreeMap<(usize, u64), (usize, Vec<f64>)> = BTreeMap::new();
    for row in rows {
        let group = together.entry((row.pool, row.time.to_bits())).or_default();
        group.0 += 1;
        group.1.extend(Some(error_of(row)).filter(|error| error.is_finite()));
    }
    let fewest = together.len();
    let all: usize = together.values().map(|(count, _)| count).sum();
    if fewest >= MANY || fewest == all {
        return fewest;
    }
    let known: Vec<&[f64]> = together.values().map(|(_, errors)| errors.as_slice()).filter(|e| !e.is_empty()).collect();
    let size = all as f64 / fewest as f64;
    let worth = all as f64 / (1.0 + (size - 1.0) * correlation(&known));
    (worth as usize).clamp(fewest, all)
}

/// How much the errors of a group go together, from 0 to 1; 1 where it cannot be told.
fn correlation(groups: &[&[f64]]) -> f64 {
    let (count, all) = (groups.len() as f64, groups.iter().map(|group| group.len()).sum::<usize>() as f64);
    let mean = groups.iter().flat_map(|group| group.iter()).sum::<f64>() / all;
    let (mut between, mut within, mut squares) = (0.0, 0.0, 0.0);
    for group in groups {
        let size = group.len() as f64;
        let own = group.iter().sum::<f64>() / size;
        between += size * (own - mean).powi(2);
        within += group.iter().map(|error| (error - own).powi(2)).sum::<f64>();
        squares += size * size;
    }
    let usual = (all - squares / all) / (count - 1.0);
    let (between, within) = (between / (count - 1.0), within / (all - count));
    let found = (between - within) / (between + (usual - 1.0) * within);
    if found.is_finite() { found.clamp(0.0, 1.0) } else { 1.0 }
}

fn level_of(row: &Forecast) -> usize {
    let expected = row.blended().exp();
    LEVELS.iter().filter(|level| expected >= **level).count()
}

fn error_of(row: &Forecast) -> f64 {
    if row.actual > 0.0 { (row.actual.ln() - row.blended()) / row.spread } else { f64::NEG_INFINITY }
}

/// The share at which a limit of a split conformal interval is taken: further out than asked by one part in their
/// number. Errors of a product in one period go together, for a promotion is in every store, so that what they are worth
/// counts and not the rows (see [`events`]).
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
    use super::super::classes::DemandClass;
    use super::{Forecast, Limits, corrected, events, quantile};

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
        Forecast {
            pool: 0,
            place: period,
            time: period as f64,
            actual,
            is_learnt: true,
            log_fit: fit,
            mean_fit: fit,
            spread: 0.5,
            class: DemandClass::Erratic,
        }
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

    #[test]
    fn errors_of_one_period_count_once_where_they_go_together_and_each_where_they_do_not() {
        // Ten products in each of thirty periods; every error is one of the same set.
        let noise = |place: usize| ((place as f64 * 0.618_033_988_749_894_9).fract() - 0.5).exp();
        let rows = |of: &dyn Fn(usize, usize) -> usize| -> Vec<Forecast> {
            let pairs = (0..30).flat_map(|period| (0..10).map(move |product| (period, product)));
            pairs.map(|(period, product)| forecast(period, 10.0, 10.0 * noise(of(period, product)))).collect()
        };
        let together = rows(&|period, _| period);
        assert_eq!(events(together.iter()), 30);
        let apart = rows(&|period, product| 10 * period + product);
        assert!(events(apart.iter()) > 200, "{}", events(apart.iter()));
        let half = |period: usize, product: usize| if product < 5 { period } else { 10 * period + product };
        let found = events(rows(&half).iter());
        assert!((31..200).contains(&found), "{found}");
    }

    #[test]
    fn what_sells_seldom_has_limits_in_whole_pieces_that_are_not_those_of_what_sells_often() {
        // Two of three periods are empty, the third sells three pieces.
        let seldom = |period: usize| Forecast {
            class: DemandClass::Intermittent,
            ..forecast(period, 1.0, if period.is_multiple_of(3) { 3.0 } else { 0.0 })
        };
        let often = (0..300).map(|period| forecast(period, 1.0, 2.0));
        let limits = Limits::new(&(0..300).map(seldom).chain(often).collect::<Vec<_>>());
        let ends = |share: f64| limits.at(&seldom(0), share);
        assert_eq!((ends(0.1), ends(0.5), ends(0.9)), (0.0, 0.0, 3.0));
        assert!((limits.at(&forecast(0, 1.0, 0.0), 0.9) - 2.0).abs() < 1e-9);
        assert_eq!(limits.count(), 600);
    }
}
