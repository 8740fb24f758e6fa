//! What price lists are for.

use app_contract::{PriceListView, SavePriceList};
use leptos::ev;
use leptos::prelude::*;
use pricing_domain::PriceListSettings;

use crate::components::fields::NumberInput;
use crate::components::toasts::Toasts;
use crate::features::settings::list_part_form::ListPartForm;
use crate::writes::write;

/// All lists, each with its form.
#[component]
pub fn PriceListsForm(
    /// The default one first.
    lists: Vec<PriceListView>,
) -> impl IntoView {
    if lists.is_empty() {
        return view! { <p class="muted">"Price lists come with the first file of prices."</p> }.into_any();
    }
    let open = lists.len() == 1;
    lists.into_iter().map(|list| view! { <ListForm list open /> }).collect_view().into_any()
}

#[component]
fn ListForm(
    /// As it is.
    list: PriceListView,
    /// Whether the form is open from the start.
    open: bool,
) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let save = write::<SavePriceList>(move |_| toasts.done("Saved."));
    let settings = list.settings;
    let [name, country, zone, channel, stores, customers, clock] = [
        settings.name,
        settings.country,
        settings.zone,
        settings.channel,
        settings.store_group,
        settings.customer_group,
        settings.time_zone,
    ]
    .map(RwSignal::new);
    let step = settings.cash_step_minor;
    let cash = StoredValue::new(step.max(1));
    let labels = StoredValue::new(settings.labels_per_day);
    let (price_list, was_default) = (list.id, list.is_default);
    let is_default = RwSignal::new(was_default);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let settings = PriceListSettings {
            name: name.get_untracked(),
            country: country.get_untracked(),
            zone: zone.get_untracked(),
            channel: channel.get_untracked(),
            store_group: stores.get_untracked(),
            customer_group: customers.get_untracked(),
            time_zone: clock.get_untracked(),
            cash_step_minor: cash.get_value(),
            labels_per_day: labels.get_value(),
        };
        save.run(SavePriceList { price_list, settings, is_default: is_default.get_untracked() });
    };
    let prices = match list.tax_mode {
        pricing_domain::TaxMode::Gross => "with VAT",
        pricing_domain::TaxMode::Net => "without VAT",
    };
    let part = list.part.is_none().then(|| view! { <ListPartForm base=list.id /> });
    let summary = move || format!("{} · {} · prices in {} {prices}", list.code, name.get(), list.currency);
    view! {
        <details class="stated" open=open>
            <summary data-testid="price-list-summary">{summary}</summary>
            <form class="form" on:submit=submit>
                <TextField label="Name" value=name testid="price-list-name" />
                <TextField label="Country, two letters; empty for everywhere" value=country testid="price-list-country" />
                <TextField label="Time zone, by which its prices begin and end" value=clock testid="price-list-clock" />
                <TextField label="Zone" value=zone testid="price-list-zone" />
                <TextField label="Channel" value=channel testid="price-list-channel" />
                <TextField label="Store group" value=stores testid="price-list-stores" />
                <TextField label="Customer group" value=customers testid="price-list-customers" />
                <NumberInput
                    label="Cash rounding: prices are whole multiples of; empty for any price"
                    value=Some(step).filter(|step| *step > 1)
                    digits=list.currency.minor_digits()
                    unit="in the list's currency"
                    optional=true
                    testid="price-list-cash"
                    set=Callback::new(move |step: Option<i64>| cash.set_value(step.unwrap_or(1).max(1)))
                />
                <NumberInput
                    label="Labels: at most so many prices change a day, the most valuable first; empty for any number"
                    value=settings.labels_per_day.map(i64::from)
                    digits=0
                    optional=true
                    testid="price-list-labels"
                    set=Callback::new(move |most: Option<i64>| {
                        labels.set_value(most.and_then(|most| u32::try_from(most).ok()).filter(|most| *most > 0));
                    })
                />
                <label class="choice">
                    <input type="checkbox" disabled=was_default bind:checked=is_default />
                    <span>"Shown first; files that name no list are for it"</span>
                </label>
                <button type="submit" class="button primary" data-testid="save-price-list" disabled=save.pending()>"Save"</button>
            </form>
            {part}
        </details>
    }
}

#[component]
fn TextField(
    /// What it is.
    label: &'static str,
    /// What is typed.
    value: RwSignal<String>,
    /// For tests.
    testid: &'static str,
) -> impl IntoView {
    view! {
        <label class="field">
            <span>{label}</span>
            <input type="text" maxlength="80" data-testid=testid bind:value=value />
        </label>
    }
}
