//! The model of a pool: shared coefficients, and deviations of each series, all held back by penalties.

use faer::Mat;
use faer::linalg::solvers::Solve;

use super::panel::{Held, Kind, Pool};

/// What is chosen on training weeks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Settings {
    /// Penalty on own price and promotions.
    pub own: f64,
    /// On prices of others; infinite leaves them out, here and below.
    pub others: f64,
    pub shape: f64,
    pub before: f64,
    pub season: f64,
    pub trend: f64,
    /// On how a series' level deviates.
    pub level: f64,
    /// On how a series' slopes deviate.
    pub slopes: f64,
    /// After how many periods the past weighs half.
    pub half_life: f64,
    /// After how many periods what was sold beyond the fit weighs half for the level from now on; infinite: it does not.
    pub recent: f64,
    /// How much of what boosted trees find is added.
    pub tree_share: f64,
}

impl Settings {
    fn penalty(&self, kind: Kind) -> f64 {
        match kind {
            Kind::Own => self.own,
            Kind::Others => self.others,
            Kind::Shape => self.shape,
            Kind::Before => self.before,
            Kind::Season => self.season,
            Kind::Trend => self.trend,
        }
    }
}

/// Logarithms of the two fits for each row of the pool, and the spread of each series.
pub(super) struct Fitted {
    /// Aims at the median.
    pub log_fit: Vec<f64>,
    /// Aims at the mean.
    pub mean_fit: Vec<f64>,
    /// Standard deviation of the logarithm around the first fit, drawn towards the pool's.
    pub spread: Vec<f64>,
}

/// Fits the rows up to `until` and evaluates at all rows; `None` where there is too little to learn from.
pub(super) fn fit(pool: &Pool, settings: &Settings, until: f64) -> Option<Fitted> {
    let training: Vec<usize> =
        (0..pool.rows.len()).filter(|row| pool.time[*row] <= until && pool.is_learnt[*row]).collect();
    let scaled = Scaled::new(pool, settings, &training, pool.held(until))?;
    let sold: Vec<usize> = training.iter().copied().filter(|row| pool.units[*row] > 0.0).collect();
    let age = |row: usize| 0.5_f64.powf((until - pool.time[row]) / settings.half_life);
    let weights: Vec<f64> = sold.iter().map(|row| age(*row)).collect();
    let logarithms: Vec<f64> = sold.iter().map(|row| pool.units[*row].ln()).collect();
    let log_model = scaled.solve(&sold, &logarithms, &weights)?;
    let log_fit = scaled.predict(&log_model);
    let mut mean_fit = log_fit.clone();
    let average = training.iter().map(|row| pool.units[*row]).sum::<f64>() / training.len() as f64;
    const ROUNDS: usize = 6;
    for _ in 0..ROUNDS {
        let expected = |row: usize| mean_fit[row].clamp(-10.0, 25.0).exp();
        let working: Vec<f64> =
            training.iter().map(|&row| mean_fit[row] + (pool.units[row] - expected(row)) / expected(row)).collect();
        let weights: Vec<f64> = training.iter().map(|&row| age(row) * expected(row) / average).collect();
        mean_fit = scaled.predict(&scaled.solve(&training, &working, &weights)?);
    }
    let spread = spread(pool, &sold, &log_fit);
    Some(Fitted { log_fit, mean_fit, spread })
}

/// Each series' spread, as if it had twenty more weeks of the pool's.
fn spread(pool: &Pool, rows: &[usize], fit: &[f64]) -> Vec<f64> {
    const MORE: f64 = 20.0;
    let mut squares = vec![0.0; pool.series_count];
    let mut counts = vec![0.0; pool.series_count];
    for &row in rows {
        let series = pool.series[row] as usize;
        squares[series] += (pool.units[row].ln() - fit[row]).powi(2);
        counts[series] += 1.0;
    }
    let all = squares.iter().sum::<f64>() / rows.len().max(1) as f64;
    squares.iter().zip(&counts).map(|(square, count)| ((square + MORE * all) / (count + MORE)).sqrt()).collect()
}

/// The pool's regressors scaled on the training rows; those left out are gone.
struct Scaled<'a> {
    pool: &'a Pool,
    settings: &'a Settings,
    /// Columns in use.
    used: Vec<usize>,
    /// Row by row, the constant first.
    values: Vec<f64>,
    penalties: Vec<f64>,
    /// Columns (with the constant) whose effect varies by series.
    varying: Vec<usize>,
    /// How far the price of each row lies beyond those of its series, scaled as the price is.
    beyond: Vec<f64>,
}

struct Model {
    common: Vec<f64>,
    /// Row by row for each series.
    deviations: Vec<f64>,
}

impl<'a> Scaled<'a> {
    fn new(pool: &'a Pool, settings: &'a Settings, training: &[usize], held: Held) -> Option<Scaled<'a>> {
        const FEWEST: usize = 10;
        if training.len() < FEWEST {
            return None;
        }
        let width = pool.width();
        let moments = |column: usize| {
            let of = || training.iter().map(|row| pool.values[row * width + column]);
            let mean = of().sum::<f64>() / training.len() as f64;
            let variance = of().map(|value| (value - mean).powi(2)).sum::<f64>() / training.len() as f64;
            (mean, variance.sqrt())
        };
        let moments: Vec<(f64, f64)> = (0..width).map(moments).collect();
        let is_used = |column: &usize| moments[*column].1 > 1e-9 && settings.penalty(pool.kinds[*column]).is_finite();
        let used: Vec<usize> = (0..width).filter(is_used).collect();
        let mut values = Vec::with_capacity(pool.rows.len() * (used.len() + 1));
        for row in 0..pool.rows.len() {
            values.push(1.0);
            let scaled = |column: &usize| (held.values[row * width + column] - moments[*column].0) / moments[*column].1;
            values.extend(used.iter().map(scaled));
        }
        let penalties =
            std::iter::once(1e-6).chain(used.iter().map(|column| settings.penalty(pool.kinds[*column]))).collect();
        let is_own = |place: &usize| *place == 0 || pool.kinds[used[*place - 1]] == Kind::Own;
        let varying = (0..=used.len()).filter(is_own).collect();
        let beyond = if used.first() == Some(&0) {
            held.beyond.iter().map(|beyond| beyond / moments[0].1).collect()
        } else {
            vec![0.0; pool.rows.len()]
        };
        Some(Scaled { pool, settings, used, values, penalties, varying, beyond })
    }

    fn row(&self, row: usize) -> &[f64] {
        let width = self.used.len() + 1;
        &self.values[row * width..(row + 1) * width]
    }

    /// Penalised least squares; the series' deviations are eliminated series by series.
    fn solve(&self, rows: &[usize], outcome: &[f64], weights: &[f64]) -> Option<Model> {
        let (width, depth) = (self.used.len() + 1, self.varying.len());
        let mut common = Mat::<f64>::zeros(width, width + 1);
        let mut own: Vec<Mat<f64>> = (0..self.pool.series_count).map(|_| Mat::zeros(depth, depth)).collect();
        let mut shared: Vec<Mat<f64>> = (0..self.pool.series_count).map(|_| Mat::zeros(depth, width + 1)).collect();
        for ((&row, y), weight) in rows.iter().zip(outcome).zip(weights) {
            let x = self.row(row);
            let series = self.pool.series[row] as usize;
            for i in 0..width {
                let scaled = weight * x[i];
                (i..width).for_each(|j| common[(i, j)] += scaled * x[j]);
                common[(i, width)] += scaled * y;
            }
            for (i, &column) in self.varying.iter().enumerate() {
                let scaled = weight * x[column];
                (0..depth).for_each(|j| own[series][(i, j)] += scaled * x[self.varying[j]]);
                (0..width).for_each(|j| shared[series][(i, j)] += scaled * x[j]);
                shared[series][(i, width)] += scaled * y;
            }
        }
        for i in 0..width {
            (0..i).for_each(|j| common[(i, j)] = common[(j, i)]);
            common[(i, i)] += self.penalties[i];
        }
        let mut eliminated = Vec::with_capacity(own.len());
        for (own, shared) in own.iter_mut().zip(&shared) {
            for i in 0..depth {
                own[(i, i)] += if i == 0 { self.settings.level } else { self.settings.slopes };
            }
            let solved = own.llt(faer::Side::Lower).ok()?.solve(shared);
            let columns = Mat::from_fn(depth, width, |i, j| shared[(i, j)]);
            common -= columns.transpose() * &solved;
            eliminated.push(solved);
        }
        let gram = Mat::from_fn(width, width, |i, j| common[(i, j)]);
        let right = Mat::from_fn(width, 1, |i, _| common[(i, width)]);
        let solution = gram.llt(faer::Side::Lower).ok()?.solve(&right);
        let common: Vec<f64> = (0..width).map(|i| solution[(i, 0)]).collect();
        let deviation = |solved: &Mat<f64>, i: usize| {
            solved[(i, width)] - (0..width).map(|j| solved[(i, j)] * common[j]).sum::<f64>()
        };
        let deviations = eliminated.iter().flat_map(|solved| (0..depth).map(move |i| deviation(solved, i))).collect();
        Some(Model { common, deviations })
    }

    fn predict(&self, model: &Model) -> Vec<f64> {
        let depth = self.varying.len();
        let of = |row: usize| {
            let x = self.row(row);
            let series = self.pool.series[row] as usize;
            let shared: f64 = x.iter().zip(&model.common).map(|(x, b)| x * b).sum();
            let own = &model.deviations[series * depth..(series + 1) * depth];
            // Beyond the prices of a series stands what the pool shares, as a line.
            let shared = shared + model.common.get(1).map_or(0.0, |price| price * self.beyond[row]);
            shared + self.varying.iter().zip(own).map(|(column, b)| x[*column] * b).sum::<f64>()
        };
        (0..self.pool.rows.len()).map(of).collect()
    }
}
