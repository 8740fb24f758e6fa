//! Who did what.

use app_contract::{AuditPage, ListAudit};
use leptos::prelude::*;

use crate::components::empty::Empty;
use crate::components::reading::Reading;
use crate::formats::{date_time, integer};
use crate::reads::read;

const AT_ONCE: u32 = 50;

/// The audit, a page at a time.
#[component]
pub fn Audit() -> impl IntoView {
    let offset = RwSignal::new(0u64);
    let page = read(move || Some(ListAudit { since: None, offset: offset.get(), limit: AT_ONCE }));
    view! { <Reading from=page lines=6 show=move |page| view! { <AuditTable page offset /> } /> }
}

/// One page of the audit.
#[component]
fn AuditTable(
    /// Newest first.
    page: AuditPage,
    /// Where the page begins.
    offset: RwSignal<u64>,
) -> impl IntoView {
    if page.matching == 0 {
        return view! { <Empty text="Everything that is done will be listed here, with who did it." /> }.into_any();
    }
    let first = offset.get_untracked();
    let end = first + page.rows.len() as u64;
    let rows = page
        .rows
        .into_iter()
        .map(|entry| {
            view! {
                <tr>
                    <td>{date_time(entry.at)}</td>
                    <td>{entry.actor}</td>
                    <td class="code">{entry.operation}</td>
                    <td>{entry.summary}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="table-frame" tabindex="0" role="region" aria-label="Audit">
            <table>
                <thead>
                    <tr>
                        <th scope="col">"When"</th>
                        <th scope="col">"Who"</th>
                        <th scope="col">"Operation"</th>
                        <th scope="col">"What"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <div class="actions">
            <span class="count">{format!("{}–{} of {}", integer(first + 1), integer(end), integer(page.matching))}</span>
            <button
                type="button"
                class="button small"
                disabled=first == 0
                on:click=move |_| offset.set(first.saturating_sub(u64::from(AT_ONCE)))
            >
                "Newer"
            </button>
            <button type="button" class="button small" disabled=end >= page.matching on:click=move |_| offset.set(end)>
                "Older"
            </button>
        </div>
    }
    .into_any()
}
