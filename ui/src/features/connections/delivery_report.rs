//! What became of prices handed over to a shop, or what a dry run says would become of them.

use app_contract::{DeliveryReport, DeliveryView};
use leptos::prelude::*;
use pricing_domain::{DeliveryState, Money};

use crate::formats::{MISSING, counted, integer, money};
use crate::words;

/// Counts, and those prices that are not there.
#[component]
pub fn DeliveryReportView(
    /// The report.
    report: DeliveryReport,
) -> impl IntoView {
    let lines = lines(&report).into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
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
            view! {
                <tr>
                    <th scope="row" class="code">{row.sku}</th>
                    <td class="numeric">{price(row.new_minor)}</td>
                    <td class="numeric">{row.shown_minor.map_or_else(|| MISSING.to_owned(), price)}</td>
                    <td class="words" class:caution=bad>{format!("{}{words}", words::delivery_state(row.state))}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="table-frame" tabindex="0" role="region" aria-label="Prices">
            <table>
                <thead>
                    <tr>
                        <th scope="col">"SKU"</th>
                        <th scope="col" class="numeric">"Price"</th>
                        <th scope="col" class="numeric">"In the shop"</th>
                        <th scope="col">"State"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
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
