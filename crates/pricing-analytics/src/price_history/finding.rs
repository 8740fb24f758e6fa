//! The title: what the chart says about now, in words.

use pricing_domain::Instant;

use super::lines::{Line, Lines};
use super::{PriceHistoryChart, PriceSpan, dates, money_axis};

/// A competitor whose product can be bought now.
struct Rival<'a> {
    line: &'a Line,
    span: &'a PriceSpan,
}

/// Compares our price with the cheapest competitor that has a current price and stock.
pub(super) fn in_words(chart: &PriceHistoryChart, lines: &Lines) -> String {
    let rivals: Vec<Rival<'_>> = lines
        .competitors()
        .filter_map(|line| line.current().filter(|span| span.available).map(|span| Rival { line, span }))
        .collect();
    let cheapest = rivals.iter().min_by_key(|rival| rival.span.amount_minor);
    let own = lines.own().and_then(|line| line.current().map(|span| Rival { line, span }));
    match (own, cheapest) {
        (_, None) => without_rival(chart, lines),
        (None, Some(cheapest)) => {
            let amount = money_axis::amount_text(chart, cheapest.span.amount_minor);
            format!("We have no price now; {} asks {amount} {}", cheapest.line.name, chart.currency)
        }
        (Some(own), Some(cheapest)) => compared(chart, &own, cheapest, &rivals, lines.left_out),
    }
}

fn without_rival(chart: &PriceHistoryChart, lines: &Lines) -> String {
    let mut sold_out = lines.competitors().filter(|line| line.current().is_some());
    match (sold_out.next(), sold_out.next()) {
        (Some(only), None) => format!("{} is sold out", only.name),
        (Some(_), Some(_)) => "All competitors are sold out".to_owned(),
        _ => match lines.competitors().map(|line| line.last().to).max() {
            Some(last) => format!("No competitor price since {}", dates::relative_to(last, chart.to)),
            None => "No competitor price yet".to_owned(),
        },
    }
}

fn compared(
    chart: &PriceHistoryChart,
    own: &Rival<'_>,
    cheapest: &Rival<'_>,
    rivals: &[Rival<'_>],
    left_out: usize,
) -> String {
    let (ours, theirs) = (own.span.amount_minor, cheapest.span.amount_minor);
    let name = &cheapest.line.name;
    let since = since_words(chart, own.line, cheapest.line);
    let not_above = rivals.iter().filter(|rival| rival.span.amount_minor <= ours).count();
    let others = not_above.saturating_sub(1);
    if theirs < ours {
        let below = rivals.iter().filter(|rival| rival.span.amount_minor < ours).count() - 1;
        return format!("{name} is {} us{since}{}", below_words(chart, theirs, ours), others_below(below));
    }
    if theirs == ours {
        return match others {
            0 => format!("We and {name} ask the same{since}"),
            _ => format!("We ask the same as {name} and {}", counted(others, "other", "others")),
        };
    }
    let distance = below_words(chart, ours, theirs);
    match rivals.len() {
        1 if left_out == 0 => format!("We are {distance} {name}{since}"),
        count => format!("We are the cheapest of {}, {distance} {name}", count + 1),
    }
}

/// “4.1 % below”, or only “below” where a percentage has no meaning.
fn below_words(chart: &PriceHistoryChart, lower: i64, higher: i64) -> String {
    let (lower, higher) = (i128::from(lower), i128::from(higher));
    match chart.labels.percent(higher - lower, higher) {
        Some(percent) => format!("{percent} below"),
        None => "below".to_owned(),
    }
}

/// Since when both amounts hold; nothing when that lies before the chart.
fn since_words(chart: &PriceHistoryChart, own: &Line, rival: &Line) -> String {
    let since: Instant = own.last_amount_since().max(rival.last_amount_since());
    match since > chart.from && since < chart.to {
        true => format!(" since {}", dates::relative_to(since, chart.to)),
        false => String::new(),
    }
}

fn others_below(count: usize) -> String {
    match count {
        0 => String::new(),
        1 => "; 1 other is below us too".to_owned(),
        _ => format!("; {count} others are below us too"),
    }
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
