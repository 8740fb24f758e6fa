//! Minimises a function of a few variables without derivatives.

/// How often the descent starts again at most.
pub(crate) const RESTARTS: usize = 8;

/// Nelder and Mead (1965), restarted around the best point until it stops improving. Returns the point and its value;
/// `None` where the last restart still improved by more than can be called the same.
pub(crate) fn minimise(start: &[f64], step: f64, of: &dyn Fn(&[f64]) -> f64) -> Option<(Vec<f64>, f64)> {
    const ENOUGH: f64 = 1e-13;
    const SAME: f64 = 1e-8;
    // Beyond this a step is lost in the rounding of the point, and nothing can be told.
    const FAR: f64 = 1e12;
    let (mut best, mut value) = descend(start, step, of);
    let mut gained = f64::INFINITY;
    for _ in 0..RESTARTS {
        let (point, lower) = descend(&best, step / 10.0, of);
        gained = value - lower;
        (best, value) = (point, lower);
        if gained <= ENOUGH * value.abs().max(1.0) {
            break;
        }
    }
    let is_near = best.iter().all(|place| place.abs() < FAR * step.abs());
    (is_near && value.is_finite() && gained <= SAME * value.abs().max(1.0)).then_some((best, value))
}

fn descend(start: &[f64], step: f64, of: &dyn Fn(&[f64]) -> f64) -> (Vec<f64>, f64) {
    const ROUNDS: usize = 2000;
    const ENOUGH: f64 = 1e-15;
    let size = start.len();
    let mut corners: Vec<(Vec<f64>, f64)> = (0..=size)
        .map(|place| {
            let mut point = start.to_vec();
            if place > 0 {
                point[place - 1] += step;
            }
            let value = of(&point);
            (point, value)
        })
        .collect();
    for _ in 0..ROUNDS {
        corners.sort_by(|a, b| a.1.total_cmp(&b.1));
        let spread = corners[size].1 - corners[0].1;
        if spread.abs() <= ENOUGH * corners[0].1.abs().max(1.0) {
            break;
        }
        let centre: Vec<f64> =
            (0..size).map(|i| corners[..size].iter().map(|(point, _)| point[i]).sum::<f64>() / size as f64).collect();
        let towards = |reach: f64| {
            let point: Vec<f64> =
                centre.iter().zip(&corners[size].0).map(|(centre, worst)| centre + reach * (worst - centre)).collect();
            let value = of(&point);
            (point, value)
        };
        let reflected = towards(-1.0);
        if reflected.1 < corners[0].1 {
            let expanded = towards(-2.0);
            corners[size] = if expanded.1 < reflected.1 { expanded } else { reflected };
        } else if reflected.1 < corners[size - 1].1 {
            corners[size] = reflected;
        } else {
            let contracted = towards(if reflected.1 < corners[size].1 { -0.5 } else { 0.5 });
            if contracted.1 < corners[size].1.min(reflected.1) {
                corners[size] = contracted;
            } else {
                let best = corners[0].0.clone();
                for (point, value) in &mut corners[1..] {
                    point.iter_mut().zip(&best).for_each(|(x, best)| *x = best + (*x - best) / 2.0);
                    *value = of(point);
                }
            }
        }
    }
    corners.swap_remove(0)
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_curved_valley_is_followed_to_its_end() {
        let valley = |x: &[f64]| (1.0 - x[0]).powi(2) + 100.0 * (x[1] - x[0] * x[0]).powi(2);
        let (point, _) = super::minimise(&[-1.2, 1.0], 0.5, &valley).expect("it has an end");
        assert!((point[0] - 1.0).abs() < 1e-5 && (point[1] - 1.0).abs() < 1e-5);
    }

    #[test]
    fn a_slope_without_an_end_is_not_taken_for_one() {
        assert!(super::minimise(&[0.0, 0.0], 0.5, &|x: &[f64]| x[0] + x[1]).is_none());
    }
}
