//! Says on every screen that publishing is stopped.

use leptos::prelude::*;

use crate::components::icon::{Glyph, Icon};
use crate::components::show::Show;
use crate::session::Session;

/// The banner, while publishing is stopped.
#[component]
pub fn StopBanner() -> impl IntoView {
    let session = expect_context::<Session>();
    view! {
        <Show when=move || session.stopped()>
            <div class="stop-banner" role="status" data-testid="stop-banner">
                <Icon glyph=Glyph::Stop />
                <p>
                    <strong>"Publishing is stopped. "</strong>
                    "No price leaves this program until the switch in the top bar allows it again."
                </p>
            </div>
        </Show>
    }
}
