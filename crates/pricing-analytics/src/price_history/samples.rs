//! A chart of November 2026 for the tests of this folder.

use pricing_domain::{Currency, Instant};

use super::{CompetitorLine, Palette, PriceHistoryChart, PriceSpan};
use crate::number_style::NumberStyle;

/// Midnight at the start of a day of November 2026; day 31 is the first of December.
pub(super) fn day(day: i64) -> Instant {
    "2026-11-01T00:00:00Z".parse::<Instant>().expect("an instant").plus_days(day - 1)
}

/// An available price from one day of November up to another.
pub(super) fn span(from: i64, to: i64, amount_minor: i64) -> PriceSpan {
    PriceSpan { from: day(from), to: day(to), amount_minor, available: true }
}

pub(super) fn line(name: &str, spans: &[PriceSpan]) -> CompetitorLine {
    CompetitorLine { name: name.to_owned(), spans: spans.to_vec() }
}

/// From 1 to 30 November, without any price.
pub(super) fn chart() -> PriceHistoryChart {
    PriceHistoryChart {
        width: 640,
        height: 280,
        currency: Currency::EUR,
        palette: Palette {
            surface: "#fff".to_owned(),
            text: "#111".to_owned(),
            text_muted: "#555".to_owned(),
            border: "#ddd".to_owned(),
            own_price: "#1f5fd1".to_owned(),
            competitors: (1..=8).map(|place| format!("#{place}0{place}0{place}0")).collect(),
        },
        from: day(1),
        to: day(30),
        own: Vec::new(),
        competitors: Vec::new(),
        reading_holds_hours: 24,
        promotions: Vec::new(),
        labels: NumberStyle { decimal_separator: '.', grouping: ',' },
    }
}

/// Our price and `competitors` others, with gaps, single readings and sold-out stretches.
pub(super) fn busy_chart(competitors: i64) -> PriceHistoryChart {
    let competitor = |place: i64| {
        let amount = 2400 + place * 11;
        let sold_out = PriceSpan { available: false, ..span(14, 18, amount + 20) };
        let spans = [span(2, 8, amount), span(11, 11, amount - 30), sold_out, span(18, 30 - place % 3, amount)];
        line(&format!("Shop {place}"), &spans)
    };
    PriceHistoryChart {
        own: vec![span(1, 9, 2490), span(9, 20, 2390), span(20, 30, 2450)],
        competitors: (0..competitors).map(competitor).collect(),
        promotions: vec![(day(9), day(20))],
        ..chart()
    }
}
