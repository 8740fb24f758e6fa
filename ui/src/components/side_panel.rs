//! A panel at the right that is as wide as a person made it.

use leptos::ev;
use leptos::html;
use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use crate::storage::{recall, remember};

const WIDTH: &str = "panel-width";
const NARROWEST: f64 = 360.0;
const STEP: f64 = 24.0;

/// The remembered width of the panel, shared with those who draw for it.
pub fn remembered_width() -> f64 {
    recall(WIDTH).and_then(|text| text.parse().ok()).unwrap_or(520.0)
}

/// A panel with a heading and a handle to resize it.
#[component]
pub fn SidePanel(
    /// Its name for screen readers.
    #[prop(into)]
    label: Signal<String>,
    /// Its name in tests.
    #[prop(optional)]
    testid: &'static str,
    /// Its width in pixels; changes when a person lets go of the handle.
    width: RwSignal<f64>,
    /// Closes it.
    close: Callback<()>,
    /// The heading.
    #[prop(into)]
    heading: ViewFn,
    /// The content.
    children: Children,
) -> impl IntoView {
    let moving = RwSignal::new(None::<f64>);
    let shown = move || moving.get().unwrap_or_else(|| width.get());
    let keep = move |pixels: f64| {
        let pixels = clamp(pixels);
        remember(WIDTH, &format!("{pixels:.0}"));
        width.set(pixels);
    };
    let handle = NodeRef::<html::Div>::new();
    let grab = move |event: ev::PointerEvent| {
        if let Some(handle) = handle.get_untracked() {
            let _ = handle.set_pointer_capture(event.pointer_id());
        }
        moving.set(Some(width.get_untracked()));
    };
    let drag = move |event: ev::PointerEvent| {
        if moving.get_untracked().is_some() {
            moving.set(Some(clamp(window_width() - f64::from(event.client_x()))));
        }
    };
    let release = move |_: ev::PointerEvent| {
        if let Some(pixels) = moving.get_untracked() {
            moving.set(None);
            keep(pixels);
        }
    };
    let on_handle_key = move |event: ev::KeyboardEvent| {
        let change = match event.key().as_str() {
            "ArrowLeft" => STEP,
            "ArrowRight" => -STEP,
            _ => return,
        };
        event.prevent_default();
        keep(width.get_untracked() + change);
    };
    let on_key = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" {
            event.stop_propagation();
            close.run(());
        }
    };
    view! {
        <aside
            class="side-panel"
            aria-label=label
            data-testid=testid
            style:width=move || format!("{}px", shown())
            on:keydown=on_key
        >
            <div
                class="side-panel-handle"
                node_ref=handle
                role="separator"
                tabindex="0"
                aria-label="Width of the panel"
                aria-orientation="vertical"
                aria-valuemin=NARROWEST.to_string()
                aria-valuemax=move || format!("{:.0}", clamp(f64::MAX))
                aria-valuenow=move || format!("{:.0}", shown())
                on:pointerdown=grab
                on:pointermove=drag
                on:pointerup=release
                on:keydown=on_handle_key
            ></div>
            <header class="side-panel-head">
                <div class="side-panel-heading">{move || heading.run()}</div>
                <button
                    type="button"
                    class="button icon-only quiet"
                    data-testid="detail-close"
                    aria-label="Close the panel"
                    on:click=move |_| close.run(())
                >
                    <Icon glyph=Glyph::Close />
                </button>
            </header>
            <div class="side-panel-body" tabindex="0" role="region" aria-label=label>{children()}</div>
        </aside>
    }
}

fn clamp(pixels: f64) -> f64 {
    pixels.clamp(NARROWEST, (window_width() * 0.7).max(NARROWEST))
}

fn window_width() -> f64 {
    window().inner_width().ok().and_then(|width| width.as_f64()).unwrap_or(1024.0)
}
