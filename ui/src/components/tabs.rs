//! Parts of a screen of which one is shown at a time.

use leptos::prelude::*;

/// Buttons, one for each part. The parts themselves are hidden or shown by the caller, so that what is typed in one stays
/// while another is looked at.
#[component]
pub fn Tabs(
    /// What the parts are of.
    label: &'static str,
    /// Their titles and names for tests.
    parts: &'static [(&'static str, &'static str)],
    /// The place of the one that is shown.
    #[prop(into)]
    shown: Signal<usize>,
    /// Shows another one.
    show: Callback<usize>,
) -> impl IntoView {
    let tab = move |(place, (title, testid)): (usize, &(&'static str, &'static str))| {
        view! {
            <button
                type="button"
                class="tab"
                aria-pressed=move || (shown.get() == place).to_string()
                data-testid=*testid
                on:click=move |_| show.run(place)
            >
                {*title}
            </button>
        }
    };
    let tabs = parts.iter().enumerate().map(tab).collect_view();
    view! { <div class="tabs" role="group" aria-label=label>{tabs}</div> }
}
