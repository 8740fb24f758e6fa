//! Price endings: the grid of allowed prices, by band.

use pricing_domain::EndingBand;

/// The allowed prices of a rule set. Below the first band, and without bands, every minor unit is allowed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Endings {
    bands: Vec<EndingBand>,
}

impl Endings {
    pub(crate) fn new(bands: &[EndingBand]) -> Self {
        Self { bands: bands.to_vec() }
    }

    /// The lowest allowed price at or above `price`, at least one minor unit.
    pub(crate) fn up(&self, price: i64) -> Option<i64> {
        let mut price = price.max(1);
        let mut above = self.bands.partition_point(|band| band.from_minor <= price);
        loop {
            let candidate = match above.checked_sub(1).map(|band| self.bands[band].ending) {
                Some(ending) => price.checked_add((ending.ending_minor - price).rem_euclid(ending.step_minor))?,
                None => price,
            };
            match self.bands.get(above) {
                Some(next) if candidate >= next.from_minor => price = next.from_minor,
                _ => return Some(candidate),
            }
            above += 1;
        }
    }

    /// The highest allowed price at or below `price`, if there is one of at least one minor unit.
    pub(crate) fn down(&self, price: i64) -> Option<i64> {
        let mut price = price;
        let mut above = self.bands.partition_point(|band| band.from_minor <= price);
        while price >= 1 {
            let Some(band) = above.checked_sub(1).map(|band| &self.bands[band]) else { return Some(price) };
            let candidate = price - (price - band.ending.ending_minor).rem_euclid(band.ending.step_minor);
            if candidate >= band.from_minor.max(1) {
                return Some(candidate);
            }
            price = band.from_minor - 1;
            above -= 1;
        }
        None
    }

    /// Whether a price is allowed.
    pub(crate) fn allows(&self, price: i64) -> bool {
        self.up(price) == Some(price)
    }

    /// The allowed price nearest to `price` within `low`‥=`high`; of two equally near the higher.
    pub(crate) fn nearest_inside(&self, price: i64, low: i64, high: i64) -> Option<i64> {
        let above = self.up(price.max(low)).filter(|found| *found <= high);
        let below = self.down(price.min(high)).filter(|found| *found >= low);
        match (below, above) {
            (Some(below), Some(above)) => Some(if price - below < above - price { below } else { above }),
            (below, above) => below.or(above),
        }
    }
}

#[cfg(test)]
mod tests {
    use pricing_domain::{EndingBand, PriceEnding};

    use super::Endings;

    fn bands(bands: &[(i64, i64, i64)]) -> Endings {
        let band = |&(from_minor, step_minor, ending_minor)| EndingBand {
            from_minor,
            ending: PriceEnding { step_minor, ending_minor },
        };
        Endings::new(&bands.iter().map(band).collect::<Vec<_>>())
    }

    #[test]
    fn the_nearest_ending_inside_the_bounds_is_taken() {
        let endings = bands(&[(0, 100, 99)]);
        assert_eq!(endings.nearest_inside(8124, 8124, 9000), Some(8199));
        assert_eq!(endings.nearest_inside(8124, 1, 9000), Some(8099));
        assert_eq!(endings.nearest_inside(8149, 1, 9000), Some(8199), "of two equally near the higher");
        assert_eq!(endings.nearest_inside(8124, 8100, 8198), None);
    }

    #[test]
    fn bands_meet_without_gaps() {
        let endings = bands(&[(0, 10, 9), (1000, 100, 95), (10_000, 1000, 0)]);
        assert_eq!((endings.up(995), endings.up(1000), endings.up(9996)), (Some(999), Some(1095), Some(10_000)));
        assert_eq!(
            (endings.down(1094), endings.down(10_999), endings.down(9999)),
            (Some(999), Some(10_000), Some(9995))
        );
        assert_eq!(endings.down(8), None, "below the first ending there is none");
        assert!(endings.allows(9995) && !endings.allows(9999));
    }

    #[test]
    fn a_band_too_narrow_for_its_ending_is_passed_over() {
        let endings = bands(&[(100, 1000, 999), (150, 1, 0)]);
        assert_eq!((endings.up(120), endings.down(149)), (Some(150), Some(99)));
    }
}
