//! The design: how much sales move without a test, how many products that needs, and which they are.
//!
//! The unit of observation is a product's change from one period to the next, so that a product counts once. How far
//! changes differ without a test is measured on the two newest periods of the sales; sizes are those of a two-sided test
//! of two means. Products are paired by what they sell, and within a pair chance decides, by a hash of the test's name:
//! the same test gives the same groups.

use std::collections::BTreeMap;

use app_contract::{ElasticityGrade, ExperimentDesign, ExperimentDuration, ExperimentInput, ExperimentProduct};
use pricing_domain::{GridSort, Lifecycle};
use pricing_rules::{GridQuery, ListFlags, Snapshot, run_grid};
use pricing_science::size_for_means;
use pricing_store::Store;
use std::sync::atomic::AtomicBool;

use super::switchback;
use crate::OperationError;
use crate::demand::{Demand, counts, grade_of};

const DAYS_PER_WEEK: i64 = 7;
/// Durations that are set against each other.
const DURATIONS: [u32; 5] = [2, 4, 6, 8, 12];
/// Products of each group, at most.
pub(super) const MOST_PRODUCTS: usize = 2_000;
/// Units a week below which a product says too little.
const FEWEST_UNITS: f64 = 1.0;
/// Weeks before a switchback that say what a product sells.
const WEEKS_BEFORE: u32 = 4;
/// A count of this much is added, so that a period without sales has a logarithm.
const HALF_A_UNIT: f64 = 0.5;

/// A product of the test.
pub(super) struct Chosen {
    pub key: i64,
    pub price_minor: i64,
    pub test_minor: i64,
    pub product: ExperimentProduct,
}

/// Units of a product by day.
pub(super) type Days = Vec<(i64, f64)>;
/// A product that could take part: its row, its key, and its units a week.
pub(super) type Eligible = (u32, i64, f64);

pub(super) fn check(experiment: &ExperimentInput) -> Result<(), OperationError> {
    let refused = |words: &str| Err(OperationError::refused(words));
    match experiment.switchback {
        Some(switchback) => switchback::check(experiment, switchback)?,
        None if !(1..=26).contains(&experiment.weeks) => return refused("A price test runs 1 to 26 weeks."),
        None => {}
    }
    if experiment.percent == 0.0 || !(-90.0..=200.0).contains(&experiment.percent) {
        return refused("The tested prices change by -90 to 200 percent, and not by 0.");
    }
    if experiment.effect == 0.0 || !(-95.0..=1_000.0).contains(&experiment.effect) {
        return refused("The effect to be found lies between -95 and 1000 percent, and is not 0.");
    }
    if !(50.0..=99.9).contains(&experiment.power) || !(0.1..=50.0).contains(&experiment.significance) {
        return refused("Power lies between 50 and 99.9 percent, significance between 0.1 and 50.");
    }
    Ok(())
}

pub(super) fn design(
    store: &Store,
    (snapshot, demand): (&Snapshot, &Demand),
    list: usize,
    experiment: &ExperimentInput,
) -> Result<(ExperimentDesign, Vec<Chosen>, Vec<Chosen>), OperationError> {
    let sales = units_by_day(store)?;
    let last = sales.values().filter_map(|days| days.last()).map(|(day, _)| *day).max();
    let Some(last) = last else {
        return Err(OperationError::refused("There are no sales yet. Import them first: sku, date, units, price."));
    };
    let mut left_out: BTreeMap<&str, u64> = BTreeMap::new();
    let mut eligible: Vec<Eligible> = Vec::new();
    let looked_at = 2 * experiment.switchback.map_or(experiment.weeks, |_| WEEKS_BEFORE);
    for row in candidates((snapshot, demand), list, experiment)? {
        let key = i64::from(snapshot.products.key.get(row as usize));
        let days = sales.get(&key).map(Vec::as_slice).unwrap_or_default();
        let per_week = units_between(days, last - span(looked_at), last) / f64::from(looked_at);
        match lacks(snapshot, list, row as usize, per_week) {
            Some(reason) => *left_out.entry(reason).or_default() += 1,
            None => eligible.push((row, key, per_week)),
        }
    }
    let left_out: Vec<(String, u64)> = left_out.into_iter().map(|(reason, count)| (reason.to_owned(), count)).collect();
    if let Some(switchback) = experiment.switchback {
        if eligible.is_empty() {
            return Err(OperationError::refused("No product could take part: each needs a price and sales."));
        }
        let (design, treated, held) =
            switchback::design((snapshot, demand), list, (experiment, switchback), eligible, (&sales, last))?;
        return Ok((ExperimentDesign { left_out, ..design }, treated, held));
    }
    if eligible.len() < 4 {
        return Err(OperationError::refused(format!(
            "Only {} products could take part; a test needs at least two with the new price and two without.",
            eligible.len()
        )));
    }
    let deviation = |weeks: u32| deviation(&eligible, &sales, last, weeks);
    let effect = (1.0 + experiment.effect / 100.0).ln();
    let (alpha, power) = (experiment.significance / 100.0, experiment.power / 100.0);
    let needs = |weeks: u32| {
        let deviation = deviation(weeks)?;
        let size = size_for_means(effect, deviation, alpha, power).ok().map(|size| (size.ceil() as u64).max(2));
        Some(ExperimentDuration { weeks, deviation: percent(deviation), needed: size })
    };
    let own = needs(experiment.weeks).ok_or_else(|| {
        OperationError::refused(format!("The sales are too short: {} weeks twice are needed.", experiment.weeks))
    })?;
    let needed = own.needed.unwrap_or(u64::MAX);
    let possible = (eligible.len() / 2).min(MOST_PRODUCTS);
    let wanted = experiment.products.map_or(needed, u64::from);
    let each = usize::try_from(wanted).unwrap_or(usize::MAX).min(possible).max(2);
    let (treated, held) = groups((snapshot, demand), list, experiment, eligible.clone(), each);
    let deviation = deviation(experiment.weeks).unwrap_or(f64::NAN);
    let detectable = detectable(each as f64, deviation, alpha, power);
    let finds = match detectable {
        Some(effect) => format!("with {each} it would find a change of {effect:.0} %"),
        None => format!("with {each} it would find nothing"),
    };
    let answer = match own.needed {
        Some(needed) => format!("Each group needs {needed} products; {finds}."),
        None => format!("No number of products is enough; {finds}."),
    };
    let mut remarks = Vec::new();
    if (each as u64) < needed {
        remarks.push(format!(
            "{each} products in each group are fewer than the {needed} it needs: an effect of {} % would often be missed.",
            experiment.effect
        ));
    }
    remarks.push(
        "Products of one family or category may take sales from each other; then the difference is too large."
            .to_owned(),
    );
    let design = ExperimentDesign {
        price_list: snapshot.lists[list].code.clone(),
        currency: snapshot.lists[list].currency,
        eligible: eligible.len() as u64,
        left_out,
        deviation: own.deviation,
        needed,
        periods: Vec::new(),
        detectable,
        grades: counts(treated.iter().chain(&held).map(|one| one.product.grade)),
        durations: DURATIONS.into_iter().filter_map(needs).collect(),
        treated: treated.iter().map(|one| one.product.clone()).collect(),
        held: held.iter().map(|one| one.product.clone()).collect(),
        answer,
        remarks,
    };
    Ok((design, treated, held))
}

pub(super) fn percent(logarithm: f64) -> f64 {
    100.0 * logarithm.exp_m1()
}

pub(super) fn span(weeks: u32) -> i64 {
    i64::from(weeks) * DAYS_PER_WEEK
}

/// Units of every product by day, all price lists together.
pub(super) fn units_by_day(store: &Store) -> Result<BTreeMap<i64, Days>, OperationError> {
    const MILLI: f64 = 1_000.0;
    let mut sales: BTreeMap<i64, Days> = BTreeMap::new();
    store.snapshot_reader()?.stream_sales(|sale| {
        sales.entry(sale.product_key).or_default().push((sale.day, sale.units_milli as f64 / MILLI));
    })?;
    Ok(sales)
}

/// Units after the first day and up to the last one.
pub(super) fn units_between(days: &[(i64, f64)], after: i64, to: i64) -> f64 {
    days.iter().filter(|(day, _)| *day > after && *day <= to).map(|(_, units)| units).sum()
}

/// The change of the logarithm of the units from one period to the next.
pub(super) fn change(before: f64, after: f64) -> f64 {
    ((after.max(0.0) + HALF_A_UNIT) / (before.max(0.0) + HALF_A_UNIT)).ln()
}

fn candidates(
    (snapshot, demand): (&Snapshot, &Demand),
    list: usize,
    experiment: &ExperimentInput,
) -> Result<Vec<u32>, OperationError> {
    let query = GridQuery { list, search: String::new(), filters: experiment.only.clone(), sort: GridSort::default() };
    let demand = query.is_of_demand().then(|| demand.of_grid());
    let mut rows = run_grid(snapshot, demand.as_ref(), &query, &AtomicBool::new(false)).rows.clone();
    rows.sort_unstable();
    match rows.is_empty() {
        true => Err(OperationError::refused("No product fits these filters.")),
        false => Ok(rows),
    }
}

fn lacks(snapshot: &Snapshot, list: usize, row: usize, per_week: f64) -> Option<&'static str> {
    let columns = &snapshot.lists[list];
    let reasons = [
        (columns.price_minor.get(row) <= 0, "without a price on this list"),
        (snapshot.products.lifecycle.get(row) == Lifecycle::Ended as u8, "no longer sold"),
        (columns.flags.get(row) & (ListFlags::LOCKED | ListFlags::PROMOTION) != 0, "locked or on promotion"),
        (per_week < FEWEST_UNITS, "sells less than one a week"),
    ];
    reasons.into_iter().find(|(holds, _)| *holds).map(|(_, reason)| reason)
}

/// The standard deviation of the products' changes between the two newest periods. `None`: sales do not reach back.
fn deviation(eligible: &[Eligible], sales: &BTreeMap<i64, Days>, last: i64, weeks: u32) -> Option<f64> {
    let (middle, begin) = (last - span(weeks), last - 2 * span(weeks));
    let first = sales.values().filter_map(|days| days.first()).map(|(day, _)| *day).min()?;
    if first > begin + DAYS_PER_WEEK {
        return None;
    }
    let changes: Vec<f64> = eligible
        .iter()
        .map(|(_, key, _)| {
            let days = sales.get(key).map(Vec::as_slice).unwrap_or_default();
            change(units_between(days, begin, middle), units_between(days, middle, last))
        })
        .collect();
    let count = changes.len() as f64;
    let mean = changes.iter().sum::<f64>() / count;
    let variance = changes.iter().map(|change| (change - mean).powi(2)).sum::<f64>() / (count - 1.0);
    (variance > 0.0).then(|| variance.sqrt())
}

/// The smallest effect in percent that so many products find, by halving.
fn detectable(each: f64, deviation: f64, alpha: f64, power: f64) -> Option<f64> {
    smallest_found(each, &|effect| size_for_means(effect, deviation, alpha, power).ok())
}

/// The smallest effect in percent that needs no more than there are; `size` is what an effect in logarithms needs.
pub(super) fn smallest_found(each: f64, size: &dyn Fn(f64) -> Option<f64>) -> Option<f64> {
    const LARGEST: f64 = 3.0;
    const HALVINGS: usize = 40;
    let needs = |effect: f64| size(effect).unwrap_or(f64::INFINITY);
    if needs(LARGEST) > each {
        return None;
    }
    let (mut low, mut high) = (0.0, LARGEST);
    for _ in 0..HALVINGS {
        let middle = (low + high) / 2.0;
        if needs(middle) > each { low = middle } else { high = middle }
    }
    Some(percent(high))
}

/// Pairs of products that sell alike, spread over all of them; within a pair chance decides.
fn groups(
    known: (&Snapshot, &Demand),
    list: usize,
    experiment: &ExperimentInput,
    mut eligible: Vec<Eligible>,
    each: usize,
) -> (Vec<Chosen>, Vec<Chosen>) {
    eligible.sort_by(|one, other| other.2.total_cmp(&one.2).then(one.1.cmp(&other.1)));
    let pairs: Vec<&[Eligible]> = eligible.chunks_exact(2).collect();
    let chosen = (0..each).map(|number| pairs[number * pairs.len() / each]);
    let (mut treated, mut held) = (Vec::new(), Vec::new());
    for pair in chosen {
        let first = usize::from(hash(&experiment.name, pair[0].1).is_multiple_of(2));
        treated.push(product(known, list, experiment, pair[first], true));
        held.push(product(known, list, experiment, pair[1 - first], false));
    }
    (treated, held)
}

pub(super) fn product(
    (snapshot, demand): (&Snapshot, &Demand),
    list: usize,
    experiment: &ExperimentInput,
    (row, key, units): Eligible,
    is_treated: bool,
) -> Chosen {
    let price_minor = snapshot.lists[list].price_minor.get(row as usize);
    let changed = (price_minor as f64 * (1.0 + experiment.percent / 100.0)).round() as i64;
    let test_minor = if is_treated { changed.max(1) } else { price_minor };
    let found = demand.fitted.products.get(row as usize);
    let product = ExperimentProduct {
        grade: found.map_or(ElasticityGrade::NotEnough, grade_of),
        elasticity: found.and_then(|found| found.graded.estimate).map(|estimate| estimate.value),
        sku: snapshot.products.sku.get(row as usize).to_owned(),
        name: snapshot.products.name.get(row as usize).to_owned(),
        units,
        price_minor,
        test_minor,
    };
    Chosen { key, price_minor, test_minor, product }
}

/// FNV-1a, mixed once more: the low bits of a short text would follow its last letter.
pub(super) fn hash(name: &str, key: i64) -> u64 {
    const BASIS: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    let bytes = name.bytes().chain(key.to_le_bytes());
    let hash = bytes.fold(BASIS, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME));
    (hash ^ (hash >> 29)).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32
}

#[cfg(test)]
mod tests {
    use super::{change, detectable, hash, units_between};

    #[test]
    fn chance_is_even_and_the_same_each_time() {
        let heads = (0..1_000).filter(|key| hash("Price test", *key).is_multiple_of(2)).count();
        assert!((430..570).contains(&heads), "{heads}");
        assert_eq!(hash("Price test", 7), hash("Price test", 7));
        assert!((0..50).any(|key| hash("A", key) % 2 != hash("B", key) % 2));
    }

    #[test]
    fn more_products_find_less() {
        let few = detectable(20.0, 0.4, 0.05, 0.8).expect("found");
        let many = detectable(200.0, 0.4, 0.05, 0.8).expect("found");
        assert!(few > 40.0 && few < 45.0 && many < 13.0, "{few} {many}");
        assert_eq!(detectable(2.0, 9.0, 0.05, 0.8), None);
    }

    #[test]
    fn a_period_begins_after_its_first_day() {
        let days = [(1, 2.0), (2, 3.0), (3, 4.0)];
        assert_eq!(units_between(&days, 1, 2), 3.0);
        assert_eq!(change(9.5, 9.5), 0.0);
    }
}
