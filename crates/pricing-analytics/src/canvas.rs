//! What every picture is drawn on: layers of plotters in one SVG, words, lines and surfaces.
//!
//! The drawing library counts in whole numbers, so pictures are drawn at four units for each pixel.

use plotters::backend::SVGBackend;
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind, IntoDrawingArea};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontDesc, FontFamily, FontStyle, RGBAColor, ShapeStyle, TextStyle};

use crate::price_history::ChartError;
use crate::text::escape_xml;

/// Units for each pixel.
pub(crate) const UNITS: i32 = 4;
/// Pixels.
pub(crate) const FONT_SIZE: i32 = 12;
/// Units: a pixel.
pub(crate) const HAIRLINE: u32 = UNITS as u32;

const FONT_FAMILY: &str = "Inter Variable, Inter, sans-serif";

pub(crate) type Canvas<'a> = DrawingArea<SVGBackend<'a>, Shift>;
pub(crate) type Drawing = Result<(), DrawingAreaErrorKind<std::io::Error>>;

/// Draws a group with the given presentation attributes on a picture of (width, height) units.
pub(crate) fn layer(
    (width, height): (i32, i32),
    attributes: &str,
    draw: impl FnOnce(&Canvas<'_>) -> Drawing,
) -> Result<String, ChartError> {
    let mut drawn = String::new();
    draw(&SVGBackend::with_string(&mut drawn, (width.unsigned_abs(), height.unsigned_abs())).into_drawing_area())
        .map_err(|error| ChartError::Drawing(error.to_string()))?;
    let inner = drawn.split_once(">\n").and_then(|(_, rest)| rest.rsplit_once("</svg>")).map_or("", |(inner, _)| inner);
    Ok(match (inner.is_empty(), attributes) {
        (true, _) => String::new(),
        (_, "") => format!("<g>\n{inner}</g>\n"),
        _ => format!("<g {attributes}>\n{inner}</g>\n"),
    })
}

/// Puts layers together, from back to front, with the finding and the text alternative.
pub(crate) fn svg_document((width, height): (i32, i32), title: &str, description: &str, layers: &[String]) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" viewBox=\"0 0 {width} {height}\" \
         role=\"img\" aria-label=\"{}\">\n<desc>{}</desc>\n{}</svg>\n",
        width / UNITS,
        height / UNITS,
        escape_xml(title),
        escape_xml(description),
        layers.concat()
    )
}

/// Writes text whose digits are vertically centred on `place`.
pub(crate) fn words(
    canvas: &Canvas<'_>,
    text: &str,
    place: (i32, i32),
    side: HPos,
    font_size: i32,
    color: RGBAColor,
) -> Drawing {
    // The backend writes the size divided by 1.24, and puts text hung from its top on a line 0.76 em lower; digits are
    // 0.73 em high.
    let em = font_size * UNITS;
    let font = FontDesc::new(FontFamily::Name(FONT_FAMILY), f64::from(em) * 1.24, FontStyle::Normal);
    let style = TextStyle::from(font).color(&color).pos(Pos::new(side, VPos::Top));
    canvas.draw_text(text, &style, (place.0, place.1 - em * 2 / 5))
}

pub(crate) fn surface_style(color: RGBAColor) -> ShapeStyle {
    ShapeStyle { color, filled: true, stroke_width: 0 }
}

pub(crate) fn line_style(color: RGBAColor, stroke_width: u32) -> ShapeStyle {
    ShapeStyle { color, filled: false, stroke_width }
}

/// Pixels of a coordinate in units.
pub(crate) fn to_pixels(units: i32) -> f64 {
    f64::from(units) / f64::from(UNITS)
}

/// Units that hold a width in pixels.
pub(crate) fn to_units(pixels: f64) -> i32 {
    (pixels * f64::from(UNITS)).ceil() as i32
}
