//! Exchange rates by day, and exact conversion between currencies.

use serde::{Deserialize, Serialize};

use crate::decimal::decimal_text;
use crate::money::{Currency, Ratio, Rounding};
use crate::time::{CivilDate, Instant, MICROSECONDS_PER_DAY};

/// How many units of one currency one unit of another was on a day: `mantissa` × 10^−`scale`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ExchangeRate {
    /// One unit of this
    pub base: Currency,
    /// is so many of this.
    pub quote: Currency,
    /// The day: days since 1970-01-01.
    pub day: i32,
    /// The rate without its point, above zero.
    pub mantissa: i64,
    /// Digits after the point.
    pub scale: u8,
}

impl ExchangeRate {
    /// The day of the calendar.
    pub fn date(&self) -> CivilDate {
        Instant(i64::from(self.day) * MICROSECONDS_PER_DAY).utc_date()
    }

    /// “1 EUR = 1.0842 USD on 2026-11-25”.
    pub fn words(&self) -> String {
        let rate = decimal_text(self.mantissa, self.scale, 0);
        format!("1 {} = {rate} {} on {}", self.base, self.quote, self.date())
    }

    /// What one unit of `from` is in the other currency, as a fraction. Only for one of its two currencies.
    fn factor(&self, from: Currency) -> Option<(i128, i128)> {
        let (rate, ten) = (i128::from(self.mantissa), 10i128.checked_pow(u32::from(self.scale))?);
        let (above, below) = if from == self.base { (rate, ten) } else { (ten, rate) };
        (below > 0 && above > 0).then_some((above, below))
    }
}

/// How amounts of one currency become those of another: by one rate, or by two with a common currency between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conversion {
    first: ExchangeRate,
    second: Option<ExchangeRate>,
    numerator: i128,
    denominator: i128,
}

impl Conversion {
    fn by_one(from: Currency, rate: ExchangeRate) -> Option<Self> {
        let (numerator, denominator) = reduced(rate.factor(from)?);
        Some(Self { first: rate, second: None, numerator, denominator })
    }

    fn by_two(from: Currency, through: Currency, first: ExchangeRate, second: ExchangeRate) -> Option<Self> {
        let ((a, b), (c, d)) = (reduced(first.factor(from)?), reduced(second.factor(through)?));
        let (numerator, denominator) = reduced((a.checked_mul(c)?, b.checked_mul(d)?));
        Some(Self { first, second: Some(second), numerator, denominator })
    }

    /// An amount in millionths of the major unit in the other currency, rounded once to the nearest millionth, halves
    /// away from zero. `None`: it does not fit.
    pub fn micro(&self, micro: i64) -> Option<i64> {
        let numerator = i128::from(micro).checked_mul(self.numerator)?;
        let converted = Ratio { numerator, denominator: self.denominator }.round(Rounding::Nearest);
        (converted != i64::MAX && converted != i64::MIN).then_some(converted)
    }

    /// The rates it is made of.
    pub fn rates(&self) -> impl Iterator<Item = ExchangeRate> + use<> {
        std::iter::once(self.first).chain(self.second)
    }

    /// The rates with their days, in words.
    pub fn words(&self) -> String {
        let words: Vec<String> = self.rates().map(|rate| rate.words()).collect();
        words.join(", ")
    }
}

/// Finds how `from` becomes `to` by the newest rates on or before a day: the newer of both directions where one is
/// stated (`from` in `to` where both are of one day), else through the common currency whose older rate is newest, of
/// equally new ones the first by code. `None`: no such rate. `rates` are in ascending order.
pub fn conversion(rates: &[ExchangeRate], from: Currency, to: Currency, day: i32) -> Option<Conversion> {
    if let Some(rate) = newest_between(rates, from, to, day) {
        return Conversion::by_one(from, rate);
    }
    let mut between: Vec<Currency> = rates
        .iter()
        .filter_map(|rate| match (rate.base == from, rate.quote == from) {
            (true, _) => Some(rate.quote),
            (false, true) => Some(rate.base),
            (false, false) => None,
        })
        .collect();
    between.sort_unstable();
    between.dedup();
    let mut found: Option<(i32, Conversion)> = None;
    for through in between {
        let first = newest_between(rates, from, through, day);
        let Some((first, second)) = first.zip(newest_between(rates, through, to, day)) else { continue };
        let older = first.day.min(second.day);
        if found.is_none_or(|(day, _)| older > day)
            && let Some(two) = Conversion::by_two(from, through, first, second)
        {
            found = Some((older, two));
        }
    }
    found.map(|(_, conversion)| conversion)
}

/// The newest rate of two currencies, in either direction, on or before a day.
fn newest_between(rates: &[ExchangeRate], one: Currency, other: Currency, day: i32) -> Option<ExchangeRate> {
    let stated = newest(rates, one, other, day);
    let turned = newest(rates, other, one, day);
    match (stated, turned) {
        (Some(stated), Some(turned)) if turned.day > stated.day => Some(turned),
        (stated, turned) => stated.or(turned),
    }
}

fn newest(rates: &[ExchangeRate], base: Currency, quote: Currency, day: i32) -> Option<ExchangeRate> {
    let end = rates.partition_point(|rate| (rate.base, rate.quote, rate.day) <= (base, quote, day));
    let rate = rates[..end].last()?;
    (rate.base == base && rate.quote == quote).then_some(*rate)
}

fn reduced((numerator, denominator): (i128, i128)) -> (i128, i128) {
    let (mut one, mut other) = (numerator, denominator);
    while other != 0 {
        (one, other) = (other, one % other);
    }
    (numerator / one.max(1), denominator / one.max(1))
}

#[cfg(test)]
mod tests {
    use super::{ExchangeRate, conversion};
    use crate::money::Currency;

    fn rate(base: &str, quote: &str, day: i32, mantissa: i64, scale: u8) -> ExchangeRate {
        let currency = |code| Currency::new(code).expect("a code");
        ExchangeRate { base: currency(base), quote: currency(quote), day, mantissa, scale }
    }

    fn chf() -> Currency {
        Currency::new("CHF").expect("a code")
    }

    /// In ascending order.
    fn rates() -> Vec<ExchangeRate> {
        vec![
            rate("EUR", "CHF", 10, 94, 2),
            rate("EUR", "USD", 8, 11, 1),
            rate("EUR", "USD", 10, 125, 2),
            rate("EUR", "USD", 12, 2, 0),
        ]
    }

    #[test]
    fn the_newest_rate_on_or_before_the_day_is_taken() {
        let at =
            |day| conversion(&rates(), Currency::EUR, Currency::USD, day).and_then(|found| found.micro(10_000_000));
        assert_eq!(at(7), None, "no rate is known so early");
        assert_eq!(at(9), Some(11_000_000));
        assert_eq!(at(11), Some(12_500_000));
        assert_eq!(at(99), Some(20_000_000));
    }

    #[test]
    fn a_rate_works_in_both_directions_and_is_rounded_once() {
        let back = conversion(&rates(), Currency::USD, Currency::EUR, 9).expect("there is a rate");
        assert_eq!(back.micro(1_000_000), Some(909_091), "1 ÷ 1.1 to the nearest millionth");
        assert_eq!(back.micro(11_000_000), Some(10_000_000), "and exactly where it is exact");
    }

    #[test]
    fn two_currencies_meet_in_a_third() {
        let found = conversion(&rates(), Currency::USD, chf(), 10).expect("through the euro");
        assert_eq!(found.micro(125_000_000), Some(94_000_000));
        assert_eq!(found.words(), "1 EUR = 1.25 USD on 1970-01-11, 1 EUR = 0.94 CHF on 1970-01-11");
        assert_eq!(conversion(&rates(), Currency::GBP, chf(), 10), None);
    }

    #[test]
    fn of_both_directions_the_newer_counts() {
        let mut known = rates();
        known.push(rate("USD", "EUR", 11, 5, 1));
        let found = conversion(&known, Currency::EUR, Currency::USD, 11).expect("there is a rate");
        assert_eq!(found.micro(1_000_000), Some(2_000_000));
    }

    #[test]
    fn what_does_not_fit_is_no_amount() {
        let huge = [rate("EUR", "USD", 1, i64::MAX, 0)];
        let found = conversion(&huge, Currency::EUR, Currency::USD, 1).expect("there is a rate");
        assert_eq!(found.micro(i64::MAX / 2), None);
    }
}
