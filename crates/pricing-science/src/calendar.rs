//! Weeks from Monday to Sunday.

const DAYS_PER_WEEK: i64 = 7;
/// Monday, 1970-01-05, counted from the first of January, which was a Thursday.
const FIRST_MONDAY: i64 = 4;

/// The week of a day that is counted from 1970-01-01; week 0 begins on 1970-01-05.
pub const fn week_of(day: i64) -> i64 {
    (day - FIRST_MONDAY).div_euclid(DAYS_PER_WEEK)
}

/// The Monday of a week, counted from 1970-01-01.
pub const fn monday(week: i64) -> i64 {
    FIRST_MONDAY + DAYS_PER_WEEK * week
}

#[cfg(test)]
mod tests {
    use super::{monday, week_of};

    #[test]
    fn weeks_begin_on_mondays_before_and_after_1970() {
        assert_eq!((week_of(4), week_of(10), week_of(11), week_of(3), week_of(-4)), (0, 0, 1, -1, -2));
        assert!((-60..60).all(|week| week_of(monday(week)) == week && week_of(monday(week) + 6) == week));
    }
}
