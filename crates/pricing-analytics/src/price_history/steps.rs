//! A line's spans as strokes of steps.

use super::PriceSpan;
use super::lines::Line;
use super::plot::Plot;
use crate::canvas::UNITS;

/// A piece of a line without a gap and with one availability; coordinates in units.
pub(super) struct Stroke {
    pub(super) available: bool,
    pub(super) corners: Vec<(i32, i32)>,
}

impl Stroke {
    /// The middle of a piece too short to be seen as a line.
    pub(super) fn as_dot(&self) -> Option<(i32, i32)> {
        let ((left, first_y), (right, last_y)) = (*self.corners.first()?, *self.corners.last()?);
        let short = right - left <= 2 * UNITS && first_y == last_y;
        (short && self.corners.len() <= 2).then_some(((left + right) / 2, first_y))
    }
}

/// Cuts a line where there was no reading and where its availability changes. The step to a new price belongs to the
/// new price.
pub(super) fn strokes(line: &Line, plot: &Plot) -> Vec<Stroke> {
    let mut strokes: Vec<Stroke> = Vec::new();
    let mut previous: Option<&PriceSpan> = None;
    for span in &line.spans {
        let y = plot.span_y(span);
        let touching = previous.filter(|previous| previous.to == span.from);
        match (strokes.last_mut(), touching) {
            (Some(stroke), Some(_)) if stroke.available == span.available => add_corner(stroke, plot.x(span.from), y),
            (_, touching) => {
                let corners = touching.map(|previous| (plot.x(span.from), plot.span_y(previous)));
                strokes.push(Stroke { available: span.available, corners: corners.into_iter().collect() });
                if let Some(stroke) = strokes.last_mut() {
                    add_corner(stroke, plot.x(span.from), y);
                }
            }
        }
        if let Some(stroke) = strokes.last_mut() {
            add_corner(stroke, plot.x(span.to), y);
        }
        previous = Some(span);
    }
    strokes
}

/// Adds a corner. On one vertical only the first, the extremes and the last matter, so that a stroke has at most five
/// corners for each position however often the price changes.
fn add_corner(stroke: &mut Stroke, x: i32, y: i32) {
    let corners = &mut stroke.corners;
    if corners.last() == Some(&(x, y)) {
        return;
    }
    if let [.., first, one, other, last] = *corners.as_slice()
        && [first, one, other, last].iter().all(|corner| corner.0 == x)
    {
        let passed = [one.1, other.1, last.1];
        corners.truncate(corners.len() - 3);
        corners.extend(passed.iter().min().map(|lowest| (x, *lowest)));
        corners.extend(passed.iter().max().map(|highest| (x, *highest)));
    }
    corners.push((x, y));
}
