//! The newest collections.

use app_contract::CollectionRun;
use leptos::prelude::*;

use crate::components::table::{Column, TableShape, row};
use crate::formats::{date_time, duration, integer};

const RUNS: TableShape = TableShape::framed(
    "Newest collections",
    &[
        Column::head("Started"),
        Column::number("Pages"),
        Column::number("Prices"),
        Column::number("Moved"),
        Column::number("No price"),
        Column::text("State"),
    ],
)
.empty("Each collection will be listed here with what it read.");

/// One line for each, newest first.
#[component]
pub fn RunsTable(
    /// Newest first.
    runs: Vec<CollectionRun>,
) -> impl IntoView {
    let rows = runs
        .into_iter()
        .map(|run| {
            let took = run.finished_at.map(|end| ((end.0 - run.started_at.0) / 1_000_000).max(0) as u64);
            let state = match (took, run.cancelled) {
                (_, true) => "cancelled, what was read is kept".to_owned(),
                (Some(seconds), false) => format!("took {}", duration(seconds)),
                (None, false) => "not finished".to_owned(),
            };
            row![
                date_time(run.started_at),
                integer(run.pages),
                integer(run.prices),
                integer(run.moved),
                integer(run.failed),
                state
            ]
        })
        .collect();
    RUNS.with(rows)
}
