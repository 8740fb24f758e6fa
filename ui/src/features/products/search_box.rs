//! The search box of a grid: what is typed reaches the address a moment after the last key.

use std::time::Duration;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;

use crate::components::icon::{Glyph, Icon};

/// Long enough for two keys struck at once; the answer takes milliseconds, so that more would only be waited for.
const PAUSE: Duration = Duration::from_millis(20);

/// A search box.
#[component]
pub fn SearchBox(
    /// What is searched for now.
    #[prop(into)]
    value: Signal<String>,
    /// Called with what is to be searched for.
    search: Callback<String>,
    /// What can be searched.
    label: &'static str,
    /// Its name in tests.
    testid: &'static str,
) -> impl IntoView {
    let typed = RwSignal::new(None::<String>);
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let cancel = move || {
        if let Some(timer) = timer.get_value() {
            timer.clear();
        }
    };
    let type_text = move |text: String| {
        typed.set(Some(text.clone()));
        cancel();
        timer.set_value(set_timeout_with_handle(move || search.run(text), PAUSE).ok());
    };
    on_cleanup(move || {
        if let Some(Some(timer)) = timer.try_get_value() {
            timer.clear();
        }
    });
    view! {
        <label class="search-box">
            <span class="visually-hidden">{label}</span>
            <Icon glyph=Glyph::Search />
            <input
                type="search"
                placeholder=label
                data-testid=testid
                prop:value=move || typed.get().unwrap_or_else(|| value.get())
                on:input:target=move |event| type_text(event.target().value())
                on:blur=move |_| typed.set(None)
            />
        </label>
    }
}
