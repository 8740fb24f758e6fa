//! Where things are, how large they are, and closing the workspace.

use app_contract::{CloseWorkspace, SettingsView};
use leptos::prelude::*;

use crate::formats::{bytes, integer};
use crate::writes::write;

/// The files.
#[component]
pub fn Files(
    /// As they are.
    settings: SettingsView,
) -> impl IntoView {
    let close = write::<CloseWorkspace>(|_| {});
    let counts = settings
        .counts
        .into_iter()
        .map(
            |(name, count)| view! { <div><dt>{capitalised(&name)}</dt><dd class="numbers">{integer(count)}</dd></div> },
        )
        .collect_view();
    view! {
        <dl class="facts">
            <div><dt>"Workspace"</dt><dd class="code address">{settings.location}</dd></div>
            <div><dt>"Size"</dt><dd>{bytes(settings.size_bytes)}</dd></div>
            {counts}
            <div><dt>"Logs"</dt><dd class="code address">{settings.log_folder}</dd></div>
        </dl>
        <button
            type="button"
            class="button"
            data-testid="close-workspace"
            on:click=move |_| { close.run(CloseWorkspace {}); }
        >
            "Close the workspace"
        </button>
    }
}

fn capitalised(name: &str) -> String {
    let mut letters = name.replace('_', " ").chars().collect::<Vec<_>>();
    if let Some(first) = letters.first_mut() {
        *first = first.to_ascii_uppercase();
    }
    letters.into_iter().collect()
}
