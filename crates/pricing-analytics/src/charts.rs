//! Pictures of figures: the index over time, heat maps, distributions, bridges, calendars and scatters.
//!
//! Each has a title that says the finding, units, a text alternative, the marks of a hover layer and its data as a table.

mod bridge;
mod calendar;
mod curve;
mod distribution;
mod frame;
mod heat_map;
mod index_history;
mod scatter;
mod table;

use crate::number_style::NumberStyle;
use crate::price_history::{ChartSeries, Palette};

pub use bridge::{BridgeChart, BridgeStep, draw_bridge};
pub use calendar::{CalendarChart, CalendarDay, draw_calendar};
pub use curve::{CurveAxis, CurveChart, CurveDot, CurvePlace, CurvePoint, draw_curve};
pub use distribution::{DistributionBar, DistributionChart, draw_distribution};
pub use heat_map::{HeatMapChart, draw_heat_map};
pub use index_history::{IndexHistoryChart, IndexLine, draw_back_test, draw_index_history};
pub use scatter::{ScatterChart, ScatterPoint, draw_scatter};
pub use table::{ChartCell, ChartColumn, ChartTable};

/// The size and the look of a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChartLook {
    /// Pixels, kept between 320 and 4,000.
    pub width: u32,
    /// Pixels, kept between 160 and 2,000; a heat map and a calendar are as high as their rows.
    pub height: u32,
    /// Colours of the theme in force.
    pub palette: Palette,
    /// How numbers are written.
    pub labels: NumberStyle,
}

/// A picture of figures. Coordinates are pixels from the upper left.
#[derive(Clone, Debug, PartialEq)]
pub struct MarketChart {
    /// The picture, without scripts and style attributes.
    pub svg: String,
    /// The finding in words.
    pub title: String,
    /// A text alternative.
    pub description: String,
    /// Names and colours of what is drawn, where colour tells it apart.
    pub series: Vec<ChartSeries>,
    /// Where the data lie, for hovering and selecting.
    pub marks: Vec<ChartMark>,
    /// The data.
    pub table: ChartTable,
}

/// A place of the picture with what it says.
#[derive(Clone, Debug, PartialEq)]
pub struct ChartMark {
    /// Left edge.
    pub left: f64,
    /// Upper edge.
    pub top: f64,
    /// Right edge.
    pub right: f64,
    /// Lower edge.
    pub bottom: f64,
    /// What hovering shows, line by line.
    pub words: Vec<String>,
    /// The row of the table.
    pub row: u32,
}
