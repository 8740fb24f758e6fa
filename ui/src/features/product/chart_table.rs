//! The price history as a table.

use app_contract::ChartView;
use leptos::prelude::*;
use pricing_domain::Currency;

use crate::components::table::{Column, Row, TableShape};
use crate::formats::{MISSING, amount, date_time};

/// One line for each instant at which something changed, newest first.
#[component]
pub fn ChartTable(
    /// What the host gave.
    chart: ChartView,
) -> impl IntoView {
    let currency: Currency = chart.currency;
    let from = format!("From · {currency}");
    let series = chart.series.iter().map(|series| Column::number(&series.name));
    let columns: Vec<Column> = std::iter::once(Column::head(&from)).chain(series).collect();
    let count = chart.series.len() as u32;
    let rows = chart
        .points
        .iter()
        .rev()
        .map(|point| {
            let cells = (0..count).map(|series| {
                let value = point.values.iter().find(|value| value.series == series);
                value.map_or(MISSING.into(), |value| amount(value.amount_minor, currency).into())
            });
            Row::new(std::iter::once(date_time(point.at).into()).chain(cells).collect())
        })
        .collect();
    view! {
        <p>{chart.title.clone()}</p>
        {TableShape::framed("Price history as a table", &columns).tall().with(rows)}
    }
}
