//! Stretches of the calendar as they are named: “this month”, “last Friday”, “in October”, “Q3”, “since Monday”. Which days
//! they are is told by the day on which they are said.

use pricing_domain::{CivilDate, Instant};
use serde::{Deserialize, Serialize};

/// A unit of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PeriodUnit {
    /// A day.
    Day,
    /// A week from Monday.
    Week,
    /// A month.
    Month,
    /// A quarter.
    Quarter,
    /// A year.
    Year,
}

/// A piece of the calendar with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CalendarPart {
    /// A unit so many back: 0 is the one that runs, 1 the one before.
    Unit {
        /// Which.
        unit: PeriodUnit,
        /// How many back.
        back: u32,
    },
    /// The newest day of this name that is over; Monday is 1.
    Weekday(i8),
    /// A month from 1; without a year, the newest one that has begun.
    Month(i8, Option<i16>),
    /// A quarter from 1; without a year, the newest one that has begun.
    Quarter(i8, Option<i16>),
    /// A year.
    Year(i16),
    /// A day of a month; without a year, the newest one that has come.
    Date(i8, i8, Option<i16>),
}

/// A stretch of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    /// The whole of one.
    Of(CalendarPart),
    /// From the beginning of one to the end of another.
    Between(CalendarPart, CalendarPart),
    /// From the beginning of one until today.
    Since(CalendarPart),
}

fn plus(day: CivilDate, days: i64) -> CivilDate {
    Instant::at_utc_midnight(day).plus_days(days).utc_date()
}

fn month_back(first: CivilDate, months: u32) -> Option<CivilDate> {
    let number = i32::from(first.year()) * 12 + i32::from(first.month()) - 1 - i32::try_from(months).ok()?;
    let (year, month) = (number.div_euclid(12), number.rem_euclid(12) + 1);
    CivilDate::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, 1).ok()
}

/// The first and the last day of some months.
fn months(first: CivilDate, count: u32) -> Option<(CivilDate, CivilDate)> {
    let number = i32::from(first.year()) * 12 + i32::from(first.month()) - 1 + i32::try_from(count).ok()?;
    let (year, month) = (number.div_euclid(12), number.rem_euclid(12) + 1);
    let after = CivilDate::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, 1).ok()?;
    Some((first, plus(after, -1)))
}

impl CalendarPart {
    /// Its first and last day, seen from a day; `None`: there is no such day.
    pub fn days(self, today: CivilDate) -> Option<(CivilDate, CivilDate)> {
        let newest = |year: Option<i16>, first: &dyn Fn(i16) -> Option<CivilDate>| match year {
            Some(year) => first(year),
            None => first(today.year()).filter(|first| *first <= today).or_else(|| first(today.year() - 1)),
        };
        match self {
            Self::Unit { unit, back } => {
                let this_month = today.first_of_month();
                match unit {
                    PeriodUnit::Day => {
                        let day = plus(today, -i64::from(back));
                        Some((day, day))
                    }
                    PeriodUnit::Week => {
                        let monday = i64::from(today.weekday().to_monday_zero_offset());
                        let first = plus(today, -monday - 7 * i64::from(back));
                        Some((first, plus(first, 6)))
                    }
                    PeriodUnit::Month => months(month_back(this_month, back)?, 1),
                    PeriodUnit::Quarter => {
                        let into = u32::from((today.month() - 1).unsigned_abs() % 3);
                        months(month_back(this_month, into + 3 * back)?, 3)
                    }
                    PeriodUnit::Year => {
                        let year = today.year().checked_sub(i16::try_from(back).ok()?)?;
                        months(CivilDate::new(year, 1, 1).ok()?, 12)
                    }
                }
            }
            Self::Weekday(wanted) => {
                let now = i64::from(today.weekday().to_monday_one_offset());
                let back = (now - i64::from(wanted)).rem_euclid(7);
                let day = plus(today, -if back == 0 { 7 } else { back });
                Some((day, day))
            }
            Self::Month(month, year) => months(newest(year, &|year| CivilDate::new(year, month, 1).ok())?, 1),
            Self::Quarter(quarter, year) => {
                months(newest(year, &|year| CivilDate::new(year, quarter * 3 - 2, 1).ok())?, 3)
            }
            Self::Year(year) => months(CivilDate::new(year, 1, 1).ok()?, 12),
            Self::Date(day, month, year) => {
                let day = newest(year, &|year| CivilDate::new(year, month, day).ok())?;
                Some((day, day))
            }
        }
    }
}

impl Period {
    /// Its first and last day that are not to come; `None`: all of it is, or there is no such day.
    pub fn days(self, today: CivilDate) -> Option<(CivilDate, CivilDate)> {
        let (first, last) = match self {
            Self::Of(part) => part.days(today)?,
            Self::Since(part) => (part.days(today)?.0, today),
            Self::Between(begin, end) => {
                let last = end.days(today)?.1;
                // “From November to January” begins before it ends.
                let first = begin.days(last.min(today))?.0;
                (first, last)
            }
        };
        let last = last.min(today);
        (first <= last).then_some((first, last))
    }
}

#[cfg(test)]
mod tests {
    use super::{CalendarPart as Part, Period, PeriodUnit as Unit};
    use pricing_domain::CivilDate;

    fn day(text: &str) -> CivilDate {
        text.parse().expect("a day")
    }

    #[test]
    fn parts_of_the_calendar_are_those_of_the_day_they_are_said_on() {
        // A Friday.
        let today = day("2026-11-27");
        let unit = |unit, back| Period::Of(Part::Unit { unit, back });
        for (period, first, last) in [
            (unit(Unit::Day, 1), "2026-11-26", "2026-11-26"),
            (unit(Unit::Week, 0), "2026-11-23", "2026-11-27"),
            (unit(Unit::Week, 1), "2026-11-16", "2026-11-22"),
            (unit(Unit::Month, 0), "2026-11-01", "2026-11-27"),
            (unit(Unit::Month, 1), "2026-10-01", "2026-10-31"),
            (unit(Unit::Quarter, 1), "2026-07-01", "2026-09-30"),
            (unit(Unit::Year, 1), "2025-01-01", "2025-12-31"),
            (Period::Of(Part::Weekday(5)), "2026-11-20", "2026-11-20"),
            (Period::Since(Part::Weekday(1)), "2026-11-23", "2026-11-27"),
            (Period::Of(Part::Month(10, None)), "2026-10-01", "2026-10-31"),
            (Period::Of(Part::Month(12, None)), "2025-12-01", "2025-12-31"),
            (Period::Of(Part::Quarter(3, None)), "2026-07-01", "2026-09-30"),
            (Period::Of(Part::Quarter(4, Some(2024))), "2024-10-01", "2024-12-31"),
            (Period::Between(Part::Date(1, 10, None), Part::Date(15, 10, None)), "2026-10-01", "2026-10-15"),
            (Period::Between(Part::Month(12, None), Part::Month(2, None)), "2025-12-01", "2026-02-28"),
        ] {
            assert_eq!(period.days(today), Some((day(first), day(last))), "{period:?}");
        }
        assert_eq!(Period::Of(Part::Date(30, 2, None)).days(today), None);
        assert_eq!(Period::Of(Part::Year(2027)).days(today), None);
    }
}
