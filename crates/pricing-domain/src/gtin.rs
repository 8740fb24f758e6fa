//! Global Trade Item Numbers of 8, 12, 13 and 14 digits with their check digit (GS1 General Specifications, 7.9).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Why a text is not a GTIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GtinError {
    /// Something else than digits, blanks and hyphens.
    #[error("a GTIN has only digits")]
    NotDigits,
    /// Not 8, 12, 13 or 14 digits.
    #[error("a GTIN has 8, 12, 13 or 14 digits")]
    Length,
    /// The last digit does not follow from the others.
    #[error("the check digit is wrong")]
    CheckDigit,
    /// All zeros.
    #[error("a GTIN is not all zeros")]
    Zero,
}

/// A GTIN with a valid check digit. Two spellings of one number (with and without leading zeros) are equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Gtin(u64);

impl Gtin {
    /// Reads digits, with blanks and hyphens allowed between them.
    pub fn parse(text: &str) -> Result<Self, GtinError> {
        let mut number = 0u64;
        let mut length = 0;
        for byte in text.bytes() {
            match byte {
                b'0'..=b'9' => {
                    length += 1;
                    if length > 14 {
                        return Err(GtinError::Length);
                    }
                    number = number * 10 + u64::from(byte - b'0');
                }
                b' ' | b'-' => {}
                _ => return Err(GtinError::NotDigits),
            }
        }
        if !matches!(length, 8 | 12 | 13 | 14) {
            return Err(GtinError::Length);
        }
        Self::from_number(number)
    }

    /// Takes a number whose leading zeros may have been lost.
    pub fn from_number(number: u64) -> Result<Self, GtinError> {
        if number == 0 {
            return Err(GtinError::Zero);
        }
        if number >= 100_000_000_000_000 {
            return Err(GtinError::Length);
        }
        if check_digit(number / 10) == number % 10 { Ok(Self(number)) } else { Err(GtinError::CheckDigit) }
    }

    /// The number without leading zeros.
    pub const fn number(self) -> u64 {
        self.0
    }
}

/// The GS1 check digit of a number without one: weights 3 and 1 alternate from the right.
fn check_digit(mut body: u64) -> u64 {
    let mut sum = 0;
    let mut weight = 3;
    while body > 0 {
        sum += body % 10 * weight;
        weight = 4 - weight;
        body /= 10;
    }
    (10 - sum % 10) % 10
}

impl fmt::Display for Gtin {
    /// As GTIN-13, GTIN-14 where it needs 14 digits, GTIN-8 where eight are enough.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            0..100_000_000 => write!(f, "{:08}", self.0),
            100_000_000..10_000_000_000_000 => write!(f, "{:013}", self.0),
            _ => write!(f, "{:014}", self.0),
        }
    }
}

impl FromStr for Gtin {
    type Err = GtinError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::{Gtin, GtinError};

    #[test]
    fn all_lengths_are_read_and_check_digits_verified() {
        for (text, shown) in [
            ("4006381333931", "4006381333931"),
            ("036000291452", "0036000291452"),
            ("96385074", "96385074"),
            ("10614141000415", "10614141000415"),
            ("400-6381 333931", "4006381333931"),
        ] {
            assert_eq!(Gtin::parse(text).map(|gtin| gtin.to_string()), Ok(shown.to_owned()));
        }
        assert_eq!(Gtin::parse("4006381333932"), Err(GtinError::CheckDigit));
        assert_eq!(Gtin::parse("123"), Err(GtinError::Length));
        assert_eq!(Gtin::parse("4.00638E+12"), Err(GtinError::NotDigits));
    }
}
