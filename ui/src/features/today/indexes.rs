//! The price index against each competitor.

use app_contract::CompetitorIndex;
use leptos::prelude::*;

use crate::components::table::{Column, TableShape, row};
use crate::formats::{index, integer, percent};

const INDEXES: TableShape = TableShape::framed(
    "Price index",
    &[
        Column::head("Competitor"),
        Column::number("Index").hint("Σ(units × our price) ÷ Σ(units × their price) × 100"),
        Column::text("We are").class("muted side"),
        Column::number("Coverage").hint("Share of sold, priced products compared"),
        Column::number("Products"),
    ],
)
.empty("The price index will be here once competitor prices have been collected.");

/// One line for each competitor, best covered first.
#[component]
pub fn Indexes(
    /// Best covered first.
    indexes: Vec<CompetitorIndex>,
) -> impl IntoView {
    let rows = indexes
        .into_iter()
        .map(|line| {
            let side = match line.index_centi {
                ..10_000 => "▼ cheaper",
                10_000 => "level",
                _ => "▲ dearer",
            };
            row![line.competitor, index(line.index_centi), side, percent(line.coverage_bp), integer(line.products)]
        })
        .collect();
    INDEXES.with(rows)
}
