//! What a product is expected to sell in the next weeks, at the prices and promotions that are planned.

mod pictures;
mod planned;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant as Stopwatch;

use app_contract::{ForecastPlan, ForecastView, ForecastWeek, PastWeek};
use pricing_domain::{Instant, Lifecycle, MICROSECONDS_PER_DAY, PriceListId, ProductId};
use pricing_rules::Snapshot;
use pricing_science::{AheadReport, Dropped, forecast_ahead, monday, periods_needed, week_of};
use pricing_store::{ProductFilter, Store};

use crate::exports::in_background;
use crate::grids::place;
use crate::weekly_sales::{Rows, WeeklySales, Weeks, forecast_request, monday_date, told, top_category};
use crate::{OperationError, Workspace};
use planned::{PlannedWeek, Posted};

const WEEKS: std::ops::RangeInclusive<u32> = 8..=13;
/// Weeks since a product's first sale without which it is not forecast.
const FEWEST_KNOWN: i64 = 26;
/// Weeks with sales among them.
const FEWEST_SOLD: usize = 13;
/// Other products of the category that are learnt from: those that sell most.
const MOST_NEIGHBOURS: usize = 30;
/// Weeks before the forecast that are shown.
const PAST_SHOWN: i64 = 26;
/// Answers that are kept.
const MOST_KEPT: usize = 16;
/// A price that lies nearer to those charged than this is one of them.
const SAME_PRICE: f64 = 0.005;

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
struct Question {
    product: ProductId,
    price_list: PriceListId,
    weeks: u32,
    plan: ForecastPlan,
    /// The catalogue's state and the day, since a plan is about days.
    sequence: i64,
    day: i64,
}

/// Answers kept, the newest last, and the computation at work.
#[derive(Default)]
pub(crate) struct KeptForecasts {
    answers: Mutex<Vec<(Question, ForecastView)>>,
    running: Mutex<Arc<AtomicBool>>,
}

impl KeptForecasts {
    /// Ends the computation at work, and gives the flag of a new one.
    fn begin(&self) -> Arc<AtomicBool> {
        let mut running = self.running.lock().expect("no panic while it is held");
        running.store(true, Ordering::Relaxed);
        *running = Arc::default();
        running.clone()
    }
}

impl Workspace {
    /// Forecasts. Refused with the reason where the sales cannot carry it. A later question ends an earlier one.
    ///
    /// Cost: some twenty settings are tried on four windows over the product and up to thirty of its category.
    pub async fn forecast_product(
        &self,
        product: ProductId,
        price_list: PriceListId,
        weeks: u32,
        plan: ForecastPlan,
    ) -> Result<ForecastView, OperationError> {
        check(weeks, &plan)?;
        let missing = || OperationError::not_found("This product is not in the workspace any more.");
        let key = self.store.find_product(product).await?.ok_or_else(missing)?;
        let snapshot = self.snapshot().await?;
        let row = u32::try_from(key).ok().and_then(|key| snapshot.row_of_key(key)).ok_or_else(missing)? as usize;
        let list = place(&snapshot, price_list)?;
        let day = self.now().0.div_euclid(MICROSECONDS_PER_DAY);
        let question = Question { product, price_list, weeks, plan, sequence: snapshot.sequence, day };
        let known = |answers: &Vec<(Question, ForecastView)>| {
            answers.iter().find(|(asked, _)| *asked == question).map(|(_, view)| view.clone())
        };
        if let Some(view) = known(&self.forecasts.answers.lock().expect("no panic while it is held")) {
            return Ok(view);
        }
        let since = Instant(monday(week_of(day) - PAST_SHOWN) * MICROSECONDS_PER_DAY);
        let posted = Posted::new(self.store.posted_prices(key, snapshot.lists[list].key, since).await?, &question.plan);
        let stop = self.forecasts.begin();
        let (store, asked) = (self.store.clone(), question.clone());
        let view = in_background(move || {
            let asking = Asking { snapshot: &snapshot, list, row, key, question: &asked, posted: &posted };
            asking.answer(&store, &|_, _| !stop.load(Ordering::Relaxed))
        });
        let view = view.await?;
        let mut answers = self.forecasts.answers.lock().expect("no panic while it is held");
        answers.push((question, view.clone()));
        let surplus = answers.len().saturating_sub(MOST_KEPT);
        answers.drain(..surplus);
        Ok(view)
    }
}

fn check(weeks: u32, plan: &ForecastPlan) -> Result<(), OperationError> {
    let refused = |words: &str| Err(OperationError::refused(words));
    if !WEEKS.contains(&weeks) {
        return refused("A forecast is about the next 8 to 13 weeks.");
    }
    if plan.price_minor.is_some_and(|price| price <= 0) {
        return refused("A planned price lies above 0.");
    }
    match &plan.promotion {
        Some(promotion) if promotion.price_minor <= 0 => refused("A promotion's price lies above 0."),
        Some(promotion) if !(1..=weeks).contains(&promotion.first_week) || promotion.weeks == 0 => {
            refused("A planned promotion begins in one of the weeks ahead and lasts at least one.")
        }
        _ => Ok(()),
    }
}

/// A question with all that answers it beside the sales.
struct Asking<'a> {
    snapshot: &'a Snapshot,
    list: usize,
    row: usize,
    key: i64,
    question: &'a Question,
    posted: &'a Posted,
}

impl Asking<'_> {
    fn answer(&self, store: &Store, goes_on: &dyn Fn(usize, usize) -> bool) -> Result<ForecastView, OperationError> {
        let started = Stopwatch::now();
        if self.snapshot.products.lifecycle.get(self.row) == Lifecycle::Ended as u8 {
            return Err(OperationError::refused("This product is no longer sold; there is nothing to forecast."));
        }
        let category = top_category(self.snapshot, self.row);
        let keys = self.neighbours(&category);
        let filter = ProductFilter::only(keys.iter().copied().chain([self.key]));
        let sales = WeeklySales::read(store, &filter)?;
        let nothing = Weeks::new();
        let own = sales.sold.get(&self.key).unwrap_or(&nothing);
        let unfit = sales.unfit(&keys.iter().copied().chain([self.key]).collect::<Vec<_>>(), sales.last);
        let nothing_unfit = BTreeMap::new();
        let own_unfit = unfit.get(&self.key).unwrap_or(&nothing_unfit);
        let (known, sold) = self.enough(own, own_unfit, &sales)?;
        let (first, last) = (sales.last + 1, sales.last + i64::from(self.question.weeks));
        let mut rows = Rows::default();
        let mut neighbours = 0;
        for key in &keys {
            let Some(weeks) = sales.sold.get(key) else { continue };
            neighbours += u64::from(rows.push_weeks((*key, &category), weeks, [sales.last; 2]).is_some());
        }
        let (usual, charged) = rows.push_weeks((self.key, &category), own, [sales.last; 2]).ok_or_else(|| {
            OperationError::refused("No sale of this product has a price, so that no forecast can follow its price.")
        })?;
        let plan = self.posted.weeks(self.today_minor(), first..=last)?;
        let factor = self.charged_by_minor(own, charged, &plan);
        let left_out = rows.left_out(&unfit);
        let ahead = rows.len();
        for (week, planned) in (first..=last).zip(&plan) {
            rows.push((self.key, &category), week, 0.0, planned.minor * factor / usual, planned.promotion);
        }
        let report = forecast_ahead(&rows.into_table()?, &forecast_request(sales.last, last), &left_out, goes_on)?;
        let seen = seen(own);
        let week = |(place, planned): (usize, &PlannedWeek)| {
            let found = report.periods.iter().find(|period| period.row == ahead + place)?;
            let price = planned.minor * factor;
            Some(ForecastWeek {
                monday: monday_date(first + place as i64),
                price_minor: planned.minor.round() as i64,
                promotion: 100.0 * planned.promotion,
                median: found.median,
                mean: found.mean,
                between_80: found.between_80,
                between_95: found.between_95,
                extrapolated: price < seen.0 * (1.0 - SAME_PRICE) || price > seen.1 * (1.0 + SAME_PRICE),
            })
        };
        let weeks: Option<Vec<ForecastWeek>> = plan.iter().enumerate().map(week).collect();
        let weeks = weeks.ok_or_else(|| OperationError::fault("a week ahead without its forecast"))?;
        let list = &self.snapshot.lists[self.list];
        let units = weeks.iter().map(|week| week.mean).sum();
        Ok(ForecastView {
            product: self.question.product,
            sku: self.snapshot.products.sku.get(self.row).to_owned(),
            name: self.snapshot.products.name.get(self.row).to_owned(),
            price_list: list.code.clone(),
            currency: list.currency,
            known_weeks: u64::try_from(known).unwrap_or(0),
            sold_weeks: sold as u64,
            neighbours,
            errors: report.errors as u64,
            off_percent: 100.0 * report.inner_wmape,
            past: past(own, sales.last),
            remarks: self.remarks(own, own_unfit, &weeks, &report, sales.without_year_before(first..=last)),
            left_out: told(own_unfit.values()),
            weeks,
            units,
            elapsed_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        })
    }

    /// Keys of the products of the same topmost category that sell most, by their last 28 days.
    fn neighbours(&self, category: &str) -> Vec<i64> {
        let units = &self.snapshot.lists[self.list].units_28d_milli;
        let is_near =
            |row: &usize| *row != self.row && units.get(*row) > 0 && top_category(self.snapshot, *row) == category;
        let mut rows: Vec<usize> = (0..self.snapshot.row_count()).filter(is_near).collect();
        rows.sort_by_key(|row| (std::cmp::Reverse(units.get(*row)), *row));
        rows.truncate(MOST_NEIGHBOURS);
        rows.into_iter().map(|row| i64::from(self.snapshot.products.key.get(row))).collect()
    }

    /// Weeks since the first sale, and those with sales; refused where they are too few.
    fn enough(
        &self,
        own: &Weeks,
        unfit: &BTreeMap<i64, Dropped>,
        sales: &WeeklySales,
    ) -> Result<(i64, usize), OperationError> {
        let refused = |words: String| Err(OperationError::refused(words));
        let Some(first) = own.iter().find(|(_, week)| week.units > 0.0).map(|(number, _)| *number) else {
            return refused("This product has no sales yet, so that nothing can be forecast.".to_owned());
        };
        let known = sales.last - first + 1;
        if known < FEWEST_KNOWN {
            return refused(format!(
                "A forecast needs {FEWEST_KNOWN} weeks since the first sale of the product; there are {}.",
                known.max(0)
            ));
        }
        let is_learnt = |week: &i64| !unfit.contains_key(week);
        let sold = own.range(..=sales.last).filter(|(number, week)| week.units > 0.0 && is_learnt(number)).count();
        if sold < FEWEST_SOLD {
            let without = if unfit.is_empty() { "" } else { " that can be learnt from" };
            return refused(format!(
                "A forecast needs {FEWEST_SOLD} weeks with sales of the product{without}; there are {sold}."
            ));
        }
        let weeks = self.question.weeks;
        let needed = i64::try_from(periods_needed(weeks as usize)).unwrap_or(i64::MAX);
        let all = sales.last - sales.first() + 1;
        if all < needed {
            let fewer = if weeks > *WEEKS.start() { " Ask for fewer weeks." } else { "" };
            return refused(format!(
                "A forecast of {weeks} weeks is tried out on the past first, which needs {needed} weeks of sales in the \
                 category; there are {all}.{fewer}"
            ));
        }
        Ok((known, sold))
    }

    fn today_minor(&self) -> Option<i64> {
        Some(self.snapshot.lists[self.list].price_minor.get(self.row)).filter(|price| *price > 0)
    }

    /// What a minor unit on the shelf is in the sales: their price is the shelf's where it is stated, and net where only
    /// revenue is known. Without a VAT rate today's price is taken to be what was charged last.
    fn charged_by_minor(&self, own: &Weeks, charged: f64, plan: &[PlannedWeek]) -> f64 {
        const MICRO: f64 = 1e6;
        let list = &self.snapshot.lists[self.list];
        let major = list.currency.micro_per_minor() as f64 / MICRO;
        let (stated, priced) =
            own.values().fold((0.0, 0.0), |sums, week| (sums.0 + week.stated_units, sums.1 + week.priced_units));
        if 2.0 * stated >= priced {
            return major;
        }
        match list.contained_vat_bp(self.row) {
            Some(vat) => major / (1.0 + vat as f64 / 10_000.0),
            None => charged / self.today_minor().map_or(plan[0].minor, |today| today as f64),
        }
    }

    fn remarks(
        &self,
        own: &Weeks,
        unfit: &BTreeMap<i64, Dropped>,
        weeks: &[ForecastWeek],
        report: &AheadReport,
        unseen: usize,
    ) -> Vec<String> {
        const FEW_ERRORS: usize = 40;
        let units: f64 = weeks.iter().map(|week| week.mean).sum();
        let mut remarks = Vec::new();
        for (reason, count) in told(unfit.values()) {
            remarks.push(format!("Weeks that are not learnt from: {count}, {reason}."));
        }
        let outside = weeks.iter().filter(|week| week.extrapolated).count();
        if outside > 0 {
            remarks.push(format!("In {outside} weeks the price lies outside of all that were charged: extrapolated."));
        }
        if unseen > 0 {
            remarks.push(format!(
                "No sales of a year before are known for {unseen} of these weeks: their season is not in the forecast."
            ));
        }
        let is_promoted = weeks.iter().any(|week| week.promotion > 0.0);
        if is_promoted && own.values().all(|week| week.promoted <= 0.0) {
            remarks.push(
                "It was never sold in a promotion: what one adds to the lower price is learnt from others of its category, \
                 or left out where there are none."
                    .to_owned(),
            );
        }
        let stock = self.snapshot.products.stock.get(self.row);
        if stock >= 0 && stock != pricing_rules::NONE && (stock as f64) < units {
            remarks.push(format!("{stock} are in stock: this is what could be sold, not what can be delivered."));
        }
        if report.errors < FEW_ERRORS {
            remarks.push(format!("The intervals rest on {} past forecasts only.", report.errors));
        }
        if report.periods.first().is_some_and(|period| period.class.is_seldom()) {
            remarks.push(
                "It sells in some weeks only: the middle and the ends of its intervals are whole pieces, and often none."
                    .to_owned(),
            );
        }
        remarks.push("Means add up over weeks; medians and the ends of intervals do not.".to_owned());
        remarks.push("Competitors' prices are taken to stay as they are.".to_owned());
        remarks
    }
}

/// The lowest and highest weekly price charged.
fn seen(own: &Weeks) -> (f64, f64) {
    let prices = own.values().filter_map(crate::weekly_sales::Week::price);
    prices.fold((f64::INFINITY, 0.0), |(low, high), price| (low.min(price), high.max(price)))
}

fn past(own: &Weeks, last: i64) -> Vec<PastWeek> {
    let first = own.keys().next().copied().unwrap_or(last).max(last - PAST_SHOWN + 1);
    let week = |number: i64| {
        let week = own.get(&number).copied().unwrap_or_default();
        PastWeek { monday: monday_date(number), units: week.units, promotion: 100.0 * week.promotion() }
    };
    (first..=last).map(week).collect()
}
