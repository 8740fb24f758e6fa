//! A button that opens a small panel below itself.

use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::icon::{Glyph, Icon};
use super::show::Show;

/// A button with a panel. Escape, a click elsewhere, and `close` shut it.
#[component]
pub fn Menu(
    /// The button's words.
    #[prop(into)]
    label: Signal<String>,
    /// A picture before them.
    #[prop(optional)]
    glyph: Option<Glyph>,
    /// The button's name in tests.
    #[prop(optional)]
    testid: &'static str,
    /// Further classes of the button.
    #[prop(optional)]
    class: &'static str,
    /// Whether it is open.
    open: RwSignal<bool>,
    /// The panel.
    children: ChildrenFn,
) -> impl IntoView {
    let root = NodeRef::<html::Div>::new();
    let button = NodeRef::<html::Button>::new();
    let listener = window_event_listener(ev::pointerdown, move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
        let inside = root.get_untracked().is_some_and(|root| root.contains(target.as_ref()));
        if open.get_untracked() && !inside {
            open.set(false);
        }
    });
    on_cleanup(move || listener.remove());
    let on_key = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" && open.get_untracked() {
            event.stop_propagation();
            open.set(false);
            if let Some(button) = button.get_untracked() {
                let _ = button.focus();
            }
        }
    };
    view! {
        <div class="menu" node_ref=root on:keydown=on_key>
            <button
                type="button"
                class=format!("button {class}")
                node_ref=button
                data-testid=testid
                aria-expanded=move || open.get().to_string()
                on:click=move |_| open.update(|open| *open = !*open)
            >
                {glyph.map(|glyph| view! { <Icon glyph /> })}
                <span>{label}</span>
                <Icon glyph=Glyph::Down />
            </button>
            <Show when=move || open.get()>
                <div class="menu-panel">{children()}</div>
            </Show>
        </div>
    }
}
