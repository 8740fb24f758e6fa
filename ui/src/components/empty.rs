//! What will be here, and the one action that fills it.

use leptos::prelude::*;

/// An empty state.
#[component]
pub fn Empty(
    /// What will be here.
    #[prop(into)]
    text: String,
    /// The action that fills it.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <p>{text}</p>
            {children.map(|children| children())}
        </div>
    }
}
