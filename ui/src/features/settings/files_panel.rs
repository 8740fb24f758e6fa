//! Where things are, how large they are, and closing the workspace.

use app_contract::{CloseWorkspace, SettingsView};
use leptos::prelude::*;

use crate::components::facts::{fact, fact_as};
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
        .map(|(name, count)| fact_as(capitalised(&name), integer(count), "numbers"))
        .collect_view();
    view! {
        <dl class="facts">
            {fact_as("Workspace", settings.location, "code address")}
            {fact("Size", bytes(settings.size_bytes))}
            {counts}
            {fact_as("Logs", settings.log_folder, "code address")}
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
