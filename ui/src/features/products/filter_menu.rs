//! The menu that adds a filter.

use leptos::prelude::*;
use pricing_domain::GridFilter;

use super::filter_text::{WORDED, offered, title};
use crate::components::icon::Glyph;
use crate::components::menu::Menu;

/// “Filter” with what can be filtered by.
#[component]
pub fn FilterMenu(
    /// What is filtered by already.
    filters: Signal<Vec<GridFilter>>,
    /// Adds a filter.
    add: Callback<GridFilter>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let take = Callback::new(move |filter: GridFilter| {
        open.set(false);
        add.run(filter);
    });
    let items = move || {
        offered()
            .filter(|filter| !filters.get().contains(filter))
            .map(|filter| {
                let words = title(&filter);
                let testid = format!("filter-{}", filter.to_string().replace(':', "-"));
                view! {
                    <button type="button" class="menu-item" data-testid=testid on:click=move |_| take.run(filter.clone())>
                        {words}
                    </button>
                }
            })
            .collect_view()
    };
    view! {
        <Menu label="Filter" glyph=Glyph::Add testid="filter-add" open>
            <WordFilter take />
            {items()}
        </Menu>
    }
}

/// A filter that needs a word.
#[component]
fn WordFilter(
    /// Takes the filter.
    take: Callback<GridFilter>,
) -> impl IntoView {
    let kind = RwSignal::new(WORDED[0].0.to_owned());
    let word = RwSignal::new(String::new());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if let Ok(filter) = format!("{}:{}", kind.get_untracked(), word.get_untracked().trim()).parse() {
            take.run(filter);
        }
    };
    let form = move || {
        let known = kind.with(|kind| WORDED.into_iter().find(|(key, ..)| key == kind));
        known.map(|(.., example)| example).filter(|example| !example.is_empty()).unwrap_or("exactly…")
    };
    let kinds = WORDED.map(|(key, words, _)| view! { <option value=key>{words}</option> });
    view! {
        <form class="word-filter" on:submit=submit>
            <select aria-label="Filter by" bind:value=kind>{kinds}</select>
            <input type="text" aria-label="Exactly" placeholder=form bind:value=word />
            <button type="submit" class="button">"Add"</button>
        </form>
    }
}
