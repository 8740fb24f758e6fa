//! The price history as a table.

use app_contract::ChartView;
use leptos::prelude::*;
use pricing_domain::Currency;

use crate::formats::{MISSING, amount, date_time};

/// One line for each instant at which something changed, newest first.
#[component]
pub fn ChartTable(
    /// What the host gave.
    chart: ChartView,
) -> impl IntoView {
    let currency: Currency = chart.currency;
    let heads = chart
        .series
        .iter()
        .map(|series| view! { <th scope="col" class="numeric">{series.name.clone()}</th> })
        .collect_view();
    let count = chart.series.len() as u32;
    let rows = chart
        .points
        .iter()
        .rev()
        .map(|point| {
            let cells = (0..count)
                .map(|series| {
                    let value = point.values.iter().find(|value| value.series == series);
                    let text = value.map_or(MISSING.into(), |value| amount(value.amount_minor, currency));
                    view! { <td class="numeric">{text}</td> }
                })
                .collect_view();
            view! { <tr><th scope="row">{date_time(point.at)}</th>{cells}</tr> }
        })
        .collect_view();
    view! {
        <p>{chart.title.clone()}</p>
        <div class="table-frame tall" tabindex="0" role="region" aria-label="Price history as a table">
            <table>
                <thead>
                    <tr>
                        <th scope="col">{format!("From · {currency}")}</th>
                        {heads}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}
