//! The search box of a grid: the first key reaches the address at once, those that follow fast a moment later together.

use std::time::Duration;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;

use crate::components::icon::{Glyph, Icon};

/// Keys within this time after a search are searched for together.
const PAUSE: Duration = Duration::from_millis(40);

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
    let waiting = StoredValue::new(None::<String>);
    let type_text = move |text: String| {
        typed.set(Some(text.clone()));
        if timer.with_value(Option::is_some) {
            waiting.set_value(Some(text));
            return;
        }
        search.run(text);
        let rest = move || {
            timer.set_value(None);
            let mut later = None;
            waiting.update_value(|waiting| later = waiting.take());
            if let Some(later) = later {
                search.run(later);
            }
        };
        timer.set_value(set_timeout_with_handle(rest, PAUSE).ok());
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
