//! Switchbacks: the same products at the new and at the old price in turns.
//!
//! Where products take sales from each other, two groups cannot be told apart; in a switchback all change together. Periods
//! come in pairs, one of each with the new price, and a hash of the test's name decides which, so that a season or a trend
//! is on neither side (Bojinov, Simchi-Levi and Zhao 2023, “Design and analysis of switchback experiments”). The weeks after
//! a switch in which the price before still works are left out. A pair counts once, however many products it has: what
//! happens in a period happens to all of them.

use std::collections::BTreeMap;

use app_contract::{
    ExperimentDesign, ExperimentDuration, ExperimentInput, ExperimentPeriod, ExperimentReading, ExperimentRow,
    Switchback,
};
use pricing_rules::Snapshot;
use pricing_science::{paired_difference, size_for_pairs};
use pricing_store::{ExperimentRecord, Store};

use super::design::{
    Chosen, Days, Eligible, MOST_PRODUCTS, change, hash, percent, product, smallest_found, span, units_between,
};
use super::reading::{Compared, PricedDay, last_day, priced_days, reading};
use crate::OperationError;
use crate::demand::{Demand, counts};

/// Pairs of periods without which nothing is told.
const FEWEST_PAIRS: u32 = 3;
/// Pairs of past periods that say how far they differ without a test.
const MOST_PAST: u32 = 26;
/// Periods that are set against each other, in weeks.
const PERIODS: [u32; 4] = [1, 2, 3, 4];

pub(super) fn check(experiment: &ExperimentInput, switchback: Switchback) -> Result<(), OperationError> {
    let Switchback { period, carry_over } = switchback;
    if !(1..=8).contains(&period) || carry_over >= period {
        return Err(OperationError::refused(
            "A period of a switchback has 1 to 8 weeks, and fewer of them are dropped after a switch.",
        ));
    }
    let fewest = 2 * period * FEWEST_PAIRS;
    if !(fewest..=52).contains(&experiment.weeks) || !experiment.weeks.is_multiple_of(2 * period) {
        return Err(OperationError::refused(format!(
            "A switchback of {period} week periods runs whole pairs of them: {fewest} to 52 weeks in steps of {}.",
            2 * period
        )));
    }
    Ok(())
}

/// The periods in order.
pub(super) fn periods(name: &str, weeks: u32, switchback: Switchback) -> Vec<ExperimentPeriod> {
    let length = switchback.period;
    let of_pair = |pair: u32| {
        let is_first = hash(name, i64::from(pair)).is_multiple_of(2);
        [0, 1].map(|number| {
            let first_week = (2 * pair + number) * length + 1;
            ExperimentPeriod { first_week, last_week: first_week + length - 1, new_price: (number == 0) == is_first }
        })
    };
    (0..weeks / (2 * length)).flat_map(of_pair).collect()
}

/// Whether a day that many days after the start has the new price; before it the first period's state, afterwards the old.
pub(super) fn has_new_price(experiment: &ExperimentInput, switchback: Switchback, days: i64) -> bool {
    let week = u32::try_from(days.max(0).div_euclid(span(1)) + 1).unwrap_or(u32::MAX);
    let periods = periods(&experiment.name, experiment.weeks, switchback);
    let found = periods.iter().find(|period| (period.first_week..=period.last_week).contains(&week));
    found.is_some_and(|period| period.new_price)
}

pub(super) fn design(
    known: (&Snapshot, &Demand),
    list: usize,
    (experiment, switchback): (&ExperimentInput, Switchback),
    mut eligible: Vec<Eligible>,
    (sales, last): (&BTreeMap<i64, Days>, i64),
) -> Result<(ExperimentDesign, Vec<Chosen>, Vec<Chosen>), OperationError> {
    let all = eligible.len();
    eligible.sort_by(|one, other| other.2.total_cmp(&one.2).then(one.1.cmp(&other.1)));
    eligible.truncate(experiment.products.map_or(MOST_PRODUCTS, |products| products as usize).clamp(1, MOST_PRODUCTS));
    let effect = (1.0 + experiment.effect / 100.0).ln();
    let (alpha, power) = (experiment.significance / 100.0, experiment.power / 100.0);
    let needs = |period: u32| {
        let switchback = Switchback { period, ..switchback };
        let deviation = past_deviation(&eligible, sales, last, switchback)?;
        let size = size_for_pairs(effect, deviation, alpha, power).ok();
        let needed = size.map(|size| (size.ceil() as u64).max(u64::from(FEWEST_PAIRS)));
        Some((deviation, ExperimentDuration { weeks: period, deviation: percent(deviation), needed }))
    };
    let (deviation, own) = needs(switchback.period).ok_or_else(|| {
        OperationError::refused(format!(
            "The sales are too short: {FEWEST_PAIRS} pairs of periods before the test are needed, {} weeks.",
            2 * switchback.period * FEWEST_PAIRS
        ))
    })?;
    let needed = own.needed.unwrap_or(u64::MAX);
    let pairs = experiment.weeks / (2 * switchback.period);
    let power_of = |effect: f64| size_for_pairs(effect, deviation, alpha, power).ok();
    let detectable = smallest_found(f64::from(pairs), &power_of);
    let finds = match detectable {
        Some(effect) => format!("would find a change of {effect:.0} %"),
        None => "would find nothing".to_owned(),
    };
    let weeks = needed.saturating_mul(2 * u64::from(switchback.period));
    let answer = match own.needed {
        Some(needed) => format!(
            "It needs {needed} pairs of periods, {weeks} weeks; the {} weeks with {pairs} pairs {finds}.",
            experiment.weeks
        ),
        None => format!("No number of periods is enough; the {} weeks {finds}.", experiment.weeks),
    };
    let periods = periods(&experiment.name, experiment.weeks, switchback);
    let mut remarks = vec![format!("{}.", in_words(&periods))];
    if u64::from(pairs) < needed {
        remarks.push(format!("An effect of {} % would often be missed in so few periods.", experiment.effect));
    }
    if switchback.carry_over == 0 {
        remarks.push(
            "No week is dropped after a switch: what customers bought ahead or put off counts with the wrong price."
                .to_owned(),
        );
    }
    remarks.push(
        "All products change together, so that what they take from each other counts; what they take from others does \
         not. A price that goes back up is a reduction that ends: its prior price has to be right (98/6/EC)."
            .to_owned(),
    );
    let (snapshot, _) = known;
    let treated: Vec<Chosen> = eligible.iter().map(|one| product(known, list, experiment, *one, true)).collect();
    let design = ExperimentDesign {
        price_list: snapshot.lists[list].code.clone(),
        currency: snapshot.lists[list].currency,
        eligible: all as u64,
        left_out: Vec::new(),
        deviation: own.deviation,
        needed,
        periods,
        detectable,
        grades: counts(treated.iter().map(|one| one.product.grade)),
        durations: PERIODS
            .into_iter()
            .filter(|period| *period > switchback.carry_over)
            .filter_map(|period| Some(needs(period)?.1))
            .collect(),
        treated: treated.iter().map(|one| one.product.clone()).collect(),
        held: Vec::new(),
        answer,
        remarks,
    };
    Ok((design, treated, Vec::new()))
}

fn in_words(periods: &[ExperimentPeriod]) -> String {
    let of = |period: &ExperimentPeriod| {
        let price = if period.new_price { "new" } else { "old" };
        match period.first_week == period.last_week {
            true => format!("week {} {price}", period.first_week),
            false => format!("weeks {} to {} {price}", period.first_week, period.last_week),
        }
    };
    format!("Prices by chance: {}", periods.iter().map(of).collect::<Vec<_>>().join(", "))
}

/// How far two neighbouring periods of the past differ, as the mean of the products' logarithms, without the weeks that
/// would be dropped: the root of the mean square, for a trend moves them as well. `None`: sales do not reach back.
fn past_deviation(
    eligible: &[Eligible],
    sales: &BTreeMap<i64, Days>,
    last: i64,
    switchback: Switchback,
) -> Option<f64> {
    let first = sales.values().filter_map(|days| days.first()).map(|(day, _)| *day).min()?;
    let (length, dropped) = (span(switchback.period), span(switchback.carry_over));
    let difference = |pair: u32| {
        let end = last - 2 * length * i64::from(pair);
        let begin = end - 2 * length;
        // A first week with fewer days than others is none.
        let reaches = first <= begin + span(1);
        let of = |(_, key, _): &Eligible| {
            let days = sales.get(key).map(Vec::as_slice).unwrap_or_default();
            let sold = [begin, begin + length].map(|begin| units_between(days, begin + dropped, begin + length));
            (sold[0] > 0.0 || sold[1] > 0.0).then(|| change(sold[0], sold[1]))
        };
        let changes: Vec<f64> = eligible.iter().filter_map(of).collect();
        (reaches && !changes.is_empty()).then(|| changes.iter().sum::<f64>() / changes.len() as f64)
    };
    let differences: Vec<f64> = (0..MOST_PAST).map_while(difference).collect();
    if differences.len() < FEWEST_PAIRS as usize {
        return None;
    }
    let square = differences.iter().map(|one| one * one).sum::<f64>() / differences.len() as f64;
    (square > 0.0).then(|| square.sqrt())
}

/// What a product sold in the weeks of a period that count.
#[derive(Clone, Copy, Default)]
struct Sold {
    units: f64,
    /// Units with a known price, and their worth.
    priced: (f64, f64),
}

pub(super) fn read(
    store: &Store,
    known: (&Snapshot, &Demand),
    (found, row): (&ExperimentRecord, ExperimentRow),
    switchback: Switchback,
) -> Result<ExperimentReading, OperationError> {
    let last = last_day(store)?;
    let periods = periods(&row.experiment.name, row.experiment.weeks, switchback);
    let ends = |period: &ExperimentPeriod| found.starts + span(period.last_week) - 1;
    let over: Vec<&[ExperimentPeriod]> = periods.chunks_exact(2).take_while(|pair| ends(&pair[1]) <= last).collect();
    if over.len() < 2 {
        return Err(OperationError::refused(format!(
            "The test started on {}; the sales hold {} whole pairs of periods, and two are needed.",
            row.starts,
            over.len()
        )));
    }
    // By pair, product, and whether the price was the new one.
    let mut sold = vec![vec![[Sold::default(); 2]; found.treated.len()]; over.len()];
    let length = span(switchback.period);
    let (begin, end) = (found.starts, found.starts + 2 * length * over.len() as i64);
    priced_days(store, &found.treated, begin..end, |PricedDay { place, day, units, worth }| {
        let period = ((day - begin) / length) as usize;
        if (day - begin) % length < span(switchback.carry_over) {
            return;
        }
        let one = &mut sold[period / 2][place][usize::from(over[period / 2][period % 2].new_price)];
        one.units += units;
        if let Some(worth) = worth {
            one.priced = (one.priced.0 + units, one.priced.1 + worth);
        }
    })?;
    let mean = |values: Vec<f64>| (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64);
    let difference = |products: &Vec<[Sold; 2]>| {
        let has_sold = products.iter().filter(|[old, new]| old.units > 0.0 || new.units > 0.0);
        mean(has_sold.map(|[old, new]| change(old.units, new.units)).collect())
    };
    let price = |products: &Vec<[Sold; 2]>| {
        let priced = products.iter().filter(|both| both.iter().all(|one| one.priced.0 > 0.0 && one.priced.1 > 0.0));
        mean(priced.map(|[old, new]| (new.priced.1 / new.priced.0 / (old.priced.1 / old.priced.0)).ln()).collect())
    };
    let differences: Vec<f64> = sold.iter().filter_map(difference).collect();
    let said = paired_difference(&differences)?;
    let counted = f64::from(switchback.period - switchback.carry_over) * over.len() as f64;
    let per_week = |new: usize| sold.iter().flatten().map(|both| both[new].units).sum::<f64>() / counted;
    let is_sold = |place: &usize| sold.iter().any(|products| products[*place].iter().any(|one| one.units > 0.0));
    let mut remarks = Vec::new();
    let all = periods.len() / 2;
    if over.len() < all {
        remarks.push(format!(
            "{} of {all} pairs of periods are over. Looking early and stopping when it suits finds effects that are not \
             there.",
            over.len()
        ));
    }
    let compared = Compared {
        said,
        price: mean(sold.iter().filter_map(price).collect()),
        weeks: i64::from(2 * switchback.period) * over.len() as i64,
        products: [(0..found.treated.len()).filter(is_sold).count(), 0],
        units: [(per_week(0), per_week(1)), (0.0, 0.0)],
        remarks,
    };
    Ok(reading(compared, known, found, row))
}

#[cfg(test)]
mod tests {
    use app_contract::{ExperimentInput, Switchback};

    use super::{check, has_new_price, periods};

    const TWO: Switchback = Switchback { period: 2, carry_over: 1 };

    #[test]
    fn of_every_two_periods_one_has_the_new_price_and_chance_decides_which() {
        let found = periods("Price test", 24, TWO);
        assert_eq!((found.len(), found[11].first_week, found[11].last_week), (12, 23, 24));
        assert!(found.chunks(2).all(|pair| pair[0].new_price != pair[1].new_price));
        let firsts: Vec<bool> = (0..40_u32)
            .flat_map(|name| periods(&name.to_string(), 24, TWO))
            .filter(|period| period.first_week % 4 == 1)
            .map(|period| period.new_price)
            .collect();
        let new = firsts.iter().filter(|new| **new).count();
        assert!((90..150).contains(&new), "{new} of {}", firsts.len());
        assert_eq!(periods("Price test", 24, TWO), found);
    }

    #[test]
    fn the_price_of_a_day_is_that_of_its_period_and_the_old_one_afterwards() {
        let experiment = ExperimentInput { weeks: 12, ..ExperimentInput::default() };
        for period in periods(&experiment.name, 12, TWO) {
            let first = i64::from(7 * (period.first_week - 1));
            let days = [first, first + 13].map(|day| has_new_price(&experiment, TWO, day));
            assert_eq!(days, [period.new_price; 2]);
        }
        assert_eq!(has_new_price(&experiment, TWO, -5), has_new_price(&experiment, TWO, 0));
        assert!(!has_new_price(&experiment, TWO, 12 * 7));
    }

    #[test]
    fn whole_pairs_of_periods_are_asked_for() {
        let of = |weeks: u32, period: u32, carry_over: u32| {
            let experiment = ExperimentInput { weeks, ..ExperimentInput::default() };
            check(&experiment, Switchback { period, carry_over }).map_err(|error| error.message)
        };
        assert_eq!(of(12, 2, 1), Ok(()));
        assert!(of(14, 2, 1).expect_err("half a pair").contains("12 to 52 weeks in steps of 4"));
        assert!(of(8, 2, 0).is_err() && of(12, 2, 2).is_err() && of(60, 2, 0).is_err());
    }
}
