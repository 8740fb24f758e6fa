//! What went wrong in one part of a screen, with the way to try again. The rest of the screen stays usable.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};

/// An error in place of a panel's content.
#[component]
pub fn ErrorNotice(
    /// What happened and what to do.
    message: String,
    /// Tries again.
    again: Callback<()>,
) -> impl IntoView {
    view! {
        <div class="notice error" role="alert">
            <Icon glyph=Glyph::Warning />
            <p>{message}</p>
            <button type="button" class="button" on:click=move |_| again.run(())>"Try again"</button>
        </div>
    }
}
