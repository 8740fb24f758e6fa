//! Criteria that choose products: chips to take away, and one line to add another.

use leptos::prelude::*;

use crate::components::icon::{Glyph, Icon};
use crate::components::show::Show;

/// A kind of criterion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// Its key.
    pub key: &'static str,
    /// In words.
    pub words: &'static str,
    /// Whether a value belongs to it.
    pub has_value: bool,
    /// An example of its value.
    pub example: &'static str,
}

impl Kind {
    /// A kind with a value.
    pub const fn valued(key: &'static str, words: &'static str, example: &'static str) -> Self {
        Self { key, words, has_value: true, example }
    }

    /// A kind that says everything.
    pub const fn plain(key: &'static str, words: &'static str) -> Self {
        Self { key, words, has_value: false, example: "" }
    }
}

/// The criteria.
#[component]
pub fn Criteria(
    /// Those that hold, in words.
    #[prop(into)]
    chosen: Signal<Vec<String>>,
    /// What the chips are, for those who do not see them.
    label: &'static str,
    /// What can be chosen by.
    kinds: &'static [Kind],
    /// Begins the names of its parts in tests.
    testid: &'static str,
    /// Whether a kind and a value make a criterion.
    can_add: Callback<(String, String), bool>,
    /// Adds one.
    add: Callback<(String, String)>,
    /// Takes away the one in this place.
    remove: Callback<usize>,
) -> impl IntoView {
    let kind = RwSignal::new(kinds[0].key.to_owned());
    let value = RwSignal::new(String::new());
    let options = kinds.iter().map(|kind| view! { <option value=kind.key>{kind.words}</option> }).collect_view();
    let chosen_kind = Memo::new(move |_| kind.with(|key| kinds.iter().find(|kind| kind.key == key).copied()));
    let has_value = move || chosen_kind.get().is_some_and(|kind| kind.has_value);
    let example = move || chosen_kind.get().map_or("", |kind| kind.example);
    let add = move || {
        let made = (kind.get_untracked(), value.get_untracked());
        if can_add.run(made.clone()) {
            add.run(made);
            value.set(String::new());
        }
    };
    let chips = move || {
        let chosen = chosen.get().into_iter().enumerate();
        chosen.map(|(place, words)| view! { <Chip words place remove /> }).collect_view()
    };
    view! {
        <ul class="chips" aria-label=label>{chips}</ul>
        <div class="add-test">
            <select aria-label="Choose by" data-testid=format!("{testid}-kind") bind:value=kind>{options}</select>
            <Show when=has_value>
                <input
                    type="text"
                    aria-label="Value"
                    data-testid=format!("{testid}-value")
                    placeholder=example
                    bind:value=value
                    on:keydown=move |event| {
                        if event.key() == "Enter" {
                            event.prevent_default();
                            add();
                        }
                    }
                />
            </Show>
            <button
                type="button"
                class="button small"
                data-testid=format!("{testid}-add")
                disabled=move || !can_add.run((kind.get(), value.get()))
                on:click=move |_| add()
            >
                "Add"
            </button>
        </div>
    }
}

/// One that holds.
#[component]
fn Chip(
    /// In words.
    words: String,
    /// Its place.
    place: usize,
    /// Takes it away.
    remove: Callback<usize>,
) -> impl IntoView {
    let label = format!("Remove “{words}”");
    view! {
        <li class="chip">
            <span>{words}</span>
            <button type="button" aria-label=label on:click=move |_| remove.run(place)>
                <Icon glyph=Glyph::Close />
            </button>
        </li>
    }
}
