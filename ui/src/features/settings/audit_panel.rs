//! Who did what.

use app_contract::{AuditPage, ListAudit};
use leptos::prelude::*;

use crate::components::empty::Empty;
use crate::components::reading::Reading;
use crate::components::table::{Column, TableShape, row};
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

const AUDIT: TableShape = TableShape::framed(
    "Audit",
    &[Column::text("When"), Column::text("Who"), Column::text("Operation").class("code"), Column::text("What")],
);

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
        .map(|entry| row![date_time(entry.at), entry.actor, entry.operation, entry.summary])
        .collect();
    view! {
        {AUDIT.with(rows)}
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
