//! The box of a picture, with its axes; coordinates in units of the canvas.

use plotters::element::{PathElement, Rectangle};
use plotters::style::RGBAColor;
use plotters::style::text_anchor::HPos;

use super::{ChartLook, ChartMark};
use crate::canvas::{
    Canvas, Drawing, FONT_SIZE, HAIRLINE, UNITS, line_style, surface_style, to_pixels, to_units, words,
};
use crate::colors::{color_or_grey, faded, parse_color};
use crate::scale::Scale;
use crate::text::{fit_text, text_width};

/// The plot inside its picture.
pub(super) struct Frame<'a> {
    pub(super) look: &'a ChartLook,
    pub(super) width: i32,
    pub(super) height: i32,
    pub(super) left: i32,
    pub(super) right: i32,
    pub(super) top: i32,
    pub(super) bottom: i32,
}

impl<'a> Frame<'a> {
    /// A frame with so many pixels beside the plot: left, right, above, below.
    pub(super) fn new(look: &'a ChartLook, [left, right, above, below]: [f64; 4]) -> Self {
        let width = pixels(look.width.clamp(320, 4_000));
        let height = pixels(look.height.clamp(160, 2_000));
        let left = to_units(left).min(width / 2);
        Self {
            look,
            width,
            height,
            left,
            right: (width - to_units(right)).max(left + 40 * UNITS),
            top: to_units(above),
            bottom: height - to_units(below),
        }
    }

    /// The same frame as high as `plot` units need.
    pub(super) fn with_plot_height(mut self, plot: i32) -> Self {
        let below = self.height - self.bottom;
        self.bottom = self.top + plot;
        self.height = self.bottom + below;
        self
    }

    pub(super) fn size(&self) -> (i32, i32) {
        (self.width, self.height)
    }

    pub(super) fn text_color(&self) -> RGBAColor {
        color_or_grey(&self.look.palette.text)
    }

    pub(super) fn muted(&self) -> RGBAColor {
        color_or_grey(&self.look.palette.text_muted)
    }

    pub(super) fn border(&self) -> RGBAColor {
        color_or_grey(&self.look.palette.border)
    }

    pub(super) fn own_color(&self) -> RGBAColor {
        color_or_grey(&self.look.palette.own_price)
    }

    /// The colour of the competitor at a place, beginning anew after the last.
    pub(super) fn competitor_color(&self, place: usize) -> RGBAColor {
        let colors = &self.look.palette.competitors;
        colors.get(place % colors.len().max(1)).map_or_else(|| self.muted(), |color| color_or_grey(color))
    }

    pub(super) fn background(&self, canvas: &Canvas<'_>) -> Drawing {
        match parse_color(&self.look.palette.surface) {
            Some(surface) => self.fill(canvas, [(0, 0), (self.width, self.height)], surface),
            None => Ok(()),
        }
    }

    pub(super) fn fill(&self, canvas: &Canvas<'_>, corners: [(i32, i32); 2], color: RGBAColor) -> Drawing {
        canvas.draw(&Rectangle::new(corners, surface_style(color)))
    }

    pub(super) fn line(&self, canvas: &Canvas<'_>, corners: Vec<(i32, i32)>, color: RGBAColor, width: u32) -> Drawing {
        canvas.draw(&PathElement::new(corners, line_style(color, width)))
    }

    pub(super) fn words(&self, canvas: &Canvas<'_>, text: &str, place: (i32, i32), side: HPos) -> Drawing {
        words(canvas, text, place, side, FONT_SIZE, self.text_color())
    }

    pub(super) fn muted_words(&self, canvas: &Canvas<'_>, text: &str, place: (i32, i32), side: HPos) -> Drawing {
        words(canvas, text, place, side, FONT_SIZE, self.muted())
    }

    /// Grid lines and ticks of the vertical axis, with its unit above.
    pub(super) fn vertical_axis(&self, canvas: &Canvas<'_>, scale: &Scale, texts: &[String], unit: &str) -> Drawing {
        self.muted_words(canvas, unit, (self.left - 8 * UNITS, self.top - 16 * UNITS), HPos::Right)?;
        for (tick, text) in scale.ticks.iter().zip(texts) {
            let y = self.y(scale, *tick);
            self.line(canvas, vec![(self.left, y), (self.right, y)], faded(self.border(), 0.6), HAIRLINE)?;
            self.muted_words(canvas, text, (self.left - 8 * UNITS, y), HPos::Right)?;
        }
        Ok(())
    }

    /// Ticks of the horizontal axis, with its unit at the right below.
    pub(super) fn horizontal_axis(&self, canvas: &Canvas<'_>, scale: &Scale, texts: &[String], unit: &str) -> Drawing {
        for (tick, text) in scale.ticks.iter().zip(texts) {
            let x = self.x(scale, *tick);
            self.line(canvas, vec![(x, self.top), (x, self.bottom)], faded(self.border(), 0.6), HAIRLINE)?;
            self.muted_words(canvas, text, (x, self.bottom + 12 * UNITS), HPos::Center)?;
        }
        self.muted_words(canvas, unit, (self.right, self.bottom + 28 * UNITS), HPos::Right)
    }

    pub(super) fn base_line(&self, canvas: &Canvas<'_>, y: i32) -> Drawing {
        self.line(canvas, vec![(self.left, y), (self.right, y)], self.muted(), HAIRLINE)
    }

    pub(super) fn x(&self, scale: &Scale, value: i128) -> i32 {
        scale.place(value, self.left, self.right)
    }

    pub(super) fn y(&self, scale: &Scale, value: i128) -> i32 {
        scale.place(value, self.bottom, self.top)
    }

    /// The left and right edge of the column at `place` of `count`, with air around it.
    pub(super) fn column(&self, place: usize, count: usize, air: i32) -> (i32, i32) {
        let part = |place: usize| {
            let width = i64::from(self.right - self.left) * place as i64 / count.max(1) as i64;
            self.left + i32::try_from(width).expect("a part of the plot")
        };
        let (left, right) = (part(place), part(place + 1));
        let air = air.min((right - left) / 4);
        (left + air, (right - air).max(left + air + 1))
    }
}

/// A mark over a box in units.
pub(super) fn mark(corners: [(i32, i32); 2], words: Vec<String>, row: usize) -> ChartMark {
    let [(left, top), (right, bottom)] = corners;
    ChartMark {
        left: to_pixels(left.min(right)),
        top: to_pixels(top.min(bottom)),
        right: to_pixels(left.max(right)),
        bottom: to_pixels(top.max(bottom)),
        words,
        row: u32::try_from(row).unwrap_or(u32::MAX),
    }
}

/// Pixels of the widest text.
pub(super) fn widest<'t>(texts: impl IntoIterator<Item = &'t str>) -> f64 {
    texts.into_iter().map(|text| text_width(text, f64::from(FONT_SIZE))).fold(0.0, f64::max)
}

/// A text cut to so many pixels.
pub(super) fn fitted(text: &str, width: f64) -> String {
    fit_text(text, f64::from(FONT_SIZE), width)
}

fn pixels(pixels: u32) -> i32 {
    i32::try_from(pixels).expect("pictures are at most a few thousand pixels") * UNITS
}
