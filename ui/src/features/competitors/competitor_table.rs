//! Every competitor with its coverage, freshness and failures.

use app_contract::CompetitorView;
use leptos::prelude::*;
use pricing_domain::CompetitorId;

use crate::components::empty::Empty;
use crate::formats::{MISSING, age, date_time, integer, percent};

/// One line for each competitor; a click opens it.
#[component]
pub fn CompetitorTable(
    /// The competitors.
    competitors: Vec<CompetitorView>,
    /// The one that is open.
    open: RwSignal<Option<CompetitorId>>,
) -> impl IntoView {
    if competitors.is_empty() {
        let text = "Your competitors will be here. Import a file with the columns sku, competitor and url, or find \
                    products at a competitor under Matches.";
        return view! { <Empty text /> }.into_any();
    }
    let rows = competitors.into_iter().map(|one| view! { <CompetitorRow one open /> }).collect_view();
    view! {
        <div class="table-frame" tabindex="0" role="region" aria-label="Competitors">
            <table>
                <thead>
                    <tr>
                        <th scope="col">"Competitor"</th>
                        <th scope="col" class="numeric">"Pages"</th>
                        <th scope="col" class="numeric">"With price"</th>
                        <th scope="col" class="numeric" title="Pages without a price among those read">"Failing"</th>
                        <th scope="col" class="numeric">"Due"</th>
                        <th scope="col" class="numeric" title="Readings that may be no price">"Quarantine"</th>
                        <th scope="col">"Last read"</th>
                        <th scope="col">"Collected"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// One competitor.
#[component]
fn CompetitorRow(
    /// The competitor.
    one: CompetitorView,
    /// The one that is open.
    open: RwSignal<Option<CompetitorId>>,
) -> impl IntoView {
    let id = one.id;
    let origins = one.sites.iter().map(|site| site.origin.clone()).collect::<Vec<_>>().join(", ");
    let failing = one.failure_rate_bp.map_or(MISSING.to_owned(), percent);
    let bad = one.failure_rate_bp.is_some_and(|rate| rate > 2_000);
    let when = match &one.schedule {
        Some(schedule) if schedule.paused => "paused".to_owned(),
        Some(schedule) => schedule.next_at.map_or(schedule.words.clone(), |at| format!("next {}", date_time(at))),
        None => "by hand".to_owned(),
    };
    view! {
        <tr class:chosen=move || open.get() == Some(id)>
            <th scope="row">
                <button
                    type="button"
                    class="link-button"
                    data-testid="competitor"
                    aria-expanded=move || (open.get() == Some(id)).to_string()
                    on:click=move |_| open.set(Some(id))
                >
                    {one.name}
                </button>
                <small class="muted">{origins}</small>
            </th>
            <td class="numeric">{integer(one.listings)}</td>
            <td class="numeric">{integer(one.fresh)}</td>
            <td class="numeric" class:negative=bad>{failing}</td>
            <td class="numeric">{integer(one.due)}</td>
            <td class="numeric" class:caution=one.quarantined != 0>{integer(one.quarantined)}</td>
            <td>{one.newest_read.map_or(MISSING.to_owned(), age)}</td>
            <td>{when}</td>
        </tr>
    }
}
