//! Exact amounts: selling prices in minor units, costs and averages at a millionth of the major unit, percentages in
//! basis points. No amount is ever a floating-point number.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::decimal::{decimal_text, format_scaled, parse_scaled};

/// What can be wrong with an amount or a currency.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Not three letters of ISO 4217.
    #[error("“{0}” is not a currency code; use three letters such as EUR")]
    UnknownCurrency(String),
    /// Not a plain decimal number, or more decimals than the currency has.
    #[error("“{0}” is not an amount in {1}")]
    BadAmount(String, Currency),
    /// Two currencies where one is needed.
    #[error("{0} and {1} cannot be mixed without an exchange rate")]
    Mixed(Currency, Currency),
}

/// A currency by its ISO 4217 code, three upper-case letters.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency([u8; 3]);

impl Currency {
    /// The euro.
    pub const EUR: Self = Self(*b"EUR");
    /// The pound sterling.
    pub const GBP: Self = Self(*b"GBP");
    /// The United States dollar.
    pub const USD: Self = Self(*b"USD");

    /// Reads a three-letter code in either case.
    pub fn new(code: &str) -> Result<Self, MoneyError> {
        let trimmed = code.trim().to_ascii_uppercase();
        match <[u8; 3]>::try_from(trimmed.as_bytes()) {
            Ok(bytes) if bytes.iter().all(u8::is_ascii_uppercase) => Ok(Self(bytes)),
            _ => Err(MoneyError::UnknownCurrency(code.to_owned())),
        }
    }

    /// The code, for example `EUR`.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).expect("three ASCII letters")
    }

    /// How many decimals the currency has (ISO 4217: none, two or three).
    pub const fn minor_digits(&self) -> u8 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG" | b"RWF" | b"UGX"
            | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            _ => 2,
        }
    }

    /// How many millionths of the major unit one minor unit is: 10,000 where there are two decimals.
    pub const fn micro_per_minor(&self) -> i64 {
        10i64.pow(6 - self.minor_digits() as u32)
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Currency {
    type Err = MoneyError;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        Self::new(code)
    }
}

impl Serialize for Currency {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        Self::new(&code).map_err(serde::de::Error::custom)
    }
}

/// How an exact amount becomes whole minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// Towards minus infinity.
    Down,
    /// Towards plus infinity.
    Up,
    /// To the nearest, halves away from zero.
    #[default]
    Nearest,
}

/// An exact fraction, for conversions that must not round twice. The denominator is positive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ratio {
    /// Above the line.
    pub numerator: i128,
    /// Below the line; always greater than zero.
    pub denominator: i128,
}

impl Ratio {
    /// A whole number.
    pub const fn whole(value: i64) -> Self {
        Self { numerator: value as i128, denominator: 1 }
    }

    /// Rounds to a whole number. Saturates at the ends of `i64`.
    pub fn round(self, rounding: Rounding) -> i64 {
        let floor = self.numerator.div_euclid(self.denominator);
        let rest = self.numerator.rem_euclid(self.denominator);
        let rounded = match rounding {
            Rounding::Down => floor,
            Rounding::Up => floor + i128::from(rest > 0),
            Rounding::Nearest if self.numerator >= 0 => floor + i128::from(2 * rest >= self.denominator),
            Rounding::Nearest => floor + i128::from(2 * rest > self.denominator),
        };
        i64::try_from(rounded).unwrap_or(if rounded > 0 { i64::MAX } else { i64::MIN })
    }
}

/// A percentage or rate in hundredths of a percent: 19 % is 1,900.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BasisPoints(pub i32);

impl BasisPoints {
    /// All of it: 10,000 basis points.
    pub const ONE: i64 = 10_000;

    /// `amount` × (1 + rate) as an exact fraction.
    pub const fn raise(self, amount: i64) -> Ratio {
        Ratio { numerator: amount as i128 * (Self::ONE + self.0 as i64) as i128, denominator: Self::ONE as i128 }
    }

    /// `amount` ÷ (1 + rate) as an exact fraction: what is left of an amount that the rate was added to.
    pub const fn take_out(self, amount: i64) -> Ratio {
        Ratio { numerator: amount as i128 * Self::ONE as i128, denominator: (Self::ONE + self.0 as i64) as i128 }
    }
}

impl fmt::Display for BasisPoints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} %", decimal_text(i64::from(self.0), 2, 0))
    }
}

/// An amount at 10⁻⁶ of the major unit, for costs, averages and unit prices (a screw costs 0.0347).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MicroAmount(pub i64);

impl MicroAmount {
    /// Reads plain decimal text with up to six decimals.
    pub fn parse(text: &str) -> Option<Self> {
        parse_scaled(text, 6).map(Self)
    }

    /// In whole minor units of `currency`.
    pub fn to_minor(self, currency: Currency, rounding: Rounding) -> i64 {
        Ratio { numerator: i128::from(self.0), denominator: i128::from(currency.micro_per_minor()) }.round(rounding)
    }

    /// A whole number of minor units, exactly.
    pub const fn from_minor(amount_minor: i64, currency: Currency) -> Self {
        Self(amount_minor * currency.micro_per_minor())
    }
}

impl fmt::Display for MicroAmount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&decimal_text(self.0, 6, 2))
    }
}

/// A selling price: whole minor units of a currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    /// Cents, pence, or whole units where the currency has no decimals.
    pub amount_minor: i64,
    /// The currency.
    pub currency: Currency,
}

impl Money {
    /// An amount of minor units.
    pub const fn new(amount_minor: i64, currency: Currency) -> Self {
        Self { amount_minor, currency }
    }

    /// Reads plain decimal text (`12.34`).
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        parse_scaled(text.trim(), currency.minor_digits())
            .map(|amount_minor| Self { amount_minor, currency })
            .ok_or_else(|| MoneyError::BadAmount(text.to_owned(), currency))
    }

    /// The amount as plain decimal text with the currency's decimals.
    pub fn amount_text(&self) -> String {
        format_scaled(self.amount_minor, self.currency.minor_digits())
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount_text(), self.currency)
    }
}

/// Net price of a gross amount in millionths: gross ÷ (1 + VAT), exactly, as a fraction.
pub fn net_of_gross_micro(gross_minor: i64, currency: Currency, vat: BasisPoints) -> Ratio {
    Ratio {
        numerator: i128::from(gross_minor) * i128::from(currency.micro_per_minor()) * i128::from(BasisPoints::ONE),
        denominator: i128::from(BasisPoints::ONE + i64::from(vat.0)),
    }
}

#[cfg(test)]
mod tests {
    use super::{BasisPoints, Currency, MicroAmount, Money, Ratio, Rounding, net_of_gross_micro};

    #[test]
    fn currencies_know_their_decimals() {
        let yen = Currency::new("jpy").expect("a currency");
        assert_eq!(Money::parse("1200", yen).expect("whole yen").to_string(), "1200 JPY");
        assert!(Money::parse("12.50", yen).is_err());
        assert_eq!(Money::new(-5, Currency::EUR).to_string(), "-0.05 EUR");
        assert!(Currency::new("E1R").is_err());
    }

    #[test]
    fn rounding_is_exact_on_both_sides_of_zero() {
        let half = |numerator| Ratio { numerator, denominator: 2 };
        assert_eq!(half(3).round(Rounding::Nearest), 2);
        assert_eq!(half(-3).round(Rounding::Nearest), -2);
        assert_eq!(half(-3).round(Rounding::Down), -2);
        assert_eq!(half(-3).round(Rounding::Up), -1);
    }

    #[test]
    fn a_net_price_is_gross_over_one_plus_vat() {
        let net = net_of_gross_micro(11_900, Currency::EUR, BasisPoints(1900)).round(Rounding::Nearest);
        assert_eq!(MicroAmount(net).to_string(), "100.00");
        assert_eq!(BasisPoints(1950).to_string(), "19.5 %");
    }
}
