//! How a series sells: often or seldom, in even or uneven pieces.

use serde::{Deserialize, Serialize};

use super::panel::Pool;

/// The class of a series, by the mean interval between periods with sales (ADI) and the squared coefficient of variation
/// of what sells in them (CV²).
///
/// Syntetos, Boylan and Croston (2005), “On the categorization of demand patterns”: the limits are 1.32 and 0.49.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DemandClass {
    /// Often, and about as much each time.
    Smooth,
    /// Often, but now little and now much.
    Erratic,
    /// Seldom, and about as much each time.
    Intermittent,
    /// Seldom, and now little and now much.
    Lumpy,
}

impl DemandClass {
    /// Every class.
    pub const ALL: [DemandClass; 4] = [Self::Smooth, Self::Erratic, Self::Intermittent, Self::Lumpy];

    /// Whether periods without a sale are usual.
    pub const fn is_seldom(self) -> bool {
        matches!(self, Self::Intermittent | Self::Lumpy)
    }

    /// Of what was sold in each of some periods.
    fn of(units: impl Iterator<Item = f64>) -> DemandClass {
        const SELDOM: f64 = 1.32;
        const UNEVEN: f64 = 0.49;
        let (mut periods, mut sales, mut sum, mut squares) = (0.0, 0.0, 0.0, 0.0);
        for units in units {
            periods += 1.0;
            if units > 0.0 {
                sales += 1.0;
                sum += units;
                squares += units * units;
            }
        }
        if sales == 0.0 {
            return Self::Intermittent;
        }
        let mean: f64 = sum / sales;
        let variation = (squares / sales / (mean * mean) - 1.0).max(0.0);
        match (periods / sales >= SELDOM, variation >= UNEVEN) {
            (false, false) => Self::Smooth,
            (false, true) => Self::Erratic,
            (true, false) => Self::Intermittent,
            (true, true) => Self::Lumpy,
        }
    }

    /// Of each series of a pool, by what was known at `origin`.
    pub(super) fn of_series(pool: &Pool, origin: f64) -> Vec<DemandClass> {
        let mut units = vec![Vec::new(); pool.series_count];
        let is_known = |place: usize| pool.time[place] <= origin && pool.is_learnt[place];
        for (place, series) in pool.series.iter().enumerate().filter(|(place, _)| is_known(*place)) {
            units[*series as usize].push(pool.units[place]);
        }
        units.into_iter().map(|units| Self::of(units.into_iter())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::DemandClass;

    #[test]
    fn the_four_classes_are_told_by_interval_and_evenness() {
        let of = |units: &[f64]| DemandClass::of(units.iter().copied());
        assert_eq!(of(&[5.0, 6.0, 4.0, 5.0]), DemandClass::Smooth);
        // 1 and 9 in turn: mean 5, variance 16, CV² 0.64.
        assert_eq!(of(&[1.0, 9.0, 1.0, 9.0]), DemandClass::Erratic);
        // Three of four periods are an interval of 1.33.
        assert_eq!(of(&[5.0, 0.0, 5.0, 5.0]), DemandClass::Intermittent);
        assert_eq!(of(&[1.0, 0.0, 9.0, 0.0]), DemandClass::Lumpy);
        // Four of five are 1.25.
        assert_eq!(of(&[5.0, 0.0, 5.0, 5.0, 5.0]), DemandClass::Smooth);
        assert_eq!(of(&[0.0, 0.0]), DemandClass::Intermittent);
    }
}
