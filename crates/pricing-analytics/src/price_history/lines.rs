//! Which lines are drawn, with their names, colours and spans.

use std::cmp::Reverse;

use plotters::style::RGBAColor;
use pricing_domain::{Instant, MICROSECONDS_PER_HOUR};

use super::spans::{Period, arrange};
use super::{ChartSeries, PriceHistoryChart, PriceSpan};
use crate::colors::{FALLBACK, color_or_grey, to_hex};
use crate::text::plain_line;

/// More competitors than this are counted in the description and not drawn.
pub const MAX_COMPETITOR_LINES: usize = 8;

/// A line that is drawn.
pub(super) struct Line {
    pub(super) name: String,
    pub(super) color: RGBAColor,
    pub(super) is_own: bool,
    /// Never empty; in order, without overlap, inside the period.
    pub(super) spans: Vec<PriceSpan>,
    /// End of the period.
    end: Instant,
}

/// All lines, ours first and the others in the order given.
pub(super) struct Lines {
    pub(super) shown: Vec<Line>,
    /// Competitors with a price in the period beyond the most that are drawn; the finding looks at them too.
    pub(super) left_out: Vec<Line>,
}

impl Line {
    /// The last price in the period.
    pub(super) fn last(&self) -> &PriceSpan {
        self.spans.last().expect("a line has at least one span")
    }

    /// The price that holds at the end of the period.
    pub(super) fn current(&self) -> Option<&PriceSpan> {
        Some(self.last()).filter(|span| span.to == self.end)
    }

    /// Since when the last amount has held without a break.
    pub(super) fn last_amount_since(&self) -> Instant {
        let amount_minor = self.last().amount_minor;
        let mut since = self.last().from;
        for span in self.spans.iter().rev().skip(1) {
            if span.to != since || span.amount_minor != amount_minor || !span.available {
                break;
            }
            since = span.from;
        }
        since
    }

    pub(super) fn as_series(&self) -> ChartSeries {
        ChartSeries { name: self.name.clone(), color: to_hex(self.color) }
    }
}

impl Lines {
    /// Takes our line and the competitors that have a price in the period: those with a current one first, then those
    /// nearest to our price.
    pub(super) fn choose(chart: &PriceHistoryChart) -> Self {
        let period = period_of(chart);
        let holds = i64::from(chart.reading_holds_hours).saturating_mul(MICROSECONDS_PER_HOUR);
        let own = own_line(chart, period);
        let mut candidates: Vec<(usize, Line)> = chart
            .competitors
            .iter()
            .enumerate()
            .map(|(place, competitor)| (place, arrange(&competitor.spans, period, holds), &competitor.name))
            .filter(|(_, spans, _)| !spans.is_empty())
            .map(|(place, spans, name)| (place, Line { name: shown_name(name), spans, ..blank(chart.to) }))
            .collect();
        let own_amount = own.as_ref().map_or(0, |line| line.last().amount_minor);
        candidates.sort_by_key(|(place, line)| (rank(line, own_amount), *place));
        let beyond = candidates.split_off(candidates.len().min(MAX_COMPETITOR_LINES));
        let left_out = beyond.into_iter().map(|(_, line)| line).collect();
        candidates.sort_by_key(|(place, _)| *place);
        give_colors(&mut candidates, &chart.palette.competitors);
        let shown = own.into_iter().chain(candidates.into_iter().map(|(_, line)| line)).collect();
        Self { shown, left_out }
    }

    pub(super) fn own(&self) -> Option<&Line> {
        self.shown.first().filter(|line| line.is_own)
    }

    /// All with a price in the period, drawn or not.
    pub(super) fn competitors(&self) -> impl Iterator<Item = &Line> {
        self.drawn_competitors().chain(&self.left_out)
    }

    pub(super) fn drawn_competitors(&self) -> impl Iterator<Item = &Line> {
        self.shown.iter().filter(|line| !line.is_own)
    }

    /// Lowest and highest amount drawn; `None` without any line.
    pub(super) fn amount_range(&self) -> Option<(i64, i64)> {
        let amounts = || self.shown.iter().flat_map(|line| &line.spans).map(|span| span.amount_minor);
        Some((amounts().min()?, amounts().max()?))
    }
}

fn period_of(chart: &PriceHistoryChart) -> Period {
    let pixels = i64::from(chart.width.max(1));
    let pixel = (chart.to.0.saturating_sub(chart.from.0) / pixels).max(1);
    Period { from: chart.from, to: chart.to, pixel }
}

fn own_line(chart: &PriceHistoryChart, period: Period) -> Option<Line> {
    let spans = arrange(&chart.own, period, 0);
    let color = color_or_grey(&chart.palette.own_price);
    let name = "Our price".to_owned();
    (!spans.is_empty()).then(|| Line { name, color, is_own: true, spans, ..blank(chart.to) })
}

fn blank(end: Instant) -> Line {
    Line { name: String::new(), color: FALLBACK, is_own: false, spans: Vec::new(), end }
}

fn shown_name(name: &str) -> String {
    let plain = plain_line(name);
    if plain.is_empty() { "Unnamed competitor".to_owned() } else { plain }
}

/// Lower is drawn first: current readings, newer ones, then by distance to our price.
fn rank(line: &Line, own_amount: i64) -> (Reverse<Instant>, u64) {
    (Reverse(line.last().to), line.last().amount_minor.abs_diff(own_amount))
}

/// A competitor keeps the colour of its place in the list, unless a line drawn before it has that one.
fn give_colors(lines: &mut [(usize, Line)], palette: &[String]) {
    let mut taken = vec![false; palette.len()];
    for (place, line) in lines {
        let wanted = (0..palette.len()).map(|step| (*place + step) % palette.len());
        let free = wanted.clone().find(|color| !taken[*color]);
        if let Some(color) = free.or_else(|| wanted.clone().next()) {
            taken[color] = true;
            line.color = color_or_grey(&palette[color]);
        }
    }
}
