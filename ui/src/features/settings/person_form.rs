//! By which name the person here acts.

use app_contract::SavePerson;
use leptos::ev;
use leptos::prelude::*;

use crate::components::toasts::Toasts;
use crate::session::Session;
use crate::writes::write;

/// The form.
#[component]
pub fn PersonForm() -> impl IntoView {
    let session = expect_context::<Session>();
    let toasts = expect_context::<Toasts>();
    let save = write::<SavePerson>(move |status| toasts.done(format!("You act as {} from now on.", status.person)));
    let known = Memo::new(move |_| session.known.with(|status| status.as_ref().map(|status| status.person.clone())));
    let name = RwSignal::new(untrack(|| known.get()).unwrap_or_default());
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        save.run(SavePerson { name: name.get_untracked() });
    };
    view! {
        <form class="form" on:submit=submit>
            <label class="field">
                <span>"Your name"</span>
                <input type="text" required maxlength="80" data-testid="person-name" bind:value=name />
            </label>
            <p class="muted">
                "The audit keeps it with everything you decide. Where two must approve, they are told apart by it."
            </p>
            <button type="submit" class="button primary" data-testid="save-person" disabled=save.pending()>"Save"</button>
        </form>
    }
}
