//! Says that the circuit breaker holds the batch, why, and lets a person let it go on.

use app_contract::{BatchView, ReleaseBatch};
use leptos::prelude::*;

use crate::components::confirm::Confirm;
use crate::components::icon::{Glyph, Icon};
use crate::components::show::Show;
use crate::components::toasts::Toasts;
use crate::formats::counted;
use crate::writes::write;

/// The banner, while the batch waits as a whole.
#[component]
pub fn HeldBanner(
    /// The newest batch.
    #[prop(into)]
    batch: Signal<Option<BatchView>>,
) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let release = write::<ReleaseBatch>(move |()| toasts.done("The batch may go on: its proposals can be approved."));
    let asked = RwSignal::new(false);
    let reasons =
        Memo::new(move |_| batch.with(|batch| batch.as_ref().map_or(Vec::new(), |batch| batch.held_for.clone())));
    let waiting = move || batch.with(|batch| batch.as_ref().map_or(0, |batch| batch.pending_changes));
    let text = move || {
        format!("{} can then be approved and handed over.", counted(waiting(), "ordinary change", "ordinary changes"))
    };
    let confirmed = Callback::new(move |reason| {
        release.run(ReleaseBatch { reason });
    });
    view! {
        <Show when=move || !reasons.with(Vec::is_empty)>
            <div class="notice held" role="status" data-testid="held-banner">
                <Icon glyph=Glyph::Warning />
                <div>
                    <strong>"The circuit breaker holds this batch."</strong>
                    <ul>{move || reasons.get().into_iter().map(|reason| view! { <li>{reason}</li> }).collect_view()}</ul>
                </div>
                <button type="button" class="button" data-testid="release-batch" on:click=move |_| asked.set(true)>
                    "Let it go on…"
                </button>
            </div>
        </Show>
        <Confirm
            open=asked
            title="Let this batch go on?"
            text=Signal::derive(text)
            verb="Let it go on"
            confirmed
            testid="confirm-release"
        />
    }
}
