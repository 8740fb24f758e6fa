//! Days as files write them: `2026-11-01`, `01.11.2026`, `11/30/2026`. Which part is the day is declared, or proven by
//! the whole column, never by the single cell; a dot between the parts always means that the day stands first.

use std::borrow::Cow;

use pricing_domain::DateOrder;

/// What the cells of one column have said so far: the first line of each sort.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct DateEvidence {
    day_first: u64,
    month_first: u64,
    either: u64,
}

/// What a whole column proves.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum DateVerdict {
    Proven(DateOrder),
    /// No cell needs an order.
    Plain,
    /// Every cell fits both orders; the first line with one.
    FitsBoth {
        line: u64,
    },
    /// The first line of each order.
    Contradiction {
        day_line: u64,
        month_line: u64,
    },
}

impl DateEvidence {
    pub(crate) fn look_at(&mut self, text: &str, line: u64) {
        let Some(parts) = parts_of(text).filter(|parts| parts.first.len() <= 2) else { return };
        let number = |text: &str| text.parse::<u32>().unwrap_or(0);
        let (first, second) = (number(parts.first), number(parts.second));
        let seen = match (parts.separator, first > 12, second > 12) {
            ('.', ..) | (_, true, false) => &mut self.day_first,
            (_, false, true) => &mut self.month_first,
            (_, false, false) => &mut self.either,
            // No month has such a number: it is no date, and tells nothing.
            (_, true, true) => return,
        };
        if *seen == 0 {
            *seen = line;
        }
    }

    pub(crate) fn verdict(&self) -> DateVerdict {
        match (self.day_first, self.month_first, self.either) {
            (0, 0, 0) => DateVerdict::Plain,
            (0, 0, line) => DateVerdict::FitsBoth { line },
            (_, 0, _) => DateVerdict::Proven(DateOrder::DayFirst),
            (0, _, _) => DateVerdict::Proven(DateOrder::MonthFirst),
            (day_line, month_line, _) => DateVerdict::Contradiction { day_line, month_line },
        }
    }
}

/// The text with its day as `2026-11-01`, whatever follows the day; unchanged where it is no day.
pub(crate) fn with_iso_day(text: &str, order: Option<DateOrder>) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    if bytes.len() >= 10 && bytes[4] == b'-' && bytes[7] == b'-' {
        return Cow::Borrowed(text);
    }
    let Some(parts) = parts_of(text) else { return Cow::Borrowed(text) };
    let (year, month, day) = match order {
        _ if parts.first.len() == 4 => (parts.first, parts.second, parts.third),
        _ if parts.separator == '.' => (parts.third, parts.second, parts.first),
        Some(DateOrder::DayFirst) => (parts.third, parts.second, parts.first),
        Some(DateOrder::MonthFirst) => (parts.third, parts.first, parts.second),
        None => return Cow::Borrowed(text),
    };
    let century = if year.len() == 2 { "20" } else { "" };
    Cow::Owned(format!("{century}{year}-{month:0>2}-{day:0>2}{}", parts.rest))
}

struct Parts<'a> {
    first: &'a str,
    second: &'a str,
    third: &'a str,
    separator: char,
    rest: &'a str,
}

/// Three numbers with the same separator between them, one of them a year.
fn parts_of(text: &str) -> Option<Parts<'_>> {
    let text = text.trim();
    let end = text.find([' ', 'T']).unwrap_or(text.len());
    let (day, rest) = text.split_at(end);
    let separator = day.chars().find(|letter| matches!(letter, '.' | '/' | '-'))?;
    let mut numbers = day.split(separator);
    let (first, second, third) = (numbers.next()?, numbers.next()?, numbers.next()?);
    let digits = |text: &str, most: usize| {
        !text.is_empty() && text.len() <= most && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let year_first = first.len() == 4 && digits(first, 4) && digits(second, 2) && digits(third, 2);
    let year_last = digits(first, 2) && digits(second, 2) && matches!(third.len(), 2 | 4) && digits(third, 4);
    (numbers.next().is_none() && (year_first || year_last)).then_some(Parts { first, second, third, separator, rest })
}

#[cfg(test)]
mod tests {
    use pricing_domain::DateOrder;

    use super::{DateEvidence, DateVerdict, with_iso_day};

    fn verdict(cells: &[&str]) -> DateVerdict {
        let mut evidence = DateEvidence::default();
        for (line, cell) in (2..).zip(cells) {
            evidence.look_at(cell, line);
        }
        evidence.verdict()
    }

    #[test]
    fn a_column_proves_which_part_is_the_day() {
        assert_eq!(verdict(&["03/04/2026", "30/04/2026"]), DateVerdict::Proven(DateOrder::DayFirst));
        assert_eq!(verdict(&["03/04/2026", "4/30/26"]), DateVerdict::Proven(DateOrder::MonthFirst));
        assert_eq!(verdict(&["1.2.2026"]), DateVerdict::Proven(DateOrder::DayFirst));
        assert_eq!(verdict(&["2026-02-01", "n/a", "2026/02/01"]), DateVerdict::Plain);
        assert_eq!(verdict(&["31/31/2026", "03/04/2026"]), DateVerdict::FitsBoth { line: 3 });
        assert_eq!(verdict(&["30/04/2026", "04/30/2026"]), DateVerdict::Contradiction { day_line: 2, month_line: 3 });
    }

    #[test]
    fn days_are_read_by_the_order_of_their_column() {
        let (day, month) = (Some(DateOrder::DayFirst), Some(DateOrder::MonthFirst));
        for (text, order, expected) in [
            ("01.11.2026", None, "2026-11-01"),
            ("1/11/26", day, "2026-11-01"),
            ("12/1/2026 8:30", month, "2026-12-01 8:30"),
            ("2026/11/01", None, "2026-11-01"),
            ("2026-11-01T08:30Z", day, "2026-11-01T08:30Z"),
            ("03/04/2026", None, "03/04/2026"),
            ("1.2.3.4", day, "1.2.3.4"),
        ] {
            assert_eq!(with_iso_day(text, order), expected, "{text}");
        }
    }
}
