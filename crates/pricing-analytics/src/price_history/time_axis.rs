//! The horizontal axis: as many clock times, days, months or years as fit side by side.

use pricing_domain::{CivilDate, Instant, MICROSECONDS_PER_DAY};

use super::dates::{self, MINUTE};
use super::plot::Plot;
use crate::canvas::{FONT_SIZE, UNITS, to_units};
use crate::text::text_width;

/// A tick with its words; coordinates in units.
pub(super) struct TimeTick {
    pub(super) x: i32,
    /// Middle of the words; beside `x` only at the ends of the picture.
    pub(super) text_x: i32,
    pub(super) text: String,
    half_width: i32,
}

/// The distance between ticks.
#[derive(Clone, Copy)]
enum Step {
    Minutes(i64),
    Days(i64),
    Months(i32),
}

const STEPS: [Step; 27] = [
    Step::Minutes(1),
    Step::Minutes(5),
    Step::Minutes(15),
    Step::Minutes(30),
    Step::Minutes(60),
    Step::Minutes(120),
    Step::Minutes(180),
    Step::Minutes(360),
    Step::Minutes(720),
    Step::Days(1),
    Step::Days(2),
    Step::Days(4),
    Step::Days(7),
    Step::Days(14),
    Step::Months(1),
    Step::Months(2),
    Step::Months(3),
    Step::Months(6),
    Step::Months(12),
    Step::Months(24),
    Step::Months(60),
    Step::Months(120),
    Step::Months(240),
    Step::Months(600),
    Step::Months(1200),
    Step::Months(6000),
    Step::Months(24_000),
];

/// Pixels from one tick to the next, at least.
const LEAST_DISTANCE: i64 = 56;
/// Units between the words of neighbours, at least.
const LEAST_GAP: i32 = 12 * UNITS;

/// The finest ticks whose words fit. A period shorter than any step has one tick at its beginning.
pub(super) fn choose(plot: &Plot, from: Instant, to: Instant) -> Vec<TimeTick> {
    let room = i64::from((plot.right - plot.left) / UNITS) / LEAST_DISTANCE;
    let coarse = STEPS.into_iter().filter(|step| (to.0 - from.0) / step.microseconds() <= room.max(1));
    for step in coarse {
        let ticks = ticks(plot, step, from, to);
        if ticks.is_empty() {
            break;
        }
        if ticks.windows(2).all(|pair| pair[0].end() + LEAST_GAP <= pair[1].start()) {
            return ticks;
        }
    }
    vec![TimeTick::new(plot, from, dates::relative_to(from, to))]
}

impl TimeTick {
    fn new(plot: &Plot, at: Instant, text: String) -> Self {
        let half_width = to_units(text_width(&text, f64::from(FONT_SIZE)) / 2.0);
        let x = plot.x(at);
        let margin = half_width + UNITS;
        Self { x, text_x: x.max(margin).min(plot.width - margin), text, half_width }
    }

    fn start(&self) -> i32 {
        self.text_x - self.half_width
    }

    fn end(&self) -> i32 {
        self.text_x + self.half_width
    }
}

impl Step {
    /// Its shortest length.
    fn microseconds(self) -> i64 {
        match self {
            Self::Minutes(minutes) => minutes * MINUTE,
            Self::Days(days) => days * MICROSECONDS_PER_DAY,
            Self::Months(months) => i64::from(months) * 28 * MICROSECONDS_PER_DAY,
        }
    }

    /// The multiples of the step from `from` to `to`; weeks begin on Mondays.
    fn multiples(self, from: Instant, to: Instant) -> Vec<Instant> {
        const FIRST_MONDAY: i64 = 4;
        let evenly = |length: i64, origin: i64| {
            let first = -(origin - from.0).div_euclid(length);
            (first..).map(move |place| Instant(origin + place * length)).take_while(|at| *at <= to).collect()
        };
        match self {
            Self::Minutes(minutes) => evenly(minutes * MINUTE, 0),
            Self::Days(days) => evenly(days * MICROSECONDS_PER_DAY, FIRST_MONDAY * MICROSECONDS_PER_DAY),
            Self::Months(months) => month_starts(months, from, to),
        }
    }

    /// Names a tick; the first one, and the first of a year, say the year where the step leaves it open.
    fn words(self, at: Instant, previous: Option<Instant>) -> String {
        let year = at.utc_date().year();
        let new_year = previous.is_some_and(|previous| previous.utc_date().year() != year);
        match (self, previous) {
            (Self::Minutes(_), None) => format!("{} {}", dates::day(at), dates::clock(at)),
            (Self::Minutes(_), Some(previous)) if previous.utc_date() != at.utc_date() => dates::day(at),
            (Self::Minutes(_), _) => dates::clock(at),
            (Self::Days(_), _) if new_year => dates::full_day(at),
            (Self::Days(_), _) => dates::day(at),
            (Self::Months(months), _) if months % 12 == 0 => year.to_string(),
            (Self::Months(_), None) => format!("{} {year}", dates::month(at)),
            (Self::Months(_), _) if new_year => year.to_string(),
            (Self::Months(_), _) => dates::month(at).to_owned(),
        }
    }
}

fn month_starts(months: i32, from: Instant, to: Instant) -> Vec<Instant> {
    let date = from.utc_date();
    let index = i32::from(date.year()) * 12 + i32::from(date.month()) - 1;
    let first = index.div_euclid(months) * months;
    (0..)
        .map_while(|place| month_start(first + place * months))
        .take_while(|at| *at <= to)
        .filter(|at| *at >= from)
        .collect()
}

fn month_start(index: i32) -> Option<Instant> {
    let year = i16::try_from(index.div_euclid(12)).ok()?;
    let month = i8::try_from(index.rem_euclid(12)).ok()? + 1;
    CivilDate::new(year, month, 1).ok().map(Instant::at_utc_midnight)
}

fn ticks(plot: &Plot, step: Step, from: Instant, to: Instant) -> Vec<TimeTick> {
    let instants = step.multiples(from, to);
    let previous = std::iter::once(None).chain(instants.iter().copied().map(Some));
    let named = instants.iter().zip(previous).map(|(at, previous)| (*at, step.words(*at, previous)));
    named.map(|(at, words)| TimeTick::new(plot, at, words)).collect()
}
