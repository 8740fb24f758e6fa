//! The company's name, and how politely pages are collected.

use app_contract::{CollectionSettings, SaveSettings, SettingsView};
use leptos::ev;
use leptos::prelude::*;

use crate::components::toasts::Toasts;
use crate::writes::write;

/// The form.
#[component]
pub fn GeneralForm(
    /// As they are.
    settings: SettingsView,
) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let save = write::<SaveSettings>(move |_| toasts.done("Saved."));
    let company = RwSignal::new(settings.company);
    let delay = RwSignal::new(settings.collection.delay_ms.to_string());
    let interval = RwSignal::new(settings.collection.interval_hours.to_string());
    let timeout = RwSignal::new(settings.collection.timeout_seconds.to_string());
    let retries = RwSignal::new(settings.collection.retries.to_string());
    let pictures = RwSignal::new(settings.collection.fetch_pictures);
    let entered = move || {
        Some(CollectionSettings {
            delay_ms: delay.get_untracked().trim().parse().ok()?,
            interval_hours: interval.get_untracked().trim().parse().ok()?,
            timeout_seconds: timeout.get_untracked().trim().parse().ok()?,
            retries: retries.get_untracked().trim().parse().ok()?,
            fetch_pictures: pictures.get_untracked(),
        })
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        match entered() {
            Some(collection) => {
                save.run(SaveSettings { company: company.get_untracked(), collection });
            }
            None => toasts.error("Delay, interval, time limit and attempts are whole numbers."),
        }
    };
    view! {
        <form class="form" on:submit=submit>
            <label class="field">
                <span>"Company"</span>
                <input type="text" required maxlength="120" data-testid="setting-company" bind:value=company />
            </label>
            <NumberField label="Least time between two requests to one site, in milliseconds" value=delay max="600000" />
            <NumberField label="A page is due again after so many hours" value=interval max="8760" />
            <NumberField label="A page is given up after so many seconds" value=timeout max="600" />
            <NumberField label="Further attempts after a temporary failure" value=retries max="10" />
            <label class="choice">
                <input type="checkbox" data-testid="setting-pictures" bind:checked=pictures />
                <span>"Fetch pictures for match review: one more request to the shop for each match that you look at"</span>
            </label>
            <button type="submit" class="button primary" data-testid="save-settings" disabled=save.pending()>"Save"</button>
        </form>
    }
}

/// A field for a whole number.
#[component]
fn NumberField(
    /// What it is, with its unit.
    label: &'static str,
    /// What is typed.
    value: RwSignal<String>,
    /// At most.
    max: &'static str,
) -> impl IntoView {
    view! {
        <label class="field">
            <span>{label}</span>
            <input type="number" class="numeric" required min="0" max=max step="1" bind:value=value />
        </label>
    }
}
