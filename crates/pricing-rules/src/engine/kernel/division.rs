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

    /// To the nearest, halves up.
    #[inline(always)]
    pub(super) fn nearest(self, dividend: i64) -> i64 {
        let quotient = self.floor(dividend);
        let rest = dividend.wrapping_sub(quotient.wrapping_mul(self.by as i64));
        quotient + i64::from(rest.wrapping_mul(2) >= self.by as i64)
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

/// The product of a number below 2³² and one that is not negative, where it fits: from products of 32-bit halves.
#[inline(always)]
pub(super) const fn product(small: i64, other: i64) -> i64 {
    let (small, other) = (small as u64 & LOW, other as u64);
    (small * (other & LOW)).wrapping_add((small * (other >> 32)) << 32) as i64
}

/// A fixed share of amounts: amount × above ÷ below, for amounts from 0 to [`Share::LARGEST`].
///
/// With k = 32 + s, s = one more than the bits of `below`, and m = ⌈above × 2^k ÷ below⌉, amount × m ÷ 2^k exceeds the
/// share by less than amount ÷ 2^k, which is at most 1 ÷ (8 × below): too little to reach the next multiple of
/// 1 ÷ (2 × below). Of the product only what lies above 2^32 is looked at, which changes no whole number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Share {
    high: u64,
    low: u64,
    shift: u32,
    half: u64,
    nearly_one: u64,
}

impl Share {
    /// The largest amount of which a share is taken.
    pub(super) const LARGEST: i64 = (1 << 30) - 1;

    /// `None`: beyond what is ordinary. `below` is at least 1.
    pub(super) fn new(above: i64, below: i64) -> Option<Self> {
        let (above, below) = (u128::try_from(above).ok()?, u128::try_from(below).ok().filter(|below| *below > 0)?);
        let common = greatest_common_divisor(above, below);
        let (above, below) = (above / common, below / common);
        let shift = 129 - below.leading_zeros();
        let multiplier = (above.checked_mul(1u128.checked_shl(32 + shift)?)?).div_ceil(below);
        let (high, low) = (u64::try_from(multiplier >> 32).ok()?, (multiplier & 0xffff_ffff) as u64);
        let nearly_one = ((below - 1) << shift).div_ceil(below) as u64;
        (shift < 32 && high <= u64::from(u32::MAX)).then_some(Self {
            high,
            low,
            shift,
            half: 1 << (shift - 1),
            nearly_one,
        })
    }

    #[inline(always)]
    fn product(self, amount: i64) -> u64 {
        let amount = amount as u64 & LOW;
        (amount * self.high).wrapping_add((amount * self.low) >> 32)
    }

    /// Towards zero.
    #[inline(always)]
    pub(super) fn floor(self, amount: i64) -> i64 {
        (self.product(amount) >> self.shift) as i64
    }

    /// To the next whole number above.
    #[inline(always)]
    pub(super) fn up(self, amount: i64) -> i64 {
        (self.product(amount).wrapping_add(self.nearly_one) >> self.shift) as i64
    }

    /// To the nearest, halves up.
    #[inline(always)]
    pub(super) fn nearest(self, amount: i64) -> i64 {
        (self.product(amount).wrapping_add(self.half) >> self.shift) as i64
    }
}

/// Divides where the quotient is known to be below 2²⁸: an estimate from the upper bits of the dividend, which is right or
/// one too small, and what is then left.
///
/// With p = ⌊log₂ d⌋ − 1 and m = ⌊2^(32+p) ÷ d⌋, n ÷ d exceeds ⌊n ÷ 2^p⌋ × m ÷ 2^32 by less than 2^p ÷ d ≤ ½ for the bits
/// that were left out and by less than ¼ for the fraction of m, because n ÷ 2^p stays below 2^30.
#[derive(Clone, Copy, Debug)]
pub(super) struct Quotient {
    by: u64,
    before: u32,
    multiplier: u64,
    /// The largest dividend.
    pub(super) largest: i64,
}

impl Quotient {
    /// `None`: a divisor that is not from 2 to 2³⁴.
    pub(super) fn new(by: i64) -> Option<Self> {
        let by = u64::try_from(by).ok().filter(|by| (2..=1 << 34).contains(by))?;
        let before = by.ilog2() - 1;
        let multiplier = ((1u128 << (32 + before)) / u128::from(by)) as u64;
        Some(Self { by, before, multiplier, largest: ((by << 28) - 1).min(LARGEST_DIVIDEND as u64) as i64 })
    }

    /// The estimate, and what it leaves: less than twice the divisor.
    #[inline(always)]
    fn estimate(self, dividend: i64) -> (i64, i64) {
        let estimate = (((dividend as u64 >> self.before) & LOW) * self.multiplier) >> 32;
        let product = (estimate * (self.by & LOW)).wrapping_add((estimate * (self.by >> 32)) << 32);
        (estimate as i64, dividend.wrapping_sub(product as i64))
    }

    /// To the next whole number above.
    #[inline(always)]
    pub(super) fn up(self, dividend: i64) -> i64 {
        let (estimate, rest) = self.estimate(dividend);
        estimate + i64::from(rest > 0) + i64::from(rest > self.by as i64)
    }

    /// To the nearest, halves up.
    #[inline(always)]
    pub(super) fn nearest(self, dividend: i64) -> i64 {
        let (estimate, rest) = self.estimate(dividend);
        let (rest, by) = (rest.wrapping_mul(2), self.by as i64);
        estimate + i64::from(rest >= by) + i64::from(rest >= 3 * by)
    }
}

const LOW: u64 = 0xffff_ffff;

const fn greatest_common_divisor(one: u128, other: u128) -> u128 {
    if other == 0 { one } else { greatest_common_divisor(other, one % other) }
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

    use super::{Divisor, LARGEST_DIVIDEND, Quotient, Share, SmallDivisor};

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
                assert_eq!(divisor.nearest(dividend), whole + i64::from(rest >= by - rest), "{dividend} / {by}");
            }
        }
    }

    #[test]
    fn a_share_is_that_of_the_fraction() {
        let mut random = ChaCha8Rng::seed_from_u64(3);
        for _ in 0..20_000 {
            let below = [10_000, 11_900, 20_000, random.random_range(1..1 << 15)][random.random_range(0..4)];
            let above = [9_500, 100_000_000, random.random_range(0..1 << 21)][random.random_range(0..3)];
            let Some(share) = Share::new(above, below) else { continue };
            let near = (random.random_range(0..=Share::LARGEST) >> random.random_range(0..30)) / below * below;
            for amount in around(near, Share::LARGEST).chain([0, Share::LARGEST]) {
                let (whole, rest) = (amount * above / below, amount * above % below);
                assert_eq!(share.floor(amount), whole, "{amount} × {above} / {below}");
                assert_eq!(share.up(amount), whole + i64::from(rest > 0), "{amount} × {above} / {below}");
                assert_eq!(share.nearest(amount), whole + i64::from(2 * rest >= below), "{amount} × {above} / {below}");
            }
        }
        assert!(Share::new(-1, 10_000).is_none() && Share::new(1, 0).is_none() && Share::new(1 << 60, 3).is_none());
    }

    #[test]
    fn an_estimated_quotient_is_the_quotient() {
        let mut random = ChaCha8Rng::seed_from_u64(4);
        for case in 0..20_000 {
            let by = 2 + (random.random_range(0..(1i64 << 34) - 2) >> random.random_range(0..33));
            let by = if case < 35 { 1 << case.clamp(1, 34) } else { by };
            let quotient = Quotient::new(by).expect("an ordinary divisor");
            let most = quotient.largest;
            let near = (random.random_range(0..=most) >> random.random_range(0..40)) / by * by;
            for dividend in around(near, most).chain(around(near.saturating_add(by / 2), most)).chain([0, most]) {
                let (whole, rest) = (dividend / by, dividend % by);
                assert_eq!(quotient.up(dividend), whole + i64::from(rest > 0), "{dividend} / {by}");
                assert_eq!(quotient.nearest(dividend), whole + i64::from(rest >= by - rest), "{dividend} / {by}");
            }
        }
        assert!(Quotient::new(1).is_none() && Quotient::new(-5).is_none());
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
