//! The newest collections.

use app_contract::CollectionRun;
use leptos::prelude::*;

use crate::components::empty::Empty;
use crate::formats::{date_time, duration, integer};

/// One line for each, newest first.
#[component]
pub fn RunsTable(
    /// Newest first.
    runs: Vec<CollectionRun>,
) -> impl IntoView {
    if runs.is_empty() {
        return view! { <Empty text="Each collection will be listed here with what it read." /> }.into_any();
    }
    let rows = runs
        .into_iter()
        .map(|run| {
            let took = run.finished_at.map(|end| ((end.0 - run.started_at.0) / 1_000_000).max(0) as u64);
            let state = match (took, run.cancelled) {
                (_, true) => "cancelled, what was read is kept".to_owned(),
                (Some(seconds), false) => format!("took {}", duration(seconds)),
                (None, false) => "not finished".to_owned(),
            };
            view! {
                <tr>
                    <th scope="row">{date_time(run.started_at)}</th>
                    <td class="numeric">{integer(run.pages)}</td>
                    <td class="numeric">{integer(run.prices)}</td>
                    <td class="numeric">{integer(run.moved)}</td>
                    <td class="numeric">{integer(run.failed)}</td>
                    <td>{state}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="table-frame" tabindex="0" role="region" aria-label="Newest collections">
            <table>
                <thead>
                    <tr>
                        <th scope="col">"Started"</th>
                        <th scope="col" class="numeric">"Pages"</th>
                        <th scope="col" class="numeric">"Prices"</th>
                        <th scope="col" class="numeric">"Moved"</th>
                        <th scope="col" class="numeric">"No price"</th>
                        <th scope="col">"State"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}
