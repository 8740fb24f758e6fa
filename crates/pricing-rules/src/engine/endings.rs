//! Price endings: the grid of allowed prices, by band.

use pricing_domain::{Currency, EndingBand, EndingDirection, PriceEnding};

use super::scope::folded;

/// The allowed prices of a rule set. Below the first band, and without bands, every minor unit is allowed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Endings {
    bands: Vec<EndingBand>,
}

impl Endings {
    /// These bands, whichever list they are for.
    #[cfg(test)]
    pub(crate) fn new(bands: &[EndingBand]) -> Self {
        Self { bands: bands.to_vec() }
    }

    /// Those that hold on a list: the bands that name it, else those that name its currency, else those that name neither.
    /// Where prices are paid in cash, only those of them that are whole multiples of the step.
    pub(crate) fn of_list(bands: &[EndingBand], code: &str, currency: Currency, cash_step_minor: i64) -> Self {
        let names_list = |band: &&EndingBand| band.lists.iter().any(|name| folded(name) == folded(code));
        let names_currency = |band: &&EndingBand| band.lists.is_empty() && band.currency == Some(currency);
        let names_nothing = |band: &&EndingBand| band.lists.is_empty() && band.currency.is_none();
        let of =
            |holds: &dyn Fn(&&EndingBand) -> bool| -> Vec<EndingBand> { bands.iter().filter(holds).cloned().collect() };
        let mut found = of(&names_list);
        for weaker in [&names_currency as &dyn Fn(&&EndingBand) -> bool, &names_nothing] {
            if found.is_empty() {
                found = of(weaker);
            }
        }
        Self { bands: in_cash(found, cash_step_minor) }
    }

    /// The bands, the lowest first.
    pub(crate) fn bands(&self) -> &[EndingBand] {
        &self.bands
    }

    /// The lowest allowed price at or above `price`, at least one minor unit.
    pub(crate) fn up(&self, price: i64) -> Option<i64> {
        let mut price = price.max(1);
        let mut above = self.bands.partition_point(|band| band.from_minor <= price);
        loop {
            let candidate = match above.checked_sub(1).map(|band| self.bands[band].ending) {
                Some(ending) => price.checked_add(missing_to(ending, price))?,
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
            let candidate = price - beyond(band.ending, price);
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

    /// Which ending a price goes to by its band.
    fn direction_at(&self, price: i64) -> EndingDirection {
        let band = self.bands.partition_point(|band| band.from_minor <= price).checked_sub(1);
        band.map_or(EndingDirection::Nearest, |band| self.bands[band].direction)
    }

    /// The allowed price nearest to `price` within `low`‥=`high`, of two equally near the higher; or the next one on the
    /// side that the band of `price` prefers, where there is one inside.
    pub(crate) fn nearest_inside(&self, price: i64, low: i64, high: i64) -> Option<i64> {
        let above = self.up(price.max(low)).filter(|found| *found <= high);
        let below = self.down(price.min(high)).filter(|found| *found >= low);
        match (below, above) {
            (Some(below), Some(above)) => Some(match self.direction_at(price) {
                EndingDirection::Up => above,
                EndingDirection::Down => below,
                EndingDirection::Nearest if price - below < above - price => below,
                EndingDirection::Nearest => above,
            }),
            (below, above) => below.or(above),
        }
    }
}

/// The bands with only those prices that are whole multiples of a step.
fn in_cash(bands: Vec<EndingBand>, step: i64) -> Vec<EndingBand> {
    if step <= 1 {
        return bands;
    }
    let cash = PriceEnding { step_minor: step, ending_minor: 0 };
    let is_below = bands.first().is_none_or(|band| band.from_minor > 0);
    let below = is_below.then(|| EndingBand::nearest(0, cash));
    let each = bands.into_iter().map(|band| EndingBand { ending: common(band.ending, step).unwrap_or(cash), ..band });
    below.into_iter().chain(each).collect()
}

/// The prices of an ending that are whole multiples of a step. `None`: there are none, as of .99 in steps of 0.05; the
/// coins outrank the ending then.
fn common(ending: PriceEnding, step: i64) -> Option<PriceEnding> {
    let turns = step / divisor(ending.step_minor, step);
    let price = |turn: i64| ending.step_minor.checked_mul(turn)?.checked_add(ending.ending_minor);
    let ending_minor = (0..turns).map_while(price).find(|price| price % step == 0)?;
    Some(PriceEnding { step_minor: ending.step_minor.checked_mul(turns)?, ending_minor })
}

/// The greatest common divisor.
fn divisor(one: i64, other: i64) -> i64 {
    if other == 0 { one.max(1) } else { divisor(other, one % other) }
}

/// What is left of a price after whole steps. Ordinary prices are divided as 32-bit numbers, which is several times
/// quicker.
#[inline]
fn remainder(price: i64, step: i64) -> i64 {
    match (u32::try_from(price), u32::try_from(step)) {
        (Ok(price), Ok(step)) => i64::from(price % step),
        _ => price.rem_euclid(step),
    }
}

/// How much is missing from a price up to the next ending; 0 on an ending.
#[inline]
fn missing_to(ending: PriceEnding, price: i64) -> i64 {
    let missing = ending.ending_minor - remainder(price, ending.step_minor);
    if missing < 0 { missing + ending.step_minor } else { missing }
}

/// How far a price lies beyond the last ending; 0 on an ending.
#[inline]
fn beyond(ending: PriceEnding, price: i64) -> i64 {
    let beyond = remainder(price, ending.step_minor) - ending.ending_minor;
    if beyond < 0 { beyond + ending.step_minor } else { beyond }
}

#[cfg(test)]
mod tests {
    use pricing_domain::{Currency, EndingBand, EndingDirection, PriceEnding};

    use super::{Endings, beyond, missing_to};

    fn bands(bands: &[(i64, i64, i64)]) -> Endings {
        let band = |&(from_minor, step_minor, ending_minor)| {
            EndingBand::nearest(from_minor, PriceEnding { step_minor, ending_minor })
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
    fn a_band_may_prefer_a_side_and_takes_the_other_where_only_that_lies_inside() {
        let band = |direction| EndingBand {
            direction,
            ..EndingBand::nearest(0, PriceEnding { step_minor: 100, ending_minor: 99 })
        };
        let (up, down) = (Endings::new(&[band(EndingDirection::Up)]), Endings::new(&[band(EndingDirection::Down)]));
        assert_eq!((up.nearest_inside(8101, 1, 9000), down.nearest_inside(8198, 1, 9000)), (Some(8199), Some(8099)));
        assert_eq!((up.nearest_inside(8101, 1, 8150), down.nearest_inside(8198, 8150, 9000)), (Some(8099), Some(8199)));
    }

    #[test]
    fn bands_that_name_a_list_or_its_currency_go_before_those_that_name_nothing() {
        let ending = |ending_minor| EndingBand::nearest(0, PriceEnding { step_minor: 100, ending_minor });
        let bands = [
            ending(99),
            EndingBand { currency: Some(Currency::USD), ..ending(95) },
            EndingBand { lists: vec!["b2b".into()], ..ending(0) },
        ];
        let of = |code, currency| Endings::of_list(&bands, code, currency, 1).nearest_inside(8051, 1, 9000);
        assert_eq!(of("DE", Currency::EUR), Some(8099));
        assert_eq!(of("US", Currency::USD), Some(8095));
        assert_eq!(of("B2B", Currency::USD), Some(8100));
    }

    #[test]
    fn in_cash_only_multiples_of_the_step_are_left() {
        let chf = Currency::new("CHF").expect("a code");
        let list = |bands: &[EndingBand]| Endings::of_list(bands, "CH", chf, 5);
        let ending =
            |from, step_minor, ending_minor| EndingBand::nearest(from, PriceEnding { step_minor, ending_minor });
        let free = list(&[]);
        assert_eq!(
            (free.up(1_001), free.down(1_004), free.nearest_inside(1_003, 1, 9_000)),
            (Some(1_005), Some(1_000), Some(1_005))
        );
        let half = list(&[ending(0, 100, 95)]);
        assert_eq!((half.up(1_001), half.down(1_090)), (Some(1_095), Some(995)));
        let nines = list(&[ending(0, 100, 99)]);
        assert_eq!(nines.nearest_inside(1_098, 1, 9_000), Some(1_100), "no .99 can be paid in coins of 0.05");
        let odd = list(&[ending(1_000, 12, 3)]);
        let prices: Vec<i64> = std::iter::successors(odd.up(1_000), |price| odd.up(price + 1)).take(3).collect();
        assert_eq!(prices, [1_035, 1_095, 1_155], "every 12 from 3, of which every fifth is a multiple of 5");
        assert!(odd.allows(995) && !odd.allows(996) && !odd.allows(1_011));
    }

    #[test]
    fn large_prices_and_steps_are_divided_alike() {
        for price in [1i64, 8, 9, 99, 100, 4_294_967_295, 4_294_967_296, 900_000_000_000_001] {
            for (step_minor, ending_minor) in [(1i64, 0i64), (10, 9), (100, 99), (5_000_000_000, 4_999_999_999)] {
                let ending = PriceEnding { step_minor, ending_minor };
                assert_eq!(missing_to(ending, price), (ending_minor - price).rem_euclid(step_minor));
                assert_eq!(beyond(ending, price), (price - ending_minor).rem_euclid(step_minor));
            }
        }
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
