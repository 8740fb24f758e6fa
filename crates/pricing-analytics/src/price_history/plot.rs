//! Where everything goes: the plot's box, the scales and the ticks.
//!
//! The drawing library counts in whole numbers, so pictures are drawn at four units for each pixel: lines can be
//! 1.25 px thin and steps land on a quarter of a pixel. All scales are integer arithmetic.

use pricing_domain::Instant;

use super::labels::{self, Label};
use super::lines::Lines;
use super::money_axis::{self, MoneyAxis};
use super::time_axis::{self, TimeTick};
use super::{PriceHistoryChart, PriceSpan};
use crate::canvas::{FONT_SIZE, UNITS, to_pixels, to_units};
use crate::text::{fit_text, text_width};

/// The plot's box in units, with what stands around it.
pub(super) struct Plot {
    pub(super) width: i32,
    pub(super) height: i32,
    pub(super) left: i32,
    pub(super) right: i32,
    pub(super) top: i32,
    pub(super) bottom: i32,
    from: Instant,
    pub(super) to: Instant,
    pub(super) money: MoneyAxis,
    pub(super) time_ticks: Vec<TimeTick>,
    pub(super) labels: Vec<Label>,
}

impl Plot {
    /// Measures the labels and gives the rest to the plot.
    pub(super) fn lay_out(chart: &PriceHistoryChart, lines: &Lines, lowest: i64, highest: i64) -> Self {
        let width = whole_units(chart.width.clamp(240, 4000));
        let height = whole_units(chart.height.clamp(120, 2000));
        let (top, bottom) = (28 * UNITS, height - 26 * UNITS);
        let mut money = money_axis::choose(chart, lowest, highest, (bottom - top) / UNITS);
        let tick_width = money.ticks.iter().map(|tick| text_width(&tick.text, f64::from(FONT_SIZE)));
        let unit_width = text_width(chart.currency.code(), f64::from(FONT_SIZE));
        let left = (to_units(tick_width.fold(unit_width, f64::max)) + 14 * UNITS).min(width * 2 / 5);
        let tick_room = to_pixels(left) - 10.0;
        money.ticks.iter_mut().for_each(|tick| tick.text = fit_text(&tick.text, f64::from(FONT_SIZE), tick_room));
        let mut labels = labels::words(chart, lines, width / UNITS);
        let label_width = labels.iter().map(|label| label.width).max().unwrap_or(0);
        let right = width - label_width - (labels::INDENT + 6) * UNITS;
        let mut plot = Self {
            width,
            height,
            left,
            right,
            top,
            bottom,
            from: chart.from,
            to: chart.to,
            money,
            time_ticks: Vec::new(),
            labels: Vec::new(),
        };
        plot.time_ticks = time_axis::choose(&plot, chart.from, chart.to);
        labels::place(&mut labels, lines, &plot);
        plot.labels = labels;
        plot
    }

    /// Units from the left; instants outside the period are drawn at its ends.
    pub(super) fn x(&self, at: Instant) -> i32 {
        let period = i128::from(self.to.0) - i128::from(self.from.0);
        let past = i128::from(at.0.clamp(self.from.0, self.to.0)) - i128::from(self.from.0);
        self.left + share(past, period, self.right - self.left)
    }

    /// Units from the top.
    pub(super) fn y(&self, amount_minor: i128) -> i32 {
        let above = amount_minor - self.money.low;
        self.bottom - share(above, self.money.high - self.money.low, self.bottom - self.top)
    }

    /// Units from the top of a span's line.
    pub(super) fn span_y(&self, span: &PriceSpan) -> i32 {
        self.y(i128::from(span.amount_minor))
    }
}

fn whole_units(pixels: u32) -> i32 {
    i32::try_from(pixels).expect("pictures are at most a few thousand pixels") * UNITS
}

/// `part` ÷ `whole` of a length, to the nearest unit.
fn share(part: i128, whole: i128, length: i32) -> i32 {
    let scaled = part.clamp(0, whole) * i128::from(length) + whole / 2;
    i32::try_from(scaled / whole).expect("a share is at most the length")
}
