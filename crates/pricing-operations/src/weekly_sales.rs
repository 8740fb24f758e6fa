//! Sales by product and week, and the table that forecasts learn from.

use std::collections::BTreeMap;

use pricing_domain::{CivilDate, Instant, MICROSECONDS_PER_DAY};
use pricing_rules::Snapshot;
use pricing_science::{Dropped, ForecastRequest, LeftOut, ProductSales, Table, Values, monday, unfit_weeks, week_of};
use pricing_store::{ProductFilter, SalesRecord, Store};

use crate::OperationError;
use crate::demand::{add, words};

pub(crate) const DAYS_PER_WEEK: i64 = 7;
const WEEKS_PER_YEAR: i64 = 52;
const MILLI: f64 = 1_000.0;
const MICRO: f64 = 1_000_000.0;

/// A week of a product.
#[derive(Clone, Copy, Default)]
pub(crate) struct Week {
    pub units: f64,
    /// Units with a known price, and their worth at it.
    pub worth: f64,
    pub priced_units: f64,
    /// Of those units the ones whose price on the shelf is stated; the others have their net revenue.
    pub stated_units: f64,
    /// Units sold in a promotion.
    pub promoted: f64,
}

impl Week {
    /// The mean price charged.
    pub fn price(&self) -> Option<f64> {
        (self.priced_units > 0.0).then(|| self.worth / self.priced_units)
    }

    /// The share of the units sold in a promotion.
    pub fn promotion(&self) -> f64 {
        if self.units > 0.0 { self.promoted / self.units } else { 0.0 }
    }
}

/// A product's weeks, by number.
pub(crate) type Weeks = BTreeMap<i64, Week>;

/// Weeks that are not learnt from, by product key and number, with the reason.
pub(crate) type Unfit = BTreeMap<i64, BTreeMap<i64, Dropped>>;

/// How many weeks are not learnt from for which reason, in words.
pub(crate) fn told<'a>(weeks: impl Iterator<Item = &'a Dropped>) -> Vec<(String, u64)> {
    let mut counts: BTreeMap<Dropped, u64> = BTreeMap::new();
    weeks.for_each(|reason| *counts.entry(*reason).or_default() += 1);
    counts.into_iter().map(|(reason, count)| (words(reason).to_owned(), count)).collect()
}

/// Sales by product key.
pub(crate) struct WeeklySales {
    pub sold: BTreeMap<i64, Weeks>,
    /// The same by day, as they were booked, returns among them.
    days: BTreeMap<i64, ProductSales>,
    /// The last whole week: its Sunday is known.
    pub last: i64,
}

impl WeeklySales {
    /// Reads the sales of some products. Refused where no product has any: whether a week is over is told by all sales.
    pub fn read(store: &Store, filter: &ProductFilter) -> Result<WeeklySales, OperationError> {
        let mut sold: BTreeMap<i64, Weeks> = BTreeMap::new();
        let mut days: BTreeMap<i64, ProductSales> = BTreeMap::new();
        let reader = store.snapshot_reader()?;
        let Some(newest) = reader.newest_sale()? else {
            return Err(OperationError::refused("There are no sales yet. Import them first: sku, date, units, price."));
        };
        reader.stream_sales_of(filter, |sale| {
            let units = (sale.units_milli as f64 / MILLI).max(0.0);
            let week = sold.entry(sale.product_key).or_default().entry(week_of(sale.day)).or_default();
            week.units += units;
            let price = match (sale.net_revenue_micro, sale.price_micro) {
                (_, Some(price)) => Some(price as f64 / MICRO),
                (Some(revenue), None) if units > 0.0 => Some(revenue as f64 / MICRO / units),
                _ => None,
            };
            if let Some(price) = price.filter(|price| *price > 0.0 && units > 0.0) {
                week.worth += price * units;
                week.priced_units += units;
                week.stated_units += if sale.price_micro.is_some() { units } else { 0.0 };
            }
            week.promoted += if sale.is_promotion { units } else { 0.0 };
            let price_micro = price.map(|price| (price * MICRO).round() as i64);
            add(&mut days.entry(sale.product_key).or_default().days, &SalesRecord { price_micro, ..sale });
        })?;
        // What was charged stands in the price; without it revenue is no price of a day.
        days.values_mut().flat_map(|product| &mut product.days).for_each(|(_, row)| row.revenue = None);
        Ok(WeeklySales { sold, days, last: week_of(newest + 1) - 1 })
    }

    /// The weeks of these products that do not show what could have been sold, by what is known at the end of a week.
    pub fn unfit(&self, keys: &[i64], last: i64) -> Unfit {
        let known: Vec<(i64, ProductSales)> =
            keys.iter().filter_map(|key| Some((*key, self.days.get(key)?.clone()))).collect();
        let (keys, products): (Vec<i64>, Vec<ProductSales>) = known.into_iter().unzip();
        keys.into_iter().zip(unfit_weeks(&products, last)).filter(|(_, weeks)| !weeks.is_empty()).collect()
    }

    /// How many of these weeks have no week of a year before among all sales, so that nothing tells their season.
    pub fn without_year_before(&self, weeks: std::ops::RangeInclusive<i64>) -> usize {
        let first = self.first();
        weeks.filter(|week| week - WEEKS_PER_YEAR < first).count()
    }

    /// The first week of these products; the last one where there is none.
    pub fn first(&self) -> i64 {
        self.sold.values().filter_map(|weeks| weeks.keys().next()).min().copied().unwrap_or(self.last)
    }
}

/// The Monday of a week as a date.
pub(crate) fn monday_date(week: i64) -> CivilDate {
    Instant(monday(week) * MICROSECONDS_PER_DAY).utc_date()
}

/// The mean price of the weeks that are learnt from. Products of a category share what is learnt about prices, so that
/// theirs are told against their own.
pub(crate) fn usual_price(weeks: &Weeks, origin: i64) -> Option<f64> {
    let sums =
        weeks.range(..=origin).fold((0.0, 0.0), |sums, (_, week)| (sums.0 + week.worth, sums.1 + week.priced_units));
    (sums.1 > 0.0).then(|| sums.0 / sums.1)
}

/// The topmost category of a row; “none” without one.
pub(crate) fn top_category(snapshot: &Snapshot, row: usize) -> String {
    let path = snapshot.categories.text(snapshot.products.category.get(row));
    let top = path.split('>').next().unwrap_or_default().trim();
    if top.is_empty() { "none".to_owned() } else { top.to_owned() }
}

/// The rows of the table, column by column.
#[derive(Default)]
pub(crate) struct Rows {
    units: Vec<f64>,
    price: Vec<f64>,
    promotion: Vec<f64>,
    week: Vec<f64>,
    product: Vec<String>,
    category: Vec<String>,
    /// Products with their first row and its week.
    firsts: Vec<(i64, usize, i64)>,
}

impl Rows {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.units.len()
    }

    /// A week; `price` is told against the product's usual one.
    pub fn push(&mut self, (key, category): (i64, &str), week: i64, units: f64, price: f64, promotion: f64) {
        self.units.push(units);
        self.price.push(price);
        self.promotion.push(promotion);
        self.week.push(week as f64);
        self.product.push(key.to_string());
        self.category.push(category.to_owned());
    }

    /// A row for each week from the first sale with a price on; a week without sales has none, at the price before.
    /// Gives the price that is usual up to `origin`, and the one charged last.
    pub fn push_weeks(&mut self, product: (i64, &str), weeks: &Weeks, [origin, last]: [i64; 2]) -> Option<(f64, f64)> {
        let (first, mut charged) = weeks.iter().find_map(|(number, week)| Some((*number, week.price()?)))?;
        let usual = usual_price(weeks, origin).unwrap_or(charged);
        self.firsts.push((product.0, self.len(), first));
        for number in first..=last {
            let week = weeks.get(&number).copied().unwrap_or_default();
            charged = week.price().unwrap_or(charged);
            self.push(product, number, week.units, charged / usual, week.promotion());
        }
        Some((usual, charged))
    }

    /// The rows of weeks that are not learnt from. Orders far from the usual count in the mean, as they do among what is sold.
    pub fn left_out(&self, unfit: &Unfit) -> Vec<LeftOut> {
        let mut rows = Vec::new();
        for (place, (key, start, first)) in self.firsts.iter().enumerate() {
            let end = self.firsts.get(place + 1).map_or(self.len(), |(_, start, _)| *start);
            for (week, reason) in unfit.get(key).into_iter().flat_map(|weeks| weeks.range(first..)) {
                let row = usize::try_from(week - first).ok().map(|week| start + week).filter(|row| *row < end);
                rows.extend(row.map(|row| LeftOut { row, is_counted: *reason == Dropped::Outlier }));
            }
        }
        rows
    }

    pub fn into_table(self) -> Result<Table, OperationError> {
        let columns = vec![
            ("units".to_owned(), Values::Number(self.units)),
            ("price".to_owned(), Values::Number(self.price)),
            ("promotion".to_owned(), Values::Number(self.promotion)),
            ("week".to_owned(), Values::Number(self.week)),
            ("product".to_owned(), Values::from_texts(&self.product)),
            ("category".to_owned(), Values::from_texts(&self.category)),
        ];
        Ok(Table::new(columns)?)
    }
}

/// What the columns of such a table mean.
pub(crate) fn forecast_request(train_until: i64, test_until: i64) -> ForecastRequest {
    ForecastRequest {
        units: "units".into(),
        price: "price".into(),
        promotions: vec!["promotion".into()],
        other_prices: Vec::new(),
        unit: "product".into(),
        pool: "category".into(),
        time: "week".into(),
        season_length: WEEKS_PER_YEAR as f64,
        train_until: train_until as f64,
        test_until: test_until as f64,
    }
}

#[cfg(test)]
mod tests {
    use super::monday_date;

    #[test]
    fn the_first_week_begins_on_the_first_monday_of_1970() {
        assert_eq!(
            (monday_date(0).to_string(), monday_date(-1).to_string()),
            ("1970-01-05".into(), "1969-12-29".into())
        );
    }
}
