//! How forecasts of the newest weeks would have done: learnt from the weeks before, scored beside naive forecasts.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Instant as Stopwatch;

use app_contract::{BacktestScore, BacktestView};
use pricing_domain::{Instant, MICROSECONDS_PER_DAY};
use pricing_rules::Snapshot;
use pricing_science::{BacktestReport, ForecastRequest, Table, Values, backtest};
use pricing_store::Store;

use crate::exports::in_background;
use crate::{OperationError, Workspace};

const MOST_WEEKS: u32 = 26;
const PRODUCTS: std::ops::RangeInclusive<u32> = 10..=1_000;
/// Weeks that are needed before the tested ones.
const FEWEST_LEARNT: i64 = 26;
const WEEKS_IN_A_YEAR: f64 = 52.0;
const MILLI: f64 = 1_000.0;
const MICRO: f64 = 1_000_000.0;
/// Monday, 1970-01-05, counted from the first of January.
const FIRST_MONDAY: i64 = 4;
const DAYS_PER_WEEK: i64 = 7;

/// The last answer: where the catalogue stood, what was asked, what was answered.
#[derive(Default)]
pub(crate) struct KeptBacktest(Mutex<Option<(i64, u32, u32, BacktestView)>>);

/// A week of a product.
#[derive(Clone, Copy, Default)]
struct Week {
    units: f64,
    worth: f64,
    priced_units: f64,
    promoted: f64,
}

impl Workspace {
    /// Back-tests `weeks` weeks of the `products` products that sell most. The answer is kept until the workspace changes.
    pub async fn backtest_demand(&self, weeks: u32, products: u32) -> Result<BacktestView, OperationError> {
        if !(1..=MOST_WEEKS).contains(&weeks) || !PRODUCTS.contains(&products) {
            return Err(OperationError::refused("A back-test is about 1 to 26 weeks of 10 to 1000 products."));
        }
        let snapshot = self.snapshot().await?;
        let kept = self.backtest.0.lock().expect("no panic while it is held").clone();
        if let Some((sequence, of_weeks, of_products, view)) = kept
            && (of_weeks, of_products) == (weeks, products)
            && (sequence == snapshot.sequence || !self.store.products_changed_since(sequence).await?)
        {
            return Ok(view);
        }
        let (store, from) = (self.store.clone(), snapshot.clone());
        let view = in_background(move || test(&store, &from, weeks, products)).await?;
        let made = (snapshot.sequence, weeks, products, view.clone());
        *self.backtest.0.lock().expect("no panic while it is held") = Some(made);
        Ok(view)
    }
}

fn test(store: &Store, snapshot: &Arc<Snapshot>, weeks: u32, products: u32) -> Result<BacktestView, OperationError> {
    let started = Stopwatch::now();
    let mut sold: BTreeMap<i64, BTreeMap<i64, Week>> = BTreeMap::new();
    let mut newest = i64::MIN / 2;
    store.snapshot_reader()?.stream_sales(|sale| {
        newest = newest.max(sale.day);
        let units = (sale.units_milli as f64 / MILLI).max(0.0);
        let week = (sale.day - FIRST_MONDAY).div_euclid(DAYS_PER_WEEK);
        let known = sold.entry(sale.product_key).or_default().entry(week).or_default();
        known.units += units;
        let price = match (sale.net_revenue_micro, sale.price_micro) {
            (_, Some(price)) => Some(price as f64 / MICRO),
            (Some(revenue), None) if units > 0.0 => Some(revenue as f64 / MICRO / units),
            _ => None,
        };
        if let Some(price) = price.filter(|price| *price > 0.0 && units > 0.0) {
            known.worth += price * units;
            known.priced_units += units;
        }
        known.promoted += if sale.is_promotion { units } else { 0.0 };
    })?;
    if sold.is_empty() {
        return Err(OperationError::refused("There are no sales yet. Import them first: sku, date, units, price."));
    }
    // A week counts once its Sunday is known.
    let last = (newest - FIRST_MONDAY + 1).div_euclid(DAYS_PER_WEEK) - 1;
    let origin = last - i64::from(weeks);
    let first = sold.values().filter_map(|weeks| weeks.keys().next()).min().copied().unwrap_or(last);
    if origin - first + 1 < FEWEST_LEARNT {
        return Err(OperationError::refused(format!(
            "A back-test of {weeks} weeks needs {FEWEST_LEARNT} weeks of sales before them; there are {}.",
            (origin - first + 1).max(0)
        )));
    }
    let chosen = best_sellers(&sold, origin, products as usize);
    let table = table(snapshot, &sold, &chosen, [origin, last])?;
    let request = ForecastRequest {
        units: "units".into(),
        price: "price".into(),
        promotions: vec!["promotion".into()],
        other_prices: Vec::new(),
        unit: "product".into(),
        pool: "category".into(),
        time: "week".into(),
        season_length: WEEKS_IN_A_YEAR,
        train_until: origin as f64,
        test_until: last as f64,
    };
    let report = backtest(&table, &request)?;
    let monday = FIRST_MONDAY + DAYS_PER_WEEK * (origin + 1);
    Ok(view(&report, &chosen, started, [origin - first + 1, i64::from(weeks)], monday))
}

/// The products that sold most before the tested weeks: the choice must not know what came after.
fn best_sellers(sold: &BTreeMap<i64, BTreeMap<i64, Week>>, origin: i64, most: usize) -> Vec<i64> {
    let before = |weeks: &BTreeMap<i64, Week>| weeks.range(..=origin).map(|(_, week)| week.units).sum::<f64>();
    let mut all: Vec<(f64, i64)> = sold.iter().map(|(key, weeks)| (before(weeks), *key)).collect();
    all.retain(|(units, _)| *units > 0.0);
    all.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
    all.truncate(most);
    all.into_iter().map(|(_, key)| key).collect()
}

/// The mean price of the weeks that are learnt from. Products of a category share what is learnt about prices, so that
/// theirs are told against their own.
fn usual_price(weeks: &BTreeMap<i64, Week>, origin: i64) -> Option<f64> {
    let sums =
        weeks.range(..=origin).fold((0.0, 0.0), |sums, (_, week)| (sums.0 + week.worth, sums.1 + week.priced_units));
    (sums.1 > 0.0).then(|| sums.0 / sums.1)
}

/// A row for each product and week from its first sale on; a week without sales has none, at the price before.
fn table(
    snapshot: &Snapshot,
    sold: &BTreeMap<i64, BTreeMap<i64, Week>>,
    chosen: &[i64],
    [origin, last]: [i64; 2],
) -> Result<Table, OperationError> {
    let (mut units, mut price, mut promotion, mut week_of) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut product, mut category): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    for key in chosen {
        let weeks = &sold[key];
        let row = u32::try_from(*key).ok().and_then(|key| snapshot.row_of_key(key));
        let Some(row) = row.map(|row| row as usize) else { continue };
        let path = snapshot.categories.text(snapshot.products.category.get(row));
        let top = path.split('>').next().unwrap_or_default().trim();
        let first = weeks.iter().find(|(_, week)| week.priced_units > 0.0);
        let Some((first, begun)) = first else { continue };
        let mut charged = begun.worth / begun.priced_units;
        let usual = usual_price(weeks, origin).unwrap_or(charged);
        for number in *first..=last {
            let week = weeks.get(&number).copied().unwrap_or_default();
            if week.priced_units > 0.0 {
                charged = week.worth / week.priced_units;
            }
            units.push(week.units);
            price.push(charged / usual);
            promotion.push(if week.units > 0.0 { week.promoted / week.units } else { 0.0 });
            week_of.push(number as f64);
            product.push(key.to_string());
            category.push(if top.is_empty() { "none".to_owned() } else { top.to_owned() });
        }
    }
    let columns = vec![
        ("units".to_owned(), Values::Number(units)),
        ("price".to_owned(), Values::Number(price)),
        ("promotion".to_owned(), Values::Number(promotion)),
        ("week".to_owned(), Values::Number(week_of)),
        ("product".to_owned(), Values::from_texts(&product)),
        ("category".to_owned(), Values::from_texts(&category)),
    ];
    Ok(Table::new(columns)?)
}

fn view(
    report: &BacktestReport,
    chosen: &[i64],
    started: Stopwatch,
    [learnt, tested]: [i64; 2],
    monday: i64,
) -> BacktestView {
    let percent = |share: f64| 100.0 * share;
    let scores = report.scores.iter().map(|score| BacktestScore {
        name: score.name.clone(),
        wmape: percent(score.wmape),
        bias: percent(score.bias),
        value_added: percent(score.value_added),
    });
    let scores: Vec<BacktestScore> = scores.collect();
    let mut remarks = Vec::new();
    if scores.iter().skip(1).any(|naive| naive.value_added <= 0.0) {
        remarks
            .push("A naive forecast does at least as well: these sales hold little that a model could use.".to_owned());
    }
    remarks.push("Prices and promotions of the tested weeks are taken as known.".to_owned());
    remarks.push("A week without sales takes the price of the week before.".to_owned());
    BacktestView {
        products: chosen.len() as u64,
        learnt_weeks: learnt.max(0) as u64,
        test_weeks: tested.max(0) as u64,
        first_tested: Instant(monday * MICROSECONDS_PER_DAY).utc_date(),
        rows: report.rows as u64,
        not_forecast: report.not_forecast as u64,
        scores,
        median: (percent(report.median_wmape), percent(report.median_bias)),
        coverage_80: percent(report.coverage_80),
        coverage_95: percent(report.coverage_95),
        inner: (percent(report.inner_wmape), percent(report.inner_bias)),
        elapsed_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        remarks,
    }
}
