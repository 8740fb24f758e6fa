//! Reference rates of the European Central Bank: units of a currency for one euro, by day. The CSV has a column for
//! each currency, the XML an element for each rate.

use pricing_domain::{Currency, FileFormat, FileKind};

use super::Beginning;
use crate::layouts::Layout;

pub(super) fn find(beginning: &Beginning) -> Option<Layout> {
    let header = &beginning.header;
    let day = header.find(&["date"])?;
    let layout = Layout::new(FileFormat::Ecb, FileKind::Rates)
        .custom("date", header, &[&["date"]], |cells| iso_day(cells[0]))
        .constant("base", "EUR");
    let mut layout = if header.names().len() == 3 && header.has_all(&["currency", "rate"]) {
        layout.copy("quote", header, &["currency"]).copy("rate", header, &["rate"])
    } else {
        let is_code = |name: &String| name.len() == 3 && Currency::new(name).is_ok() && *name == name.to_uppercase();
        let currencies: Vec<(usize, String)> = (header.names().iter().enumerate())
            .filter(|(place, name)| *place != day && is_code(name))
            .map(|(place, name)| (place, name.clone()))
            .collect();
        let others = header.names().iter().filter(|name| !name.is_empty()).count() - 1;
        if currencies.len() < 3 || currencies.len() != others {
            return None;
        }
        layout.spread("quote", "rate", currencies)
    };
    layout.usual_decimal = Some('.');
    Some(layout)
}

/// The history has `2026-11-24`, the daily file `24 November 2026`.
fn iso_day(text: &str) -> String {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let words: Vec<&str> = text.split_whitespace().collect();
    let [day, month, year] = words.as_slice() else { return text.to_owned() };
    match MONTHS.iter().position(|name| name.eq_ignore_ascii_case(month)) {
        Some(place) => format!("{year}-{:02}-{day:0>2}", place + 1),
        None => text.to_owned(),
    }
}
