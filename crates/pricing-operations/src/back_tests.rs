//! A back-test: rules over the workspace's own history of offers and costs, day by day, against what was charged.
//!
//! The rules begin with the price charged on a product's first day and go on from their own prices. Each day is priced at
//! noon UTC by the engine that prices today, with the offers and costs as they were known then. An exception waits for a
//! person, so its price stays. Volumes are fixed: the units of 28 days, a day; how buyers answer is a scenario's to say.

mod days;
mod history;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant as Stopwatch;

use app_contract::{BackTestRow, BackTestTotals, BackTestView, ChartRequestLook, MarketChartView};
use pricing_analytics::{IndexHistoryChart, IndexLine, draw_back_test};
use pricing_domain::{CivilDate, Currency, Instant, MICROSECONDS_PER_DAY, Money, PriceListId, RuleSet};
use pricing_rules::Snapshot;

use crate::grids::place;
use crate::market::{chart_view, look};
use crate::pricing::change_bp;
use crate::{OperationError, Progress, Workspace};

use days::{Outcome, PlayedDay};
use history::History;

/// Days without a wish of a person.
const USUAL_DAYS: i64 = 60;

/// The longest back-test.
const MOST_DAYS: i64 = 366;

/// Products listed.
const ROWS_SHOWN: usize = 20;

/// What is asked.
#[derive(Clone, Debug)]
pub struct BackTestQuestion {
    /// The rules; `None`: those in force.
    pub rule_set: Option<RuleSet>,
    /// Whose prices.
    pub price_list: PriceListId,
    /// First day; `None`: 60 days up to the last.
    pub from: Option<CivilDate>,
    /// Last day; `None`: yesterday.
    pub to: Option<CivilDate>,
    /// The picture that is wanted.
    pub look: Option<ChartRequestLook>,
}

impl Workspace {
    /// Plays rules over the past. Nothing is written; cancelling gives nothing.
    ///
    /// Cost: the history of offers and prices once, then a pass of the rules over the catalogue a day.
    pub async fn back_test(
        &self,
        question: BackTestQuestion,
        progress: &Progress,
    ) -> Result<BackTestView, OperationError> {
        let started = Stopwatch::now();
        let BackTestQuestion { rule_set, price_list, from, to, look: wanted } = question;
        let rules = match rule_set {
            Some(rules) => rules,
            None => self.active_rules().await?.rules,
        };
        let (from, to) = period(from, to, self.now())?;
        progress.at(0, None, "Loading the catalogue");
        let snapshot = self.snapshot().await?;
        let list = place(&snapshot, price_list)?;
        let name = rules.name.clone();
        let stop = Arc::new(AtomicBool::new(false));
        let (store, base, stopped) = (self.store.clone(), snapshot.clone(), stop.clone());
        let (told, mut reports) = tokio::sync::mpsc::unbounded_channel();
        let mut playing = tokio::task::spawn_blocking(move || {
            let history = History::read(&store, &base, list, (from, to), &stopped)?;
            days::play(&store, &history, &rules, &stopped, &|done| {
                // Whoever listened has been cancelled; the flag says so.
                let _ = told.send(done);
            })
        });
        let total = u64::try_from(to - from + 1).ok();
        let played = loop {
            tokio::select! {
                played = &mut playing => break played,
                Some(done) = reports.recv() => progress.at(done, total, "Playing the days"),
                () = progress.cancel.cancelled() => {
                    stop.store(true, Ordering::Relaxed);
                    break playing.await;
                }
            }
        };
        let outcome = played.map_err(|error| OperationError::fault(error.to_string()))??;
        let currency = snapshot.lists[list].currency;
        let chart = wanted.map(|wanted| picture(&outcome.days, &wanted)).transpose()?.flatten();
        Ok(BackTestView {
            rule_set: name,
            price_list: snapshot.lists[list].name.clone(),
            currency,
            totals: totals(&outcome.days, currency),
            differences: self.differences(&snapshot, &outcome).await?,
            remarks: outcome.remarks,
            days: outcome.days.iter().map(|day| day.view(currency)).collect(),
            chart,
            elapsed_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        })
    }

    async fn differences(&self, snapshot: &Snapshot, outcome: &Outcome) -> Result<Vec<BackTestRow>, OperationError> {
        let products = &snapshot.products;
        let shown = &outcome.differences[..outcome.differences.len().min(ROWS_SHOWN)];
        let keys: Vec<u32> = shown.iter().map(|one| products.key.get(one.row as usize)).collect();
        let ids = self.store.product_ids(&keys).await?;
        let rows = shown.iter().zip(ids).map(|(one, product)| BackTestRow {
            product,
            sku: products.sku.get(one.row as usize).to_owned(),
            name: products.name.get(one.row as usize).to_owned(),
            charged_minor: one.charged_minor,
            rule_minor: one.rule_minor,
            change_bp: change_bp(Some(one.charged_minor), Some(one.rule_minor)).unwrap_or(0),
            days_different: one.days,
        });
        Ok(rows.collect())
    }
}

/// Days since 1970, both inclusive.
fn period(from: Option<CivilDate>, to: Option<CivilDate>, now: Instant) -> Result<(i64, i64), OperationError> {
    let day = |date: CivilDate| Instant::at_utc_midnight(date).0.div_euclid(MICROSECONDS_PER_DAY);
    let today = now.0.div_euclid(MICROSECONDS_PER_DAY);
    let to = to.map_or(today - 1, day);
    let from = from.map_or(to - USUAL_DAYS + 1, day);
    if to >= today {
        return Err(OperationError::refused("A back-test ends yesterday at the latest: the past is what it is about."));
    }
    if from > to || to - from >= MOST_DAYS {
        return Err(OperationError::refused(format!("A back-test is about 1 to {MOST_DAYS} days.")));
    }
    Ok((from, to))
}

fn totals(days: &[PlayedDay], currency: Currency) -> BackTestTotals {
    let sum = |of: fn(&PlayedDay) -> i128| days.iter().map(of).sum::<i128>();
    BackTestTotals {
        rule_changes: days.iter().map(|day| day.rule_changes).sum(),
        charged_changes: days.iter().map(|day| day.charged_changes).sum(),
        revenue_difference: money(sum(|day| day.rule.revenue - day.charged.revenue), currency),
        margin_difference: money(sum(|day| day.rule.margin - day.charged.margin), currency),
    }
}

/// An amount of thousandths of millionths, as it is shown.
fn money(nano: i128, currency: Currency) -> Money {
    let unit = i128::from(currency.micro_per_minor()) * 1_000;
    let half = if nano < 0 { -unit / 2 } else { unit / 2 };
    Money::new(i64::try_from((nano + half) / unit).unwrap_or(i64::MAX), currency)
}

fn picture(days: &[PlayedDay], wanted: &ChartRequestLook) -> Result<Option<MarketChartView>, OperationError> {
    let (Some(first), Some(last)) = (days.first(), days.last()) else { return Ok(None) };
    let of = |index: fn(&PlayedDay) -> Option<i64>| {
        days.iter().filter_map(|day| Some((day.day, index(day)?, day.coverage_bp))).collect::<Vec<_>>()
    };
    let lines = vec![
        IndexLine { name: "These rules".into(), days: of(PlayedDay::rule_index) },
        IndexLine { name: "As charged".into(), days: of(PlayedDay::charged_index) },
    ];
    if lines.iter().all(|line| line.days.is_empty()) {
        return Ok(None);
    }
    let chart = IndexHistoryChart {
        look: look(wanted.width, wanted.height, wanted.palette.clone()),
        from_day: first.day,
        to_day: last.day,
        lines,
    };
    let drawn = draw_back_test(&chart).map_err(|error| OperationError::fault(error.to_string()))?;
    Ok(Some(chart_view(drawn)))
}
