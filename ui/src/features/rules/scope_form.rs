//! The tests that choose a rule's products: chips to take away, and one line to add another.

use leptos::prelude::*;
use pricing_domain::Scope;

use super::rule_words;
use super::scope_choices::{Given, KINDS, test_of};
use crate::components::icon::{Glyph, Icon};

/// The tests of a scope.
#[component]
pub fn ScopeForm(
    /// The scope.
    #[prop(into)]
    scope: Signal<Scope>,
    /// Called with the scope that stands in its place.
    set: Callback<Scope>,
) -> impl IntoView {
    let remove = move |place: usize| {
        let mut scope = scope.get_untracked();
        scope.0.remove(place);
        set.run(scope);
    };
    let chips = move || {
        let tests = scope.get().0.into_iter().enumerate();
        tests
            .map(|(place, test)| {
                let words = rule_words::test(&test);
                let label = format!("Remove “{words}”");
                view! {
                    <li class="chip">
                        <span>{words}</span>
                        <button type="button" aria-label=label on:click=move |_| remove(place)>
                            <Icon glyph=Glyph::Close />
                        </button>
                    </li>
                }
            })
            .collect_view()
    };
    let every = move || scope.with(|scope| scope.0.is_empty()).then_some("Every product");
    view! {
        <p class="muted scope-every">{every}</p>
        <ul class="chips" aria-label="All of these hold">{chips}</ul>
        <AddTest scope set />
    }
}

/// Adds a test.
#[component]
fn AddTest(
    /// The scope.
    scope: Signal<Scope>,
    /// Called with the scope that has the test too.
    set: Callback<Scope>,
) -> impl IntoView {
    let kind = RwSignal::new(KINDS[0].0.to_owned());
    let value = RwSignal::new(String::new());
    let given = Memo::new(move |_| {
        kind.with(|kind| KINDS.iter().find(|(key, ..)| key == kind))
            .map_or((Given::Nothing, ""), |kind| (kind.2, kind.3))
    });
    let test = move || test_of(&kind.get(), &value.get());
    let add = move || {
        if let Some(test) = untrack(test) {
            let mut scope = scope.get_untracked();
            if !scope.0.contains(&test) {
                scope.0.push(test);
                set.run(scope);
            }
            value.set(String::new());
        }
    };
    let options = KINDS.map(|(key, words, ..)| view! { <option value=key>{words}</option> });
    view! {
        <div class="add-test">
            <select aria-label="Choose by" data-testid="scope-kind" bind:value=kind>{options}</select>
            <Show when=move || given.get().0 != Given::Nothing>
                <input
                    type="text"
                    aria-label="Value"
                    data-testid="scope-value"
                    placeholder=move || given.get().1
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
                data-testid="scope-add"
                disabled=move || test().is_none()
                on:click=move |_| add()
            >
                "Add"
            </button>
        </div>
    }
}
