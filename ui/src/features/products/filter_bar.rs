//! The filters in force, as chips that can be taken away, and the menu that adds one.

use leptos::prelude::*;
use pricing_domain::GridFilter;

use super::filter_menu::FilterMenu;
use super::filter_text::title;
use crate::components::icon::{Glyph, Icon};

/// The filters in force.
#[component]
pub fn FilterBar(
    /// Which they are.
    #[prop(into)]
    filters: Signal<Vec<GridFilter>>,
    /// Adds one.
    add: Callback<GridFilter>,
    /// Takes one away.
    remove: Callback<GridFilter>,
) -> impl IntoView {
    let chips = move || {
        filters
            .get()
            .into_iter()
            .map(|filter| {
                let words = title(&filter);
                let label = format!("Remove the filter {words}");
                view! {
                    <li class="chip">
                        <span>{words}</span>
                        <button type="button" aria-label=label on:click=move |_| remove.run(filter.clone())>
                            <Icon glyph=Glyph::Close />
                        </button>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <ul class="chips" aria-label="Filters in force">{chips}</ul>
        <FilterMenu filters add />
    }
}
