//! The picture: layers drawn with plotters, each in a group that carries what plotters cannot say (dashes, crisp
//! edges).

use plotters::element::{Circle, PathElement, Rectangle};
use plotters::style::RGBAColor;
use plotters::style::text_anchor::HPos;
use pricing_domain::Instant;

use super::lines::{Line, Lines};
use super::plot::Plot;
use super::steps::{Stroke, strokes};
use super::{ChartError, PriceHistoryChart, labels};
use crate::canvas::{
    Canvas, Drawing, FONT_SIZE, HAIRLINE, UNITS, layer, line_style, surface_style, svg_document, words,
};
use crate::colors::{color_or_grey, faded, parse_color};
use crate::text::text_width;

/// Units: 2.5 pixels.
const OWN_STROKE: u32 = 10;
/// Units: 1.25 pixels.
const COMPETITOR_STROKE: u32 = 5;
const PROMOTION: &str = "Promotion";

/// Draws all layers from back to front.
pub(super) fn to_svg(
    chart: &PriceHistoryChart,
    lines: &Lines,
    plot: &Plot,
    title: &str,
    description: &str,
) -> Result<String, ChartError> {
    let muted = color_or_grey(&chart.palette.text_muted);
    let size = (plot.width, plot.height);
    let layers = [
        layer(size, "", |canvas| background(canvas, chart, plot))?,
        layer(size, "", |canvas| promotions(canvas, chart, plot))?,
        layer(size, r#"shape-rendering="crispEdges""#, |canvas| grid(canvas, chart, plot))?,
        layer(size, "", |canvas| axis_words(canvas, chart, plot, muted))?,
        layer(size, r#"stroke-dasharray="12 12""#, |canvas| each_line(canvas, lines, plot, Stock::SoldOut))?,
        layer(size, r#"stroke-linejoin="round""#, |canvas| each_line(canvas, lines, plot, Stock::Available))?,
        layer(size, "", |canvas| line_labels(canvas, chart, lines, plot))?,
    ];
    Ok(svg_document(size, title, description, &layers))
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
