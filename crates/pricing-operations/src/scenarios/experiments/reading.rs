//! The reading: difference in differences of the logarithms of units, a product counting once.

use app_contract::{Expected, ExperimentReading, ExperimentRow};
use pricing_rules::Snapshot;
use pricing_science::{Difference, ProductDemand, difference_in_differences};
use pricing_store::{ExperimentRecord, Store, TestedProduct};

use super::design::{change, percent};
use crate::OperationError;
use crate::demand::{Demand, counts, grade_of};

const DAYS_PER_WEEK: i64 = 7;
const MILLI: f64 = 1_000.0;
const MICRO: f64 = 1_000_000.0;

/// A product before and after.
#[derive(Default, Clone, Copy)]
struct Sold {
    before: f64,
    after: f64,
    /// Units with a known price, and their worth, before and after.
    priced: [(f64, f64); 2],
}

pub(super) fn read(
    store: &Store,
    (snapshot, demand): (&Snapshot, &Demand),
    found: &ExperimentRecord,
    row: ExperimentRow,
) -> Result<ExperimentReading, OperationError> {
    if let Some(switchback) = row.experiment.switchback {
        return super::switchback::read(store, (snapshot, demand), (found, row), switchback);
    }
    let last = last_day(store)?;
    let weeks = ((last - found.starts + 1) / DAYS_PER_WEEK).min(i64::from(row.experiment.weeks));
    if weeks < 1 {
        return Err(OperationError::refused(format!(
            "The test started on {}; the sales do not hold a whole week of it yet.",
            row.starts
        )));
    }
    let (begin, end) = (found.starts - weeks * DAYS_PER_WEEK, found.starts + weeks * DAYS_PER_WEEK);
    let treated = sold(store, &found.treated, found.starts, begin, end)?;
    let held = sold(store, &found.held, found.starts, begin, end)?;
    let changes = |group: &[Sold]| -> Vec<f64> {
        let has_sold = group.iter().filter(|one| one.before > 0.0 || one.after > 0.0);
        has_sold.map(|one| change(one.before, one.after)).collect()
    };
    let (of_treated, of_held) = (changes(&treated), changes(&held));
    let said = difference_in_differences(&of_treated, &of_held)?;
    let price = price_change(&treated).zip(price_change(&held)).map(|(treated, held)| treated - held);
    let per_week = |group: &[Sold]| {
        let sum = |of: &dyn Fn(&Sold) -> f64| group.iter().map(of).sum::<f64>() / weeks as f64;
        (sum(&|one| one.before), sum(&|one| one.after))
    };
    let mut remarks = Vec::new();
    if weeks < i64::from(row.experiment.weeks) {
        remarks.push(format!(
            "{weeks} of {} weeks are over. Looking early and stopping when it suits finds effects that are not there.",
            row.experiment.weeks
        ));
    }
    let compared = Compared {
        said,
        price,
        weeks,
        products: [of_treated.len(), of_held.len()],
        units: [per_week(&treated), per_week(&held)],
        remarks,
    };
    Ok(reading(compared, (snapshot, demand), found, row))
}

/// What the sales say, however they were compared.
pub(super) struct Compared {
    pub said: Difference,
    /// Mean change of the logarithm of the price charged.
    pub price: Option<f64>,
    /// Weeks that were looked at.
    pub weeks: i64,
    /// Products that sold, with the new price and with the old one.
    pub products: [usize; 2],
    pub units: [(f64, f64); 2],
    pub remarks: Vec<String>,
}

/// The answer in words and figures.
pub(super) fn reading(
    compared: Compared,
    (snapshot, demand): (&Snapshot, &Demand),
    found: &ExperimentRecord,
    row: ExperimentRow,
) -> ExperimentReading {
    const LEAST_PRICE_CHANGE: f64 = 0.005;
    let Compared { said, price, weeks, products, units, mut remarks } = compared;
    let elasticity = price.filter(|price| price.abs() >= LEAST_PRICE_CHANGE).map(|price| {
        let ends = [said.low / price, said.high / price];
        Expected { value: said.estimate / price, low: ends[0].min(ends[1]), high: ends[0].max(ends[1]) }
    });
    let is_sure = said.p < row.experiment.significance / 100.0;
    let effect = Expected { value: percent(said.estimate), low: percent(said.low), high: percent(said.high) };
    let answer = match is_sure {
        true => format!(
            "The new prices change units by {:+.1} % (between {:+.1} and {:+.1} %).",
            effect.value, effect.low, effect.high
        ),
        false => format!(
            "No effect can be told from chance: {:+.1} %, but between {:+.1} and {:+.1} %.",
            effect.value, effect.low, effect.high
        ),
    };
    let known = found
        .treated
        .iter()
        .filter_map(|(key, ..)| demand.fitted.products.get(snapshot.row_of_key(u32::try_from(*key).ok()?)? as usize));
    let known: Vec<&ProductDemand> = known.collect();
    if price.is_none_or(|price| price.abs() < LEAST_PRICE_CHANGE) {
        remarks.push("The sales do not show that the tested prices were charged.".to_owned());
    }
    ExperimentReading {
        weeks: u32::try_from(weeks).unwrap_or(u32::MAX),
        treated: products[0] as u64,
        held: products[1] as u64,
        effect,
        p: said.p,
        price_change: price.map(percent),
        elasticity,
        grades: counts(known.iter().map(|product| grade_of(product))),
        expected_elasticity: mean(known.iter().filter_map(|product| Some(product.graded.estimate?.value))),
        units,
        answer,
        remarks,
        row,
    }
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0_u32), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| sum / f64::from(count))
}

/// The last day of all sales.
pub(super) fn last_day(store: &Store) -> Result<i64, OperationError> {
    let mut last = i64::MIN / 2;
    store.snapshot_reader()?.stream_sales(|sale| last = last.max(sale.day))?;
    Ok(last)
}

fn sold(
    store: &Store,
    products: &[TestedProduct],
    starts: i64,
    begin: i64,
    end: i64,
) -> Result<Vec<Sold>, OperationError> {
    let mut sold = vec![Sold::default(); products.len()];
    priced_days(store, products, begin..end, |PricedDay { place, day, units, worth }| {
        let one = &mut sold[place];
        let is_after = day >= starts;
        if is_after {
            one.after += units
        } else {
            one.before += units
        }
        if let Some(worth) = worth {
            let priced = &mut one.priced[usize::from(is_after)];
            priced.0 += units;
            priced.1 += worth;
        }
    })?;
    Ok(sold)
}

/// A day of a tested product.
pub(super) struct PricedDay {
    /// Its place among the products.
    pub place: usize,
    pub day: i64,
    pub units: f64,
    /// What was charged for them, where that is known.
    pub worth: Option<f64>,
}

/// Hears the days of some products, which are in the order of their keys.
pub(super) fn priced_days(
    store: &Store,
    products: &[TestedProduct],
    days: std::ops::Range<i64>,
    mut hear: impl FnMut(PricedDay),
) -> Result<(), OperationError> {
    store.snapshot_reader()?.stream_sales(|sale| {
        let place = products.binary_search_by_key(&sale.product_key, |(key, ..)| *key);
        let (Ok(place), true) = (place, days.contains(&sale.day)) else { return };
        let units = sale.units_milli as f64 / MILLI;
        let worth = match (sale.net_revenue_micro, sale.price_micro) {
            (Some(revenue), _) => Some(revenue as f64 / MICRO),
            (None, Some(price)) => Some(units * price as f64 / MICRO),
            (None, None) => None,
        };
        let worth = worth.filter(|worth| units > 0.0 && *worth > 0.0);
        hear(PricedDay { place, day: sale.day, units, worth });
    })?;
    Ok(())
}

/// The mean change of the logarithm of the price charged, over products with sales in both periods.
fn price_change(group: &[Sold]) -> Option<f64> {
    let changes: Vec<f64> = group
        .iter()
        .filter(|one| one.priced.iter().all(|(units, _)| *units > 0.0))
        .map(|one| (one.priced[1].1 / one.priced[1].0 / (one.priced[0].1 / one.priced[0].0)).ln())
        .collect();
    (!changes.is_empty()).then(|| changes.iter().sum::<f64>() / changes.len() as f64)
}
