//! Why pages gave no price, by reason, with what to do.

use app_contract::FailureGroup;
use leptos::prelude::*;
use pricing_domain::ReadState;

use super::failure_list::FailureList;
use crate::components::empty::Empty;
use crate::components::show::Show;
use crate::formats::integer;
use crate::words::read_state;

/// The groups; one can be opened to its pages.
#[component]
pub fn Failures(
    /// Most frequent first.
    groups: Vec<FailureGroup>,
    /// The open group, which stays open when the figures change.
    open: RwSignal<Option<ReadState>>,
) -> impl IntoView {
    if groups.is_empty() {
        return view! { <Empty text="No page failed." /> }.into_any();
    }
    let rows = groups
        .into_iter()
        .map(|group| {
            let state = group.state;
            let is_open = move || open.get() == Some(state);
            let toggle = move |_| open.update(|open| *open = if *open == Some(state) { None } else { Some(state) });
            view! {
                <li class="failure" data-testid="failure-group" data-state=state.as_str()>
                    <button type="button" class="failure-head" aria-expanded=move || is_open().to_string() on:click=toggle>
                        <span class="numbers">{integer(group.count)}</span>
                        <strong>{read_state(state)}</strong>
                        <span class="muted">{group.advice}</span>
                    </button>
                    <Show when=is_open>
                        <FailureList state />
                    </Show>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="failures">{rows}</ul> }.into_any()
}
