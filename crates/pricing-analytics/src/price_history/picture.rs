//! The picture: layers drawn with plotters, each in a group that carries what plotters cannot say (dashes, crisp
//! edges).

use plotters::backend::SVGBackend;
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind, IntoDrawingArea};
use plotters::element::{Circle, PathElement, Rectangle};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontDesc, FontFamily, FontStyle, RGBAColor, ShapeStyle, TextStyle};
use pricing_domain::Instant;

use super::lines::{Line, Lines};
use super::plot::{FONT_SIZE, Plot, UNITS};
use super::steps::{Stroke, strokes};
use super::{ChartError, PriceHistoryChart, labels};
use crate::colors::{color_or_grey, faded, parse_color};
use crate::text::{escape_xml, text_width};

const FONT_FAMILY: &str = "Inter Variable, Inter, sans-serif";
/// Units: 2.5 pixels.
const OWN_STROKE: u32 = 10;
/// Units: 1.25 pixels.
const COMPETITOR_STROKE: u32 = 5;
/// Units: a pixel.
const HAIRLINE: u32 = UNITS as u32;
const PROMOTION: &str = "Promotion";

type Canvas<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Drawing = Result<(), DrawingAreaErrorKind<std::io::Error>>;

/// Draws all layers from back to front.
pub(super) fn to_svg(
    chart: &PriceHistoryChart,
    lines: &Lines,
    plot: &Plot,
    title: &str,
    description: &str,
) -> Result<String, ChartError> {
    let muted = color_or_grey(&chart.palette.text_muted);
    let layers = [
        layer(plot, "", |canvas| background(canvas, chart, plot))?,
        layer(plot, "", |canvas| promotions(canvas, chart, plot))?,
        layer(plot, r#"shape-rendering="crispEdges""#, |canvas| grid(canvas, chart, plot))?,
        layer(plot, "", |canvas| axis_words(canvas, chart, plot, muted))?,
        layer(plot, r#"stroke-dasharray="12 12""#, |canvas| each_line(canvas, lines, plot, Stock::SoldOut))?,
        layer(plot, r#"stroke-linejoin="round""#, |canvas| each_line(canvas, lines, plot, Stock::Available))?,
        layer(plot, "", |canvas| line_labels(canvas, chart, lines, plot))?,
    ];
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" viewBox=\"0 0 {} {}\" role=\"img\" \
         aria-label=\"{}\">\n<desc>{}</desc>\n{}</svg>\n",
        plot.width / UNITS,
        plot.height / UNITS,
        plot.width,
        plot.height,
        escape_xml(title),
        escape_xml(description),
        layers.concat()
    ))
}

/// Draws a group with the given presentation attributes.
fn layer(plot: &Plot, attributes: &str, draw: impl FnOnce(&Canvas<'_>) -> Drawing) -> Result<String, ChartError> {
    let size = (plot.width.unsigned_abs(), plot.height.unsigned_abs());
    let mut drawn = String::new();
    draw(&SVGBackend::with_string(&mut drawn, size).into_drawing_area())
        .map_err(|error| ChartError::Drawing(error.to_string()))?;
    let inner = drawn.split_once(">\n").and_then(|(_, rest)| rest.rsplit_once("</svg>")).map_or("", |(inner, _)| inner);
    Ok(match (inner.is_empty(), attributes) {
        (true, _) => String::new(),
        (_, "") => format!("<g>\n{inner}</g>\n"),
        _ => format!("<g {attributes}>\n{inner}</g>\n"),
    })
}

fn background(canvas: &Canvas<'_>, chart: &PriceHistoryChart, plot: &Plot) -> Drawing {
    match parse_color(&chart.palette.surface) {
        Some(surface) => canvas.draw(&Rectangle::new([(0, 0), (plot.width, plot.height)], surface_style(surface))),
        None => Ok(()),
    }
}

fn promotions(canvas: &Canvas<'_>, chart: &PriceHistoryChart, plot: &Plot) -> Drawing {
    let text = color_or_grey(&chart.palette.text);
    let shade = faded(color_or_grey(&chart.palette.own_price), 0.1);
    let mut free_from = 0;
    for (from, to) in promotion_bands(chart) {
        let (left, right) = (plot.x(from), plot.x(to).max(plot.x(from) + UNITS));
        canvas.draw(&Rectangle::new([(left, plot.top), (right, plot.bottom)], surface_style(shade)))?;
        let wanted = text_width(PROMOTION, f64::from(FONT_SIZE - 1)) + 8.0;
        if f64::from(right - left.max(free_from)) >= wanted * f64::from(UNITS) {
            let place = (left, plot.top - 7 * UNITS);
            words(canvas, PROMOTION, place, HPos::Left, FONT_SIZE - 1, text)?;
        }
        free_from = free_from.max(right);
    }
    Ok(())
}

/// The promotions inside the period, from left to right.
fn promotion_bands(chart: &PriceHistoryChart) -> Vec<(Instant, Instant)> {
    let inside = |(from, to): &&(Instant, Instant)| from < to && *from < chart.to && *to > chart.from;
    let mut bands: Vec<_> = chart.promotions.iter().filter(inside).copied().collect();
    bands.sort_unstable();
    bands
}

fn grid(canvas: &Canvas<'_>, chart: &PriceHistoryChart, plot: &Plot) -> Drawing {
    let border = color_or_grey(&chart.palette.border);
    for tick in &plot.money.ticks {
        let y = plot.y(tick.amount_minor);
        canvas.draw(&PathElement::new([(plot.left, y), (plot.right, y)], line_style(faded(border, 0.6), HAIRLINE)))?;
    }
    let axis = [(plot.left, plot.bottom), (plot.right, plot.bottom)];
    canvas.draw(&PathElement::new(axis, line_style(border, HAIRLINE)))?;
    for tick in &plot.time_ticks {
        let mark = [(tick.x, plot.bottom), (tick.x, plot.bottom + 4 * UNITS)];
        canvas.draw(&PathElement::new(mark, line_style(border, HAIRLINE)))?;
    }
    Ok(())
}

fn axis_words(canvas: &Canvas<'_>, chart: &PriceHistoryChart, plot: &Plot, muted: RGBAColor) -> Drawing {
    let right_edge = plot.left - 8 * UNITS;
    words(canvas, chart.currency.code(), (right_edge, 10 * UNITS), HPos::Right, FONT_SIZE, muted)?;
    for tick in &plot.money.ticks {
        words(canvas, &tick.text, (right_edge, plot.y(tick.amount_minor)), HPos::Right, FONT_SIZE, muted)?;
    }
    for tick in &plot.time_ticks {
        words(canvas, &tick.text, (tick.text_x, plot.bottom + 14 * UNITS), HPos::Center, FONT_SIZE, muted)?;
    }
    Ok(())
}

/// Which stretches a layer shows.
#[derive(Clone, Copy, PartialEq)]
enum Stock {
    Available,
    SoldOut,
}

/// Competitors first, so that our line lies on top.
fn each_line(canvas: &Canvas<'_>, lines: &Lines, plot: &Plot, stock: Stock) -> Drawing {
    for line in lines.drawn_competitors().chain(lines.own()) {
        let available = stock == Stock::Available;
        for stroke in strokes(line, plot).into_iter().filter(|stroke| stroke.available == available) {
            one_stroke(canvas, line, stroke)?;
        }
    }
    Ok(())
}

fn one_stroke(canvas: &Canvas<'_>, line: &Line, stroke: Stroke) -> Drawing {
    let width = if line.is_own { OWN_STROKE } else { COMPETITOR_STROKE };
    let color = if stroke.available { line.color } else { faded(line.color, 0.55) };
    if let Some(center) = stroke.as_dot() {
        return canvas.draw(&Circle::new(center, width, surface_style(color)));
    }
    canvas.draw(&PathElement::new(stroke.corners, line_style(color, width)))
}

fn line_labels(canvas: &Canvas<'_>, chart: &PriceHistoryChart, lines: &Lines, plot: &Plot) -> Drawing {
    for label in &plot.labels {
        let line = &lines.shown[label.line];
        if label.y != label.line_y && line.current().is_some() {
            let way = [(plot.right + UNITS, label.line_y), (plot.right + (labels::INDENT - 3) * UNITS, label.y)];
            canvas.draw(&PathElement::new(way, line_style(faded(line.color, 0.6), HAIRLINE)))?;
        }
        let place = (plot.right + labels::INDENT * UNITS, label.y);
        words(canvas, &label.text, place, HPos::Left, FONT_SIZE, line.color)?;
    }
    if !lines.left_out.is_empty() {
        let text = format!("{} more not drawn", lines.left_out.len());
        let place = (plot.width - 6 * UNITS, 10 * UNITS);
        words(canvas, &text, place, HPos::Right, FONT_SIZE - 1, color_or_grey(&chart.palette.text))?;
    }
    Ok(())
}

/// Writes text whose digits are vertically centred on `place`.
fn words(canvas: &Canvas<'_>, text: &str, place: (i32, i32), side: HPos, font_size: i32, color: RGBAColor) -> Drawing {
    // The backend writes the size divided by 1.24, and puts text hung from its top on a line 0.76 em lower; digits are
    // 0.73 em high.
    let em = font_size * UNITS;
    let font = FontDesc::new(FontFamily::Name(FONT_FAMILY), f64::from(em) * 1.24, FontStyle::Normal);
    let style = TextStyle::from(font).color(&color).pos(Pos::new(side, VPos::Top));
    canvas.draw_text(text, &style, (place.0, place.1 - em * 2 / 5))
}

fn surface_style(color: RGBAColor) -> ShapeStyle {
    ShapeStyle { color, filled: true, stroke_width: 0 }
}

fn line_style(color: RGBAColor, stroke_width: u32) -> ShapeStyle {
    ShapeStyle { color, filled: false, stroke_width }
}
