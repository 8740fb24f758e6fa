//! The switch that blocks publishing and automation at once.

use app_contract::SetPublishingStop;
use leptos::prelude::*;

use crate::components::confirm::Confirm;
use crate::components::icon::{Glyph, Icon};
use crate::session::Session;
use crate::writes::write;

/// The stop switch. Stopping asks first; both directions take a reason.
#[component]
pub fn StopSwitch() -> impl IntoView {
    let session = expect_context::<Session>();
    let asking = RwSignal::new(false);
    let switch = write::<SetPublishingStop>(|_| {});
    let confirmed = Callback::new(move |reason: String| {
        let stopped = !session.stopped();
        switch.run(SetPublishingStop { stopped, reason });
    });
    let text = move || match session.stopped() {
        true => "Approved prices can be exported again, and rules may act again.",
        false => {
            "No price leaves this program until publishing is allowed again. Promotion ends and restores still run."
        }
    };
    let title = move || if session.stopped() { "Allow publishing again?" } else { "Stop publishing and automation?" };
    let verb = move || if session.stopped() { "Allow publishing" } else { "Stop publishing" };
    view! {
        <button
            type="button"
            class="button stop-switch"
            class:stopped=move || session.stopped()
            role="switch"
            aria-checked=move || session.stopped().to_string()
            aria-label="Publishing stopped"
            data-testid="stop-switch"
            on:click=move |_| asking.set(true)
        >
            <Icon glyph=Glyph::Stop />
            <span>{move || if session.stopped() { "Stopped" } else { "Stop" }}</span>
        </button>
        <Confirm
            open=asking
            title=Signal::derive(move || title().to_owned())
            text=Signal::derive(move || text().to_owned())
            verb=Signal::derive(move || verb().to_owned())
            confirmed
            testid="stop-confirm"
        />
    }
}
