//! Price endings over many rows at once: the same grid as [`crate::engine::endings::Endings`].

use pricing_domain::{EndingBand, EndingDirection};

use super::division::SmallDivisor;
use super::lanes::{LIMIT, Lane, select};
use crate::columns::NONE;

/// No allowed price above.
pub(super) const NOTHING_ABOVE: i64 = i64::MAX;

/// The allowed prices of one band. Below the first band of a rule set lies one where every price is allowed.
#[derive(Clone, Copy, Debug)]
struct Band {
    from: i64,
    /// Where the next band begins.
    until: i64,
    step: SmallDivisor,
    step_minor: i64,
    ending_minor: i64,
    /// 1: the ending above is taken; −1: the one below; 0: the nearest.
    prefers: i64,
    /// The lowest allowed price of the bands above and the highest of those below.
    next: i64,
    last: i64,
}

/// All bands, the lowest first; the first begins at the first minor unit.
#[derive(Clone, Debug)]
pub(super) struct BandLanes {
    bands: Vec<Band>,
}

impl BandLanes {
    /// `None`: a band reaches beyond ordinary prices.
    pub(super) fn new(bands: &[EndingBand]) -> Option<Self> {
        let fits = |band: &EndingBand| band.from_minor <= LIMIT && band.ending.step_minor <= LIMIT;
        if !bands.iter().all(fits) {
            return None;
        }
        let until = |next: usize| bands.get(next).map_or(NOTHING_ABOVE, |band| band.from_minor);
        let free = Band {
            from: 1,
            until: until(0),
            step: SmallDivisor::new(1),
            step_minor: 1,
            ending_minor: 0,
            prefers: 0,
            next: NOTHING_ABOVE,
            last: NONE,
        };
        let of = |(place, band): (usize, &EndingBand)| Band {
            from: band.from_minor.max(1),
            until: until(place + 1),
            step: SmallDivisor::new(band.ending.step_minor),
            step_minor: band.ending.step_minor,
            ending_minor: band.ending.ending_minor,
            prefers: prefers(band.direction),
            ..free
        };
        let all = std::iter::once(free).chain(bands.iter().enumerate().map(of));
        // A band that ends before the first minor unit allows nothing.
        let mut bands: Vec<Band> = all.filter(|band| band.until > 1).collect();
        for place in 1..bands.len() {
            let below = &bands[place - 1];
            bands[place].last = below.down(below.until - 1).max(below.last);
        }
        for place in (1..bands.len()).rev() {
            let above = &bands[place];
            bands[place - 1].next = above.up(above.from).min(above.next);
        }
        Some(Self { bands })
    }

    /// The nearest allowed prices at or above and at or below `prices`, which are from 1 to [`LIMIT`]:
    /// [`NOTHING_ABOVE`] or [`NONE`] where there is none.
    #[inline(always)]
    pub(super) fn around(&self, rows: usize, prices: &Lane, above: &mut Lane, below: &mut Lane) {
        for (place, band) in self.bands.iter().copied().enumerate() {
            if place == 0 {
                for row in 0..rows.min(above.len()) {
                    (above[row], below[row]) = band.around(prices[row]);
                }
                continue;
            }
            for row in 0..rows.min(above.len()) {
                let (up, down) = band.around(prices[row]);
                let is_here = prices[row] >= band.from;
                above[row] = select(is_here, up, above[row]);
                below[row] = select(is_here, down, below[row]);
            }
        }
    }

    /// Which side each price's own band prefers: 1 above, −1 below, 0 neither.
    #[inline(always)]
    pub(super) fn preferences(&self, rows: usize, prices: &Lane, preferred: &mut Lane) {
        preferred[..rows].fill(0);
        for band in self.bands.iter().copied().filter(|band| band.prefers != 0) {
            for row in 0..rows.min(preferred.len()) {
                let is_here = (prices[row] >= band.from) & (prices[row] < band.until);
                preferred[row] = if is_here { band.prefers } else { preferred[row] };
            }
        }
    }

    /// Only those at or above.
    #[inline(always)]
    pub(super) fn above(&self, rows: usize, prices: &Lane, above: &mut Lane) {
        above[..rows].fill(NOTHING_ABOVE);
        for band in self.bands.iter().copied() {
            for row in 0..rows.min(above.len()) {
                above[row] = above[row].min(band.up(prices[row]));
            }
        }
    }

    /// Clears `holds` where a price is not allowed.
    #[inline(always)]
    pub(super) fn check(&self, rows: usize, prices: &Lane, holds: &mut Lane) {
        for band in self.bands.iter().copied() {
            for row in 0..rows.min(holds.len()) {
                let price = prices[row];
                let is_here = (price >= band.from) & (price < band.until);
                let is_odd = band.step.rest(price) != band.ending_minor;
                holds[row] = if is_here & is_odd { 0 } else { holds[row] };
            }
        }
    }
}

const fn prefers(direction: EndingDirection) -> i64 {
    match direction {
        EndingDirection::Nearest => 0,
        EndingDirection::Up => 1,
        EndingDirection::Down => -1,
    }
}

impl Band {
    #[inline(always)]
    fn up(self, price: i64) -> i64 {
        let price = price.max(self.from);
        let missing = self.ending_minor - self.step.rest(price);
        let candidate = price + if missing < 0 { missing + self.step_minor } else { missing };
        if candidate < self.until { candidate } else { NOTHING_ABOVE }
    }

    #[inline(always)]
    fn down(self, price: i64) -> i64 {
        let price = price.min(self.until - 1);
        let beyond = self.step.rest(price) - self.ending_minor;
        let candidate = price - if beyond < 0 { beyond + self.step_minor } else { beyond };
        // A price below the band, or none at all, gives a candidate below it too.
        if (price >= self.from) & (candidate >= self.from) { candidate } else { NONE }
    }

    /// The nearest allowed prices above and below one that is in this band, of all bands.
    #[inline(always)]
    fn around(self, price: i64) -> (i64, i64) {
        let beyond = self.step.rest(price) - self.ending_minor;
        let below = price - select(beyond < 0, beyond + self.step_minor, beyond);
        let above = below + select(beyond == 0, 0, self.step_minor);
        (select(above < self.until, above, self.next), select(below >= self.from, below, self.last))
    }
}

#[cfg(test)]
mod tests {
    use pricing_domain::{EndingBand, PriceEnding};
    use rand::{Rng, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    use super::super::lanes::ROWS;
    use super::{BandLanes, NOTHING_ABOVE};
    use crate::columns::NONE;
    use crate::engine::endings::Endings;

    fn bands(random: &mut ChaCha8Rng) -> Vec<EndingBand> {
        let mut from_minor = random.random_range(-50..500);
        let count = random.random_range(0..4);
        (0..count)
            .map(|_| {
                from_minor += random.random_range(1..900);
                let step_minor = [1, 5, 10, 50, 100, 1000][random.random_range(0..6)];
                let ending_minor = random.random_range(0..step_minor);
                EndingBand::nearest(from_minor, PriceEnding { step_minor, ending_minor })
            })
            .collect()
    }

    #[test]
    fn many_rows_find_the_endings_that_one_finds() {
        let mut random = ChaCha8Rng::seed_from_u64(3);
        for _ in 0..200 {
            let bands = bands(&mut random);
            let (one, many) = (Endings::new(&bands), BandLanes::new(&bands).expect("ordinary bands"));
            let mut prices = [0; ROWS];
            prices.iter_mut().for_each(|price| *price = random.random_range(1..4_000));
            let (mut above, mut below, mut holds) = ([0; ROWS], [0; ROWS], [1; ROWS]);
            many.around(ROWS, &prices, &mut above, &mut below);
            many.check(ROWS, &prices, &mut holds);
            for (row, price) in prices.iter().enumerate() {
                assert_eq!(above[row], one.up(*price).unwrap_or(NOTHING_ABOVE), "{price} in {bands:?}");
                assert_eq!(below[row], one.down(*price).unwrap_or(NONE), "{price} in {bands:?}");
                assert_eq!(holds[row] != 0, one.allows(*price), "{price} in {bands:?}");
            }
        }
    }

    #[test]
    fn bands_beyond_ordinary_prices_are_left_to_the_slow_way() {
        let ending = PriceEnding { step_minor: 5_000_000_000, ending_minor: 0 };
        assert!(BandLanes::new(&[EndingBand::nearest(0, ending)]).is_none());
    }
}
