//! Numbers with a dot or a comma before the decimals: what a whole column proves, and exact reading by it.
//!
//! `12.50` proves the dot and `12,50` the comma; `1.234` fits both and proves nothing. A column is read by what is
//! declared for the file or proven by all its cells, never by the single cell.

use pricing_domain::parse_scaled;

/// How the numbers of one column are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct NumberRule {
    /// Before the decimals; `None` while the column has whole numbers only.
    pub(crate) decimal: Option<char>,
    /// Whether a single group such as `1.234` counts as thousands.
    pub(crate) lone_groups: bool,
    /// Whether cells of the column contradict each other, so that what fits both readings is refused.
    pub(crate) contested: bool,
}

/// Why a text is not read as a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NumberFault {
    NotNumber,
    Scientific,
    OtherSeparator,
    Ambiguous,
    TooManyDecimals,
    TooLarge,
}

/// What one cell says about the column it stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    /// Digits only, or in groups by blanks or apostrophes.
    Whole,
    /// Can only be read with this decimal separator.
    Proof {
        decimal: char,
        grouped: bool,
    },
    /// One separator with three digits behind it: decimals or thousands.
    Either {
        separator: char,
    },
    NotNumber,
}

/// What the cells of one column have said so far.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Evidence {
    dots: u64,
    commas: u64,
    grouped: bool,
    first_dot: u64,
    first_comma: u64,
    first_either: u64,
}

/// What a whole column proves.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Proven(NumberRule),
    /// Every cell with a separator fits both readings; the first line with one.
    FitsBoth {
        line: u64,
    },
    /// As many cells prove the dot as the comma; the first line of each.
    Contradiction {
        dot_line: u64,
        comma_line: u64,
    },
}

impl Evidence {
    pub(crate) fn look_at(&mut self, text: &str, line: u64) {
        match shape(number_part(text)) {
            Shape::Proof { decimal: '.', grouped } => {
                self.dots += 1;
                self.grouped |= grouped;
                note_first(&mut self.first_dot, line);
            }
            Shape::Proof { grouped, .. } => {
                self.commas += 1;
                self.grouped |= grouped;
                note_first(&mut self.first_comma, line);
            }
            Shape::Either { .. } => note_first(&mut self.first_either, line),
            Shape::Whole | Shape::NotNumber => {}
        }
    }

    /// The majority decides; where there is a minority its rows are refused later, and so is what fits both.
    pub(crate) fn verdict(&self) -> Verdict {
        let decimal = match self.dots.cmp(&self.commas) {
            std::cmp::Ordering::Greater => Some('.'),
            std::cmp::Ordering::Less => Some(','),
            std::cmp::Ordering::Equal if self.dots > 0 => {
                return Verdict::Contradiction { dot_line: self.first_dot, comma_line: self.first_comma };
            }
            std::cmp::Ordering::Equal if self.first_either > 0 => {
                return Verdict::FitsBoth { line: self.first_either };
            }
            std::cmp::Ordering::Equal => None,
        };
        Verdict::Proven(NumberRule { decimal, lone_groups: self.grouped, contested: self.dots > 0 && self.commas > 0 })
    }
}

fn note_first(first: &mut u64, line: u64) {
    if *first == 0 {
        *first = line;
    }
}

impl NumberRule {
    /// The rule where the separator is declared for the file.
    pub(crate) const fn declared(decimal: char) -> Self {
        Self { decimal: Some(decimal), lone_groups: true, contested: false }
    }

    /// The rule for numbers that a program wrote: a dot and no groups.
    pub(crate) const PROGRAM: Self = Self { decimal: Some('.'), lone_groups: false, contested: false };

    /// Reads a number as an integer scaled by 10^`digits`. Nothing is rounded.
    pub(crate) fn read(self, text: &str, digits: u8) -> Result<i64, NumberFault> {
        if !self.contested
            && let Some(value) = read_simple(text.as_bytes(), self.decimal, digits)
        {
            return Ok(value);
        }
        let text = number_part(text);
        let plain = self.plain_text(text)?;
        parse_scaled(&plain, digits).ok_or_else(|| {
            let decimals = plain.split_once('.').map_or(0, |(_, after)| after.trim_end_matches('0').len());
            if decimals > usize::from(digits) { NumberFault::TooManyDecimals } else { NumberFault::TooLarge }
        })
    }

    fn plain_text(self, text: &str) -> Result<String, NumberFault> {
        let keep = match shape(text) {
            Shape::NotNumber if is_scientific(text) => return Err(NumberFault::Scientific),
            Shape::NotNumber => return Err(NumberFault::NotNumber),
            Shape::Either { .. } if self.contested => return Err(NumberFault::Ambiguous),
            Shape::Either { separator } if self.decimal == Some(separator) => Some(separator),
            Shape::Either { .. } if self.lone_groups => None,
            Shape::Either { .. } => return Err(NumberFault::Ambiguous),
            Shape::Proof { decimal, .. } if self.decimal == Some(decimal) => Some(decimal),
            Shape::Proof { .. } => return Err(NumberFault::OtherSeparator),
            Shape::Whole => None,
        };
        Ok(text
            .chars()
            .filter_map(|character| match character {
                '0'..='9' | '-' | '+' => Some(character),
                '−' => Some('-'),
                _ if Some(character) == keep => Some('.'),
                _ => None,
            })
            .collect())
    }
}

/// Digits with at most one decimal separator: nearly every cell, read in one pass. `None` where it is anything else.
fn read_simple(text: &[u8], decimal: Option<char>, digits: u8) -> Option<i64> {
    const MOST_DIGITS: usize = 17;
    let (before, separator, after) = simple_parts(text)?;
    if before + after > MOST_DIGITS || after > usize::from(digits) || (separator.is_some() && separator != decimal) {
        return None;
    }
    let value =
        text.iter().filter(|byte| byte.is_ascii_digit()).fold(0, |value, byte| value * 10 + i64::from(byte - b'0'));
    value.checked_mul(10i64.pow(u32::from(digits) - after as u32))
}

/// Digits before the separator, the separator, digits after it; `None` unless the text is just that.
fn simple_parts(text: &[u8]) -> Option<(usize, Option<char>, usize)> {
    let mut separator = None;
    let mut before = 0;
    for (place, byte) in text.iter().enumerate() {
        match byte {
            b'0'..=b'9' => {}
            b'.' | b',' if separator.is_none() => {
                separator = Some(char::from(*byte));
                before = place;
            }
            _ => return None,
        }
    }
    match separator {
        None => (!text.is_empty()).then_some((text.len(), None, 0)),
        Some(_) => (text.len() > 1).then(|| (before, separator, text.len() - before - 1)),
    }
}

/// The text without blanks and a percent sign behind it.
fn number_part(text: &str) -> &str {
    let text = text.trim();
    text.strip_suffix('%').map_or(text, str::trim_end)
}

fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else { return false };
    let exponent = exponent.trim_start_matches(['+', '-']);
    let digits_and = |text: &str, more: &[char]| {
        !text.is_empty() && text.chars().all(|character| character.is_ascii_digit() || more.contains(&character))
    };
    digits_and(mantissa.trim_start_matches('-'), &['.', ',']) && digits_and(exponent, &[])
}

fn shape(text: &str) -> Shape {
    match simple_parts(text.as_bytes()) {
        Some((_, None, _)) => return Shape::Whole,
        Some((1..=3, Some(separator), 3)) if !text.starts_with('0') => return Shape::Either { separator },
        Some((_, Some(decimal), _)) => return Shape::Proof { decimal, grouped: false },
        None => {}
    }
    let unsigned = text.strip_prefix(['-', '+', '−']).unwrap_or(text);
    let dots = memchr::memchr_iter(b'.', unsigned.as_bytes()).count();
    let commas = memchr::memchr_iter(b',', unsigned.as_bytes()).count();
    match (dots, commas) {
        (0, 0) if is_whole(unsigned) => Shape::Whole,
        (0, 0) => Shape::NotNumber,
        (1, 0) => one_separator(unsigned, '.'),
        (0, 1) => one_separator(unsigned, ','),
        (_, 0) if is_grouped(unsigned, '.') => Shape::Proof { decimal: ',', grouped: true },
        (0, _) if is_grouped(unsigned, ',') => Shape::Proof { decimal: '.', grouped: true },
        (_, 1) => two_separators(unsigned, '.', ','),
        (1, _) => two_separators(unsigned, ',', '.'),
        _ => Shape::NotNumber,
    }
}

/// One separator once: `12.50`, `.5`, `1 234,5`, or a lone group `1.234`.
fn one_separator(unsigned: &str, separator: char) -> Shape {
    let (before, after) = unsigned.split_once(separator).unwrap_or((unsigned, ""));
    if !(before.is_empty() || is_whole(before)) || !all_digits(after) || (before.is_empty() && after.is_empty()) {
        return Shape::NotNumber;
    }
    let could_be_group =
        after.len() == 3 && (1..=3).contains(&before.len()) && !before.starts_with('0') && all_digits(before);
    if could_be_group { Shape::Either { separator } } else { Shape::Proof { decimal: separator, grouped: false } }
}

/// Both separators, the decimal one once and last: `1.234,56`.
fn two_separators(unsigned: &str, group: char, decimal: char) -> Shape {
    match unsigned.split_once(decimal) {
        Some((before, after)) if all_digits(after) && is_grouped(before, group) => {
            Shape::Proof { decimal, grouped: true }
        }
        // `1,234.56` with one comma is seen here first as comma-decimal; turn it round.
        _ if unsigned.matches(group).count() == 1 => match unsigned.split_once(group) {
            Some((before, after)) if all_digits(after) && is_grouped(before, decimal) => {
                Shape::Proof { decimal: group, grouped: true }
            }
            _ => Shape::NotNumber,
        },
        _ => Shape::NotNumber,
    }
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Digits, or groups of three by one kind of blank or apostrophe.
fn is_whole(text: &str) -> bool {
    if all_digits(text) {
        return !text.is_empty();
    }
    [' ', '\u{a0}', '\u{202f}', '\'', '’'].into_iter().any(|separator| is_grouped(text, separator))
}

/// One to three digits, then groups of exactly three; at least two groups.
fn is_grouped(text: &str, separator: char) -> bool {
    let mut groups = text.split(separator);
    let first = groups.next().unwrap_or_default();
    let mut further = 0;
    (1..=3).contains(&first.len())
        && all_digits(first)
        && !first.starts_with('0')
        && groups.all(|group| {
            further += 1;
            group.len() == 3 && all_digits(group)
        })
        && further > 0
}

#[cfg(test)]
mod tests {
    use super::{Evidence, NumberFault, NumberRule, Verdict};

    fn verdict(cells: &[&str]) -> Verdict {
        let mut evidence = Evidence::default();
        for (line, cell) in (2..).zip(cells) {
            evidence.look_at(cell, line);
        }
        evidence.verdict()
    }

    fn rule(cells: &[&str]) -> NumberRule {
        match verdict(cells) {
            Verdict::Proven(rule) => rule,
            other => panic!("{cells:?} gives {other:?}"),
        }
    }

    #[test]
    fn a_column_proves_its_separator() {
        for (cells, decimal) in [
            (&["12.50", "1.234"][..], Some('.')),
            (&["1.234", "12,5"], Some(',')),
            (&["1.234.567"], Some(',')),
            (&["1,234.56"], Some('.')),
            (&["1.234,56"], Some(',')),
            (&["0.125"], Some('.')),
            (&["1234,567"], Some(',')),
            (&["7", "1 200"], None),
        ] {
            assert_eq!(rule(cells).decimal, decimal, "{cells:?}");
        }
    }

    #[test]
    fn a_column_that_fits_both_or_contradicts_itself_is_asked_about() {
        assert_eq!(verdict(&["3", "3.350", "12.000"]), Verdict::FitsBoth { line: 3 });
        assert_eq!(verdict(&["3.50", "3,50"]), Verdict::Contradiction { dot_line: 2, comma_line: 3 });
    }

    #[test]
    fn numbers_are_read_by_the_rule_of_their_column() {
        let dot = rule(&["12.50"]);
        assert_eq!(dot.read("3.350", 2), Ok(335));
        assert_eq!(dot.read("12,50", 2), Err(NumberFault::OtherSeparator));
        assert_eq!(dot.read("1,234", 2), Err(NumberFault::Ambiguous));
        assert_eq!(dot.read("0.005", 2), Err(NumberFault::TooManyDecimals));
        assert_eq!(dot.read("4.0E+12", 2), Err(NumberFault::Scientific));
        assert_eq!(dot.read("12.50 EUR", 2), Err(NumberFault::NotNumber));
        assert_eq!(dot.read("99999999999999999999", 2), Err(NumberFault::TooLarge));
        let comma = rule(&["1.234,56"]);
        assert_eq!(comma.read("1.234", 2), Ok(123_400));
        assert_eq!(comma.read("−1 234,5", 2), Ok(-123_450));
        assert_eq!(comma.read("19 %", 2), Ok(1_900));
        assert_eq!(NumberRule::declared('.').read("1,234", 2), Ok(123_400));
        assert_eq!(NumberRule::declared(',').read("3,350", 2), Ok(335));
    }

    #[test]
    fn in_a_contested_column_only_what_speaks_for_itself_is_read() {
        let contested = rule(&["12.50", "13.50", "14,50"]);
        assert_eq!(contested.read("12.50", 2), Ok(1250));
        assert_eq!(contested.read("14,50", 2), Err(NumberFault::OtherSeparator));
        assert_eq!(contested.read("1.234", 3), Err(NumberFault::Ambiguous));
        assert_eq!(contested.read("1234", 2), Ok(123_400));
    }
}
