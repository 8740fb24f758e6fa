//! Lets proposals wait until later, or wakes them.

use leptos::prelude::*;
use pricing_domain::Instant;

use crate::components::menu::Menu;

/// Words and days.
const TIMES: [(&str, i64); 4] =
    [("Until tomorrow", 1), ("For three days", 3), ("For a week", 7), ("For four weeks", 28)];

/// The menu.
#[component]
pub fn SnoozeMenu(
    /// Whether anything can be snoozed.
    #[prop(into)]
    enabled: Signal<bool>,
    /// Snoozes until a time; `None`: wakes.
    snooze: Callback<Option<Instant>>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let choose = move |until: Option<Instant>| {
        open.set(false);
        snooze.run(until);
    };
    let item = move |(words, days): (&'static str, i64)| {
        view! {
            <button
                type="button"
                class="menu-item"
                data-testid=format!("snooze-{days}")
                disabled=move || !enabled.get()
                on:click=move |_| choose(Some(crate::formats::now().plus_days(days)))
            >
                <span>{words}</span>
            </button>
        }
    };
    view! {
        <div class="menu">
            <Menu label="Snooze" testid="snooze" open>
                {TIMES.map(item)}
                <button
                    type="button"
                    class="menu-item"
                    data-testid="wake"
                    disabled=move || !enabled.get()
                    on:click=move |_| choose(None)
                >
                    <span>"Wake them"</span>
                </button>
            </Menu>
        </div>
    }
}
