//! When the circuit breaker holds a batch.

use app_contract::{CircuitBreakerSettings, SaveCircuitBreaker};
use leptos::ev;
use leptos::prelude::*;

use crate::components::fields::{CheckInput, NumberInput};
use crate::components::toasts::Toasts;
use crate::writes::write;

/// The form.
#[component]
pub fn BreakerForm(
    /// As they are.
    settings: CircuitBreakerSettings,
) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let save = write::<SaveCircuitBreaker>(move |_| toasts.done("Saved."));
    let held = RwSignal::new(settings);
    let percent = move |label, value: i32, change: fn(&mut CircuitBreakerSettings, i32)| {
        let set = Callback::new(move |value: Option<i64>| {
            if let Some(value) = value.and_then(|value| i32::try_from(value).ok()) {
                held.update(|settings| change(settings, value));
            }
        });
        view! { <NumberInput label value=Some(i64::from(value)) digits=2 unit="%" set /> }
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        save.run(SaveCircuitBreaker { settings: held.get_untracked() });
    };
    view! {
        <form class="form" on:submit=submit>
            <p class="muted">"A run that would do more than this waits as a whole until a person lets it go on."</p>
            <CheckInput
                label="Hold such runs"
                value=settings.enabled
                set=Callback::new(move |on| held.update(|settings| settings.enabled = on))
            />
            {percent("Products of a list that change in one direction", settings.share_bp, |held, value| held.share_bp = value)}
            {percent("… by more than", settings.change_bp, |held, value| held.change_bp = value)}
            {percent("Margin of the changed products falls by more than (points)", settings.margin_drop_bp, |held, value| held.margin_drop_bp = value)}
            {percent("… or below", settings.least_margin_bp, |held, value| held.least_margin_bp = value)}
            {percent("Prices of one competitor that move one way at once", settings.competitor_share_bp, |held, value| held.competitor_share_bp = value)}
            {percent("Competitor prices that are too old to count", settings.stale_share_bp, |held, value| held.stale_share_bp = value)}
            <button type="submit" class="button primary" data-testid="save-breaker" disabled=save.pending()>"Save"</button>
        </form>
    }
}
