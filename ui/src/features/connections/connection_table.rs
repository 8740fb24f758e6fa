//! Every connection with what it may do and what became of its newest task.

use app_contract::ConnectionView;
use leptos::prelude::*;

use super::Shown;
use crate::components::table::{Cell, Column, Row, TableShape, row};
use crate::formats::{MISSING, age, integer};
use crate::words;

const CONNECTIONS: TableShape = TableShape::framed(
    "Connections",
    &[
        Column::head("Connection"),
        Column::text("Kind"),
        Column::text("Prices of"),
        Column::text("May"),
        Column::number("Products"),
        Column::text("Last run"),
    ],
)
.empty(
    "Your shops will be here: their catalogues come in, approved prices go out and are seen there before they count. Add \
     one with the keys that its administration gives you.",
);

/// One line for each connection; a click opens it.
#[component]
pub fn ConnectionTable(
    /// The connections.
    connections: Vec<ConnectionView>,
    /// What the side panel shows.
    shown: RwSignal<Shown>,
) -> impl IntoView {
    CONNECTIONS.with(connections.into_iter().map(|one| row(one, shown)).collect())
}

/// One connection, beside what the side panel shows.
fn row(one: ConnectionView, shown: RwSignal<Shown>) -> Row {
    let id = one.id;
    let is_open = Signal::derive(move || shown.get() == Shown::One(id));
    let may = one.facts.as_ref().map_or("not tested yet", |facts| words::rights(facts.may_read, facts.may_write));
    let products = one.facts.as_ref().and_then(|facts| facts.products).map_or_else(|| MISSING.to_owned(), integer);
    let list = if one.price_list_code.is_empty() { "all lists".to_owned() } else { one.price_list_code.clone() };
    let run = one.runs.first().cloned().map(|run| {
        let sign = if run.failed { "⚠ " } else { "" };
        let line = format!("{sign}{}, {}", words::connection_task(run.task), age(run.at));
        view! { <span class:caution=run.failed title=run.message.clone()>{line}</span> }
    });
    row![
        Cell::button(one.name, Some("connection"), move || shown.set(Shown::One(id)))
            .expanded(is_open)
            .note(one.address),
        words::connection_kind(one.kind),
        list,
        may,
        products,
        run.into_any()
    ]
    .chosen(is_open)
}
