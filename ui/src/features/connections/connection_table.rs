//! Every connection with what it may do and what became of its newest task.

use app_contract::ConnectionView;
use leptos::prelude::*;

use super::Shown;
use crate::components::empty::Empty;
use crate::formats::{MISSING, age, integer};
use crate::words;

/// One line for each connection; a click opens it.
#[component]
pub fn ConnectionTable(
    /// The connections.
    connections: Vec<ConnectionView>,
    /// What the side panel shows.
    shown: RwSignal<Shown>,
) -> impl IntoView {
    if connections.is_empty() {
        let text = "Your shops will be here: their catalogues come in, approved prices go out and are seen there before they \
                    count. Add one with the keys that its administration gives you.";
        return view! { <Empty text /> }.into_any();
    }
    let rows = connections.into_iter().map(|one| view! { <ConnectionRow one shown /> }).collect_view();
    view! {
        <div class="table-frame" tabindex="0" role="region" aria-label="Connections">
            <table>
                <thead>
                    <tr>
                        <th scope="col">"Connection"</th>
                        <th scope="col">"Kind"</th>
                        <th scope="col">"Prices of"</th>
                        <th scope="col">"May"</th>
                        <th scope="col" class="numeric">"Products"</th>
                        <th scope="col">"Last run"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// One connection.
#[component]
fn ConnectionRow(
    /// The connection.
    one: ConnectionView,
    /// What the side panel shows.
    shown: RwSignal<Shown>,
) -> impl IntoView {
    let id = one.id;
    let open = move || shown.get() == Shown::One(id);
    let may = one.facts.as_ref().map_or("not tested yet", |facts| words::rights(facts.may_read, facts.may_write));
    let products = one.facts.as_ref().and_then(|facts| facts.products).map_or_else(|| MISSING.to_owned(), integer);
    let list = if one.price_list_code.is_empty() { "all lists".to_owned() } else { one.price_list_code.clone() };
    let run = one.runs.first().cloned().map(|run| {
        let sign = if run.failed { "⚠ " } else { "" };
        let line = format!("{sign}{}, {}", words::connection_task(run.task), age(run.at));
        view! { <span class:caution=run.failed title=run.message.clone()>{line}</span> }
    });
    view! {
        <tr class:chosen=open>
            <th scope="row">
                <button
                    type="button"
                    class="link-button"
                    data-testid="connection"
                    aria-expanded=move || open().to_string()
                    on:click=move |_| shown.set(Shown::One(id))
                >
                    {one.name}
                </button>
                <small class="muted">{one.address}</small>
            </th>
            <td>{words::connection_kind(one.kind)}</td>
            <td>{list}</td>
            <td>{may}</td>
            <td class="numeric">{products}</td>
            <td>{run}</td>
        </tr>
    }
}
