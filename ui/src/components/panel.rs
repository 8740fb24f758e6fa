//! A titled part of a screen.

use leptos::prelude::*;

/// A card with a heading.
#[component]
pub fn Panel(
    /// The heading.
    #[prop(into)]
    title: String,
    /// Controls beside the heading.
    #[prop(optional, into)]
    aside: ViewFn,
    /// The content.
    children: Children,
) -> impl IntoView {
    view! {
        <section class="panel">
            <header class="panel-head">
                <h2>{title}</h2>
                {aside.run()}
            </header>
            <div class="panel-body">{children()}</div>
        </section>
    }
}
