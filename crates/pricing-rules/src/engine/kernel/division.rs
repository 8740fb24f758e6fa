//! Exact division by numbers that are known before the rows are: a multiplication by a precomputed reciprocal and a
//! shift, which processors do for several rows at once where they divide one at a time.
//!
//! Method: Granlund and Montgomery, *Division by invariant integers using multiplication* (PLDI 1994). With
//! m = ⌊2^(w+s) ÷ d⌋ + 1 and s = ⌊log₂ d⌋, ⌊n × m ÷ 2^(w+s)⌋ is ⌊n ÷ d⌋ for every n below 2^(w−1), because
//! m × d exceeds 2^(w+s) by at most d and d × n stays below 2^(w+s).

/// The largest number that a [`Divisor`] divides.
pub(super) const LARGEST_DIVIDEND: i64 = (1 << 62) - 1;

/// Divides numbers up to [`LARGEST_DIVIDEND`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Divisor {
    by: u64,
    multiplier: u64,
    shift: u32,
}

impl Divisor {
    /// A divisor from 1 to 2⁶¹.
    pub(super) fn new(by: i64) -> Self {
        let by = by as u64;
        // Dividend and divisor are doubled, so that 1 needs no case of its own.
        let doubled = 2 * by;
        let log = 63 - doubled.leading_zeros();
        let (multiplier, shift) = if doubled.is_power_of_two() {
            (1 << 63, log - 1)
        } else {
            (((1u128 << (64 + log)) / u128::from(doubled)) as u64 + 1, log)
        };
        Self { by, multiplier, shift }
    }

    /// Towards zero.
    #[inline(always)]
    pub(super) fn floor(self, dividend: i64) -> i64 {
        (high_half((dividend as u64).wrapping_mul(2), self.multiplier) >> self.shift) as i64
    }

    /// To the next whole number above.
    #[inline(always)]
    pub(super) fn up(self, dividend: i64) -> i64 {
        let quotient = self.floor(dividend);
        quotient + i64::from(quotient.wrapping_mul(self.by as i64) < dividend)
    }

    /// To the nearest, halves up.
    #[inline(always)]
    pub(super) fn nearest(self, dividend: i64) -> i64 {
        let quotient = self.floor(dividend);
        let rest = dividend.wrapping_sub(quotient.wrapping_mul(self.by as i64));
        quotient + i64::from(rest.wrapping_mul(2) >= self.by as i64)
    }

    /// To the nearest, halves away from zero, on both sides of zero.
    #[inline(always)]
    pub(super) fn nearest_signed(self, dividend: i64) -> i64 {
        let size = self.nearest(dividend.wrapping_abs());
        if dividend < 0 { -size } else { size }
    }
}

/// The upper half of a product of 128 bits, from products of 32-bit halves: these exist in every set of vector
/// instructions.
#[inline(always)]
const fn high_half(one: u64, other: u64) -> u64 {
    const LOW: u64 = 0xffff_ffff;
    let (one_low, one_high) = (one & LOW, one >> 32);
    let (other_low, other_high) = (other & LOW, other >> 32);
    let first = one_high * other_low + ((one_low * other_low) >> 32);
    let second = one_low * other_high + (first & LOW);
    one_high * other_high + (first >> 32) + (second >> 32)
}

/// Divides numbers below 2³¹ with a single multiplication.
#[derive(Clone, Copy, Debug)]
pub(super) struct SmallDivisor {
    by: u64,
    multiplier: u64,
    shift: u32,
}

impl SmallDivisor {
    /// A divisor from 1 to 2³¹ − 1.
    pub(super) fn new(by: i64) -> Self {
        let by = by as u64;
        let log = 63 - by.leading_zeros();
        let (multiplier, shift) =
            if by.is_power_of_two() { (1 << 31, 31 + log) } else { ((1u64 << (32 + log)) / by + 1, 32 + log) };
        Self { by, multiplier, shift }
    }

    /// What is left after the division; of anything else than a dividend below 2³¹ something meaningless.
    #[inline(always)]
    pub(super) fn rest(self, dividend: i64) -> i64 {
        let dividend = dividend as u64 & 0xffff_ffff;
        dividend.wrapping_sub(((dividend * self.multiplier) >> self.shift).wrapping_mul(self.by)) as i64
    }
}

#[cfg(test)]
mod tests {
    use rand::{Rng, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    use super::{Divisor, LARGEST_DIVIDEND, SmallDivisor};

    fn around(value: i64, most: i64) -> impl Iterator<Item = i64> {
        [value.saturating_sub(1), value, value.saturating_add(1)]
            .into_iter()
            .filter(move |one| (0..=most).contains(one))
    }

    #[test]
    fn a_reciprocal_divides_like_a_division() {
        let mut random = ChaCha8Rng::seed_from_u64(1);
        for case in 0..20_000 {
            let bits = random.random_range(0..61);
            let by = 1 + (random.random_range(0..1i64 << 61) >> bits);
            let by = if case < 200 { case / 3 + 1 } else { by };
            let divisor = Divisor::new(by);
            let near = (random.random_range(0..=LARGEST_DIVIDEND) >> random.random_range(0..62)) / by * by;
            for dividend in
                around(near, LARGEST_DIVIDEND).chain([0, LARGEST_DIVIDEND]).chain(around(by, LARGEST_DIVIDEND))
            {
                let (whole, rest) = (dividend / by, dividend % by);
                assert_eq!(divisor.floor(dividend), whole, "{dividend} / {by}");
                assert_eq!(divisor.up(dividend), whole + i64::from(rest > 0), "{dividend} / {by}");
                assert_eq!(divisor.nearest(dividend), whole + i64::from(rest >= by - rest), "{dividend} / {by}");
                assert_eq!(divisor.nearest_signed(-dividend), -divisor.nearest(dividend), "{dividend} / {by}");
            }
        }
    }

    #[test]
    fn a_small_reciprocal_leaves_what_a_division_leaves() {
        let mut random = ChaCha8Rng::seed_from_u64(2);
        let most = (1i64 << 31) - 1;
        for case in 0..20_000 {
            let by =
                if case < 200 { case + 1 } else { 1 + (random.random_range(0..most) >> random.random_range(0..31)) };
            let divisor = SmallDivisor::new(by);
            let near = random.random_range(0..=most) / by * by;
            for dividend in around(near, most).chain([0, most]).chain(around(by, most)) {
                assert_eq!(divisor.rest(dividend), dividend % by, "{dividend} / {by}");
            }
        }
    }
}
