//! The panel that is forecast: a row for each series and period, with prices and promotions.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::{Result, ScienceError};
use crate::formula::{Expression, groups, numbers};
use crate::table::Table;

/// What a table's columns mean. Every entry is an expression over the columns.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ForecastRequest {
    /// Units sold.
    pub units: String,
    /// The own price.
    pub price: String,
    /// Promotions and features: 0 or 1, or a strength.
    pub promotions: Vec<String>,
    /// Prices of others that may matter.
    pub other_prices: Vec<String>,
    /// What tells one series from another within a pool: the store.
    pub unit: String,
    /// Series that share coefficients: the product.
    pub pool: String,
    /// The period, a whole number.
    pub time: String,
    /// Periods in a year, for the season.
    pub season_length: f64,
    /// The last period that may be learnt from.
    pub train_until: f64,
    /// The last period that is forecast.
    pub test_until: f64,
}

/// A row of the table that is not learnt from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LeftOut {
    /// Which.
    pub row: usize,
    /// Whether its units count in the level of the mean all the same: an order far from the usual says nothing about prices
    /// and seasons, but such orders come again, and a mean without them is too low.
    pub is_counted: bool,
}

/// The rows of the table that are not learnt from, by what is known at an origin; those after it are no matter of it.
pub type KnownLeftOut<'a> = &'a dyn Fn(f64) -> Vec<LeftOut>;

/// Every row is learnt from.
pub fn nothing_left_out(_origin: f64) -> Vec<LeftOut> {
    Vec::new()
}

/// How strongly a regressor is held back, as a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Own price and promotions.
    Own,
    /// Prices of others.
    Others,
    /// Curvature, and price under promotion.
    Shape,
    /// Prices and promotions of the period before.
    Before,
    /// Season.
    Season,
    /// Trend.
    Trend,
}

/// A pool's rows, in the order of series and time.
pub(super) struct Pool {
    /// The row of the table.
    pub rows: Vec<usize>,
    pub series: Vec<u32>,
    pub series_count: usize,
    pub time: Vec<f64>,
    pub units: Vec<f64>,
    /// The regressors row by row, the price first and promotions after it.
    pub values: Vec<f64>,
    pub kinds: Vec<Kind>,
    /// Whether a row is learnt from.
    pub is_learnt: Vec<bool>,
    /// Whether its units count in the level of the mean.
    pub is_counted: Vec<bool>,
}

/// Takes up to the origin all rows but these to learn from.
pub(super) fn leave_out(pools: &mut [Pool], left_out: &[LeftOut], origin: f64) {
    let left_out: BTreeMap<usize, bool> = left_out.iter().map(|one| (one.row, one.is_counted)).collect();
    for pool in pools {
        for (place, row) in pool.rows.iter().enumerate() {
            let left = left_out.get(row).filter(|_| pool.time[place] <= origin);
            pool.is_learnt[place] = left.is_none();
            pool.is_counted[place] = left.is_none_or(|is_counted| *is_counted);
        }
    }
}

/// Regressors as far as the prices charged so far reach.
pub(super) struct Held {
    /// Row by row, as in the pool.
    pub values: Vec<f64>,
    /// How far the logarithm of the price lies beyond what its series was charged.
    pub beyond: Vec<f64>,
}

impl Pool {
    pub fn width(&self) -> usize {
        self.kinds.len()
    }

    /// The regressors with every later price held at the nearest one that its series was charged up to `until`: a curve, and
    /// what is a series' own, say nothing beyond the prices that they were learnt from.
    pub fn held(&self, until: f64) -> Held {
        let width = self.width();
        let own = |row: usize| self.values[row * width];
        let nothing = (f64::INFINITY, f64::NEG_INFINITY);
        let (mut all, mut charged) = (nothing, vec![nothing; self.series_count]);
        for row in (0..self.rows.len()).filter(|row| self.time[*row] <= until && self.is_learnt[*row]) {
            for range in [&mut all, &mut charged[self.series[row] as usize]] {
                *range = (range.0.min(own(row)), range.1.max(own(row)));
            }
        }
        let mut held = Held { values: self.values.clone(), beyond: vec![0.0; self.rows.len()] };
        let first = |kind: Kind| self.kinds.iter().position(|found| *found == kind);
        let (Some(shape), Some(before)) = (first(Kind::Shape), first(Kind::Before)) else { return held };
        for row in (0..self.rows.len()).filter(|row| self.time[*row] > until) {
            let own_range = charged[self.series[row] as usize];
            let (low, high) = if own_range.0 <= own_range.1 { own_range } else { all };
            if low > high {
                continue;
            }
            let values = &mut held.values[row * width..(row + 1) * width];
            let price = values[0].clamp(low, high);
            held.beyond[row] = values[0] - price;
            values[0] = price;
            values[shape] = price * price;
            for promotion in 1..before - shape {
                values[shape + promotion] = values[promotion] * price;
            }
            values[before] = values[before].clamp(low, high);
        }
        held
    }
}

/// Reads the pools.
pub(super) fn pools(table: &Table, request: &ForecastRequest) -> Result<Vec<Pool>> {
    let column = |text: &str| numbers(&Expression::parse(text)?, table);
    let units = column(&request.units)?;
    let price: Vec<f64> = column(&request.price)?.iter().map(|price| price.ln()).collect();
    let time = column(&request.time)?;
    let promotions = request.promotions.iter().map(|text| column(text)).collect::<Result<Vec<_>>>()?;
    let others = request
        .other_prices
        .iter()
        .map(|text| Ok(column(text)?.iter().map(|price| price.ln()).collect()))
        .collect::<Result<Vec<Vec<f64>>>>()?;
    let pool_of = groups(&Expression::parse(&request.pool)?, table)?;
    let unit_of = groups(&Expression::parse(&request.unit)?, table)?;
    let is_usable = |row: &usize| {
        units[*row] >= 0.0
            && price[*row].is_finite()
            && time[*row].is_finite()
            && promotions.iter().chain(&others).all(|column| column[*row].is_finite())
    };
    let mut order: Vec<usize> = (0..table.row_count()).filter(is_usable).collect();
    order.sort_by(|a, b| {
        (pool_of[*a], unit_of[*a]).cmp(&(pool_of[*b], unit_of[*b])).then(time[*a].total_cmp(&time[*b]))
    });
    if order.is_empty() {
        return Err(ScienceError::NotEnough("no row has units, price, promotions and a period".to_owned()));
    }
    let source =
        Source { units: &units, price: &price, time: &time, promotions: &promotions, others: &others, request };
    let pools = order.chunk_by(|a, b| pool_of[*a] == pool_of[*b]);
    Ok(pools.map(|rows| source.pool(rows, &unit_of)).collect())
}

struct Source<'a> {
    units: &'a [f64],
    price: &'a [f64],
    time: &'a [f64],
    promotions: &'a [Vec<f64>],
    others: &'a [Vec<f64>],
    request: &'a ForecastRequest,
}

impl Source<'_> {
    fn pool(&self, rows: &[usize], unit_of: &[u32]) -> Pool {
        let mean = rows.iter().map(|row| self.price[*row]).sum::<f64>() / rows.len() as f64;
        let mut pool = Pool {
            rows: rows.to_vec(),
            series: Vec::new(),
            series_count: 0,
            time: rows.iter().map(|row| self.time[*row]).collect(),
            units: rows.iter().map(|row| self.units[*row]).collect(),
            values: Vec::new(),
            kinds: self.kinds(),
            is_learnt: vec![true; rows.len()],
            is_counted: vec![true; rows.len()],
        };
        for (place, row) in rows.iter().enumerate() {
            let is_new = place == 0 || unit_of[*row] != unit_of[rows[place - 1]];
            pool.series_count += usize::from(is_new);
            pool.series.push(pool.series_count as u32 - 1);
            let before = if is_new { *row } else { rows[place - 1] };
            self.push(*row, before, mean, &mut pool.values);
        }
        pool
    }

    fn kinds(&self) -> Vec<Kind> {
        let promotions = self.promotions.len();
        let mut kinds = vec![Kind::Own; 1 + promotions];
        kinds.extend(std::iter::repeat_n(Kind::Others, self.others.len()));
        kinds.extend(std::iter::repeat_n(Kind::Shape, 1 + promotions));
        kinds.extend(std::iter::repeat_n(Kind::Before, 1 + promotions));
        kinds.extend([Kind::Season; 4]);
        kinds.push(Kind::Trend);
        kinds
    }

    fn push(&self, row: usize, before: usize, mean: f64, values: &mut Vec<f64>) {
        let own = self.price[row] - mean;
        let promotions = || self.promotions.iter().map(|column| column[row]);
        values.push(own);
        values.extend(promotions());
        values.extend(self.others.iter().map(|column| column[row]));
        values.push(own * own);
        values.extend(promotions().map(|promotion| promotion * own));
        values.push(self.price[before] - mean);
        values.extend(self.promotions.iter().map(|column| column[before]));
        let angle = std::f64::consts::TAU * self.time[row] / self.request.season_length.max(1.0);
        values.extend([angle.sin(), angle.cos(), (2.0 * angle).sin(), (2.0 * angle).cos()]);
        values.push(self.time[row] / self.request.season_length.max(1.0));
    }
}
