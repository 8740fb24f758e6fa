//! How forecasts of past weeks would have done: learnt from the weeks before, from several origins, scored beside naive
//! forecasts.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant as Stopwatch;

use app_contract::{BacktestClass, BacktestFigures, BacktestOrigin, BacktestScore, BacktestView, SellerClass};
use pricing_rules::Snapshot;
use pricing_science::{
    BacktestReport, ClassReport, DemandClass, LeftOut, RollingReport, periods_needed, rolling_backtest,
};
use pricing_store::{ProductFilter, Store};

use crate::weekly_sales::{Rows, Unfit, WeeklySales, Weeks, forecast_request, monday_date, told, top_category};
use crate::{OperationError, Progress, Workspace};

const MOST_WEEKS: u32 = 26;
const PRODUCTS: std::ops::RangeInclusive<u32> = 10..=1_000;
const MOST_ORIGINS: u32 = 6;
/// Weeks that are needed before the first origin, however short the forecast.
const FEWEST_LEARNT: i64 = 26;

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BacktestQuestion {
    /// Weeks forecast from each origin.
    pub weeks: u32,
    /// The products that sell most.
    pub products: u32,
    /// Origins.
    pub origins: u32,
}

/// The last answer: where the catalogue stood, what was asked, what was answered.
#[derive(Default)]
pub(crate) struct KeptBacktest(Mutex<Option<(i64, BacktestQuestion, BacktestView)>>);

impl Workspace {
    /// Back-tests forecasts. The answer is kept until the workspace changes; cancelling gives nothing.
    ///
    /// Cost: some twenty settings are tried on four windows before the first origin; each origin is one fit more.
    pub async fn backtest_demand(
        &self,
        question: BacktestQuestion,
        progress: &Progress,
    ) -> Result<BacktestView, OperationError> {
        let BacktestQuestion { weeks, products, origins } = question;
        if !(1..=MOST_WEEKS).contains(&weeks) || !PRODUCTS.contains(&products) || !(1..=MOST_ORIGINS).contains(&origins)
        {
            return Err(OperationError::refused(format!(
                "A back-test is about 1 to {MOST_WEEKS} weeks of 10 to 1000 products from 1 to {MOST_ORIGINS} origins."
            )));
        }
        progress.at(0, None, "Loading the catalogue");
        let snapshot = self.snapshot().await?;
        let kept = self.backtest.0.lock().expect("no panic while it is held").clone();
        if let Some((sequence, asked, view)) = kept
            && asked == question
            && (sequence == snapshot.sequence || !self.store.products_changed_since(sequence).await?)
        {
            return Ok(view);
        }
        let stop = Arc::new(AtomicBool::new(false));
        let (store, from, stopped) = (self.store.clone(), snapshot.clone(), stop.clone());
        let (told, mut reports) = tokio::sync::mpsc::unbounded_channel();
        let mut testing = tokio::task::spawn_blocking(move || {
            test(&store, &from, question, &|done, total| {
                // Whoever listened has been cancelled; the flag says so.
                let _ = told.send((done, total));
                !stopped.load(Ordering::Relaxed)
            })
        });
        let tested = loop {
            tokio::select! {
                tested = &mut testing => break tested,
                Some((done, total)) = reports.recv() => {
                    progress.at(done as u64, Some(total as u64), "Choosing settings and forecasting");
                }
                () = progress.cancel.cancelled() => {
                    stop.store(true, Ordering::Relaxed);
                    break testing.await;
                }
            }
        };
        let view = tested.map_err(|error| OperationError::fault(error.to_string()))??;
        let made = (snapshot.sequence, question, view.clone());
        *self.backtest.0.lock().expect("no panic while it is held") = Some(made);
        Ok(view)
    }
}

fn test(
    store: &Store,
    snapshot: &Snapshot,
    question: BacktestQuestion,
    goes_on: &dyn Fn(usize, usize) -> bool,
) -> Result<BacktestView, OperationError> {
    let started = Stopwatch::now();
    let sales = WeeklySales::read(store, &ProductFilter::default())?;
    let weeks = i64::from(question.weeks);
    let newest = sales.last - weeks;
    let origin = newest - weeks * (i64::from(question.origins) - 1);
    let first = sales.first();
    let (known, needed) = (origin - first + 1, needed(question.weeks));
    if known < needed {
        return Err(OperationError::refused(format!(
            "A back-test of {} weeks from {} origins needs {needed} weeks of sales before the first of them; there are {}. \
             Take fewer weeks or origins.",
            question.weeks,
            question.origins,
            known.max(0)
        )));
    }
    let chosen = best_sellers(&sales.sold, origin, question.products as usize);
    let rows = rows(snapshot, &sales, &chosen, origin);
    // Each origin cleans by what is known then, and the weeks after it stay as they were sold.
    let unfit: BTreeMap<i64, Unfit> = (0..i64::from(question.origins))
        .map(|number| newest - weeks * number)
        .map(|origin| (origin, sales.unfit(&chosen, origin)))
        .collect();
    let left_out: BTreeMap<i64, Vec<LeftOut>> =
        unfit.iter().map(|(origin, unfit)| (*origin, rows.left_out(unfit))).collect();
    let known_at = |origin: f64| left_out.get(&(origin.round() as i64)).cloned().unwrap_or_default();
    let request = forecast_request(newest, sales.last);
    let report = rolling_backtest(&rows.into_table()?, &request, question.origins as usize, &known_at, goes_on)?;
    let left_out =
        told(unfit.get(&newest).into_iter().flat_map(|unfit| unfit.values().flat_map(|weeks| weeks.values())));
    let unseen = sales.without_year_before(origin + 1..=sales.last);
    let mut view = view(&report, chosen.len(), question, first, left_out, started);
    if unseen > 0 {
        view.remarks.insert(1, season_words(unseen, (sales.last - origin) as usize));
    }
    Ok(view)
}

/// Weeks before the first origin.
fn needed(weeks: u32) -> i64 {
    i64::try_from(periods_needed(weeks as usize)).unwrap_or(i64::MAX).max(FEWEST_LEARNT)
}

/// The products that sold most before the tested weeks: the choice must not know what came after.
fn best_sellers(sold: &BTreeMap<i64, Weeks>, origin: i64, most: usize) -> Vec<i64> {
    let before = |weeks: &Weeks| weeks.range(..=origin).map(|(_, week)| week.units).sum::<f64>();
    let mut all: Vec<(f64, i64)> = sold.iter().map(|(key, weeks)| (before(weeks), *key)).collect();
    all.retain(|(units, _)| *units > 0.0);
    all.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
    all.truncate(most);
    all.into_iter().map(|(_, key)| key).collect()
}

fn rows(snapshot: &Snapshot, sales: &WeeklySales, chosen: &[i64], origin: i64) -> Rows {
    let mut rows = Rows::default();
    for key in chosen {
        let row = u32::try_from(*key).ok().and_then(|key| snapshot.row_of_key(key));
        let Some(row) = row.map(|row| row as usize) else { continue };
        let category = top_category(snapshot, row);
        rows.push_weeks((*key, &category), &sales.sold[key], [origin, sales.last]);
    }
    rows
}

fn view(
    report: &RollingReport,
    products: usize,
    question: BacktestQuestion,
    first: i64,
    left_out: Vec<(String, u64)>,
    started: Stopwatch,
) -> BacktestView {
    let total = figures(&report.total);
    let side = if total.mean.1 < 0.0 { "below" } else { "above" };
    let mut remarks =
        vec![format!("All weeks together, the mean forecast lies {:.1} % {side} what was sold.", total.mean.1.abs())];
    for (reason, count) in &left_out {
        remarks.push(format!("Weeks of products that are not learnt from: {count}, {reason}."));
    }
    if !left_out.is_empty() {
        remarks.push(
            "Each origin leaves out what could be told by then; the tested weeks are all scored. Orders far from the usual \
             count in the mean forecast all the same."
                .to_owned(),
        );
    }
    if total.scores.iter().skip(1).any(|naive| naive.value_added <= 0.0) {
        remarks
            .push("A naive forecast does at least as well: these sales hold little that a model could use.".to_owned());
    }
    let origins: Vec<BacktestOrigin> = report
        .origins
        .iter()
        .map(|one| {
            let origin = one.origin as i64;
            BacktestOrigin {
                first_tested: monday_date(origin + 1),
                learnt_weeks: u64::try_from(origin - first + 1).unwrap_or(0),
                figures: figures(&one.report),
            }
        })
        .collect();
    let worse = origins.iter().filter(|one| one.figures.scores.iter().skip(1).any(|naive| naive.value_added <= 0.0));
    let worse = worse.count();
    if worse > 0 && worse < origins.len() {
        remarks.push(format!("From {worse} of {} origins a naive forecast does at least as well.", origins.len()));
    }
    remarks.push(
        "Settings are chosen once, before the first origin; every origin learns from all weeks before it.".to_owned(),
    );
    remarks.push("Prices and promotions of the tested weeks are taken as known.".to_owned());
    remarks.push("A week without sales takes the price of the week before.".to_owned());
    BacktestView {
        products: products as u64,
        test_weeks: u64::from(question.weeks),
        origins,
        inner: (100.0 * report.total.inner_wmape, 100.0 * report.total.inner_bias),
        total,
        left_out,
        elapsed_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        remarks,
    }
}

/// What a year of sales cannot tell.
fn season_words(unseen: usize, tested: usize) -> String {
    let of = if unseen == tested { "the".to_owned() } else { format!("{unseen} of the {tested}") };
    format!(
        "For {of} tested weeks there are no sales of a year before: no forecast knows a rise such as before Christmas until \
         it has been seen once."
    )
}

fn figures(report: &BacktestReport) -> BacktestFigures {
    let percent = |share: f64| 100.0 * share;
    let score = |score: &pricing_science::ForecastScore| BacktestScore {
        name: score.name.clone(),
        wmape: percent(score.wmape),
        bias: percent(score.bias),
        value_added: percent(score.value_added),
    };
    BacktestFigures {
        rows: report.rows as u64,
        not_forecast: report.not_forecast as u64,
        scores: report.scores.iter().map(score).collect(),
        mean: (percent(report.mean_wmape), percent(report.mean_bias)),
        median: (percent(report.median_wmape), percent(report.median_bias)),
        coverage_80: percent(report.coverage_80),
        coverage_95: percent(report.coverage_95),
        classes: report.classes.iter().map(of_class).collect(),
    }
}

fn of_class(found: &ClassReport) -> BacktestClass {
    let percent = |share: f64| 100.0 * share;
    let known = |share: f64| share.is_finite().then(|| percent(share));
    BacktestClass {
        class: seller(found.class),
        products: found.series as u64,
        rows: found.rows as u64,
        wmape: known(found.wmape),
        bias: known(found.bias),
        coverage_80: percent(found.coverage_80),
        coverage_95: percent(found.coverage_95),
        width_80: found.width_80,
        mean_units: found.sold / found.rows.max(1) as f64,
    }
}

const fn seller(class: DemandClass) -> SellerClass {
    match class {
        DemandClass::Smooth => SellerClass::Smooth,
        DemandClass::Erratic => SellerClass::Erratic,
        DemandClass::Intermittent => SellerClass::Intermittent,
        DemandClass::Lumpy => SellerClass::Lumpy,
    }
}
