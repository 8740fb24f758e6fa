//! Typed reading of the cells of one row: each gives a value, nothing when empty, or the reason why not.

use std::borrow::Cow;

use pricing_domain::{BasisPoints, CivilDate, Currency, Gtin, Instant, MicroAmount, Problem};

use crate::columns::ColumnMap;
use crate::decimals::{NumberFault, NumberRule};
use crate::guards::restore;
use crate::problems::row_problem;
use crate::records::{NUMBER_MARK, RawRow};
use crate::validity::ValidityTime;

const LONGEST_SKU: usize = 200;
const LONGEST_TEXT: usize = 4_000;
const LARGEST_MAJOR: i64 = 100_000_000_000;

/// Why a row is refused.
#[derive(Debug)]
pub(crate) struct Refusal {
    column: usize,
    found: String,
    reason: String,
}

impl Refusal {
    pub(crate) fn into_problem(self, line: u64, map: &ColumnMap) -> Problem {
        row_problem(line, map.name(self.column), &self.found, self.reason)
    }
}

/// Which amounts a column takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Range {
    /// Above zero.
    Positive,
    /// Zero or above.
    NotNegative,
    /// Any.
    Signed,
}

/// The cells of one row by the columns of its kind.
pub(crate) struct Cells<'a> {
    pub(crate) row: &'a RawRow,
    pub(crate) map: &'a ColumnMap,
}

impl<'a> Cells<'a> {
    /// The text of a cell, trimmed and without its guard; `None` when empty.
    pub(crate) fn find(&self, column: impl Into<usize>) -> Option<&'a str> {
        let place = self.map.places[column.into()]?;
        let text = self.row.cell(place);
        match text.as_bytes() {
            [] => None,
            // Most cells: nothing to trim, no mark and no guard.
            [first, .., last] if (b'('..0x7f).contains(first) && (b'!'..0x7f).contains(last) => Some(text),
            _ => {
                let text = text.trim();
                let text = restore(text.strip_prefix(NUMBER_MARK).unwrap_or(text)).trim();
                (!text.is_empty()).then_some(text)
            }
        }
    }

    /// Whether the file has a column.
    pub(crate) fn has_column(&self, column: impl Into<usize>) -> bool {
        self.map.places[column.into()].is_some()
    }

    /// The text of a cell that must not be empty.
    pub(crate) fn get(&self, column: impl Into<usize> + Copy) -> Result<&'a str, Refusal> {
        self.find(column).ok_or_else(|| self.missing(column))
    }

    pub(crate) fn missing(&self, column: impl Into<usize> + Copy) -> Refusal {
        self.refuse(column, "The cell is empty, and the row needs it. Fill it in, or leave the row out.")
    }

    /// A refusal of what stands in a column.
    pub(crate) fn refuse(&self, column: impl Into<usize> + Copy, reason: impl Into<String>) -> Refusal {
        let found = self.find(column).unwrap_or_default().to_owned();
        Refusal { column: column.into(), found, reason: reason.into() }
    }

    /// The article number, which must be there.
    pub(crate) fn sku(&self, column: impl Into<usize> + Copy) -> Result<String, Refusal> {
        let text = self.get(column)?;
        if text.len() > LONGEST_SKU {
            return Err(self.refuse(column, format!("An article number has at most {LONGEST_SKU} characters.")));
        }
        if is_spoiled_number(text) {
            let reason = "A spreadsheet has shortened this number. Format the column as text and export it again.";
            return Err(self.refuse(column, reason));
        }
        Ok(text.to_owned())
    }

    pub(crate) fn text(&self, column: impl Into<usize> + Copy) -> Result<Option<String>, Refusal> {
        match self.find(column) {
            Some(text) if text.len() > LONGEST_TEXT => {
                Err(self.refuse(column, format!("The text is longer than {LONGEST_TEXT} bytes. Shorten it.")))
            }
            text => Ok(text.map(str::to_owned)),
        }
    }

    pub(crate) fn needed_text(&self, column: impl Into<usize> + Copy) -> Result<String, Refusal> {
        self.text(column)?.ok_or_else(|| self.missing(column))
    }

    /// A value with a spelling of its own; the type's error says what is possible.
    pub(crate) fn value<T: std::str::FromStr<Err = String>>(
        &self,
        column: impl Into<usize> + Copy,
    ) -> Result<Option<T>, Refusal> {
        self.find(column).map(|text| text.parse().map_err(|reason: String| self.refuse(column, reason))).transpose()
    }

    pub(crate) fn currency(&self, column: impl Into<usize> + Copy) -> Result<Currency, Refusal> {
        let reason = "This is not a currency code. Write three letters such as EUR.";
        Currency::new(self.get(column)?).map_err(|_| self.refuse(column, reason))
    }

    pub(crate) fn yes_or_no(&self, column: impl Into<usize> + Copy) -> Result<Option<bool>, Refusal> {
        let Some(text) = self.find(column) else { return Ok(None) };
        let is_one_of = |words: [&str; 3]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
        match (is_one_of(["yes", "true", "1"]), is_one_of(["no", "false", "0"])) {
            (true, _) => Ok(Some(true)),
            (_, true) => Ok(Some(false)),
            _ => Err(self.refuse(column, "Write yes or no (true, false, 1 and 0 are understood too).")),
        }
    }

    /// A number scaled by 10^`digits`.
    pub(crate) fn number(
        &self,
        column: impl Into<usize> + Copy,
        digits: u8,
        range: Range,
    ) -> Result<Option<i64>, Refusal> {
        let Some(text) = self.find(column) else { return Ok(None) };
        let rule = self.rule(column.into());
        let value = rule.read(text, digits).map_err(|fault| self.refuse(column, fault_reason(fault, rule, digits)))?;
        match range {
            _ if value.abs() / 10i64.pow(u32::from(digits)) >= LARGEST_MAJOR => {
                Err(self.refuse(column, fault_reason(NumberFault::TooLarge, rule, digits)))
            }
            Range::Positive if value == 0 => {
                Err(self
                    .refuse(column, "Zero is not possible here. Leave the cell empty where the value is not known."))
            }
            Range::Positive | Range::NotNegative if value < 0 => {
                Err(self.refuse(column, "The number is negative. Only numbers from zero up are possible here."))
            }
            _ => Ok(Some(value)),
        }
    }

    fn rule(&self, column: usize) -> NumberRule {
        let written_by_program =
            self.map.places[column].is_some_and(|place| self.row.cell(place).starts_with(NUMBER_MARK));
        if written_by_program { NumberRule::PROGRAM } else { self.map.rules[column] }
    }

    /// A rate above zero, scaled by 10^`digits`; finer digits are of no use, so that a missing cell is the only fault.
    pub(crate) fn needed_rate(&self, column: impl Into<usize> + Copy, digits: u8) -> Result<i64, Refusal> {
        let text = self.get(column)?;
        let rule = self.rule(column.into());
        let rate = rule.read(text, digits).map_err(|fault| self.refuse(column, fault_reason(fault, rule, digits)))?;
        if rate > 0 { Ok(rate) } else { Err(self.refuse(column, "A rate is above zero.")) }
    }

    /// An amount above zero in minor units.
    pub(crate) fn price(&self, column: impl Into<usize> + Copy, currency: Currency) -> Result<Option<i64>, Refusal> {
        self.number(column, currency.minor_digits(), Range::Positive)
    }

    /// An amount above zero that must be there.
    pub(crate) fn needed_price(&self, column: impl Into<usize> + Copy, currency: Currency) -> Result<i64, Refusal> {
        if self.find(column).is_some_and(is_zero) {
            return Err(self.refuse(column, "A price of zero sets no price. Leave the row out, or write the price."));
        }
        self.price(column, currency)?.ok_or_else(|| self.missing(column))
    }

    /// An amount at 10⁻⁶ of the major unit.
    pub(crate) fn micro(&self, column: impl Into<usize> + Copy, range: Range) -> Result<Option<MicroAmount>, Refusal> {
        Ok(self.number(column, 6, range)?.map(MicroAmount))
    }

    /// A cost above zero: a cost of zero would let every margin floor fall away.
    pub(crate) fn cost(&self, column: impl Into<usize> + Copy) -> Result<Option<MicroAmount>, Refusal> {
        if self.find(column).is_some_and(is_zero) {
            let reason =
                "A cost of zero would let the margin floor fall away. Leave the cell empty where it is not known.";
            return Err(self.refuse(column, reason));
        }
        self.micro(column, Range::Positive)
    }

    /// A rate in percent: `19` is 19 %.
    pub(crate) fn percent(&self, column: impl Into<usize> + Copy) -> Result<Option<BasisPoints>, Refusal> {
        let Some(value) = self.number(column, 2, Range::NotNegative)? else { return Ok(None) };
        if (1..100).contains(&value) {
            let reason = "This is less than 1 percent. Write 19 for 19 %, not 0.19.";
            return Err(self.refuse(column, reason));
        }
        let too_high = || self.refuse(column, "A rate is a percentage from 0 to 100, such as 19.");
        i32::try_from(value)
            .ok()
            .filter(|rate| *rate <= 10_000)
            .map(|rate| Some(BasisPoints(rate)))
            .ok_or_else(too_high)
    }

    /// A whole number of pieces, at least one.
    pub(crate) fn count(&self, column: impl Into<usize> + Copy) -> Result<Option<u32>, Refusal> {
        let Some(value) = self.number(column, 0, Range::Positive)? else { return Ok(None) };
        u32::try_from(value).map(Some).map_err(|_| self.refuse(column, "The number is too large."))
    }

    /// A day as `2026-11-01`.
    pub(crate) fn date(&self, column: impl Into<usize> + Copy) -> Result<Option<CivilDate>, Refusal> {
        let Some(text) = self.find(column) else { return Ok(None) };
        let reason = "This is not a date. Write year, month and day: 2026-11-01.";
        iso_date(text).map(Some).ok_or_else(|| self.refuse(column, reason))
    }

    /// A moment with a time of day; without an offset it is UTC.
    pub(crate) fn instant(&self, column: impl Into<usize> + Copy) -> Result<Instant, Refusal> {
        let text = self.get(column)?;
        let reason = "This is not a moment. Write it in UTC as 2026-11-01T08:30:00Z.";
        match ValidityTime::parse_start(text) {
            Some(moment) if text.len() > 10 => Ok(moment.at(&jiff::tz::TimeZone::UTC)),
            _ => Err(self.refuse(column, reason)),
        }
    }

    pub(crate) fn valid_from(&self, column: impl Into<usize> + Copy) -> Result<Option<ValidityTime>, Refusal> {
        self.validity(column, ValidityTime::parse_start)
    }

    pub(crate) fn valid_to(&self, column: impl Into<usize> + Copy) -> Result<Option<ValidityTime>, Refusal> {
        self.validity(column, ValidityTime::parse_end)
    }

    fn validity(
        &self,
        column: impl Into<usize> + Copy,
        parse: fn(&str) -> Option<ValidityTime>,
    ) -> Result<Option<ValidityTime>, Refusal> {
        let Some(text) = self.find(column) else { return Ok(None) };
        let reason = "This is neither a date nor a moment. Write 2026-11-01 or 2026-11-01T08:30.";
        parse(text).map(Some).ok_or_else(|| self.refuse(column, reason))
    }

    /// Refuses a validity that ends before it begins.
    pub(crate) fn in_order(
        &self,
        from: Option<ValidityTime>,
        to: Option<ValidityTime>,
        column: impl Into<usize> + Copy,
    ) -> Result<(), Refusal> {
        match (from, to) {
            (Some(from), Some(to)) if !from.is_before(to) => {
                Err(self.refuse(column, "The end is not after the beginning. Correct one of the two."))
            }
            _ => Ok(()),
        }
    }

    /// Several article codes, separated by blanks.
    pub(crate) fn gtins(&self, column: impl Into<usize> + Copy) -> Result<Vec<Gtin>, Refusal> {
        let Some(text) = self.find(column) else { return Ok(Vec::new()) };
        let mut gtins = Vec::new();
        let words = text.split(|letter: char| letter.is_whitespace() || matches!(letter, ';' | '|' | ','));
        for word in words.filter(|word| !word.is_empty()) {
            let gtin = read_gtin(word).map_err(|reason| self.refuse(column, reason))?;
            if !gtins.contains(&gtin) {
                gtins.push(gtin);
            }
        }
        Ok(gtins)
    }
}

fn is_zero(text: &str) -> bool {
    text.contains('0') && text.chars().all(|letter| matches!(letter, '0' | '.' | ','))
}

/// Whether a text looks like `1.23E+05`, as spreadsheets show long numbers.
fn is_spoiled_number(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once("E+") else { return false };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let whole_and_rest = mantissa.split_once(['.', ',']);
    digits(exponent) && whole_and_rest.is_some_and(|(whole, rest)| digits(whole) && whole.len() == 1 && digits(rest))
}

/// One article code; leading zeros that a spreadsheet dropped are put back.
fn read_gtin(word: &str) -> Result<Gtin, String> {
    let plain = word.strip_suffix(".0").unwrap_or(word);
    let plain = if plain.contains('-') { Cow::Owned(plain.replace('-', "")) } else { Cow::Borrowed(plain) };
    if plain.contains(['E', 'e']) && plain.starts_with(|first: char| first.is_ascii_digit()) {
        return Err(format!(
            "A spreadsheet has shortened “{word}” and its digits are lost. Format the column as text and export it again."
        ));
    }
    let number: u64 = plain.parse().map_err(|_| format!("“{word}” is not a GTIN: it has only digits."))?;
    if !(7..=14).contains(&plain.len()) {
        return Err(format!("“{word}” is not a GTIN: it has 8, 12, 13 or 14 digits."));
    }
    Gtin::from_number(number).map_err(|error| format!("“{word}” is not a GTIN: {error}. Check its digits."))
}

/// A day as `2026-11-01`, nothing else.
pub(crate) fn iso_date(text: &str) -> Option<CivilDate> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let digits = |range: std::ops::Range<usize>| {
        bytes[range]
            .iter()
            .try_fold(0i16, |number, byte| byte.is_ascii_digit().then(|| number * 10 + i16::from(byte - b'0')))
    };
    let (year, month, day) = (digits(0..4)?, digits(5..7)?, digits(8..10)?);
    CivilDate::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

fn fault_reason(fault: NumberFault, rule: NumberRule, digits: u8) -> String {
    let separator = if rule.decimal == Some(',') { "a comma" } else { "a dot" };
    match fault {
        NumberFault::NotNumber => {
            "This is not a number. Write digits only, without currency signs, units or words.".to_owned()
        }
        NumberFault::Scientific => {
            "A spreadsheet has shortened this number. Format the column as a number with decimals and export it again."
                .to_owned()
        }
        NumberFault::OtherSeparator => {
            format!("The decimals of this column are written with {separator}. Write this one so, too.")
        }
        NumberFault::Ambiguous => {
            "This could be a thousand or decimals. Write it without a thousands separator.".to_owned()
        }
        NumberFault::TooManyDecimals if digits == 0 => "Only whole numbers are possible here.".to_owned(),
        NumberFault::TooManyDecimals => format!("At most {digits} decimals are possible here. Round the number."),
        NumberFault::TooLarge => "The number is too large. Check its separators.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{is_spoiled_number, iso_date, read_gtin};

    #[test]
    fn lost_leading_zeros_of_article_codes_are_put_back() {
        let read = |word: &str| read_gtin(word).map(|gtin| gtin.to_string());
        assert_eq!(read("36000291452"), Ok("0036000291452".to_owned()));
        assert_eq!(read("4006381333931.0"), Ok("4006381333931".to_owned()));
        assert!(read("4.00638E+12").expect_err("shortened").contains("shortened"));
        assert!(read("4006381333932").expect_err("check digit").contains("check digit"));
        assert!(read("ABC").is_err() && read("123").is_err());
    }

    #[test]
    fn shortened_article_numbers_are_told_from_real_ones() {
        assert!(is_spoiled_number("1.23E+05") && is_spoiled_number("4,00638E+12"));
        assert!(!is_spoiled_number("1E5") && !is_spoiled_number("ABE+12") && !is_spoiled_number("15056BL"));
    }

    #[test]
    fn only_iso_dates_are_dates() {
        assert_eq!(iso_date("2026-02-28").map(|date| date.to_string()), Some("2026-02-28".to_owned()));
        for text in ["2026-02-29", "28.02.2026", "2026-2-28", "02/28/2026", "2026-02-28T10:00"] {
            assert_eq!(iso_date(text), None, "{text}");
        }
    }
}
