//! One rule as a form: its name, its products, its strategy and what stands in for a missing input.

use leptos::prelude::*;
use pricing_domain::Strategy;
use pricing_rules::Expects;

use super::desk::RuleDesk;
use super::expression_input::ExpressionInput;
use super::places::RulePlace;
use super::scope_form::ScopeForm;
use super::strategy_form::StrategyForm;
use crate::components::fields::{CheckInput, TextInput};

/// The form of the rule at a place.
#[component]
pub fn RuleForm(
    /// Its place.
    place: RulePlace,
) -> impl IntoView {
    let desk = expect_context::<RuleDesk>();
    let Some(rule) = untrack(|| desk.rules()).and_then(|rules| place.rule(&rules).cloned()) else {
        return ().into_any();
    };
    let scope = Signal::derive(move || {
        desk.rules().and_then(|rules| place.rule(&rules).map(|rule| rule.scope.clone())).unwrap_or_default()
    });
    let has_fallback = Memo::new(move |_| {
        desk.rules().and_then(|rules| place.rule(&rules).map(|rule| rule.fallback.is_some())).unwrap_or(false)
    });
    let is_group = !rule.rules.is_empty();
    let grouped = is_group.then(|| {
        view! {
            <p class="muted">
                "A group: its rules are asked in order where this holds. When none of them gives a price, the price below \
                does, or the next rule is asked."
            </p>
        }
    });
    let grouping = match (is_group, place.inner) {
        (true, None) => view! {
            <button
                type="button"
                class="button small"
                data-testid="add-to-group"
                on:click=move |_| desk.add_to_group(place.outer)
            >
                "Add a rule to the group"
            </button>
        }
        .into_any(),
        (false, None) => view! {
            <button type="button" class="button small" data-testid="group-rule" on:click=move |_| desk.group(place)>
                "Make a group of it"
            </button>
        }
        .into_any(),
        _ => ().into_any(),
    };
    let fallback = rule.fallback.clone().unwrap_or(Strategy::Keep);
    let fallback = move || {
        let strategy = fallback.clone();
        let set = Callback::new(move |strategy| desk.edit_rule(place, |rule| rule.fallback = Some(strategy)));
        view! { <StrategyForm strategy set testid="fallback-kind" label="Then" /> }
    };
    view! {
        <div class="rule-form form" data-testid="rule-form">
            <div class="rule-form-head">
                <TextInput
                    label="Name"
                    value=rule.name
                    testid="rule-name"
                    set=Callback::new(move |name| desk.edit_rule(place, |rule| rule.name = name))
                />
                <CheckInput
                    label="On"
                    value=rule.enabled
                    set=Callback::new(move |on| desk.edit_rule(place, |rule| rule.enabled = on))
                />
            </div>
            <fieldset>
                <legend>"For which products"</legend>
                <ScopeForm scope set=Callback::new(move |scope| desk.edit_rule(place, |rule| rule.scope = scope)) />
                <ExpressionInput
                    label="and where this holds (optional)"
                    expects=Expects::Condition
                    value=rule.condition.clone().unwrap_or_default()
                    placeholder="role = KVI and stock > 20 and comp.count >= 2"
                    optional=true
                    testid="condition"
                    set=Callback::new(move |text: String| {
                        let condition = Some(text).filter(|text| !text.trim().is_empty());
                        desk.edit_rule(place, |rule| rule.condition = condition);
                    })
                />
            </fieldset>
            {grouped}
            <fieldset hidden=is_group>
                <legend>"At which price"</legend>
                <StrategyForm
                    strategy=rule.strategy
                    set=Callback::new(move |strategy| desk.edit_rule(place, |rule| rule.strategy = strategy))
                    testid="strategy-kind"
                    label="Price"
                />
            </fieldset>
            <fieldset>
                <legend>{if is_group { "When none of its rules gives a price" } else { "Where an input for it is missing" }}</legend>
                <CheckInput
                    label="Use another price instead of asking the next rule"
                    value=rule.fallback.is_some()
                    set=Callback::new(move |on: bool| {
                        desk.edit_rule(place, |rule| rule.fallback = on.then_some(Strategy::Keep));
                    })
                />
                {move || has_fallback.get().then(fallback.clone())}
            </fieldset>
            <TextInput
                label="Note: why it is there"
                value=rule.note
                set=Callback::new(move |note| desk.edit_rule(place, |rule| rule.note = note))
            />
            <div class="actions">
                <button type="button" class="button small" on:click=move |_| desk.shift(place, -1)>"Move up"</button>
                <button type="button" class="button small" on:click=move |_| desk.shift(place, 1)>"Move down"</button>
                <button type="button" class="button small" on:click=move |_| desk.duplicate(place)>"Duplicate"</button>
                {grouping}
                <button
                    type="button"
                    class="button small"
                    data-testid="remove-rule"
                    on:click=move |_| desk.remove(place)
                >
                    "Remove"
                </button>
            </div>
        </div>
    }
    .into_any()
}

/// What happens to products that no rule matches.
#[component]
pub fn OtherwiseForm() -> impl IntoView {
    let desk = expect_context::<RuleDesk>();
    let strategy = untrack(|| desk.rules()).map_or(Strategy::Keep, |rules| rules.otherwise);
    view! {
        <div class="rule-form form">
            <fieldset>
                <legend>"For products that no rule matches"</legend>
                <StrategyForm
                    strategy
                    set=Callback::new(move |strategy| desk.edit(|rules| rules.otherwise = strategy))
                    testid="otherwise-kind"
                    label="Price"
                />
            </fieldset>
        </div>
    }
}
