//! From pixels to data: what holds from each instant at which something changes.

use pricing_domain::Instant;

use super::lines::Lines;
use super::plot::Plot;
use super::{HoverPoint, HoverValue, spans};
use crate::canvas::{UNITS, to_pixels};

/// One point for each change; of several changes in one pixel the last, which holds until the next.
pub(super) fn points(lines: &Lines, plot: &Plot) -> Vec<HoverPoint> {
    let ends = |span: &super::PriceSpan| [span.from, span.to];
    let mut instants: Vec<Instant> = lines.shown.iter().flat_map(|line| line.spans.iter().flat_map(ends)).collect();
    instants.sort_unstable();
    instants.dedup();
    let column = |at: Instant| plot.x(at) / UNITS;
    let last_in_column =
        |place: usize, at: Instant| instants.get(place + 1).is_none_or(|next| column(*next) != column(at));
    let kept = instants.iter().enumerate().filter(|(place, at)| last_in_column(*place, **at));
    kept.map(|(_, at)| point(lines, plot, *at)).collect()
}

fn point(lines: &Lines, plot: &Plot, at: Instant) -> HoverPoint {
    let values = (0..).zip(&lines.shown).filter_map(|(series, line)| {
        let span = spans::at(&line.spans, at, plot.to)?;
        Some(HoverValue { series, y: to_pixels(plot.span_y(span)), amount_minor: span.amount_minor })
    });
    HoverPoint { x: to_pixels(plot.x(at)), at, values: values.collect() }
}
