//! Chooses settings by rolling origins inside the training periods, and forecasts with them.
//!
//! Forecasts are not scaled by the bias of those windows: whether a product is sold off in one of a few weeks moves the
//! sum of a window by a fifth, and on windows held out a scale from earlier ones made the bias larger, not smaller.

use super::boosted::corrections;
use super::classes::DemandClass;
use super::levels::{balance, large_orders, levels};
use super::panel::Pool;
use super::pooled::{Fitted, Settings, fit};
use crate::error::{Result, ScienceError};
use crate::parallel::map_parts;

/// Forecasts of a period range from an origin before it, one for each row.
pub(super) struct Window {
    pub rows: Vec<Forecast>,
}

/// One row's forecast.
#[derive(Debug, Clone, Copy)]
pub(super) struct Forecast {
    pub pool: usize,
    pub place: usize,
    pub time: f64,
    pub actual: f64,
    /// Whether settings are chosen by it: what nobody can foretell would decide them.
    pub is_learnt: bool,
    pub log_fit: f64,
    pub mean_fit: f64,
    pub spread: f64,
    /// How its series sold until the origin.
    pub class: DemandClass,
}

impl Forecast {
    /// The logarithm of both fits together. Equal weights: chosen ones seldom do better out of sample (Clemen 1989). Of
    /// what sells seldom the mean alone: the fit of the logarithm knows of no period without a sale.
    pub fn blended(&self) -> f64 {
        if self.class.is_seldom() { self.mean_fit } else { 0.5 * (self.log_fit + self.mean_fit) }
    }
}

/// What was chosen and measured.
pub(super) struct Tuned {
    pub settings: Settings,
    /// The forecasts of the inner windows.
    pub known: Vec<Forecast>,
    /// The error on the inner windows.
    pub inner_wmape: f64,
    /// What the forecasts there were above what was sold.
    pub inner_bias: f64,
}

/// Forecasts all rows of `(origin, end]` but those left out, learning up to `origin`.
pub(super) fn forecast(pools: &[Pool], settings: &Settings, origin: f64, end: f64) -> Window {
    let fitted: Vec<Option<Fitted>> = map_parts(pools.len(), |pool| fit(&pools[pool], settings, origin));
    let added = if settings.tree_share > 0.0 {
        corrections(pools, &fitted, origin)
    } else {
        pools.iter().map(|pool| vec![0.0; pool.rows.len()]).collect()
    };
    let mut rows = Vec::new();
    for (number, (pool, fitted)) in pools.iter().zip(&fitted).enumerate() {
        let Some(fitted) = fitted else { continue };
        let added = |place: usize| settings.tree_share * added[number][place];
        let mean_fit: Vec<f64> = (0..pool.rows.len()).map(|place| fitted.mean_fit[place] + added(place)).collect();
        let levels = if settings.recent.is_finite() {
            levels(pool, &fitted.mean_fit, origin, settings.recent)
        } else {
            vec![0.0; pool.series_count]
        };
        // What trees add to logarithms must not shift the sum of the means.
        let of_mean =
            [balance, large_orders].map(|of| of(pool, &mean_fit, origin, settings.half_life)).iter().sum::<f64>();
        let classes = DemandClass::of_series(pool, origin);
        let is_asked =
            |place: &usize| pool.time[*place] > origin && pool.time[*place] <= end && pool.is_counted[*place];
        for place in (0..pool.rows.len()).filter(is_asked) {
            rows.push(Forecast {
                pool: number,
                place,
                time: pool.time[place],
                actual: pool.units[place],
                is_learnt: pool.is_learnt[place],
                log_fit: fitted.log_fit[place] + added(place) + levels[pool.series[place] as usize],
                mean_fit: mean_fit[place] + levels[pool.series[place] as usize] + of_mean,
                spread: fitted.spread[pool.series[place] as usize],
                class: classes[pool.series[place] as usize],
            });
        }
    }
    Window { rows }
}

/// Inner windows one after the other, each as long as the horizon.
pub(super) const WINDOWS: usize = 4;

type Step = (fn(&mut Settings, f64), &'static [f64]);
const STEPS: [Step; 10] = [
    (|s, v| s.others = v, &[300.0, 10_000.0, 100_000.0]),
    (|s, v| s.half_life = v, &[26.0, 52.0, 104.0]),
    (|s, v| s.recent = v, &[4.0, 13.0]),
    (|s, v| s.shape = v, &[300.0, 3000.0]),
    (|s, v| s.before = v, &[300.0, 3000.0]),
    (|s, v| s.season = v, &[1000.0, 10_000.0]),
    (|s, v| s.slopes = v, &[10.0, 200.0]),
    (|s, v| s.own = v, &[50.0, 300.0]),
    (|s, v| s.trend = v, &[3000.0]),
    (|s, v| s.tree_share = v, &[0.5, 1.0]),
];

/// Settings that are tried, the first ones included.
pub(super) const CANDIDATES: usize = {
    let (mut count, mut place) = (1, 0);
    while place < STEPS.len() {
        count += STEPS[place].1.len();
        place += 1;
    }
    count
};

/// Chooses by coordinate steps over a few values of each setting. `goes_on` hears how many were tried and says whether
/// to go on.
pub(super) fn tune(pools: &[Pool], train_until: f64, horizon: f64, goes_on: &dyn Fn(usize) -> bool) -> Result<Tuned> {
    let origins: Vec<f64> = (1..=WINDOWS).map(|window| train_until - window as f64 * horizon).collect();
    let windows = |settings: &Settings| -> Vec<Window> {
        origins.iter().map(|origin| forecast(pools, settings, *origin, origin + horizon)).collect()
    };
    let mut settings = Settings {
        own: 5.0,
        others: 2000.0,
        shape: f64::INFINITY,
        before: f64::INFINITY,
        season: f64::INFINITY,
        trend: f64::INFINITY,
        level: 1.0,
        slopes: 50.0,
        half_life: 1e6,
        recent: f64::INFINITY,
        tree_share: 0.0,
    };
    let mut known = windows(&settings);
    let mut best = quality(&known);
    if !best.is_finite() {
        return Err(ScienceError::NotEnough(format!(
            "settings are chosen on {WINDOWS} windows of {horizon} periods before the first forecast, and at least one of \
             them has no sales or nothing to learn from before it"
        )));
    }
    let mut tried = 1;
    for (set, values) in STEPS {
        for value in values {
            if !goes_on(tried) {
                return Err(ScienceError::Stopped);
            }
            tried += 1;
            let mut candidate = settings;
            set(&mut candidate, *value);
            let found = windows(&candidate);
            let error = quality(&found);
            if error < best {
                best = error;
                settings = candidate;
                known = found;
            }
        }
    }
    let (sold, forecast) = known.iter().map(sums).fold((0.0, 0.0), |a, b| (a.0 + b.0, a.1 + b.1));
    let known = known.into_iter().flat_map(|window| window.rows).collect();
    Ok(Tuned { settings, known, inner_wmape: best, inner_bias: forecast / sold - 1.0 })
}

fn sums(window: &Window) -> (f64, f64) {
    window.rows.iter().fold((0.0, 0.0), |(sold, forecast), row| (sold + row.actual, forecast + row.blended().exp()))
}

/// The mean of the windows' WMAPE.
fn quality(windows: &[Window]) -> f64 {
    let wmape = |window: &Window| {
        let (mut sold, mut missed) = (0.0, 0.0);
        for row in window.rows.iter().filter(|row| row.is_learnt) {
            sold += row.actual;
            missed += (row.actual - row.blended().exp()).abs();
        }
        missed / sold
    };
    windows.iter().map(wmape).sum::<f64>() / windows.len() as f64
}
