//! Who did what to a product.

use app_contract::AuditView;
use leptos::prelude::*;

use crate::components::empty::Empty;
use crate::formats::date_time;

/// The entries, newest first.
#[component]
pub fn AuditList(
    /// Newest first.
    rows: Vec<AuditView>,
) -> impl IntoView {
    if rows.is_empty() {
        return view! { <Empty text="Decisions and changes to this product will be listed here." /> }.into_any();
    }
    let rows = rows
        .into_iter()
        .map(|entry| {
            view! {
                <li>
                    <span class="muted">{date_time(entry.at)} " · " {entry.actor}</span>
                    <span>{entry.summary}</span>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="audit">{rows}</ul> }.into_any()
}
