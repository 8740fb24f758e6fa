//! What ran by itself today, and what needs a person.

use app_contract::{AutomationDigest, GetAutomationDigest};
use leptos::prelude::*;

use crate::components::facts::items;
use crate::components::reading::Reading;
use crate::reads::read;

/// The digest of a day.
#[component]
pub fn Digest() -> impl IntoView {
    let day = RwSignal::new(String::new());
    let digest = read(move || {
        let time_zone = crate::formats::time_zone();
        Some(GetAutomationDigest { day: day.get().parse().ok(), time_zone })
    });
    view! {
        <label class="field inline">
            <span>"Day"</span>
            <input type="date" data-testid="digest-day" bind:value=day />
        </label>
        <Reading
            from=digest
            lines=4
            show=|digest: AutomationDigest| {
                let words = items(digest.words);
                view! {
                    <p class="muted">{format!("{} ({})", digest.day, digest.time_zone)}</p>
                    <ul data-testid="digest">{words}</ul>
                }
            }
        />
    }
}
