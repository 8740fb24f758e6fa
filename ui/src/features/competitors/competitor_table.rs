//! Every competitor with its coverage, freshness and failures.

use app_contract::CompetitorView;
use leptos::prelude::*;
use pricing_domain::CompetitorId;

use crate::components::table::{Cell, Column, Row, TableShape, row};
use crate::formats::{MISSING, age, date_time, integer, percent};

const COMPETITORS: TableShape = TableShape::framed(
    "Competitors",
    &[
        Column::head("Competitor"),
        Column::number("Pages"),
        Column::number("With price"),
        Column::number("Failing").hint("Pages without a price among those read"),
        Column::number("Due"),
        Column::number("Quarantine").hint("Readings that may be no price"),
        Column::text("Last read"),
        Column::text("Collected"),
    ],
)
.empty(
    "Your competitors will be here. Import a file with the columns sku, competitor and url, or find products at a \
     competitor under Matches.",
);

/// One line for each competitor; a click opens it.
#[component]
pub fn CompetitorTable(
    /// The competitors.
    competitors: Vec<CompetitorView>,
    /// The one that is open.
    open: RwSignal<Option<CompetitorId>>,
) -> impl IntoView {
    COMPETITORS.with(competitors.into_iter().map(|one| row(one, open)).collect())
}

/// One competitor, beside the one that is open.
fn row(one: CompetitorView, open: RwSignal<Option<CompetitorId>>) -> Row {
    let id = one.id;
    let is_open = Signal::derive(move || open.get() == Some(id));
    let origins = one.sites.iter().map(|site| site.origin.clone()).collect::<Vec<_>>().join(", ");
    let failing = one.failure_rate_bp.map_or(MISSING.to_owned(), percent);
    let bad = one.failure_rate_bp.is_some_and(|rate| rate > 2_000);
    let when = match &one.schedule {
        Some(schedule) if schedule.paused => "paused".to_owned(),
        Some(schedule) => schedule.next_at.map_or(schedule.words.clone(), |at| format!("next {}", date_time(at))),
        None => "by hand".to_owned(),
    };
    row![
        Cell::button(one.name, Some("competitor"), move || open.set(Some(id))).expanded(is_open).note(origins),
        integer(one.listings),
        integer(one.fresh),
        Cell::from(failing).class_if(bad, "negative"),
        integer(one.due),
        Cell::from(integer(one.quarantined)).class_if(one.quarantined != 0, "caution"),
        one.newest_read.map_or(MISSING.to_owned(), age),
        when
    ]
    .chosen(is_open)
}
