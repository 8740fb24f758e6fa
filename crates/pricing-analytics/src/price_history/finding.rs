//! The title: what the chart says about now, in words.

use std::cmp::Ordering;

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
        (Some(own), Some(cheapest)) => compared(chart, &own, cheapest, &rivals),
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

fn compared(chart: &PriceHistoryChart, own: &Rival<'_>, cheapest: &Rival<'_>, rivals: &[Rival<'_>]) -> String {
    let (ours, theirs) = (own.span.amount_minor, cheapest.span.amount_minor);
    let name = &cheapest.line.name;
    let since = since_words(chart, own.line, cheapest.line);
    let others = |holds: fn(&i64, &i64) -> bool| {
        rivals.iter().filter(|rival| holds(&rival.span.amount_minor, &ours)).count().saturating_sub(1)
    };
    match (theirs.cmp(&ours), rivals.len()) {
        (Ordering::Less, _) => {
            let too = others_below(others(i64::lt));
            format!("{name} is {} us{since}{too}", below_words(chart, theirs, ours))
        }
        (Ordering::Equal, _) => match others(i64::eq) {
            0 => format!("We and {name} ask the same{since}"),
            1 => format!("We ask the same as {name} and 1 other"),
            count => format!("We ask the same as {name} and {count} others"),
        },
        (Ordering::Greater, 1) => format!("We are {} {name}{since}", below_words(chart, ours, theirs)),
        (Ordering::Greater, count) => {
            format!("We are the cheapest of {}, {} {name}", count + 1, below_words(chart, ours, theirs))
        }
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

#[cfg(test)]
mod tests {
    use crate::price_history::samples::{chart, line, span};
    use crate::price_history::{CompetitorLine, PriceHistoryChart, PriceSpan, draw};

    fn finding(own: &[PriceSpan], competitors: &[CompetitorLine]) -> String {
        let sample = PriceHistoryChart { own: own.to_vec(), competitors: competitors.to_vec(), ..chart() };
        draw(&sample).expect("a chart").title
    }

    fn all_month(amount_minor: i64) -> PriceSpan {
        span(1, 30, amount_minor)
    }

    #[test]
    fn a_cheaper_competitor_is_named_with_distance_and_day() {
        let cheaper = line("ElektroMax", &[span(1, 12, 2500), span(12, 30, 2388)]);
        let own = [all_month(2490)];
        assert_eq!(finding(&own, std::slice::from_ref(&cheaper)), "ElektroMax is 4.1 % below us since 12 Nov");
        let second = line("TechHaus", &[all_month(2400)]);
        assert_eq!(
            finding(&own, &[second, cheaper]),
            "ElektroMax is 4.1 % below us since 12 Nov; 1 other is below us too"
        );
    }

    #[test]
    fn a_state_older_than_the_chart_has_no_day() {
        assert_eq!(finding(&[all_month(3000)], &[line("A", &[all_month(2999)])]), "A is less than 0.1 % below us");
        assert_eq!(finding(&[all_month(2000)], &[line("A", &[all_month(2100)])]), "We are 4.8 % below A");
    }

    #[test]
    fn the_cheapest_of_several_and_equals_are_said() {
        let [a, b] = [line("A", &[all_month(2490)]), line("B", &[all_month(2600)])];
        assert_eq!(finding(&[all_month(2400)], &[a.clone(), b]), "We are the cheapest of 3, 3.6 % below A");
        assert_eq!(
            finding(&[span(1, 5, 1), span(5, 30, 2490)], std::slice::from_ref(&a)),
            "We and A ask the same since 5 Nov"
        );
        assert_eq!(finding(&[all_month(2490)], &[a.clone(), a]), "We ask the same as A and 1 other");
    }

    #[test]
    fn a_competitor_that_is_not_drawn_still_counts() {
        let near = |place: i64| line(&format!("Near {place}"), &[all_month(2500 + place)]);
        let mut competitors: Vec<CompetitorLine> = (0..8).map(near).collect();
        competitors.insert(0, line("Far", &[all_month(1245)]));
        assert_eq!(finding(&[all_month(2490)], &competitors), "Far is 50.0 % below us");
    }

    #[test]
    fn stale_sold_out_and_missing_prices_are_no_comparison() {
        let own = [all_month(2490)];
        let sold_out = line("A", &[PriceSpan { available: false, ..all_month(2000) }]);
        assert_eq!(finding(&own, &[]), "No competitor price yet");
        assert_eq!(finding(&own, &[line("A", &[])]), "No competitor price yet");
        assert_eq!(finding(&own, &[line("A", &[span(1, 12, 2000)])]), "No competitor price since 12 Nov");
        assert_eq!(finding(&own, std::slice::from_ref(&sold_out)), "A is sold out");
        assert_eq!(finding(&own, &[sold_out.clone(), sold_out]), "All competitors are sold out");
        assert_eq!(
            finding(&[span(1, 9, 2490)], &[line("A", &[all_month(1999)])]),
            "We have no price now; A asks 19.99 EUR"
        );
    }
}
