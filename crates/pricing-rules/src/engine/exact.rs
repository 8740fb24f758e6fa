//! Fractions to whole minor units: exact for every input, and quick for those of ordinary size.

use pricing_domain::{Ratio, Rounding};

/// The largest amount that the engine gives out: far above any price, far below where sums overflow.
pub(crate) const LARGEST_MINOR: i64 = 1_000_000_000_000_000;

/// A thousandth, towards zero. Sums of ordinary size are divided as 64-bit numbers, which is many times quicker.
pub(crate) fn thousandth(value: i128) -> i128 {
    i64::try_from(value).map_or_else(|_| value / 1000, |small| i128::from(small / 1000))
}

/// Rounds `numerator` ÷ `denominator` and keeps it within ±[`LARGEST_MINOR`].
#[inline]
pub(crate) fn round(numerator: i128, denominator: i128, rounding: Rounding) -> i64 {
    let rounded = match (i64::try_from(numerator), i64::try_from(denominator)) {
        (Ok(above), Ok(below)) if below > 0 && below <= i64::MAX / 2 => round_small(above, below, rounding),
        _ => Ratio { numerator, denominator }.round(rounding),
    };
    rounded.clamp(-LARGEST_MINOR, LARGEST_MINOR)
}

#[inline]
fn round_small(above: i64, below: i64, rounding: Rounding) -> i64 {
    let (floor, rest) = (above.div_euclid(below), above.rem_euclid(below));
    match rounding {
        Rounding::Down => floor,
        Rounding::Up => floor + i64::from(rest > 0),
        // Halves go away from zero.
        Rounding::Nearest => floor + i64::from(2 * rest + i64::from(above >= 0) > below),
    }
}

#[cfg(test)]
mod tests {
    use pricing_domain::{Ratio, Rounding};

    use super::{round, thousandth};

    #[test]
    fn a_thousandth_is_the_same_at_every_size() {
        for value in [-1_999i128, -1, 0, 999, 1_000, 1 << 62, 1 << 63, -(1 << 70)] {
            assert_eq!(thousandth(value), value / 1000);
        }
    }

    #[test]
    fn the_quick_way_gives_what_the_exact_fraction_gives() {
        for numerator in [-7i128, -1, 0, 1, 5, 14, 15, 16, 999_999_999_999] {
            for denominator in [1i128, 2, 3, 10, 10_000] {
                for rounding in [Rounding::Down, Rounding::Up, Rounding::Nearest] {
                    let exact = Ratio { numerator, denominator }.round(rounding);
                    assert_eq!(round(numerator, denominator, rounding), exact, "{numerator}/{denominator}");
                }
            }
        }
    }
}
