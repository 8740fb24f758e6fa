//! The text alternative: what a reader of the picture sees, line by line.

use super::lines::{Line, Lines};
use super::{PriceHistoryChart, dates, money_axis};

/// Names the period, every line with its present price and range, and what is not drawn.
pub(super) fn in_words(chart: &PriceHistoryChart, lines: &Lines) -> String {
    let (from, to) = (dates::full_day(chart.from), dates::full_day(chart.to));
    let period = if from == to { format!("on {from}") } else { format!("from {from} to {to}") };
    let mut sentences = vec![format!("Price history {period} in {}.", chart.currency)];
    sentences.extend(lines.shown.iter().map(|line| line_sentence(chart, line)));
    sentences.extend(counted(lines.left_out.len(), "more competitor is not drawn.", "more competitors are not drawn."));
    let promotions = chart.promotions.iter().filter(|(from, to)| from < to && *from < chart.to && *to > chart.from);
    sentences.extend(counted(promotions.count(), "promotion is shaded.", "promotions are shaded."));
    sentences.join(" ")
}

fn line_sentence(chart: &PriceHistoryChart, line: &Line) -> String {
    let amount = |amount_minor: i64| money_axis::amount_text(chart, amount_minor);
    let last = amount(line.last().amount_minor);
    let state = match line.current() {
        Some(span) if span.available => format!("{last} now"),
        Some(_) => format!("{last} now and sold out"),
        None => format!("{last} until {}", dates::relative_to(line.last().to, chart.to)),
    };
    let amounts = || line.spans.iter().map(|span| span.amount_minor);
    match (amounts().min(), amounts().max()) {
        (Some(lowest), Some(highest)) if lowest < highest => {
            format!("{}: {state}, between {} and {}.", line.name, amount(lowest), amount(highest))
        }
        _ => format!("{}: {state}.", line.name),
    }
}

fn counted(count: usize, one: &str, many: &str) -> Option<String> {
    match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        _ => Some(format!("{count} {many}")),
    }
}
