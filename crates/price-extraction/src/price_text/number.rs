//! Numbers as shops write them: which digits stand before and which after the decimal separator, and how sure that is.

use pricing_domain::Currency;

use crate::amount::Amount;
use crate::currencies::{named, written_whole};

/// Stands for a separator that is decimal beyond doubt: digits set apart by markup or by a currency sign.
pub(crate) const SURE_DECIMAL: char = '\u{E000}';

/// A number as written: groups of digits, each with the separator before it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Number {
    first: String,
    rest: Vec<(char, String)>,
    /// A separator stood before the first digit (`,89`).
    leading_separator: bool,
    /// The currency sign that stood where the decimal separator would.
    pub inner_sign: Option<char>,
    /// A word after the number multiplies it by this power of ten.
    power: u8,
    /// Digits right beside it that may belong to it.
    beside: Beside,
}

/// Digits with nothing but a blank or a currency's sign between them and a number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Beside {
    #[default]
    Nothing,
    /// More than cents: `iPhone 15 $999`.
    Digits,
    /// Read together they make an amount with cents: `29 90 €`, `12 € 50`.
    Cents(Amount),
    /// Its first digits may end the name before it, and the others are the amount then: `iPhone 15 999 €`.
    Name,
}

/// What helps to read a number.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct NumberHints {
    /// The site's decimal separator, where it is known.
    pub decimal_separator: Option<char>,
    /// The separator that the country or language of the site uses: weaker.
    pub usual_separator: Option<char>,
    /// The currency beside the number.
    pub currency: Option<Currency>,
}

/// How sure a reading of digits is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Certainty {
    /// Two readings, nothing decides.
    Open,
    /// Decided by custom or by a hint.
    Likely,
    /// Only one reading.
    Sure,
}

/// A number read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reading {
    pub amount: Amount,
    /// The other possible reading.
    pub other: Option<Amount>,
    pub certainty: Certainty,
}

/// Reads the number that starts at `start`. Gives it with the position after it.
pub(crate) fn lex(chars: &[char], start: usize) -> Option<(Number, usize)> {
    let mut number = Number::default();
    let mut at = start;
    while matches!(chars.get(at), Some('.' | ',')) {
        number.leading_separator = true;
        at += 1;
    }
    at = take_digits(chars, at, &mut number.first);
    if number.first.is_empty() {
        return None;
    }
    while let Some((separator, digits_at)) = next_group(chars, at, &number) {
        number.inner_sign = number.inner_sign.or((separator == SURE_DECIMAL).then_some(chars[at]));
        let mut digits = String::new();
        at = take_digits(chars, digits_at, &mut digits);
        number.rest.push((separator, digits));
    }
    Some((number, at))
}

fn take_digits(chars: &[char], mut at: usize, into: &mut String) -> usize {
    while let Some(digit) = chars.get(at).filter(|c| c.is_ascii_digit()) {
        into.push(*digit);
        at += 1;
    }
    at
}

fn digits_from(chars: &[char], at: usize) -> usize {
    chars[at.min(chars.len())..].iter().take_while(|c| c.is_ascii_digit()).count()
}

/// The separator at `at` and where the digits after it start, if the number goes on.
fn next_group(chars: &[char], at: usize, number: &Number) -> Option<(char, usize)> {
    let separator = *chars.get(at)?;
    let digits = digits_from(chars, at + 1);
    match separator {
        '.' | ',' if digits > 0 => Some((separator, at + 1)),
        '.' | ',' if chars.get(at + 1) == Some(&' ') => {
            split_fraction(chars, at, number).then_some((separator, at + 2))
        }
        '\'' if digits == 3 || digits == 2 && number.has_no_fraction() => Some((separator, at + 1)),
        SURE_DECIMAL if (1..=3).contains(&digits) => Some((separator, at + 1)),
        ' ' if digits == 3 && number.may_be_grouped_by_blanks() && !is_word_after(chars, at + 4) => {
            Some((separator, at + 1))
        }
        '€' | '$' | '£' | '₽' | '₴' if currency_inside(chars, at, number) => Some((SURE_DECIMAL, at + 1)),
        _ => None,
    }
}

/// Whether digits that end at `at` run on into a word that is no currency (`256GB`).
fn is_word_after(chars: &[char], at: usize) -> bool {
    let word: String = chars[at.min(chars.len())..].iter().take_while(|c| c.is_alphabetic()).collect();
    !word.is_empty() && named(&word).is_empty()
}

/// `559. 99`: a separator, a blank, two digits and no more.
fn split_fraction(chars: &[char], at: usize, number: &Number) -> bool {
    let plain = number.rest.iter().all(|(separator, _)| matches!(separator, ' ' | '\''));
    let after = chars.get(at + 4);
    plain && digits_from(chars, at + 2) == 2 && !after.is_some_and(|c| c.is_alphabetic() || matches!(c, '.' | ','))
}

/// `1250€60`: the sign stands where the decimal separator would.
fn currency_inside(chars: &[char], at: usize, number: &Number) -> bool {
    let digits = digits_from(chars, at + 1);
    let mut after = at + 1 + digits;
    if chars.get(after) == Some(&' ') {
        after += 1;
    }
    let next_has_sign = matches!(chars.get(after), Some('€' | '$' | '£' | '₽' | '₴'));
    let separated_before = number.rest.iter().any(|(separator, _)| matches!(*separator, '.' | ',' | SURE_DECIMAL));
    (2..=3).contains(&digits)
        && !next_has_sign
        && !separated_before
        && !matches!(chars.get(at + 1 + digits), Some('.' | ',' | '%'))
}

impl Number {
    /// Digits all told.
    pub fn digit_count(&self) -> usize {
        self.first.len() + self.rest.iter().map(|(_, digits)| digits.len()).sum::<usize>()
    }

    /// Whether both are written with the same digits.
    pub fn has_same_digits(&self, other: &Self) -> bool {
        self.first == other.first && self.rest == other.rest
    }

    /// The digits before the first separator.
    pub fn leading_digits(&self) -> &str {
        &self.first
    }

    /// Whether it looks like a date (`15.08.2017`) or a version.
    pub fn looks_like_date(&self) -> bool {
        let lengths: Vec<usize> = self.rest.iter().map(|(_, digits)| digits.len()).collect();
        let dotted = self.rest.iter().all(|(separator, _)| *separator == '.');
        dotted && self.first.len() <= 2 && matches!(lengths[..], [1 | 2, 4])
            || dotted && self.first.len() == 4 && matches!(lengths[..], [2, 2])
    }

    /// The separator before a fraction of two digits, where it is one beyond doubt.
    pub fn fraction_separator(&self) -> Option<char> {
        let (separator, digits) = self.rest.last()?;
        let once = self.rest.iter().filter(|(other, _)| other == separator).count() == 1;
        (once && digits.len() == 2 && matches!(separator, '.' | ',')).then_some(*separator)
    }

    /// Whether it is written with a decimal fraction of two digits or with groups.
    pub fn has_separators(&self) -> bool {
        !self.rest.is_empty()
    }

    fn has_no_fraction(&self) -> bool {
        !self.leading_separator && self.rest.iter().all(|(_, digits)| digits.len() == 3)
    }

    /// Without the groups that blanks set apart: they follow a letter, as in `A4 500 €`.
    pub fn first_group(&self) -> Option<Self> {
        let blanks = !self.rest.is_empty() && self.rest.iter().all(|(separator, _)| *separator == ' ');
        blanks.then(|| Self { first: self.first.clone(), ..Self::default() })
    }

    /// Without the group that the first blank sets apart: it may belong to what stands before.
    pub fn last_groups(&self) -> Option<Self> {
        let ((separator, digits), rest) = self.rest.split_first()?;
        (*separator == ' ').then(|| Self { first: digits.clone(), rest: rest.to_vec(), ..Self::default() })
    }

    /// The same number, multiplied by a power of ten.
    pub const fn multiplied(mut self, power: u8) -> Self {
        self.power = power;
        self
    }

    /// The same number with digits beside it that may belong to it.
    pub fn with_beside(mut self, beside: Beside) -> Self {
        self.beside = beside;
        self
    }

    /// The amount of this number's digits followed by two digits of cents. `None` where it has a fraction already.
    pub fn with_cents(&self, cents: &Self) -> Option<Amount> {
        let is_cents = cents.rest.is_empty() && cents.first.len() == 2 && !cents.leading_separator;
        (is_cents && self.has_no_fraction())
            .then(|| Amount::from_parts(&self.whole_of(&self.rest), &cents.first))
            .flatten()
    }

    /// This number with the decimals of another beyond doubt: `12 zł 50 gr`.
    pub fn joined(mut self, cents: &Self) -> Self {
        self.rest.push((SURE_DECIMAL, cents.first.clone()));
        self
    }

    /// Whether zeros stand before its first digit that counts: `01.299,00`.
    fn is_padded(&self) -> bool {
        significant(&self.first).len() < self.first.len()
    }

    fn may_be_grouped_by_blanks(&self) -> bool {
        let first = significant(&self.first);
        let first_fits = (1..=3).contains(&first.len()) && !first.starts_with('0');
        first_fits
            && !self.leading_separator
            && self.rest.iter().all(|(separator, digits)| *separator == ' ' && digits.len() == 3)
    }

    fn whole_of(&self, groups: &[(char, String)]) -> String {
        let mut whole = self.first.clone();
        groups.iter().for_each(|(_, digits)| whole.push_str(digits));
        whole
    }

    fn as_whole(&self) -> Option<Amount> {
        Amount::from_parts(&self.whole_of(&self.rest), "")
    }

    fn as_decimal(&self) -> Option<Amount> {
        let ((_, fraction), whole) = self.rest.split_last()?;
        Amount::from_parts(&self.whole_of(whole), fraction)
    }

    /// Reads the digits. `None` when they make no number that a price could be.
    pub fn read(&self, hints: &NumberHints) -> Option<Reading> {
        let mut reading = self.read_digits(hints)?;
        if self.power > 0 {
            let factor = 10i64.checked_pow(u32::from(self.power))?;
            reading.amount = reading.amount.times(factor);
            reading.other = reading.other.map(|other| other.times(factor));
            reading.certainty = reading.certainty.min(Certainty::Likely);
        }
        match self.beside {
            Beside::Nothing => {}
            Beside::Digits => reading.certainty = reading.certainty.min(Certainty::Likely),
            Beside::Cents(amount) => (reading.other, reading.certainty) = (Some(amount), Certainty::Open),
            Beside::Name => {
                let other = self.last_groups().and_then(|number| number.read_digits(hints));
                (reading.other, reading.certainty) = (other.map(|other| other.amount), Certainty::Open);
            }
        }
        Some(reading)
    }

    fn read_digits(&self, hints: &NumberHints) -> Option<Reading> {
        let mut reading = self.read_groups(hints)?;
        // `05 299 €` may be one number or two.
        if let Some(last) = self.last_groups().filter(|_| self.is_padded()) {
            (reading.other, reading.certainty) = (Some(last.read_groups(hints)?.amount), Certainty::Open);
        }
        Some(reading)
    }

    fn read_groups(&self, hints: &NumberHints) -> Option<Reading> {
        let sure = |amount: Option<Amount>| Some(Reading { amount: amount?, other: None, certainty: Certainty::Sure });
        let Some((last, last_digits)) = self.rest.last() else {
            return if self.leading_separator {
                sure(Amount::from_parts("", &self.first))
            } else {
                sure(self.as_whole())
            };
        };
        let repeated = self.rest.iter().filter(|(separator, _)| separator == last).count() > 1;
        let others = self.rest.iter().any(|(separator, _)| separator != last);
        match *last {
            SURE_DECIMAL => sure(self.as_decimal()),
            // Spanish cents: `12'50`.
            '\'' if last_digits.len() == 2 => sure(self.as_decimal()),
            ' ' | '\'' if others => None,
            ' ' | '\'' => sure(self.as_whole()),
            _ if repeated && others => None,
            _ if repeated => self.read_repeated(last_digits.len()),
            _ if others || self.leading_separator => sure(match (self.leading_separator, last_digits.len()) {
                (true, 3) => self.as_whole(),
                _ => self.as_decimal(),
            }),
            _ => self.read_single(*last, last_digits.len(), hints),
        }
    }

    /// `1.234.567`, `12,34,567`, and the slip `1.234.56`.
    fn read_repeated(&self, last_length: usize) -> Option<Reading> {
        let middles = self.rest.iter().rev().skip(1).all(|(_, digits)| matches!(digits.len(), 2 | 3));
        if !middles || self.first.len() > 3 {
            return None;
        }
        match last_length {
            3 => Some(Reading { amount: self.as_whole()?, other: None, certainty: Certainty::Sure }),
            2 => Some(Reading { amount: self.as_decimal()?, other: self.as_whole(), certainty: Certainty::Likely }),
            _ => None,
        }
    }

    /// One separator only: `12,5`, `3.350`, `1234.567`.
    fn read_single(&self, separator: char, fraction: usize, hints: &NumberHints) -> Option<Reading> {
        let first = significant(&self.first);
        let whole_possible = (1..=3).contains(&first.len()) && !first.starts_with('0') && fraction == 3;
        if !whole_possible {
            return Some(Reading { amount: self.as_decimal()?, other: None, certainty: Certainty::Sure });
        }
        let (decimal, whole) = (self.as_decimal()?, self.as_whole()?);
        let (is_decimal, certainty) = self.judge_three(separator, hints);
        let (amount, other) = if is_decimal { (decimal, whole) } else { (whole, decimal) };
        Some(Reading { amount, other: Some(other), certainty })
    }

    /// Three digits after a single separator: decimals or a group?
    fn judge_three(&self, separator: char, hints: &NumberHints) -> (bool, Certainty) {
        if let Some(decimal) = hints.decimal_separator {
            return (decimal == separator, Certainty::Sure);
        }
        match hints.currency.map(|currency| (currency, currency.minor_digits())) {
            Some((currency, _)) if written_whole(currency) => return (false, Certainty::Sure),
            // Dinars and rials of three decimals are written with a dot.
            Some((_, 3)) if separator == '.' => return (true, Certainty::Likely),
            Some((_, 3)) => return (hints.usual_separator == Some(separator), Certainty::Open),
            _ => {}
        }
        match hints.usual_separator {
            Some(usual) if usual != separator => (false, Certainty::Likely),
            Some(_) if hints.currency.is_none() => (true, Certainty::Open),
            Some(_) => (false, Certainty::Open),
            None if hints.currency.is_some() || significant(&self.first).len() > 1 => (false, Certainty::Likely),
            None => (false, Certainty::Open),
        }
    }
}

/// Digits without the zeros before the first that counts; the last digit stays.
pub(crate) fn significant(digits: &str) -> &str {
    let trimmed = digits.trim_start_matches('0');
    if trimmed.is_empty() { &digits[digits.len().saturating_sub(1)..] } else { trimmed }
}

#[cfg(test)]
mod tests {
    use super::{Certainty, NumberHints, lex};

    fn read(text: &str, hints: &NumberHints) -> Option<(String, Certainty)> {
        let chars: Vec<char> = text.chars().collect();
        let reading = lex(&chars, 0)?.0.read(hints)?;
        Some((reading.amount.to_string(), reading.certainty))
    }

    #[test]
    fn every_grouping_in_use_is_read() {
        for (text, expected) in [
            ("1,234,567.890", "1234567.890"),
            ("1.234.123", "1234123"),
            ("12,34,567.50", "1234567.50"),
            ("1 099,00", "1099.00"),
            ("1'099.00", "1099.00"),
            (",89", "0.89"),
            ("1250€60", "1250.60"),
            ("0.750", "0.750"),
            ("3.3500", "3.3500"),
            ("01.299,00", "1299.00"),
            ("007,50", "7.50"),
        ] {
            assert_eq!(read(text, &NumberHints::default()), Some((expected.to_owned(), Certainty::Sure)), "{text}");
        }
    }

    #[test]
    fn three_digits_after_one_separator_need_a_hint() {
        let open = read("3.350", &NumberHints::default()).map(|(_, certainty)| certainty);
        assert_eq!(open, Some(Certainty::Open));
        let comma = NumberHints { decimal_separator: Some(','), ..NumberHints::default() };
        assert_eq!(read("3.350", &comma), Some(("3350".to_owned(), Certainty::Sure)));
        let dot = NumberHints { decimal_separator: Some('.'), ..NumberHints::default() };
        assert_eq!(read("3.350", &dot), Some(("3.350".to_owned(), Certainty::Sure)));
    }

    #[test]
    fn zeros_before_a_number_decide_nothing() {
        let comma = NumberHints { decimal_separator: Some(','), ..NumberHints::default() };
        assert_eq!(read("01.299", &comma), Some(("1299".to_owned(), Certainty::Sure)));
        assert_eq!(read("01.299", &NumberHints::default()).map(|(_, certainty)| certainty), Some(Certainty::Open));
        assert_eq!(read("01 299,00", &comma), Some(("1299.00".to_owned(), Certainty::Open)));
        assert_eq!(read("0.299", &NumberHints::default()), Some(("0.299".to_owned(), Certainty::Sure)));
    }
}
