//! The price history of a product: our price and those of competitors as steps over time.

pub(crate) mod dates;
mod description;
mod finding;
mod hover;
mod labels;
mod lines;
mod money_axis;
mod picture;
mod plot;
#[cfg(test)]
mod samples;
mod spans;
mod steps;
#[cfg(test)]
mod tests;
mod time_axis;

use pricing_domain::{Currency, Instant};

use crate::canvas::to_pixels;
use crate::number_style::NumberStyle;
use lines::Lines;
use plot::Plot;

pub use lines::MAX_COMPETITOR_LINES;

/// What to draw.
#[derive(Clone, Debug, PartialEq)]
pub struct PriceHistoryChart {
    /// Pixels, kept between 240 and 4,000.
    pub width: u32,
    /// Pixels, kept between 120 and 2,000.
    pub height: u32,
    /// Of all amounts.
    pub currency: Currency,
    /// Colours of the theme in force.
    pub palette: Palette,
    /// Left end of the time axis.
    pub from: Instant,
    /// Right end of the time axis: “now” for the finding.
    pub to: Instant,
    /// Our price, valid from `from` up to `to` of each span.
    pub own: Vec<PriceSpan>,
    /// Readings of competitors, in the order of the palette's colours.
    pub competitors: Vec<CompetitorLine>,
    /// How long a competitor's price is taken to hold without a new reading; longer is a gap in the line.
    pub reading_holds_hours: u32,
    /// Promotions of ours, from and to.
    pub promotions: Vec<(Instant, Instant)>,
    /// How numbers are written.
    pub labels: NumberStyle,
}

/// CSS colours: `#rgb`, `#rrggbb`, `rgb(…)`, `rgba(…)`; anything else becomes a readable grey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Palette {
    /// Background; transparent when it cannot be read.
    pub surface: String,
    /// Notes beside the plot.
    pub text: String,
    /// Words on the axes.
    pub text_muted: String,
    /// Grid lines.
    pub border: String,
    /// Our price.
    pub own_price: String,
    /// Competitors, in order.
    pub competitors: Vec<String>,
}

/// A competitor with its readings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompetitorLine {
    /// Who, as plain text.
    pub name: String,
    /// First to last sight of each price; in any order.
    pub spans: Vec<PriceSpan>,
}

/// A stretch of time with one price. A stretch that ends before it begins is ignored; where two overlap, the one that
/// begins later holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PriceSpan {
    /// Since when.
    pub from: Instant,
    /// Until when; equal to `from` for a price seen once.
    pub to: Instant,
    /// Minor units.
    pub amount_minor: i64,
    /// Whether it could be bought.
    pub available: bool,
}

/// The picture and what is needed to hover over it. All coordinates are pixels from the upper left.
#[derive(Clone, Debug, PartialEq)]
pub struct DrawnChart {
    /// The picture, without scripts and style attributes.
    pub svg: String,
    /// The finding in words.
    pub title: String,
    /// A text alternative.
    pub description: String,
    /// The lines drawn, ours first.
    pub series: Vec<ChartSeries>,
    /// The instants at which something changed, from left to right, at most one for a pixel.
    pub points: Vec<HoverPoint>,
    /// Left edge of the plot.
    pub plot_left: f64,
    /// Right edge.
    pub plot_right: f64,
    /// Upper edge.
    pub plot_top: f64,
    /// Lower edge.
    pub plot_bottom: f64,
}

/// One line of the chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChartSeries {
    /// Who.
    pub name: String,
    /// `#rrggbb`.
    pub color: String,
}

/// All values from this instant up to the next point's.
#[derive(Clone, Debug, PartialEq)]
pub struct HoverPoint {
    /// Pixels from the left.
    pub x: f64,
    /// When.
    pub at: Instant,
    /// What holds from then on; a line in a gap is missing.
    pub values: Vec<HoverValue>,
}

/// The value of one line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HoverValue {
    /// Place in `series`.
    pub series: u32,
    /// Pixels from the top.
    pub y: f64,
    /// Minor units.
    pub amount_minor: i64,
}

/// Why there is no picture.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChartError {
    /// The period is empty or runs backwards.
    #[error("The chart's period must end after it begins: it runs from {from} to {to}")]
    EmptyPeriod {
        /// Left end asked for.
        from: Instant,
        /// Right end asked for.
        to: Instant,
    },
    /// The period leaves the years 1 to 9998.
    #[error("The chart's period from {from} to {to} is outside the calendar")]
    OutsideCalendar {
        /// Left end asked for.
        from: Instant,
        /// Right end asked for.
        to: Instant,
    },
    /// Neither we nor a competitor had a price in the period.
    #[error("There is no price to show between {from} and {to}: collect competitor prices or choose a longer period")]
    NoPrices {
        /// First day.
        from: String,
        /// Last day.
        to: String,
    },
    /// The selection holds nothing that this picture shows.
    #[error("{0}.")]
    NothingToShow(String),
    /// The drawing library gave up.
    #[error("The chart could not be drawn: {0}")]
    Drawing(String),
}

/// Draws the chart. Work grows with the number of spans; the SVG's size with the number of pixels at most.
pub fn draw(chart: &PriceHistoryChart) -> Result<DrawnChart, ChartError> {
    let (from, to) = (chart.from, chart.to);
    if to <= from {
        return Err(ChartError::EmptyPeriod { from, to });
    }
    if !dates::in_calendar(from) || !dates::in_calendar(to) {
        return Err(ChartError::OutsideCalendar { from, to });
    }
    let lines = Lines::choose(chart);
    let Some((lowest, highest)) = lines.amount_range() else {
        let (from, to) = (dates::full_day(from), dates::full_day(to));
        return Err(ChartError::NoPrices { from, to });
    };
    let plot = Plot::lay_out(chart, &lines, lowest, highest);
    let title = finding::in_words(chart, &lines);
    let description = description::in_words(chart, &lines);
    Ok(DrawnChart {
        svg: picture::to_svg(chart, &lines, &plot, &title, &description)?,
        series: lines.shown.iter().map(|line| line.as_series()).collect(),
        points: hover::points(&lines, &plot),
        plot_left: to_pixels(plot.left),
        plot_right: to_pixels(plot.right),
        plot_top: to_pixels(plot.top),
        plot_bottom: to_pixels(plot.bottom),
        title,
        description,
    })
}
