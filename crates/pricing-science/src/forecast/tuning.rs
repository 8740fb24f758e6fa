//! Chooses settings by rolling origins inside the training periods, and measures scale and intervals there.

use super::boosted::corrections;
use super::panel::Pool;
use super::pooled::{Fitted, Settings, fit};
use crate::error::{Result, ScienceError};
use crate::parallel::map_parts;

/// Forecasts of a period range from an origin before it, one for each row.
pub(super) struct Window {
    pub rows: Vec<Forecast>,
}

/// One row's forecast before scaling.
#[derive(Debug, Clone, Copy)]
pub(super) struct Forecast {
    pub pool: usize,
    pub place: usize,
    pub actual: f64,
    pub log_fit: f64,
    pub mean_fit: f64,
    pub spread: f64,
}

impl Forecast {
    /// The blend's logarithm.
    pub fn blended(&self, mean_share: f64) -> f64 {
        (1.0 - mean_share) * self.log_fit + mean_share * self.mean_fit
    }
}

/// What was chosen and measured.
pub(super) struct Tuned {
    pub settings: Settings,
    /// What forecasts are multiplied with so that they sum up right.
    pub scale: f64,
    /// Standardised errors of the logarithm on the inner windows, in order.
    pub errors: Vec<f64>,
    /// The error on the inner windows.
    pub inner_wmape: f64,
}

/// Forecasts all rows of `(origin, end]`, learning up to `origin`.
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
        for place in (0..pool.rows.len()).filter(|place| pool.time[*place] > origin && pool.time[*place] <= end) {
            rows.push(Forecast {
                pool: number,
                place,
                actual: pool.units[place],
                log_fit: fitted.log_fit[place] + added(place),
                mean_fit: fitted.mean_fit[place] + added(place),
                spread: fitted.spread[pool.series[place] as usize],
            });
        }
    }
    Window { rows }
}

/// Shares of the fit that aims at the mean which are tried.
const SHARES: [f64; 5] = [0.0, 0.25, 0.5, 0.75, 1.0];
/// Inner windows, each as long as the horizon.
const WINDOWS: usize = 4;

/// Chooses by coordinate steps over a few values of each setting.
pub(super) fn tune(pools: &[Pool], train_until: f64, horizon: f64) -> Result<Tuned> {
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
        mean_share: 0.5,
        tree_share: 0.0,
    };
    let mut known = windows(&settings);
    let mut best = quality(&known, settings.mean_share);
    if !best.is_finite() {
        return Err(ScienceError::NotEnough(format!(
            "a back-test needs {WINDOWS} windows of {horizon} periods before the last training period"
        )));
    }
    type Step = (fn(&mut Settings, f64), &'static [f64]);
    const STEPS: [Step; 9] = [
        (|s, v| s.others = v, &[300.0, 10_000.0, 100_000.0]),
        (|s, v| s.half_life = v, &[26.0, 52.0, 104.0]),
        (|s, v| s.shape = v, &[300.0, 3000.0]),
        (|s, v| s.before = v, &[300.0, 3000.0]),
        (|s, v| s.season = v, &[1000.0, 10_000.0]),
        (|s, v| s.slopes = v, &[10.0, 200.0]),
        (|s, v| s.own = v, &[50.0, 300.0]),
        (|s, v| s.trend = v, &[3000.0]),
        (|s, v| s.tree_share = v, &[0.5, 1.0]),
    ];
    for (set, values) in STEPS {
        for value in values {
            let mut tried = settings;
            set(&mut tried, *value);
            let found = windows(&tried);
            let reached = SHARES.map(|share| (quality(&found, share), share));
            let (error, mean_share) =
                reached.into_iter().fold((f64::INFINITY, 0.0), |a, b| if b.0 < a.0 { b } else { a });
            if error < best {
                best = error;
                settings = Settings { mean_share, ..tried };
                known = found;
            }
        }
    }
    let scale = scale(&known, settings.mean_share);
    let mut errors: Vec<f64> = known
        .iter()
        .flat_map(|window| &window.rows)
        .filter(|row| row.actual > 0.0)
        .map(|row| (row.actual.ln() - row.blended(settings.mean_share) - scale.ln()) / row.spread)
        .collect();
    errors.sort_by(f64::total_cmp);
    Ok(Tuned { settings, scale, errors, inner_wmape: best })
}

/// What makes the windows' forecasts sum up to what was sold, each window counting the same.
fn scale(windows: &[Window], share: f64) -> f64 {
    let ratio = |window: &Window| {
        let (sold, forecast) = sums(window, share);
        (sold / forecast).ln()
    };
    (windows.iter().map(ratio).sum::<f64>() / windows.len() as f64).exp()
}

fn sums(window: &Window, share: f64) -> (f64, f64) {
    window
        .rows
        .iter()
        .fold((0.0, 0.0), |(sold, forecast), row| (sold + row.actual, forecast + row.blended(share).exp()))
}

/// The mean of the windows' WMAPE at one common scale that makes the forecasts sum up right.
fn quality(windows: &[Window], share: f64) -> f64 {
    let scale = scale(windows, share);
    let wmape = |window: &Window| {
        let missed: f64 = window.rows.iter().map(|row| (row.actual - scale * row.blended(share).exp()).abs()).sum();
        missed / sums(window, share).0
    };
    windows.iter().map(wmape).sum::<f64>() / windows.len() as f64
}
