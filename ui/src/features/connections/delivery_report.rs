//! What became of prices handed over to a shop, or what a dry run says would become of them.

use app_contract::{DeliveryReport, DeliveryView};
use leptos::prelude::*;
use pricing_domain::{DeliveryState, Money};

use crate::components::facts::items;
use crate::components::table::{Cell, Column, TableShape, row};
use crate::formats::{MISSING, counted, integer, money};
use crate::words;

/// Counts, and those prices that are not there.
#[component]
pub fn DeliveryReportView(
    /// The report.
    report: DeliveryReport,
) -> impl IntoView {
    let lines = items(lines(&report));
    let message =
        (!report.message.is_empty()).then(|| view! { <p class="caution">{format!("⚠ {}", report.message)}</p> });
    let rows: Vec<DeliveryView> = report.rows.into_iter().filter(|row| row.state != DeliveryState::Intended).collect();
    view! {
        <div class="delivery" data-testid="delivery-report" role="status">
            <ul class="way-back">{lines}</ul>
            {message}
            <DeliveryRows rows />
        </div>
    }
}

const PRICES: TableShape = TableShape::framed(
    "Prices",
    &[
        Column::head("SKU").class("code"),
        Column::number("Price"),
        Column::number("In the shop"),
        Column::text("State").class("words"),
    ],
);

/// Prices with what the shop shows and says.
#[component]
pub fn DeliveryRows(
    /// The prices.
    rows: Vec<DeliveryView>,
) -> impl IntoView {
    if rows.is_empty() {
        return ().into_any();
    }
    let rows = rows
        .into_iter()
        .map(|row| {
            let price = |minor: i64| money(Money::new(minor, row.currency));
            let words = if row.words.is_empty() { String::new() } else { format!(": {}", row.words) };
            let bad = !row.state.is_there();
            row![
                row.sku,
                price(row.new_minor),
                row.shown_minor.map_or_else(|| MISSING.to_owned(), price),
                Cell::from(format!("{}{words}", words::delivery_state(row.state))).class_if(bad, "caution")
            ]
        })
        .collect();
    PRICES.with(rows)
}

fn lines(report: &DeliveryReport) -> Vec<String> {
    let mut lines = vec![format!("{} for {}.", counted(report.prices, "price", "prices"), report.connection)];
    for (count, words) in [
        (report.would_send, "would be sent."),
        (report.there, "are in the shop."),
        (report.were_there, "of them were there already."),
        (report.conflicts, "were changed in the shop by somebody, and stay."),
        (report.refused, "cannot be taken by the shop."),
        (report.outdated, "were left behind by the catalogue."),
        (report.waiting, "are not known to be there yet."),
    ] {
        if count > 0 {
            lines.push(format!("{} {words}", integer(count)));
        }
    }
    lines
}
