//! A calendar of price changes: weeks from left to right, weekdays from top to bottom.

use plotters::style::text_anchor::HPos;

use super::frame::{Frame, mark};
use super::index_history::{at, day_text};
use super::{ChartCell, ChartLook, ChartTable, MarketChart};
use crate::canvas::{Canvas, Drawing, FONT_SIZE, UNITS, layer, svg_document, words};
use crate::colors::faded;
use crate::price_history::{ChartError, dates};

/// What to draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarChart {
    /// Width and colours; the height is that of a week.
    pub look: ChartLook,
    /// First day, as days since 1970.
    pub from_day: i32,
    /// Last day.
    pub to_day: i32,
    /// Days with changes, in any order; others have none.
    pub days: Vec<CalendarDay>,
}

/// The changes of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CalendarDay {
    /// Days since 1970.
    pub day: i32,
    /// Prices that fell.
    pub lowered: u64,
    /// Prices that rose.
    pub raised: u64,
}

impl CalendarDay {
    const fn changes(&self) -> u64 {
        self.lowered + self.raised
    }
}

const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const LONG_WEEKDAYS: [&str; 7] = ["Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays"];
/// Most weeks shown: two years.
const MOST_WEEKS: i32 = 105;

/// Draws the chart.
pub fn draw_calendar(chart: &CalendarChart) -> Result<MarketChart, ChartError> {
    let from_day = chart.from_day.max(chart.to_day - MOST_WEEKS * 7 + 1);
    let inside = |day: &&CalendarDay| (from_day..=chart.to_day).contains(&day.day) && day.changes() > 0;
    let mut days: Vec<CalendarDay> = chart.days.iter().filter(inside).copied().collect();
    days.sort_by_key(|day| day.day);
    if days.is_empty() {
        let (from, to) = (day_text(from_day), day_text(chart.to_day));
        return Err(ChartError::NothingToShow(format!("No price change between {from} and {to}")));
    }
    let first_monday = from_day - weekday(from_day);
    let weeks = (chart.to_day - first_monday) / 7 + 1;
    let room = i32::try_from(chart.look.width.clamp(320, 4_000)).unwrap_or(320) - 56;
    let cell = (room / weeks).clamp(6, 22) * UNITS;
    let frame = Frame::new(&chart.look, [40.0, 16.0, 24.0, 10.0]).with_plot_height(cell * 7);
    let size = frame.size();
    let grid = Grid { first_monday, cell, days: &days, frame, from_day, to_day: chart.to_day };
    let (title, description) = (title(chart, &days), description(chart, &days));
    let layers = [
        layer(size, "", |canvas| grid.frame.background(canvas))?,
        layer(size, r#"shape-rendering="crispEdges""#, |canvas| grid.cells(canvas))?,
        layer(size, "", |canvas| grid.names(canvas))?,
    ];
    Ok(MarketChart {
        svg: svg_document(size, &title, &description, &layers),
        series: Vec::new(),
        marks: grid.marks(),
        table: table(&days),
        title,
        description,
    })
}

struct Grid<'a> {
    first_monday: i32,
    cell: i32,
    days: &'a [CalendarDay],
    frame: Frame<'a>,
    from_day: i32,
    to_day: i32,
}

impl Grid<'_> {
    fn corners(&self, day: i32) -> [(i32, i32); 2] {
        let left = self.frame.left + (day - self.first_monday) / 7 * self.cell;
        let top = self.frame.top + weekday(day) * self.cell;
        [(left, top), (left + self.cell - UNITS, top + self.cell - UNITS)]
    }

    fn cells(&self, canvas: &Canvas<'_>) -> Drawing {
        let most = self.days.iter().map(CalendarDay::changes).max().unwrap_or(1).max(1);
        for day in self.from_day..=self.to_day {
            let changes = self.days.iter().find(|known| known.day == day).map_or(0, CalendarDay::changes);
            let color = match changes {
                0 => faded(self.frame.border(), 0.35),
                _ => faded(self.frame.own_color(), 0.2 + 0.8 * (changes as f64 / most as f64).sqrt()),
            };
            self.frame.fill(canvas, self.corners(day), color)?;
        }
        Ok(())
    }

    fn names(&self, canvas: &Canvas<'_>) -> Drawing {
        let each = if self.cell < 11 * UNITS { 2 } else { 1 };
        for (place, name) in WEEKDAYS.iter().enumerate().step_by(each) {
            let y = self.frame.top + self.cell * i32::try_from(place).unwrap_or(0) + self.cell / 2;
            let place = (self.frame.left - 6 * UNITS, y);
            words(canvas, name, place, HPos::Right, FONT_SIZE - 1, self.frame.muted())?;
        }
        let mut free_from = 0;
        for day in self.from_day..=self.to_day {
            let first_of_month = at(day).utc_date().day() == 1;
            let [(left, _), _] = self.corners(day);
            if (first_of_month || day == self.from_day) && left >= free_from {
                let name = dates::day(at(day));
                words(
                    canvas,
                    &name,
                    (left, self.frame.top - 11 * UNITS),
                    HPos::Left,
                    FONT_SIZE - 1,
                    self.frame.muted(),
                )?;
                free_from = left + 54 * UNITS;
            }
        }
        Ok(())
    }

    fn marks(&self) -> Vec<super::ChartMark> {
        let one = |(row, day): (usize, &CalendarDay)| {
            let words = vec![day_text(day.day), format!("{} lowered, {} raised", day.lowered, day.raised)];
            mark(self.corners(day.day), words, row)
        };
        self.days.iter().enumerate().map(one).collect()
    }
}

/// From 0, Monday: 1970-01-01 was a Thursday.
const fn weekday(day: i32) -> i32 {
    (day + 3).rem_euclid(7)
}

/// “38 % of 1,204 price changes fell on Mondays; most of them, 204, on 12 Nov”.
fn title(chart: &CalendarChart, days: &[CalendarDay]) -> String {
    let style = chart.look.labels;
    let all: u64 = days.iter().map(CalendarDay::changes).sum();
    let of_weekday =
        |place: i32| -> u64 { days.iter().filter(|day| weekday(day.day) == place).map(CalendarDay::changes).sum() };
    let busiest = (0..7).max_by_key(|place| (of_weekday(*place), -place)).unwrap_or(0);
    let most = days.iter().max_by_key(|day| (day.changes(), -day.day));
    let share = style.percent(i128::from(of_weekday(busiest)), i128::from(all)).unwrap_or_default();
    let number = |count: u64| style.decimal(i128::from(count), 0);
    let name = LONG_WEEKDAYS[usize::try_from(busiest).unwrap_or(0)];
    let day =
        most.map(|day| format!("; the most on one day, {}, on {}", number(day.changes()), dates::day(at(day.day))));
    format!("{share} of {} price changes fell on {name}{}", number(all), day.unwrap_or_default())
}

fn description(chart: &CalendarChart, days: &[CalendarDay]) -> String {
    let lowered: u64 = days.iter().map(|day| day.lowered).sum();
    let raised: u64 = days.iter().map(|day| day.raised).sum();
    format!(
        "Price changes by day from {} to {}: {lowered} lowered and {raised} raised on {} days.",
        day_text(chart.from_day),
        day_text(chart.to_day),
        days.len()
    )
}

fn table(days: &[CalendarDay]) -> ChartTable {
    let mut table = ChartTable::of(&[("Day", ""), ("Lowered", ""), ("Raised", "")]);
    for day in days {
        table.rows.push(vec![
            ChartCell::text(at(day.day).utc_date().to_string()),
            ChartCell::count(day.lowered),
            ChartCell::count(day.raised),
        ]);
    }
    table
}
