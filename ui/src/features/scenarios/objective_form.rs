//! What the best prices are best at, and within which limits.

use leptos::prelude::*;

use super::change_form::AmountInput;
use super::product_filter::ProductFilter;
use super::typed_objective::TypedObjective;
use crate::components::fields::{CheckInput, TextInput};

/// The fields.
#[component]
pub fn ObjectiveForm(
    /// What is typed.
    typed: RwSignal<TypedObjective>,
) -> impl IntoView {
    let start = typed.get_untracked();
    let edit = move |change: fn(&mut TypedObjective, String)| {
        Callback::new(move |text: String| typed.update(|typed| change(typed, text)))
    };
    let percent = |label, value: &str, placeholder, change: fn(&mut TypedObjective, String)| {
        view! { <AmountInput label value=value.to_owned() unit="%" placeholder set=edit(change) /> }
    };
    let plain = |label, value: &str, unit: &'static str, change: fn(&mut TypedObjective, String)| {
        view! { <AmountInput label value=value.to_owned() unit=unit set=edit(change) /> }
    };
    let clear_only = Memo::new(move |_| typed.with(|typed| typed.clear_only.clone()));
    view! {
        <fieldset class="objective" data-testid="scenario-objective">
            <legend>"Best at, what one of each counts"</legend>
            <div class="field-grid">
                {plain("Margin", &start.margin, "", |typed, text| typed.margin = text)}
                {plain("Revenue", &start.revenue, "", |typed, text| typed.revenue = text)}
                {plain("A unit sold", &start.units, "", |typed, text| typed.units = text)}
                {percent("No price moves further than", &start.step, "", |typed, text| typed.step = text)}
            </div>
        </fieldset>
        <fieldset class="objective">
            <legend>"Limits, in percent of before; empty: none"</legend>
            <div class="field-grid">
                {percent("Prices that change, at most", &start.changes, "none", |typed, text| typed.changes = text)}
                {percent("Price level, at most", &start.basket, "none", |typed, text| typed.basket = text)}
                {percent("Of each category, at most", &start.category, "none", |typed, text| typed.category = text)}
                {percent("Revenue, at least", &start.least_revenue, "none", |typed, text| {
                    typed.least_revenue = text;
                })}
                {percent("Margin, at least", &start.least_margin, "none", |typed, text| typed.least_margin = text)}
                {percent("Units, at least", &start.least_units, "none", |typed, text| typed.least_units = text)}
                <TextInput
                    label="Index against"
                    value=start.competitor.clone()
                    placeholder="nobody"
                    set=edit(|typed, text| typed.competitor = text)
                />
                <TextInput
                    label="Of the category"
                    value=start.index_category.clone()
                    placeholder="all"
                    set=edit(|typed, text| typed.index_category = text)
                />
                {plain("Index, at least", &start.index_from, "", |typed, text| typed.index_from = text)}
                {plain("Index, at most", &start.index_to, "", |typed, text| typed.index_to = text)}
            </div>
            <CheckInput
                label="Within a family, more content never costs less"
                value=start.families
                set=Callback::new(move |families| typed.update(|typed| typed.families = families))
            />
        </fieldset>
        <fieldset class="objective">
            <legend>"Stock that has to go; empty: none"</legend>
            <div class="field-grid">
                {plain("Within", &start.clear_weeks, "weeks", |typed, text| typed.clear_weeks = text)}
                {percent("What is left brings, of its cost", &start.salvage, "0", |typed, text| typed.salvage = text)}
            </div>
            <ProductFilter
                only=clear_only
                set=Callback::new(move |only| typed.update(|typed| typed.clear_only = only))
            />
        </fieldset>
    }
}
