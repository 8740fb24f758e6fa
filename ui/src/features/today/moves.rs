//! What competitors did since this person looked last.

use app_contract::{CompetitorMove, MarkTodaySeen};
use leptos::prelude::*;
use pricing_domain::{Currency, Instant, MarketRows, Money};

use crate::components::empty::Empty;
use crate::components::table::{Cell, Column, TableShape, row};
use crate::features::analytics::filter_query::MarketQuery;
use crate::formats::{change, date_time, integer, money};
use crate::writes::write;

const MOVES: TableShape = TableShape::framed(
    "Moves",
    &[
        Column::head("Competitor"),
        Column::number("Lowered"),
        Column::number("Raised"),
        Column::number("Mean change").hint("Mean change of the prices that moved"),
        Column::number("At stake").hint("Change × units of 28 days"),
    ],
);

/// One line for each competitor, the most money at stake first.
#[component]
pub fn Moves(
    /// In their order.
    moves: Vec<CompetitorMove>,
    /// Since when.
    since: Option<Instant>,
    /// Of all amounts.
    currency: Currency,
) -> impl IntoView {
    let seen = write::<MarkTodaySeen>(|()| ());
    let words = match since {
        None => "Nothing was collected yet.".to_owned(),
        Some(since) if moves.is_empty() => format!("No competitor changed a price since {}.", date_time(since)),
        Some(since) => format!("Since {}.", date_time(since)),
    };
    let pending = seen.pending();
    let button = since.is_some().then(|| {
        view! {
            <button
                type="button"
                class="button small"
                data-testid="today-seen"
                disabled=move || pending.get()
                on:click=move |_| seen.run(MarkTodaySeen {})
            >
                "I have seen this"
            </button>
        }
    });
    if moves.is_empty() {
        return view! { <Empty text=words /> <p>{button}</p> }.into_any();
    }
    let rows = moves
        .into_iter()
        .map(|moved| {
            let query = MarketQuery {
                competitor: moved.competitor.clone(),
                from: Some(moved.since.utc_date()),
                rows: MarketRows::Changed,
                ..MarketQuery::default()
            };
            row![
                Cell::link(query.address(), moved.competitor),
                format!("▼ {}", integer(moved.lowered)),
                format!("▲ {}", integer(moved.raised)),
                change(moved.average_bp),
                money(Money::new(moved.stake_minor, currency))
            ]
        })
        .collect();
    view! {
        <p class="muted">{words}</p>
        {MOVES.with(rows)}
        <p>{button}</p>
    }
    .into_any()
}
