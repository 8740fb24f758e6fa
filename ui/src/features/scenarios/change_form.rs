//! One change of a scenario: what changes, by how much, on which products.

use leptos::prelude::*;
use pricing_domain::GridFilter;

use super::product_filter::ProductFilter;
use super::rules_choice::RulesChoice;
use super::typed_change::{KINDS, TypedChange};
use crate::components::fields::{ChoiceInput, TextInput};
use crate::components::show::Show;

/// A number as text, with its unit.
#[component]
pub fn AmountInput(
    /// What it is.
    label: &'static str,
    /// To begin with.
    value: String,
    /// Shown after the field.
    #[prop(into)]
    unit: Signal<&'static str>,
    /// Shown while it is empty.
    #[prop(default = "")]
    placeholder: &'static str,
    /// Its name in tests.
    #[prop(default = "")]
    testid: &'static str,
    /// Called with every change.
    set: Callback<String>,
) -> impl IntoView {
    view! {
        <label class="field">
            <span>{label}</span>
            <span class="with-unit">
                <input
                    type="text"
                    inputmode="decimal"
                    class="numeric"
                    placeholder=placeholder
                    data-testid=testid
                    prop:value=value
                    on:input:target=move |event| set.run(event.target().value())
                />
                <span class="muted">{unit}</span>
            </span>
        </label>
    }
}

/// The fields of a change.
#[component]
pub fn ChangeForm(
    /// Its place among all.
    place: usize,
    /// All changes.
    changes: RwSignal<Vec<TypedChange>>,
) -> impl IntoView {
    let now = move || changes.with(|changes| changes.get(place).cloned().unwrap_or_default());
    let edit = move |change: fn(&mut TypedChange, String)| {
        Callback::new(move |text: String| {
            changes.update(|changes| {
                if let Some(typed) = changes.get_mut(place) {
                    change(typed, text);
                }
            });
        })
    };
    let kind = Memo::new(move |_| now().kind);
    let unit = Signal::derive(move || match kind.get().as_str() {
        "index" => "",
        "targets" => "points",
        _ => "%",
    });
    let start = untrack(now);
    let amount = StoredValue::new(start.amount);
    let is_unread = move || now().change().is_none();
    let only = Memo::new(move |_| now().only);
    let set_only = Callback::new(move |only: Vec<GridFilter>| {
        changes.update(|changes| {
            if let Some(typed) = changes.get_mut(place) {
                typed.only = only;
            }
        });
    });
    view! {
        <li class="scenario-change" class:unread=is_unread>
            <ChoiceInput
                label="What"
                value=kind
                choices=KINDS.to_vec()
                testid="change-kind"
                set=edit(|typed, text| typed.kind = text)
            />
            <Show when=move || TypedChange::has_amount(&kind.get())>
                <AmountInput
                    label="By how much"
                    value=amount.get_value()
                    unit=unit
                    testid="change-amount"
                    set=edit(|typed, text| typed.amount = text)
                />
            </Show>
            {move || further(&kind.get(), place, changes)}
            <Show when=move || TypedChange::has_products(&kind.get())>
                <ProductFilter only=only set=set_only />
            </Show>
            <button
                type="button"
                class="button small"
                on:click=move |_| changes.update(|changes| {
                    if place < changes.len() {
                        changes.remove(place);
                    }
                })
            >
                "Remove"
            </button>
        </li>
    }
}

/// What only some kinds have.
fn further(kind: &str, place: usize, changes: RwSignal<Vec<TypedChange>>) -> AnyView {
    let start = changes.with_untracked(|changes| changes.get(place).cloned().unwrap_or_default());
    let edit = move |change: fn(&mut TypedChange, String)| {
        Callback::new(move |text: String| {
            changes.update(|changes| {
                if let Some(typed) = changes.get_mut(place) {
                    change(typed, text);
                }
            });
        })
    };
    let percent = |label, value: String, placeholder, change: fn(&mut TypedChange, String)| {
        view! { <AmountInput label value unit="%" placeholder set=edit(change) /> }
    };
    let whose = |placeholder| {
        let value = start.competitor.clone();
        let set = edit(|typed, text| typed.competitor = text);
        view! { <TextInput label="Whose" value placeholder testid="change-competitor" set /> }
    };
    match kind {
        "competitor" => view! {
            {whose("everybody's")}
            {percent("Of so many of their prices", start.share.clone(), "100", |typed, text| typed.share = text)}
        }
        .into_any(),
        "index" => whose("a competitor").into_any(),
        "currency" => {
            percent("Paid in it, of the costs", start.share.clone(), "100", |typed, text| typed.share = text).into_any()
        }
        "promotion" => view! {
            <AmountInput
                label="For"
                value=start.weeks.clone()
                unit="weeks"
                set=edit(|typed, text| typed.weeks = text)
            />
            {percent("Sells beside the lower price", start.lift.clone(), "0", |typed, text| typed.lift = text)}
            {percent("Of the reduction, paid by the supplier", start.funding.clone(), "0", |typed, text| {
                typed.funding = text;
            })}
            {percent("Of the additional units, missing at others", start.cannibalised.clone(), "0", |typed, text| {
                typed.cannibalised = text;
            })}
        }
        .into_any(),
        "guardrails" => view! {
            {percent("Least margin", start.floor.clone(), "as it is", |typed, text| typed.floor = text)}
            {percent("Largest rise", start.step_up.clone(), "as it is", |typed, text| typed.step_up = text)}
            {percent("Largest cut", start.step_down.clone(), "as it is", |typed, text| typed.step_down = text)}
        }
        .into_any(),
        "rules" => {
            let chosen =
                Memo::new(move |_| changes.with(|changes| Some(changes.get(place)?.rules.as_ref()?.name.clone())));
            let set = Callback::new(move |rules| {
                changes.update(|changes| {
                    if let Some(typed) = changes.get_mut(place) {
                        typed.rules = Some(rules);
                    }
                });
            });
            view! { <RulesChoice chosen set /> }.into_any()
        }
        _ => ().into_any(),
    }
}
