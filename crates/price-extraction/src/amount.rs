//! An exact decimal amount as a page writes it: never a floating-point number, never rounded.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use pricing_domain::{Currency, format_scaled};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Most decimals that are kept; a longer fraction is refused.
const MOST_DECIMALS: usize = 6;

/// An exact decimal: `unscaled` × 10⁻ˢᶜᵃˡᵉ. Two spellings of one value (`2879.2`, `2879.20`) are equal.
#[derive(Clone, Copy)]
pub struct Amount {
    unscaled: i64,
    scale: u8,
}

impl Amount {
    /// An amount of `unscaled` × 10⁻ˢᶜᵃˡᵉ.
    pub const fn new(unscaled: i64, scale: u8) -> Self {
        Self { unscaled, scale }
    }

    /// Reads plain decimal text (`12.34`, `.5`, `7`). Zeros beyond the sixth decimal are dropped; other digits there,
    /// exponents, signs and grouping are refused.
    pub fn parse_plain(text: &str) -> Option<Self> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        Self::from_parts(whole, fraction)
    }

    /// Puts digits before and after the decimal point together. `None` without any digit or when it does not fit.
    pub fn from_parts(whole: &str, fraction: &str) -> Option<Self> {
        let fraction = match fraction.len() {
            0..=MOST_DECIMALS => fraction,
            _ => fraction.trim_end_matches('0'),
        };
        if whole.len() + fraction.len() == 0 || fraction.len() > MOST_DECIMALS {
            return None;
        }
        let mut unscaled: i64 = 0;
        for byte in whole.bytes().chain(fraction.bytes()) {
            let digit = byte.is_ascii_digit().then(|| i64::from(byte - b'0'))?;
            unscaled = unscaled.checked_mul(10)?.checked_add(digit)?;
        }
        Some(Self { unscaled, scale: u8::try_from(fraction.len()).ok()? })
    }

    /// Whether it is exactly nothing.
    pub const fn is_zero(self) -> bool {
        self.unscaled == 0
    }

    /// Whether it is more than nothing.
    pub const fn is_positive(self) -> bool {
        self.unscaled > 0
    }

    /// In whole minor units of `currency`, exactly. `None` when it has more decimals than the currency, or is too big.
    pub fn to_minor(self, currency: Currency) -> Option<i64> {
        let Self { unscaled, scale } = self.reduced();
        let missing = currency.minor_digits().checked_sub(scale)?;
        unscaled.checked_mul(10i64.checked_pow(u32::from(missing))?)
    }

    /// Times a small whole number; saturates.
    pub(crate) const fn times(self, factor: i64) -> Self {
        Self { unscaled: self.unscaled.saturating_mul(factor), scale: self.scale }
    }

    /// The exact sum; `None` where it does not fit.
    pub(crate) fn plus(self, other: Self) -> Option<Self> {
        let scale = self.scale.max(other.scale);
        let unscaled = i64::try_from(self.at_scale(scale) + other.at_scale(scale)).ok()?;
        Some(Self { unscaled, scale })
    }

    /// How many decimals it was written with.
    pub const fn decimals(self) -> u8 {
        self.scale
    }

    /// Divides by a power of ten, exactly: pence as pounds, cents as euros.
    pub fn shifted_right(self, places: u8) -> Self {
        Self { unscaled: self.unscaled, scale: self.scale.saturating_add(places) }
    }

    /// The same value without zeros at the end of its fraction.
    fn reduced(self) -> Self {
        let Self { mut unscaled, mut scale } = self;
        while scale > 0 && unscaled % 10 == 0 {
            unscaled /= 10;
            scale -= 1;
        }
        Self { unscaled, scale }
    }

    fn at_scale(self, scale: u8) -> i128 {
        i128::from(self.unscaled) * 10i128.pow(u32::from(scale.saturating_sub(self.scale)))
    }
}

impl PartialEq for Amount {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Amount {}

impl PartialOrd for Amount {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Amount {
    fn cmp(&self, other: &Self) -> Ordering {
        let scale = self.scale.max(other.scale);
        self.at_scale(scale).cmp(&other.at_scale(scale))
    }
}

impl Hash for Amount {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let Self { unscaled, scale } = self.reduced();
        (unscaled, scale).hash(state);
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&format_scaled(self.unscaled, self.scale))
    }
}

impl fmt::Debug for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Amount {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse_plain(text).ok_or_else(|| format!("“{text}” is not a plain decimal amount"))
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use pricing_domain::Currency;

    use super::Amount;

    fn amount(text: &str) -> Amount {
        Amount::parse_plain(text).expect("a plain decimal")
    }

    #[test]
    fn two_spellings_of_one_price_are_equal() {
        assert_eq!(amount("2879.2"), amount("2879.20"));
        assert_ne!(amount("2879.2"), amount("2879.21"));
        assert!(amount("9.99") < amount("10"));
    }

    #[test]
    fn minor_units_are_exact_or_refused() {
        let yen = Currency::new("JPY").expect("a currency");
        assert_eq!(amount("12.5").to_minor(Currency::EUR), Some(1250));
        assert_eq!(amount("12.500").to_minor(Currency::EUR), Some(1250));
        assert_eq!(amount("12.505").to_minor(Currency::EUR), None);
        assert_eq!(amount("1200.00").to_minor(yen), Some(1200));
        assert_eq!(amount("1200.5").to_minor(yen), None);
    }

    #[test]
    fn what_is_not_a_plain_decimal_is_refused() {
        for text in ["", ".", "1,5", "1e3", "-1", "1.2.3", "99999999999999999999", "0.1234567"] {
            assert!(Amount::parse_plain(text).is_none(), "{text}");
        }
        assert_eq!(amount("0.10000000").to_string(), "0.1");
        assert_eq!(amount(".75").to_string(), "0.75");
    }
}
