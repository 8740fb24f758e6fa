//! Typed reading of the cells of one row: each gives a value, nothing when empty, or the reason why not.

use std::borrow::Cow;
use std::cell::RefCell;

use pricing_domain::{BasisPoints, CivilDate, Currency, Gtin, Instant, MOST_ATTRIBUTES, MicroAmount, Problem};

use crate::article_codes::{is_shortened, read_gtin, shortened};
use crate::columns::ColumnMap;
use crate::currency_signs::{is_written_so, split_currency};
use crate::dates::with_iso_day;
use crate::decimals::{NumberFault, NumberRule};
use crate::guards::restore;
use crate::problems::{row_problem, shorten};
use crate::records::{NUMBER_MARK, RawRow};
use crate::row_attributes::{AttributeNames, Room, carried};
use crate::units::pieces_of;
use crate::validity::ValidityTime;

const LONGEST_SKU: usize = 200;
const LONGEST_TEXT: usize = 4_000;
const MOST_CODES: usize = 50;
const LARGEST_MAJOR: i64 = 100_000_000_000;

/// Words for yes, in the languages that spreadsheets and shops write.
pub(crate) const YES: &[&str] =
    &["yes", "true", "1", "y", "ja", "wahr", "j", "oui", "vrai", "sí", "si", "sì", "tak", "x"];
/// Words for no.
pub(crate) const NO: &[&str] = &["no", "false", "0", "n", "nein", "falsch", "non", "faux", "nee", "nie"];

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

/// An attribute that a catalogue has no room for.
fn no_room(name: &str) -> Refusal {
    let reason = format!(
        "The attribute is left out: a catalogue keeps at most {MOST_ATTRIBUTES}, and has them. Leave others out of the file, or \
         map it to a column that you need."
    );
    // No column of ours.
    Refusal { column: usize::MAX, found: name.to_owned(), reason }
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
    /// What was read otherwise than it stands, or left out: the row goes in without it.
    pub(crate) notes: &'a RefCell<Vec<Refusal>>,
    /// The names of free attributes so far.
    pub(crate) names: &'a RefCell<AttributeNames>,
}

/// An amount in minor units and, where the file is finer than those, in millionths of the major unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FineAmount {
    pub(crate) minor: i64,
    pub(crate) micro: Option<i64>,
}

impl<'a> Cells<'a> {
    /// The text of a cell, trimmed and without its guard; `None` when empty.
    pub(crate) fn find(&self, column: impl Into<usize>) -> Option<&'a str> {
        self.text_at(self.map.places[column.into()]?)
    }

    fn text_at(&self, place: usize) -> Option<&'a str> {
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
        let found = shorten(self.find(column).unwrap_or_default());
        Refusal { column: column.into(), found, reason: reason.into() }
    }

    /// Reports what stands in a column without refusing the row.
    pub(crate) fn note(&self, column: impl Into<usize> + Copy, reason: impl Into<String>) {
        self.notes.borrow_mut().push(self.refuse(column, reason));
    }

    /// The article number, which must be there.
    pub(crate) fn sku(&self, column: impl Into<usize> + Copy) -> Result<String, Refusal> {
        let text = self.get(column)?;
        if text.len() > LONGEST_SKU {
            return Err(self.refuse(column, format!("An article number has at most {LONGEST_SKU} characters.")));
        }
        if is_shortened(text) {
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

    /// The free attributes that the row states, by name.
    pub(crate) fn attributes(&self) -> Result<Vec<(String, String)>, Refusal> {
        let mut stated = Vec::new();
        for (number, attribute) in self.map.attributes.iter().enumerate() {
            let Some(text) = self.text_at(attribute.place) else { continue };
            if text.len() > LONGEST_TEXT {
                let reason = format!("The text is longer than {LONGEST_TEXT} bytes. Shorten it.");
                return Err(Refusal { column: self.map.specs.len() + number, found: shorten(text), reason });
            }
            stated.push((attribute.name.clone(), text.to_owned()));
        }
        for (name, text) in self.map.pairs.iter().flat_map(|place| carried(self.row.cell(*place))) {
            if stated.iter().any(|(known, _)| known == name) {
                continue;
            }
            match self.names.borrow_mut().room_for(name) {
                Room::Taken => stated.push((name.to_owned(), text.to_owned())),
                Room::Told => self.notes.borrow_mut().push(no_room(name)),
                Room::Full => {}
            }
        }
        Ok(stated)
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
        let lower = text.to_lowercase();
        match lower.as_str() {
            word if YES.contains(&word) => Ok(Some(true)),
            word if NO.contains(&word) => Ok(Some(false)),
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
        self.find(column).map(|text| self.read_number(column, text, (digits, range))).transpose()
    }

    /// An amount scaled by 10^`digits`; its currency may stand beside it, but must be the row's.
    fn amount(
        &self,
        column: impl Into<usize> + Copy,
        (digits, range): (u8, Range),
        currency: Currency,
    ) -> Result<Option<i64>, Refusal> {
        let Some(text) = self.find(column) else { return Ok(None) };
        let (number, word) = split_currency(text);
        if let Some(word) = word.filter(|word| !is_written_so(currency, word)) {
            let reason = format!(
                "This amount is in {word}, the row's prices are in {currency}. Give all amounts of a row in one currency."
            );
            return Err(self.refuse(column, reason));
        }
        self.read_number(column, number, (digits, range)).map(Some)
    }

    fn read_number(
        &self,
        column: impl Into<usize> + Copy,
        text: &str,
        (digits, range): (u8, Range),
    ) -> Result<i64, Refusal> {
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
            _ => Ok(value),
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
        self.amount(column, (currency.minor_digits(), Range::Positive), currency)
    }

    /// An amount above zero that must be there.
    pub(crate) fn needed_price(&self, column: impl Into<usize> + Copy, currency: Currency) -> Result<i64, Refusal> {
        self.refuse_zero_price(column)?;
        self.price(column, currency)?.ok_or_else(|| self.missing(column))
    }

    pub(crate) fn refuse_zero_price(&self, column: impl Into<usize> + Copy) -> Result<(), Refusal> {
        if self.find(column).is_some_and(|text| is_zero(split_currency(text).0)) {
            return Err(self.refuse(column, "A price of zero sets no price. Leave the row out, or write the price."));
        }
        Ok(())
    }

    /// An amount above zero of a row with or without VAT: shops keep net prices to six digits, since the price with
    /// VAT is the round one.
    pub(crate) fn fine_price(
        &self,
        column: impl Into<usize> + Copy,
        currency: Currency,
        is_net: bool,
    ) -> Result<Option<FineAmount>, Refusal> {
        if !is_net {
            return Ok(self.price(column, currency)?.map(|minor| FineAmount { minor, micro: None }));
        }
        let Some(micro) = self.amount(column, (6, Range::Positive), currency)? else { return Ok(None) };
        let scale = 10i64.pow(u32::from(6 - currency.minor_digits()));
        let minor = (micro + scale / 2).div_euclid(scale);
        if minor == 0 {
            return Err(self.refuse(column, "The amount is below the smallest coin of its currency."));
        }
        Ok(Some(FineAmount { minor, micro: (micro % scale != 0).then_some(micro) }))
    }

    /// An amount from zero up in minor units.
    pub(crate) fn surcharge(
        &self,
        column: impl Into<usize> + Copy,
        currency: Currency,
    ) -> Result<Option<i64>, Refusal> {
        self.amount(column, (currency.minor_digits(), Range::NotNegative), currency)
    }

    /// An amount at 10⁻⁶ of the major unit.
    pub(crate) fn micro(&self, column: impl Into<usize> + Copy, range: Range) -> Result<Option<MicroAmount>, Refusal> {
        Ok(self.number(column, 6, range)?.map(MicroAmount))
    }

    /// A cost above zero: a cost of zero would let every margin floor fall away.
    pub(crate) fn cost(
        &self,
        column: impl Into<usize> + Copy,
        currency: Currency,
    ) -> Result<Option<MicroAmount>, Refusal> {
        if self.find(column).is_some_and(|text| is_zero(split_currency(text).0)) {
            let reason =
                "A cost of zero would let the margin floor fall away. Leave the cell empty where it is not known.";
            return Err(self.refuse(column, reason));
        }
        Ok(self.amount(column, (6, Range::Positive), currency)?.map(MicroAmount))
    }

    /// How many pieces an amount is for. Refused where the unit is no number of pieces.
    pub(crate) fn pieces(&self, column: impl Into<usize> + Copy) -> Result<i64, Refusal> {
        let Some(text) = self.find(column) else { return Ok(1) };
        pieces_of(text).ok_or_else(|| {
            let reason = "Amounts are for one piece, and how many pieces this unit is cannot be told. Write “case of 12”, \
                          or the amount of one piece and no unit.";
            self.refuse(column, reason)
        })
    }

    /// An amount for so many pieces as that of one, where it can be divided without a rest.
    pub(crate) fn of_one(&self, column: impl Into<usize> + Copy, amount: i64, pieces: i64) -> Result<i64, Refusal> {
        if amount % pieces != 0 {
            let reason = format!("This amount for {pieces} pieces cannot be divided exactly. Write that of one piece.");
            return Err(self.refuse(column, reason));
        }
        Ok(amount / pieces)
    }

    /// Whole items; a part of one is no item that can be sold, so that it is rounded down and reported.
    pub(crate) fn items(&self, column: impl Into<usize> + Copy) -> Result<Option<i64>, Refusal> {
        const DIGITS: u8 = 6;
        let Some(value) = self.number(column, DIGITS, Range::Signed)? else { return Ok(None) };
        let scale = 10i64.pow(u32::from(DIGITS));
        let whole = value.div_euclid(scale);
        if value % scale != 0 {
            self.note(column, format!("Only whole items are counted: read as {whole}."));
        }
        Ok(Some(whole))
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
        let Some(text) = self.iso_text(column) else { return Ok(None) };
        let reason = "This is not a date. Write year, month and day: 2026-11-01.";
        iso_date(&text).map(Some).ok_or_else(|| self.refuse(column, reason))
    }

    /// The text of a date or moment, with its day as `2026-11-01`.
    fn iso_text(&self, column: impl Into<usize> + Copy) -> Option<Cow<'a, str>> {
        self.find(column).map(|text| with_iso_day(text, self.map.dates[column.into()]))
    }

    /// A moment with a time of day; without an offset it is UTC.
    pub(crate) fn instant(&self, column: impl Into<usize> + Copy) -> Result<Instant, Refusal> {
        let text = self.iso_text(column).ok_or_else(|| self.missing(column))?;
        let reason = "This is not a moment. Write it in UTC as 2026-11-01T08:30:00Z.";
        match ValidityTime::parse_start(&text) {
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
        let Some(text) = self.iso_text(column) else { return Ok(None) };
        let reason = "This is neither a date nor a moment. Write 2026-11-01 or 2026-11-01T08:30.";
        parse(&text).map(Some).ok_or_else(|| self.refuse(column, reason))
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

    /// Several article codes, separated by blanks. One that cannot be read is reported, and the row goes in without it.
    pub(crate) fn gtins(&self, column: impl Into<usize> + Copy) -> Result<Vec<Gtin>, Refusal> {
        let Some(text) = self.find(column) else { return Ok(Vec::new()) };
        let mut gtins = Vec::new();
        // A comma stands between codes, but also in a number that was shortened.
        let parts = text.split(|letter: char| letter.is_whitespace() || matches!(letter, ';' | '|'));
        let words = parts.flat_map(|part| if is_shortened(part) { vec![part] } else { part.split(',').collect() });
        for (number, word) in words.filter(|word| !word.is_empty()).enumerate() {
            if number == MOST_CODES {
                let reason =
                    format!("A product has at most {MOST_CODES} article codes. The row is read with the first ones.");
                self.note(column, reason);
                break;
            }
            match if is_shortened(word) { Err(shortened(word)) } else { read_gtin(word) } {
                Ok(gtin) if !gtins.contains(&gtin) => gtins.push(gtin),
                Ok(_) => {}
                Err(reason) => self.note(column, format!("{reason} The row is read without this code.")),
            }
        }
        Ok(gtins)
    }
}

fn is_zero(text: &str) -> bool {
    text.contains('0') && text.chars().all(|letter| matches!(letter, '0' | '.' | ','))
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
        NumberFault::NotNumber => "This is not a number. Write digits only, without units or words.".to_owned(),
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
    use super::iso_date;

    #[test]
    fn only_iso_dates_are_dates() {
        assert_eq!(iso_date("2026-02-28").map(|date| date.to_string()), Some("2026-02-28".to_owned()));
        for text in ["2026-02-29", "28.02.2026", "2026-2-28", "02/28/2026", "2026-02-28T10:00"] {
            assert_eq!(iso_date(text), None, "{text}");
        }
    }
}
