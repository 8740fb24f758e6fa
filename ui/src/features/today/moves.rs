//! What competitors did since this person looked last.

use app_contract::{CompetitorMove, MarkTodaySeen};
use leptos::prelude::*;
use leptos_router::components::A;
use pricing_domain::{Currency, Instant, MarketRows, Money};

use crate::components::empty::Empty;
use crate::features::analytics::filter_query::MarketQuery;
use crate::formats::{change, date_time, integer, money};
use crate::writes::write;

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
            view! {
                <tr>
                    <th scope="row"><A href=query.address()>{moved.competitor}</A></th>
                    <td class="numeric">{format!("▼ {}", integer(moved.lowered))}</td>
                    <td class="numeric">{format!("▲ {}", integer(moved.raised))}</td>
                    <td class="numeric">{change(moved.average_bp)}</td>
                    <td class="numeric">{money(Money::new(moved.stake_minor, currency))}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <p class="muted">{words}</p>
        <div class="table-frame" tabindex="0" role="region" aria-label="Moves"><table>
            <thead>
                <tr>
                    <th scope="col">"Competitor"</th>
                    <th scope="col" class="numeric">"Lowered"</th>
                    <th scope="col" class="numeric">"Raised"</th>
                    <th scope="col" class="numeric" title="Mean change of the prices that moved">"Mean change"</th>
                    <th scope="col" class="numeric" title="Change × units of 28 days">"At stake"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table></div>
        <p>{button}</p>
    }
    .into_any()
}
