//! Spans as they come become spans as they are drawn: in order, apart, inside the period, at least a pixel long.

use pricing_domain::Instant;

use super::PriceSpan;

/// The period drawn, and the time that one pixel covers.
#[derive(Clone, Copy)]
pub(super) struct Period {
    pub(super) from: Instant,
    pub(super) to: Instant,
    /// Microseconds, at least one.
    pub(super) pixel: i64,
}

/// Puts spans in order; each ends where the next begins. A wait of up to `holds` microseconds for the next reading, or
/// for the end of the period, is bridged: the price is taken to hold.
pub(super) fn arrange(spans: &[PriceSpan], period: Period, holds: i64) -> Vec<PriceSpan> {
    let mut sorted: Vec<PriceSpan> = spans.iter().copied().filter(|span| span.to >= span.from).collect();
    sorted.sort_by_key(|span| span.from);
    let mut arranged: Vec<PriceSpan> = Vec::with_capacity(sorted.len());
    for (place, span) in sorted.iter().enumerate() {
        let limit = sorted.get(place + 1).map_or(Instant(i64::MAX), |next| next.from);
        if limit == span.from {
            continue;
        }
        let bridge = limit.min(period.to.max(span.to));
        let bridged = if bridge.0.saturating_sub(span.to.0) <= holds { span.to.max(bridge) } else { span.to };
        let whole = PriceSpan { to: bridged.min(limit), ..*span };
        if let Some(visible) = clip(whole, limit, period) {
            append(&mut arranged, visible);
        }
    }
    arranged
}

/// The span that holds at an instant: its end belongs to what follows, except at the end of the period.
pub(super) fn at(spans: &[PriceSpan], instant: Instant, end: Instant) -> Option<&PriceSpan> {
    let begun = spans.partition_point(|span| span.from <= instant);
    spans[..begun].last().filter(|span| instant < span.to || (instant == end && span.to == end))
}

/// The part inside the period; a short one is drawn a pixel long as far as there is room.
fn clip(span: PriceSpan, limit: Instant, period: Period) -> Option<PriceSpan> {
    let from = span.from.max(period.from);
    let pixel_long = Instant(from.0.saturating_add(period.pixel));
    let to = span.to.max(pixel_long.min(limit)).min(period.to);
    let ended_before = span.to < period.from || (span.to == period.from && span.from < period.from);
    (!ended_before && from <= to).then_some(PriceSpan { from, to, ..span })
}

fn append(arranged: &mut Vec<PriceSpan>, span: PriceSpan) {
    match arranged.last_mut() {
        Some(last) if last.to == span.from && same_offer(last, &span) => last.to = span.to,
        _ => arranged.push(span),
    }
}

fn same_offer(one: &PriceSpan, other: &PriceSpan) -> bool {
    one.amount_minor == other.amount_minor && one.available == other.available
}

#[cfg(test)]
mod tests {
    use pricing_domain::Instant;

    use super::{Period, arrange, at};
    use crate::price_history::PriceSpan;

    const PERIOD: Period = Period { from: Instant(100), to: Instant(200), pixel: 2 };

    fn span(from: i64, to: i64, amount_minor: i64) -> PriceSpan {
        PriceSpan { from: Instant(from), to: Instant(to), amount_minor, available: true }
    }

    #[test]
    fn a_short_wait_is_bridged_and_a_long_one_is_a_gap() {
        let spans = arrange(&[span(150, 160, 3), span(110, 120, 1), span(125, 130, 2)], PERIOD, 5);
        assert_eq!(spans, [span(110, 125, 1), span(125, 130, 2), span(150, 160, 3)]);
    }

    #[test]
    fn the_newest_price_holds_to_the_end_only_when_it_is_fresh() {
        assert_eq!(arrange(&[span(150, 196, 3)], PERIOD, 5), [span(150, 200, 3)]);
        assert_eq!(arrange(&[span(150, 190, 3)], PERIOD, 5), [span(150, 190, 3)]);
        assert_eq!(arrange(&[span(90, 97, 3)], PERIOD, 5), []);
    }

    #[test]
    fn where_spans_overlap_the_later_one_holds() {
        let spans = arrange(&[span(90, 300, 1), span(120, 140, 2), span(120, 130, 3)], PERIOD, 0);
        assert_eq!(spans, [span(100, 120, 1), span(120, 130, 3)]);
    }

    #[test]
    fn equal_neighbours_become_one_and_single_readings_are_a_pixel_long() {
        assert_eq!(arrange(&[span(110, 120, 1), span(120, 130, 1)], PERIOD, 0), [span(110, 130, 1)]);
        assert_eq!(arrange(&[span(110, 110, 1), span(111, 111, 2)], PERIOD, 0), [span(110, 111, 1), span(111, 113, 2)]);
        assert_eq!(arrange(&[span(200, 200, 1), span(201, 210, 2)], PERIOD, 0), [span(200, 200, 1)]);
    }

    #[test]
    fn what_lies_outside_or_runs_backwards_is_left_out() {
        assert_eq!(arrange(&[span(10, 100, 1), span(201, 300, 2), span(150, 140, 3)], PERIOD, 0), []);
    }

    #[test]
    fn the_end_of_a_span_belongs_to_what_follows() {
        let spans = [span(110, 120, 1), span(120, 130, 2), span(150, 200, 3)];
        let amount = |instant| at(&spans, Instant(instant), PERIOD.to).map(|span| span.amount_minor);
        assert_eq!(
            [109, 110, 119, 120, 130, 149, 199, 200].map(amount),
            [None, Some(1), Some(1), Some(2), None, None, Some(3), Some(3)]
        );
    }
}
