//! What is remembered of each site: its robots.txt, the gap that is kept, today's requests, and whether it is left alone.

use app_contract::CompetitorView;
use leptos::prelude::*;

use crate::components::empty::Empty;
use crate::formats::{MISSING, date_time, integer};

/// One line for each site.
#[component]
pub fn SitesTable(
    /// The competitors with their sites.
    competitors: Vec<CompetitorView>,
) -> impl IntoView {
    let sites = competitors.into_iter().flat_map(|one| {
        let name = one.name;
        one.sites.into_iter().map(move |site| (name.clone(), site)).collect::<Vec<_>>()
    });
    let rows = sites
        .map(|(competitor, site)| {
            let paused = match site.paused_until {
                Some(until) => view! { <td class="caution">{format!("until {}", date_time(until))}</td> }.into_any(),
                None => view! { <td>{MISSING}</td> }.into_any(),
            };
            view! {
                <tr>
                    <th scope="row">
                        <span class="code">{site.origin}</span>
                        <small class="muted">{competitor}</small>
                    </th>
                    <td>{site.robots.unwrap_or_else(|| "not asked yet".to_owned())}</td>
                    <td class="numeric">{format!("{} ms", integer(site.gap_ms))}</td>
                    <td class="numeric">{integer(site.sent_today)}</td>
                    {paused}
                </tr>
            }
        })
        .collect::<Vec<_>>();
    if rows.is_empty() {
        return view! { <Empty text="The sites of your competitors will be here." /> }.into_any();
    }
    view! {
        <div class="table-frame" tabindex="0" role="region" aria-label="Sites">
            <table data-testid="sites">
                <thead>
                    <tr>
                        <th scope="col">"Site"</th>
                        <th scope="col">"robots.txt"</th>
                        <th scope="col" class="numeric">"Gap now kept"</th>
                        <th scope="col" class="numeric">"Requests today"</th>
                        <th scope="col">"Left alone"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}
