//! What no rule can cross, price endings, and what needs a person.

use leptos::prelude::*;
use pricing_domain::{
    BasisPoints, Ceiling, ChannelFee, CostType, FamilyLaw, PriceFloor, RuleSet, ScopedCeiling, SoftGuardrail,
};

use super::desk::RuleDesk;
use super::ending_form::EndingForm;
use super::floor_form::FloorForm;
use super::pace_form::PaceForm;
use super::scoped_form::ScopedForm;
use crate::components::fields::{CheckInput, ChoiceInput, NumberInput};

/// Costs that a margin can be about: key and words.
const COSTS: [(&str, &str); 5] = [
    ("", "the product's latest cost"),
    ("invoice", "the invoice cost"),
    ("landed", "the landed cost"),
    ("net_net", "the net-net cost"),
    ("replacement", "the replacement cost"),
];

/// The form.
#[component]
pub fn GuardrailForm() -> impl IntoView {
    let desk = expect_context::<RuleDesk>();
    let Some(rules) = untrack(|| desk.rules()) else { return ().into_any() };
    let guardrails = rules.guardrails.clone();
    let cost_type = Signal::derive(move || {
        let rules = desk.rules();
        rules.and_then(|rules| rules.guardrails.cost_type).map(|kind| kind.as_str().to_owned()).unwrap_or_default()
    });
    let ceiling = guardrails.ceiling.and_then(|ceiling| match ceiling {
        Ceiling::OfRecommended(share) => Some(i64::from(share.0)),
        Ceiling::AmountMinor(_) | Ceiling::OfCompetitors(_) => None,
    });
    let share = move |change: fn(&mut RuleSet, Option<BasisPoints>)| {
        Callback::new(move |value: Option<i64>| {
            let value = value.and_then(|value| i32::try_from(value).ok()).map(BasisPoints);
            desk.edit(|rules| change(rules, value));
        })
    };
    view! {
        <div class="rule-form form" data-testid="guardrail-form">
            <fieldset>
                <legend>"Floors: the first that matches a product holds"</legend>
                <ChoiceInput
                    label="Margins are about"
                    value=cost_type
                    choices=COSTS.to_vec()
                    set=Callback::new(move |key: String| {
                        desk.edit(|rules| rules.guardrails.cost_type = key.parse::<CostType>().ok());
                    })
                />
                <FloorForm />
                <ScopedForm<PriceFloor> />
                <CheckInput
                    label="No cut where no cost is known"
                    value=guardrails.no_cut_without_cost
                    set=Callback::new(move |on| desk.edit(|rules| rules.guardrails.no_cut_without_cost = on))
                />
            </fieldset>
            <fieldset>
                <legend>"Ceilings: every one that matches a product holds"</legend>
                <NumberInput
                    label="At most so much of the recommended price"
                    value=ceiling
                    digits=2
                    unit="%"
                    optional=true
                    set=share(|rules, value| rules.guardrails.ceiling = value.map(Ceiling::OfRecommended))
                />
                <ScopedForm<ScopedCeiling> />
            </fieldset>
            <fieldset>
                <legend>"What a channel keeps: floors are what is left after it"</legend>
                <ScopedForm<ChannelFee> />
            </fieldset>
            <fieldset>
                <legend>"How fast prices move"</legend>
                <PaceForm />
            </fieldset>
            <fieldset>
                <legend>"Limits that only warn: they never change a price"</legend>
                <ScopedForm<SoftGuardrail> />
            </fieldset>
            <fieldset>
                <legend>"Approval"</legend>
                <NumberInput
                    label="A change of more than this needs a person"
                    value=rules.approval_limit.map(|limit| i64::from(limit.0))
                    digits=2
                    unit="%"
                    optional=true
                    set=share(|rules, value| rules.approval_limit = value)
                />
            </fieldset>
            <fieldset>
                <legend>"Families: the first that matches a product holds"</legend>
                <ScopedForm<FamilyLaw> />
            </fieldset>
            <fieldset>
                <legend>"Price endings"</legend>
                <EndingForm />
            </fieldset>
        </div>
    }
    .into_any()
}
