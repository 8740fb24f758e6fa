//! The command palette: go to a screen, find a product, do something.

mod entries;

use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

use crate::components::icon::Icon;
use entries::{Entry, use_entries};

/// The palette, as a dialog over the screen.
#[component]
pub fn Palette(
    /// Whether it is shown.
    open: RwSignal<bool>,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let input = NodeRef::<html::Input>::new();
    let text = RwSignal::new(String::new());
    let chosen = RwSignal::new(0usize);
    let entries = use_entries(text.into(), open.into());
    let navigate = use_navigate();
    Effect::new(move || {
        let Some(dialog) = dialog.get() else { return };
        match (open.get(), dialog.open()) {
            (true, false) => {
                dialog.show_modal().expect("the dialog is in the page");
                if let Some(input) = input.get_untracked() {
                    input.select();
                }
            }
            (false, true) => dialog.close(),
            _ => {}
        }
    });
    let run = StoredValue::new_local(move |entry: Entry| {
        open.set(false);
        text.set(String::new());
        chosen.set(0);
        entry.run(&navigate);
    });
    let on_key = move |event: ev::KeyboardEvent| {
        let count = entries.with(Vec::len);
        match event.key().as_str() {
            "ArrowDown" => chosen.update(|chosen| *chosen = (*chosen + 1).min(count.saturating_sub(1))),
            "ArrowUp" => chosen.update(|chosen| *chosen = chosen.saturating_sub(1)),
            "Enter" => {
                if let Some(entry) = entries.with(|entries| entries.get(chosen.get_untracked()).cloned()) {
                    run.with_value(|run| run(entry));
                }
            }
            _ => return,
        }
        event.prevent_default();
    };
    let rows = move || {
        entries
            .get()
            .into_iter()
            .enumerate()
            .map(|(place, entry)| {
                let (title, detail, glyph) = (entry.title.clone(), entry.detail.clone(), entry.glyph);
                view! {
                    <li
                        id=format!("palette-{place}")
                        class="palette-row"
                        role="option"
                        aria-selected=move || (chosen.get() == place).to_string()
                        on:click=move |_| run.with_value(|run| run(entry.clone()))
                    >
                        <Icon glyph />
                        <span>{title}</span>
                        <span class="muted">{detail}</span>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <dialog class="palette" node_ref=dialog aria-label="Search or do something" data-testid="palette" on:close=move |_| open.set(false)>
            <input
                type="search"
                node_ref=input
                role="combobox"
                aria-label="Screen, action, SKU or product name"
                aria-expanded="true"
                aria-controls="palette-list"
                aria-activedescendant=move || entries.with(|entries| !entries.is_empty()).then(|| format!("palette-{}", chosen.get()))
                placeholder="Screen, action, SKU or product name"
                data-testid="palette-input"
                prop:value=text
                on:input:target=move |event| {
                    text.set(event.target().value());
                    chosen.set(0);
                }
                on:keydown=on_key
            />
            <ul id="palette-list" role="listbox" aria-label="Results">{rows}</ul>
        </dialog>
    }
}
