//! Whether there is a network. Everything but collecting works without one.

use leptos::ev;
use leptos::prelude::*;

/// “online” or “offline”.
#[component]
pub fn NetworkState() -> impl IntoView {
    let online = RwSignal::new(window().navigator().on_line());
    let came = window_event_listener(ev::online, move |_| online.set(true));
    let went = window_event_listener(ev::offline, move |_| online.set(false));
    on_cleanup(move || {
        came.remove();
        went.remove();
    });
    let hint = move || match online.get() {
        true => "There is a network: competitor pages can be collected.",
        false => "No network: collecting waits, everything else works.",
    };
    view! {
        <span class="network" class:offline=move || !online.get() role="status" data-testid="network-state" title=hint>
            <span class="dot" aria-hidden="true"></span>
            {move || if online.get() { "online" } else { "offline" }}
        </span>
    }
}
