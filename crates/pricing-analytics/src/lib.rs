//! Charts as pictures: a specification goes in, an SVG comes out, with the finding in words and the map from pixels
//! to data that a hover layer needs.
//!
//! Pure: no clock, no files, no randomness; the same specification gives the same bytes, natively and as wasm. Money
//! stays in whole minor units up to the pixel, percentages are integer arithmetic, and nothing in a picture needs
//! scripts or style attributes, so that it can be shown under a strict content security policy.

mod colors;
mod number_style;
mod price_history;
mod text;

pub use number_style::NumberStyle;
pub use price_history::{
    ChartError, ChartSeries, CompetitorLine, DrawnChart, HoverPoint, HoverValue, MAX_COMPETITOR_LINES, Palette,
    PriceHistoryChart, PriceSpan, draw,
};
