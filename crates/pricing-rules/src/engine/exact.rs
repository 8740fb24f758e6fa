//! Fractions to whole minor units: exact for every input, and quick for those of ordinary size.

use pricing_domain::{Ratio, Rounding};

/// The largest amount that the engine gives out: far above any price, far below where sums overflow.
pub(crate) const LARGEST_MINOR: i64 = 1_000_000_000_000_000;

/// Rounds `numerator` ÷ `denominator` and keeps it within ±[`LARGEST_MINOR`].
pub(crate) fn round(numerator: i128, denominator: i128, rounding: Rounding) -> i64 {
    let rounded = match (i64::try_from(numerator), i64::try_from(denominator)) {
        (Ok(above), Ok(below)) if above >= 0 && below <= i64::MAX / 2 => round_small(above, below, rounding),
        _ => Ratio { numerator, denominator }.round(rounding),
    };
    rounded.clamp(-LARGEST_MINOR, LARGEST_MINOR)
}

fn round_small(above: i64, below: i64, rounding: Rounding) -> i64 {
    let (whole, rest) = (above / below, above % below);
    match rounding {
        Rounding::Down => whole,
        Rounding::Up => whole + i64::from(rest > 0),
        Rounding::Nearest => whole + i64::from(2 * rest >= below),
    }
}

#[cfg(test)]
mod tests {
    use pricing_domain::{Ratio, Rounding};

    use super::round;

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
