//! Binary logarithms in whole numbers, the same on every machine.

/// Bits behind the point.
pub(super) const FRACTION_BITS: u32 = 32;

/// log₂ of a positive number at 2⁻³², rounded down, by repeated squaring (Knuth, The Art of Computer Programming,
/// vol. 1, 1.2.2, exercise 25). 0 gives the logarithm of 1.
pub(super) fn log2(number: u64) -> i64 {
    let number = number.max(1);
    let whole = number.ilog2();
    // From 1 up to 2, with 63 bits behind the point.
    let mut rest = number << (63 - whole);
    let mut result = i64::from(whole);
    for _ in 0..FRACTION_BITS {
        let square = (u128::from(rest) * u128::from(rest)) >> 63;
        let bit = (square >> 64) as u64 & 1;
        rest = (square >> bit) as u64;
        result = result << 1 | bit as i64;
    }
    result
}

/// The whole number whose ratio to `unit` has the logarithm nearest to `mean`: 2^mean × unit, to the nearest.
pub(super) fn scaled_power(mean: i64, unit: u64) -> i64 {
    const HIGHEST: u64 = 1 << 50;
    // The smallest n for which n + ½ lies above.
    let above = |n: u64| log2(2 * n + 1) - log2(2 * unit) > mean;
    let (mut low, mut high) = (0, HIGHEST);
    while low < high {
        let middle = low.midpoint(high);
        if above(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    i64::try_from(low).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::{FRACTION_BITS, log2, scaled_power};

    #[test]
    fn logarithms_agree_with_known_ones() {
        let expected = |value: f64| (value * f64::from(1u32 << 31) * 2.0) as i64;
        for number in [1u64, 2, 3, 10, 999, 12_345, 1_000_000_007, u64::MAX] {
            let distance = log2(number) - expected((number as f64).log2());
            assert!(distance.abs() < 16, "{number}: {distance}");
        }
        assert_eq!(log2(8), 3 << FRACTION_BITS);
    }

    #[test]
    fn powers_take_logarithms_back() {
        for number in [1u64, 77, 9_999, 10_000, 10_001, 2_000_000] {
            assert_eq!(scaled_power(log2(number) - log2(10_000), 10_000), number as i64);
        }
    }
}
