//! Lists of two values a line: bands, steps, weights.

use leptos::prelude::*;

use crate::components::icon::{Glyph, Icon};

/// A list of pairs of texts, with a way to add and to take away. Only lists of which every line can be read are told.
#[component]
pub fn PairsForm(
    /// To begin with.
    pairs: Vec<(String, String)>,
    /// What the two are.
    titles: (&'static str, &'static str),
    /// What a new line begins with.
    beginning: (&'static str, &'static str),
    /// Takes a list; `false`: some line of it cannot be read.
    set: Callback<Vec<(String, String)>, bool>,
) -> impl IntoView {
    let lines = RwSignal::new(pairs.into_iter().enumerate().collect::<Vec<(usize, (String, String))>>());
    let next = StoredValue::new(lines.with_untracked(Vec::len));
    let wrong = RwSignal::new(false);
    let tell = move || {
        let pairs = lines.with_untracked(|lines| lines.iter().map(|(_, pair)| pair.clone()).collect());
        wrong.set(!set.run(pairs));
    };
    let edit = move |key: usize, change: &dyn Fn(&mut (String, String))| {
        lines.update_untracked(|lines| {
            if let Some((_, pair)) = lines.iter_mut().find(|(one, _)| *one == key) {
                change(pair);
            }
        });
        tell();
    };
    let add = move |_| {
        let key = next.get_value();
        next.set_value(key + 1);
        lines.update(|lines| lines.push((key, (beginning.0.to_owned(), beginning.1.to_owned()))));
        tell();
    };
    let remove = move |key: usize| {
        lines.update(|lines| lines.retain(|(one, _)| *one != key));
        tell();
    };
    let shown = move || {
        lines
            .get()
            .into_iter()
            .map(|(key, (first, second))| {
                view! {
                    <li>
                        <input
                            type="text"
                            aria-label=titles.0
                            prop:value=first
                            on:input:target=move |event| {
                                let text = event.target().value();
                                edit(key, &|pair| pair.0.clone_from(&text));
                            }
                        />
                        <input
                            type="text"
                            aria-label=titles.1
                            prop:value=second
                            on:input:target=move |event| {
                                let text = event.target().value();
                                edit(key, &|pair| pair.1.clone_from(&text));
                            }
                        />
                        <button
                            type="button"
                            class="button icon-only quiet"
                            aria-label="Remove this line"
                            on:click=move |_| remove(key)
                        >
                            <Icon glyph=Glyph::Close />
                        </button>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <div class="pairs" class:wrong=wrong>
            <p class="pairs-head muted"><span>{titles.0}</span><span>{titles.1}</span></p>
            <ul>{shown}</ul>
            <p class="negative" role="status">{move || wrong.get().then_some("Some line cannot be read; the rule keeps its last readable lines.")}</p>
            <button type="button" class="button small" on:click=add>"Add a line"</button>
        </div>
    }
}
