//! Where the level stands lately, and what rare large orders add to the mean.

use super::panel::Pool;

/// By how much each series stands above its fit lately, in logarithms: sales over what was expected, discounted backwards, of
/// the pool and then of the series, which is held back as by so many periods as expected. The posterior mean of a Poisson
/// level that wanders (Harvey and Fernandes 1989, “Time series models for count or qualitative observations”).
pub(super) fn levels(pool: &Pool, mean_fit: &[f64], until: f64, half_life: f64) -> Vec<f64> {
    /// Periods' worth of what is expected.
    const HELD_BACK: f64 = 4.0;
    /// The largest step of a level.
    const MOST: f64 = 4.0;
    let mut sold = vec![0.0; pool.series_count];
    let mut expected = vec![0.0; pool.series_count];
    let mut weights = vec![0.0; pool.series_count];
    for row in (0..pool.rows.len()).filter(|row| pool.time[*row] <= until && pool.is_learnt[*row]) {
        let weight = 0.5_f64.powf((until - pool.time[row]) / half_life);
        let series = pool.series[row] as usize;
        sold[series] += weight * pool.units[row];
        expected[series] += weight * expectation(mean_fit[row]);
        weights[series] += weight;
    }
    let step = |ratio: f64| if ratio > 0.0 { ratio.clamp(1.0 / MOST, MOST) } else { 1.0 };
    let common = step(sold.iter().sum::<f64>() / expected.iter().sum::<f64>());
    let of = |series: usize| {
        let before = common * expected[series];
        let held = HELD_BACK * before / weights[series];
        let own = if before > 0.0 { step((sold[series] + held) / (before + held)) } else { 1.0 };
        (common * own).ln()
    };
    (0..pool.series_count).map(of).collect()
}

/// What the pool sold against what was expected of it, as a logarithm. It is zero for a Poisson fit; what trees add to that
/// is learnt from logarithms and shifts the sum.
pub(super) fn balance(pool: &Pool, mean_fit: &[f64], until: f64, half_life: f64) -> f64 {
    let (mut sold, mut all) = (0.0, 0.0);
    for row in (0..pool.rows.len()).filter(|row| pool.time[*row] <= until && pool.is_learnt[*row]) {
        let weight = 0.5_f64.powf((until - pool.time[row]) / half_life);
        sold += weight * pool.units[row];
        all += weight * expectation(mean_fit[row]);
    }
    if sold > 0.0 && all > 0.0 { (sold / all).ln() } else { 0.0 }
}

/// What the pool sold in periods with an order far from the usual beyond what was expected there, as a logarithm of its sales
/// so far: nobody can say when such orders come, but a mean without them is too low.
pub(super) fn large_orders(pool: &Pool, mean_fit: &[f64], until: f64, half_life: f64) -> f64 {
    let (mut beyond, mut all) = (0.0, 0.0);
    for row in (0..pool.rows.len()).filter(|row| pool.time[*row] <= until && pool.is_counted[*row]) {
        let weight = 0.5_f64.powf((until - pool.time[row]) / half_life);
        let expected = weight * expectation(mean_fit[row]);
        all += expected;
        beyond += if pool.is_learnt[row] { 0.0 } else { weight * pool.units[row] - expected };
    }
    if all > 0.0 { (beyond / all).max(0.0).ln_1p() } else { 0.0 }
}

fn expectation(fit: f64) -> f64 {
    fit.clamp(-10.0, 25.0).exp()
}

#[cfg(test)]
mod tests {
    use super::{Pool, balance, large_orders, levels};

    /// Two series of ten periods: one that sells twice what is expected, and one that sells as expected, or `lately` more.
    fn pool(lately: f64) -> Pool {
        let units = |series: u32, period: usize| match (series, period) {
            (0, _) => 20.0,
            (_, 9) => 10.0 + lately,
            _ => 10.0,
        };
        let rows: Vec<(u32, usize)> = (0..2).flat_map(|series| (0..10).map(move |period| (series, period))).collect();
        Pool {
            rows: (0..20).collect(),
            series: rows.iter().map(|(series, _)| *series).collect(),
            series_count: 2,
            time: rows.iter().map(|(_, period)| *period as f64).collect(),
            units: rows.iter().map(|(series, period)| units(*series, *period)).collect(),
            values: Vec::new(),
            kinds: Vec::new(),
            is_learnt: vec![true; 20],
            is_counted: vec![true; 20],
        }
    }

    #[test]
    fn a_level_follows_the_pool_and_then_the_series_as_far_as_its_sales_carry_it() {
        let expected = [10.0_f64.ln(); 20];
        // Nothing is forgotten: the pool sells one and a half times what is expected, of ten periods four are held back.
        let found = levels(&pool(0.0), &expected, 9.0, 1e9);
        for (level, sold) in found.iter().zip([200.0, 100.0]) {
            let wanted: f64 = 1.5 * (sold + 60.0) / (150.0 + 60.0);
            assert!((level - wanted.ln()).abs() < 1e-6, "{found:?}");
        }
        // What was sold last counts more the sooner the past is forgotten.
        let rise = |half_life: f64| {
            let of = |lately: f64| levels(&pool(lately), &expected, 9.0, half_life)[1];
            of(30.0) - of(0.0)
        };
        assert!(rise(2.0) > 1.5 * rise(1e9), "{} {}", rise(2.0), rise(1e9));
        // Without any sale nothing is known of a level.
        let mut nothing = pool(0.0);
        nothing.units.fill(0.0);
        assert!(levels(&nothing, &expected, 9.0, 4.0).iter().all(|level| level.is_finite()));
    }
    #[test]
    fn the_mean_sums_to_what_was_sold_with_the_large_orders_that_shapes_are_not_learnt_from() {
        let expected = [10.0_f64.ln(); 20];
        assert!((balance(&pool(0.0), &expected, 9.0, 1e9) - 1.5_f64.ln()).abs() < 1e-6);
        assert_eq!(large_orders(&pool(0.0), &expected, 9.0, 1e9), 0.0);
        // One period sold 90 more than the ten that were expected: 90 of 200.
        let mut irregular = pool(90.0);
        irregular.is_learnt[19] = false;
        assert!((large_orders(&irregular, &expected, 9.0, 1e9) - 1.45_f64.ln()).abs() < 1e-6);
        assert_eq!(large_orders(&irregular, &expected, 8.0, 1e9), 0.0, "not known yet");
        // One without stock neither counts.
        irregular.is_counted[19] = false;
        assert_eq!(large_orders(&irregular, &expected, 9.0, 1e9), 0.0);
    }
}
